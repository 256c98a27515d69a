/*
 * DESK-04: what a reply clock causes and when, as whole lives of one clock: each
 * line is a moment at which something is told.
 */
#include "due.h"
#include "base/strbuf.h"
#include "store/store_due.h"
#include "unit.h"
#include <string.h>

static struct cal *cal;
static struct due_rules rules;

static void set_up(void)
{
	struct cfg *c;
	struct err e;
	cal = cal_new();
	ck_assert(cfg_parse("test", "", "/x", &c, &e) == OK);
	due_rules_load(c, cal, &rules);
	cfg_free(&c);
}

static epoch at(const char *s)
{
	epoch t;
	ck_assert_msg(civil_parse_time(s, &t), "%s", s);
	return t;
}

static void say(struct sb *out, epoch now, const struct due_plan *p)
{
	static const char *const words[] = { "reminder", "alert", "overdue" };
	char iso[32];
	clk_iso(now, iso);
	sb_addf(out, "%.11s", iso + 5);
	if (p->stage)
		sb_addf(out, " %s %d%s", words[p->word], p->stage, p->late ? " late" : "");
	sb_addf(out, "%s\n", p->notice ? " notice" : "");
}

/* Looks when it should, from `now` until nothing is left. */
static void live(struct due_clock *c, epoch now, struct sb *out)
{
	for (int looks = 0; now; looks++) {
		struct due_plan p;
		ck_assert_int_lt(looks, 50);
		due_plan(&rules, c, now, &p);
		ck_assert_msg(!p.next || p.next > now, "would look again at once");
		if (p.stage || p.notice)
			say(out, now, &p);
		if (p.stage)
			c->told = p.stage;
		c->noticed = c->noticed || p.notice;
		now = p.next;
	}
}

static void check(const char *what, struct due_clock c, epoch now, const char *want)
{
	struct sb out = SB_INIT;
	live(&c, now, &out);
	ck_assert_msg(strcmp(out.s, want) == 0, "%s: wanted\n%sgot\n%s", what, want, out.s);
	sb_free(&out);
}

static struct due_clock received(const char *when)
{
	return (struct due_clock){ .since = at(when), .due = cal_due(cal, at(when)) };
}

/* Every kind of time a mail can come: the stages of its day. */
START_TEST(a_clock_told_in_time)
{
	static const struct { const char *what, *received, *want; } lives[] = {
		{ "a Tuesday morning", "2026-11-24 10:00",
		  "11-24 14:30 reminder 50\n11-24 16:36 reminder 80\n11-24 17:00 notice\n11-24 17:18 alert 90\n"
		  "11-25 10:00 overdue 100\n" },
		{ "at the opening: the target is the closing second", "2026-11-24 09:30",
		  "11-24 14:00 reminder 50\n11-24 16:06 reminder 80\n11-24 16:30 notice\n11-24 16:48 alert 90\n"
		  "11-24 17:30 overdue 100\n" },
		{ "a share that ends with the morning waits for the lunch break", "2026-11-24 16:00",
		  "11-25 11:30 reminder 50\n11-25 14:36 reminder 80\n11-25 15:00 notice\n11-25 15:18 alert 90\n"
		  "11-25 16:00 overdue 100\n" },
		{ "half of it is over at 12:00 sharp", "2026-11-24 16:30",
		  "11-25 13:00 reminder 50\n11-25 15:06 reminder 80\n11-25 15:30 notice\n11-25 15:48 alert 90\n"
		  "11-25 16:30 overdue 100\n" },
		{ "in the lunch break: due at 12:00 sharp", "2026-11-24 12:30",
		  "11-24 16:30 reminder 50\n11-25 10:36 reminder 80\n11-25 11:00 notice\n11-25 11:18 alert 90\n"
		  "11-25 12:00 overdue 100\n" },
		{ "in the evening", "2026-11-24 20:00",
		  "11-25 14:00 reminder 50\n11-25 16:06 reminder 80\n11-25 16:30 notice\n11-25 16:48 alert 90\n"
		  "11-25 17:30 overdue 100\n" },
		{ "Friday before a long weekend (Monday is a holiday)", "2026-11-20 15:00",
		  "11-24 10:30 reminder 50\n11-24 13:36 reminder 80\n11-24 14:00 notice\n11-24 14:18 alert 90\n"
		  "11-24 15:00 overdue 100\n" },
		{ "Saturday night", "2026-11-28 23:59",
		  "11-30 14:00 reminder 50\n11-30 16:06 reminder 80\n11-30 16:30 notice\n11-30 16:48 alert 90\n"
		  "11-30 17:30 overdue 100\n" },
		{ "the last afternoon of the year", "2026-12-28 16:00",
		  "01-04 11:30 reminder 50\n01-04 14:36 reminder 80\n01-04 15:00 notice\n01-04 15:18 alert 90\n"
		  "01-04 16:00 overdue 100\n" },
		{ "in between holidays (5/3 to 5/6 are closed)", "2026-05-01 17:00",
		  "05-07 13:30 reminder 50\n05-07 15:36 reminder 80\n05-07 16:00 notice\n05-07 16:18 alert 90\n"
		  "05-07 17:00 overdue 100\n" },
	};
	set_up();
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++)
		check(lives[i].what, received(lives[i].received), at(lives[i].received), lives[i].want);
}
END_TEST

/* Nobody looked for a while: each stage is told at most once, the strongest in
 * place of those below it, and not at night. */
START_TEST(a_clock_looked_at_late)
{
	static const struct { const char *what, *looked, *want; } lives[] = {
		{ "some minutes are nothing", "2026-11-24 14:38",
		  "11-24 14:38 reminder 50\n11-24 16:36 reminder 80\n11-24 17:00 notice\n11-24 17:18 alert 90\n"
		  "11-25 10:00 overdue 100\n" },
		{ "past one reminder", "2026-11-24 16:00",
		  "11-24 16:00 reminder 50 late\n11-24 16:36 reminder 80\n11-24 17:00 notice\n11-24 17:18 alert 90\n"
		  "11-25 10:00 overdue 100\n" },
		{ "past both and the notice", "2026-11-24 17:15",
		  "11-24 17:15 reminder 80 late notice\n11-24 17:18 alert 90\n11-25 10:00 overdue 100\n" },
		{ "at night: the notice still comes before the target, at the opening", "2026-11-24 22:00",
		  "11-25 09:30 alert 90 late notice\n11-25 10:00 overdue 100\n" },
		{ "after the target: one word, and the customer still hears", "2026-11-25 15:00",
		  "11-25 15:00 overdue 100 late notice\n" },
		{ "a weekend later", "2026-11-28 12:00", "11-30 09:30 overdue 100 late notice\n" },
		{ "years later", "2036-11-24 12:30", "11-25 09:30 overdue 100 late notice\n" },
	};
	set_up();
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++)
		check(lives[i].what, received("2026-11-24 10:00"), at(lives[i].looked), lives[i].want);
}
END_TEST

START_TEST(closing_time_is_not_late_the_next_morning)
{
	set_up();
	struct due_clock c = received("2026-11-24 10:00");
	c.told = 50, c.noticed = true;
	check("17:18, 12 minutes of reply time before", c, at("2026-11-25 09:30"),
	      "11-25 09:30 alert 90 late\n11-25 10:00 overdue 100\n");
	c.since = at("2026-11-24 10:06"), c.due = at("2026-11-25 10:06"); /* 90 percent: 17:24 */
	check("17:24, 6 minutes before", c, at("2026-11-25 09:30"), "11-25 09:30 alert 90\n11-25 10:06 overdue 100\n");
}
END_TEST

START_TEST(the_closing_second_counts)
{
	set_up();
	struct due_clock c = received("2026-11-24 09:30");
	c.told = 90, c.noticed = true;
	check("told at 17:30:01", c, at("2026-11-24 17:30:01"), "11-24 17:30 overdue 100\n");
	check("but not in the evening", c, at("2026-11-24 19:00"), "11-25 09:30 overdue 100\n");
}
END_TEST

/* A clock that goes back: what was told stays told, the rest waits. */
START_TEST(a_clock_set_back)
{
	set_up();
	struct due_clock c = received("2026-11-24 10:00");
	c.told = 80;
	check("two days back", c, at("2026-11-22 10:00"),
	      "11-24 17:00 notice\n11-24 17:18 alert 90\n11-25 10:00 overdue 100\n");
}
END_TEST

/* An extended target: its shares are those of the time from then on. */
START_TEST(a_moved_target)
{
	set_up();
	struct due_clock c = { .since = at("2026-11-24 17:00"), .due = at("2026-11-27 15:00") };
	check("three days", c, c.since,
	      "11-26 11:30 reminder 50\n11-27 10:12 reminder 80\n11-27 13:06 alert 90\n11-27 14:00 notice\n"
	      "11-27 15:00 overdue 100\n");
}
END_TEST

START_TEST(a_target_nearer_than_the_notice)
{
	set_up();
	struct due_clock c = { .since = at("2026-11-24 14:00"), .due = at("2026-11-24 14:30") };
	check("half an hour", c, c.since,
	      "11-24 14:15 reminder 50 notice\n11-24 14:24 reminder 80\n11-24 14:27 alert 90\n11-24 14:30 overdue 100\n");
	c.due = c.since;
	check("none at all", c, c.since, "11-24 14:00 overdue 100 notice\n");
	c.due = at("2026-11-20 10:00");
	check("a target in the past", c, c.since, "11-24 14:00 overdue 100 late notice\n");
}
END_TEST

START_TEST(what_the_customer_is_promised)
{
	set_up();
	ck_assert_int_eq(due_notice_until(&rules, at("2026-11-25 10:00"), at("2026-11-24 17:00")), at("2026-11-26 10:00"));
	ck_assert_int_eq(due_notice_until(&rules, at("2026-11-25 10:00"), at("2026-11-30 09:30")), at("2026-11-30 17:30"));
	ck_assert_int_eq(due_notice_until(&rules, at("2026-12-28 16:00"), at("2026-12-28 15:00")), at("2027-01-04 16:00"));
}
END_TEST

START_TEST(rules_can_be_switched_off)
{
	struct cfg *c;
	struct err e;
	set_up();
	ck_assert_msg(cfg_parse("test", "remind_at =\nalert_at = 0\nnotice_before = 0\n", "/x", &c, &e) == OK, "%s", e.msg);
	due_rules_load(c, cal, &rules);
	cfg_free(&c);
	check("nothing but the target", received("2026-11-24 10:00"), at("2026-11-24 10:00"), "11-25 10:00 overdue 100\n");
	ck_assert(cfg_parse("test", "remind_at = 80,50\n", "/x", &c, &e) == ERR_PERM);
	ck_assert_str_eq(e.msg, "test:1: remind_at must be at most 8 rising whole numbers from 1 to 99, with commas between");
	ck_assert(cfg_parse("test", "remind_at = 50,\n", "/x", &c, &e) == ERR_PERM);
	ck_assert(cfg_parse("test", "remind_at = 0\n", "/x", &c, &e) == ERR_PERM);
	ck_assert(cfg_parse("test", "remind_at = 10, 20, 99\n", "/x", &c, &e) == OK);
	cfg_free(&c);
}
END_TEST

/* Whatever the times: no stage twice, an end, never outside the hours. */
START_TEST(any_clock_comes_to_an_end)
{
	set_up();
	srand(4);
	for (int i = 0; i < 3000; i++) {
		epoch since = at("2026-12-20 00:00") + rand() % (30 * 86400);
		struct due_clock c = { .since = since, .due = since + rand() % (5 * 86400) - 3600 };
		epoch now = since + rand() % 86400;
		for (int looks = 0; now; looks++) {
			struct due_plan p;
			ck_assert_int_lt(looks, 50);
			due_plan(&rules, &c, now, &p);
			ck_assert(!p.next || p.next > now);
			ck_assert(!p.stage || p.stage > c.told);
			ck_assert(!p.notice || (!c.noticed && cal_in_reply_hours(cal, now)));
			ck_assert(!p.stage || p.stage == DUE_MISSED || cal_in_reply_hours(cal, now));
			c.told = p.stage ? p.stage : c.told;
			c.noticed = c.noticed || p.notice;
			now = p.next ? p.next + rand() % 40000 * (rand() % 3 == 0) : 0;
		}
		ck_assert_int_eq(c.told, DUE_MISSED);
		ck_assert(c.noticed);
	}
}
END_TEST

UNIT_SUITE("due", a_clock_told_in_time, a_clock_looked_at_late, closing_time_is_not_late_the_next_morning,
           the_closing_second_counts, a_clock_set_back, a_moved_target, a_target_nearer_than_the_notice,
           what_the_customer_is_promised, rules_can_be_switched_off, any_clock_comes_to_an_end)
