/* An issue as readers get it. See bulk_render.h. */
#include "bulk_render.h"
#include "mail/hdr.h"
#include "mail/msg_build.h"
#include "mail/msg_parse.h"
#include "store/store_link.h"
#include "store/store_message.h"
#include "text/html.h"
#include "text/tmpl.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HTTPS = 443 };

/* ---- attachments ---------------------------------------------------------------------- */

const char *bulk_bytes(struct arena *a, int64_t n)
{
	if (n >= 1000000000)
		return arena_printf(a, "%.1f GB", (double)n / 1e9);
	return n >= 1000000 ? arena_printf(a, "%.1f MB", (double)n / 1e6) : arena_printf(a, "%lld KB", (long long)(n + 999) / 1000);
}

bool bulk_by_link(const struct cfg *c, const struct news_draft *d)
{
	return d->attached > (size_t)c->news_attach_link;
}

/* Their names and links, for the foot. */
static const char *links(const struct build_ctx *b, const struct issue *i, const struct news_draft *d, struct arena *a)
{
	struct sb out = SB_INIT;
	for (size_t k = 0; k < d->nfiles; k++) {
		if (news_draft_is_picture(&d->files[k]))
			continue;
		char *url = link_url(store_links(b->s), b->cfg, LINK_ISSUE, issue_link(i->draft_id, k));
		sb_addf(&out, "%s　%s (%s)\n　%s", out.len ? "\n" : "", news_draft_name(&d->files[k], a), bulk_bytes(a, (int64_t)d->files[k].n), url);
		free(url);
	}
	char *r = arena_memdup(a, out.s, out.len);
	sb_free(&out);
	return r;
}

/* Pictures stay with their HTML. */
static void leave_out(struct news_draft *d, struct arena *a)
{
	struct build_file *v = arena_zalloc(a, (d->nfiles + 1) * sizeof *v);
	size_t n = 0;
	for (size_t k = 0; k < d->nfiles; k++)
		if (news_draft_is_picture(&d->files[k]))
			v[n++] = d->files[k];
	d->files = v;
	d->nfiles = n;
}

/* ---- the foot of every issue: who sends it, how to end it --------------------------- */

static enum status footer(const struct build_ctx *b, const struct issue *i, const struct news_draft *d, struct arena *a,
                          struct sb *out, struct err *e)
{
	struct sb subject = SB_INIT;
	char until[48];
	const struct tmpl_var v[] = {
		{ "files", bulk_by_link(b->cfg, d) ? links(b, i, d, a) : NULL },
		{ "until", clk_ja(issue_links_until(i, b->cfg->news_link_days), until) },
		{ "issue", arena_printf(a, "%lld", (long long)i->id) }, { "name", b->cfg->news_name },
		{ "sender", b->cfg->news_sender }, { "desk_name", b->cfg->desk_name },
		{ "desk_address", token_desk_address(&b->token, a) },
		{ "from", arena_printf(a, "%s@%s", b->cfg->news_from, b->cfg->domain) },
		{ "one_click", b->cfg->news_one_click ? "1" : "" }, { "domain", b->cfg->domain }, { NULL, NULL },
	};
	enum status st = tmpl_render_file(b->cfg->templates, "issue-footer", v, &subject, out, e);
	sb_free(&subject);
	return st;
}

static const char *with_text_footer(const char *text, const struct sb *foot, struct arena *a)
{
	size_t n = strlen(text);
	while (n && strchr(" \t\r\n", text[n - 1]))
		n--;
	return arena_printf(a, "%.*s\n\n%s", (int)n, text, foot->s);
}

/* A line that is a link can be pressed. */
static void html_line(const char *p, size_t n, struct sb *out)
{
	static const char gap[] = "　";
	size_t skip = n > sizeof gap && memcmp(p, gap, sizeof gap - 1) == 0 ? sizeof gap - 1 : 0;
	bool link = n > skip + 8 && memcmp(p + skip, "https://", 8) == 0;
	if (link) {
		sb_add(out, p, skip);
		sb_adds(out, "<a href=\"");
		text_html_escape(p + skip, n - skip, out);
		sb_adds(out, "\">");
	}
	text_html_escape(link ? p + skip : p, link ? n - skip : n, out);
	if (link)
		sb_adds(out, "</a>");
	sb_adds(out, "<br>\n");
}

/* Before </body>, where there is one. */
static const char *with_html_footer(const char *html, const struct sb *foot, struct arena *a)
{
	struct sb out = SB_INIT;
	const char *end = html + strlen(html);
	for (const char *p = html; (p = strcasestr(p, "</body")); p++)
		end = p;
	sb_add(&out, html, (size_t)(end - html));
	sb_adds(&out, "\n<hr><div style=\"font-size:small;color:#555\">");
	for (const char *p = foot->s; *p; p += strcspn(p, "\n"), p += *p == '\n')
		html_line(p, strcspn(p, "\n"), &out);
	sb_adds(&out, "</div>\n");
	sb_adds(&out, end);
	char *r = arena_memdup(a, out.s, out.len);
	sb_free(&out);
	return r;
}

/* ---- what all copies share ------------------------------------------------------------- */

/* The header but Message-ID, which seeded the boundaries and is each reader's own. */
static void split(const struct sb *mail, struct bulk_body *r)
{
	const char *end = strstr(mail->s, "\r\n\r\n"), *pos = mail->s;
	struct hdr_field f;
	while (hdr_next(&pos, end + 2, false, &f))
		if (!hdr_is(&f, "Message-ID"))
			sb_add(&r->head, f.start, (size_t)(f.end - f.start));
	sb_add(&r->body, end + 4, mail->len - (size_t)(end + 4 - mail->s));
}

static void build(const struct build_ctx *b, const struct issue *i, const struct news_draft *d, epoch at, struct arena *a,
                  struct sb *mail)
{
	const struct cfg *c = b->cfg;
	const struct msg_addr to = { .name = c->news_name, .addr = arena_printf(a, "%s@%s", c->news_to, c->domain) };
	const char *extra[] = {
		arena_printf(a, "List-Id: <%s.%s>", c->news_to, c->domain),
		arena_printf(a, "Feedback-ID: issue%lld:%s:news:yorozu", (long long)i->id, c->news_to),
		"Precedence: bulk",
		"X-Auto-Response-Suppress: OOF, AutoReply", /* what Exchange heeds */
		NULL,
	};
	const struct build m = {
		.from_name = c->news_name, .from_addr = arena_printf(a, "%s@%s", c->news_from, c->domain), .to = &to, .nto = 1,
		.subject = i->subject, .message_id = token_news_message_id(&b->token, a, i->id, 0), .date = at, .extra = extra,
		.text = d->text, .html = d->html, .files = d->files, .nfiles = d->nfiles,
	};
	msg_build(&m, mail);
}

enum status bulk_render(const struct build_ctx *b, const struct issue *i, const struct news_draft *d, epoch at,
                        struct bulk_body *r, struct err *e)
{
	struct sb foot = SB_INIT, mail = SB_INIT;
	struct news_draft with = *d;
	struct arena *a = arena_new();
	*r = (struct bulk_body){ .head = SB_INIT, .body = SB_INIT };
	enum status st = footer(b, i, d, a, &foot, e);
	if (st == OK) {
		if (bulk_by_link(b->cfg, d))
			leave_out(&with, a);
		with.text = with_text_footer(d->text, &foot, a);
		with.html = d->html ? with_html_footer(d->html, &foot, a) : NULL;
		build(b, i, &with, at, a, &mail);
		split(&mail, r);
		dkim_body_hash(r->body.s, r->body.len, &r->hash);
	}
	sb_free(&foot);
	sb_free(&mail);
	arena_free(&a);
	return st;
}

enum status bulk_render_issue(const struct build_ctx *b, const struct issue *i, epoch at, struct bulk_body *r, struct err *e)
{
	struct sb raw = SB_INIT;
	struct msg *m = NULL;
	struct news_draft d;
	*r = (struct bulk_body){ .head = SB_INIT, .body = SB_INIT };
	enum status st = message_raw(b->s, i->draft_id, &raw, e);
	if (st == OK)
		st = msg_parse(raw.s, raw.len, &prescan_default, &m, e);
	if (st == OK) {
		news_draft_read(m, m->arena, &d);
		st = bulk_render(b, i, &d, at, r, e);
	}
	msg_free(&m);
	sb_free(&raw);
	return st;
}

void bulk_body_free(struct bulk_body *r)
{
	sb_free(&r->head);
	sb_free(&r->body);
}

/* ---- one reader -------------------------------------------------------------------------- */

static void add_link(const struct build_ctx *b, const char *token, struct sb *out)
{
	int port = cfg_https_port(b->cfg);
	sb_addf(out, "<https://%s", b->cfg->web_host);
	if (port != HTTPS)
		sb_addf(out, ":%d", port);
	sb_adds(out, "/n/");
	sb_addf(out, "%s>,\r\n ", token);
}

void bulk_head(const struct build_ctx *b, const struct dkim_signer *signer, const struct bulk_body *body, int64_t issue,
               int64_t reader, epoch now, struct arena *a, struct sb *out)
{
	struct sb head = SB_INIT;
	sb_add(&head, body->head.s, body->head.len);
	sb_addf(&head, "Message-ID: <%s>\r\n", token_news_message_id(&b->token, a, issue, reader));
	sb_adds(&head, "List-Unsubscribe: ");
	if (b->cfg->news_one_click)
		add_link(b, token_stop_link(&b->token, a, issue, reader), &head);
	sb_addf(&head, "<mailto:%s?subject=unsubscribe>\r\n", token_stop_address(&b->token, a, issue, reader));
	if (b->cfg->news_one_click)
		sb_adds(&head, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
	if (signer)
		dkim_sign(signer, &body->hash, head.s, head.len, now, out);
	sb_add(out, head.s, head.len);
	sb_adds(out, "\r\n");
	sb_free(&head);
}
