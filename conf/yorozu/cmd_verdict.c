/*
 * yorozu verdict: what the tables say about one terminal, with the evidence.
 * With -C DIR the instance's tables too, else those beside the program alone.
 * SECURITY: the facts come from a terminal; what is printed holds no control
 * characters.
 */
#include "feed_place.h"
#include "base/arena.h"
#include "base/clk.h"
#include "base/io.h"
#include "verdict/verdict.h"
#include <stdio.h>
#include <string.h>

struct options {
	bool json;
	epoch at; /* 0: now */
	const char *tables; /* a folder instead of the usual places */
	const char *file;
};

static bool read_options(int argc, char **argv, struct options *o)
{
	*o = (struct options){ 0 };
	int at = 1;
	for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
		int64_t day;
		if (strcmp(argv[at], "--json") == 0)
			o->json = true;
		else if (++at >= argc)
			return false;
		else if (strcmp(argv[at - 1], "--tables") == 0)
			o->tables = argv[at];
		else if (strcmp(argv[at - 1], "--at") != 0)
			return false;
		else if (civil_parse_date(argv[at], &day)) {
			struct civil c = civil_of_day(day);
			o->at = epoch_of(c.year, c.mon, c.day, 23, 59, 59);
		} else if (!civil_parse_time(argv[at], &o->at))
			return false;
	}
	o->file = at + 1 == argc ? argv[at] : NULL;
	return o->file != NULL;
}

static enum status judge(const struct feed *f, const struct options *o, struct sb *out, struct err *e)
{
	struct arena *a = arena_new();
	struct sb text = SB_INIT;
	struct facts x;
	struct verdict v;
	enum status st = io_read_file(o->file, FACTS_BYTES_MAX, &text, e);
	if (st == OK)
		st = facts_parse(text.s, text.len, a, &x, e);
	if (st == OK) {
		verdict_of(f, &x, o->at ? o->at : clk_now(), a, &v);
		if (o->json)
			verdict_json(&x, &v, out);
		else
			verdict_show(f, &x, &v, out);
	}
	arena_free(&a);
	sb_free(&text);
	return st;
}

static int run_verdict(int argc, char **argv, const struct front *f)
{
	struct options o;
	struct feed *feed = NULL;
	struct sb out = SB_INIT;
	struct err e;
	if (!read_options(argc, argv, &o))
		return front_usage(&cmd_verdict);
	enum status st = o.tables ? feed_load(o.tables, NULL, &feed, &e) : feed_open(f, &feed, &e);
	if (st == OK)
		st = judge(feed, &o, &out, &e);
	feed_free(&feed);
	if (st == OK)
		printf("%s%s", out.s, o.json ? "\n" : "");
	sb_free(&out);
	return st == OK ? 0 : front_fail("verdict", &e);
}

const struct front_cmd cmd_verdict = { "verdict", run_verdict, "verdict [--json] [--at DAY|'DAY TIME'] [--tables FOLDER] FACTS.json",
				       "is this terminal patched, what is vulnerable on it? With evidence" };
