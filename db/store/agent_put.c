/*
 * A batch into its month's file: known or new, ours or a clone's, and then all
 * of it or nothing. See agent_month.h, and ingest/PROTOCOL.md for the rules.
 *
 * A batch is new when it brings a number that did not come yet, or when it is
 * a sign of life from further on than any before. What is sealed under a lower
 * epoch than the highest, and is new, was on its way while the agent was
 * started again: once. A second time there are two agents.
 */
#include "store/agent_month_impl.h"
#include <string.h>

SQL_OF(STORE_MONTH, q_term, "SELECT contract, epoch, seq, strays, have FROM term WHERE terminal = ?");
SQL_OF(STORE_MONTH, q_term_set, "INSERT INTO term (terminal, contract, epoch, seq, strays, have, last_at, skew_ms) "
       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (terminal) DO UPDATE SET contract = ?2, epoch = ?3, seq = ?4, "
       "strays = ?5, have = ?6, last_at = ?7, skew_ms = ?8");
SQL_OF(STORE_MONTH, q_ulid, "SELECT id FROM batch WHERE terminal = ? AND ulid = ?");
SQL_OF(STORE_MONTH, q_seq, "SELECT id FROM batch WHERE terminal = ? AND epoch = ? AND seq = ?");
SQL_OF(STORE_MONTH, q_batch, "INSERT INTO batch (terminal, epoch, seq, ulid, received_ms, q_from, q_to, had, size, body) "
       "VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, x''), ?, ?)");

struct term {
	int64_t epoch, seq, strays;
	struct ranges have;
	bool good;
};

static void take_term(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct term *t = row;
	size_t n;
	t->epoch = sql_int(st, 1);
	t->seq = sql_int(st, 2);
	t->strays = sql_int(st, 3);
	const void *p = sql_blob(st, 4, a, &n);
	t->good = ranges_load(&t->have, p, n);
}

static enum status load_term(struct store *s, int64_t terminal, struct term *t, struct err *e)
{
	struct arena *a = arena_new();
	enum status st = sql_one(s, &q_term, BIND(B_INT(terminal)), take_term, a, t, e);
	arena_free(&a);
	if (st == OK && !t->good)
		st = err_set(e, ERR_TEMP, "terminal %lld: its ranges are damaged", (long long)terminal);
	return st == ERR_NOTFOUND ? OK : st;
}

static enum status save_term(struct store *s, const struct agent_put *p, const struct term *t, struct err *e)
{
	uint8_t have[RANGES_BYTES];
	size_t n = ranges_save(&t->have, have);
	return sql_run(s, &q_term_set, BIND(B_INT(p->terminal), B_INT(p->contract), B_INT(t->epoch), B_INT(t->seq),
	                                    B_INT(t->strays), B_BLOB(have, n), B_INT(p->now_ms / 1000), B_INT(p->b->skew_ms)), e);
}

/* OK: there is such a row. */
static enum status is_there(struct store *s, const struct sql *q, const struct sql_val *v, bool *is_r, struct err *e)
{
	int64_t id;
	enum status st = sql_number(s, q, v, &id, e);
	*is_r = st == OK;
	return st == ERR_NOTFOUND ? OK : st;
}

static bool further(const struct agent_put *p, const struct term *t)
{
	return p->epoch > t->epoch || (p->epoch == t->epoch && p->seq > t->seq);
}

/* Changes *t only when the verdict is AGENT_STORED. */
static enum agent_verdict judge(const struct agent_put *p, struct term *t, bool seq_used)
{
	bool nothing_new = ranges_have_all(&t->have, p->b->q), life = p->b->q.to < p->b->q.from && further(p, t);
	if (nothing_new && !life)
		return AGENT_KNOWN;
	if (seq_used || (p->epoch < t->epoch && t->strays > 0))
		return AGENT_CLONED;
	if (!ranges_add(&t->have, p->b->q))
		return AGENT_SCATTERED;
	if (p->epoch > t->epoch)
		t->strays = 0;
	t->strays += p->epoch < t->epoch;
	if (further(p, t)) {
		t->epoch = p->epoch;
		t->seq = p->seq;
	}
	return AGENT_STORED;
}

static enum status store_batch(struct store *s, const struct agent_put *p, const struct ranges *had, struct err *e)
{
	uint8_t bytes[RANGES_BYTES];
	size_t n = ranges_save(had, bytes);
	return sql_run(s, &q_batch, BIND(B_INT(p->terminal), B_INT(p->epoch), B_INT(p->seq),
	                                 B_BLOB(p->b->ulid, sizeof p->b->ulid), B_INT(p->now_ms), B_INT(p->b->q.from),
	                                 B_INT(p->b->q.to), B_BLOB(bytes, n), B_INT(p->size), B_BLOB(p->body, p->body_n)), e);
}

static enum status count_batch(struct store *s, const struct agent_put *p, const struct ranges *had, struct err *e)
{
	struct agent_counted c = { .terminal = p->terminal, .contract = p->contract, .received_at = p->now_ms / 1000, .b = p->b,
		.t = p->t };
	struct agent_tally fresh;
	if (had->n == 0)
		return agent_count(s, &c, e);
	struct arena *a = arena_new();
	agent_tally(p->b, had, a, &fresh);
	c.t = &fresh;
	c.had = had;
	enum status st = agent_count(s, &c, e);
	arena_free(&a);
	return st;
}

enum status agent_put_job(struct store *s, void *arg, struct err *e)
{
	struct agent_put *p = arg;
	struct term t = { 0 };
	struct ranges had;
	bool known = false, seq_used = false;
	enum status st = load_term(s, p->terminal, &t, e);
	if (st == OK)
		st = is_there(s, &q_ulid, BIND(B_INT(p->terminal), B_BLOB(p->b->ulid, sizeof p->b->ulid)), &known, e);
	if (st == OK && !known)
		st = is_there(s, &q_seq, BIND(B_INT(p->terminal), B_INT(p->epoch), B_INT(p->seq)), &seq_used, e);
	if (st != OK)
		return st;
	ranges_common(&t.have, p->b->q, &had);
	p->verdict = known ? AGENT_KNOWN : judge(p, &t, seq_used);
	if (p->verdict == AGENT_STORED)
		st = store_batch(s, p, &had, e);
	if (st == OK && p->verdict == AGENT_STORED)
		st = count_batch(s, p, &had, e);
	if (st == OK && p->verdict == AGENT_STORED)
		st = save_term(s, p, &t, e);
	p->ack_to = ranges_up_to(&t.have);
	ranges_holes(&t.have, &p->missing);
	return st;
}
