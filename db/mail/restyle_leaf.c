/*
 * The banner at the beginning of a text leaf, in the leaf's own charset and
 * transfer encoding where those can hold it, else in UTF-8.
 * SECURITY: hostile text; HTML may try to hide the banner.
 */
#include "restyle_leaf.h"
#include "build_util.h"
#include "msg_impl.h"
#include "text/charset.h"
#include "text/html.h"
#include "xfer.h"
#include <string.h>
#include <strings.h>

static const char *family(const char *charset)
{
	static const struct {
		const char *label, *family;
	} t[] = { { "iso-2022-jp", "iso-2022-jp" }, { "csiso2022jp", "iso-2022-jp" }, { "iso-2022-jp-ms", "iso-2022-jp" },
		  { "shift_jis", "cp932" }, { "shift-jis", "cp932" }, { "sjis", "cp932" }, { "x-sjis", "cp932" },
		  { "cp932", "cp932" }, { "windows-31j", "cp932" }, { "ms932", "cp932" },
		  { "utf-8", "utf-8" }, { "utf8", "utf-8" }, { "euc-jp", "euc-jp" }, { "us-ascii", "us-ascii" },
		  { "ascii", "us-ascii" } };
	for (size_t i = 0; charset && i < sizeof t / sizeof *t; i++)
		if (strcasecmp(charset, t[i].label) == 0)
			return t[i].family;
	return NULL;
}

/* The banner in the leaf's own charset; false when that can't hold it or the
 * label is not true. */
static bool own_charset(const struct msg_part *p, const struct sb *raw, const char *used, const struct sb *ins,
			struct sb *out)
{
	const char *label = family(p->charset), *really = family(used);
	bool plain = text_is_ascii(raw->s, raw->len) && !memchr(raw->s, 033, raw->len);
	if (text_is_ascii(ins->s, ins->len) && plain) {
		sb_add(out, ins->s, ins->len);
		return true;
	}
	if (!label || strcmp(label, "us-ascii") == 0 || (!plain && (!really || strcmp(label, really) != 0)))
		return false;
	return text_from_utf8(label, ins->s, ins->len, out);
}

/* Behind <body …>, else at the start; ISO-2022-JP's two-byte runs, which may
 * hold any of these letters, are passed over. */
static size_t body_tag(const char *s, size_t n)
{
	bool kanji = false;
	for (size_t i = 0; i + 5 < n; i++) {
		if (s[i] == 033)
			kanji = s[i + 1] == '$';
		if (kanji || s[i] != '<' || strncasecmp(s + i, "<body", 5) != 0)
			continue;
		const char *gt = memchr(s + i, '>', n - i);
		return gt ? (size_t)(gt + 1 - s) : 0;
	}
	return 0;
}

/* Nothing but what belongs into a <head> before this place: <body> inside a
 * hidden <div> would hide the banner. */
static bool only_head(const char *s, size_t n)
{
	static const char *const names[] = { "html", "head", "meta", "title", "style", "link", "base", "script", "body" };
	for (size_t i = 0; i + 1 < n; i++) {
		bool ok = s[i] != '<' || s[i + 1] == '!' || s[i + 1] == '/';
		for (size_t k = 0; !ok && k < sizeof names / sizeof *names; k++)
			ok = n - i > strlen(names[k]) && strncasecmp(s + i + 1, names[k], strlen(names[k])) == 0;
		if (!ok)
			return false;
	}
	return true;
}

/* Would a reader see what is put at this place? Not inside an unclosed <title>,
 * attribute, comment or script, which a hostile mail may hold. The mark can't
 * stand in the mail, whose hash it is. */
static bool is_visible(const struct sb *html, size_t at)
{
	struct sb all = SB_INIT, seen = SB_INIT;
	char mark[BUILD_BOUNDARY];
	build_boundary(html->s, html->len, 0, mark);
	sb_add(&all, html->s, at);
	sb_addf(&all, "<p>%s</p>", mark);
	sb_add(&all, html->s + at, html->len - at);
	text_from_html(all.s, all.len, &seen);
	bool ok = only_head(html->s, at) && strstr(seen.s, mark);
	sb_free(&all);
	sb_free(&seen);
	return ok;
}

static size_t place(const struct restyled_leaf *c, const struct sb *raw)
{
	size_t at = c->in_body ? body_tag(raw->s, raw->len) : 0;
	if (!at && raw->len >= 3 && memcmp(raw->s, "\xEF\xBB\xBF", 3) == 0)
		at = 3;
	return at;
}

static void splice(const struct sb *raw, size_t at, const struct sb *ins, const char *eol, struct sb *out)
{
	sb_add(out, raw->s, at);
	build_eol(ins->s, ins->len, eol, out);
	sb_add(out, raw->s + at, raw->len - at);
}

/* Charset and transfer encoding stay as they were. */
static bool keep_form(struct restyled_leaf *c, const char *eol, const struct sb *raw, const struct sb *ins)
{
	struct sb all = SB_INIT;
	size_t at = place(c, raw);
	bool base64 = strcmp(c->p->encoding, "base64") == 0, qp = strcmp(c->p->encoding, "quoted-printable") == 0;
	if (!base64 && !qp) {
		bool eight = strcmp(c->p->encoding, "8bit") == 0 || strcmp(c->p->encoding, "binary") == 0;
		if ((!eight && !text_is_ascii(ins->s, ins->len)) || strstr(c->p->encoding, "uu"))
			return false;
		splice(raw, at, ins, eol, &c->body);
		return true;
	}
	if (qp && at == 0) {
		xfer_qp(ins->s, ins->len, eol, &c->body);
		sb_add(&c->body, c->p->body, c->p->body_len);
		return true;
	}
	splice(raw, at, ins, "\r\n", &all);
	if (qp)
		xfer_qp(all.s, all.len, eol, &c->body);
	else
		xfer_base64(all.s, all.len, eol, &c->body);
	sb_free(&all);
	return true;
}

static void as_utf8(struct restyled_leaf *c, const char *eol, const struct sb *text, const struct sb *ins)
{
	struct sb all = SB_INIT;
	splice(text, place(c, text), ins, "\n", &all);
	c->encoding = build_text(all.s, all.len, eol, &c->body);
	if (strcmp(c->p->type, "text/html") == 0)
		c->type = "text/html; charset=utf-8";
	else if (!c->p->flowed)
		c->type = "text/plain; charset=utf-8";
	else
		c->type = c->p->delsp ? "text/plain; charset=utf-8; format=flowed; delsp=yes"
				      : "text/plain; charset=utf-8; format=flowed";
	sb_free(&all);
}

/* Lines of the banner end hard in flowed text (RFC 3676 §4): no space at the
 * end, and those that would look quoted or stuffed are stuffed. */
static void unflowable(const char *s, struct sb *out)
{
	while (*s) {
		size_t n = strcspn(s, "\n"), keep = n;
		while (keep && s[keep - 1] == ' ')
			keep--;
		if (keep && (*s == ' ' || *s == '>' || strncmp(s, "From ", 5) == 0))
			sb_addc(out, ' ');
		sb_add(out, s, keep);
		sb_addc(out, '\n');
		s += n + (s[n] == '\n');
	}
}

static void banner_for(const struct restyle *r, const struct msg_part *p, struct sb *out)
{
	const char *s = r->banner;
	if (strcmp(p->type, "text/html") == 0) {
		if (r->banner_html) {
			sb_adds(out, r->banner_html);
		} else {
			sb_adds(out, "<pre>");
			text_html_escape(s, strlen(s), out);
			sb_adds(out, "</pre>\n");
		}
		return;
	}
	if (p->flowed)
		unflowable(s, out);
	else
		sb_adds(out, s);
	if (out->len && out->s[out->len - 1] != '\n')
		sb_addc(out, '\n');
}

void restyle_leaf(const struct msg_part *p, const struct restyle *r, const char *eol, struct restyled_leaf *c)
{
	struct sb raw = SB_INIT, text = SB_INIT, ins = SB_INIT, enc = SB_INIT;
	*c = (struct restyled_leaf){ .p = p, .body = SB_INIT };
	banner_for(r, p, &ins);
	xfer_decode(p->encoding, p->body, p->body_len, 2 * RESTYLE_LEAF_MAX, &raw);
	const char *used = msg_part_utf8(p, &text);
	if (strcmp(p->type, "text/html") == 0) {
		size_t at = body_tag(text.s, text.len);
		c->in_body = at && is_visible(&text, at);
	}
	if (!own_charset(p, &raw, used, &ins, &enc) || !keep_form(c, eol, &raw, &enc))
		as_utf8(c, eol, &text, &ins);
	sb_free(&raw);
	sb_free(&text);
	sb_free(&ins);
	sb_free(&enc);
}
