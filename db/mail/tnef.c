/* winmail.dat as a MIME entity. See tnef.h. */
#include "tnef.h"
#include "text/charset.h"
#include "text/html.h"
#include "text/rtf.h"
#include "tnef_prop.h"
#include "wrap_put.h"
#include <string.h>
#include <strings.h>

enum { SIGNATURE = 0x223E9F78, OF_MAIL = 1, OF_FILE = 2, SAME_BEGIN = 48 };

enum attribute { /* type << 16 | id */
	ATT_BODY = 0x2800C, ATT_CODEPAGE = 0x69007, ATT_PROPS = 0x69003,
	ATT_FILE_BEGINS = 0x69002, ATT_FILE_TITLE = 0x18010, ATT_FILE_DATA = 0x6800F, ATT_FILE_PROPS = 0x69005
};

enum property {
	PR_BODY = 0x1000, PR_RTF = 0x1009, PR_HTML = 0x1013, PR_INTERNET_CPID = 0x3FDE, PR_DISPLAY_NAME = 0x3001,
	PR_DATA = 0x3701, PR_NAME = 0x3704, PR_METHOD = 0x3705, PR_LONG_NAME = 0x3707, PR_MIME_TAG = 0x370E,
	PR_CONTENT_ID = 0x3712
};
enum { METHOD_ITEM = 5 };

/* A string as it stands: with its type, or without bytes. */
struct string {
	uint32_t type;
	struct bytes b;
};

struct mail {
	struct string body, html;
	struct bytes rtf;
	const char *charset, *html_charset; /* of strings, of HTML */
};

struct file {
	bool any, item;
	struct string title, name, long_name, shown, mime, cid;
	struct bytes data;
};

struct attr {
	uint32_t level, id;
	struct bytes data;
};

static bool attr_next(struct bytes *b, struct attr *a)
{
	struct bytes level;
	uint32_t n, sum;
	if (!bytes_take(b, 1, &level) || !bytes_u32(b, &a->id) || !bytes_u32(b, &n))
		return false;
	a->level = level.p[0];
	bool whole = bytes_take(b, n, &a->data);
	if (!whole && !bytes_take(b, b->n, &a->data))
		return false;
	(void)bytes_u16(b, &sum);
	return a->level == OF_MAIL || a->level == OF_FILE;
}

/* ---- strings ---------------------------------------------------------------------- */

static void to_utf8(const struct string *s, const char *charset, struct sb *out)
{
	bool wide = s->type == PROP_UNICODE;
	struct bytes b = s->b;
	if (wide)
		b.n &= ~(size_t)1;
	while (b.n >= (wide ? 2u : 1u) && !b.p[b.n - 1] && (!wide || !b.p[b.n - 2]))
		b.n -= wide ? 2 : 1;
	if (b.n)
		text_to_utf8(wide ? "utf-16le" : charset, b.p, b.n, out);
}

static struct string string(const struct prop *p)
{
	return (struct string){ p->type, p->value };
}

static uint32_t number(const struct prop *p)
{
	struct bytes b = p->value;
	uint32_t v = 0;
	return bytes_u32(&b, &v) ? v : 0;
}

/* ---- the text ----------------------------------------------------------------------- */

static void mail_props(struct mail *m, struct bytes b)
{
	uint32_t count;
	struct prop p;
	if (!bytes_u32(&b, &count))
		return;
	while (count-- && prop_next(&b, &p)) {
		if (p.id == PR_BODY)
			m->body = string(&p);
		else if (p.id == PR_HTML)
			m->html = string(&p);
		else if (p.id == PR_RTF)
			m->rtf = p.value;
		else if (p.id == PR_INTERNET_CPID)
			m->html_charset = text_codepage(number(&p));
	}
}

/* False: nothing is in it. */
static bool read_mail(struct bytes b, struct mail *m)
{
	struct attr a;
	uint32_t v;
	bool any = false;
	while (attr_next(&b, &a)) {
		any = true;
		if (a.level != OF_MAIL)
			continue;
		if (a.id == ATT_BODY)
			m->body = (struct string){ PROP_STRING8, a.data };
		else if (a.id == ATT_PROPS)
			mail_props(m, a.data);
		else if (a.id == ATT_CODEPAGE && bytes_u32(&a.data, &v))
			m->charset = text_codepage(v);
	}
	return any;
}

/* Its text as UTF-8. True: it is HTML. */
static bool mail_text(const struct mail *m, struct sb *out)
{
	struct sb rtf = SB_INIT;
	bool html = m->html.b.n;
	if (html)
		to_utf8(&m->html, m->html_charset ? m->html_charset : m->charset, out);
	else if (m->rtf.n && rtf_unpack(m->rtf.p, m->rtf.n, &rtf))
		html = text_from_rtf(rtf.s, rtf.len, out) == RTF_HTML;
	if (!out->len) {
		html = false;
		to_utf8(&m->body, m->charset, out);
	}
	sb_free(&rtf);
	return html;
}

static void squeeze(const char *s, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i++)
		if (!strchr(" \t\r\n>", s[i]) || !s[i])
			sb_addc(out, s[i]);
}

/* Nothing but what stands beside it already, give or take links and blanks. */
static bool said(const char *text, size_t n, const char *have)
{
	struct sb a = SB_INIT, b = SB_INIT;
	squeeze(text, n, &a);
	squeeze(have, strlen(have), &b);
	bool same = !a.len || (a.len <= b.len * 2 + SAME_BEGIN && b.len <= a.len * 2 + SAME_BEGIN &&
	                       memmem(b.s, b.len, a.s, a.len < SAME_BEGIN ? a.len : SAME_BEGIN));
	sb_free(&a);
	sb_free(&b);
	return same;
}

static void put_mail(const struct mail *m, const char *have, size_t tag, struct sb *entity)
{
	struct sb text = SB_INIT, plain = SB_INIT;
	bool html = mail_text(m, &text);
	if (html)
		text_from_html(text.s, text.len, &plain);
	struct wrap_part w = { .type = html ? "text/html" : "text/plain", .charset = "utf-8" };
	if (!said(html ? plain.s : text.s, html ? plain.len : text.len, have))
		wrap_put(tag, &w, text.s, text.len, entity);
	sb_free(&text);
	sb_free(&plain);
}

/* ---- files ------------------------------------------------------------------------- */

static void file_props(struct file *f, struct bytes b)
{
	uint32_t count;
	struct prop p;
	if (!bytes_u32(&b, &count))
		return;
	while (count-- && prop_next(&b, &p)) {
		if (p.id == PR_LONG_NAME)
			f->long_name = string(&p);
		else if (p.id == PR_NAME)
			f->name = string(&p);
		else if (p.id == PR_DISPLAY_NAME)
			f->shown = string(&p);
		else if (p.id == PR_MIME_TAG)
			f->mime = string(&p);
		else if (p.id == PR_CONTENT_ID)
			f->cid = string(&p);
		else if (p.id == PR_METHOD)
			f->item = number(&p) == METHOD_ITEM;
		else if (p.id == PR_DATA && p.type == PROP_BINARY)
			f->data = p.value;
		else if (p.id == PR_DATA && p.type == PROP_OBJECT && p.value.n > 16) /* behind the GUID of its interface */
			f->data = (struct bytes){ p.value.p + 16, p.value.n - 16 };
	}
}

static const struct string *file_name(const struct file *f)
{
	return f->long_name.b.n > 1 ? &f->long_name : f->title.b.n > 1 ? &f->title : f->name.b.n > 1 ? &f->name : &f->shown;
}

static bool is_tnef(struct bytes b)
{
	uint32_t v;
	return bytes_u32(&b, &v) && v == SIGNATURE;
}

static void put_file(const struct file *f, const char *charset, size_t tag, struct sb *entity)
{
	struct sb name = SB_INIT, mime = SB_INIT, cid = SB_INIT;
	bool item = f->item && is_tnef(f->data);
	if (!f->any)
		return;
	to_utf8(file_name(f), charset, &name);
	to_utf8(&f->mime, charset, &mime);
	to_utf8(&f->cid, charset, &cid);
	struct wrap_part w = { .name = name.s, .type = mime.len ? mime.s : NULL, .cid = cid.len ? cid.s : NULL };
	if (item)
		w.type = "application/ms-tnef";
	else if (strncasecmp(mime.s, "multipart/", 10) == 0)
		w.type = NULL;
	wrap_put(tag, &w, f->data.p, f->data.n, entity);
	sb_free(&name);
	sb_free(&mime);
	sb_free(&cid);
}

static void put_files(struct bytes b, const char *charset, size_t tag, struct sb *entity)
{
	struct attr a;
	struct file f = { 0 };
	while (attr_next(&b, &a)) {
		if (a.level != OF_FILE)
			continue;
		if (a.id == ATT_FILE_BEGINS) {
			put_file(&f, charset, tag, entity);
			f = (struct file){ 0 };
		} else if (a.id == ATT_FILE_TITLE) {
			f.title = (struct string){ PROP_STRING8, a.data };
		} else if (a.id == ATT_FILE_DATA) {
			f.data = a.data;
		} else if (a.id == ATT_FILE_PROPS) {
			file_props(&f, a.data);
		}
		f.any = true;
	}
	put_file(&f, charset, tag, entity);
}

bool tnef_open(const void *p, size_t n, const char *have, struct sb *entity)
{
	struct bytes b = { p, n };
	struct mail m = { 0 };
	uint32_t v;
	if (!is_tnef(b) || !bytes_u32(&b, &v) || !bytes_u16(&b, &v) || !read_mail(b, &m))
		return false;
	wrap_put_begin(n, entity);
	size_t empty = entity->len;
	put_mail(&m, have, n, entity);
	put_files(b, m.charset, n, entity);
	if (entity->len == empty)
		wrap_put(n, &(struct wrap_part){ .type = "text/plain" }, "", 0, entity);
	wrap_put_end(n, entity);
	return true;
}
