#ifndef INGEST_AGENTS_H
#define INGEST_AGENTS_H
/*
 * What the two pages for terminals share (PROTOCOL.md): the stores, the bounds,
 * the answers. Thread-safe.
 */
#include "ingest.h"
#include "store/agent_month.h"
#include "store/store_terminal.h"
#include <stdatomic.h>

enum {
	AGENTS_MEMORY_MB = 512,  /* for batches that are read at a time */
	AGENTS_MEMORY_TIMES = 4, /* of a batch decompressed, at most HC1_JSON_MAX, that reading it takes */
	AGENTS_SILENT = 1800,    /* seconds: a machine that is heard of less often may be enrolled anew */
	AGENTS_BATCH = 64        /* batches that share a COMMIT */
};

struct agents {
	char *folder;                  /* DIR/store */
	struct agent_files *files;
	struct store_writer *inventory;
	struct store *inventory_reader; /* use agents_inventory */
	pthread_mutex_t lock;
	char *config;                  /* the members of agent_config, without its braces; NULL: none */
	char etag[17];
	_Atomic int64_t memory;        /* bytes in use */
};

enum status agents_open(struct ingest *in, epoch now, struct err *e) must_check;
void agents_close(struct ingest *in);
/* Reads of the inventory, one job at a time. */
enum status agents_inventory(const struct ingest *in, store_job job, void *arg, struct err *e) must_check;

/* False: there is no room now; the batch is to come again. */
bool agents_reserve(struct agents *g, size_t bytes);
void agents_release(struct agents *g, size_t bytes);

/* Our half of a root key, and the key itself, for k->pub and the id; the caller
 * wipes it. ERR_PERM: that public key gives nothing. */
enum status agents_root(const uint8_t id[HC1_ID], struct terminal_keys *k, struct err *e) must_check;

/* An answer to a terminal: HTTP status and JSON. */
struct agent_answer {
	int status;
	struct sb json;
};
/* {"error":"…"}; busy also says when to come again. Counted. */
void agent_refuse(struct agent_answer *r, int status, const char *error);
/* ERR_PERM malformed, ERR_LIMIT limit, ERR_DENIED batch; the rest is 503 and a
 * line in the log. */
void agent_refuse_status(struct agent_answer *r, enum status st, const struct err *e);

/* The two requests, whole. p[0..n): hostile. */
void agent_enroll(const struct ingest *in, const char *p, size_t n, epoch now, struct agent_answer *r);
void agent_batch(const struct ingest *in, const void *p, size_t n, int64_t now_ms, struct agent_answer *r);

/* Mails to supervisors, once a day and contract; inside a transaction. */
struct agent_notice {
	enum terminal_notice kind;
	const char *tmpl;
	int64_t contract;
	const char *host; /* "" = of none */
	epoch now;
};
enum status agent_notice_add(struct store *s, const struct agent_notice *x, struct err *e) must_check;

#endif
