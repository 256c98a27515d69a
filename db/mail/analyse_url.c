/*
 * The links of a suspicious mail. Text from HTML shows a link as "words <url>"
 * (text/html.h), and so do the text parts of some clients; that is where words
 * that name another site than the link are found.
 */
#include "mail/analyse_impl.h"
#include "mail/msg_impl.h"
#include "text/defang.h"
#include "text/html.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 1 << 20, SHOWN_MAX = 200, URL_SHOWN = 400, ASKED_MAX = 4000 };

struct finder {
	const char *own;
	struct arena *a;
	struct suspect *s;
	bool page; /* the text is a page's: words of a link stand before its address */
	int asked; /* addresses looked at: a mail may hold a million */
};

static bool host_of(const char *url, size_t n, struct sb *host, bool *user)
{
	sb_reset(host);
	return text_url_host(url, n, host, user);
}

static bool is_number(const char *host)
{
	size_t n = strlen(host);
	return *host == '[' || (n && strspn(host, "0123456789.") == n) || strncmp(host, "0x", 2) == 0;
}

/* ---- words that show another site ------------------------------------------------------ */

/* A host name among the words s..end, from its dot: its start and length. */
static size_t named_host(const char *s, const char *end, const char *dot, const char **from_r)
{
	const char *p = dot, *q = dot + 1;
	while (p > s && ((p[-1] & 0x80) == 0) && (isalnum((unsigned char)p[-1]) || p[-1] == '-' || p[-1] == '.'))
		p--;
	while (q < end && (*q & 0x80) == 0 && (isalnum((unsigned char)*q) || *q == '-' || *q == '.'))
		q++;
	const char *tld = q;
	while (tld > dot + 1 && isalpha((unsigned char)tld[-1]))
		tld--;
	*from_r = p;
	bool good = p < dot && q - tld >= 2 && tld[-1] == '.' && (p == s || p[-1] != '@');
	return good ? (size_t)(q - p) : 0;
}

static bool is_file_ending(const char *p, size_t n)
{
	static const char *const ends[] = { ".pdf", ".zip", ".html", ".htm", ".exe", ".doc", ".docx", ".xls", ".xlsx", ".txt",
		                            ".jpg", ".png", NULL };
	for (const char *const *e = ends; *e; e++)
		if (n >= strlen(*e) && strncasecmp(p + n - strlen(*e), *e, strlen(*e)) == 0)
			return true;
	return false;
}

/* The words of a link "words <url>", back to the line's or the last link's end. */
static const char *shown_other(struct finder *f, const char *text, const char *url, const char *host)
{
	const char *s = url, *end = url - 1, *from;
	if (url < text + 2 || url[-1] != '<')
		return "";
	while (s > text && url - s < SHOWN_MAX && s[-1] != '\n' && (s == url || s[-1] != '>'))
		s--;
	for (const char *dot = s; (dot = memchr(dot, '.', (size_t)(end - dot))); dot++) {
		size_t n = named_host(s, end, dot, &from);
		if (!n || is_file_ending(from, n))
			continue;
		const char *name = arena_strndup(f->a, from, n);
		if (!text_same_site(name, host))
			return name;
		dot = from + n - 1;
	}
	return "";
}

/* ---- one link -------------------------------------------------------------------------- */

static struct suspect_url *seen_before(struct suspect *s, const char *url)
{
	for (size_t i = 0; i < s->nurls; i++)
		if (strcmp(s->urls[i].url, url) == 0)
			return &s->urls[i];
	return NULL;
}

static const char *unwrapped(struct arena *a, const char *url, size_t n)
{
	struct sb b = SB_INIT;
	const char *r = text_url_unwrap(url, n, &b) ? analyse_line(a, b.s, b.len, URL_SHOWN) : "";
	sb_free(&b);
	return r;
}

static const char *spelled_out(struct arena *a, const struct sb *host)
{
	struct sb b = SB_INIT;
	const char *r = text_host_unicode(host->s, host->len, &b) ? analyse_line(a, b.s, b.len, URL_SHOWN) : "";
	sb_free(&b);
	return r;
}

static void found(struct finder *f, const char *text, const char *url, size_t n, bool hidden)
{
	struct suspect *s = f->s;
	struct sb host = SB_INIT;
	struct suspect_url u = { .hidden = hidden };
	if (f->asked++ > ASKED_MAX || !host_of(url, n, &host, &u.user)) {
		sb_free(&host);
		return;
	}
	u.url = analyse_line(f->a, url, n, URL_SHOWN);
	u.shown = hidden ? "" : shown_other(f, text, url, host.s);
	struct suspect_url *old = seen_before(s, u.url);
	if (old) {
		if (*u.shown && !*old->shown)
			old->shown = u.shown;
	} else if (s->nurls == ANALYSE_URLS) {
		s->urls_more++;
	} else {
		u.target = unwrapped(f->a, url, n);
		u.unicode = spelled_out(f->a, &host);
		u.number = is_number(host.s);
		u.lookalike = *f->own && text_host_lookalike(host.s, f->own);
		s->urls[s->nurls++] = u;
	}
	sb_free(&host);
}

/* "http://bank.example/ <http://evil.example/>": the first is words. */
static bool is_words(const struct finder *f, const char *p, const char *end)
{
	const char *to = p + (f->page ? SHOWN_MAX : 1);
	for (; p + 6 < end && p <= to && *p != '\n' && *p != '>'; p++)
		if (*p == '<')
			return p[-1] == ' ' && strncasecmp(p + 1, "http", 4) == 0;
	return false;
}

static void in_text(struct finder *f, const char *text, size_t n)
{
	size_t pos = 0, at, len;
	while (text_url_next(text, n, &pos, &at, &len) && f->asked <= ASKED_MAX)
		if (!is_words(f, text + at + len, text + n))
			found(f, text, text + at, len, false);
}

/* Names of document types are addresses that nobody is sent to. */
static bool is_namespace(const char *p, size_t n)
{
	return memmem(p, n, "://www.w3.org/", 14) || memmem(p, n, "://schemas.", 11) || memmem(p, n, "://purl.org/", 12);
}

/* Pictures of the customer's own signature. */
static bool is_own(struct finder *f, const struct sb *url)
{
	struct sb host = SB_INIT;
	bool user, own = *f->own && host_of(url->s, url->len, &host, &user) && text_same_site(host.s, f->own);
	sb_free(&host);
	return own;
}

static void amp(const char *p, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i++) {
		sb_addc(out, p[i]);
		if (p[i] == '&' && n - i >= 5 && strncasecmp(p + i, "&amp;", 5) == 0)
			i += 4;
	}
}

/* Addresses that a reader does not see: pictures, forms, styles. */
static void in_source(struct finder *f, const char *html, size_t n)
{
	size_t pos = 0, at, len;
	while (text_url_next(html, n, &pos, &at, &len) && f->asked <= ASKED_MAX) {
		struct sb url = SB_INIT;
		if (!at || !strchr("\"'=(", html[at - 1]))
			continue; /* text, which was read already */
		amp(html + at, len, &url);
		if (!is_namespace(url.s, url.len) && !is_own(f, &url))
			found(f, url.s, url.s, url.len, true);
		sb_free(&url);
	}
}

static void in_leaf(struct finder *f, const struct msg_part *p, bool source)
{
	struct sb b = SB_INIT, text = SB_INIT;
	msg_part_text(p, &b);
	if (b.len > TEXT_MAX)
		sb_setlen(&b, TEXT_MAX);
	if (!msg_part_is_html(p))
		in_text(f, b.s, source ? 0 : b.len);
	else if (source) {
		in_source(f, b.s, b.len);
	} else {
		text_from_html(b.s, b.len, &text);
		f->page = true;
		in_text(f, text.s, text.len);
		f->page = false;
	}
	sb_free(&b);
	sb_free(&text);
}

static void below(struct finder *f, const struct msg_part *p, bool source)
{
	if (p->kind == PART_LEAF) {
		if (msg_part_is_text(p))
			in_leaf(f, p, source);
		return;
	}
	for (const struct msg_part *c = p->child; c && p->kind != PART_MESSAGE; c = c->next)
		below(f, c, source);
}

/* What is shown comes first in the list. */
void analyse_urls(const struct msg_part *p, const char *own_domain, struct arena *a, struct suspect *s)
{
	struct finder f = { .own = own_domain, .a = a, .s = s };
	below(&f, p, false);
	below(&f, p, true);
}

void analyse_page_urls(const char *text, size_t n, const char *own_domain, struct arena *a, struct suspect *s)
{
	struct finder f = { .own = own_domain, .a = a, .s = s, .page = true };
	in_text(&f, text, n);
}

void analyse_source_urls(const char *html, size_t n, const char *own_domain, struct arena *a, struct suspect *s)
{
	struct finder f = { .own = own_domain, .a = a, .s = s };
	in_source(&f, html, n < TEXT_MAX ? n : TEXT_MAX);
}
