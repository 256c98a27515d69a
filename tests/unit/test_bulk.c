/*
 * MAG-02, -04, -05, -07: the parts of the newsletter's engine that need no
 * Postfix: its log's lines, the pace of a domain, the queue's index, when issues
 * go out, and the editors' words.
 */
#include "unit.h"
#include "bulk_log.h"
#include "bulk_pace.h"
#include "bulk_queue.h"
#include "cal/weekly.h"
#include "mail/news_draft.h"
#include "text/command_news.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const uint8_t master[KEY_LEN] = { 1, 2, 3 };
static struct token_ctx tokens;
static struct arena *a;

static void setup(void)
{
	a = arena_new();
	token_init(&tokens, master, "sodan", "example.jp");
	token_news_init(&tokens, "henshu", "member", "magazine");
}

/* ---- addresses -------------------------------------------------------------------- */

START_TEST(addresses_name_issue_and_reader)
{
	int64_t id;
	struct token_news x;
	setup();
	char *verp = token_news_address(&tokens, a, 4, 123), *stop = token_stop_address(&tokens, a, 4, 123);
	ck_assert_int_eq(token_classify(&tokens, verp, &id), TOKEN_NEWS);
	ck_assert_int_eq(token_news_of(id).issue, 4);
	ck_assert_int_eq(token_news_of(id).reader, 123);
	ck_assert_int_eq(token_classify(&tokens, stop, &id), TOKEN_STOP);
	ck_assert_int_eq(token_news_of(id).reader, 123);
	memcpy(stop, "news", 4); /* the MAC is of its kind */
	ck_assert_int_eq(token_classify(&tokens, stop, &id), TOKEN_FORGED);
	ck_assert_int_eq(token_classify(&tokens, token_edit_address(&tokens, a, 7), &id), TOKEN_EDIT);
	ck_assert_int_eq(id, 7);
	ck_assert_int_eq(token_classify(&tokens, "HENSHU@example.jp", &id), TOKEN_EDIT);
	ck_assert_int_eq(id, 0);
	ck_assert_int_eq(token_classify(&tokens, "henshu+7-aaaaaaaaaaaaaaaa@example.jp", &id), TOKEN_FORGED);
	ck_assert_int_eq(token_classify(&tokens, "henshuu@example.jp", &id), TOKEN_NONE);
	ck_assert_int_eq(token_classify(&tokens, "member@example.jp", &id), TOKEN_LIST);
	ck_assert_int_eq(token_classify(&tokens, "magazine@example.jp", &id), TOKEN_LIST);
	ck_assert_int_eq(token_classify(&tokens, "members@example.jp", &id), TOKEN_NONE);
	ck_assert_int_eq(token_classify(&tokens, "news@example.jp", &id), TOKEN_NONE);
	ck_assert_int_eq(token_classify(&tokens, "news+4.99999999999-aaaaaaaaaaaaaaaa@example.jp", &id), TOKEN_FORGED);
	ck_assert(token_parse_news_id(&tokens, token_news_message_id(&tokens, a, 4, 123), &x) && x.reader == 123);
	ck_assert(token_parse_stop_link(&tokens, token_stop_link(&tokens, a, 4, 123), &x) && x.issue == 4);
	ck_assert(!token_parse_stop_link(&tokens, arena_printf(a, "%sx", token_stop_link(&tokens, a, 4, 123)), &x));
	ck_assert(!token_parse_stop_link(&tokens, "", &x));
	arena_free(&a);
}
END_TEST

/* ---- Postfix's log ---------------------------------------------------------------------- */

static struct blog_line parse(const char *line)
{
	struct blog_line l;
	blog_parse(&tokens, line, strlen(line), &l);
	return l;
}

#define AT "Nov 25 15:00:01 mx "

START_TEST(the_log_says_what_became_of_a_mail)
{
	setup();
	struct blog_line l = parse(arena_printf(a, AT "postfix/qmgr[77]: 4XyZ12: from=<%s>, size=3100, nrcpt=1 (queue active)", token_news_address(&tokens, a, 4, 9)));
	ck_assert_int_eq(l.kind, BLOG_QUEUED);
	ck_assert_str_eq(l.queue_id, "4XyZ12");
	ck_assert_int_eq(l.who.issue, 4);
	ck_assert_int_eq(l.who.reader, 9);
	l = parse(arena_printf(a, AT "postfix/qmgr[77]: 4XyZ12: from=<%s>, status=expired, returned to sender", token_news_address(&tokens, a, 4, 9)));
	ck_assert_int_eq(l.kind, BLOG_EXPIRED);
	l = parse(AT "postfix/smtp[8]: 4XyZ12: to=<a@x.jp>, relay=mx.x.jp[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)");
	ck_assert_int_eq(l.kind, BLOG_SENT);
	l = parse(AT "postfix/smtp[8]: 4XyZ12: to=<a@x.jp>, relay=mx.x.jp[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, "
	          "status=bounced (host mx.x.jp[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command))");
	ck_assert_int_eq(l.kind, BLOG_BOUNCED);
	ck_assert_str_eq(l.dsn, "5.1.1");
	ck_assert_str_eq(l.relay, "mx.x.jp[192.0.2.1]:25");
	ck_assert_ptr_nonnull(strstr(l.words, "550 5.1.1 User unknown"));
	ck_assert_int_eq(parse(AT "postfix/smtp[8]: 4X: to=<a@x.jp>, dsn=4.7.28, status=deferred (421)").kind, BLOG_DEFERRED);
	ck_assert_int_eq(parse(AT "postfix/qmgr[7]: 4XyZ12: removed").kind, BLOG_REMOVED);
	ck_assert_int_eq(parse(AT "postfix/postsuper[7]: 4XyZ12: removed").kind, BLOG_DELETED);
	ck_assert_int_eq(parse(AT "postfix/master[7]: daemon started -- version 3.7.11, configuration /x").kind, BLOG_STARTED);
	arena_free(&a);
}
END_TEST

START_TEST(the_log_can_not_be_fooled)
{
	static const char *const lines[] = {
		"", "x", AT "postfix/qmgr[7]: ", AT "postfix/qmgr[7]: 4X:", AT "postfix/qmgr[7]: 4X: from=<news+4.9-aaaaaaaaaaaaaaaa@example.jp>, size=1",
		AT "postfix/qmgr[7]: 4X: from=<news+", AT "postfix/qmgr[7]: 4X: from=<bounce+4-a@example.jp>, size=1",
		AT "dovecot[7]: 4X: to=<a@x>, status=sent", AT "postfix/smtp[7]: 4X: to=<a@x>, status=", AT "postfix/smtp[7]: 4X!: to=<a@x>, status=sent",
		AT "postfix/smtp[7]: 4XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX: to=<a@x>, status=sent",
	};
	setup();
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		ck_assert_msg(parse(lines[i]).kind == BLOG_NONE, "%s", lines[i]);
	arena_free(&a);
}
END_TEST

static void append(const char *path, const char *text)
{
	FILE *f = fopen(path, "a");
	fputs(text, f);
	fclose(f);
}

static char *all_lines(struct blog *b)
{
	static char out[200];
	const char *line;
	size_t n;
	out[0] = '\0';
	while (blog_next(b, &line, &n))
		snprintf(out + strlen(out), sizeof out - strlen(out), "%.*s|", (int)n, line);
	return out;
}

START_TEST(a_log_is_followed_over_rotation_and_restart)
{
	char dir[] = "/tmp/yorozu-log-XXXXXX", path[64], old[64];
	struct blog b;
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/mail.log", dir);
	snprintf(old, sizeof old, "%s/mail.log.1", dir);
	append(path, "before\n");
	blog_open(&b, path, 0, 0); /* the first time: from now on */
	ck_assert_str_eq(all_lines(&b), "");
	append(path, "one\ntw");
	ck_assert_str_eq(all_lines(&b), "one|"); /* half a line waits */
	append(path, "o\n");
	ck_assert_str_eq(all_lines(&b), "two|");
	int64_t inode = b.inode, offset = b.offset;
	append(path, "three\n");
	rename(path, old);
	append(path, "four\n");
	ck_assert_str_eq(all_lines(&b), "three|four|");
	blog_close(&b);
	blog_open(&b, path, inode, offset); /* stopped before the rotation */
	ck_assert_str_eq(all_lines(&b), "three|four|");
	blog_close(&b);
	unlink(old);
	blog_open(&b, path, inode, offset); /* its file is gone */
	ck_assert_str_eq(all_lines(&b), "four|");
	blog_close(&b);
	unlink(path);
	rmdir(dir);
}
END_TEST

/* logrotate's `create`: the new file is there before Postfix hears of it. */
START_TEST(what_is_written_to_a_rotated_file_counts)
{
	char dir[] = "/tmp/yorozu-log-XXXXXX", path[64], old[64];
	struct blog b;
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/mail.log", dir);
	snprintf(old, sizeof old, "%s/mail.log.1", dir);
	append(path, "before\n");
	blog_open(&b, path, 0, 0);
	append(path, "one\n");
	ck_assert_str_eq(all_lines(&b), "one|");
	rename(path, old);
	append(path, "");
	ck_assert_str_eq(all_lines(&b), "");
	append(old, "two\n");
	ck_assert_str_eq(all_lines(&b), "two|");
	int64_t inode = b.inode, offset = b.offset;
	append(old, "three\nfo"); /* Postfix was killed within a line */
	append(path, "five\n");    /* and its reload comes between two looks */
	ck_assert_str_eq(all_lines(&b), "three|five|");
	blog_close(&b);
	blog_open(&b, path, inode, offset);
	ck_assert_str_eq(all_lines(&b), "three|five|");
	append(path, "six\n");
	ck_assert_str_eq(all_lines(&b), "six|");
	blog_close(&b);
	unlink(old);
	unlink(path);
	rmdir(dir);
}
END_TEST

/* ---- the pace of a domain ------------------------------------------------------------------ */

static const struct pace_rules rules = { .start = 10, .max = 80, .double_ms = 60000, .hard = 2, .deferred = 10 };

static int taken(struct pace *p, int64_t from_ms, int64_t ms)
{
	int n = 0;
	for (int64_t t = from_ms; t < from_ms + ms; t += 10)
		n += pace_take(&rules, p, t);
	return n;
}

START_TEST(a_domain_is_warmed_up)
{
	struct pace p = { 0 };
	int first = taken(&p, 1000000, 10000);
	ck_assert_int_ge(first, 95);
	ck_assert_int_le(first, 110);
	int later = taken(&p, 1130000, 10000); /* two doublings on */
	ck_assert_int_ge(later, 380);
	ck_assert_int_le(later, 420);
	ck_assert_int_eq(pace_rate(&rules, &p, 9000000), 80);
	pace_result(&rules, &p, PACE_DEFERRED, 1140000);
	ck_assert_int_eq(pace_rate(&rules, &p, 1140000), 20); /* one back */
	pace_result(&rules, &p, PACE_DEFERRED, 1140001);
	ck_assert_int_eq(pace_rate(&rules, &p, 1140001), 20); /* of one moment: once */
}
END_TEST

START_TEST(a_domain_that_defers_stops)
{
	struct pace p = { 0 };
	enum pace_turn turn = PACE_GOES_ON;
	ck_assert(pace_take(&rules, &p, 1000));
	for (int i = 0; i < 90; i++)
		ck_assert_int_eq(pace_result(&rules, &p, PACE_SENT, 2000), PACE_GOES_ON);
	int n = 0;
	while (turn == PACE_GOES_ON && ++n < 100)
		turn = pace_result(&rules, &p, PACE_DEFERRED, 3000);
	ck_assert_int_eq(turn, PACE_STOPS);
	ck_assert_int_eq(n, 10); /* of 100 */
	ck_assert(!pace_take(&rules, &p, 90000000)); /* until somebody frees it */
	for (int i = 0; i < 100; i++) /* what was under way says it once more */
		ck_assert_int_eq(pace_result(&rules, &p, i % 2 ? PACE_DEFERRED : PACE_HARD, 4000), PACE_GOES_ON);
}
END_TEST

START_TEST(a_domain_of_dead_addresses_stops)
{
	struct pace p = { 0 };
	ck_assert(pace_take(&rules, &p, 1000));
	for (int i = 0; i < 98; i++)
		pace_result(&rules, &p, i < 2 ? PACE_HARD : PACE_SENT, 2000);
	ck_assert_int_eq(pace_result(&rules, &p, PACE_FAILED, 2000), PACE_GOES_ON); /* says nothing of addresses */
	ck_assert_int_eq(pace_result(&rules, &p, PACE_HARD, 2000), PACE_STOPS);
	ck_assert(!pace_take(&rules, &p, 90000000));
}
END_TEST

START_TEST(a_domain_stops_at_no_share_where_that_is_the_setting)
{
	struct pace_rules never = rules;
	struct pace p = { 0 };
	never.hard = never.deferred = PACE_NEVER;
	ck_assert(pace_take(&never, &p, 1000));
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(pace_result(&never, &p, i % 2 ? PACE_DEFERRED : PACE_HARD, 2000), PACE_GOES_ON);
	ck_assert(pace_take(&never, &p, 90000000));
}
END_TEST

/* ---- the queue's index ------------------------------------------------------------------------ */

START_TEST(the_queue_finds_what_it_holds)
{
	struct bulk_queue q = { 0 };
	bool there[3000] = { false };
	unsigned seed = 99;
	size_t n = 0;
	for (int round = 0; round < 60000; round++) {
		int k = (int)(rand_r(&seed) % 3000);
		char id[32];
		snprintf(id, sizeof id, "4X%dZ", k * 7919);
		struct bulk_mail *m = bulk_queue_find(&q, id);
		ck_assert_int_eq(m != NULL, there[k]);
		if (m) {
			ck_assert_int_eq(m->who.reader, k);
			bulk_queue_remove(&q, m);
			n--;
		} else {
			m = bulk_queue_add(&q, id, (struct token_news){ 1, k }, k, 0);
			if (k % 3 == 0)
				bulk_queue_defer(&q, m);
			n++;
		}
		there[k] = !there[k];
		ck_assert_uint_eq(q.n, n);
	}
	size_t deferred = 0;
	int64_t bytes = 0;
	for (int k = 0; k < 3000; k += 3)
		deferred += there[k];
	ck_assert_uint_eq(q.deferred, deferred);
	for (int k = 0; k < 3000; k++)
		bytes += there[k] ? k : 0;
	ck_assert_int_eq(q.bytes, bytes);
	bulk_queue_free(&q);
}
END_TEST

/* ---- when ------------------------------------------------------------------------------------- */

static const char *next_of(const char *dayoff, const char *from)
{
	static char buf[32];
	struct cfg *c;
	struct err e;
	epoch t;
	char *text = arena_printf(a, "news_dayoff = %s\n", dayoff);
	struct cal *cal = cal_new();
	ck_assert_msg(cfg_parse("t", text, "/tmp", &c, &e) == OK, "%s", e.msg);
	ck_assert(civil_parse_time(from, &t));
	clk_iso(weekly_next(c, cal, t), buf);
	buf[16] = '\0';
	cal_free(&cal);
	cfg_free(&c);
	return buf;
}

START_TEST(wednesday_at_three)
{
	setup();
	ck_assert_str_eq(next_of("same", "2026-11-23 10:00"), "2026-11-25 15:00");
	ck_assert_str_eq(next_of("same", "2026-11-25 14:59"), "2026-11-25 15:00");
	ck_assert_str_eq(next_of("same", "2026-11-25 15:00"), "2026-12-02 15:00");
	/* 2026-09-23 is a holiday, as are the two days before it */
	ck_assert_str_eq(next_of("same", "2026-09-20 10:00"), "2026-09-23 15:00");
	ck_assert_str_eq(next_of("before", "2026-09-17 10:00"), "2026-09-18 15:00");
	ck_assert_str_eq(next_of("after", "2026-09-20 10:00"), "2026-09-24 15:00");
	ck_assert_str_eq(next_of("before", "2026-09-18 15:00"), "2026-09-30 15:00"); /* not twice in that week */
	ck_assert_str_eq(next_of("after", "2026-12-29 10:00"), "2027-01-04 15:00"); /* over the year's end */
	arena_free(&a);
}
END_TEST

/* ---- words ------------------------------------------------------------------------------------ */

START_TEST(editors_words_are_read)
{
	struct news_command v[NEWS_COMMANDS_MAX];
	static const char text[] = "\n　日時　１１／２５　１５：００\n承認\nテスト：taro@x.jp、hanako@y.jp\n\n> 中止\n";
	setup();
	epoch now = epoch_of(2026, 11, 23, 10, 0, 0);
	ck_assert_uint_eq(news_commands(text, strlen(text), now, a, v), 3);
	ck_assert_int_eq(v[0].verb, NEWS_TIME);
	ck_assert_int_eq(v[0].at, epoch_of(2026, 11, 25, 15, 0, 0));
	ck_assert_int_eq(v[1].verb, NEWS_APPROVE);
	ck_assert_int_eq(v[2].verb, NEWS_TEST);
	ck_assert_uint_eq(v[2].nwords, 2);
	ck_assert_str_eq(v[2].words[1], "hanako@y.jp");
	ck_assert_uint_eq(news_commands("日時 いつか", strlen("日時 いつか"), now, a, v), 1);
	ck_assert(v[0].bad);
	ck_assert_uint_eq(news_commands("解除 Example.JP、ｂ.jp", strlen("解除 Example.JP、ｂ.jp"), now, a, v), 1);
	ck_assert_int_eq(v[0].verb, NEWS_FREE);
	ck_assert_uint_eq(v[0].nwords, 2);
	ck_assert_str_eq(v[0].words[0], "example.jp");
	ck_assert_str_eq(v[0].words[1], "b.jp");
	ck_assert(news_commands("解除", strlen("解除"), now, a, v) == 1 && v[0].bad);
	static const char but[] = "承認\nただし、見出しを直してから送ってください。", thanks[] = "承認\nお手数ですが、よろしくお願いします。";
	ck_assert(news_commands(but, strlen(but), now, a, v) == 1 && v[0].bad);
	ck_assert(news_commands(thanks, strlen(thanks), now, a, v) == 1 && !v[0].bad);
	ck_assert_uint_eq(news_commands("承認しません", strlen("承認しません"), now, a, v), 1);
	ck_assert_int_eq(v[0].verb, NEWS_VERBS); /* prose is no command */
	ck_assert_uint_eq(news_commands("", 0, now, a, v), 0);
	arena_free(&a);
}
END_TEST

START_TEST(readers_who_want_no_more)
{
	static const struct { const char *text; bool stop; } t[] = {
		{ "配信停止", true }, { "\n\n　配信停止希望です。\nよろしく", true }, { "Unsubscribe", true }, { "配信停止 お願いします", true },
		{ "登録解除をお願いします", true }, { "停止ボタンが効きません", false }, { "ご相談があります\n配信停止", false },
		{ "配信停止の方法を教えてください", false }, { "", false }, { "stopwatch", false }, { "> 配信停止", false },
		{ "配信は停止してください", true }, { "今後の配信は停止してください。", true }, { "リストから削除してください", true },
		{ "配信リストからの削除をお願いいたします。", true }, { "メルマガの解除をお願いします", true }, { "メールマガジンの購読解除", true },
		{ "お世話になっております。\n\nメールの配信を停止してください。", true }, { "配信停止、山田太郎", true },
		{ "Unsubscribe me, please.", true }, { "Please take me off your list", true }, { "UNSUBSCRIBE taro@example.jp", true },
		{ "STOP", true }, { "配信停止をお願いします。どうぞよろしくお願いします。", true }, { "配信停止、すみません、お願いします", true },
		{ "Unsubscribe. Regards, Taro", true }, { "配信停止はどうすればよいですか", false }, { "配信停止 すみません、していません", false },
	        { "配信停止希望です。よろしくお願いします。", true },
		/* a question or a "don't" never stops anything */
		{ "停止しないでください", false }, { "配信停止 しないでください", false }, { "配信を停止しないでくださいね", false },
		{ "配信停止、ではありませんよね", false }, { "配信停止 しましたか？", false }, { "配信停止ですか", false },
		{ "解除されたのでしょうか", false }, { "退会 したくないので再開してください", false }, { "停止？", false },
		{ "Stop the press, what an issue!", false }, { "stop?", false }, { "Unsubscribe? Not me!", false },
		{ "Please do not unsubscribe me", false }, { "配信停止の件、どうなりましたか", false }, { "佐藤が退会しました", false },
		{ "お世話になっております。今後の配信を停止してください。", true }, { "お世話になっております。\nご相談があります\n配信停止", false },
	};
	setup();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		ck_assert_msg(news_is_unsubscribe(t[i].text, strlen(t[i].text), a) == t[i].stop, "%s", t[i].text);
	arena_free(&a);
}
END_TEST

/* "配信停止" in the subject, and below it that it should not be. */
START_TEST(what_stands_below_a_farewell)
{
	static const struct { const char *text; bool doubt; } t[] = {
		{ "今後は不要です。よろしくお願いします。", false }, { "", false }, { "山田\n\n> 止めないでください\n", false },
		{ "になっていたようです。\n再開をお願いします。", true }, { "とはどういう意味ですか", true }, { "お世話になります。\n停止しないでください。", true },
		{ "Why did you stop it?", true }, { "Do not stop it, please.", true },
	};
	setup();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		ck_assert_msg(news_is_in_doubt(t[i].text, strlen(t[i].text), a) == t[i].doubt, "%s", t[i].text);
	arena_free(&a);
}
END_TEST

START_TEST(kinds_stand_before_the_subject)
{
	unsigned k;
	ck_assert_str_eq(news_draft_kinds("[1,3] 件名", &k), "件名");
	ck_assert_uint_eq(k, 5);
	ck_assert_str_eq(news_draft_kinds("【２・３】件名", &k), "件名");
	ck_assert_uint_eq(k, 6);
	ck_assert_str_eq(news_draft_kinds("[重要] 件名", &k), "[重要] 件名");
	ck_assert_uint_eq(k, 0);
	ck_assert_str_eq(news_draft_kinds("[1", &k), "[1");
	ck_assert_uint_eq(k, 0);
}
END_TEST

UNIT_SUITE("bulk", addresses_name_issue_and_reader, the_log_says_what_became_of_a_mail, the_log_can_not_be_fooled,
           a_log_is_followed_over_rotation_and_restart, what_is_written_to_a_rotated_file_counts, a_domain_is_warmed_up, a_domain_that_defers_stops,
           a_domain_of_dead_addresses_stops,
           a_domain_stops_at_no_share_where_that_is_the_setting, the_queue_finds_what_it_holds, wednesday_at_three, editors_words_are_read,
           readers_who_want_no_more, what_stands_below_a_farewell, kinds_stand_before_the_subject)
