/* What a person reads of a mail: which part, and in what time. */
#include "text_util.h"
#include "mail/msg_parse.h"

static void read_mail(const char *type, const struct sb *body, struct sb *text)
{
	struct msg *m;
	struct err e = { 0 };
	struct sb raw = SB_INIT;
	sb_addf(&raw, "From: a@example.com\nMIME-Version: 1.0\nContent-Type: %s\n\n", type);
	sb_add(&raw, body->s, body->len);
	ck_assert_msg(msg_parse(raw.s, raw.len, NULL, &m, &e) == OK, "%s", e.msg);
	msg_read_text(m, text);
	msg_free(&m);
	sb_free(&raw);
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

UNIT_SUITE("mail_read", enriched_in_time)
