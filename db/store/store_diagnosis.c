/* Diagnoses. See store_diagnosis.h. */
#include "store/store_diagnosis.h"
#include "store/store_impl.h"

#define ALL "SELECT id, contract_id, message_id, state, version, code, score, person, answered_at, received_at, due_at, changed_at, " \
            "why, who, ticket_id, outbox_id FROM diagnosis "

SQL(q_add, "INSERT INTO diagnosis (contract_id, message_id, state, version, code, score, person, answered_at, received_at, due_at, "
           "changed_at, latest, why, who) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)");
SQL(q_update, "UPDATE diagnosis SET state = ?, why = ?, who = ?, changed_at = ?, ticket_id = ?, outbox_id = ? WHERE id = ?");
SQL(q_not_latest, "UPDATE diagnosis SET latest = 0 WHERE contract_id = ? AND latest = 1");
SQL(q_latest, "UPDATE diagnosis SET latest = 1 WHERE id = (SELECT id FROM diagnosis WHERE contract_id = ? AND state <> 4 "
              "ORDER BY answered_at DESC, id DESC LIMIT 1)");
SQL(q_get, ALL "WHERE id = ?");
SQL(q_list, ALL "WHERE id < ? ORDER BY id DESC LIMIT ?");
SQL(q_of, ALL "WHERE contract_id = ? AND state <> 4 ORDER BY answered_at DESC, id DESC LIMIT ?");
SQL(q_others, ALL "WHERE version = ? AND latest = 1 AND contract_id <> ? ORDER BY contract_id");
SQL(q_open, "SELECT count(*) FROM diagnosis WHERE state < 3 AND due_at < ?");
SQL(q_pdf_set, "INSERT INTO diagnosis_pdf (diagnosis_id, pdf) VALUES (?, ?) ON CONFLICT (diagnosis_id) DO UPDATE SET pdf = excluded.pdf");
SQL(q_pdf, "SELECT pdf FROM diagnosis_pdf WHERE diagnosis_id = ?");

const char *diagnosis_state_name(enum diagnosis_state st)
{
	static const char *const names[] = { "received", "draft", "held", "sent", "cancelled" };
	return (unsigned)st < DIAGNOSIS_STATES ? names[st] : "unknown";
}

const char *diagnosis_state_ja(enum diagnosis_state st)
{
	static const char *const names[] = { "レポート作成中", "承認待ち", "保留中", "送付済み", "取消" };
	return (unsigned)st < DIAGNOSIS_STATES ? names[st] : "不明";
}

epoch diagnosis_next(epoch answered_at)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	struct civil c = civil_of(answered_at);
	int year = c.year + (c.mon > 6), mon = c.mon > 6 ? c.mon - 6 : c.mon + 6;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int last = days[mon - 1] + (mon == 2 && leap);
	return epoch_of(year, mon, c.day < last ? c.day : last, 0, 0, 0);
}

static enum status count_latest(struct store *s, int64_t contract, struct err *e)
{
	enum status st = sql_run(s, &q_not_latest, BIND(B_INT(contract)), e);
	return st == OK ? sql_run(s, &q_latest, BIND(B_INT(contract)), e) : st;
}

enum status diagnosis_add(struct store *s, struct diagnosis *d, struct err *e)
{
	enum status st = sql_insert(s, &q_add, BIND(B_INT(d->contract_id), B_ID(d->message_id), B_INT(d->state), B_INT(d->version), B_TEXT(d->code),
	                                            B_INT(d->score), B_TEXT(d->person), B_INT(d->answered_at), B_INT(d->received_at),
	                                            B_INT(d->due_at), B_INT(d->changed_at), B_TEXT(d->why), B_TEXT(d->who)), &d->id, e);
	return st == OK ? count_latest(s, d->contract_id, e) : st;
}

static enum status there(enum status st, int64_t id, struct err *e)
{
	return st == ERR_NOTFOUND ? err_set(e, st, "診断 %lld はありません", (long long)id) : st;
}

enum status diagnosis_update(struct store *s, const struct diagnosis *d, struct err *e)
{
	enum status st = sql_run(s, &q_update, BIND(B_INT(d->state), B_TEXT(d->why), B_TEXT(d->who), B_INT(d->changed_at), B_ID(d->ticket_id),
	                                            B_ID(d->outbox_id), B_INT(d->id)), e);
	if (st == OK && sql_changes(s) == 0)
		return there(ERR_NOTFOUND, d->id, e);
	return st == OK ? count_latest(s, d->contract_id, e) : st;
}

static void take(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct diagnosis *d = row;
	d->id = sql_int(st, 0);
	d->contract_id = sql_int(st, 1);
	d->message_id = sql_int(st, 2);
	d->state = (enum diagnosis_state)sql_int(st, 3);
	d->version = (int)sql_int(st, 4);
	d->code = sql_text(st, 5, a);
	d->score = (int)sql_int(st, 6);
	d->person = sql_text(st, 7, a);
	d->answered_at = sql_int(st, 8);
	d->received_at = sql_int(st, 9);
	d->due_at = sql_int(st, 10);
	d->changed_at = sql_int(st, 11);
	d->why = sql_text(st, 12, a);
	d->who = sql_text(st, 13, a);
	d->ticket_id = sql_int(st, 14);
	d->outbox_id = sql_int(st, 15);
}

enum status diagnosis_get(struct store *s, int64_t id, struct arena *a, struct diagnosis *d_r, struct err *e)
{
	return there(sql_one(s, &q_get, BIND(B_INT(id)), take, a, d_r, e), id, e);
}

enum status diagnosis_list(struct store *s, int64_t before, size_t limit, struct arena *a, struct diagnosis **v_r, size_t *n_r, struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(before ? before : INT64_MAX), B_INT(limit)), take, sizeof **v_r, a, v_r, n_r, e);
}

enum status diagnosis_of(struct store *s, int64_t contract, size_t limit, struct arena *a, struct diagnosis **v_r, size_t *n_r, struct err *e)
{
	return sql_list(s, &q_of, BIND(B_INT(contract), B_INT(limit)), take, sizeof **v_r, a, v_r, n_r, e);
}

enum status diagnosis_others(struct store *s, int64_t contract, int version, struct arena *a, struct diagnosis **v_r, size_t *n_r,
                             struct err *e)
{
	return sql_list(s, &q_others, BIND(B_INT(version), B_INT(contract)), take, sizeof **v_r, a, v_r, n_r, e);
}

enum status diagnosis_open(struct store *s, epoch now, int64_t *open_r, int64_t *late_r, struct err *e)
{
	enum status st = sql_number(s, &q_open, BIND(B_INT(INT64_MAX)), open_r, e);
	return st == OK ? sql_number(s, &q_open, BIND(B_INT(now)), late_r, e) : st;
}

enum status diagnosis_pdf_set(struct store *s, int64_t id, const void *p, size_t n, struct err *e)
{
	return sql_run(s, &q_pdf_set, BIND(B_INT(id), B_BLOB(p, n)), e);
}

enum status diagnosis_pdf(struct store *s, int64_t id, struct arena *a, const void **p_r, size_t *n_r, struct err *e)
{
	return there(sql_bytes(s, &q_pdf, BIND(B_INT(id)), a, p_r, n_r, e), id, e);
}
