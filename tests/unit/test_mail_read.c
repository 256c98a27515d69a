/* What a person reads of a mail: which part, and in what time. */
#include "text_util.h"
#include "mail/msg_impl.h"
#include "mail/msg_parse.h"

static void read_it(const char *type, const struct sb *body, bool all, struct sb *text)
{
	struct msg *m;
	struct err e = { 0 };
	struct sb raw = SB_INIT;
	sb_addf(&raw, "From: a@example.com\nMIME-Version: 1.0\nContent-Type: %s\n\n", type);
	sb_add(&raw, body->s, body->len);
	ck_assert_msg(msg_parse(raw.s, raw.len, NULL, &m, &e) == OK, "%s", e.msg);
	if (all)
		msg_read_all(m->root, text);
	else
		msg_read_text(m, text);
	msg_free(&m);
	sb_free(&raw);
}

static void read_mail(const char *type, const struct sb *body, struct sb *text)
{
	read_it(type, body, true, text);
}

/* msg_read_text runs in the milter. */
START_TEST(enriched_in_time)
{
	static const char *const units[] = { "<param>", "<param>x", "<<param>", "</param", "<param></param>" };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct sb body = SB_INIT, text = SB_INIT;
		repeat(&body, units[i], TEN_MB / 2);
		IN_TIME(read_mail("text/enriched", &body, &text));
		ck_text(&text);
		sb_free(&body);
		sb_free(&text);
	}
}
END_TEST

/* HTML beside a plain text is read for a comparison: not in megabytes, and not once
 * for each level of nesting. */
START_TEST(alternatives_in_time)
{
	static const char plain[] = "Content-Type: text/plain; charset=utf-8\n\n平文の文面は別のものですよろしく\n";
	static const char html[] = "Content-Type: text/html; charset=utf-8\n\n<p>まったく違う文面がここに書いてあります\n";
	struct sb body = SB_INIT, text = SB_INIT;
	for (size_t i = 0; i < 3000; i++)
		sb_addf(&body, "--m\nContent-Type: multipart/alternative; boundary=a%zu\n\n--a%zu\n%s--a%zu\n%s%05000d\n--a%zu--\n", i, i,
		        plain, i, html, 0, i);
	sb_adds(&body, "--m--\n");
	IN_TIME(read_mail("multipart/mixed; boundary=m", &body, &text));
	ck_assert_ptr_nonnull(strstr(text.s, "HTML 版"));
	sb_reset(&body), sb_reset(&text);
	for (size_t d = 0; d < 45; d++)
		sb_addf(&body, "--a%zu\n%s--a%zu\nContent-Type: multipart/mixed; boundary=m%zu\n\n--m%zu\n%s%050000d\n--m%zu\n"
		        "Content-Type: multipart/alternative; boundary=a%zu\n\n", d, plain, d, d, d, html, 0, d, d + 1);
	for (size_t i = 0; i < 8000; i++)
		sb_adds(&body, "--a45\nContent-Type: text/plain\n\n                              \n");
	IN_TIME(read_mail("multipart/alternative; boundary=a0", &body, &text));
	sb_free(&body), sb_free(&text);
}
END_TEST

/* Answers of staff are sent on: their plain text, whatever their program made of it. */
START_TEST(what_is_sent_on_stays_plain)
{
	static const char *const plain[] = { "メールソフトとブラウザを再起動してください。", "来週の会議は十時から第二会議室です。" };
	static const char *const html[] = { "<p>メールソフトとブラウザを再起動してください。</p><blockquote>長い引用の文面です。長い引用の文面です。"
		                            "長い引用の文面です。長い引用の文面です。長い引用の文面です。</blockquote>", "<p>まったく違うことが書かれた版です。</p>" };
	for (size_t i = 0; i < 2; i++) {
		struct sb body = SB_INIT, text = SB_INIT;
		sb_addf(&body, "--a\nContent-Type: text/plain; charset=utf-8\n\n%s\n--a\nContent-Type: text/html; charset=utf-8\n\n%s\n--a--\n",
		        plain[i], html[i]);
		read_it("multipart/alternative; boundary=a", &body, false, &text);
		ck_assert_str_eq(text.s, plain[i]);
		sb_free(&body), sb_free(&text);
	}
}
END_TEST

UNIT_SUITE("mail_read", enriched_in_time, alternatives_in_time, what_is_sent_on_stays_plain)
