/* After a crash: what Postfix has taken is found, also when its log was rotated in
 * between (DESK-15). */
#include "settle.h"
#include "base/io.h"
#include "unit.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static char dir[32];
static const char *const names[] = { "mail.log", "mail.log.1", "mail.log.1.gz", "mail.log.2.xz", "mail.log-20261124", "mail.log.20261124-000000", "mail.logs" };

static void begin(void)
{
	snprintf(dir, sizeof dir, "/tmp/settle.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static char *at(const char *name)
{
	static char path[120];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void end(void)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(at(names[i]));
	rmdir(dir);
}

static void put(const char *name, const char *text)
{
	struct err e;
	ck_assert_msg(io_write_file(at(name), 0644, text, strlen(text), &e) == OK, "%s", e.msg);
}

static void made_at(const char *name, time_t when)
{
	const struct timespec t[2] = { { when, 0 }, { when, 0 } };
	ck_assert_int_eq(utimensat(AT_FDCWD, at(name), t, 0), 0);
}

#define TOOK "Nov 24 10:00:00 mx postfix/qmgr[9]: 4XyZ: from=<bounce+7-abc@example.jp>, size=900, nrcpt=1 (queue active)\n"

static const char *found(void)
{
	static struct settled v;
	struct err e;
	struct sb log = SB_INIT;
	v = (struct settled){ .id = 7, .sender = "bounce+7-abc@example.jp", .message_id = "t1.7.x@example.jp" };
	ck_assert_msg(settle_read_log(at("mail.log"), &log, &e) == OK, "%s", e.msg);
	settle_match(log.s, log.len, "", &v, 1);
	sb_free(&log);
	return v.queue_id;
}

START_TEST(the_log_as_it_is)
{
	begin();
	put("mail.log", "x\n" TOOK);
	ck_assert_str_eq(found(), "4XyZ");
	put("mail.log", "x\n");
	ck_assert_str_eq(found(), "");
	end();
}
END_TEST

/* logrotate's create and copytruncate, dateext, and Postfix's own. */
START_TEST(rotated_since)
{
	for (size_t i = 1; i < 6; i++) {
		if (i == 3)
			continue;
		begin();
		put(names[i], "no end of line, " TOOK "Nov 24 10:00:01 cut");
		put("mail.log", "new\n");
		ck_assert_str_eq(found(), "4XyZ");
		end();
	}
	begin();
	put("mail.log.1", TOOK); /* Postfix has not opened the new one */
	ck_assert_str_eq(found(), "4XyZ");
	end();
}
END_TEST

static void pack(const char *name, const char *text)
{
	gzFile f = gzopen(at(name), "wb");
	ck_assert_int_eq(gzputs(f, text), (int)strlen(text));
	ck_assert_int_eq(gzclose(f), Z_OK);
}

/* logrotate's compress. Cut off in the middle, what was before counts. */
START_TEST(packed_at_once)
{
	begin();
	put("mail.log", "new\n");
	pack("mail.log.1.gz", "old\n" TOOK);
	ck_assert_str_eq(found(), "4XyZ");
	put("mail.log.1.gz", "\x1f\x8b no archive");
	ck_assert_str_eq(found(), "");
	put("mail.log.2.xz", TOOK);
	ck_assert_str_eq(found(), ""); /* not read: no text */
	end();
}
END_TEST

/* Of several the last one; what only begins so is another's. */
START_TEST(the_newest_of_several)
{
	begin();
	put("mail.log", "new\n");
	put("mail.log.1", TOOK);
	put("mail.log-20261124", "older\n");
	put("mail.logs", "another\n");
	made_at("mail.log.1", 2000), made_at("mail.log-20261124", 1000), made_at("mail.logs", 3000);
	ck_assert_str_eq(found(), "4XyZ");
	made_at("mail.log-20261124", 2500);
	ck_assert_str_eq(found(), "");
	end();
}
END_TEST

START_TEST(no_log_at_all)
{
	struct err e;
	struct sb log = SB_INIT;
	begin();
	ck_assert_int_eq(settle_read_log(at("mail.log"), &log, &e), ERR_TEMP);
	ck_assert_ptr_nonnull(strstr(e.msg, "mail.log"));
	sb_free(&log);
	end();
}
END_TEST

UNIT_SUITE("settle", the_log_as_it_is, rotated_since, packed_at_once, the_newest_of_several, no_log_at_all)
