/* Links by which files come in and go out: see store_link.h. */
#include "store/store_link.h"
#include "store/store_contract.h"
#include "store/store_file_impl.h"
#include "store/store_ticket.h"

enum { DAY = 86400 };
#define MB ((int64_t)1000 * 1000)

SQL(q_up_add, "INSERT INTO upload_link (ticket_id, created_at, expires_at, files_max, bytes_max) "
              "VALUES (?, ?, ?, ?, ?)");
SQL(q_up_get, "SELECT id, ticket_id, created_at, expires_at, ended_at, files_max, bytes_max FROM upload_link WHERE id = ?");
SQL(q_up_end, "UPDATE upload_link SET ended_at = ? WHERE id = ? AND ended_at IS NULL");

SQL(q_down_add, "INSERT INTO download_link (kind, ticket_id, staff_id, contract_id, created_at, expires_at, uses_max, fails) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 0)");
SQL(q_down_get, "SELECT id, kind, ticket_id, staff_id, contract_id, created_at, expires_at, uses_max, fails "
                "FROM download_link WHERE id = ?");
SQL(q_down_file, "INSERT INTO download_file (link_id, file_id, uses) VALUES (?, ?, 0) ON CONFLICT DO NOTHING");
SQL(q_down_files, "SELECT " FILE_COLS("f.") ", d.uses FROM download_file d JOIN file f ON f.id = d.file_id "
                  "WHERE d.link_id = ? ORDER BY d.file_id");
SQL(q_down_used, "UPDATE download_file SET uses = uses + 1 WHERE link_id = ? AND file_id = ?");
SQL(q_down_failed, "UPDATE download_link SET fails = fails + 1 WHERE id = ?");

const struct link_ctx *store_links(const struct store *s)
{
	return &s->links;
}

static enum status no_link(enum status st, int64_t id, struct err *e)
{
	return st == ERR_NOTFOUND ? err_set(e, st, "no link %lld", (long long)id) : st;
}

/* ---- uploads -------------------------------------------------------------------- */

enum status upload_link_add(struct store *s, struct upload_link *l, struct err *e)
{
	return sql_insert(s, &q_up_add,
	                  BIND(B_INT(l->ticket_id), B_INT(l->created_at), B_INT(l->expires_at), B_INT(l->files_max),
	                       B_INT(l->bytes_max)), &l->id, e);
}

enum status upload_link_new(struct store *s, const struct cfg *c, int64_t ticket, epoch now,
                            struct upload_link *l_r, struct err *e)
{
	*l_r = (struct upload_link){
		.ticket_id = ticket,
		.created_at = now,
		.expires_at = now + c->upload_link_days * DAY,
		.files_max = c->upload_files_max,
		.bytes_max = c->upload_link_mb * MB,
	};
	return upload_link_add(s, l_r, e);
}

static void take_upload(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(struct upload_link *)row = (struct upload_link){ .id = sql_int(st, 0), .ticket_id = sql_int(st, 1),
		.created_at = sql_int(st, 2), .expires_at = sql_int(st, 3), .ended_at = sql_int(st, 4),
		.files_max = sql_int(st, 5), .bytes_max = sql_int(st, 6) };
}

enum status upload_link_get(struct store *s, int64_t id, struct upload_link *l_r, struct err *e)
{
	return no_link(sql_one(s, &q_up_get, BIND(B_INT(id)), take_upload, NULL, l_r, e), id, e);
}

enum status upload_link_end(struct store *s, int64_t id, epoch now, struct err *e)
{
	return sql_run(s, &q_up_end, BIND(B_INT(now), B_INT(id)), e);
}

enum link_verdict upload_link_verdict(const struct upload_link *l, epoch now)
{
	if (l->ended_at)
		return LINK_SPENT;
	return now >= l->expires_at ? LINK_EXPIRED : LINK_GOOD;
}

/* ---- downloads ------------------------------------------------------------------ */

enum status download_link_add(struct store *s, struct download_link *l, const int64_t *files, size_t n, struct err *e)
{
	enum status st = sql_insert(s, &q_down_add,
	                            BIND(B_INT(l->kind), B_INT(l->ticket_id), B_ID(l->staff_id), B_ID(l->contract_id),
	                                 B_INT(l->created_at), B_INT(l->expires_at), B_INT(l->uses_max)), &l->id, e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = sql_run(s, &q_down_file, BIND(B_INT(l->id), B_INT(files[i])), e);
	return st;
}

static enum status has_password(struct store *s, int64_t contract, struct err *e)
{
	struct sb password = SB_INIT;
	enum status st = contract_password(s, contract, CF_OPENING_PASSWORD, &password, e);
	if (password.len)
		crypto_wipe(password.s, password.len);
	sb_free(&password);
	return st;
}

enum status download_link_customer(struct store *s, const struct cfg *c, int64_t ticket, epoch now,
                                   const int64_t *files, size_t n, struct download_link *l_r, struct err *e)
{
	struct ticket t;
	struct arena *a = arena_new();
	enum status st = ticket_get(s, ticket, a, &t, e);
	arena_free(&a);
	if (st != OK)
		return st;
	st = t.contract_id ? has_password(s, t.contract_id, e) : ERR_NOTFOUND;
	if (st == ERR_NOTFOUND)
		return err_set(e, st, "相談 #%lld の契約には、開通のご案内のパスワードが登録されていません", (long long)ticket);
	if (st != OK)
		return st;
	*l_r = (struct download_link){
		.kind = DOWNLOAD_CONTRACT,
		.ticket_id = ticket,
		.contract_id = t.contract_id,
		.created_at = now,
		.expires_at = now + c->fetch_link_days * DAY,
		.uses_max = DOWNLOAD_CUSTOMER_USES,
	};
	return download_link_add(s, l_r, files, n, e);
}

static void take_download(sqlite3_stmt *st, struct arena *a, void *row)
{
	(void)a;
	*(struct download_link *)row = (struct download_link){ .id = sql_int(st, 0),
		.kind = (enum download_kind)sql_int(st, 1), .ticket_id = sql_int(st, 2), .staff_id = sql_int(st, 3),
		.contract_id = sql_int(st, 4), .created_at = sql_int(st, 5), .expires_at = sql_int(st, 6),
		.uses_max = sql_int(st, 7), .fails = sql_int(st, 8) };
}

enum status download_link_get(struct store *s, int64_t id, struct download_link *l_r, struct err *e)
{
	return no_link(sql_one(s, &q_down_get, BIND(B_INT(id)), take_download, NULL, l_r, e), id, e);
}

static void take_file(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct download_file *d = row;
	file_take(st, a, &d->f);
	d->uses = sql_int(st, FILE_NCOLS);
}

enum status download_link_files(struct store *s, int64_t id, struct arena *a, struct download_file **v_r, size_t *n_r,
                                struct err *e)
{
	return sql_list(s, &q_down_files, BIND(B_INT(id)), take_file, sizeof **v_r, a, v_r, n_r, e);
}

enum status download_used(struct store *s, int64_t link, int64_t file, struct err *e)
{
	return sql_run(s, &q_down_used, BIND(B_INT(link), B_INT(file)), e);
}

enum status download_failed(struct store *s, int64_t link, struct err *e)
{
	return sql_run(s, &q_down_failed, BIND(B_INT(link)), e);
}

enum link_verdict download_link_verdict(const struct download_link *l, epoch now)
{
	if (l->fails >= DOWNLOAD_FAILS_MAX)
		return LINK_SPENT;
	return now >= l->expires_at ? LINK_EXPIRED : LINK_GOOD;
}

bool download_file_left(const struct download_link *l, const struct download_file *f)
{
	return f->f.state == FILE_STORED && f->uses < l->uses_max;
}
