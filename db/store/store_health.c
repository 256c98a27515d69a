/* Monthly health checks. See store_health.h. */
#include "store/store_health.h"
#include "store/store_impl.h"
#include <string.h>

#define ROW "h.id, h.contract_id, h.month, h.state, h.made_at, h.due_at, h.changed_at, h.version, h.marks, h.words, h.numbers, h.why, h.who, h.outbox_id"

SQL(q_add, "INSERT INTO health (contract_id, month, state, made_at, due_at, changed_at, version, marks, words, numbers, why, who, facts_size) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id");
SQL(q_facts_put, "INSERT OR REPLACE INTO health_facts (health_id, z) VALUES (?, ?)");
SQL(q_update, "UPDATE health SET state = ?, changed_at = ?, version = ?, marks = ?, words = ?, why = ?, who = ?, outbox_id = ? WHERE id = ?");
SQL(q_again, "UPDATE health SET changed_at = ?, marks = ?, words = ?, numbers = ?, facts_size = ?, version = version + 1 "
             "WHERE id = ? AND version = ? AND state IN (0, 1) RETURNING id"); /* draft, held */
SQL(q_get, "SELECT " ROW " FROM health h WHERE h.id = ?");
SQL(q_of, "SELECT " ROW " FROM health h WHERE h.contract_id = ? AND h.month = ?");
SQL(q_before, "SELECT " ROW " FROM health h WHERE h.contract_id = ? AND h.month < ? ORDER BY h.month DESC LIMIT ?");
SQL(q_list, "SELECT " ROW " FROM health h JOIN contract c ON c.id = h.contract_id WHERE h.month = ? AND h.state < ? ORDER BY c.n_number");
SQL(q_facts, "SELECT z, facts_size FROM health_facts f JOIN health h ON h.id = f.health_id WHERE f.health_id = ?");
SQL(q_count, "SELECT count(*) FROM health WHERE month = ? AND state = ?");
SQL(q_missing, "SELECT c.id FROM contract c WHERE c.n_number > ? AND (c.ended_at IS NULL OR c.ended_at = 0 OR c.ended_at > ?) "
               "AND EXISTS (SELECT 1 FROM terminal t WHERE t.contract_id = c.id AND t.enrolled_at < ?) "
               "AND NOT EXISTS (SELECT 1 FROM health h WHERE h.contract_id = c.id AND h.month = ?) ORDER BY c.n_number LIMIT ?");

const char *health_state_ja(enum health_state st)
{
	static const char *const names[] = { "確認待ち", "保留中", "承認済み (送付待ち)", "送付済み" };
	return (unsigned)st < HEALTH_STATES ? names[st] : "不明";
}

/* ---- words in two columns ------------------------------------------------------------ */

static void join(const struct health_words *w, char marks[HEALTH_ITEMS + 1], struct sb *text)
{
	for (int i = 0; i < HEALTH_ITEMS; i++)
		marks[i] = (char)('0' + w->mark[i]);
	marks[HEALTH_ITEMS] = '\0';
	for (int i = 0; i < HEALTH_TEXTS; i++)
		sb_addf(text, "%s%s", i ? "\f" : "", w->text[i]);
}

static void split(struct arena *a, const char *marks, const char *text, struct health_words *w)
{
	for (int i = 0; i < HEALTH_ITEMS && marks[i]; i++)
		w->mark[i] = marks[i] >= '0' && marks[i] < '0' + HEALTH_MARKS ? (enum health_mark)(marks[i] - '0') : HEALTH_NONE;
	for (int i = 0; i < HEALTH_TEXTS; i++) {
		size_t n = strcspn(text, "\f");
		w->text[i] = arena_strndup(a, text, n);
		text += n + (text[n] == '\f');
	}
}

static void take_row(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct health_row *r = row;
	r->id = sql_int(st, 0);
	r->contract_id = sql_int(st, 1);
	r->month = (int)sql_int(st, 2);
	r->state = (enum health_state)sql_int(st, 3);
	r->made_at = sql_int(st, 4);
	r->due_at = sql_int(st, 5);
	r->changed_at = sql_int(st, 6);
	r->version = sql_int(st, 7);
	split(a, sql_text(st, 8, a), sql_text(st, 9, a), &r->words);
	r->numbers = sql_text(st, 10, a);
	r->why = sql_text(st, 11, a);
	r->who = sql_text(st, 12, a);
	r->outbox_id = sql_int(st, 13);
}

/* ---- writing --------------------------------------------------------------------------- */

enum status health_add(struct store *s, struct health_row *r, const void *facts, size_t n, struct err *e)
{
	char marks[HEALTH_ITEMS + 1];
	struct sb text = SB_INIT;
	join(&r->words, marks, &text);
	enum status st = sql_number(s, &q_add,
	                            BIND(B_INT(r->contract_id), B_INT(r->month), B_INT(r->state), B_INT(r->made_at), B_INT(r->due_at),
	                                 B_INT(r->changed_at), B_INT(r->version), B_TEXT(marks), B_TEXT(text.s), B_TEXT(r->numbers),
	                                 B_TEXT(r->why), B_TEXT(r->who), B_INT(n)), &r->id, e);
	sb_free(&text);
	if (st == ERR_NOTFOUND)
		return err_set(e, ERR_EXISTS, "the report of %d is there already", r->month);
	return st == OK ? sql_put_packed(s, &q_facts_put, r->id, facts, n, e) : st;
}

enum status health_again(struct store *s, const struct health_row *r, const void *facts, size_t n, struct err *e)
{
	char marks[HEALTH_ITEMS + 1];
	struct sb text = SB_INIT;
	int64_t id;
	join(&r->words, marks, &text);
	enum status st = sql_number(s, &q_again,
	                            BIND(B_INT(r->changed_at), B_TEXT(marks), B_TEXT(text.s), B_TEXT(r->numbers), B_INT(n), B_INT(r->id),
	                                 B_INT(r->version - 1)), &id, e);
	sb_free(&text);
	if (st == ERR_NOTFOUND)
		return err_set(e, ERR_EXISTS, "draft %lld was changed meanwhile", (long long)r->id);
	return st == OK ? sql_put_packed(s, &q_facts_put, r->id, facts, n, e) : st;
}

enum status health_update(struct store *s, const struct health_row *r, struct err *e)
{
	char marks[HEALTH_ITEMS + 1];
	struct sb text = SB_INIT;
	join(&r->words, marks, &text);
	enum status st = sql_run(s, &q_update,
	                         BIND(B_INT(r->state), B_INT(r->changed_at), B_INT(r->version), B_TEXT(marks), B_TEXT(text.s), B_TEXT(r->why),
	                              B_TEXT(r->who), B_ID(r->outbox_id), B_INT(r->id)), e);
	sb_free(&text);
	return st;
}

/* ---- reading --------------------------------------------------------------------------- */

enum status health_get(struct store *s, int64_t id, struct arena *a, struct health_row *r, struct err *e)
{
	return sql_one(s, &q_get, BIND(B_INT(id)), take_row, a, r, e);
}

enum status health_of(struct store *s, int64_t contract, int month, struct arena *a, struct health_row *r, struct err *e)
{
	return sql_one(s, &q_of, BIND(B_INT(contract), B_INT(month)), take_row, a, r, e);
}

enum status health_facts(struct store *s, int64_t id, struct sb *out, struct err *e)
{
	sqlite3_stmt *row;
	enum status st = sql_open(s, &q_facts, BIND(B_INT(id)), &row, e);
	if (st == OK)
		st = sql_step(s, row, e);
	if (st == OK)
		st = zip_unpack(&s->zip, sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0), (size_t)sql_int(row, 1), out, e);
	sql_close(row);
	return st;
}

enum status health_list(struct store *s, int month, bool open, struct arena *a, struct health_row **v_r, size_t *n_r, struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(month), B_INT(open ? HEALTH_SENT : HEALTH_STATES)), take_row, sizeof **v_r, a, v_r, n_r, e);
}

enum status health_before(struct store *s, int64_t contract, int month, size_t max, struct arena *a, struct health_row **v_r, size_t *n_r,
                          struct err *e)
{
	return sql_list(s, &q_before, BIND(B_INT(contract), B_INT(month), B_INT(max)), take_row, sizeof **v_r, a, v_r, n_r, e);
}

enum status health_counts(struct store *s, int month, int64_t *v, struct err *e)
{
	enum status st = OK;
	for (int i = 0; st == OK && i < HEALTH_STATES; i++)
		st = sql_number(s, &q_count, BIND(B_INT(month), B_INT(i)), &v[i], e);
	return st;
}

static void take_id(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(int64_t *)row = sql_int(st, 0);
}

enum status health_missing(struct store *s, int month, epoch from, epoch until, const char *after, size_t max, struct arena *a, int64_t **ids_r,
                           size_t *n_r, struct err *e)
{
	return sql_list(s, &q_missing, BIND(B_TEXT(after), B_INT(from), B_INT(until), B_INT(month), B_INT(max)), take_id, sizeof **ids_r, a, ids_r,
	                n_r, e);
}
