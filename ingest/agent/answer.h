#ifndef AGENT_ANSWER_H
#define AGENT_ANSWER_H
/* What the server says, read (ingest/PROTOCOL.md). SECURITY: comes over the
 * net; every number is checked for its range, every text is bounded. */
#include "plat.h"
#include "wire/hc1.h"

enum { ANSWER_FULL = 8, ANSWER_NAME = 24, ANSWER_DEPTH = 12 };

struct answer { /* to a batch */
	bool has_ack;
	int64_t ack_to;
	char need_full[ANSWER_FULL][ANSWER_NAME];
	size_t nfull;
	char *config, *etag; /* malloc'ed, NULL: not sent */
	bool rekey;          /* the key is to be changed */
	int64_t key_id;      /* of the new one; 0: not sent */
	uint8_t key_pub[HC1_PUB];
	int64_t retry_s;     /* 0: not said */
	char error[32];      /* of an answer that is no 200; "" else */
};
enum status answer_batch(const void *p, size_t n, struct answer *a, struct err *e) must_check;
void answer_free(struct answer *a);

struct answer_enrol {
	uint8_t agent_id[HC1_ID], pub[HC1_PUB];
	int64_t key_id, t;
};
enum status answer_enrol(const void *p, size_t n, struct answer_enrol *a, struct err *e) must_check;

/* The configuration that came in an answer, or an empty one. */
enum { CONFIG_WATCH = 16 };
struct config {
	char *watch[CONFIG_WATCH]; /* folders whose files are watched, malloc'ed */
	size_t nwatch;
	char *off[CONFIG_WATCH];   /* names of collectors that are to be silent */
	size_t noff;
	int64_t spool_mb;          /* 0: not said */
};
enum status config_read(const char *json, struct config *c, struct err *e) must_check;
bool config_off(const struct config *c, const char *name);
void config_free(struct config *c);

#endif
