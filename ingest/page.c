/* Pages for people: see page.h. */
#include "page.h"
#include "base/log.h"
#include <stdio.h>
#include <string.h>

enum { MAX_VARS = 24 };
#define HTML "text/html; charset=utf-8"

static void render(const struct http_req *q, const char *name, const struct tmpl_var *vars, struct sb *title,
                   struct sb *body)
{
	const struct cfg *c = page_ingest(q)->cfg;
	struct err e;
	struct tmpl_var all[MAX_VARS + 3];
	size_t n = 0;
	for (; vars && vars[n].name && n < MAX_VARS; n++)
		all[n] = vars[n];
	all[n++] = (struct tmpl_var){ "desk_name", c->desk_name };
	all[n++] = (struct tmpl_var){ "desk_address", arena_printf(q->a, "%s@%s", c->desk_localpart, c->domain) };
	all[n] = (struct tmpl_var){ NULL, NULL };
	if (tmpl_render_html_file(c->web_templates, name, all, title, body, &e) != OK)
		log_error("template", "name=%s error=%s", name, log_quote(e.msg));
}

void page_send(struct http_req *q, int status, const char *name, const struct tmpl_var *vars)
{
	struct sb title = SB_INIT, body = SB_INIT, none = SB_INIT, whole = SB_INIT;
	render(q, name, vars, &title, &body);
	const struct tmpl_var frame[] = { { "title", title.s }, { "content", body.s }, { NULL, NULL } };
	render(q, "frame", frame, &none, &whole);
	http_answer(q, status, HTML, &whole);
	sb_free(&title), sb_free(&body), sb_free(&none);
}

void page_fault(struct http_req *q, int status, const char *name)
{
	static const struct tmpl_var none[] = { { NULL, NULL } };
	page_send(q, status, name, none);
}

void page_link_fault(struct http_req *q, enum link_verdict v)
{
	page_fault(q, 410, v == LINK_EXPIRED ? "fault-expired" : "fault-spent");
}

void page_store_fault(struct http_req *q, enum status st, const struct err *e)
{
	if (st == ERR_NOTFOUND) {
		page_fault(q, 404, "fault-missing");
		return;
	}
	log_error("store", "page=%s status=%s error=%s", q->prefix, status_name(st), log_quote(e->msg));
	http_header(q, "Retry-After", "60");
	page_fault(q, 503, "fault-busy");
}

void page_part(const struct http_req *q, const char *name, const struct tmpl_var *vars, struct sb *out)
{
	struct sb title = SB_INIT;
	render(q, name, vars, &title, out);
	sb_free(&title);
}

const char *size_words(int64_t size, char buf[32])
{
	if (size < 1000)
		snprintf(buf, 32, "%lld バイト", (long long)size);
	else if (size < 1000 * 1000)
		snprintf(buf, 32, "%.1f KB", (double)size / 1e3);
	else if (size % (1000 * 1000) == 0)
		snprintf(buf, 32, "%lld MB", (long long)size / (1000 * 1000));
	else
		snprintf(buf, 32, "%.1f MB", (double)size / 1e6);
	return buf;
}

void page_file_row(const struct http_req *q, const char *part, const struct stored_file *f, bool fetched,
                   struct sb *out)
{
	char size[32], sum[2 * SHA256_LEN + 1];
	hex_encode(f->sha256, SHA256_LEN, sum);
	const struct tmpl_var v[] = {
		{ "id", arena_printf(q->a, "%lld", (long long)f->id) },
		{ "name", f->name },
		{ "size", size_words(f->size, size) },
		{ "sha256", sum },
		{ "deleted", f->state == FILE_DELETED ? "1" : NULL },
		{ "fetched", f->state == FILE_STORED && fetched ? "1" : NULL },
		{ "here", f->state == FILE_STORED && !fetched ? "1" : NULL },
		{ NULL, NULL },
	};
	page_part(q, part, v, out);
}
