/* mboxrd: what goes in comes out again, and nobody can begin a mail of his own. */
#include "mail/mbox.h"
#include "unit.h"
#include <string.h>

START_TEST(a_mail_begins_with_its_envelope)
{
	struct sb b = SB_INIT;
	const char mail[] = "Subject: x\r\n\r\nhello\r\n";
	mbox_add(&b, "taro@example.co.jp", epoch_of(2026, 11, 24, 10, 0, 0), mail, sizeof mail - 1);
	ck_assert_str_eq(b.s, "From taro@example.co.jp Tue Nov 24 01:00:00 2026\nSubject: x\n\nhello\n\n");
	sb_free(&b);
}
END_TEST

START_TEST(a_line_that_looks_like_one_is_marked)
{
	struct sb b = SB_INIT;
	const char mail[] = "Subject: x\n\nFrom here on\n>From there\nFrom: no\nlast";
	mbox_add(&b, "", 0, mail, sizeof mail - 1);
	ck_assert_str_eq(b.s, "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\nSubject: x\n\n>From here on\n>>From there\nFrom: no\nlast\n\n");
	sb_free(&b);
}
END_TEST

START_TEST(a_hostile_sender_stays_on_his_line)
{
	struct sb b = SB_INIT;
	mbox_add(&b, "a\nFrom b@c x", 0, "x", 1);
	ck_assert_str_eq(b.s, "From a_From_b@c_x Thu Jan  1 00:00:00 1970\nx\n\n");
	sb_free(&b);
}
END_TEST

UNIT_SUITE("mbox", a_mail_begins_with_its_envelope, a_line_that_looks_like_one_is_marked,
           a_hostile_sender_stays_on_his_line)
