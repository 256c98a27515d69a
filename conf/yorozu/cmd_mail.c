/*
 * yorozu mail show FILE…: a raw mail as staff would read it; yorozu mail analyse
 * FILE…: what staff are shown of the mails forwarded in it. For support and for
 * tests; needs no instance.
 * SECURITY: the files are hostile; what is printed is safe for a terminal.
 */
#include "front.h"
#include "base/io.h"
#include "mail/addr.h"
#include "mail/analyse_show.h"
#include "mail/show.h"
#include "text/freemail.h"
#include <stdio.h>
#include <string.h>

typedef void (*shower)(const struct msg *m, struct sb *out);

/* As the desk would, for a customer who writes from this mail's From to the
 * desk, its To; a mail that carries none is analysed itself. */
static void analyse(const struct msg *m, struct sb *out)
{
	struct arena *a = arena_new();
	struct strip_rules rules = { .inline_image_max = 0 };
	struct stripped files;
	struct analysis r;
	struct sb rest = SB_INIT;
	const char *own = m->from.n ? addr_domain(addr_key(a, m->from.v[0].addr)) : "";
	struct analyse_ctx c = { .own_domain = freemail_domain(own) ? "" : own, .desk = m->to.n ? m->to.v[0].addr : "",
		                 .itself = true };
	struct msg *stripped = NULL; /* an .eml in it is opened then */
	msg_strip(m, &rules, a, &files, &rest);
	if (files.changed && msg_parse(rest.s, rest.len, &prescan_default, &stripped, NULL) != OK)
		stripped = NULL;
	mail_analyse(stripped ? stripped : m, &c, a, &r);
	analysis_text(&r, files.v, files.n, out);
	msg_free(&stripped);
	sb_free(&rest);
	arena_free(&a);
}

static enum status show_file(const char *path, shower show, struct sb *out, struct err *e)
{
	struct sb raw = SB_INIT;
	struct msg *m = NULL;
	enum status st = io_read_file(path, prescan_default.size, &raw, e);
	if (st == OK) {
		struct err why;
		st = msg_parse(raw.s, raw.len, &prescan_default, &m, &why);
		if (st == OK)
			show(m, out);
		else
			err_set(e, st, "%s: %s", path, why.msg);
	}
	msg_free(&m);
	sb_free(&raw);
	return st;
}

static int show_files(int n, char **files, shower show)
{
	int failed = 0;
	for (int i = 0; i < n; i++) {
		struct sb out = SB_INIT;
		struct err e;
		if (n > 1)
			sb_addf(&out, "%s==== %s ====\n", i ? "\n" : "", files[i]);
		enum status st = show_file(files[i], show, &out, &e);
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
	if (argc >= 3 && strcmp(argv[1], "show") == 0)
		return show_files(argc - 2, argv + 2, mail_show);
	if (argc >= 3 && strcmp(argv[1], "analyse") == 0)
		return show_files(argc - 2, argv + 2, analyse);
	return front_usage(&cmd_mail);
}

const struct front_cmd cmd_mail = { "mail", run_mail, "mail show FILE… | analyse FILE…",
				    "print raw mails as staff would read them, or what is suspicious in them" };
