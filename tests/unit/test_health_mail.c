/*
 * HEALTH-06: staff's word on drafts, through the desk, the report and the mailer's
 * builder, to the mail that the contact gets.
 */
#include "agent_fixture.h"
#include "attach.h"
#include "desk_impl.h"
#include "month.h"
#include "pack/pack.h"
#include "store/store_contract.h"
#include "store/store_terminal.h"
#include <sys/stat.h>

#define PASSWORD "Geheim12Wort"
static struct desk desk;
static struct cfg *cfg;
static struct cal *cal;
static struct ret_table *returns;
static struct build_ctx ctx;
static epoch now;
static int64_t contract[3];

static int64_t company(const char *number, const char *name)
{
	struct contract c = { .started_at = epoch_of(2026, 1, 1, 0, 0, 0) };
	struct terminal t = { .host = "PC-01", .os = "windows", .agent = "1", .smbios_uuid = "", .board_serial = "", .machine_guid = "", .macs = "",
		              .enrolled_at = epoch_of(2026, 2, 1, 0, 0, 0) };
	struct terminal_keys k;
	c.v[CF_N_NUMBER] = number, c.v[CF_NAME] = name, c.v[CF_OFFICER_NAME] = "山田　太郎", c.v[CF_OFFICER_MAIL] = "yamada@mihon.example";
	c.v[CF_REPORT_PASSWORD] = PASSWORD;
	ck_ok(contract_insert(s, &c, c.started_at, &err));
	t.contract_id = c.id;
	crypto_random(t.agent_id, sizeof t.agent_id);
	crypto_random(&k, sizeof k);
	ck_ok(terminal_add(s, &t, &k, &err));
	return c.id;
}

static void set_password(int64_t id, const char *password)
{
	struct contract c;
	ck_ok(contract_get(s, id, a, &c, &err));
	c.v[CF_REPORT_PASSWORD] = password;
	ck_ok(store_begin(s, &err));
	ck_ok(contract_update(s, &c, c.started_at, &err));
	ck_ok(store_commit(s, &err));
}

static void due(const char *when)
{
	const struct reports r = { .cfg = cfg, .s = s, .cal = cal };
	size_t n;
	ck_assert(civil_parse_time(when, &now));
	ck_ok(report_due(&r, now, &n, &err));
}

static void up(void)
{
	char sub[96];
	new_path();
	snprintf(sub, sizeof sub, "%s/store", dir);
	ck_assert_int_eq(mkdir(sub, 0700), 0);
	snprintf(path, sizeof path, "%.70s/yorozu.db", sub);
	ck_ok(store_open(path, master, &s, &err));
	ck_ok(cfg_parse("t", "templates = conf/mail\nfeed_tables = conf/feed\nstats_monthly = 0\n", dir, &cfg, &err));
	ck_ok(ret_table_load("conf/mail", &returns, &err));
	cal = cal_new();
	desk = (struct desk){ .cfg = cfg, .cal = cal, .returns = returns, .notify_path = "/nonexistent" };
	token_init(&desk.token, master, cfg->desk_localpart, cfg->domain);
	ck_ok(writer_start(path, master, 8, &desk.writer, &err));
	ctx = (struct build_ctx){ .cfg = cfg, .s = s, .token = desk.token };
	struct staff who = { .login = "suzuki", .name = "鈴木", .address = "suzuki@example.jp", .roles = STAFF_AGENT, .active = true };
	struct staff editor = { .login = "hen", .name = "編集", .address = "hen@example.jp", .roles = STAFF_EDITOR, .active = true };
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &who, &err));
	ck_ok(staff_add(s, &editor, &err));
	contract[0] = company("N100000001", "株式会社一号");
	contract[1] = company("N100000002", "株式会社二号");
	contract[2] = company("N100000003", "株式会社三号");
	ck_ok(store_commit(s, &err));
	due("2026-10-20 10:00");
	due("2026-11-04 06:00");
}

static void down(void)
{
	writer_stop(&desk.writer);
	ret_table_free(&returns);
	cal_free(&cal);
	cfg_free(&cfg);
	store_close(&s);
	empty_folder("/store");
	empty_folder("");
	arena_free(&a);
}

static struct health_row row_in(int i, int month)
{
	struct health_row r;
	ck_ok(health_of(s, contract[i], month, a, &r, &err));
	return r;
}

static struct health_row row(int i)
{
	return row_in(i, 202610);
}

static int64_t answering; /* the outbox row whose mail is answered; 0: none of ours */

static void say(const char *login, int64_t health, const char *text)
{
	static int n;
	struct msg *msg;
	struct intake in;
	struct desk_verdict v = { .action = DESK_PASS };
	const char *to = token_health_address(&desk.token, a, health);
	const char *raw = arena_printf(a, "From: %s@example.jp\r\nTo: %s\r\nSubject: Re: x\r\nMessage-ID: <h%d@pc>\r\nIn-Reply-To: <%s>\r\nMIME-Version: 1.0\r\n"
	                                  "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n", login, to, ++n,
	                               answering ? token_message_id(&desk.token, a, 0, answering) : "x@pc", text);
	struct desk_rcpt rcpt = { .addr = to };
	rcpt.kind = token_classify(&desk.token, to, &rcpt.id);
	ck_assert_int_eq(rcpt.kind, TOKEN_HEALTH);
	struct desk_mail m = { .side = SIDE_SUBMISSION, .client_ip = "192.0.2.1", .helo = "c", .queue_id = "Q", .login = login,
	                       .env_from = arena_printf(a, "%s@example.jp", login), .rcpts = &rcpt, .nrcpts = 1, .raw = raw, .raw_len = strlen(raw),
	                       .now = now, .arena = a };
	ck_ok(msg_parse(raw, strlen(raw), &prescan_default, &msg, &err));
	desk_gather(&desk, &m, msg, &in);
	desk_commit(&in, &v);
	ck_assert_int_eq(v.action, DESK_TAKEN);
	msg_free(&msg);
}

/* The newest row of the outbox. */
static struct outbox last(void)
{
	struct outbox o = { .id = 0 }, next;
	for (int64_t id = 1; outbox_get(s, id, a, &next, &err) == OK; id++)
		o = next;
	return o;
}

static int64_t last_with(const char *tmpl)
{
	struct outbox o;
	int64_t found = 0;
	for (int64_t id = 1; outbox_get(s, id, a, &o, &err) == OK; id++)
		found = strcmp(o.tmpl, tmpl) == 0 ? o.id : found;
	return found;
}

static void says(const char *tmpl, const char *want)
{
	struct outbox o = last();
	struct built b;
	struct msg *m;
	struct sb text = SB_INIT;
	ck_assert_str_eq(o.tmpl, tmpl);
	ck_ok(build_mail(&ctx, &o, a, &b, &err));
	ck_ok(msg_parse(b.mail.s, b.mail.len, &prescan_default, &m, &err));
	msg_read_text(m, &text);
	ck_assert_msg(strstr(text.s, want), "no \"%s\" in:\n%s", want, text.s);
	msg_free(&m);
	sb_free(&text), sb_free(&b.mail);
}

START_TEST(one_is_approved_and_goes_out_sealed)
{
	up();
	say("suzuki", row(0).id, "承認\n\n> 【原稿 第1版】\n");
	ck_assert_int_eq(row(0).state, HEALTH_APPROVED);
	says("health-answer", "承認しました");
	due("2026-11-04 10:00");
	ck_assert_int_eq(row(0).state, HEALTH_SENT);
	says("health-report", "セキュリティレポート用パスワード");
	struct outbox o = last();
	struct built b;
	ck_ok(build_mail(&ctx, &o, a, &b, &err));
	ck_assert_ptr_null(memmem(b.mail.s, b.mail.len, PASSWORD, strlen(PASSWORD)));
	ck_assert_ptr_nonnull(memmem(b.mail.s, b.mail.len, "application/pdf", 15));
	ck_assert_ptr_nonnull(memmem(b.mail.s, b.mail.len, "text/html", 9));
	sb_free(&b.mail);
	down();
}
END_TEST

START_TEST(several_at_once_all_or_none)
{
	up();
	say("suzuki", -202610, "承認 N100000001 N100000002\n保留 N100000003 端末を確認中\n");
	ck_assert_int_eq(row(0).state, HEALTH_APPROVED);
	ck_assert_int_eq(row(1).state, HEALTH_APPROVED);
	ck_assert_int_eq(row(2).state, HEALTH_HELD);
	ck_assert_str_eq(row(2).why, "端末を確認中");
	say("suzuki", -202610, "再開 N100000003\n承認 N199999999\n");
	ck_assert_int_eq(row(2).state, HEALTH_HELD);
	says("health-answer", "何も変更していません");
	say("suzuki", -202610, "承認\n");
	says("health-answer", "N番号を書いてください");
	say("suzuki", -202610, "状況\n");
	says("health-answer", "確認待ち 0件、保留中 1件、送付待ち 2件");
	down();
}
END_TEST

/* The customer's password was missing; once it is there, the same word sends it. */
START_TEST(what_could_not_be_sent_is_approved_again)
{
	up();
	set_password(contract[0], "");
	say("suzuki", row(0).id, "承認\n");
	due("2026-11-04 10:00");
	ck_assert_int_eq(row(0).state, HEALTH_HELD);
	says("health-problem", "1 行目に");
	say("suzuki", -202610, "承認 N100000001\n");
	says("health-answer", "保留中です");
	answering = last_with("health-problem");
	set_password(contract[0], PASSWORD);
	say("suzuki", row(0).id, "承認\n");
	answering = 0;
	due("2026-11-04 10:10");
	ck_assert_int_eq(row(0).state, HEALTH_SENT);
	says("health-report", "セキュリティレポート用パスワード");
	down();
}
END_TEST

/* The other side's server returns the mail, in these words. */
static void comes_back(const struct outbox *o, const char *words)
{
	struct outbox *v;
	size_t n;
	struct msg *msg;
	struct intake in;
	struct desk_verdict verdict = { .action = DESK_PASS };
	const char *to = token_bounce_address(&desk.token, a, o->id);
	const char *raw = arena_printf(a,
		"From: MAILER-DAEMON@mx.mihon.example\r\nTo: %s\r\nSubject: Undelivered\r\nMessage-ID: <b%lld@mx>\r\nMIME-Version: 1.0\r\n"
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
		"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: %.5s\r\nDiagnostic-Code: smtp; 550 %s\r\n\r\n--b--\r\n",
		to, (long long)o->id, o->rcpts, words, words);
	ck_ok(store_begin(s, &err));
	ck_ok(outbox_claim(s, now, 100, a, &v, &n, &err));
	ck_ok(outbox_sent(s, o->id, "Q1", now, &err));
	ck_ok(store_commit(s, &err));
	struct desk_rcpt rcpt = { .addr = to };
	rcpt.kind = token_classify(&desk.token, to, &rcpt.id);
	struct desk_mail m = { .side = SIDE_MX, .client_ip = "192.0.2.1", .helo = "c", .queue_id = "Q", .login = "", .env_from = "", .rcpts = &rcpt,
	                       .nrcpts = 1, .raw = raw, .raw_len = strlen(raw), .now = now, .arena = a };
	ck_ok(msg_parse(raw, strlen(raw), &prescan_default, &msg, &err));
	desk_gather(&desk, &m, msg, &in);
	desk_commit(&in, &verdict);
	ck_assert_int_eq(verdict.action, DESK_TAKEN);
	msg_free(&msg);
}

/* It was sent and did not arrive: it is held, staff read why, and their word sends it again. */
START_TEST(what_came_back_is_approved_again)
{
	up();
	say("suzuki", row(0).id, "承認\n");
	due("2026-11-04 10:00");
	struct outbox first = last();
	comes_back(&first, "5.7.1 Encrypted attachments are not accepted here"); /* and no password for a link */
	ck_assert_int_eq(row(0).state, HEALTH_HELD);
	says("delivery-failed", "「利用案内確認パスワード」が登録されていないため");
	says("delivery-failed", "「保留」に戻しました");
	answering = last_with("delivery-failed");
	struct contract c;
	ck_ok(contract_get(s, contract[0], a, &c, &err));
	c.v[CF_OPENING_PASSWORD] = "Kaitsu2026";
	ck_ok(store_begin(s, &err));
	ck_ok(contract_update(s, &c, c.started_at, &err));
	ck_ok(store_commit(s, &err));
	say("suzuki", row(0).id, "承認\n");
	answering = 0;
	due("2026-11-04 10:10");
	ck_assert_int_eq(row(0).state, HEALTH_SENT);
	struct outbox second = last();
	ck_assert_str_eq(second.tmpl, "health-report");
	/* it went by link, to somebody who is gone */
	comes_back(&second, "5.1.1 User unknown");
	ck_assert_int_eq(row(0).state, HEALTH_HELD);
	says("delivery-failed", "「保留」に戻しました");
	down();
}
END_TEST

/* A changed draft that was held comes again with 再開, so that it can be approved. */
START_TEST(what_is_resumed_is_shown_again)
{
	up();
	due("2026-11-04 09:00");
	say("suzuki", row(0).id, "【3】記憶媒体の接続：×\n持ち出しがありました。\n");
	due("2026-11-04 09:10");
	say("suzuki", row(0).id, "保留 数字を確認中\n");
	due("2026-11-04 09:20");
	say("suzuki", -202610, "再開 N100000001\n");
	const int64_t before = last_with("health-draft");
	due("2026-11-04 09:30");
	answering = last_with("health-draft");
	ck_assert_int_gt(answering, before);
	say("suzuki", row(0).id, "承認\n");
	answering = 0;
	ck_assert_int_eq(row(0).state, HEALTH_APPROVED);
	say("suzuki", 0, "承認 N100000002\n"); /* as mails had it once */
	says("health-answer", "何月分についてのご指示か分かりません");
	down();
}
END_TEST

/* What a colleague changed or held meanwhile is not approved by an answer to an older mail. */
START_TEST(only_what_was_seen_is_approved)
{
	up();
	const int64_t overview = last_with("health-month");
	due("2026-11-04 09:00");
	say("suzuki", row(0).id, "【3】記憶媒体の接続：×\n持ち出しがありました。\n");
	say("suzuki", row(1).id, "保留 数字を確認中\n");
	due("2026-11-04 09:10");
	answering = overview;
	say("suzuki", -202610, "承認 N100000001\n");
	says("health-answer", "返信されたメールのあとに変わりました（いま第2版）");
	say("suzuki", -202610, "承認 N100000002\n");
	says("health-answer", "保留中です（数字を確認中）");
	answering = 0;
	say("suzuki", row(0).id, "承認\n"); /* to an older draft, unquoted */
	ck_assert_int_eq(row(0).state, HEALTH_DRAFT);
	answering = last_with("health-draft");
	say("suzuki", row(0).id, "承認\n");
	answering = 0;
	ck_assert_int_eq(row(0).state, HEALTH_APPROVED);
	ck_assert_int_eq(row(1).state, HEALTH_HELD);
	down();
}
END_TEST

/* The reminder of a month is about that month, whatever was closed since. */
START_TEST(an_old_month_is_approved_as_itself)
{
	up();
	due("2026-12-02 06:00");
	ck_assert_int_eq(row_in(0, 202611).state, HEALTH_DRAFT);
	say("suzuki", -202610, "承認 N100000001\n");
	ck_assert_int_eq(row(0).state, HEALTH_APPROVED);
	ck_assert_int_eq(row_in(0, 202611).state, HEALTH_DRAFT);
	says("health-answer", "承認しました");
	down();
}
END_TEST

START_TEST(drafts_are_made_again)
{
	up();
	say("suzuki", row(0).id, "【3】記憶媒体の接続：△\n貸出品です。\n");
	due("2026-11-04 10:00");
	say("suzuki", row(0).id, "作り直し\n\n【4】x：×\n別の文です。\n"); /* one or the other */
	says("health-answer", "何も変更していません");
	say("suzuki", -202610, "作り直し N100000001 N100000002\n");
	says("health-answer", "N100000001 株式会社一号 様：いまのデータと表で作り直し");
	says("health-answer", "これまでに直した文は元に戻ります");
	say("suzuki", -202610, "作り直し N100000001\n"); /* asked twice, made once */
	due("2026-11-04 10:10");
	ck_assert_int_eq(row(0).version, 3);
	ck_assert_int_eq(row(1).version, 2);
	ck_assert_str_ne(row(0).words.text[HEALTH_MEDIA], "貸出品です。");
	says("health-draft", "【原稿 第2版】");
	say("suzuki", row(0).id, "承認\n\n> 【原稿 第3版】\n");
	say("suzuki", row(0).id, "再作成\n");
	says("health-answer", "作り直せません");
	down();
}
END_TEST

START_TEST(words_are_changed_then_approved)
{
	up();
	const int64_t id = row(0).id;
	say("suzuki", id, "【3】記憶媒体の接続：△\n貸出品の接続が1件ありました。\n");
	ck_assert_int_eq(row(0).version, 2);
	ck_assert_str_eq(row(0).words.text[HEALTH_MEDIA], "貸出品の接続が1件ありました。");
	ck_assert_int_eq(row(0).words.mark[HEALTH_MEDIA], HEALTH_WARN);
	due("2026-11-04 10:00");
	says("health-draft", "【原稿 第2版】");
	says("health-draft", "貸出品の接続が1件ありました。");
	say("suzuki", id, "承認\n\n> 【原稿 第1版】\n");
	ck_assert_int_eq(row(0).state, HEALTH_DRAFT);
	says("health-answer", "第1版への返信です");
	say("suzuki", id, "承認\n\n【4】業務外\n別の文です。\n");
	ck_assert_int_eq(row(0).state, HEALTH_DRAFT);
	ck_assert_int_eq(row(0).version, 2);
	say("suzuki", id, "承認\n\n> 【原稿 第2版】\n");
	ck_assert_int_eq(row(0).state, HEALTH_APPROVED);
	due("2026-11-04 10:10");
	says("health-report", "貸出品の接続が1件ありました。");
	say("suzuki", id, "【3】x\nもう遅い文\n");
	says("health-answer", "送付済み");
	ck_assert_int_eq(row(0).version, 2);
	down();
}
END_TEST

START_TEST(only_the_desk_has_a_say)
{
	up();
	say("hen", row(0).id, "承認\n");
	ck_assert_int_eq(row(0).state, HEALTH_DRAFT);
	says("health-answer", "担当者と責任者だけ");
	say("suzuki", row(0).id, "よく分かりません\n");
	says("health-answer", "次のことばを書いてください");
	down();
}
END_TEST

UNIT_SUITE("health_mail", one_is_approved_and_goes_out_sealed, several_at_once_all_or_none,
           what_could_not_be_sent_is_approved_again, what_came_back_is_approved_again, an_old_month_is_approved_as_itself, only_what_was_seen_is_approved, what_is_resumed_is_shown_again, drafts_are_made_again, words_are_changed_then_approved, only_the_desk_has_a_say)
