/*
 * The diagnosis by mail, from the sheet a customer sends to the mail his contact
 * gets, through the desk, the report and the mailer's builder (DIAG-01, -03).
 */
#include "store_fixture.h"
#include "attach.h"
#include "desk_impl.h"
#include "diagnosis.h"
#include "store/store_file.h"
#include "pack/survey_file.h"
#include "pack/xlsx.h"
#include <sys/stat.h>

#define PASSWORD "Himitsu2026"
static struct desk desk;
static struct cfg *cfg;
static struct cal *cal;
static struct survey *survey;
static struct ret_table *returns;
static struct build_ctx ctx;
static epoch now;
static int64_t seen;

static void up(const char *extra)
{
	open_new();
	ck_ok(cfg_parse("t", arena_printf(a, "templates = conf/mail\nstats_monthly = 0\n%s", extra), dir, &cfg, &err));
	ck_ok(survey_load("conf/diagnosis", &survey, &err));
	ck_ok(ret_table_load("conf/mail", &returns, &err));
	cal = cal_new();
	now = epoch_of(2026, 11, 24, 10, 0, 0);
	seen = 0;
	desk = (struct desk){ .cfg = cfg, .cal = cal, .survey = survey, .returns = returns, .notify_path = "/nonexistent" };
	token_init(&desk.token, master, cfg->desk_localpart, cfg->domain);
	desk.token.diagnosis = cfg->diagnosis_localpart;
	ck_ok(writer_start(path, master, 8, &desk.writer, &err));
	ctx = (struct build_ctx){ .cfg = cfg, .s = s, .token = desk.token };
	struct staff who = { .login = "suzuki", .name = "鈴木 一郎", .address = "suzuki@example.jp", .roles = STAFF_AGENT, .active = true };
	struct contract c = { .addresses = (const char *const[]){ NULL }, .domains = (const char *const[]){ "sakura.example" }, .ndomains = 1 };
	c.v[CF_N_NUMBER] = "N000000001";
	c.v[CF_NAME] = "株式会社さくら";
	c.v[CF_OFFICER_MAIL] = "sato@sakura.example";
	c.v[CF_OFFICER_NAME] = "佐藤花子";
	c.v[CF_REPORT_PASSWORD] = PASSWORD;
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &who, &err));
	ck_ok(contract_insert(s, &c, now, &err));
	ck_ok(store_commit(s, &err));
}

static void down(void)
{
	writer_stop(&desk.writer);
	survey_free(&survey);
	ret_table_free(&returns);
	cal_free(&cal);
	cfg_free(&cfg);
	done();
}

/* The next row of the outbox, and its mail as it would go out. */
static struct outbox next_row(const char *tmpl)
{
	struct outbox o;
	ck_ok(outbox_get(s, ++seen, a, &o, &err));
	ck_assert_str_eq(o.tmpl, tmpl);
	return o;
}

static struct msg *built(const struct outbox *o, const char **text_r)
{
	struct built b;
	struct msg *m;
	struct sb text = SB_INIT;
	ck_ok(build_mail(&ctx, o, a, &b, &err));
	char *raw = arena_memdup(a, b.mail.s, b.mail.len);
	ck_ok(msg_parse(raw, b.mail.len, &prescan_default, &m, &err));
	msg_read_text(m, &text);
	*text_r = arena_memdup(a, text.s, text.len);
	sb_free(&text), sb_free(&b.mail);
	return m;
}

static void says(const struct outbox *o, const char *want)
{
	const char *text;
	struct msg *m = built(o, &text);
	ck_assert_msg(strstr(text, want), "no \"%s\" in:\n%s", want, text);
	msg_free(&m);
}

/* What Postfix is told: 0 passed, 1 taken, 5 refused. */
static int mail(enum desk_side side, const char *from, const char *to, const char *spf, const char *raw, size_t n)
{
	struct msg *msg;
	struct intake in;
	struct desk_verdict v = { .action = DESK_PASS };
	struct desk_rcpt rcpt = { .addr = to };
	rcpt.kind = token_classify(&desk.token, to, &rcpt.id);
	struct desk_mail m = { .side = side, .client_ip = "192.0.2.1", .helo = "c", .queue_id = "Q", .login = side == SIDE_SUBMISSION ? from : "",
	                       .env_from = side == SIDE_SUBMISSION ? arena_printf(a, "%s@example.jp", from) : from, .rcpts = &rcpt, .nrcpts = 1,
	                       .raw = raw, .raw_len = n, .now = now, .arena = a };
	ck_ok(msg_parse(raw, n, &prescan_default, &msg, &err));
	desk_gather(&desk, &m, msg, &in);
	snprintf(in.auth.spf, sizeof in.auth.spf, "%s", spf);
	snprintf(in.auth.dmarc, sizeof in.auth.dmarc, "%s", strcmp(spf, "pass") == 0 ? "pass" : "fail");
	snprintf(in.dkim.result, sizeof in.dkim.result, "none");
	desk_diagnosis_gather(&in);
	if (desk_wants(&m))
		desk_commit(&in, &v);
	msg_free(&msg);
	return v.action == DESK_REFUSE ? 5 : v.action == DESK_TEMPFAIL ? 4 : v.action == DESK_TAKEN;
}

/* Text as a mail. */
static int words(enum desk_side side, const char *from, const char *to, const char *spf, const char *text)
{
	static int n;
	const char *raw = arena_printf(a, "From: %s%s\r\nTo: %s\r\nSubject: kaitou\r\nMessage-ID: <w%d@pc>\r\nMIME-Version: 1.0\r\n"
	                                  "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n",
	                               from, side == SIDE_SUBMISSION ? "@example.jp" : "", to, ++n, text);
	return mail(side, from, to, spf, raw, strlen(raw));
}

static const char *more_header = ""; /* of the next mails, with its line's end */

static int file(const char *from, const char *spf, const char *name, const struct sb *bytes)
{
	static int n;
	struct sb b = SB_INIT;
	sb_addf(&b, "From: %s\r\nTo: shindan@example.jp\r\nSubject: kaitou\r\nMessage-ID: <f%d@pc>\r\n%sMIME-Version: 1.0\r\n"
	            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nfile\r\n--b\r\n"
	            "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"%s\"\r\n\r\n", from, ++n, more_header, name);
	sb_add(&b, bytes->s, bytes->len);
	sb_adds(&b, "\r\n--b--\r\n");
	const char *raw = arena_memdup(a, b.s, b.len);
	int r = mail(SIDE_MX, from, "shindan@example.jp", spf, raw, b.len);
	sb_free(&b);
	return r;
}

static struct sb sheet(const char *third)
{
	struct sb b = SB_INIT;
	sb_adds(&b, "番号,質問,回答\r\n");
	for (int i = 1; i <= 25; i++)
		sb_addf(&b, "Q%d,x,%s\r\n", i, i == 3 ? third : "実施している");
	return b;
}

static int64_t diagnoses(void)
{
	struct diagnosis *v;
	size_t n;
	ck_ok(diagnosis_list(s, 0, 100, a, &v, &n, &err));
	return (int64_t)n;
}

static void report(void)
{
	const struct reports r = { .cfg = cfg, .s = s, .cal = cal, .survey = survey };
	size_t n;
	ck_ok(report_due(&r, now, &n, &err));
}

/* A good sheet, a draft, the word, and the contact's mail. */
static struct outbox approved(void)
{
	struct sb good = sheet("いいえ");
	const char *text;
	ck_assert_int_eq(file("tanaka@sakura.example", "pass", "a.csv", &good), 1);
	sb_free(&good);
	struct outbox o = next_row("diagnosis-answer");
	ck_assert_str_eq(o.rcpts, "tanaka@sakura.example");
	says(&o, "12月8日(火) 17:30 まで");
	says(&o, "2027年5月24日から");
	report();
	o = next_row("diagnosis-draft");
	struct msg *m = built(&o, &text);
	ck_assert_msg(strstr(text, "総合点　　：96 点"), "%s", text);
	const char *to = arena_strdup(a, m->reply_to.v[0].addr);
	msg_free(&m);
	ck_assert_int_eq(words(SIDE_MX, "tanaka@sakura.example", "shindan@example.jp", "pass", "x"), 1);
	seen += 2; /* a consultation: the copy and the acknowledgement */
	ck_assert_int_eq(words(SIDE_SUBMISSION, "suzuki", to, "", "保留 確認中"), 1);
	o = next_row("diagnosis-reply");
	says(&o, "保留中");
	ck_assert_int_eq(words(SIDE_SUBMISSION, "suzuki", to, "", "承認"), 1);
	struct outbox result = next_row("diagnosis-result");
	o = next_row("diagnosis-reply");
	says(&o, "sato@sakura.example に送付します");
	ck_assert_int_eq(words(SIDE_SUBMISSION, "suzuki", to, "", "承認"), 1);
	o = next_row("diagnosis-reply");
	says(&o, "「送付済み」のため、承認できません");
	ck_assert_int_eq(words(SIDE_SUBMISSION, "suzuki", to, "", "よろしく"), 1);
	o = next_row("diagnosis-reply");
	says(&o, "使えることば");
	return result;
}

START_TEST(pdf_policy)
{
	const char *text;
	up("delivery = pdf\n");
	struct outbox o = approved();
	struct msg *m = built(&o, &text);
	ck_assert_ptr_nonnull(strstr(text, "セキュリティレポート用パスワード"));
	ck_assert_ptr_null(strstr(text, PASSWORD));
	ck_assert_str_eq(m->subject, "[YOROZU #2] 【情報漏えいリスク診断】結果のご報告");
	const struct msg_part *pdf = NULL;
	for (const struct msg_part *p = m->root; p; p = msg_part_next(p))
		if (msg_part_is_file(p))
			pdf = p;
	ck_assert_ptr_nonnull(pdf);
	ck_assert_str_eq(pdf->filename, "診断レポート_20261124.pdf");
	struct sb bytes = SB_INIT;
	ck_ok(msg_part_bytes(pdf, 1 << 20, &bytes, &err));
	ck_assert(memcmp(bytes.s, "%PDF-", 5) == 0 && memmem(bytes.s, bytes.len, "/Encrypt", 8));
	/* an answer to it is a consultation on its ticket */
	int64_t ticket;
	ck_assert_int_eq(token_classify(&desk.token, m->reply_to.v[0].addr, &ticket), TOKEN_TICKET);
	ck_assert_int_eq(ticket, o.ticket_id);
	sb_free(&bytes);
	msg_free(&m);
	down();
}
END_TEST

static void opening_password(const char *word)
{
	struct contract c;
	ck_ok(contract_get(s, 1, a, &c, &err));
	c.v[CF_OPENING_PASSWORD] = word;
	ck_ok(store_begin(s, &err));
	ck_ok(contract_update(s, &c, now, &err));
	ck_ok(store_commit(s, &err));
}

START_TEST(link_policy)
{
	const char *text;
	up("delivery = link\n");
	char *spool = arena_printf(a, "%s/" FILE_SPOOL_DIR, dir);
	ck_assert_int_eq(mkdir(spool, 0700), 0);
	opening_password("Kaitsu2026");
	struct outbox o = approved();
	struct msg *m = built(&o, &text);
	ck_assert_ptr_nonnull(strstr(text, "https://"));
	ck_assert_ptr_nonnull(strstr(text, "開通のご案内に記載のパスワード")); /* the page asks for that one */
	msg_free(&m);
	ck_assert_int_eq(system(arena_printf(a, "rm -rf %s", spool)), 0);
	down();
}
END_TEST

/* It comes back: the other side takes no encrypted archives (DESK-17). */
static void refuse(const struct outbox *o)
{
	struct outbox *v;
	size_t n;
	const char *to = token_bounce_address(&desk.token, a, o->id);
	const char *raw = arena_printf(a,
		"From: MAILER-DAEMON@mx.sakura.example\r\nTo: %s\r\nSubject: Undelivered\r\nMessage-ID: <b@mx>\r\nMIME-Version: 1.0\r\n"
		"Auto-Submitted: auto-replied\r\n"
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nno\r\n--b\r\n"
		"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; sato@sakura.example\r\n"
		"Action: failed\r\nStatus: 5.7.1\r\nDiagnostic-Code: smtp; 552 5.7.1 Encrypted attachments are not allowed\r\n\r\n--b--\r\n", to);
	ck_ok(store_begin(s, &err));
	ck_ok(outbox_claim(s, now, 100, a, &v, &n, &err));
	ck_ok(outbox_sent(s, o->id, "Q1", now, &err));
	ck_ok(store_commit(s, &err));
	ck_assert_int_eq(mail(SIDE_MX, "", to, "none", raw, strlen(raw)), 1);
}

/* The same report goes again, by link. */
START_TEST(refused_archive)
{
	struct outbox_file *f;
	size_t n;
	struct contract_delivery d;
	up("delivery = zip\n");
	opening_password("Kaitsu2026");
	struct outbox o = approved();
	refuse(&o);
	struct outbox again = next_row("diagnosis-result");
	ck_assert_int_eq(again.kind, OUT_LETTER);
	ck_assert_str_eq(again.rcpts, "sato@sakura.example");
	ck_ok(outbox_files(s, again.id, a, &f, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_ok(delivery_get(s, 1, a, &d, &err));
	ck_assert_int_eq(d.policy, DELIVERY_LINK);
	next_row("attachment-refused");
	down();
}
END_TEST

/* A link asks for the password of the opening notice, and there is none: nothing is said to be well. */
START_TEST(refused_archive_and_no_link)
{
	struct contract_delivery d;
	up("delivery = zip\n");
	struct outbox o = approved();
	refuse(&o);
	struct outbox told = next_row("delivery-failed");
	ck_assert_str_eq(told.rcpts, "suzuki@example.jp");
	says(&told, "契約 N000000001 に");
	says(&told, "「利用案内確認パスワード」が登録されていないため");
	says(&told, "このレポートは「保留」に戻しました");
	ck_ok(delivery_get(s, 1, a, &d, &err));
	ck_assert_int_eq(d.policy, DELIVERY_LINK);
	/* once there is one, an answer to that notice sends it */
	const char *text;
	struct diagnosis r;
	struct msg *m = built(&told, &text);
	const char *to = arena_strdup(a, m->reply_to.v[0].addr);
	msg_free(&m);
	ck_ok(diagnosis_get(s, 1, a, &r, &err));
	ck_assert_int_eq(r.state, DIAGNOSIS_HELD);
	opening_password("Kaitsu2026");
	ck_assert_int_eq(words(SIDE_SUBMISSION, "suzuki", to, "", "承認"), 1);
	next_row("diagnosis-result");
	ck_ok(diagnosis_get(s, 1, a, &r, &err));
	ck_assert_int_eq(r.state, DIAGNOSIS_SENT);
	down();
}
END_TEST

/* What can't go by link is not approved. */
START_TEST(no_link_no_report)
{
	up("delivery = link\n");
	struct sb good = sheet("いいえ");
	ck_assert_int_eq(file("tanaka@sakura.example", "pass", "a.csv", &good), 1);
	struct diagnosis r;
	struct contract c;
	const struct diagnosis_by by = { .who = "operator:root", .author = "", .now = now, .delivery = DELIVERY_LINK };
	ck_ok(diagnosis_get(s, 1, a, &r, &err));
	ck_ok(contract_get(s, r.contract_id, a, &c, &err));
	r.state = DIAGNOSIS_DRAFT;
	ck_ok(store_begin(s, &err));
	ck_is(diagnosis_approve(s, &r, &by, &err), ERR_DENIED);
	ck_assert_ptr_nonnull(strstr(err.msg, "利用案内確認パスワード"));
	store_rollback(s);
	sb_free(&good);
	down();
}
END_TEST

START_TEST(faults)
{
	up("");
	struct sb bad = sheet("たぶん");
	ck_assert_int_eq(file("tanaka@sakura.example", "pass", "a.csv", &bad), 1);
	struct outbox o = next_row("diagnosis-answer");
	says(&o, "Q3 推測されにくいパスワード：「たぶん」は選択肢にありません");
	says(&o, "何も登録しておりません");
	ck_assert_int_eq(diagnoses(), 0);
	sb_reset(&bad);
	sb_adds(&bad, "PK\3\4 no workbook");
	ck_assert_int_eq(file("tanaka@sakura.example", "pass", "a.xlsx", &bad), 1);
	o = next_row("diagnosis-answer");
	says(&o, "Excel ファイルが壊れています");
	ck_assert_int_eq(diagnoses(), 0);
	sb_free(&bad);
	/* nothing of the file was stored */
	struct message *v;
	size_t n;
	struct sb raw = SB_INIT;
	ck_ok(message_after(s, 0, 10, a, &v, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_ok(message_raw(s, v[1].id, &raw, &err));
	ck_assert_ptr_null(memmem(raw.s, raw.len, "no workbook", 11));
	sb_free(&raw);
	down();
}
END_TEST

START_TEST(strangers)
{
	up("");
	struct sb good = sheet("いいえ");
	ck_assert_int_eq(file("boss@else.example", "pass", "a.csv", &good), 1);
	struct outbox o = next_row("diagnosis-answer");
	says(&o, "ご契約を確認できませんでした");
	ck_assert_int_eq(diagnoses(), 0);
	/* who can't be believed is a matter for people: a consultation */
	ck_assert_int_eq(file("tanaka@sakura.example", "fail", "a.csv", &good), 1);
	o = next_row("");
	ck_assert_int_eq(o.kind, OUT_STAFF_COPY);
	ck_assert_int_eq(diagnoses(), 0);
	sb_free(&good);
	/* automatic mail is no answer */
	const char *raw = "From: tanaka@sakura.example\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <v@pc>\r\nSubject: x\r\n\r\nQ1-25: A\r\n";
	mail(SIDE_MX, "tanaka@sakura.example", "shindan@example.jp", "pass", raw, strlen(raw));
	ck_assert_int_eq(diagnoses(), 0);
	down();
}
END_TEST

/* Nothing was stored and no answer may go out: staff hear of it. */
START_TEST(who_gets_no_answer_is_not_forgotten)
{
	up("");
	struct sb good = sheet("いいえ"), bad = sheet("たぶん");
	more_header = "X-Auto-Response-Suppress: All\r\n";
	file("boss@else.example", "pass", "a.csv", &good);
	struct outbox o = next_row("diagnosis-unanswered");
	says(&o, "boss@else.example から情報漏えいリスク診断の回答が届きました");
	says(&o, "差出人の契約を確認できません");
	ck_assert_int_eq(o.kind, OUT_NOTICE);
	file("tanaka@sakura.example", "pass", "a.csv", &bad);
	o = next_row("diagnosis-unanswered");
	says(&o, "「たぶん」は選択肢にありません");
	ck_assert_int_eq(diagnoses(), 0);
	more_header = "";
	sb_free(&good), sb_free(&bad);
	down();
}
END_TEST

START_TEST(exports_of_staff)
{
	struct sb b = SB_INIT;
	up("");
	sb_adds(&b, "お客様番号：N000000001\n");
	for (int i = 1; i <= 25; i++)
		sb_addf(&b, "問%d　わからない\n", i);
	ck_assert_int_eq(words(SIDE_SUBMISSION, "suzuki", "shindan@example.jp", "", b.s), 1);
	struct outbox o = next_row("diagnosis-import");
	says(&o, "N000000001 株式会社さくら：受け付けました (診断 1");
	ck_assert_int_eq(words(SIDE_SUBMISSION, "suzuki", "shindan@example.jp", "", b.s), 1);
	o = next_row("diagnosis-import");
	says(&o, "前回から半年たっていません");
	ck_assert_int_eq(diagnoses(), 1);
	ck_assert_int_eq(words(SIDE_SUBMISSION, "suzuki", "shindan@example.jp", "", "おはようございます"), 1);
	o = next_row("diagnosis-import");
	says(&o, "回答が見つかりませんでした");
	ck_assert_int_eq(words(SIDE_SUBMISSION, "nobody", "shindan@example.jp", "", b.s), 5);
	desk.survey = NULL;
	ck_assert_int_eq(words(SIDE_SUBMISSION, "suzuki", "shindan@example.jp", "", b.s), 5);
	sb_free(&b);
	down();
}
END_TEST

START_TEST(invitation)
{
	const char *to, *text;
	struct contract c;
	struct sb bytes = SB_INIT;
	const struct diagnosis_by by = { .who = "operator:root", .author = "", .now = epoch_of(2026, 11, 24, 10, 0, 0) };
	up("");
	ck_ok(contract_get(s, 1, a, &c, &err));
	ck_ok(survey_make_sheet(survey, "N000000001", "株式会社さくら", now, &bytes, &err));
	struct diagnosis_invite i = { .form = "", .sheet = bytes.s, .n = bytes.len, .sheet_name = "シート.xlsx", .sheet_type = SURVEY_SHEET_TYPE };
	ck_ok(store_begin(s, &err));
	ck_ok(diagnosis_invite(s, &c, &i, &by, a, &to, &err));
	i.form = "https://forms.example/r/abc";
	ck_ok(diagnosis_invite(s, &c, &i, &by, a, &to, &err));
	ck_ok(store_commit(s, &err));
	ck_assert_str_eq(to, "sato@sakura.example");
	struct outbox o = next_row("diagnosis-invite");
	struct msg *m = built(&o, &text);
	ck_assert_ptr_null(strstr(text, "アンケートフォームで"));
	ck_assert_str_eq(m->subject, "情報漏えいリスク診断のご案内");
	ck_assert_str_eq(m->reply_to.v[0].addr, "shindan@example.jp");
	msg_free(&m);
	o = next_row("diagnosis-invite");
	says(&o, "　https://forms.example/r/abc\n");
	sb_free(&bytes);
	down();
}
END_TEST

UNIT_SUITE("diagnosis_mail", pdf_policy, link_policy, refused_archive, refused_archive_and_no_link, no_link_no_report, faults, strangers,
           who_gets_no_answer_is_not_forgotten, exports_of_staff, invitation)
