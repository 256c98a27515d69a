#ifndef STORE_AGENT_INVENTORY_H
#define STORE_AGENT_INVENTORY_H
/*
 * What terminals have now: DIR/store/agent.db, one row a terminal and section
 * (ingest/PROTOCOL.md), and their software with when it came and went
 * (AGENT-01). State, not log: a section replaces the one before.
 *
 * A file of its own beside yorozu.db, so that uploads never wait for mails or
 * mails for uploads. Open it with agent_open; then it is a struct store like
 * any other (store.h: transactions, threads, store_close). Its
 * writer: writer_start_on.
 */
#include "base/arena.h"
#include "store/store.h"
#include "text/agent_batch.h"
#include <stdbool.h>

#define AGENT_STORE "store/agent.db" /* below the instance's folder */

enum status agent_open(const char *path, struct store **s_r, struct err *e) must_check;
/* To look only; ERR_NOTFOUND: no terminal ever sent anything. */
enum status agent_open_look(const char *path, struct store **s_r, struct err *e) must_check;

struct agent_section {
	const char *name;
	uint8_t sha256[SHA256_LEN];
	int64_t taken_ms;      /* by the terminal, its clock corrected; ms since 1970 */
	epoch received_at;     /* when this body came */
	epoch confirmed_at;    /* when the terminal last said it is so still (to the hour) */
	const char *json;      /* the body, valid JSON, NUL-terminated; NULL in lists */
	size_t len;
};
/* ERR_NOTFOUND: the terminal never sent it. */
enum status agent_section_get(struct store *s, int64_t terminal, const char *name, struct arena *a,
                              struct agent_section *r, struct err *e) must_check;
enum status agent_section_list(struct store *s, int64_t terminal, struct arena *a, struct agent_section **v_r, size_t *n_r,
                               struct err *e) must_check;

struct agent_software {
	const char *name, *version, *vendor, *scope, *user, *date;
	epoch first_at;        /* receipt of the first inventory that had it */
	epoch last_at;         /* of the last that had it; what is there still: the section's confirmed_at */
	bool gone;
};
/* By name; `gone`: those that are no longer there too. */
enum status agent_software_list(struct store *s, int64_t terminal, bool gone, struct arena *a, struct agent_software **v_r,
                                size_t *n_r, struct err *e) must_check;

/* ---- writing, inside a transaction */

/* Where in the terminal's own order a batch stands. */
struct agent_order {
	int64_t epoch, seq;
};
/* A section with its body, and `software` with its items. One from an older
 * place than what is stored changes nothing: *put_r is false. */
enum status agent_section_put(struct store *s, int64_t terminal, const struct agent_part *x, epoch now, struct agent_order at,
                              bool *put_r, struct err *e) must_check;
/* "Unchanged, you have this" (reads only): not so; so, and lately confirmed; so,
 * to be confirmed again. */
enum agent_same { AGENT_SAME_NOT, AGENT_SAME, AGENT_SAME_STALE };
enum status agent_section_same(struct store *s, int64_t terminal, const char *name, const uint8_t sha256[SHA256_LEN],
                               epoch now, enum agent_same *is_r, struct err *e) must_check;
enum status agent_section_confirm(struct store *s, int64_t terminal, const char *name, epoch now, struct err *e) must_check;
/* Everything of a terminal; how many rows went. */
enum status agent_inventory_delete(struct store *s, int64_t terminal, int64_t *n_r, struct err *e) must_check;
/* Outside a transaction: moves all of the WAL into the file, where no reader keeps it. */
enum status agent_empty_wal(struct store *s, struct err *e) must_check;
enum status agent_inventory_count(struct store *s, int64_t terminal, int64_t *n_r, struct err *e) must_check;

#endif
