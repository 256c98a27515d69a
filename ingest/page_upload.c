/*
 * The page of an upload link, without script: a form that takes files (GET
 * /u/TOKEN), and the end of it by its user (POST /u/TOKEN/end). What the form
 * sends is upload.c's.
 */
#include "page_upload.h"
#include "base/log.h"
#include "base/metrics.h"
#include "page.h"
#include "store/store_audit.h"
#include <string.h>

struct view {
	struct arena *a;
	int64_t id;
	struct upload_link link;
	struct stored_file *files;
	size_t n;
	epoch now;
};

static enum status load(struct store *s, void *arg, struct err *e)
{
	struct view *v = arg;
	enum status st = upload_link_get(s, v->id, &v->link, e);
	return st == OK ? file_of_link(s, v->id, v->a, &v->files, &v->n, e) : st;
}

bool upload_page_link(struct http_req *q, int64_t *id_r)
{
	const char *end = strchrnul(q->rest, '/');
	char *token = arena_strndup(q->a, q->rest, (size_t)(end - q->rest));
	if (link_parse(page_ingest(q)->links, LINK_UPLOAD, token, id_r))
		return true;
	metrics_add("links_wrong_total", 1);
	page_fault(q, 404, "fault-missing");
	return false;
}

/* Answers itself when the link is none, or not good any more. */
static bool open_link(struct http_req *q, struct view *v)
{
	struct err e;
	*v = (struct view){ .a = q->a, .now = clk_now() };
	if (!upload_page_link(q, &v->id))
		return false;
	enum status st = ingest_read(page_ingest(q), load, v, &e);
	if (st != OK) {
		page_store_fault(q, st, &e);
		return false;
	}
	enum link_verdict verdict = upload_link_verdict(&v->link, v->now);
	if (verdict != LINK_GOOD)
		page_link_fault(q, verdict);
	return verdict == LINK_GOOD;
}

void upload_page_form(struct http_req *q, int status, const char *fault)
{
	struct view v;
	struct sb rows = SB_INIT;
	char until[48], size[32];
	if (!open_link(q, &v))
		return;
	const struct cfg *c = page_ingest(q)->cfg;
	for (size_t i = 0; i < v.n; i++)
		page_file_row(q, "part-file", &v.files[i], false, &rows);
	const char *ticket = arena_printf(q->a, "%lld", (long long)v.link.ticket_id);
	char token[LINK_TOKEN_SIZE];
	link_token(page_ingest(q)->links, LINK_UPLOAD, v.id, token);
	const struct tmpl_var vars[] = {
		{ "ticket", ticket },
		{ "token", token },
		{ "until", clk_ja(v.link.expires_at, until) },
		{ "file_max", arena_strdup(q->a, size_words(c->upload_max_mb * 1000000, size)) },
		{ "link_max", arena_strdup(q->a, size_words(v.link.bytes_max, size)) },
		{ "files_max", arena_printf(q->a, "%lld", (long long)v.link.files_max) },
		{ "keep_days", arena_printf(q->a, "%lld", (long long)c->file_keep_days) },
		{ "rows", rows.s },
		{ "fault", fault },
		{ "too_big", fault && strcmp(fault, "too-big") == 0 ? "1" : NULL },
		{ "too_many", fault && strcmp(fault, "too-many") == 0 ? "1" : NULL },
		{ "none", fault && strcmp(fault, "none") == 0 ? "1" : NULL },
		{ "broken", fault && strcmp(fault, "broken") == 0 ? "1" : NULL },
		{ NULL, NULL },
	};
	page_send(q, status, "upload", vars);
	sb_free(&rows);
}

static void show(struct http_req *q)
{
	if (*strchrnul(q->rest, '/'))
		page_fault(q, 404, "fault-missing");
	else
		upload_page_form(q, 200, NULL);
}

/* ---- the end ------------------------------------------------------------------------ */

static enum status end_link(struct store *s, void *arg, struct err *e)
{
	const struct view *v = arg;
	struct audit row = { .at = v->now, .who = "customer", .what = "upload.end", .ticket_id = v->link.ticket_id,
		.detail = arena_printf(v->a, "link %lld, %zu files", (long long)v->id, v->n) };
	enum status st = upload_link_end(s, v->id, v->now, e);
	return st == OK ? audit_add(s, &row, e) : st;
}

void upload_page_end(struct http_req *q)
{
	struct view v;
	struct err e;
	struct sb rows = SB_INIT;
	if (!open_link(q, &v))
		return;
	enum status st = writer_run(page_ingest(q)->writer, end_link, &v, &e);
	if (st != OK) {
		page_store_fault(q, st, &e);
		return;
	}
	log_info("upload_end", "link=%lld ticket=%lld files=%zu ip=%s", (long long)v.id, (long long)v.link.ticket_id, v.n, q->ip);
	for (size_t i = 0; i < v.n; i++)
		page_file_row(q, "part-file", &v.files[i], false, &rows);
	const struct tmpl_var vars[] = {
		{ "ticket", arena_printf(q->a, "%lld", (long long)v.link.ticket_id) },
		{ "rows", rows.s },
		{ NULL, NULL },
	};
	page_send(q, 200, "upload-ended", vars);
	sb_free(&rows);
}

const struct http_page page_upload_form = { .answer = show };
