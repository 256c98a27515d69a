/*
 * yorozu desk: the kinds of consultation, what kind a mail would be suggested
 * as, and the standard texts as a customer gets them. With -C DIR that
 * instance's texts, else those beside the program.
 * SECURITY: `suggest` reads hostile mails; nothing of them is printed.
 */
#include "instance.h"
#include "table.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "mail/evidence.h"
#include "mail/msg_parse.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The texts' folder and how the desk is named in them. */
struct place {
	struct cfg *cfg;
	char *dir;
	struct categories *set;
};

static void close_place(struct place *p)
{
	categories_free(&p->set);
	cfg_free(&p->cfg);
	free(p->dir);
}

static bool open_place(struct place *p, const struct front *f)
{
	struct err e;
	*p = (struct place){ 0 };
	enum status st = OK;
	if (f->dir && !(p->cfg = front_cfg("desk", f)))
		return false;
	if (!f->dir)
		st = cfg_parse("desk", "", "/", &p->cfg, &e);
	if (st == OK) {
		p->dir = f->dir ? xstrdup(p->cfg->categories) : instance_share(f, "desk");
		st = categories_load(p->dir, &p->set, &e);
	}
	if (st == OK)
		return true;
	front_fail("desk", &e);
	close_place(p);
	return false;
}

static int run_list(const struct place *p, int argc, char **argv)
{
	static const struct table_col cols[] = {
		{ "number", "番号", true, 0 }, { "name", "分類", false, 0 }, { "group", "区分", false, 0 },
		{ "text", "定型文", false, 0 }, { "aliases", "別名", false, 60 },
	};
	bool tsv = argc == 1 && strcmp(argv[0], "--tsv") == 0;
	size_t n;
	const struct category *v = categories_list(p->set, &n);
	if (argc && !tsv)
		return front_usage(&cmd_desk);
	struct table *t = table_new(cols, sizeof cols / sizeof *cols, tsv);
	for (size_t i = 0; i < n; i++) {
		struct sb aliases = SB_INIT;
		for (const char *const *a = v[i].aliases; *a; a++)
			sb_addf(&aliases, "%s%s", aliases.len ? ", " : "", *a);
		table_num(t, v[i].number);
		table_cell(t, v[i].name);
		table_cell(t, category_group_ja(v[i].group));
		table_cell(t, v[i].text);
		table_cell(t, aliases.s);
		sb_free(&aliases);
	}
	table_print(t);
	table_free(&t);
	return 0;
}

static enum status suggest_file(const struct place *p, const char *path, struct arena *a,
                                struct category_suggestion *r, struct err *e)
{
	struct sb raw = SB_INIT;
	struct msg *m = NULL;
	struct err why;
	enum status st = io_read_file(path, prescan_default.size, &raw, e);
	if (st == OK && (st = msg_parse(raw.s, raw.len, &prescan_default, &m, &why)) != OK)
		err_set(e, st, "%s: %s", path, why.msg);
	if (st == OK) {
		struct category_evidence ev;
		mail_evidence(m, a, &ev);
		category_suggest(p->set, &ev, a, r);
	}
	msg_free(&m);
	sb_free(&raw);
	return st;
}

static void put_suggestion(struct table *t, const char *path, const struct category_suggestion *r)
{
	table_cell(t, path);
	table_num(t, r->best ? r->best->number : 0);
	table_cell(t, r->best ? r->best->name : "");
	table_num(t, r->score);
	table_cell(t, r->reason);
	table_num(t, r->second ? r->second->number : 0);
	table_num(t, r->second_score);
}

static int run_suggest(const struct place *p, int argc, char **argv)
{
	static const struct table_col cols[] = {
		{ "file", NULL, false, 0 }, { "number", NULL, true, 0 }, { "name", NULL, false, 0 },
		{ "score", NULL, true, 0 }, { "reason", NULL, false, 0 }, { "second", NULL, true, 0 },
		{ "second_score", NULL, true, 0 },
	};
	int failed = 0;
	if (argc == 0)
		return front_usage(&cmd_desk);
	struct table *t = table_new(cols, sizeof cols / sizeof *cols, true);
	for (int i = 0; i < argc; i++) {
		struct err e;
		struct category_suggestion r;
		struct arena *a = arena_new();
		if (suggest_file(p, argv[i], a, &r, &e) == OK)
			put_suggestion(t, argv[i], &r);
		else
			failed = front_fail("desk", &e);
		arena_free(&a);
	}
	table_print(t);
	table_free(&t);
	return failed;
}

static int unknown(const struct place *p, const char *typed)
{
	const struct category *near[CATEGORY_NEAR];
	size_t n = category_near(p->set, typed, near);
	fprintf(stderr, "yorozu desk: no category \"%s\"", typed);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "%s%d %s", i ? ", " : "; did you mean ", near[i]->number, near[i]->name);
	fputs("\n", stderr);
	return 1;
}

static int run_text(const struct place *p, int argc, char **argv)
{
	struct err e;
	struct sb subject = SB_INIT, body = SB_INIT;
	if (argc != 1)
		return front_usage(&cmd_desk);
	const struct category *c = category_find(p->set, argv[0]);
	if (!c)
		return unknown(p, argv[0]);
	char *address = xasprintf("%s@%s", p->cfg->desk_localpart, p->cfg->domain);
	struct category_letter l = { .name = "山田 太郎", .ticket = "12", .desk_name = p->cfg->desk_name,
		                     .desk_address = address, .domain = p->cfg->domain };
	enum status st = category_text(p->set, c, &l, &subject, &body, &e);
	if (st == OK)
		printf("Subject: %s\n\n%s", subject.s, body.s);
	free(address);
	sb_free(&subject);
	sb_free(&body);
	return st == OK ? 0 : front_fail("desk", &e);
}

static int run_desk(int argc, char **argv, const struct front *f)
{
	static const struct { const char *name; int (*run)(const struct place *p, int argc, char **argv); } verbs[] = {
		{ "categories", run_list }, { "suggest", run_suggest }, { "text", run_text },
	};
	for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++) {
		struct place p;
		if (strcmp(argv[1], verbs[i].name) != 0)
			continue;
		if (!open_place(&p, f))
			return 1;
		int rc = verbs[i].run(&p, argc - 2, argv + 2);
		close_place(&p);
		return rc;
	}
	return front_usage(&cmd_desk);
}

const struct front_cmd cmd_desk = {
	"desk", run_desk,
	"desk categories [--tsv] | suggest FILE… | text NUMBER|ALIAS",
	"kinds of consultation and their standard texts",
};
