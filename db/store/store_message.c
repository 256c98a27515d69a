/*
 * Messages, their bodies, and the index of Message-IDs. See store_message.h.
 *
 * SECURITY: every text here comes from outside; all of it is bound, none is
 * ever part of a statement.
 */
#include "store/store_message.h"
#include "base/log.h"
#include "store/store_impl.h"
#include "store/store_zip.h"
#include <string.h>

#define FIELDS \
	"ticket_id, kind, at, staff_id, envelope_from, from_addr, from_name, subject, message_id, " \
	"client_ip, helo, spf, dkim, dmarc, auto_kind, note, size, dedupe"
#define ALL "SELECT id, " FIELDS " FROM message "

SQL(q_insert, "INSERT INTO message (" FIELDS ") "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
              "ON CONFLICT (dedupe) DO NOTHING");
SQL(q_body, "INSERT INTO message_body (message_id, data) VALUES (?, ?)");
SQL(q_same, "SELECT id, ticket_id FROM message WHERE dedupe = ?");
SQL(q_find, ALL "WHERE dedupe = ?");
SQL(q_get, ALL "WHERE id = ?");
SQL(q_list, ALL "WHERE ticket_id = ? ORDER BY id");
SQL(q_move, "UPDATE message SET ticket_id = ? WHERE id = ?");
SQL(q_set_kind, "UPDATE message SET kind = ? WHERE id = ?");
SQL(q_after, ALL "WHERE id > ? ORDER BY id LIMIT ?");
SQL(q_stray, "SELECT count(*) FROM message WHERE ticket_id IS NULL AND at >= ?");
SQL(q_waiting, ALL "WHERE ticket_id = ? AND kind = 0 AND at >= ? ORDER BY id LIMIT 1");
SQL(q_replies, "SELECT count(*) FROM message WHERE kind = 1 AND at >= ? AND at < ?");
SQL(q_raw, "SELECT m.size, b.data FROM message m JOIN message_body b ON b.message_id = m.id WHERE m.id = ?");

SQL(q_id_how, "SELECT how FROM msgid WHERE key = ? AND how IN (0, 1, 2) AND ticket_id = ? "
              "ORDER BY how DESC LIMIT 1");
SQL(q_id_drop, "DELETE FROM msgid WHERE key = ? AND how = ? AND ticket_id = ?");
SQL(q_id_add, "INSERT INTO msgid (key, how, ticket_id) VALUES (?, ?, ?)");
SQL(q_id_find, "SELECT ticket_id, how FROM msgid WHERE key = ? ORDER BY how DESC, ticket_id DESC LIMIT ?");

const char *message_kind_name(enum message_kind k)
{
	static const char *const names[] = { "customer", "staff-reply", "note", "bounce", "auto", "ack",
	                                     "command", "other", "held" };
	return (unsigned)k < sizeof names / sizeof *names ? names[k] : "unknown";
}

/* ---- messages ------------------------------------------------------------- */

static enum status insert_row(struct store *s, struct message *m, size_t n, struct err *e)
{
	m->size = (int64_t)n;
	return sql_insert(s, &q_insert,
	                  BIND(B_ID(m->ticket_id), B_INT(m->kind), B_INT(m->at), B_ID(m->staff_id),
	                       B_TEXT(m->envelope_from), B_TEXT(m->from_addr), B_TEXT(m->from_name),
	                       B_TEXT(m->subject), B_TEXT(m->message_id), B_TEXT(m->client_ip),
	                       B_TEXT(m->helo), B_TEXT(m->spf), B_TEXT(m->dkim), B_TEXT(m->dmarc),
	                       B_TEXT(m->auto_kind), B_TEXT(m->note), B_INT(m->size),
	                       B_BLOB(m->dedupe, sizeof m->dedupe)), &m->id, e);
}

static void take_ids(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct message *m = row;
	(void)a;
	m->id = sql_int(st, 0);
	m->ticket_id = sql_int(st, 1);
}

static enum status say_same(struct store *s, struct message *m, struct err *e)
{
	enum status st = sql_one(s, &q_same, BIND(B_BLOB(m->dedupe, sizeof m->dedupe)), take_ids, NULL, m, e);
	return st == OK ? err_set(e, ERR_EXISTS, "stored already as message %lld", (long long)m->id) : st;
}

enum status message_set_kind(struct store *s, int64_t id, enum message_kind kind, struct err *e)
{
	return sql_run(s, &q_set_kind, BIND(B_INT(kind), B_INT(id)), e);
}

enum status message_move(struct store *s, int64_t id, int64_t ticket, struct err *e)
{
	return sql_run(s, &q_move, BIND(B_INT(ticket), B_INT(id)), e);
}

enum status message_insert(struct store *s, struct message *m, const void *raw, size_t n, struct err *e)
{
	enum status st = insert_row(s, m, n, e);
	if (st == ERR_NOTFOUND)
		return say_same(s, m, e);
	return st == OK ? sql_put_packed(s, &q_body, m->id, raw, n, e) : st;
}

static void take_message(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct message *m = row;
	size_t n;
	m->id = sql_int(st, 0);
	m->ticket_id = sql_int(st, 1);
	m->kind = (enum message_kind)sql_int(st, 2);
	m->at = sql_int(st, 3);
	m->staff_id = sql_int(st, 4);
	m->envelope_from = sql_text(st, 5, a);
	m->from_addr = sql_text(st, 6, a);
	m->from_name = sql_text(st, 7, a);
	m->subject = sql_text(st, 8, a);
	m->message_id = sql_text(st, 9, a);
	m->client_ip = sql_text(st, 10, a);
	m->helo = sql_text(st, 11, a);
	m->spf = sql_text(st, 12, a);
	m->dkim = sql_text(st, 13, a);
	m->dmarc = sql_text(st, 14, a);
	m->auto_kind = sql_text(st, 15, a);
	m->note = sql_text(st, 16, a);
	m->size = sql_int(st, 17);
	const void *dedupe = sql_blob(st, 18, a, &n);
	memcpy(m->dedupe, dedupe, n < sizeof m->dedupe ? n : sizeof m->dedupe);
}

enum status message_find(struct store *s, const uint8_t dedupe[SHA256_LEN], struct arena *a,
                         struct message *m_r, struct err *e)
{
	return sql_one(s, &q_find, BIND(B_BLOB(dedupe, SHA256_LEN)), take_message, a, m_r, e);
}

enum status message_get(struct store *s, int64_t id, struct arena *a, struct message *m_r, struct err *e)
{
	enum status st = sql_one(s, &q_get, BIND(B_INT(id)), take_message, a, m_r, e);
	return st == ERR_NOTFOUND ? err_set(e, st, "no message %lld", (long long)id) : st;
}

enum status message_list(struct store *s, int64_t ticket, struct arena *a, struct message **v_r, size_t *n_r,
                         struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(ticket)), take_message, sizeof **v_r, a, v_r, n_r, e);
}

enum status message_waiting(struct store *s, int64_t ticket, epoch since, struct arena *a, struct message *m_r,
                            struct err *e)
{
	return sql_one(s, &q_waiting, BIND(B_INT(ticket), B_INT(since)), take_message, a, m_r, e);
}

enum status message_count_replies(struct store *s, epoch from, epoch to, int64_t *n_r, struct err *e)
{
	return sql_number(s, &q_replies, BIND(B_INT(from), B_INT(to)), n_r, e);
}

enum status message_after(struct store *s, int64_t id, size_t max, struct arena *a, struct message **v_r,
                          size_t *n_r, struct err *e)
{
	return sql_list(s, &q_after, BIND(B_INT(id), B_INT(max)), take_message, sizeof **v_r, a, v_r, n_r, e);
}

enum status message_count_stray(struct store *s, epoch since, int64_t *n_r, struct err *e)
{
	return sql_number(s, &q_stray, BIND(B_INT(since)), n_r, e);
}

enum status message_raw(struct store *s, int64_t id, struct sb *out, struct err *e)
{
	sqlite3_stmt *row = NULL;
	enum status st = sql_open(s, &q_raw, BIND(B_INT(id)), &row, e);
	if (st == OK)
		st = sql_step(s, row, e);
	if (st == OK)
		st = zip_unpack(&s->zip, sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1),
		                (size_t)sql_int(row, 0), out, e);
	else if (st == ERR_NOTFOUND)
		err_set(e, st, "no message %lld", (long long)id);
	sql_close(row);
	return st;
}

/* ---- Message-IDs --------------------------------------------------------------- */

enum { ID_KEY = 16 };

static void id_key(const char *msgid, uint8_t key[SHA256_LEN])
{
	crypto_sha256(msgid, strlen(msgid), key);
}

enum status msgid_add(struct store *s, const char *msgid, enum msgid_how how, int64_t ticket, struct err *e)
{
	uint8_t key[SHA256_LEN];
	int64_t old = 0;
	id_key(msgid, key);
	enum status st = sql_number(s, &q_id_how, BIND(B_BLOB(key, ID_KEY), B_INT(ticket)), &old, e);
	if (st == OK && old >= (int64_t)how)
		return OK;
	if (st == OK)
		st = sql_run(s, &q_id_drop, BIND(B_BLOB(key, ID_KEY), B_INT(old), B_INT(ticket)), e);
	if (st != OK && st != ERR_NOTFOUND)
		return st;
	return sql_run(s, &q_id_add, BIND(B_BLOB(key, ID_KEY), B_INT(how), B_INT(ticket)), e);
}

size_t msgid_find(struct store *s, const char *msgid, struct msgid_hit *hits, size_t max)
{
	uint8_t key[SHA256_LEN];
	sqlite3_stmt *row = NULL;
	struct err e;
	size_t n = 0;
	id_key(msgid, key);
	enum status st = sql_open(s, &q_id_find, BIND(B_BLOB(key, ID_KEY), B_INT(max)), &row, &e);
	while (st == OK && (st = sql_step(s, row, &e)) == OK && n < max) {
		hits[n++] = (struct msgid_hit){ sql_int(row, 0), (enum msgid_how)sql_int(row, 1) };
	}
	sql_close(row);
	if (st != OK && st != ERR_NOTFOUND) {
		log_error("msgid_find", "why=%s", log_quote(e.msg));
		s->doubt = true;
		return 0;
	}
	return n;
}
