/* yorozu.conf: values that go into the files of the mail servers are looked at
 * first, and the error names the line (OPS-04). */
#include "base/cfg.h"
#include "unit.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool taken(const char *text, const char *wanted_error)
{
	struct err e = { 0 };
	struct cfg *c = NULL;
	bool ok = cfg_parse("yorozu.conf", text, "/inst", &c, &e) == OK;
	cfg_free(&c);
	if (!ok && wanted_error)
		ck_assert_msg(strstr(e.msg, wanted_error) != NULL, "%s", e.msg);
	return ok;
}

START_TEST(the_world_is_one_of_four)
{
	static const char *const good[] = { "maildir", "discard", "direct", "relay:[mx.example.com]:25",
		                            "relay:[127.0.0.1]:54025", "relay:[::1]:65535" };
	static const char *const bad[] = { "moon", "relay:", "relay:x", "relay:mx.example.com:25", "relay:[]:25", "relay:[a]",
		                           "relay:[a]:", "relay:[a]:0", "relay:[a]:65536", "relay:[a]:25 x",
		                           "relay:[a b]:25", "relay:[a]:000000025" };
	char text[200];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		snprintf(text, sizeof text, "world = %s\n", good[i]);
		ck_assert_msg(taken(text, NULL), "%s", good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(text, sizeof text, "# a comment\nworld = %s\n", bad[i]);
		ck_assert_msg(!taken(text, "yorozu.conf:2: world must be"), "%s", bad[i]);
	}
}
END_TEST

START_TEST(names_are_names)
{
	ck_assert(taken("domain = example.co.jp\nhostname = mx-1.example.co.jp\n", NULL));
	ck_assert(!taken("domain = A_B\n", "yorozu.conf:1: domain must be a name"));
	ck_assert(!taken("domain = example\n", "yorozu.conf:1: domain"));
	ck_assert(!taken("hostname = mx..example.jp\n", "yorozu.conf:1: hostname"));
	ck_assert(!taken("hostname = -mx.example.jp\n", "yorozu.conf:1: hostname"));
	ck_assert(!taken("hostname = mx.example.jp # ours\n", "yorozu.conf:1: hostname"));
	ck_assert(!taken("hostname = ${x}.example.jp\n", "yorozu.conf:1: hostname"));
}
END_TEST

/* An instance made before a key: its folders of texts lie beside each other. */
START_TEST(a_folder_not_named_lies_beside_one_that_is)
{
	struct err e = { 0 };
	struct cfg *c = NULL;
	ck_assert(cfg_parse("yorozu.conf", "templates = conf/mail\n", "/inst", &c, &e) == OK);
	ck_assert_str_eq(c->categories, "conf/desk");
	ck_assert_str_eq(c->web_templates, "conf/web");
	ck_assert_msg(cfg_folders(c, &e) == OK, "%s", e.msg);
	cfg_free(&c);
	ck_assert(cfg_parse("yorozu.conf", "templates = conf/mail\ncategories = /nowhere/desk\n", "/inst", &c, &e) == OK);
	ck_assert_str_eq(c->categories, "/nowhere/desk");
	ck_assert(cfg_folders(c, &e) == ERR_NOTFOUND);
	ck_assert_msg(strstr(e.msg, "/inst/yorozu.conf: categories = /nowhere/desk: there is no such folder"), "%s", e.msg);
	cfg_free(&c);
}
END_TEST

UNIT_SUITE("cfg", a_folder_not_named_lies_beside_one_that_is, the_world_is_one_of_four, names_are_names)
