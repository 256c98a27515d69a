/* Files that were taken out of mails. See store_attachment.h. */
#include "store/store_attachment.h"
#include "store/store_impl.h"
#include <string.h>

SQL(q_add, "INSERT INTO attachment (message_id, seq, filename, type, found, size, sha256, depth) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
SQL(q_list, "SELECT filename, type, found, size, sha256, depth FROM attachment WHERE message_id = ? ORDER BY seq");
SQL(q_find, "SELECT DISTINCT message_id FROM attachment WHERE sha256 = ? ORDER BY message_id DESC LIMIT ?");

enum status attachment_add(struct store *s, int64_t message, int64_t seq, const struct attachment *f, struct err *e)
{
	return sql_run(s, &q_add,
	               BIND(B_INT(message), B_INT(seq), B_TEXT(f->name), B_TEXT(f->type), B_TEXT(f->found), B_INT(f->size),
	                    B_BLOB(f->sha256, SHA256_LEN), B_INT(f->depth)), e);
}

static void take(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct attachment *f = row;
	size_t n;
	f->name = sql_text(st, 0, a);
	f->type = sql_text(st, 1, a);
	f->found = sql_text(st, 2, a);
	f->size = sql_int(st, 3);
	const void *sum = sql_blob(st, 4, a, &n);
	if (n == SHA256_LEN)
		memcpy(f->sha256, sum, n);
	f->depth = sql_int(st, 5);
}

enum status attachment_list(struct store *s, int64_t message, struct arena *a, struct attachment **v_r, size_t *n_r,
                            struct err *e)
{
	return sql_list(s, &q_list, BIND(B_INT(message)), take, sizeof **v_r, a, v_r, n_r, e);
}

static void take_id(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(int64_t *)row = sql_int(st, 0);
}

enum status attachment_find(struct store *s, const uint8_t sha256[SHA256_LEN], size_t max, struct arena *a,
                            int64_t **v_r, size_t *n_r, struct err *e)
{
	return sql_list(s, &q_find, BIND(B_BLOB(sha256, SHA256_LEN), B_INT(max)), take_id, sizeof **v_r, a, v_r, n_r, e);
}
