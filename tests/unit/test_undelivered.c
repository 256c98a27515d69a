/*
 * What fails for good is told to its author, else to the desk, and once: through the
 * mailer's loop, against a Postfix that refuses.
 */
#include "store_fixture.h"
#include "loop.h"
#include "mail/msg_parse.h"
#include "store/store_contract.h"
#include "store/store_delivery.h"
#include "store/store_file.h"
#include "store/store_health.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>

static struct cfg *cfg;
static struct cal *cal;
static struct loop loop;
static epoch now;
static int listening;
static pthread_t server;
static const char *refuses; /* recipients with this in them, for good */
static int64_t contract, ticket;

/* ---- a Postfix, for one connection after another ------------------------------------- */

static void talk(FILE *in, FILE *out)
{
	char line[2048];
	bool data = false;
	int good = 0;
	fputs("220 mx\r\n", out);
	for (; fflush(out) == 0 && fgets(line, sizeof line, in);) {
		if (data) {
			data = strcmp(line, ".\r\n") != 0;
			if (!data)
				fputs(good ? "250 2.0.0 Ok: queued as 4XyZ\r\n" : "554 5.5.1 no valid recipients\r\n", out);
		} else if (strncmp(line, "RCPT", 4) == 0) {
			bool bad = *refuses && strstr(line, refuses);
			good += !bad;
			fputs(bad ? "550 5.1.1 User unknown\r\n" : "250 2.1.5 Ok\r\n", out);
		} else if (strncmp(line, "DATA", 4) == 0) {
			data = good > 0;
			fputs(data ? "354 go on\r\n" : "554 5.5.1 no valid recipients\r\n", out);
		} else {
			good = 0;
			fputs("250 2.1.0 Ok\r\n", out);
		}
	}
}

static void *serve(void *arg)
{
	(void)arg;
	for (int fd; (fd = accept(listening, NULL, NULL)) >= 0;) {
		FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
		talk(in, out);
		fclose(in), fclose(out);
	}
	return NULL;
}

static char *begin_serving(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	listening = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert(bind(listening, (struct sockaddr *)&at, n) == 0 && listen(listening, 4) == 0);
	ck_assert(getsockname(listening, (struct sockaddr *)&at, &n) == 0);
	ck_assert(pthread_create(&server, NULL, serve, NULL) == 0);
	return arena_printf(a, "127.0.0.1:%d", ntohs(at.sin_port));
}

/* ---- a desk --------------------------------------------------------------------------- */

static void add_people(void)
{
	struct staff who = { .login = "suzuki", .name = "鈴木 一郎", .address = "suzuki@example.jp", .roles = STAFF_AGENT, .active = true };
	struct contract c = { .started_at = 1 };
	c.v[CF_N_NUMBER] = "N000000001";
	c.v[CF_NAME] = "株式会社さくら";
	c.v[CF_REPORT_PASSWORD] = "Himitsu2026";
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &who, &err));
	ck_ok(contract_insert(s, &c, now, &err));
	contract = c.id;
	struct ticket t = { .state = TICKET_CLOSED, .channel = "health", .contract_id = contract, .opened_at = now, .closed_at = now, .last_at = now,
	                    .subject = "ヘルスチェックレポート" };
	ck_ok(ticket_create(s, &t, &err));
	ticket = t.id;
	ck_ok(store_commit(s, &err));
}

static void up(const char *refused)
{
	open_new();
	now = epoch_of(2026, 11, 24, 10, 0, 0);
	refuses = refused;
	ck_ok(cfg_parse("t", "templates = conf/mail\n", dir, &cfg, &err));
	cal = cal_new();
	loop = (struct loop){ .build = { .cfg = cfg, .s = s }, .cfg = cfg, .cal = cal };
	token_init(&loop.build.token, master, cfg->desk_localpart, cfg->domain);
	loop.smtp = smtp_new(begin_serving(), "mx", 5000);
	add_people();
}

static void down(void)
{
	smtp_close(loop.smtp);
	smtp_free(&loop.smtp);
	shutdown(listening, SHUT_RDWR);
	pthread_join(server, NULL);
	close(listening);
	cal_free(&cal);
	cfg_free(&cfg);
	done();
}

/* A row; vars: pairs up to NULL. */
static int64_t add(enum outbox_kind kind, const char *tmpl, const char *rcpts, const char *const *vars)
{
	struct sb b = SB_INIT;
	for (size_t i = 0; vars[i]; i += 2)
		outbox_var_add(&b, vars[i], vars[i + 1]);
	struct outbox o = { .kind = kind, .ticket_id = ticket, .rcpts = rcpts, .tmpl = tmpl, .vars = b.s, .vars_len = b.len, .created_at = now };
	ck_ok(store_begin(s, &err));
	ck_ok(outbox_add(s, &o, &err));
	ck_ok(store_commit(s, &err));
	sb_free(&b);
	return o.id;
}

static struct outbox row(int64_t id)
{
	struct outbox o;
	ck_ok(outbox_get(s, id, a, &o, &err));
	return o;
}

static void ended(int64_t id, enum outbox_state want)
{
	size_t n;
	for (int i = 0; i < 4; i++) /* what a notice causes goes out as well */
		ck_ok(loop_round(&loop, now, &n, &err));
	struct outbox o = row(id);
	ck_assert_msg(o.state == want, "%s: %s", outbox_state_name(o.state), o.last_error);
}

static void is_last(int64_t id)
{
	struct outbox o;
	ck_is(outbox_get(s, id + 1, a, &o, &err), ERR_NOTFOUND);
}

static void says(const struct outbox *o, const char *want)
{
	struct built b;
	struct msg *m;
	struct sb text = SB_INIT;
	ck_ok(build_mail(&loop.build, o, a, &b, &err));
	ck_ok(msg_parse(b.mail.s, b.mail.len, &prescan_default, &m, &err));
	sb_addf(&text, "%s\n", m->subject);
	msg_read_text(m, &text);
	ck_assert_msg(strstr(text.s, want), "no \"%s\" in:\n%s", want, text.s);
	sb_free(&text), sb_free(&b.mail);
	msg_free(&m);
}

static const char *const delay[] = { "subject", "パソコンが遅い", "name", "佐藤花子", "due", "11月25日 10:00", NULL };

START_TEST(the_desk_is_told_of_a_letter)
{
	up("sakura");
	int64_t id = add(OUT_LETTER, "delay", "sato@sakura.example\ntanaka@sakura.example", delay);
	ended(id, OUT_FAILED);
	struct outbox told = row(id + 1);
	ck_assert_str_eq(told.tmpl, "not-sent");
	ck_assert_str_eq(told.rcpts, "suzuki@example.jp");
	ck_assert_int_eq(told.state, OUT_SENT);
	says(&told, "【未送信】");
	says(&told, "件名：Re: [YOROZU #1] パソコンが遅い");
	says(&told, "宛先：sato@sakura.example、tanaka@sakura.example");
	says(&told, "契約：N000000001 株式会社さくら");
	says(&told, "相談：#1");
	says(&told, "User unknown");
	says(&told, "届いていません");
	is_last(told.id);
	down();
}
END_TEST

START_TEST(the_desk_is_told_of_some_recipients)
{
	up("tanaka");
	int64_t id = add(OUT_LETTER, "delay", "sato@sakura.example\ntanaka@sakura.example", delay);
	ended(id, OUT_SENT);
	struct outbox told = row(id + 1);
	says(&told, "一部の宛先に送信できませんでした");
	says(&told, "tanaka@sakura.example: 550");
	is_last(told.id);
	down();
}
END_TEST

/* Nobody can be reached at all: one mail each is tried, and no more. */
START_TEST(a_notice_begets_no_other)
{
	up("@");
	int64_t id = add(OUT_LETTER, "delay", "sato@sakura.example", delay);
	ended(id, OUT_FAILED);
	ck_assert_int_eq(row(id + 1).state, OUT_FAILED);
	is_last(id + 1);
	down();
}
END_TEST

START_TEST(an_author_is_told_himself)
{
	static const char *const vars[] = { "subject", "パソコンが遅い", "name", "佐藤花子", "due", "11月25日 10:00", "author", "mori@example.jp", NULL };
	up("sakura");
	int64_t id = add(OUT_LETTER, "delay", "sato@sakura.example", vars);
	ended(id, OUT_FAILED);
	struct outbox told = row(id + 1);
	ck_assert_str_eq(told.tmpl, "delivery-failed");
	ck_assert_str_eq(told.rcpts, "mori@example.jp");
	says(&told, "このメールに返信しても、お客さまには届きません");
	is_last(told.id);
	down();
}
END_TEST

/* No password of the opening notice, and the file can only go by link: the report is not sent, and its row says so. */
START_TEST(a_health_check_is_held_again)
{
	static const char *const vars[] = { "company", "株式会社さくら", "name", "佐藤花子", "month", "2026年10月", "marks", "要対応1", "summary", "x\n",
	                                    "deliver", "pdf", "health", "1", NULL };
	up("");
	struct health_row r = { .contract_id = contract, .month = 202610, .state = HEALTH_DRAFT, .made_at = now, .due_at = now, .changed_at = now,
	                        .version = 1, .numbers = "", .why = "", .who = "" };
	for (int i = 0; i < HEALTH_ITEMS; i++)
		r.words.text[i] = "";
	char *spool = arena_printf(a, "%s/" FILE_SPOOL_DIR, dir);
	ck_assert_int_eq(mkdir(spool, 0700), 0);
	int64_t id = add(OUT_LETTER, "health-report", "sato@sakura.example", vars);
	ck_ok(store_begin(s, &err));
	const struct contract_delivery link = { .policy = DELIVERY_LINK, .set_at = now, .reason = "" };
	const struct outbox_file f = { .filename = "a.pdf", .type = "application/pdf", .content_id = "", .p = "%PDF-1.4", .n = 8 };
	ck_ok(delivery_set(s, contract, &link, &err));
	ck_ok(outbox_file_add(s, id, &f, &err));
	ck_ok(health_add(s, &r, "{}", 2, &err));
	r.state = HEALTH_SENT;
	r.outbox_id = id;
	ck_ok(health_update(s, &r, &err));
	ck_ok(store_commit(s, &err));
	ended(id, OUT_FAILED);
	struct outbox told = row(id + 1);
	ck_assert_str_eq(told.tmpl, "not-sent");
	says(&told, "2026年10月分 セキュリティヘルスチェックレポート");
	says(&told, "パスワードが登録されていません");
	says(&told, "「保留」に戻しました");
	ck_ok(health_get(s, r.id, a, &r, &err));
	ck_assert_int_eq(r.state, HEALTH_HELD);
	ck_assert_ptr_nonnull(strstr(r.why, "パスワード"));
	ck_assert_int_eq(r.outbox_id, 0);
	ck_assert_int_eq(rmdir(spool), 0); /* nothing is left of the try */
	down();
}
END_TEST

UNIT_SUITE("undelivered", the_desk_is_told_of_a_letter, the_desk_is_told_of_some_recipients, a_notice_begets_no_other, an_author_is_told_himself,
           a_health_check_is_held_again)
