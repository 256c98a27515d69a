/* Mails become findable while the mailer has nothing to send (DESK-06). */
#include "store_fixture.h"
#include "index.h"
#include "store/store_impl.h"
#include "store/store_search.h"

static void take_in(const char *raw, enum message_kind kind)
{
	static uint64_t n;
	struct ticket t = a_ticket();
	ck_ok(store_begin(s, &err));
	ck_ok(ticket_create(s, &t, &err));
	struct message m = a_message(t.id, ++n);
	m.kind = kind;
	m.subject = "受付時の件名";
	ck_ok(message_insert(s, &m, raw, strlen(raw), &err));
	ck_ok(store_commit(s, &err));
}

static size_t found(const char *typed)
{
	struct search_query q;
	struct search_result r;
	ck_ok(search_query_parse(typed, a, &q, &err));
	ck_ok(search_run(s, &(struct search){ .query = &q, .limit = 20, .cols = 40 }, a, &r, &err));
	return r.n;
}

static size_t index_all(void)
{
	size_t n, all = 0;
	do {
		ck_ok(search_index_some(s, 3, &n, &err));
		ck_assert_uint_le(n, 3);
		all += n;
	} while (n);
	return all;
}

static const char with_file[] =
	"From: taro@example.co.jp\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
	"--b\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n"
	"\x1B$B@A5a=q\x1B(B\r\n" /* 請求書 */
	"--b\r\nContent-Type: application/zip; name=\"mitsumori.zip\"\r\n"
	"Content-Disposition: attachment; filename=\"mitsumori.zip\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n";
static const char html[] =
	"From: a@example.jp\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>偽の<b>警告</b>画面</p><script>かくし</script>";

START_TEST(readable_text_and_names_of_files_are_found)
{
	open_new();
	take_in(with_file, MSG_CUSTOMER);
	take_in(html, MSG_STAFF_REPLY);
	ck_assert_uint_eq(found("請求書"), 0);
	ck_assert_uint_eq(index_all(), 2);
	ck_assert_uint_eq(found("請求"), 1);
	ck_assert_uint_eq(found("mitsumori.zip"), 1);
	ck_assert_uint_eq(found("偽の警告画面"), 1);
	ck_assert_uint_eq(found("かくし"), 0);
	ck_assert_uint_eq(found("受付時の件名"), 2);
	ck_assert_uint_eq(index_all(), 0);
	done();
}
END_TEST

START_TEST(commands_are_passed_over)
{
	open_new();
	take_in("Subject: x\r\n\r\n検索 請求書\r\n", MSG_COMMAND);
	take_in("Subject: x\r\n\r\n請求書\r\n", MSG_NOTE);
	ck_assert_uint_eq(index_all(), 2);
	ck_assert_uint_eq(found("請求書"), 1);
	done();
}
END_TEST

/* The desk's own note stands in every answer that quotes its copy. */
START_TEST(a_quoted_note_of_the_desk_is_passed_over)
{
	static const char reply[] = "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n電源を切らないでください。\r\n\r\n"
				    "> ▼▼ 社内用 (お客さまには送信されません) ▼▼\r\n> 差出人　：田中\r\n"
				    "> ▲▲ 社内用ここまで ▲▲\r\n>\r\n> 感染しました。\r\n";
	open_new();
	take_in(reply, MSG_STAFF_REPLY);
	take_in(reply, MSG_CUSTOMER); /* his words, whatever they are */
	ck_assert_uint_eq(index_all(), 2);
	ck_assert_uint_eq(found("電源"), 2);
	ck_assert_uint_eq(found("感染"), 2);
	ck_assert_uint_eq(found("社内用"), 1);
	done();
}
END_TEST

/* Nested deeper than the gate lets through. */
START_TEST(what_cannot_be_parsed_is_found_by_what_the_milter_saw)
{
	open_new();
	struct sb raw = SB_INIT;
	sb_adds(&raw, "Subject: x\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n");
	for (int i = 0; i < 300; i++)
		sb_addf(&raw, "--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i + 1);
	take_in(raw.s, MSG_CUSTOMER);
	take_in("", MSG_CUSTOMER);
	take_in(html, MSG_CUSTOMER);
	ck_assert_uint_eq(index_all(), 3);
	ck_assert_uint_eq(found("受付時の件名"), 3);
	ck_assert_uint_eq(found("警告"), 1);
	sb_free(&raw);
	done();
}
END_TEST

START_TEST(a_damaged_body_does_not_hold_up_the_others)
{
	open_new();
	take_in(html, MSG_CUSTOMER);
	take_in(html, MSG_CUSTOMER);
	take_in(html, MSG_CUSTOMER);
	ck_ok(store_begin(s, &err));
	ck_ok(sql_script(s, "UPDATE message_body SET data = x'00' WHERE message_id = 2", &err));
	ck_ok(store_commit(s, &err));
	size_t n, rounds = 0;
	int64_t lag = 3;
	while (lag && rounds++ < 20) {
		(void)!search_index_some(s, 16, &n, &err);
		ck_ok(search_lag(s, &lag, &err));
	}
	ck_assert_int_eq(lag, 0);
	ck_assert_uint_eq(found("警告"), 2);
	ck_assert_uint_eq(found("受付時の件名"), 3);
	done();
}
END_TEST

START_TEST(a_busy_store_is_tried_later)
{
	open_new();
	take_in(html, MSG_CUSTOMER);
	struct store *other;
	size_t n;
	ck_ok(store_open(path, master, &other, &err));
	ck_ok(store_begin(other, &err));
	sqlite3_busy_timeout(s->db, 10);
	ck_is(search_index_some(s, 16, &n, &err), ERR_TEMP);
	ck_assert_uint_eq(n, 0);
	store_rollback(other);
	store_close(&other);
	ck_assert_uint_eq(index_all(), 1);
	ck_assert_uint_eq(found("警告"), 1);
	done();
}
END_TEST

UNIT_SUITE("mailer_index", readable_text_and_names_of_files_are_found, commands_are_passed_over, a_quoted_note_of_the_desk_is_passed_over,
           what_cannot_be_parsed_is_found_by_what_the_milter_saw, a_damaged_body_does_not_hold_up_the_others,
           a_busy_store_is_tried_later)
