/* Building and restyling: what goes in comes out, and nothing else changes. */
#include "unit.h"
#include "base/clk.h"
#include "base/io.h"
#include "mail/msg_build.h"
#include "text/charset.h"
#include <stdio.h>
#include <string.h>

static struct msg *parse(const struct sb *b)
{
	struct msg *m;
	struct err e = { 0 };
	ck_assert_msg(msg_parse(b->s, b->len, NULL, &m, &e) == OK, "%s", e.msg);
	return m;
}

static void good_lines(const struct sb *b)
{
	size_t col = 0;
	bool head = true;
	for (size_t i = 0; i < b->len; i++) {
		ck_assert((unsigned char)b->s[i] < 128);
		if (b->s[i] != '\n') {
			col++;
			continue;
		}
		ck_assert(i && b->s[i - 1] == '\r');
		head = head && col > 1;
		ck_assert_uint_le(col, head ? 79 : 999);
		col = 0;
	}
}

static const char TEXT[] = "お世話になっております。\n\n.\nFrom here\n長い行も short lines も。\n";

static struct build sample(void)
{
	static const struct msg_addr to[] = { { "田中 一郎", "tanaka@customer.example" } };
	static const char *const refs[] = { "a@b", "c@d", NULL };
	static const char *const extra[] = { "X-Yorozu-Outbox: 34", "List-Note: 値", "bad name: x", "nocolon", NULL };
	return (struct build){ .from_name = "セキュリティ相談窓口", .from_addr = "sodan@example.jp", .to = to, .nto = 1,
			       .subject = "[YOROZU #12] ウイルス対策ソフトの更新についてのご回答（とても長い件名です）",
			       .message_id = "t12.o34.mac@example.jp", .in_reply_to = "c@d", .references = refs,
			       .date = 1795482000, .auto_submitted = "auto-replied", .extra = extra, .text = TEXT };
}

START_TEST(build_text)
{
	struct build b = sample();
	struct sb out = SB_INIT, text = SB_INIT;
	msg_build(&b, &out);
	good_lines(&out);
	struct msg *m = parse(&out);
	ck_assert_str_eq(m->subject, b.subject);
	ck_assert_str_eq(m->from.v[0].name, b.from_name);
	ck_assert_str_eq(m->to.v[0].name, "田中 一郎");
	ck_assert_str_eq(m->message_id, b.message_id);
	ck_assert_str_eq(m->in_reply_to, "c@d");
	ck_assert_str_eq(m->references[0], "a@b");
	ck_assert_int_eq(m->date, b.date);
	ck_assert_str_eq(msg_field(m, "List-Note")->value, "値");
	msg_read_text(m, &text);
	ck_assert_str_eq(text.s, TEXT);
	msg_free(&m);
	sb_free(&out);
	sb_free(&text);
}
END_TEST

START_TEST(build_whole)
{
	struct build b = sample();
	static char blob[5000];
	const struct build_file files[] = { { "見積書 (最終).pdf", "application/pdf", NULL, blob, sizeof blob },
					    { NULL, "te xt\r\nX: y", NULL, "x", 1 },
					    { "mail.eml", "message/rfc822", NULL, "From: a@b\r\n\r\nhi\r\n", 17 } };
	struct sb out = SB_INIT, again = SB_INIT, bytes = SB_INIT;
	for (size_t i = 0; i < sizeof blob; i++)
		blob[i] = (char)(i * 7);
	b.html = "<p>お世話に</p>";
	b.files = files;
	b.nfiles = 3;
	msg_build(&b, &out);
	good_lines(&out);
	msg_build(&b, &again);
	ck_assert_str_eq(out.s, again.s);
	struct msg *m = parse(&out);
	struct msg_part *p = m->root->child->next;
	ck_assert_str_eq(msg_best_text(m)->type, "text/plain");
	ck_assert_str_eq(msg_best_html(m)->type, "text/html");
	ck_assert_str_eq(p->filename, "見積書 (最終).pdf");
	ck_assert_int_eq(msg_part_bytes(p, 1 << 20, &bytes, NULL), OK);
	ck_assert_uint_eq(bytes.len, sizeof blob);
	ck_assert_mem_eq(bytes.s, blob, sizeof blob);
	ck_assert_str_eq(p->next->type, "application/octet-stream");
	ck_assert_int_eq(p->next->next->kind, PART_MESSAGE);
	msg_free(&m);
	sb_free(&out);
	sb_free(&again);
	sb_free(&bytes);
}
END_TEST

/* A chart beside its HTML, a table behind it: each where clients look for it. */
START_TEST(build_pictures)
{
	static const char png[] = "\x89PNG";
	const struct build_file files[] = { { "表.csv", "text/csv", NULL, "a,b\r\n", 5 },
					    { "chart.png", "image/png", "chart@example.jp", png, 4 } };
	struct build b = sample();
	b.html = "<p>x<img src=\"cid:chart@example.jp\" alt=\"y\"></p>";
	b.files = files;
	b.nfiles = 2;
	struct sb out = SB_INIT;
	msg_build(&b, &out);
	good_lines(&out);
	struct msg *m = parse(&out);
	static const char *const want[] = { "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related",
					    "text/html", "image/png", "text/csv" };
	size_t n = 0;
	for (const struct msg_part *p = m->root; p; p = msg_part_next(p), n++) {
		ck_assert_uint_lt(n, 7);
		ck_assert_str_eq(p->type, want[n]);
		if (n == 5) {
			ck_assert_str_eq(p->content_id, "chart@example.jp");
			ck_assert_str_eq(p->disposition, "inline");
		}
	}
	ck_assert_uint_eq(n, 7);
	msg_free(&m);
	sb_free(&out);
}
END_TEST

START_TEST(build_hostile)
{
	struct build b = sample();
	static const char *const refs[] = { "a@b>\r\nBcc: x@y", "ok@id", NULL };
	static const char *const extra[] = { "X-A: v\r\nBcc: x@y", "X\r\nBcc: x@y", NULL };
	struct sb out = SB_INIT;
	b.from_name = "evil\r\nBcc: x@y";
	b.subject = "s\r\nBcc: x@y\r\n\r\nbody";
	b.message_id = "a b\r\nBcc: x@y";
	b.reply_to = "r@s>\r\nBcc: x@y";
	b.references = refs;
	b.extra = extra;
	msg_build(&b, &out);
	good_lines(&out);
	struct msg *m = parse(&out);
	ck_assert_ptr_null(msg_field(m, "Bcc"));
	ck_assert_ptr_null(msg_field(m, "Reply-To"));
	ck_assert_str_eq(m->message_id, "");
	ck_assert_str_eq(m->references[0], "ok@id");
	msg_free(&m);
	sb_free(&out);
}
END_TEST

/* ---- restyle ---- */

static const char BANNER[] = "▼▼ 社内用 (お客さまには送信されません) ▼▼\n> 期限 11/25 \n▲▲ 社内用ここまで ▲▲\n";

static struct msg *restyle(const char *file, struct sb *raw, struct sb *out)
{
	static const char *const drop[] = { "DKIM-Signature", "Return-Path", NULL };
	static const char *const add[] = { "Reply-To: 相談窓口 <sodan+t12-mac@example.jp>", "X-Yorozu-Outbox: 34", NULL };
	struct restyle r = { drop, add, "[YOROZU #12] 件名", BANNER, "<div>社内用</div>\n" };
	char path[200];
	snprintf(path, sizeof path, "tests/golden/mail/%s.eml", file);
	ck_assert_int_eq(io_read_file(path, 1 << 20, raw, NULL), OK);
	struct msg *m = parse(raw);
	msg_restyle(m, &r, out);
	msg_free(&m);
	m = parse(out);
	ck_assert_str_eq(m->subject, r.subject);
	ck_assert_ptr_null(msg_field(m, "Return-Path"));
	ck_assert_str_eq(m->fields[0].name, "Reply-To");
	ck_assert_str_eq(m->reply_to.v[0].addr, "sodan+t12-mac@example.jp");
	return m;
}

/* The new text is the banner and then what was there before. */
static void text_follows(const char *file, const char *charset, const char *encoding)
{
	struct sb raw = SB_INIT, out = SB_INIT, before = SB_INIT, after = SB_INIT;
	struct msg *m = restyle(file, &raw, &out), *old = parse(&raw);
	struct msg_part *p = msg_best_text(m);
	ck_assert_str_eq(p->charset ? p->charset : "", charset);
	ck_assert_msg(strcmp(p->encoding, encoding) == 0, "%s: %s", file, p->encoding);
	msg_part_text(msg_best_text(old), &before);
	msg_part_text(p, &after);
	ck_assert_msg(strncmp(after.s, "▼▼ 社内用", strlen("▼▼ 社内用")) == 0, "%s: %s", file, after.s);
	const char *end = strstr(after.s, "ここまで ▲▲\n");
	ck_assert_ptr_nonnull(end);
	ck_assert_str_eq(end + strlen("ここまで ▲▲\n"), before.s);
	msg_free(&m);
	msg_free(&old);
	sb_free(&raw);
	sb_free(&out);
	sb_free(&before);
	sb_free(&after);
}

START_TEST(restyle_text)
{
	text_follows("jis-outlook", "iso-2022-jp", "7bit");
	text_follows("jis-thunderbird-flowed", "iso-2022-jp", "7bit");
	text_follows("jis-ms-circled", "iso-2022-jp", "7bit");
	text_follows("subject-raw-8bit-utf8", "utf-8", "8bit");
	text_follows("gmail-alternative", "utf-8", "base64");
	text_follows("iphone", "utf-8", "base64");
	text_follows("flowed-utf8", "utf-8", "base64");
	text_follows("rfc2231-names", "utf-8", "base64");
	text_follows("jis-labelled-utf8", "utf-8", "base64");
	text_follows("apple-mixed", "utf-8", "base64");
	text_follows("dsn-postfix", "utf-8", "base64");
}
END_TEST

/* ISO-2022-JP must be back in ASCII where the original begins. */
START_TEST(restyle_jis_bytes)
{
	struct sb raw = SB_INIT, out = SB_INIT;
	struct msg *m = restyle("jis-outlook", &raw, &out), *old = parse(&raw);
	const struct msg_part *p = m->root, *q = old->root;
	ck_assert_uint_gt(p->body_len, q->body_len);
	ck_assert_mem_eq(p->body + p->body_len - q->body_len, q->body, q->body_len);
	ck_assert_mem_eq(p->body + p->body_len - q->body_len - 5, "\033(B\r\n", 5);
	msg_free(&m);
	msg_free(&old);
	sb_free(&raw);
	sb_free(&out);
}
END_TEST

START_TEST(restyle_html)
{
	struct sb raw = SB_INIT, out = SB_INIT, html = SB_INIT;
	struct msg *m = restyle("gmail-alternative", &raw, &out);
	msg_part_text(msg_best_html(m), &html);
	ck_assert_ptr_nonnull(strstr(html.s, "<div>社内用</div>"));
	ck_assert_ptr_nonnull(strstr(html.s, "お世話になります"));
	msg_free(&m);
	sb_free(&raw);
	sb_free(&out);
	sb_free(&html);
}
END_TEST

static const char *region(const struct sb *b, const char *from)
{
	const char *p = strstr(b->s, from);
	ck_assert_msg(p != NULL, "%s", from);
	return p;
}

/* What was signed or attached is there byte for byte. */
START_TEST(restyle_keeps)
{
	struct sb raw = SB_INIT, out = SB_INIT, text = SB_INIT;
	struct msg *m = restyle("signed-smime", &raw, &out);
	const char *sig = region(&raw, "--sig\r\n");
	ck_assert_ptr_nonnull(memmem(out.s, out.len, sig, raw.len - (size_t)(sig - raw.s)));
	ck_assert_str_eq(m->root->type, "multipart/mixed");
	ck_assert_str_eq(m->root->child->next->type, "multipart/signed");
	msg_read_text(m, &text);
	ck_assert_ptr_nonnull(strstr(text.s, "signed words"));
	msg_free(&m);
	sb_reset(&raw), sb_reset(&out);
	m = restyle("rfc2231-names", &raw, &out);
	const char *pdf = region(&raw, "Content-Type: application/pdf");
	ck_assert_ptr_nonnull(memmem(out.s, out.len, pdf, raw.len - (size_t)(pdf - raw.s)));
	msg_free(&m);
	sb_free(&raw);
	sb_free(&out);
	sb_free(&text);
}
END_TEST

static void wrapped(const char *file, const char *second)
{
	struct sb raw = SB_INIT, out = SB_INIT, text = SB_INIT;
	struct msg *m = restyle(file, &raw, &out);
	ck_assert_str_eq(m->root->type, "multipart/mixed");
	ck_assert_str_eq(m->root->child->type, "text/plain");
	ck_assert_str_eq(m->root->child->next->type, second);
	msg_read_text(m, &text);
	ck_assert_ptr_nonnull(strstr(text.s, "社内用ここまで"));
	msg_free(&m);
	sb_free(&raw);
	sb_free(&out);
	sb_free(&text);
}

START_TEST(restyle_wraps)
{
	wrapped("file-alone", "application/pdf");
	wrapped("encrypted-pgp", "multipart/encrypted");
	wrapped("digest", "multipart/digest");
	wrapped("no-boundary-param", "message/rfc822");
	wrapped("no-blank-line", "message/rfc822");
	wrapped("content-type-garbage", "message/rfc822");
}
END_TEST

START_TEST(restyle_any)
{
	static const char *const files[] = { "empty", "headers-only", "body-only", "bare-cr", "bare-lf", "nul-bytes", "mbox-from",
					     "eight-bit-everything", "html-only", "html-meta-charset", "euc-jp",
					     "sjis-docomo-emoji", "missing-final-boundary", "nested-same-boundary" };
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct sb raw = SB_INIT, out = SB_INIT, text = SB_INIT;
		struct msg *m = restyle(files[i], &raw, &out);
		msg_read_text(m, &text);
		ck_assert_msg(strstr(text.s, "社内用") != NULL, "%s: %s", files[i], text.s);
		msg_free(&m);
		sb_free(&raw);
		sb_free(&out);
		sb_free(&text);
	}
}
END_TEST

/* What is quadratic would run into the suite's time limit. */
START_TEST(fast)
{
	struct build b = sample();
	struct sb blob = SB_INIT, out = SB_INIT, bytes = SB_INIT;
	sb_grow(&blob, 7500000);
	for (size_t i = 0; i < 7500000; i++)
		sb_addc(&blob, (char)(i ^ i >> 8));
	struct build_file f = { "big.bin", "application/octet-stream", NULL, blob.s, blob.len };
	b.files = &f, b.nfiles = 1;
	msg_build(&b, &out);
	struct msg *m = parse(&out);
	ck_assert_int_eq(msg_part_bytes(m->root->child->next, 50 << 20, &bytes, NULL), OK);
	ck_assert_uint_eq(bytes.len, blob.len);
	ck_assert_mem_eq(bytes.s, blob.s, blob.len);
	msg_free(&m);
	sb_free(&blob);
	sb_free(&out);
	sb_free(&bytes);
}
END_TEST

UNIT_SUITE("mail_build", build_text, build_whole, build_pictures, build_hostile, restyle_text, restyle_jis_bytes, restyle_html, restyle_keeps,
	   restyle_wraps, restyle_any, fast)
