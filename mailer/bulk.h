#ifndef MAILER_BULK_H
#define MAILER_BULK_H
/*
 * The newsletter's engine (MAG-02, -03, -05): a process of its own beside the
 * mailer, with connections of its own, so that 50,000 mails never delay one of
 * the desk.
 *
 * One thread (the books) owns the store: it claims readers, books what workers
 * and Postfix's log say, all of a round in one transaction (one fsync for
 * hundreds of mails). Workers, one a connection, make and sign each mail and
 * hand it over; they touch neither store nor lists.
 *
 *   books ──claim (durable)──▶ workers ──▶ Postfix ──log──▶ books
 *
 * Anything that goes wrong with the store is treated like a crash: workers
 * finish, all that is in memory is dropped and read anew, and what was claimed
 * is looked up in Postfix's log. There is one way of recovery, and every start
 * uses it.
 */
#include "bulk_alarm.h"
#include "bulk_log.h"
#include "bulk_pace.h"
#include "bulk_queue.h"
#include "bulk_render.h"
#include "cal/cal.h"
#include "mail/ret.h"
#include "smtp_client.h"
#include "store/store_ledger.h"
#include <pthread.h>

enum {
	BULK_RUNS = 8,          /* issues in memory at once; more wait for their turn */
	BULK_EACH = 8,          /* mails in hand for each connection */
	BULK_LINES = 4000,      /* of the log in one transaction */
	BULK_EXPAND = 10000,    /* readers into the ledger in one transaction */
	BULK_SETTLE_MS = 3000,  /* Postfix says within that what it has */
	BULK_LOST_MS = 15000,   /* and after a start of its own */
	BULK_GONE = 6 * 86400   /* seconds: Postfix keeps none so long (maximal_queue_lifetime is five days) */
};

struct bulk_domain {
	char *name;
	struct pace pace;
};

/* Readers of one domain that wait, newest link first. */
struct bulk_lane {
	uint32_t domain;
	uint32_t head;          /* index into `waits`, from 1; 0 = none */
};

struct bulk_run { /* one issue under way */
	struct issue issue;     /* strings in `a` */
	struct arena *a;
	struct bulk_body body;
	struct sb tail;         /* the body as it goes over the wire */
	struct { uint32_t reader, next; } *waits;
	size_t nwaits, cap, nwaiting;
	uint32_t unused;        /* links taken out of the lanes, from 1 */
	struct bulk_lane *lanes;
	size_t nlanes, lanes_cap, turn;
	uint32_t *lane_of;      /* by domain, from 1 */
	size_t lane_of_cap;
	size_t out;             /* with workers */
	size_t picked;          /* in this round */
	int64_t hard, deferred, results; /* since it began or was resumed; deferred: still */
	int64_t retry_ms;       /* Postfix said "later" */
	int64_t shut_out;       /* the reader whom our Postfix last would not take, though that is not about him; 0 = nobody */
	bool taken_since;       /* others were taken since then */
	epoch stuck_at;         /* since then, or since it was resumed; 0 = it is not */
	bool paused;
};

enum bulk_outcome {
	BULK_TAKEN, BULK_LATER, BULK_REFUSED /* at RCPT: this address, or our Postfix takes nobody's */, BULK_BROKEN /* the mail */, BULK_UNSURE
};

struct bulk_job {
	struct bulk_job *next;
	struct bulk_run *run;
	int64_t reader;
	uint32_t domain;
	epoch at;
	enum bulk_outcome outcome;
	char addr[256], queue_id[64], why[256];
};

struct bulk_doubt { /* claimed, and nobody knows whether Postfix has it */
	int64_t issue, reader, since_ms;
};

struct bulk {
	const struct cfg *cfg;
	struct build_ctx build;
	struct dkim_signer signer;
	const struct ret_table *returns;
	const struct cal *cal;
	struct pace_rules rules;
	char *log_path;
	struct blog log;
	bool log_ready;         /* opened at the stored position */
	struct bulk_domain *domains;
	size_t ndomains, domains_cap;
	uint32_t *domain_index; /* open addressing, from 1 */
	size_t index_cap;
	struct bulk_run *runs[BULK_RUNS];
	size_t nruns, turn;
	struct bulk_queue queue;
	int64_t started_ms;     /* Postfix started anew then, and not all is clear since; 0 = it is */
	epoch looked_at;        /* for mails that are older than that */
	int64_t held_inode, held_offset; /* the log is read from there again after a crash */
	struct bulk_alarm alarm;
	struct bulk_doubt *doubts;
	size_t ndoubts, doubts_cap;
	struct smtp *probe;     /* is Postfix there? */
	int64_t probed_ms;
	int64_t looked_ms;      /* at the issues' states */
	int64_t followed_ms;    /* the contracts */
	/* workers */
	pthread_t *threads;
	size_t nthreads;
	pthread_mutex_t lock;   /* what is below */
	pthread_cond_t work, done;
	struct bulk_job *todo, **todo_tail, *finished;
	size_t nfinished, out;
	bool stop;
};

/* One round of the books. *busy_r: there is more to do at once. An error: what is in memory is worth nothing any more;
 * call bulk_drop, and try again later. */
enum status bulk_round(struct bulk *b, epoch now, bool *busy_r, struct err *e) must_check;
/* Waits for workers' results, at most ms. */
void bulk_wait(struct bulk *b, int ms);
void bulk_start(struct bulk *b);
void bulk_stop(struct bulk *b);
/* Forgets all that is in memory. What no worker has begun with is taken back at once; those that are talking to
 * Postfix are waited for, which may take as long as Postfix lets them wait: say first what there is to say. */
void bulk_drop(struct bulk *b);

#endif
