#ifndef STORE_ATTACHMENT_H
#define STORE_ATTACHMENT_H
/*
 * What is known of the files that were taken out of mails at intake (DESK-09).
 * The bytes were never stored; a customer sends them by a link (store_file.h).
 */
#include "base/arena.h"
#include "store/store.h"

struct attachment {
	const char *name;   /* safe to show, "" = it had none */
	const char *type;   /* as declared */
	const char *found;  /* what its first bytes say, "" = nothing */
	int64_t size;
	uint8_t sha256[SHA256_LEN];
	int64_t depth;      /* 0: of the mail itself; 1: of a mail forwarded in it; … */
};

/* In the order of the mail: seq counts from 0. */
enum status attachment_add(struct store *s, int64_t message, int64_t seq, const struct attachment *f, struct err *e) must_check;
enum status attachment_list(struct store *s, int64_t message, struct arena *a, struct attachment **v_r, size_t *n_r, struct err *e) must_check;
/* Messages that had this file, newest first, at most max. */
enum status attachment_find(struct store *s, const uint8_t sha256[SHA256_LEN], size_t max, struct arena *a, int64_t **v_r, size_t *n_r, struct err *e) must_check;

#endif
