#ifndef INGEST_UPLOAD_H
#define INGEST_UPLOAD_H
/*
 * An upload under way: the files of one request, sealed to the spool as they
 * stream in, then made known in one transaction with the mails they cause.
 */
#include "base/arena.h"
#include "base/sealed_file.h"
#include "ingest.h"

enum { UPLOAD_FILES = 200 }; /* upload_files_max can't be more */

struct upload_file {
	char spool[FILE_SPOOL_SIZE];
	uint8_t key[KEY_LEN];
	const char *name, *type;
	struct sealed_sum sum;
	int64_t id;       /* of its row, after upload_store */
	bool repeated;    /* the link had it already: the bytes here are not needed */
};

enum upload_refusal {
	UPLOAD_TAKEN,
	UPLOAD_CLOSED,    /* the link expired or was ended meanwhile; see verdict */
	UPLOAD_TOO_MANY,  /* files of the link */
	UPLOAD_TOO_BIG    /* one file, or all of the link */
};

struct upload {
	const struct ingest *in;
	struct arena *a;
	int64_t link_id;
	epoch now;
	struct upload_file *files; /* UPLOAD_FILES */
	size_t n;

	/* results of upload_store */
	enum upload_refusal refusal;
	enum link_verdict verdict;
	struct upload_link link;
	size_t added;
};

/* The transaction (store_job; arg is a struct upload). Check the refusal before
 * the status: with one, nothing was stored. ERR_NOTFOUND: no such link. */
enum status upload_store(struct store *s, void *arg, struct err *e);

#endif
