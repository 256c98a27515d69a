/* Search over all tickets, for Japanese (DESK-06). */
#include "store_fixture.h"
#include "store/store_impl.h"
#include "store/store_search.h"

static struct search_result r;

static int64_t new_ticket(void)
{
	struct ticket t = a_ticket();
	ck_ok(ticket_create(s, &t, &err));
	return t.id;
}

/* A mail that is stored and indexed. */
static int64_t mail(int64_t ticket, const char *subject, const char *text)
{
	static uint64_t n;
	struct message m = a_message(ticket, ++n);
	m.subject = subject;
	ck_ok(message_insert(s, &m, "x", 1, &err));
	ck_ok(search_add(s, &(struct search_doc){ .m = &m, .text = text, .len = strlen(text) }, &err));
	ck_ok(search_indexed_set(s, m.id, &err));
	return m.id;
}

static void setup(void)
{
	open_new();
	ck_ok(store_begin(s, &err));
}

static enum status run(const char *typed, size_t skip, size_t limit)
{
	struct search_query q;
	ck_ok(search_query_parse(typed, a, &q, &err));
	return search_run(s, &(struct search){ .query = &q, .skip = skip, .limit = limit, .cols = 40 }, a, &r, &err);
}

/* The tickets found, newest first: "3 1". */
static const char *find(const char *typed)
{
	struct sb b = SB_INIT;
	ck_ok(run(typed, 0, 20));
	for (size_t i = 0; i < r.n; i++)
		sb_addf(&b, "%s%lld", i ? " " : "", (long long)r.v[i].ticket.id);
	const char *found = arena_strdup(a, b.s);
	sb_free(&b);
	return found;
}

START_TEST(japanese_is_found_where_it_stands)
{
	setup();
	mail(new_ticket(), "件名", "先月の請求書について、A社の担当に確認しました。");
	mail(new_ticket(), "件名", "書を求め請う");
	mail(new_ticket(), "ウィルスの警告", "画面に警告。サーバに接続できません");
	static const char *const wants[][2] = {
		{ "請求", "1" }, { "求書", "1" }, { "請求書", "1" }, { "先月の請求書について", "1" }, { "書求", "" },
		{ "請", "2 1" }, { "社", "1" }, { "A社", "1" }, { "A社の担当", "1" }, { "ウイルス", "3" }, { "ｳｨﾙｽ", "3" },
		{ "サーバー", "3" }, { "サーバ", "3" }, { "警告 接続", "3" }, { "請求 接続", "" }, { "請 -請求書", "2" },
		{ "件名 -担当", "2" }, { "\"確認しました\"", "1" },
	};
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		const char *got = find(wants[i][0]);
		ck_assert_msg(strcmp(got, wants[i][1]) == 0, "%s: \"%s\", not \"%s\"", wants[i][0], got, wants[i][1]);
	}
	done();
}
END_TEST

START_TEST(words_addresses_and_numbers)
{
	setup();
	mail(new_ticket(), "Windows Update", "エラー 0x80070643 が出ます。電話は03-1234-5678です。このPCのIPは192.168.0.10");
	mail(new_ticket(), "[YOROZU #2] Re: windfall", "info@shop.example.com から届いた 添付.xlsx");
	static const char *const wants[][2] = {
		{ "win", "2 1" }, { "windows", "1" }, { "\"win\"", "" }, { "WINDOWS update", "1" }, { "03-1234-5678", "1" },
		{ "0x8007", "1" }, { "info@shop.example.com", "2" }, { "shop.exam", "2" }, { "shop example", "2" },
		{ "example.org", "" }, { "192.168.0.10", "1" }, { "このPC", "1" }, { "のPCの", "1" }, { "xlsx", "2" },
		{ "yorozu", "2" }, { "dows", "" },
	};
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		const char *got = find(wants[i][0]);
		ck_assert_msg(strcmp(got, wants[i][1]) == 0, "%s: \"%s\", not \"%s\"", wants[i][0], got, wants[i][1]);
	}
	done();
}
END_TEST

START_TEST(filters_narrow_it_down)
{
	setup();
	struct staff suzuki = { .login = "suzuki", .name = "鈴木 一郎", .address = "suzuki@example.jp", .active = true };
	ck_ok(staff_add(s, &suzuki, &err));
	struct ticket t = a_ticket();
	t.state = TICKET_CLOSED;
	t.assignee_id = suzuki.id;
	ck_ok(ticket_create(s, &t, &err));
	mail(t.id, "相談", "本文");
	mail(new_ticket(), "相談", "本文");
	ck_assert_str_eq(find("相談"), "2 1");
	ck_assert_str_eq(find("相談 状態:完了"), "1");
	ck_assert_str_eq(find("状態:未対応"), "2");
	ck_assert_str_eq(find("相談 担当:suzuki"), "1");
	ck_assert_str_eq(find("相談 担当:鈴木"), "1");
	ck_assert_str_eq(find("相談 担当:なし"), "2");
	ck_is(run("相談 担当:佐藤", 0, 1), ERR_NOTFOUND);
	ck_assert_str_eq(find("相談 #2"), "2");
	ck_assert_str_eq(find("相談 #3"), "");
	ck_assert_str_eq(find("#1"), "1");
	ck_assert_str_eq(find("差出人:山田"), "2 1");
	ck_assert_str_eq(find("from:taro@example.co.jp"), "2 1");
	ck_assert_str_eq(find("差出人:本文"), "");
	ck_assert_str_eq(find("相談 期間:1970-01"), "2 1");
	ck_assert_str_eq(find("相談 以降:1970-01-02"), "");
	ck_assert_str_eq(find("相談 以前:1970-01-01"), "2 1");
	done();
}
END_TEST

START_TEST(a_ticket_is_one_row_and_pages_follow_one_another)
{
	setup();
	for (int i = 0; i < 30; i++)
		new_ticket();
	for (int i = 0; i < 90; i++)
		mail(1 + i % 30, "相談", i < 30 ? "一通目" : "そのあと");
	ck_ok(run("相談", 0, 20));
	ck_assert_uint_eq(r.n, 20);
	ck_assert(r.more && !r.partial);
	ck_assert_int_eq(r.v[0].ticket.id, 30);
	ck_assert_int_eq(r.v[0].message.id, 90);
	ck_ok(run("相談", 20, 20));
	ck_assert_uint_eq(r.n, 10);
	ck_assert(!r.more);
	ck_assert_int_eq(r.v[9].ticket.id, 1);
	ck_ok(run("一通目", 0, 1));
	ck_assert_int_eq(r.v[0].message.id, 30);
	ck_assert_ptr_nonnull(strstr(r.v[0].snippet, "一通目"));
	ck_is(run("相談", SEARCH_SKIP_MAX + 1, 1), ERR_LIMIT);
	done();
}
END_TEST

START_TEST(a_mail_without_a_ticket_is_found_once_it_has_one)
{
	setup();
	int64_t id = mail(0, "迷子", "本文");
	ck_assert_str_eq(find("迷子"), "");
	int64_t t = new_ticket();
	ck_ok(sql_script(s, t == 1 && id == 1 ? "UPDATE message SET ticket_id = 1 WHERE id = 1" : "", &err));
	ck_assert_str_eq(find("迷子"), "1");
	done();
}
END_TEST

START_TEST(adding_again_changes_nothing)
{
	setup();
	mail(new_ticket(), "相談", "本文");
	struct message m;
	ck_ok(message_get(s, 1, a, &m, &err));
	ck_ok(search_add(s, &(struct search_doc){ .m = &m, .text = "別", .len = 3 }, &err));
	ck_assert_str_eq(find("本文"), "1");
	ck_assert_str_eq(find("別"), "");
	ck_ok(sql_script(s, "INSERT INTO search (search) VALUES ('integrity-check')", &err));
	done();
}
END_TEST

/* A kill between begin and commit. */
START_TEST(what_was_not_committed_is_indexed_later)
{
	setup();
	int64_t t = new_ticket(), n;
	struct message m = a_message(t, 1);
	ck_ok(message_insert(s, &m, "x", 1, &err));
	ck_ok(store_commit(s, &err));
	for (int again = 0; again < 2; again++) {
		ck_ok(store_begin(s, &err));
		ck_ok(search_add(s, &(struct search_doc){ .m = &m, .text = "本文", .len = 6 }, &err));
		ck_ok(search_indexed_set(s, m.id, &err));
		if (again)
			ck_ok(store_commit(s, &err));
		else
			store_rollback(s);
		ck_ok(search_lag(s, &n, &err));
		ck_assert_int_eq(n, again ? 0 : 1);
		ck_assert_str_eq(find("本文"), again ? "1" : "");
		ck_assert_int_eq(r.behind, n);
	}
	done();
}
END_TEST

START_TEST(big_and_hostile_texts_are_bounded)
{
	setup();
	size_t n = 3 << 20;
	char *text = malloc(n + 1);
	for (size_t i = 0; i < n; i += 3)
		memcpy(text + i, "\xE8\xAB\x8B" /* 請 */, 3);
	text[n] = '\0';
	mail(new_ticket(), "\" OR search MATCH \"x", text);
	mail(new_ticket(), "NEAR(a b)", "{t} : (^x) * AND NOT");
	free(text);
	ck_assert_str_eq(find("請請請"), "1");
	ck_assert_str_eq(find("\" OR \""), "1");
	ck_assert_str_eq(find("near(a"), "2");
	ck_assert_str_eq(find("t:x* AND not"), "2");
	ck_assert_str_eq(find("not:x*"), "");
	ck_assert_str_eq(find("*and* (not) ^x"), "2");
	int64_t size;
	ck_ok(search_indexed(s, &size, &err));
	ck_assert_int_eq(size, 2);
	done();
}
END_TEST

UNIT_SUITE("store_search", japanese_is_found_where_it_stands, words_addresses_and_numbers, filters_narrow_it_down,
           a_ticket_is_one_row_and_pages_follow_one_another, a_mail_without_a_ticket_is_found_once_it_has_one,
           adding_again_changes_nothing, what_was_not_committed_is_indexed_later, big_and_hostile_texts_are_bounded)
