/*
 * Files of an answer (DESK-17): from the staff member's mail as it was stored to
 * the mail that goes out, for every policy, and what is held. Whether the
 * packages open in other programs is test_pack's.
 */
#include "attach.h"
#include "base/io.h"
#include "base/sealed_file.h"
#include "store_fixture.h"
#include "store/store_contract.h"
#include "store/store_link.h"
#include <sys/stat.h>

#define PASSWORD "Kaitsu2026"
enum { AT = 1795651200 };

static struct cfg *cfg;
static struct build_ctx ctx;
static int64_t contract, message_no;

static void open_desk(const char *extra)
{
	open_new();
	char *spool = arena_printf(a, "%s/" FILE_SPOOL_DIR, dir);
	ck_assert_int_eq(mkdir(spool, 0700), 0);
	ck_ok(cfg_parse("test", arena_printf(a, "templates = conf/mail\ninternal_names = pc-suzuki\n%s", extra), dir, &cfg, &err));
	ctx = (struct build_ctx){ .cfg = cfg, .s = s };
	token_init(&ctx.token, master, cfg->desk_localpart, cfg->domain);
	struct staff who = { .login = "suzuki", .name = "鈴木 一郎", .address = "suzuki@example.jp", .roles = STAFF_AGENT, .active = true };
	struct contract c = { .v[CF_N_NUMBER] = "N100000001", .v[CF_NAME] = "さくら商事", .v[CF_OPENING_PASSWORD] = PASSWORD };
	for (int i = 0; i < CF_COUNT; i++)
		c.v[i] = c.v[i] ? c.v[i] : "";
	ck_ok(store_begin(s, &err));
	ck_ok(staff_add(s, &who, &err));
	ck_ok(contract_insert(s, &c, AT, &err));
	ck_ok(store_commit(s, &err));
	contract = c.id;
}

static void close_desk(void)
{
	char *rm = arena_printf(a, "rm -rf %s/" FILE_SPOOL_DIR, dir);
	ck_assert_int_eq(system(rm), 0);
	cfg_free(&cfg);
	done();
}

static int spooled(void)
{
	FILE *p = popen(arena_printf(a, "ls %s/" FILE_SPOOL_DIR " | wc -l", dir), "r");
	int n = -1;
	ck_assert_int_eq(fscanf(p, "%d", &n), 1);
	pclose(p);
	return n;
}

#define HEAD "From: suzuki@example.jp\r\nSubject: Re: q\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
#define TEXT(t) "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" t "\r\n"
#define FILE_OF(type, name, body) \
	"--b\r\nContent-Type: " type "\r\nContent-Disposition: attachment; filename=\"" name "\"\r\n\r\n" body "\r\n"
#define END "--b--\r\n"
#define BOTH HEAD TEXT("ご確認ください。") FILE_OF("text/csv", "/home/suzuki/pc-suzuki/list.csv", "secret,1") \
	FILE_OF("application/octet-stream", "note.bin", "bytes") END

/* The outbox row that the milter writes; contract 0: of nobody. */
static struct outbox queue(const char *raw, int64_t of)
{
	struct ticket t = a_ticket();
	struct sb vars = SB_INIT;
	t.contract_id = of;
	ck_ok(store_begin(s, &err));
	ck_ok(ticket_create(s, &t, &err));
	struct message m = a_message(t.id, (uint64_t)++message_no);
	m.kind = MSG_STAFF_REPLY;
	ck_ok(message_insert(s, &m, raw, strlen(raw), &err));
	outbox_var_add(&vars, "author", "suzuki@example.jp");
	struct outbox o = { .kind = OUT_REPLY, .ticket_id = t.id, .message_id = m.id, .tmpl = "", .rcpts = "tanaka@sakura-shoji.example",
		.vars = arena_memdup(a, vars.s, vars.len), .vars_len = vars.len, .created_at = AT, .due_at = AT, .next_at = AT };
	ck_ok(outbox_add(s, &o, &err));
	ck_ok(store_commit(s, &err));
	sb_free(&vars);
	return o;
}

static enum status build(const struct outbox *o, struct built *out)
{
	enum status st = build_mail(&ctx, o, a, out, &err);
	ck_assert_ptr_null(memmem(out->mail.s, out->mail.len, PASSWORD, strlen(PASSWORD)));
	return st;
}

static void set_policy(enum delivery d)
{
	struct contract_delivery x = { .policy = d, .set_at = AT, .reason = "" };
	ck_ok(store_begin(s, &err));
	ck_ok(delivery_set(s, contract, &x, &err));
	ck_ok(store_commit(s, &err));
}

/* The names of the files of a mail, one a line; its text in *text. */
static char *files_of(const struct built *b, struct sb *text)
{
	struct msg *m;
	struct sb names = SB_INIT;
	ck_ok(msg_parse(b->mail.s, b->mail.len, NULL, &m, &err));
	for (const struct msg_part *p = m->root; p; p = msg_part_next(p))
		if (msg_part_is_file(p))
			sb_addf(&names, "%s %s\n", p->type, p->filename);
	sb_reset(text);
	msg_read_text(m, text);
	char *r = arena_memdup(a, names.s, names.len);
	sb_free(&names);
	msg_free(&m);
	return r;
}

START_TEST(one_archive_for_all)
{
	struct built b;
	struct sb text = SB_INIT;
	open_desk("");
	struct outbox o = queue(BOTH, contract);
	ck_ok(build(&o, &b));
	ck_assert_str_eq(files_of(&b, &text), arena_printf(a, "application/zip reply-%lld.zip\n", (long long)o.ticket_id));
	ck_assert(strstr(text.s, "　・list.csv (8 バイト)\n　・note.bin (5 バイト)\n"));
	ck_assert(strstr(text.s, "開通のご案内に記載のパスワードと同じ"));
	ck_assert_ptr_null(strstr(text.s, "suzuki"));
	ck_assert_ptr_null(memmem(b.mail.s, b.mail.len, "secret,1", 8));
	sb_free(&b.mail), sb_free(&text);
	close_desk();
}
END_TEST

START_TEST(held_without_a_password)
{
	struct built b;
	open_desk("");
	struct outbox nobody = queue(BOTH, 0);
	ck_is(build(&nobody, &b), ERR_DENIED);
	ck_assert_msg(strstr(err.msg, "契約が結び付いていません"), "%s", err.msg);
	struct contract c = { .id = contract, .v[CF_OPENING_PASSWORD] = "" };
	ck_ok(store_begin(s, &err));
	ck_ok(contract_update(s, &c, AT, &err));
	ck_ok(store_commit(s, &err));
	struct outbox o = queue(BOTH, contract);
	ck_is(build(&o, &b), ERR_DENIED);
	ck_assert_msg(strstr(err.msg, "「利用案内確認パスワード」が登録されていません"), "%s", err.msg);
	set_policy(DELIVERY_LINK); /* its page asks for the password too */
	ck_is(build(&o, &b), ERR_DENIED);
	ck_assert_int_eq(spooled(), 0);
	close_desk();
}
END_TEST

START_TEST(the_password_is_never_mailed)
{
	struct built b;
	open_desk("");
	struct outbox said = queue(HEAD TEXT("パスワードは " PASSWORD " です。") END, contract);
	ck_is(build(&said, &b), ERR_DENIED);
	struct outbox quoted = queue(HEAD TEXT("はい。\r\n\r\n> " PASSWORD " で合っていますか。") END, contract);
	ck_is(build(&quoted, &b), ERR_DENIED);
	ck_assert_ptr_null(strstr(err.msg, PASSWORD));
	struct outbox other = queue(HEAD TEXT("パスワードは開通案内をご覧ください。") END, contract);
	ck_ok(build(&other, &b));
	sb_free(&b.mail);
	close_desk();
}
END_TEST

#define A_PDF "%PDF-1.4\r\n1 0 obj\r\n<< /Type /Catalog /Pages 2 0 R >>\r\nendobj\r\n2 0 obj\r\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\r\n" \
	"endobj\r\n3 0 obj\r\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\r\nendobj\r\ntrailer\r\n<< /Root 1 0 R /Size 4 >>\r\n%%EOF"

START_TEST(pdfs_under_their_own_password)
{
	struct built b;
	struct sb text = SB_INIT;
	open_desk("delivery = pdf\n");
	struct outbox o = queue(HEAD TEXT("x") FILE_OF("application/pdf", "report.pdf", A_PDF) FILE_OF("application/pdf", "broken.pdf", "%PDF-1.4")
	                        FILE_OF("text/csv", "list.csv", "a") END, contract);
	ck_ok(build(&o, &b));
	ck_assert_str_eq(files_of(&b, &text),
	                 arena_printf(a, "application/pdf report.pdf\napplication/zip reply-%lld.zip\n", (long long)o.ticket_id));
	ck_assert(strstr(text.s, "・broken.pdf"));
	ck_assert(strstr(text.s, "パスワード付きで添付"));
	sb_free(&b.mail);
	struct outbox alone = queue(HEAD TEXT("x") FILE_OF("application/pdf", "report.pdf", A_PDF) END, contract);
	ck_ok(build(&alone, &b));
	ck_assert_str_eq(files_of(&b, &text), "application/pdf report.pdf\n");
	ck_assert_ptr_null(strstr(text.s, "ZIP"));
	sb_free(&b.mail), sb_free(&text);
	close_desk();
}
END_TEST

START_TEST(plain_where_the_contract_says_so)
{
	struct built b;
	struct sb text = SB_INIT;
	open_desk("");
	set_policy(DELIVERY_PLAIN);
	struct outbox o = queue(BOTH, contract);
	ck_ok(build(&o, &b));
	ck_assert_str_eq(files_of(&b, &text), "text/csv list.csv\napplication/octet-stream note.bin\n");
	ck_assert_ptr_null(strstr(text.s, "パスワード"));
	sb_free(&b.mail), sb_free(&text);
	close_desk();
}
END_TEST

static char *url_in(const struct sb *text)
{
	const char *at = strstr(text->s, "https://");
	ck_assert_ptr_nonnull(at);
	return arena_strndup(a, at, strcspn(at, " \r\n"));
}

/* The mailer falls over between the link and Postfix: the same link the next time. */
START_TEST(a_link_is_made_once)
{
	struct built b;
	struct sb text = SB_INIT;
	struct stored_file *f;
	size_t n;
	open_desk("");
	set_policy(DELIVERY_LINK);
	struct outbox o = queue(BOTH, contract);
	ck_ok(build(&o, &b));
	ck_assert_str_eq(files_of(&b, &text), "");
	char *url = url_in(&text);
	ck_assert(strstr(text.s, "・list.csv (8 バイト)"));
	sb_free(&b.mail);
	ck_ok(build(&o, &b));
	files_of(&b, &text);
	ck_assert_str_eq(url_in(&text), url);
	ck_ok(file_of_ticket(s, o.ticket_id, a, &f, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(spooled(), 2);
	ck_assert_str_eq(f[0].name, "list.csv");
	/* its bytes are there, sealed */
	uint8_t key[KEY_LEN];
	struct sealed_in *in;
	char bytes[20];
	ck_ok(file_key(s, f[0].id, key, &err));
	ck_ok(sealed_open(arena_printf(a, "%s/" FILE_SPOOL_DIR "/%s", dir, f[0].spool), key, &in, &err));
	ck_ok(sealed_read(in, bytes, sizeof bytes, &n, &err));
	ck_assert(n == 8 && memcmp(bytes, "secret,1", 8) == 0);
	sealed_close(&in);
	struct outbox again = queue(BOTH, contract); /* another mail has another link */
	sb_free(&b.mail);
	ck_ok(build(&again, &b));
	files_of(&b, &text);
	ck_assert_str_ne(url_in(&text), url);
	sb_free(&b.mail), sb_free(&text);
	close_desk();
}
END_TEST

START_TEST(archives_and_much_go_by_link)
{
	struct built b;
	struct sb text = SB_INIT, raw = SB_INIT;
	open_desk("attach_max_mb = 1\n");
	struct outbox zipped = queue(HEAD TEXT("x") FILE_OF("application/zip", "logs.zip", "PK") FILE_OF("text/csv", "a.csv", "a") END, contract);
	ck_ok(build(&zipped, &b));
	ck_assert_str_eq(files_of(&b, &text), "");
	ck_assert(strstr(url_in(&text), "/d/"));
	sb_free(&b.mail);
	sb_adds(&raw, HEAD TEXT("x") "--b\r\nContent-Type: text/csv; name=big.csv\r\n\r\n");
	for (int i = 0; i < 20000; i++)
		sb_adds(&raw, "a line of a log that is longer than a mail would take\r\n");
	sb_adds(&raw, END);
	struct outbox big = queue(raw.s, contract);
	ck_ok(build(&big, &b));
	ck_assert_str_eq(files_of(&b, &text), "");
	ck_assert(strstr(text.s, "big.csv (1.1 MB)"));
	sb_free(&b.mail), sb_free(&raw), sb_free(&text);
	close_desk();
}
END_TEST

START_TEST(a_spool_that_is_away_is_tried_again)
{
	struct built b;
	open_desk("");
	set_policy(DELIVERY_LINK);
	struct outbox o = queue(BOTH, contract);
	ck_assert_int_eq(rmdir(arena_printf(a, "%s/" FILE_SPOOL_DIR, dir)), 0);
	ck_is(build(&o, &b), ERR_TEMP);
	ck_assert_int_eq(mkdir(arena_printf(a, "%s/" FILE_SPOOL_DIR, dir), 0700), 0);
	ck_ok(build(&o, &b));
	sb_free(&b.mail);
	close_desk();
}
END_TEST

/* They hold what is not for customers. */
START_TEST(kinds_that_are_refused)
{
	static const char *const v[] = {
		HEAD TEXT("x") "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: suzuki@example.jp\r\n\r\nx\r\n" END,
		HEAD TEXT("x") FILE_OF("application/octet-stream", "fwd.EML", "x") END,
		HEAD TEXT("x") FILE_OF("application/ms-tnef", "winmail.dat", "x") END,
		HEAD TEXT("x") FILE_OF("text/x-vcard", "suzuki.vcf", "x") END,
	};
	struct built b;
	open_desk("");
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		struct outbox o = queue(v[i], contract);
		ck_is(build(&o, &b), ERR_DENIED);
	}
	close_desk();
}
END_TEST

START_TEST(where_the_note_stands)
{
	static const struct { const char *text, *want; } v[] = {
		{ "本文\n", "本文\n\n[note]\n" },
		{ "本文\n\n-- \n相談センター\n", "本文\n\n[note]\n\n-- \n相談センター\n" },
		{ "本文\n\n2026/11/24 10:00、田中さんは書きました:\n> 質問\n> 続き\n", "本文\n\n[note]\n\n2026/11/24 10:00、田中さんは書きました:\n> 質問\n> 続き\n" },
		{ "> 質問1\n答え1\n> 質問2\n答え2\n", "> 質問1\n答え1\n> 質問2\n答え2\n\n[note]\n" },
		{ "本文\n\n-----Original Message-----\nFrom: x\n\n質問\n", "本文\n\n[note]\n\n-----Original Message-----\nFrom: x\n\n質問\n" },
		{ "", "[note]\n" },
	};
	const struct sb note = { "[note]\n", 7, 0 };
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		struct sb t = SB_INIT;
		sb_adds(&t, v[i].text);
		attach_insert(&note, &t);
		ck_assert_str_eq(t.s, v[i].want);
		sb_free(&t);
	}
}
END_TEST

UNIT_SUITE("attach", one_archive_for_all, held_without_a_password, the_password_is_never_mailed,
           pdfs_under_their_own_password, plain_where_the_contract_says_so, a_link_is_made_once,
           archives_and_much_go_by_link, a_spool_that_is_away_is_tried_again, kinds_that_are_refused,
           where_the_note_stands)
