/*
 * /d/TOKEN: files by link (DESK-09, -17). GET shows what there is and changes
 * nothing, so that what looks at links before people do (scanners, previews)
 * spends none; POST sends one file. A use is counted when the client has had
 * the last byte: a transfer that broke off may be tried again.
 *
 * SECURITY: a file goes out as bytes to be saved, never as something to be
 * shown. While it is on its way to one client the link gives it to no other.
 */
#include "download.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/sealed_file.h"
#include "base/xalloc.h"
#include "form.h"
#include "page.h"
#include "store/store_audit.h"
#include "text/file_name.h"
#include <stdlib.h>
#include <string.h>

enum { FORM_MAX = 4096 };

/* A download under way. */
struct fetch {
	struct fetch *next;
	int64_t link, file;
};

struct view {
	struct arena *a;
	struct download_link link;
	struct download_file *files;
	size_t n;
	int64_t id, chosen; /* chosen: file */
	uint8_t key[KEY_LEN];
	const char *who;
	epoch now;
	struct fetch mark;
	bool marked;
	struct sealed_in *in;
};

static enum status load(struct store *s, void *arg, struct err *e)
{
	struct view *v = arg;
	enum status st = download_link_get(s, v->id, &v->link, e);
	return st == OK ? download_link_files(s, v->id, v->a, &v->files, &v->n, e) : st;
}

static enum status load_key(struct store *s, void *arg, struct err *e)
{
	struct view *v = arg;
	return file_key(s, v->chosen, v->key, e);
}

static bool anything_left(const struct view *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (download_file_left(&v->link, &v->files[i]))
			return true;
	return false;
}

/* ---- pages ------------------------------------------------------------------------------ */

static void show_files(struct http_req *q, const struct view *v, int status, bool wrong)
{
	struct sb rows = SB_INIT;
	char until[48];
	bool customer = v->link.kind == DOWNLOAD_CONTRACT;
	for (size_t i = 0; i < v->n; i++) {
		const struct download_file *f = &v->files[i];
		page_file_row(q, "part-fetch", &f->f, f->uses >= v->link.uses_max, &rows);
	}
	const struct tmpl_var vars[] = {
		{ "ticket", arena_printf(q->a, "%lld", (long long)v->link.ticket_id) },
		{ "until", clk_ja(v->link.expires_at, until) },
		{ "rows", rows.s },
		{ "customer", customer ? "1" : NULL },
		{ "staff", customer ? NULL : "1" },
		{ "wrong", wrong ? "1" : NULL },
		{ NULL, NULL },
	};
	page_send(q, status, "download", vars);
	sb_free(&rows);
}

static void ask_login(struct http_req *q)
{
	http_header(q, "WWW-Authenticate", "Basic realm=\"Yorozu\", charset=\"UTF-8\"");
	page_fault(q, 401, "fault-login");
}

/* The link by its token; answers itself when it is none or over. */
static bool open_link(struct http_req *q, struct view *v)
{
	struct err e;
	v->a = q->a;
	v->now = clk_now();
	if (!link_parse(page_ingest(q)->links, LINK_DOWNLOAD, q->rest, &v->id)) {
		metrics_add("links_wrong_total", 1);
		page_fault(q, 404, "fault-missing");
		return false;
	}
	enum status st = ingest_read(page_ingest(q), load, v, &e);
	if (st != OK) {
		page_store_fault(q, st, &e);
		return false;
	}
	enum link_verdict verdict = download_link_verdict(&v->link, v->now);
	if (verdict == LINK_GOOD && !anything_left(v))
		verdict = LINK_SPENT;
	if (verdict != LINK_GOOD)
		page_link_fault(q, verdict);
	return verdict == LINK_GOOD;
}

/* Answers itself unless he may. */
static bool authorized(struct http_req *q, struct view *v, const char *password)
{
	struct err e;
	enum download_auth may;
	enum status st = download_auth(q, &v->link, password, &may, &v->who, &e);
	if (st != OK)
		page_store_fault(q, st, &e);
	else if (may != AUTH_YES && v->link.kind == DOWNLOAD_STAFF)
		ask_login(q);
	else if (may != AUTH_YES)
		show_files(q, v, 403, true);
	return st == OK && may == AUTH_YES;
}

static void show(struct http_req *q)
{
	struct view v = { 0 };
	if (!open_link(q, &v))
		return;
	if (v.link.kind == DOWNLOAD_STAFF && !authorized(q, &v, NULL))
		return;
	show_files(q, &v, 200, false);
}

/* ---- one file ----------------------------------------------------------------------------- */

static bool mark(const struct ingest *cin, struct view *v)
{
	struct ingest *in = (struct ingest *)cin;
	v->mark = (struct fetch){ .link = v->id, .file = v->chosen };
	v->marked = true;
	pthread_mutex_lock(&in->fetch_lock);
	for (struct fetch *f = in->fetches; f; f = f->next)
		if (f->link == v->id && f->file == v->chosen)
			v->marked = false;
	if (v->marked) {
		v->mark.next = in->fetches;
		in->fetches = &v->mark;
	}
	pthread_mutex_unlock(&in->fetch_lock);
	return v->marked;
}

static void unmark(const struct ingest *cin, struct view *v)
{
	struct ingest *in = (struct ingest *)cin;
	if (!v->marked)
		return;
	pthread_mutex_lock(&in->fetch_lock);
	for (struct fetch **f = &in->fetches; *f; f = &(*f)->next)
		if (*f == &v->mark) {
			*f = v->mark.next;
			break;
		}
	pthread_mutex_unlock(&in->fetch_lock);
}

static enum status source(void *arg, void *p, size_t max, size_t *n_r, struct err *e)
{
	return sealed_read(arg, p, max, n_r, e);
}

static void send_file(struct http_req *q, struct view *v, const struct stored_file *f)
{
	struct err e;
	struct sb disposition = SB_INIT;
	char *path = ingest_spool_path(page_ingest(q), f->spool);
	enum status st = ingest_read(page_ingest(q), load_key, v, &e);
	if (st == OK)
		st = sealed_open(path, v->key, &v->in, &e);
	crypto_wipe(v->key, sizeof v->key);
	free(path);
	if (st != OK) { /* its row says that it is there */
		log_error("file", "file=%lld status=%s error=%s", (long long)f->id, status_name(st), log_quote(e.msg));
		page_fault(q, 503, "fault-busy");
		return;
	}
	file_name_disposition(f->name, &disposition);
	http_header(q, "Content-Disposition", arena_memdup(q->a, disposition.s, disposition.len));
	sb_free(&disposition);
	http_stream(q, "application/octet-stream", f->size, source, v->in);
}

static const struct stored_file *chosen_file(const struct view *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->files[i].f.id == v->chosen && download_file_left(&v->link, &v->files[i]))
			return &v->files[i].f;
	return NULL;
}

/* The uses are read again once nobody else can be using one. */
static void fetch(struct http_req *q, struct view *v)
{
	struct err e;
	const struct stored_file *f = NULL;
	if (chosen_file(v) && !mark(page_ingest(q), v)) {
		page_fault(q, 409, "fault-twice");
		return;
	}
	enum status st = v->marked ? ingest_read(page_ingest(q), load, v, &e) : OK;
	if (st != OK)
		page_store_fault(q, st, &e);
	else if (!(f = v->marked ? chosen_file(v) : NULL))
		page_link_fault(q, LINK_SPENT);
	else
		send_file(q, v, f);
}

static void answer(struct http_req *q)
{
	struct sb password = SB_INIT;
	struct view *v = arena_zalloc(q->a, sizeof *v);
	q->state = v;
	if (open_link(q, v)) {
		form_field(q->body.s, q->body.len, "password", &password);
		v->chosen = form_number(q->body.s, q->body.len, "file");
		if (authorized(q, v, password.s))
			fetch(q, v);
	}
	if (password.len)
		crypto_wipe(password.s, password.len);
	sb_free(&password);
}

static enum status count_use(struct store *s, void *arg, struct err *e)
{
	const struct view *v = arg;
	struct audit row = { .at = v->now, .who = v->who, .what = "file.fetch", .ticket_id = v->link.ticket_id,
		.detail = arena_printf(v->a, "file %lld, link %lld", (long long)v->chosen, (long long)v->id) };
	enum status st = download_used(s, v->id, v->chosen, e);
	return st == OK ? audit_add(s, &row, e) : st;
}

static void gone(struct http_req *q, bool whole)
{
	struct view *v = q->state;
	struct err e;
	if (q->body.len)
		crypto_wipe(q->body.s, q->body.len); /* a password was in it */
	if (!v)
		return;
	if (v->in) {
		enum status st = whole ? writer_run(page_ingest(q)->writer, count_use, v, &e) : OK;
		if (st != OK)
			log_error("store", "page=%s status=%s error=%s", q->prefix, status_name(st), log_quote(e.msg));
		log_info("fetch", "link=%lld file=%lld by=%s whole=%d ip=%s", (long long)v->id, (long long)v->chosen, v->who,
		         whole, q->ip);
		metrics_add(whole ? "files_fetched_total" : "fetches_broken_total", 1);
	}
	unmark(page_ingest(q), v);
	sealed_close(&v->in);
}

const struct http_page page_download_show = { .answer = show };
const struct http_page page_download = { .answer = answer, .gone = gone, .body_max = FORM_MAX };
