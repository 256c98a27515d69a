/*
 * What a customer gets of an answer, for every shape that staff clients give
 * one (DESK-05): tests/golden/reply/NAME.eml is the staff member's mail, NAME.ref
 * the mail that goes out, as its reader sees it. `ACCEPT=1 test_reply_shapes`
 * writes the .ref files; read them before a commit.
 */
#include "base/io.h"
#include "build.h"
#include "mail/show.h"
#include "store_fixture.h"
#include <glob.h>

/* Nothing of the inside, in whatever part or header of the mail that goes out. */
static const char *const forbidden[] = {
	"suzuki@", "sato@", "pc-suzuki", "mail-in.lan", "192.168.", "Received:", "User-Agent", "X-Mailer", "X-Yorozu",
	"社内", "Thread-Index", "Thunderbird", "Microsoft", "mutt", "bounce+", NULL
};

static struct cfg *cfg;
static struct build_ctx ctx;
static glob_t files;

static void add_people(void)
{
	struct staff v[] = { { .login = "suzuki", .name = "鈴木 一郎", .address = "suzuki@example.jp" },
		             { .login = "sato", .name = "佐藤 花子", .address = "sato@example.jp" } };
	for (size_t i = 0; i < 2; i++) {
		v[i].roles = STAFF_AGENT;
		v[i].active = true;
		ck_ok(staff_add(s, &v[i], &err));
	}
}

static void open_world(void)
{
	static const char conf[] = "internal_names = pc-suzuki.lan, mail-in.lan\ndesk_name = 相談センター\n";
	open_new();
	ck_ok(cfg_parse("test", conf, dir, &cfg, &err));
	ctx = (struct build_ctx){ .cfg = cfg, .s = s };
	token_init(&ctx.token, master, cfg->desk_localpart, cfg->domain);
	ck_ok(store_begin(s, &err));
	add_people();
}

/* The outbox row the milter would have written for this mail. */
static void queue_reply(const struct sb *raw, struct outbox *o)
{
	struct ticket t = a_ticket();
	struct sb vars = SB_INIT;
	ck_ok(ticket_create(s, &t, &err));
	struct message m = a_message(t.id, 1);
	m.kind = MSG_STAFF_REPLY;
	ck_ok(message_insert(s, &m, raw->s, raw->len, &err));
	outbox_var_add(&vars, "author", "suzuki@example.jp");
	outbox_var_add(&vars, "subject", "不審なメール");
	outbox_var_add(&vars, "in_reply_to", "first@sakura-shoji.example");
	outbox_var_add(&vars, "references", "first@sakura-shoji.example");
	*o = (struct outbox){ .kind = OUT_REPLY, .ticket_id = t.id, .message_id = m.id, .tmpl = "",
		              .rcpts = "tanaka@sakura-shoji.example", .vars = vars.s, .vars_len = vars.len,
		              .created_at = 1795651200, .due_at = 1000, .next_at = 1000 };
	ck_ok(outbox_add(s, o, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(outbox_get(s, o->id, a, o, &err));
	sb_free(&vars);
}

static void look_inside(const char *file, const struct msg *m, const char *shown)
{
	for (const char *const *f = forbidden; *f; f++) {
		ck_assert_msg(!strcasestr(shown, *f), "%s shows %s", file, *f);
		ck_assert_msg(!memmem(m->raw, m->raw_len, *f, strlen(*f)), "%s holds %s", file, *f);
		for (size_t i = 0; i < m->nfields; i++)
			ck_assert_msg(!strcasestr(m->fields[i].value, *f), "%s: %s", file, m->fields[i].name);
	}
}

/* The outgoing mail, or the words its author is told. */
static void render(const char *file, const struct sb *raw, struct sb *out)
{
	struct outbox o;
	struct built r;
	struct msg *m;
	queue_reply(raw, &o);
	enum status st = build_mail(&ctx, &o, a, &r, &err);
	if (st == OK) {
		ck_ok(msg_parse(r.mail.s, r.mail.len, NULL, &m, &err));
		mail_show(m, out);
		look_inside(file, m, out->s);
		msg_free(&m);
	} else {
		sb_addf(out, "%s: %s\n", status_name(st), err.msg);
	}
	sb_free(&r.mail);
}

START_TEST(shape)
{
	const char *file = files.gl_pathv[_i];
	struct sb raw = SB_INIT, got = SB_INIT, want = SB_INIT;
	open_world();
	ck_ok(io_read_file(file, 1 << 20, &raw, &err));
	render(file, &raw, &got);
	const char *ref = arena_printf(a, "%.*sref", (int)strlen(file) - 3, file);
	if (getenv("ACCEPT")) {
		FILE *f = fopen(ref, "w");
		ck_assert(f && fputs(got.s, f) >= 0 && fclose(f) == 0);
	} else {
		ck_ok(io_read_file(ref, 1 << 20, &want, &err));
		ck_assert_msg(strcmp(got.s, want.s) == 0, "%s:\n--- expected\n%s\n--- got\n%s", file, want.s, got.s);
	}
	sb_free(&raw);
	sb_free(&got);
	sb_free(&want);
	cfg_free(&cfg);
	done();
}
END_TEST

int main(void)
{
	if (glob("tests/golden/reply/*.eml", 0, NULL, &files) != 0)
		return EXIT_FAILURE;
	Suite *suite = suite_create("reply_shapes");
	TCase *tc = tcase_create("shapes");
	tcase_add_loop_test(tc, shape, 0, (int)files.gl_pathc);
	suite_add_tcase(suite, tc);
	SRunner *sr = srunner_create(suite);
	srunner_run_all(sr, CK_NORMAL);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	globfree(&files);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
