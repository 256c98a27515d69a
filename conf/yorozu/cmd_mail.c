/*
 * yorozu mail show FILE…: a raw mail as staff would read it, for support and
 * for tests. Needs no instance.
 * SECURITY: the files are hostile; what is printed is safe for a terminal.
 */
#include "front.h"
#include "base/io.h"
#include "mail/show.h"
#include <stdio.h>
#include <string.h>

static enum status show_file(const char *path, struct sb *out, struct err *e)
{
	struct sb raw = SB_INIT;
	struct msg *m = NULL;
	enum status st = io_read_file(path, prescan_default.size, &raw, e);
	if (st == OK) {
		struct err why;
		st = msg_parse(raw.s, raw.len, &prescan_default, &m, &why);
		if (st == OK)
			mail_show(m, out);
		else
			err_set(e, st, "%s: %s", path, why.msg);
	}
	msg_free(&m);
	sb_free(&raw);
	return st;
}

static int show_files(int n, char **files)
{
	int failed = 0;
	for (int i = 0; i < n; i++) {
		struct sb out = SB_INIT;
		struct err e;
		if (n > 1)
			sb_addf(&out, "%s==== %s ====\n", i ? "\n" : "", files[i]);
		enum status st = show_file(files[i], &out, &e);
		fwrite(out.s, 1, out.len, stdout);
		fflush(stdout);
		if (st != OK) {
			failed = front_fail("mail", &e);
		}
		sb_free(&out);
	}
	return failed;
}

static int run_mail(int argc, char **argv, const struct front *f)
{
	(void)f;
	if (argc < 3 || strcmp(argv[1], "show") != 0)
		return front_usage(&cmd_mail);
	return show_files(argc - 2, argv + 2);
}

const struct front_cmd cmd_mail = { "mail", run_mail, "mail show FILE…",
				    "print raw mails as staff would read them" };
