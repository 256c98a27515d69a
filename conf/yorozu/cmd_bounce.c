/*
 * yorozu bounce classify FILE…: what return mails say, a line for each
 * recipient, for operators and tests. FILE is a mail, an mbox file, a Maildir
 * or a folder of mails; "-" is standard input. Needs no instance; with -C DIR
 * the instance's table of reasons counts, with --table FOLDER the one there.
 *
 *	file  recipient  class  reason  status  why      (TABs between, "-": nothing)
 *
 * SECURITY: the files are hostile; what is printed is clean, one line each.
 */
#include "front.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "instance.h"
#include "mail/ret.h"
#include "text/json_put.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MBOX_MAX = 1 << 30 };

struct job {
	const struct ret_table *t;
	bool json;
	int failed;
};

/* ---- printing ---- */

static const char *or_dash(const char *s)
{
	return *s ? s : "-";
}

/* A file's name may hold a TAB; nothing else here can. */
static void put_name(const char *s)
{
	for (; *s; s++)
		putchar((unsigned char)*s < 32 || *s == 127 ? '?' : *s);
}

static void put_row(const char *file, const struct ret *r)
{
	put_name(file);
	printf("\t%s\t%s\t%s\t%s\t%s", or_dash(r->recipient), ret_class_name(r->class), or_dash(r->reason), or_dash(r->status),
	       or_dash(r->why));
	if (*r->diagnostic)
		printf(" [%s]", r->diagnostic);
	putchar('\n');
}

static void put_json(const char *file, const struct rets *all, const struct ret *r)
{
	struct sb line = SB_INIT;
	struct json_put o = { &line, false };
	json_put_open(&o, '{');
	json_put_text_at(&o, "file", file);
	json_put_text_at(&o, "recipient", r->recipient);
	json_put_text_at(&o, "final", r->final);
	json_put_text_at(&o, "class", ret_class_name(r->class));
	json_put_text_at(&o, "reason", r->reason);
	json_put_text_at(&o, "action", r->action);
	json_put_text_at(&o, "status", r->status);
	json_put_bool_at(&o, "status_told", r->status_told);
	json_put_text_at(&o, "code", r->code);
	json_put_text_at(&o, "diagnostic", r->diagnostic);
	json_put_text_at(&o, "remote_mta", r->remote_mta);
	json_put_text_at(&o, "original_id", all->original_id);
	json_put_text_at(&o, "sent_to", all->sent_to);
	json_put_text_at(&o, "return_path", all->return_path);
	json_put_text_at(&o, "feedback", all->feedback);
	json_put_text_at(&o, "why", r->why);
	json_put_close(&o, '}');
	puts(line.s);
	sb_free(&line);
}

/* ---- mails ---- */

static void fail(struct job *j, const struct err *e)
{
	j->failed = front_fail("bounce", e);
}

/* The file's Return-Path stands for the envelope's sender; without one nobody
 * knows it. */
static const char *sender_of(const struct msg *m)
{
	const struct msg_field *f = msg_field(m, "Return-Path");
	const char *p = f ? f->value + strspn(f->value, " \t<") : NULL;
	return p ? arena_strndup(m->arena, p, strcspn(p, "> \t")) : NULL;
}

static void classify(struct job *j, const char *name, const char *raw, size_t n)
{
	static const struct ret none = { .recipient = "", .final = "", .class = RET_NONE, .reason = "none", .action = "", .status = "",
					 .code = "", .diagnostic = "", .remote_mta = "", .why = "返送メールではありません。" };
	struct msg *m = NULL;
	struct rets r;
	struct err e, why;
	if (msg_parse(raw, n, &prescan_default, &m, &why) != OK) {
		err_set(&e, ERR_PERM, "%s: %s", name, why.msg);
		fail(j, &e);
		return;
	}
	bool is = ret_read(j->t, m, sender_of(m), &r);
	for (size_t i = 0; i < (is ? r.n : 1); i++) {
		const struct ret *one = is ? &r.v[i] : &none;
		if (j->json)
			put_json(name, &r, one);
		else
			put_row(name, one);
	}
	msg_free(&m);
}

/* The next "From " line that begins a mail: behind a blank line. */
static const char *next_from(const char *p, const char *end)
{
	while ((p = memmem(p, (size_t)(end - p), "\nFrom ", 6))) {
		if (p[-1] == '\n' || (p[-1] == '\r' && p[-2] == '\n'))
			return p + 1;
		p++;
	}
	return end;
}

/* FILE#1, FILE#2, …; a file with one mail keeps its name. */
static void classify_mbox(struct job *j, const char *path, const char *p, const char *end)
{
	bool several = next_from(p + 5, end) < end;
	for (size_t i = 1; p < end; i++) {
		const char *next = next_from(p + 5, end), *nl = memchr(p, '\n', (size_t)(next - p));
		char *name = several ? xasprintf("%s#%zu", path, i) : xstrdup(path);
		p = nl ? nl + 1 : next;
		classify(j, name, p, (size_t)(next - p));
		free(name);
		p = next;
	}
}

static void classify_file(struct job *j, const char *path)
{
	struct sb raw = SB_INIT;
	struct err e;
	if (io_read_file(path, MBOX_MAX, &raw, &e) != OK)
		fail(j, &e);
	else if (raw.len > 5 && memcmp(raw.s, "From ", 5) == 0)
		classify_mbox(j, path, raw.s, raw.s + raw.len);
	else
		classify(j, path, raw.s, raw.len);
	sb_free(&raw);
}

/* ---- folders ---- */

static bool is_dir(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void classify_dir(struct job *j, const char *path)
{
	struct dirent **v;
	struct err e;
	int n = scandir(path, &v, visible, alphasort);
	if (n < 0) {
		err_sys(&e, ERR_PERM, "%s", path);
		fail(j, &e);
		return;
	}
	for (int i = 0; i < n; i++) {
		char *file = xasprintf("%s/%s", path, v[i]->d_name);
		if (!is_dir(file))
			classify_file(j, file);
		free(file);
		free(v[i]);
	}
	free(v);
}

static void classify_maildir(struct job *j, const char *path)
{
	static const char *const parts[] = { "new", "cur" };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *dir = xasprintf("%s/%s", path, parts[i]);
		if (is_dir(dir))
			classify_dir(j, dir);
		free(dir);
	}
}

static void classify_path(struct job *j, const char *path)
{
	char *cur = xasprintf("%s/cur", path);
	if (!is_dir(path))
		classify_file(j, path);
	else if (is_dir(cur))
		classify_maildir(j, path);
	else
		classify_dir(j, path);
	free(cur);
}

/* ---- the command ---- */

/* --table before -C DIR before what lies beside the program. */
static struct ret_table *load_table(const char *folder, const struct front *f)
{
	struct ret_table *t = NULL;
	struct err e;
	struct cfg *c = NULL;
	if (!folder && f->dir && !(c = front_cfg("bounce", f)))
		return NULL;
	char *dir = folder ? xstrdup(folder) : c ? xstrdup(c->templates) : instance_share(f, "mail");
	if (ret_table_load(dir, &t, &e) != OK)
		front_fail("bounce", &e);
	free(dir);
	cfg_free(&c);
	return t;
}

static int run_bounce(int argc, char **argv, const struct front *f)
{
	struct job j = { 0 };
	int at = 2;
	if (argc < 3 || strcmp(argv[1], "classify") != 0)
		return front_usage(&cmd_bounce);
	const char *folder = NULL;
	for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
		if (strcmp(argv[at], "--json") == 0)
			j.json = true;
		else if (strcmp(argv[at], "--table") == 0 && at + 1 < argc)
			folder = argv[++at];
		else
			return front_usage(&cmd_bounce);
	}
	if (at == argc)
		return front_usage(&cmd_bounce);
	struct ret_table *t = load_table(folder, f);
	if (!t)
		return 1;
	for (j.t = t; at < argc; at++)
		classify_path(&j, argv[at]);
	ret_table_free(&t);
	return j.failed;
}

const struct front_cmd cmd_bounce = { "bounce", run_bounce, "bounce classify [--json] [--table FOLDER] FILE…",
				      "say what return mails mean, a line a recipient" };
