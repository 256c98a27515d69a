/* `yorozu bounce classify` as people type it: mails, mbox files, Maildirs. */
#include "base/io.h"
#include "cmd_util.h"
#include <sys/stat.h>

#define CLASSIFY "bounce classify --table conf/mail "
#define DIR_ "tests/golden/bounce/"

static char dir[] = "/tmp/yorozu-bounce-XXXXXX";

static void add(struct sb *b, const char *name)
{
	char path[200];
	snprintf(path, sizeof path, DIR_ "%s.eml", name);
	ck_assert_int_eq(io_read_file(path, 1 << 20, b, NULL), OK);
}

static char *in_dir(const char *name)
{
	static char path[200];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void put(const char *name, const struct sb *b)
{
	ck_assert_int_eq(io_write_file(in_dir(name), 0600, b->s, b->len, NULL), OK);
}

static void clean_up(void)
{
	char cmd[80];
	snprintf(cmd, sizeof cmd, "rm -r %s", dir);
	ck_assert_int_eq(system(cmd), 0);
}

START_TEST(a_line_a_recipient)
{
	expect(CLASSIFY DIR_ "qmail-two.eml", 0,
	       DIR_ "qmail-two.eml\tq8@customer.example\thard\tuserunknown\t5.1.1\t"
		    "宛先のメールアドレスが存在しません。 [Remote host said: 550 no such user]\n" DIR_
		    "qmail-two.eml\tq9@customer.example\tpolicy\tspamdetected\t5.7.1\t"
		    "迷惑メールと判定されて拒否されました。 [Remote host said: 554 5.7.1 This message looks like spam]\n");
	expect(CLASSIFY "- <" DIR_ "person-about-bounce.eml", 0, "-\t-\tnone\tnone\t-\t返送メールではありません。\n");
}
END_TEST

START_TEST(json)
{
	expect_line(CLASSIFY "--json " DIR_ "sendmail-expanded.eml", 0,
		    "\"recipient\":\"sm2@customer.example\",\"final\":\"sm2@forward.example\",\"class\":\"hard\"");
	expect_line(CLASSIFY "--json " DIR_ "postfix-plain-letter.eml", 0, "\"diagnostic\":\"unknown user: \\\"plain\\\"\"");
}
END_TEST

START_TEST(mbox_and_maildir)
{
	struct sb b = SB_INIT;
	char args[300];
	ck_assert_ptr_nonnull(mkdtemp(dir));
	sb_adds(&b, "From MAILER-DAEMON Tue Nov 24 10:00:00 2026\n");
	add(&b, "zoho");
	sb_adds(&b, "\nFrom person Tue Nov 24 10:00:00 2026\n");
	add(&b, "unsubscribe-subject");
	put("two.mbox", &b);
	ck_assert_int_eq(mkdir(in_dir("new"), 0700), 0);
	ck_assert_int_eq(mkdir(in_dir("cur"), 0700), 0);
	sb_reset(&b);
	add(&b, "aol");
	put("cur/1:2,S", &b);
	snprintf(args, sizeof args, CLASSIFY "%s/two.mbox", dir);
	expect_line(args, 0, "two.mbox#1\tz1@customer.example\thard\t");
	expect_line(args, 0, "two.mbox#2\taya@customer.example\tunsubscribe\t");
	snprintf(args, sizeof args, CLASSIFY "%s", dir);
	expect_line(args, 0, "/cur/1:2,S\tao1@aol.example\tfull\t");
	sb_free(&b);
	clean_up();
}
END_TEST

START_TEST(faults)
{
	expect_line("bounce", 2, "usage: ");
	expect_line("bounce classify", 2, "usage: ");
	expect_line("bounce classify --json", 2, "usage: ");
	expect_line("bounce classify --xml x", 2, "usage: ");
	expect_line(CLASSIFY "/nonexistent", 1, "/nonexistent: No such file");
	expect_line("bounce classify --table /nonexistent x", 1, "/nonexistent/bounce-reasons.tsv");
	/* what can be read is read */
	expect_line(CLASSIFY "/nonexistent " DIR_ "aol.eml", 1, "ao1@aol.example\tfull");
}
END_TEST

UNIT_SUITE("bounce_cmd", a_line_a_recipient, json, mbox_and_maildir, faults)
