/*
 * What an editor should look at before an issue goes out (MAG-04): its size and
 * time, links that lead nowhere, pictures without a text, letters that old
 * clients break, and whether all that receivers demand is there.
 */
#include "build_report.h"
#include "bulk_render.h"
#include "exif.h"
#include "base/xalloc.h"
#include "mail/msg_parse.h"
#include "mail/news_draft.h"
#include "store/store_message.h"
#include "store/store_reader.h"
#include "text/charset.h"
#include "text/layout.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SUBJECT_COLS = 60, RATE = 200 /* mails a second, taken for the estimate */, SHOWN = 10, LINK_COLS = 66 };

struct check {
	struct report *r;
	const struct issue *i;
	struct news_draft d;
	struct bulk_body body;
	int64_t readers;
};

static void line(struct check *c, bool good, const char *label, const char *value)
{
	struct sb *out = &c->r->text;
	sb_adds(out, good ? "　○ " : "　▲ ");
	text_fit(label, 22, true, out);
	sb_addf(out, "%s\n", value);
}

/* ---- numbers ------------------------------------------------------------------------- */

static void numbers(struct check *c)
{
	struct arena *a = c->r->a;
	char span[48];
	int64_t each = (int64_t)(c->body.head.len + c->body.body.len + 900 /* one's own header and signatures */);
	line(c, c->readers > 0, "読者", arena_printf(a, "%lld 名", (long long)c->readers));
	line(c, each < 102000, "大きさ", arena_printf(a, "1 通 %s、全体 %s%s", bulk_bytes(a, each), bulk_bytes(a, each * c->readers),
	     each < 102000 ? "" : " (102 KB を超える本文は、Gmail では途中までしか表示されません)"));
	line(c, true, "配信にかかる時間", arena_printf(a, "%s%s (受信側の混み具合によります)",
	     c->readers / RATE < 60 ? "" : "およそ ", clk_span_ja(c->readers / RATE, span)));
}

static void kinds(struct check *c)
{
	static const char *const names[] = { "話題と安全", "専門家の解説", "更新プログラム" };
	struct sb b = SB_INIT;
	for (int k = 0; k < 3; k++)
		if (c->i->kinds & 1u << k)
			sb_addf(&b, "%s%d %s", b.len ? "、" : "", k + 1, names[k]);
	line(c, b.len > 0, "記事の種別", b.len ? b.s : "指定がありません (件名の先頭に [1,3] のように書きます)");
	sb_free(&b);
}

/* ---- the subject and the letters ------------------------------------------------------------ */

static void subject(struct check *c)
{
	size_t cols = text_width(c->i->subject, strlen(c->i->subject));
	line(c, cols <= SUBJECT_COLS, "件名の長さ", arena_printf(c->r->a, "全角 %zu 文字分%s", (cols + 1) / 2,
	     cols <= SUBJECT_COLS ? "" : " (30 文字を超えると、一覧で途中までしか見えません)"));
}

/* Joiners, and what chooses between two looks of a sign: nothing to show. */
static bool invisible(const char *s, size_t len)
{
	static const char *const v[] = { "\xE2\x80\x8B", "\xE2\x80\x8D", "\xEF\xB8\x8E", "\xEF\xB8\x8F", "\xEF\xBB\xBF" };
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		if (len == strlen(v[i]) && memcmp(s, v[i], len) == 0)
			return true;
	return false;
}

/* Letters beyond JIS X 0208: what feature phones and old clients show as something else. */
static void odd_letters(const char *s, struct sb *out, size_t *n)
{
	for (size_t len; *s && *n < SHOWN; s += len) {
		struct sb jis = SB_INIT;
		for (len = 1; ((unsigned char)s[len] & 0xC0) == 0x80; len++)
			;
		if ((unsigned char)*s >= 0x80 && !invisible(s, len) && !text_from_utf8("iso-2022-jp", s, len, &jis) && !memmem(out->s, out->len, s, len)) {
			sb_addf(out, " %.*s", (int)len, s);
			++*n;
		}
		sb_free(&jis);
	}
}

static void letters(struct check *c)
{
	struct sb b = SB_INIT;
	size_t n = 0;
	odd_letters(c->i->subject, &b, &n);
	odd_letters(c->d.text, &b, &n);
	line(c, !n, "文字", n ? arena_printf(c->r->a, "古いメールソフトで化けるおそれ：%s", b.s) : "問題ありません");
	sb_free(&b);
}

/* ---- links and pictures ------------------------------------------------------------------------ */

static bool link_ok(const char *p, size_t n)
{
	static const char *const others[] = { "mailto:", "tel:", "cid:", "#" };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (n > strlen(others[i]) && strncasecmp(p, others[i], strlen(others[i])) == 0)
			return true;
	size_t scheme = n > 8 && strncasecmp(p, "https://", 8) == 0 ? 8 : n > 7 && strncasecmp(p, "http://", 7) == 0 ? 7 : 0;
	size_t host = 0;
	bool dot = false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] <= ' ' || (unsigned char)p[i] >= 127)
			return false;
	for (; scheme + host < n && (isalnum((unsigned char)p[scheme + host]) || strchr(".-", p[scheme + host])); host++)
		dot = dot || (p[scheme + host] == '.' && host);
	return scheme && dot && p[scheme + host - 1] != '.' && p[scheme] != '-';
}

static void bad_link(struct sb *out, size_t *n, const char *p, size_t len)
{
	char *link = xstrndup(p, len);
	if (++*n <= SHOWN) {
		sb_adds(out, "\n　　　");
		text_fit(len ? link : "(空)", LINK_COLS, false, out);
	}
	free(link);
}

static size_t html_links(const char *html, struct sb *out, size_t *bad)
{
	size_t all = 0;
	for (const char *p = html; p && (p = strcasestr(p, "href")); ) {
		p += 4 + strspn(p + 4, " \t\n");
		if (*p != '=')
			continue;
		p += 1 + strspn(p + 1, " \t\n");
		char quote = *p == '"' || *p == '\'' ? *p++ : 0;
		size_t len = quote ? (size_t)(strchrnul(p, quote) - p) : strcspn(p, " >\n");
		all++;
		if (!link_ok(p, len))
			bad_link(out, bad, p, len);
		p += len;
	}
	return all;
}

/* In plain text a link is what begins like one; Japanese signs end it. */
static size_t text_links(const char *text, struct sb *out, size_t *bad)
{
	size_t all = 0;
	for (const char *p = text; (p = strcasestr(p, "http")); all++) {
		size_t len = 0;
		while ((unsigned char)p[len] > ' ' && (unsigned char)p[len] < 127 && !strchr("<>\")", p[len]))
			len++;
		if (strncasecmp(p, "http:", 5) != 0 && strncasecmp(p, "https:", 6) != 0)
			all--;
		else if (!link_ok(p, len)) {
			len = strcspn(p, " \t\r\n<>\")"); /* what follows belongs to it, as its author sees it */
			bad_link(out, bad, p, len);
		}
		p += len ? len : 4;
	}
	return all;
}

static void links(struct check *c)
{
	struct sb b = SB_INIT;
	size_t bad = 0, all = text_links(c->d.text, &b, &bad) + (c->d.html ? html_links(c->d.html, &b, &bad) : 0);
	line(c, !bad, "リンク", bad ? arena_printf(c->r->a, "%zu 件のうち %zu 件の形が正しくありません%s", all, bad, b.s)
	                           : all ? arena_printf(c->r->a, "%zu 件、形に問題はありません", all) : "なし");
	sb_free(&b);
}

static void pictures(struct check *c)
{
	size_t all = 0, no_alt = 0, far = 0;
	for (const char *p = c->d.html; p && (p = strcasestr(p, "<img"));) {
		size_t len = strcspn(p, ">");
		char *tag = arena_strndup(c->r->a, p, len);
		const char *alt = strcasestr(tag, "alt=");
		all++;
		no_alt += !alt || strncmp(alt + 4, "\"\"", 2) == 0 || strncmp(alt + 4, "''", 2) == 0;
		far += strcasestr(tag, "http:") || strcasestr(tag, "https:");
		p += len;
	}
	if (!all)
		return;
	line(c, !no_alt, "画像の説明 (alt)", no_alt ? arena_printf(c->r->a, "%zu 枚のうち %zu 枚にありません", all, no_alt)
	                                       : arena_printf(c->r->a, "%zu 枚すべてにあります", all));
	if (far)
		line(c, false, "外部の画像", arena_printf(c->r->a, "%zu 枚。多くのメールソフトでは、初めは表示されません", far));
}

/* A photograph in the page or attached. */
static void places(struct check *c)
{
	size_t all = 0;
	for (size_t i = 0; i < c->d.nfiles; i++)
		all += exif_has_place(c->d.files[i].p, c->d.files[i].n);
	if (all)
		line(c, false, "撮影場所の情報", arena_printf(c->r->a, "%zu 枚の写真に、撮影した場所の位置情報が含まれています", all));
}

static void html(struct check *c)
{
	if (!c->d.html)
		line(c, true, "形式", "テキストのみ");
	else
		line(c, !c->d.text_made, "形式", c->d.text_made ? "HTML のみ。テキスト版は自動で作りました (校正をご確認ください)" : "HTML とテキスト");
	if (c->d.html && (strcasestr(c->d.html, "<script") || strcasestr(c->d.html, "<form") || strcasestr(c->d.html, "<iframe")))
		line(c, false, "HTML", "script、form、iframe は受信側で取り除かれるか、迷惑メールと判定されます");
}

/* Which way they go. */
static void attachments(struct check *c)
{
	const struct cfg *cfg = c->r->b->cfg;
	struct arena *a = c->r->a;
	char until[48];
	const char *all = arena_printf(a, "%zu 個、%s", c->d.nattached, bulk_bytes(a, (int64_t)c->d.attached));
	if (!c->d.nattached)
		return;
	if (bulk_by_link(cfg, &c->d))
		line(c, true, "添付ファイル", arena_printf(a, "%s：%s を超えるため、メールには付けず、リンクでお届けします (%s まで)", all,
		     bulk_bytes(a, cfg->news_attach_link), clk_ja(issue_links_until(c->i, cfg->news_link_days), until)));
	else
		line(c, true, "添付ファイル", arena_printf(a, "%s：メールに付けます", all));
}

/* What receivers demand, as the mail really has it. */
static void demands(struct check *c)
{
	const struct cfg *cfg = c->r->b->cfg;
	struct sb head = SB_INIT;
	bulk_head(c->r->b, NULL, &c->body, c->i->id, 0, c->r->o->created_at, c->r->a, &head);
	bool by_mail = strstr(head.s, "List-Unsubscribe: ") && strstr(head.s, "<mailto:stop+"), by_click = strstr(head.s, "One-Click");
	line(c, by_mail && by_click, "配信停止の手段", by_click ? "ワンクリック、メール、本文の案内"
	     : "メールと本文の案内 (ワンクリックは news_one_click の設定が必要です)");
	line(c, true, "送信元の認証", arena_printf(c->r->a, "差出人、署名、エンベロープとも %s (DNS は yorozu check で確認できます)", cfg->domain));
	sb_free(&head);
}

static enum status read_draft(struct check *c, struct msg **m_r, struct sb *raw, struct err *e)
{
	int64_t n[READER_STATES];
	enum status st = reader_counts(c->r->b->s, n, e);
	if (st == OK)
		st = message_raw(c->r->b->s, c->i->draft_id, raw, e);
	if (st == OK)
		st = msg_parse(raw->s, raw->len, &prescan_default, m_r, e);
	if (st != OK)
		return st;
	c->readers = n[READER_ACTIVE];
	news_draft_read(*m_r, c->r->a, &c->d);
	return bulk_render(c->r->b, c->i, &c->d, c->r->o->created_at, &c->body, e);
}

enum status report_issue_check(struct report *r, int64_t issue, struct err *e)
{
	struct issue i;
	struct msg *m = NULL;
	struct sb raw = SB_INIT;
	struct check c = { .r = r, .i = &i, .body = { .head = SB_INIT, .body = SB_INIT } };
	enum status st = issue_get(r->b->s, issue, r->a, &i, e);
	if (st == OK)
		st = read_draft(&c, &m, &raw, e);
	if (st == OK) {
		numbers(&c);
		kinds(&c);
		subject(&c);
		html(&c);
		attachments(&c);
		letters(&c);
		links(&c);
		pictures(&c);
		places(&c);
		demands(&c);
	}
	bulk_body_free(&c.body);
	msg_free(&m);
	sb_free(&raw);
	return st;
}
