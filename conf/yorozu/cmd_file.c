/*
 * yorozu upload link, yorozu file …: the links by which files come, and the
 * files that came, for operators.
 * SECURITY: names come from strangers; tables make them harmless. `get` writes
 * raw bytes to standard output, and not to a terminal.
 */
#include "front.h"
#include "table.h"
#include "base/arena.h"
#include "base/sealed_file.h"
#include "store/store_audit.h"
#include "store/store_link.h"
#include "store/store_people.h"
#include "store/store_ticket.h"
#include "text/file_name.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY = 86400, LIST_MAX = 500, COPY_BYTES = 8192, DAYS_MAX = 90 };

struct job {
	struct store *s;
	struct cfg *c;
	struct arena *a;
	const char *login, *path;
	int fd;           /* of path, opened as the caller */
	int64_t id, days; /* 0 = not given */
	bool tsv;
};

static enum status audited(const struct job *j, const char *what, int64_t ticket, const char *detail, struct err *e)
{
	struct audit row = { .at = clk_now(), .who = front_who(), .what = what, .ticket_id = ticket, .detail = detail };
	return audit_add(j->s, &row, e);
}

static enum status in_transaction(const struct job *j, enum status (*work)(const struct job *, int64_t *, struct err *),
                                  int64_t *id_r, struct err *e)
{
	enum status st = store_begin(j->s, e);
	if (st != OK)
		return st;
	st = work(j, id_r, e);
	if (st == OK)
		return store_commit(j->s, e);
	store_rollback(j->s);
	return st;
}

static void print_url(const struct job *j, enum link_kind k, int64_t id)
{
	char *url = link_url(store_links(j->s), j->c, k, id);
	puts(url);
	free(url);
}

/* ---- upload link ------------------------------------------------------------------- */

static enum status make_upload_link(const struct job *j, int64_t *id_r, struct err *e)
{
	struct ticket t;
	struct upload_link l = { 0 };
	epoch now = clk_now();
	struct cfg c = *j->c;
	if (j->days)
		c.upload_link_days = j->days;
	enum status st = ticket_get(j->s, j->id, j->a, &t, e);
	if (st == OK)
		st = upload_link_new(j->s, &c, j->id, now, &l, e);
	*id_r = l.id;
	if (st != OK)
		return st;
	return audited(j, "upload.link", j->id, arena_printf(j->a, "link %lld", (long long)l.id), e);
}

static enum status upload_url(const struct job *j, struct err *e)
{
	int64_t id = 0;
	enum status st = in_transaction(j, make_upload_link, &id, e);
	if (st == OK)
		print_url(j, LINK_UPLOAD, id);
	return st;
}

/* ---- file list | get | link ----------------------------------------------------------- */

static const char *day(epoch t, char buf[32])
{
	clk_iso(t, buf);
	buf[16] = '\0';
	return buf;
}

static enum status list(const struct job *j, struct err *e)
{
	static const struct table_col cols[] = {
		{ "id", "番号", true, 0 }, { "ticket", "相談", true, 0 }, { "state", "状態", false, 0 },
		{ "created", "受領", false, 0 }, { "delete", "削除", false, 0 }, { "bytes", "バイト", true, 0 },
		{ "sha256", NULL, false, 0 }, { "name", "名前", false, 50 },
	};
	struct stored_file *v;
	size_t n = 0;
	char text[32], sum[2 * SHA256_LEN + 1];
	enum status st = j->id ? file_of_ticket(j->s, j->id, j->a, &v, &n, e) : file_recent(j->s, LIST_MAX, j->a, &v, &n, e);
	if (st != OK)
		return st;
	struct table *t = table_new(cols, sizeof cols / sizeof *cols, j->tsv);
	for (size_t i = 0; i < n; i++) {
		bool here = v[i].state == FILE_STORED;
		hex_encode(v[i].sha256, SHA256_LEN, sum);
		table_num(t, v[i].id);
		table_num(t, v[i].ticket_id);
		table_cell(t, j->tsv ? (here ? "stored" : "deleted") : here ? "保管中" : "削除済");
		table_cell(t, day(v[i].created_at, text));
		table_cell(t, day(here ? v[i].delete_at : v[i].deleted_at, text));
		table_num(t, v[i].size);
		table_cell(t, sum);
		table_cell(t, v[i].name);
	}
	table_print(t);
	table_free(&t);
	return OK;
}

static enum status copy_out(struct sealed_in *in, struct err *e)
{
	char buf[COPY_BYTES];
	size_t n;
	enum status st;
	while ((st = sealed_read(in, buf, sizeof buf, &n, e)) == OK && n)
		if (fwrite(buf, 1, n, stdout) != n)
			return err_sys(e, ERR_TEMP, "standard output");
	if (st == OK && fflush(stdout) != 0)
		st = err_sys(e, ERR_TEMP, "standard output");
	return st;
}

static enum status note_get(const struct job *j, int64_t *ticket, struct err *e)
{
	return audited(j, "file.get", *ticket, arena_printf(j->a, "file %lld", (long long)j->id), e);
}

/* The audit first: nobody reads a customer's file unseen. */
static enum status get(const struct job *j, struct err *e)
{
	struct stored_file f;
	struct sealed_in *in = NULL;
	uint8_t key[KEY_LEN];
	if (isatty(1))
		return err_set(e, ERR_PERM, "a file may hold anything: send it to a file or a program (> NAME)");
	enum status st = file_get(j->s, j->id, j->a, &f, e);
	if (st == OK && f.state == FILE_DELETED)
		st = err_set(e, ERR_NOTFOUND, "file %lld was deleted", (long long)j->id);
	if (st == OK)
		st = file_key(j->s, j->id, key, e);
	if (st == OK)
		st = in_transaction(j, note_get, &f.ticket_id, e);
	if (st != OK)
		return st;
	char *path = cfg_path(j->c, arena_printf(j->a, FILE_SPOOL_DIR "/%s", f.spool));
	st = sealed_open(path, key, &in, e);
	if (st == OK)
		st = copy_out(in, e);
	crypto_wipe(key, sizeof key);
	sealed_close(&in);
	free(path);
	return st;
}

/* A new link for a staff member whose own is spent, lost or dead. */
static enum status make_fetch_link(const struct job *j, int64_t *id_r, struct err *e)
{
	struct stored_file f;
	struct staff who;
	epoch now = clk_now();
	enum status st = file_get(j->s, j->id, j->a, &f, e);
	if (st == OK && f.state == FILE_DELETED)
		st = err_set(e, ERR_NOTFOUND, "file %lld was deleted", (long long)j->id);
	if (st == OK)
		st = staff_by_login(j->s, j->login, j->a, &who, e);
	if (st != OK)
		return st;
	struct download_link l = { .kind = DOWNLOAD_STAFF, .ticket_id = f.ticket_id, .staff_id = who.id, .created_at = now,
		.expires_at = now + (j->days ? j->days : j->c->fetch_link_days) * DAY, .uses_max = 1 };
	st = download_link_add(j->s, &l, &f.id, 1, e);
	*id_r = l.id;
	return st == OK ? audited(j, "file.link", f.ticket_id, arena_printf(j->a, "file %lld, link %lld for %s",
	                          (long long)f.id, (long long)l.id, who.login), e) : st;
}

static enum status fetch_url(const struct job *j, struct err *e)
{
	int64_t id = 0;
	enum status st = in_transaction(j, make_fetch_link, &id, e);
	if (st == OK)
		print_url(j, LINK_DOWNLOAD, id);
	return st;
}

/* ---- file send: a file for the customer of a ticket ---------------------------------------- */

static enum status add_sent(const struct job *j, struct stored_file *f, const uint8_t key[KEY_LEN], int64_t *id_r,
                            struct err *e)
{
	struct download_link l = { 0 };
	struct cfg c = *j->c;
	if (j->days)
		c.fetch_link_days = j->days;
	enum status st = store_begin(j->s, e);
	if (st != OK)
		return st;
	st = file_add(j->s, f, key, e);
	if (st == OK)
		st = download_link_customer(j->s, &c, f->ticket_id, f->created_at, &f->id, 1, &l, e);
	if (st == OK)
		st = audited(j, "file.send", f->ticket_id, arena_printf(j->a, "file %lld, link %lld: %s", (long long)f->id,
		             (long long)l.id, f->name), e);
	*id_r = l.id;
	if (st == OK)
		return store_commit(j->s, e);
	store_rollback(j->s);
	return st;
}

static enum status send_file(const struct job *j, struct err *e)
{
	struct ticket t;
	struct sb name = SB_INIT;
	uint8_t key[KEY_LEN];
	int64_t link = 0;
	struct stored_file f = { .ticket_id = j->id, .type = "", .created_at = clk_now(),
		.delete_at = clk_now() + j->c->file_keep_days * DAY };
	char *spool = cfg_path(j->c, FILE_SPOOL_DIR);
	file_name_clean(j->path, strlen(j->path), &name);
	f.name = name.s;
	enum status st = ticket_get(j->s, j->id, j->a, &t, e);
	if (st == OK)
		st = file_spool_fd(spool, j->fd, j->c->upload_max_mb * 1000000, j->a, &f, key, e);
	if (st == OK)
		st = add_sent(j, &f, key, &link, e);
	if (st != OK && st != ERR_TEMP && f.spool) /* after ERR_TEMP the row may be there all the same */
		unlink(arena_printf(j->a, "%s/%s", spool, f.spool));
	if (st == OK)
		print_url(j, LINK_DOWNLOAD, link);
	crypto_wipe(key, sizeof key);
	sb_free(&name);
	free(spool);
	return st;
}

/* ---- arguments ------------------------------------------------------------------------- */

static bool take_args(struct job *j, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--tsv") == 0)
			j->tsv = true;
		else if (strcmp(argv[i], "--days") == 0 && i + 1 < argc && front_number(argv[i + 1], DAYS_MAX, &j->days))
			i++;
		else if (strcmp(argv[i], "--staff") == 0 && i + 1 < argc)
			j->login = argv[++i];
		else if (!j->id && front_number(argv[i], INT64_MAX - 1, &j->id))
			;
		else if (j->id && !j->path && argv[i][0] != '-')
			j->path = argv[i];
		else
			return false;
	}
	return true;
}

static int run(const char *name, struct job *j, const struct front *f, enum status (*work)(const struct job *, struct err *))
{
	struct err e;
	j->s = front_store(name, f, &j->c);
	if (!j->s)
		return 1;
	j->a = arena_new();
	enum status st = work(j, &e);
	arena_free(&j->a);
	store_close(&j->s);
	cfg_free(&j->c);
	return st == OK ? 0 : front_fail(name, &e);
}

/* What the caller may read, run_user need not. */
static int open_and_send(struct job *j, const struct front *f)
{
	struct err e;
	j->fd = open(j->path, O_RDONLY | O_CLOEXEC);
	if (j->fd < 0) {
		err_sys(&e, ERR_PERM, "%s", j->path);
		return front_fail("file", &e);
	}
	int rc = run("file", j, f, send_file);
	close(j->fd);
	return rc;
}

static int run_upload(int argc, char **argv, const struct front *f)
{
	struct job j = { 0 };
	if (argc < 3 || strcmp(argv[1], "link") != 0 || !take_args(&j, argc - 2, argv + 2) || !j.id || j.tsv || j.login || j.path)
		return front_usage(&cmd_upload);
	return run("upload", &j, f, upload_url);
}

static int run_file(int argc, char **argv, const struct front *f)
{
	struct job j = { 0 };
	if (argc < 2 || !take_args(&j, argc - 2, argv + 2))
		return front_usage(&cmd_file);
	if (strcmp(argv[1], "send") == 0 && j.path && !j.login && !j.tsv)
		return open_and_send(&j, f);
	if (j.path)
		return front_usage(&cmd_file);
	if (strcmp(argv[1], "list") == 0 && !j.days && !j.login)
		return run("file", &j, f, list);
	if (strcmp(argv[1], "get") == 0 && j.id && !j.days && !j.login && !j.tsv)
		return run("file", &j, f, get);
	if (strcmp(argv[1], "link") == 0 && j.id && j.login && !j.tsv)
		return run("file", &j, f, fetch_url);
	return front_usage(&cmd_file);
}

const struct front_cmd cmd_upload = { "upload", run_upload, "upload link TICKET [--days N]",
				      "a link by which a customer can send files" };
const struct front_cmd cmd_file = { "file", run_file,
				    "file list [TICKET] [--tsv] | get ID | link ID --staff LOGIN [--days N] | send TICKET PATH [--days N]",
				    "files from and for customers" };
