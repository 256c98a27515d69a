/*
 * The outbox and the log of acknowledgements. See store_outbox.h.
 *
 * A row's way through its states is checked here, in one place; a DSN may
 * overtake the news that Postfix took the mail, so `bounced` is reachable from
 * `claimed`, and stays when `sent` comes after it.
 */
#include "store/store_outbox.h"
#include "store/store_imap.h"
#include "store/store_impl.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ROW \
	"id, kind, state, ticket_id, message_id, rcpts, tmpl, vars, created_at, due_at, next_at, " \
	"attempts, queue_id, last_error"

SQL(q_add, "INSERT INTO outbox (kind, state, ticket_id, message_id, rcpts, tmpl, vars, created_at, due_at, "
           "next_at, attempts, queue_id, last_error) VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '')");
SQL(q_get, "SELECT " ROW " FROM outbox WHERE id = ?");
SQL(q_last_answer, "SELECT " ROW " FROM outbox WHERE ticket_id = ? AND kind IN (1, 4) AND (kind = 1 OR tmpl = '" OUTBOX_ANSWER "') "
                   "AND state BETWEEN 1 AND 4 "
                   /* not one its author discarded: its mail stays a held one (8) */
                   "AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = outbox.message_id AND m.kind = 8) "
                   "ORDER BY id DESC LIMIT 1");
/* "kind IN (1, 4)" is what the index says of its rows. */
SQL(q_of_reply, "SELECT " ROW " FROM outbox WHERE message_id = ? AND kind IN (1, 4) AND kind = 1 ORDER BY id LIMIT 1");
SQL(q_came_back, "SELECT coalesce(min(state IN (3, 4)), 0) FROM outbox WHERE ticket_id = ? AND kind IN (1, 4) AND message_id = ?");
SQL(q_again, "SELECT count(*) FROM outbox WHERE ticket_id = ? AND id > ? AND kind IN (1, 4) AND kind = ? AND message_id IS ? AND tmpl = ? "
             "AND instr(char(10) || rcpts || char(10), char(10) || ? || char(10))");
SQL(q_claim, "UPDATE outbox SET state = 1, attempts = attempts + 1 WHERE id IN "
             "(SELECT id FROM outbox WHERE state = 0 AND next_at <= ? ORDER BY next_at LIMIT ?) "
             "RETURNING " ROW);
SQL(q_state, "SELECT state FROM outbox WHERE id = ?");
SQL(q_sent, "UPDATE outbox SET state = ?, queue_id = ?, last_error = '', done_at = ? WHERE id = ?");
SQL(q_sent_late, "UPDATE outbox SET state = ?, queue_id = ?, done_at = coalesce(done_at, ?) WHERE id = ?");
SQL(q_retry, "UPDATE outbox SET state = ?, next_at = ?, last_error = ? WHERE id = ?");
SQL(q_hold, "UPDATE outbox SET state = ? WHERE id = ?");
SQL(q_over, "UPDATE outbox SET state = ?, last_error = ?, done_at = ? WHERE id = ?");
SQL(q_uncertain, "SELECT " ROW " FROM outbox WHERE state = 1 ORDER BY id");
SQL(q_next, "SELECT next_at FROM outbox WHERE state = 0 ORDER BY next_at LIMIT 1");
SQL(q_count_add, "UPDATE outbox_count SET n = n + ? WHERE state = ?");
SQL(q_counts, "SELECT state, n FROM outbox_count");

SQL(q_file_count, "SELECT count(*) FROM outbox_file WHERE outbox_id = ?");
SQL(q_file_add, "INSERT INTO outbox_file (outbox_id, seq, filename, type, content_id, message_id, data) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)");
SQL(q_files, "SELECT filename, type, content_id, message_id, data FROM outbox_file WHERE outbox_id = ? ORDER BY seq");

SQL(q_ack_of, "SELECT count(*) FROM ack_log WHERE addr_key = ? AND at >= ?");
SQL(q_ack_all, "SELECT count(*) FROM ack_log WHERE at >= ?");
SQL(q_ack_add, "INSERT INTO ack_log (at, addr_key) VALUES (?, ?)");
SQL(q_ack_prune, "DELETE FROM ack_log WHERE at < ?");

enum { ACK_KEEP = 32 * 86400 }; /* the limits look back a day */

static const char *const state_names[] = { "pending", "claimed", "sent", "failed", "bounced", "held" };

const char *outbox_kind_name(enum outbox_kind k)
{
	static const char *const names[] = { "staff-copy", "reply", "ack", "notice", "letter", "issue" };
	return (unsigned)k < sizeof names / sizeof *names ? names[k] : "unknown";
}

bool outbox_is_answer(const struct outbox *o)
{
	return o->kind == OUT_REPLY || (o->kind == OUT_LETTER && strcmp(o->tmpl, OUTBOX_ANSWER) == 0);
}

bool outbox_to_customer(const struct outbox *o)
{
	return o->kind == OUT_REPLY || o->kind == OUT_ACK || o->kind == OUT_LETTER;
}

char *outbox_rcpts_shown(const char *lines, struct arena *a)
{
	struct sb b = SB_INIT;
	for (const char *p = lines; *p; p++)
		if (*p == '\n')
			sb_adds(&b, "、");
		else
			sb_addc(&b, *p);
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

const char *outbox_rcpt(const struct outbox *o, const char *addr, struct arena *a)
{
	for (const char *p = o->rcpts; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		const size_t n = strcspn(p, "\n");
		if (n && n == strlen(addr) && strncasecmp(p, addr, n) == 0)
			return arena_strndup(a, p, n);
	}
	return NULL;
}

enum status outbox_again(struct store *s, const struct outbox *o, int64_t ticket, const char *rcpt, bool *again_r, struct err *e)
{
	int64_t n = 0;
	enum status st = sql_number(s, &q_again, BIND(B_INT(ticket), B_INT(o->id), B_INT(o->kind), B_ID(o->message_id), B_TEXT(o->tmpl),
	                                              B_TEXT(rcpt)), &n, e);
	*again_r = n > 0;
	return st;
}

const char *outbox_state_name(enum outbox_state st)
{
	return (unsigned)st < sizeof state_names / sizeof *state_names ? state_names[st] : "unknown";
}

/* ---- variables --------------------------------------------------------------- */

void outbox_var_add(struct sb *vars, const char *name, const char *value)
{
	sb_adds(vars, name);
	sb_addc(vars, '=');
	sb_adds(vars, value ? value : "");
	sb_addc(vars, '\0');
}

const char *outbox_var(const struct outbox *o, const char *name)
{
	size_t n = strlen(name);
	const char *end = o->vars + o->vars_len;
	for (const char *p = o->vars; p < end; p += strlen(p) + 1)
		if (strncmp(p, name, n) == 0 && p[n] == '=')
			return p + n + 1;
	return NULL;
}

void outbox_failure_vars(const struct outbox *o, bool reopened, struct sb *vars)
{
	bool answer = outbox_is_answer(o);
	outbox_var_add(vars, "failed_answer", answer ? "1" : "");
	outbox_var_add(vars, "failed_ack", o->kind == OUT_ACK ? "1" : "");
	outbox_var_add(vars, "failed_letter", !answer && o->kind != OUT_ACK ? "1" : "");
	outbox_var_add(vars, "reopened", reopened ? "1" : "");
	outbox_var_add(vars, "not_reopened", answer && !reopened ? "1" : "");
}

/* ---- rows ---------------------------------------------------------------------- */

static enum status count_add(struct store *s, int64_t state, int64_t n, struct err *e)
{
	return sql_run(s, &q_count_add, BIND(B_INT(n), B_INT(state)), e);
}

static enum status count_move(struct store *s, int64_t from, int64_t to, int64_t n, struct err *e)
{
	if (from == to || n == 0)
		return OK;
	enum status st = count_add(s, from, -n, e);
	return st == OK ? count_add(s, to, n, e) : st;
}

enum status outbox_add(struct store *s, struct outbox *o, struct err *e)
{
	if (!o->due_at)
		o->due_at = o->created_at;
	if (!o->next_at)
		o->next_at = o->due_at;
	o->state = OUT_PENDING;
	o->attempts = 0;
	enum status st = sql_insert(s, &q_add,
	                            BIND(B_INT(o->kind), B_ID(o->ticket_id), B_ID(o->message_id),
	                                 B_TEXT(o->rcpts), B_TEXT(o->tmpl), B_BLOB(o->vars, o->vars_len),
	                                 B_INT(o->created_at), B_INT(o->due_at), B_INT(o->next_at)),
	                            &o->id, e);
	return st == OK ? count_add(s, OUT_PENDING, 1, e) : st;
}

static void take_outbox(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct outbox *o = row;
	o->id = sql_int(st, 0);
	o->kind = (enum outbox_kind)sql_int(st, 1);
	o->state = (enum outbox_state)sql_int(st, 2);
	o->ticket_id = sql_int(st, 3);
	o->message_id = sql_int(st, 4);
	o->rcpts = sql_text(st, 5, a);
	o->tmpl = sql_text(st, 6, a);
	o->vars = sql_blob(st, 7, a, &o->vars_len);
	o->created_at = sql_int(st, 8);
	o->due_at = sql_int(st, 9);
	o->next_at = sql_int(st, 10);
	o->attempts = (int)sql_int(st, 11);
	o->queue_id = sql_text(st, 12, a);
	o->last_error = sql_text(st, 13, a);
}

static enum status no_outbox(int64_t id, struct err *e)
{
	return err_set(e, ERR_NOTFOUND, "no outbox row %lld", (long long)id);
}

enum status outbox_get(struct store *s, int64_t id, struct arena *a, struct outbox *o_r, struct err *e)
{
	enum status st = sql_one(s, &q_get, BIND(B_INT(id)), take_outbox, a, o_r, e);
	return st == ERR_NOTFOUND ? no_outbox(id, e) : st;
}

enum status outbox_last_answer(struct store *s, int64_t ticket, struct arena *a, struct outbox *o_r, struct err *e)
{
	return sql_one(s, &q_last_answer, BIND(B_INT(ticket)), take_outbox, a, o_r, e);
}

enum status outbox_of_reply(struct store *s, int64_t message, struct arena *a, struct outbox *o_r, struct err *e)
{
	return sql_one(s, &q_of_reply, BIND(B_INT(message)), take_outbox, a, o_r, e);
}

bool outbox_came_back(struct store *s, int64_t ticket, int64_t message)
{
	int64_t back = 0;
	return sql_number(s, &q_came_back, BIND(B_INT(ticket), B_INT(message)), &back, NULL) == OK && back;
}

/* ---- files that go along -------------------------------------------------- */

enum status outbox_file_add(struct store *s, int64_t outbox, const struct outbox_file *f, struct err *e)
{
	int64_t n;
	enum status st = sql_number(s, &q_file_count, BIND(B_INT(outbox)), &n, e);
	if (st == OK && n >= OUTBOX_FILES_MAX)
		return err_set(e, ERR_LIMIT, "more than %d files on one mail", OUTBOX_FILES_MAX);
	if (st == OK)
		st = sql_run(s, &q_file_add,
		             BIND(B_INT(outbox), B_INT(n), B_TEXT(f->filename), B_TEXT(f->type), B_TEXT(f->content_id),
		                  B_ID(f->message_id), B_BLOB(f->n ? f->p : "", f->n)), e);
	return st;
}

static void take_file(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct outbox_file *f = row;
	f->filename = sql_text(st, 0, a);
	f->type = sql_text(st, 1, a);
	f->content_id = sql_text(st, 2, a);
	f->message_id = sql_int(st, 3);
	f->p = sql_blob(st, 4, a, &f->n);
}

enum status outbox_files(struct store *s, int64_t outbox, struct arena *a, struct outbox_file **v_r, size_t *n_r,
                         struct err *e)
{
	return sql_list(s, &q_files, BIND(B_INT(outbox)), take_file, sizeof **v_r, a, v_r, n_r, e);
}

enum status outbox_repeat(struct store *s, const struct outbox *old, struct outbox *o, struct arena *a, struct err *e)
{
	struct outbox_file *f;
	size_t n = 0;
	o->kind = old->kind;
	o->message_id = old->message_id;
	o->tmpl = old->tmpl;
	enum status st = outbox_files(s, old->id, a, &f, &n, e);
	if (st == OK)
		st = outbox_add(s, o, e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = outbox_file_add(s, o->id, &f[i], e);
	return st;
}

static int by_next(const void *x, const void *y)
{
	const struct outbox *a = x, *b = y;
	if (a->next_at != b->next_at)
		return a->next_at < b->next_at ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* RETURNING promises no order. */
enum status outbox_claim(struct store *s, epoch now, size_t max, struct arena *a, struct outbox **v_r,
                         size_t *n_r, struct err *e)
{
	enum status st = sql_list(s, &q_claim, BIND(B_INT(now), B_INT(max)), take_outbox, sizeof **v_r, a,
	                          v_r, n_r, e);
	if (st != OK)
		return st;
	qsort(*v_r, *n_r, sizeof **v_r, by_next);
	return count_move(s, OUT_PENDING, OUT_CLAIMED, (int64_t)*n_r, e);
}

/* The row's state, if it is one of `allowed` (bits), else ERR_PERM. */
static enum status state_in(struct store *s, int64_t id, unsigned allowed, int64_t *state_r, struct err *e)
{
	enum status st = sql_number(s, &q_state, BIND(B_INT(id)), state_r, e);
	if (st == ERR_NOTFOUND)
		return no_outbox(id, e);
	if (st == OK && !(allowed & 1u << *state_r))
		return err_set(e, ERR_PERM, "outbox row %lld is %s", (long long)id,
		               outbox_state_name((enum outbox_state)*state_r));
	return st;
}

enum status outbox_sent(struct store *s, int64_t id, const char *queue_id, epoch now, struct err *e)
{
	int64_t old;
	enum status st = state_in(s, id, 1u << OUT_CLAIMED | 1u << OUT_BOUNCED, &old, e);
	if (st != OK)
		return st;
	int64_t to = old == OUT_BOUNCED ? OUT_BOUNCED : OUT_SENT;
	st = sql_run(s, old == OUT_BOUNCED ? &q_sent_late : &q_sent,
	             BIND(B_INT(to), B_TEXT(queue_id), B_INT(now), B_INT(id)), e);
	if (st == OK)
		st = showing_touch_sent(s, id, e);
	return st == OK ? count_move(s, old, to, 1, e) : st;
}

enum status outbox_retry(struct store *s, int64_t id, epoch next, const char *why, struct err *e)
{
	int64_t old;
	enum status st = state_in(s, id, 1u << OUT_CLAIMED, &old, e);
	if (st == OK)
		st = sql_run(s, &q_retry, BIND(B_INT(OUT_PENDING), B_INT(next), B_TEXT(why), B_INT(id)), e);
	return st == OK ? count_move(s, old, OUT_PENDING, 1, e) : st;
}

enum status outbox_hold(struct store *s, int64_t id, struct err *e)
{
	int64_t old;
	enum status st = state_in(s, id, 1u << OUT_PENDING, &old, e);
	if (st == OK)
		st = sql_run(s, &q_hold, BIND(B_INT(OUT_HELD), B_INT(id)), e);
	return st == OK ? count_move(s, old, OUT_HELD, 1, e) : st;
}

enum status outbox_release(struct store *s, int64_t id, epoch now, struct err *e)
{
	int64_t old;
	enum status st = state_in(s, id, 1u << OUT_HELD, &old, e);
	if (st == OK)
		st = sql_run(s, &q_retry, BIND(B_INT(OUT_PENDING), B_INT(now), B_TEXT(""), B_INT(id)), e);
	return st == OK ? count_move(s, old, OUT_PENDING, 1, e) : st;
}

static enum status over(struct store *s, int64_t id, unsigned from, enum outbox_state to, const char *why,
                        epoch now, struct err *e)
{
	int64_t old;
	enum status st = state_in(s, id, from, &old, e);
	if (st == OK)
		st = sql_run(s, &q_over, BIND(B_INT(to), B_TEXT(why), B_INT(now), B_INT(id)), e);
	return st == OK ? count_move(s, old, to, 1, e) : st;
}

enum status outbox_failed(struct store *s, int64_t id, const char *why, epoch now, struct err *e)
{
	return over(s, id, 1u << OUT_PENDING | 1u << OUT_CLAIMED | 1u << OUT_HELD, OUT_FAILED, why, now, e);
}

enum status outbox_bounced(struct store *s, int64_t id, const char *why, epoch now, struct err *e)
{
	unsigned from = 1u << OUT_CLAIMED | 1u << OUT_SENT | 1u << OUT_BOUNCED;
	return over(s, id, from, OUT_BOUNCED, why, now, e);
}

enum status outbox_uncertain(struct store *s, struct arena *a, struct outbox **v_r, size_t *n_r, struct err *e)
{
	return sql_list(s, &q_uncertain, BIND_NONE, take_outbox, sizeof **v_r, a, v_r, n_r, e);
}

enum status outbox_next(struct store *s, epoch *next_r, struct err *e)
{
	enum status st = sql_number(s, &q_next, BIND_NONE, next_r, e);
	if (st == ERR_NOTFOUND)
		*next_r = 0;
	return st == ERR_NOTFOUND ? OK : st;
}

enum status outbox_counts(struct store *s, int64_t *v, struct err *e)
{
	sqlite3_stmt *row = NULL;
	enum status st = sql_open(s, &q_counts, BIND_NONE, &row, e);
	memset(v, 0, OUT_STATES * sizeof *v);
	while (st == OK && (st = sql_step(s, row, e)) == OK)
		if ((uint64_t)sql_int(row, 0) < OUT_STATES)
			v[sql_int(row, 0)] = sql_int(row, 1);
	sql_close(row);
	return st == ERR_NOTFOUND ? OK : st;
}

/* ---- acknowledgements sent ---------------------------------------------------------- */

enum status ack_count(struct store *s, const char *addr_key, epoch since, int64_t *n_r, struct err *e)
{
	if (addr_key)
		return sql_number(s, &q_ack_of, BIND(B_TEXT(addr_key), B_INT(since)), n_r, e);
	return sql_number(s, &q_ack_all, BIND(B_INT(since)), n_r, e);
}

enum status ack_record(struct store *s, const char *addr_key, epoch now, struct err *e)
{
	enum status st = sql_run(s, &q_ack_prune, BIND(B_INT(now - ACK_KEEP)), e);
	return st == OK ? sql_run(s, &q_ack_add, BIND(B_INT(now), B_TEXT(addr_key)), e) : st;
}
