/* DESK-09: what staff are shown of forwarded mails can't be clicked, and says
 * what does not fit. The tables themselves are tests/golden/analyse. */
#include "base/io.h"
#include "mail/analyse_show.h"
#include "mail/msg_inert.h"
#include "text/charset.h"
#include "text/defang.h"
#include "text/layout.h"
#include "unit.h"
#include <glob.h>
#include <stdio.h>
#include <string.h>

/* ---- links as text ------------------------------------------------------------------ */

static void ck_defang(const char *in, const char *want)
{
	struct sb b = SB_INIT, again = SB_INIT;
	text_defang(in, strlen(in), &b);
	ck_assert_str_eq(b.s, want);
	text_defang(b.s, b.len, &again);
	ck_assert_str_eq(again.s, want);
	sb_free(&b);
	sb_free(&again);
}

START_TEST(test_defang)
{
	ck_defang("https://evil.example/a?b=http://c.example", "hxxps[:]//evil[.]example/a?b=hxxp[:]//c[.]example");
	ck_defang("HTTP://EVIL.EXAMPLE", "hxxp[:]//EVIL[.]EXAMPLE");
	ck_defang("www.evil.example、evil.example です", "www[.]evil[.]example、evil[.]example です");
	ck_defang("a@evil.example mailto:b@c.example", "a[@]evil[.]example mailto[:]b[@]c[.]example");
	ck_defang("javascript:alert(1) data:text/html,x", "javascript[:]alert(1) data[:]text/html,x");
	ck_defang("203.0.113.9 は 1.5 倍、12:30、1.2.3", "203[.]0[.]113[.]9 は 1.5 倍、12:30、1[.]2[.]3");
	ck_defang("http:\\\\evil.example", "hxxp[:]\\\\evil[.]example");
	ck_defang("：3.0 KB、1.5倍", "：3.0 KB、1.5倍");
	ck_defang("終わり。以上. Next", "終わり。以上. Next");
	ck_defang("", "");
}
END_TEST

static void ck_url(const char *text, const char *want)
{
	size_t pos = 0, at, n;
	struct sb b = SB_INIT;
	while (text_url_next(text, strlen(text), &pos, &at, &n))
		sb_addf(&b, "[%.*s]", (int)n, text + at);
	ck_assert_str_eq(b.s, want);
	sb_free(&b);
}

START_TEST(test_finding)
{
	ck_url("http://a.example/xをクリック", "[http://a.example/x]");
	ck_url("(https://a.example/b_(c)) <http://d.example>。", "[https://a.example/b_(c)][http://d.example]");
	ck_url("http://例え.example/ と http://a.exampleです", "[http://例え.example/][http://a.example]");
	ck_url("hxxps[:]//a[.]example/x www.b.example.", "[hxxps[:]//a[.]example/x][www.b.example]");
	ck_url("xhttp://a httpd: http: http:// www. ftp://f.example", "[ftp://f.example]");
}
END_TEST

static void ck_host(const char *url, const char *want, bool want_user)
{
	struct sb b = SB_INIT;
	bool user;
	ck_assert(text_url_host(url, strlen(url), &b, &user));
	ck_assert_str_eq(b.s, want);
	ck_assert_msg(user == want_user, "%s", url);
	sb_free(&b);
}

START_TEST(test_hosts)
{
	struct sb b = SB_INIT;
	ck_host("https://Bank.Example:8443/x", "bank.example", false);
	ck_host("http://bank.example@evil.example/", "evil.example", true);
	ck_host("http://evil.example\\@bank.example/", "evil.example", false);
	ck_host("hxxps[:]//evil[.]example./", "evil.example", false);
	ck_host("http://[2001:db8::1]:80/", "[2001:db8::1]", false);
	ck_host("www.evil.example/a@b", "www.evil.example", false);
	ck_assert(text_host_unicode("xn--r8jz45g.example", 19, &b));
	ck_assert_str_eq(b.s, "例え.example");
	ck_assert(!text_host_unicode("plain.example", 13, &b));
	ck_assert(!text_host_unicode("xn--99999999.example", 20, &b));
	sb_free(&b);
}
END_TEST

static void ck_unwrap(const char *url, const char *want)
{
	struct sb b = SB_INIT;
	bool any = text_url_unwrap(url, strlen(url), &b);
	ck_assert_str_eq(any ? b.s : "", want);
	sb_free(&b);
}

START_TEST(test_redirectors)
{
	ck_unwrap("https://safe.example/?url=https%3A%2F%2Fevil.example%2Fx&data=1", "https://evil.example/x");
	ck_unwrap("https://gate.example/v2/url?u=https-3A__evil.example_login&d=x", "https://evil.example/login");
	ck_unwrap("https://gate.example/v3/__https://evil.example/x__;!!abc", "https://evil.example/x");
	ck_unwrap("https://go.example/https://evil.example/", "https://evil.example/");
	ck_unwrap("https://plain.example/?q=words&n=1", "");
}
END_TEST

START_TEST(test_sites)
{
	ck_assert(text_same_site("www.bank.co.jp", "login.bank.co.jp"));
	ck_assert(!text_same_site("bank.co.jp", "evil.co.jp"));
	ck_assert(text_same_site("a.example", "b.a.example"));
	ck_assert(!text_same_site("203.0.113.9", "203.0.113.8"));
	ck_assert(text_host_lookalike("sakura-sh0ji.example", "sakura-shoji.example"));
	ck_assert(text_host_lookalike("sakura-shoji.example.evil.example", "sakura-shoji.jp"));
	ck_assert(text_host_lookalike("login-sakurashoji.com", "sakura-shoji.example"));
	ck_assert(text_host_lookalike("sakura-shojl.example", "www.sakura-shoji.example"));
	ck_assert(!text_host_lookalike("www.sakura-shoji.example", "sakura-shoji.example"));
	ck_assert(!text_host_lookalike("bank.example", "sakura-shoji.example"));
	ck_assert(!text_host_lookalike("a-c.example", "abc.example")); /* too short to say */
}
END_TEST

/* ---- every mail of the collection ------------------------------------------------------ */

static struct msg *parse(const char *p, size_t n)
{
	struct msg *m;
	struct err e;
	ck_assert_msg(msg_parse(p, n, NULL, &m, &e) == OK, "%s", e.msg);
	return m;
}

static const char own_link[] = "https://www.sakura-shoji.example/";

/* Nothing left that a client makes a link of, but for the sender's own words. */
static void ck_inert(const char *file, const char *s)
{
	const char *p = s;
	while ((p = strstr(p, "://"))) {
		const char *from = p;
		while (from > s && from[-1] != '\n' && from[-1] != ' ' && from[-1] != '<' && from[-1] != '"' && from[-1] != ';')
			from--;
		ck_assert_msg(strncmp(from, own_link, strlen(own_link)) == 0, "%s: %.60s", file, from);
		p += 3;
	}
}

static void ck_table(const char *file, const struct analysis *r, const struct stripped *f)
{
	struct sb text = SB_INIT, html = SB_INIT;
	analysis_text(r, f->v, f->n, &text);
	analysis_html(r, f->v, f->n, &html);
	for (const char *p = text.s; *p; p += strcspn(p, "\n"), p += *p == '\n')
		ck_assert_msg(text_width(p, strcspn(p, "\n")) <= ANALYSE_COLS, "%s: %.100s", file, p);
	ck_assert_msg(!strstr(text.s, "://") && !strstr(html.s, "://") && !strstr(html.s, "<a "), "%s", file);
	sb_free(&text);
	sb_free(&html);
}

static void ck_copy(const char *file, const struct msg *m, const struct analyse_ctx *c)
{
	struct sb out = SB_INIT, text = SB_INIT;
	ck_assert_msg(msg_inert(m, c, &out), "%s", file);
	struct msg *copy = parse(out.s, out.len);
	for (const struct msg_part *p = copy->root; p; p = msg_part_next(p)) {
		ck_assert_msg(p->kind != PART_MESSAGE, "%s: a mail is left", file);
		if (p->kind != PART_LEAF)
			continue;
		sb_reset(&text);
		msg_part_text(p, &text);
		ck_inert(file, text.s);
		ck_assert_msg(!strstr(text.s, "<a ") && !strstr(text.s, "<img"), "%s", file);
	}
	ck_assert_str_eq(copy->subject, m->subject);
	msg_free(&copy);
	sb_free(&out);
	sb_free(&text);
}

static void one(const char *file)
{
	static const struct analyse_ctx c = { .own_domain = "sakura-shoji.example", .desk = "sodan@example.jp" };
	struct arena *a = arena_new();
	struct sb raw = SB_INIT, rest = SB_INIT;
	struct stripped files;
	struct analysis r;
	struct strip_rules rules = { 0 };
	ck_assert_int_eq(io_read_file(file, 1 << 20, &raw, NULL), OK);
	struct msg *m = parse(raw.s, raw.len), *stripped = NULL;
	msg_strip(m, &rules, a, &files, &rest);
	if (files.changed)
		stripped = parse(rest.s, rest.len);
	mail_analyse(stripped ? stripped : m, &c, a, &r);
	if (strstr(file, "reply-to-us")) {
		ck_assert_uint_eq(r.n, 0);
		ck_assert(!msg_inert(m, &c, &rest));
	} else {
		ck_assert_msg(r.n > 0, "%s: nothing found", file);
		ck_table(file, &r, &files);
		ck_copy(file, stripped ? stripped : m, &c);
	}
	msg_free(&stripped);
	msg_free(&m);
	sb_free(&raw);
	sb_free(&rest);
	arena_free(&a);
}

START_TEST(test_collection)
{
	glob_t g;
	ck_assert_int_eq(glob("tests/golden/analyse/*.eml", 0, NULL, &g), 0);
	ck_assert_uint_ge(g.gl_pathc, 12);
	for (size_t i = 0; i < g.gl_pathc; i++)
		one(g.gl_pathv[i]);
	globfree(&g);
}
END_TEST

START_TEST(test_own_words_stay)
{
	static const struct analyse_ctx c = { .own_domain = "", .desk = "" };
	static const char mail[] = "From: a@c.example\nSubject: s\n\nsee https://c.example/ and\n\n"
		"-----Original Message-----\nFrom: x@evil.example\nSubject: y\n\nhttp://evil.example/\n";
	struct sb out = SB_INIT;
	struct msg *m = parse(mail, strlen(mail));
	ck_assert(msg_inert(m, &c, &out));
	ck_assert_ptr_nonnull(strstr(out.s, "see https://c.example/ and\r\n") ? out.s : strstr(out.s, "see https://c.example/ and\n"));
	ck_assert_ptr_nonnull(strstr(out.s, "hxxp[:]//evil[.]example/"));
	ck_assert_ptr_null(strstr(out.s, "http://evil"));
	msg_free(&m);
	sb_free(&out);
}
END_TEST

UNIT_SUITE("mail_analyse", test_defang, test_finding, test_hosts, test_redirectors, test_sites, test_collection,
           test_own_words_stay)
