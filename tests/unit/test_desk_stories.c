/*
 * The desk's decisions, told as stories: tests/golden/desk/NAME.story.
 *
 *   # what this story is about
 *   at 2026-11-24 10:00            the clock; "at +2h", "+3d", "+5m" moves on
 *   staff suzuki 鈴木一郎           a staff member (suzuki@example.jp); "supervisor", "editor" likewise
 *   company N1 sakura.example      a contract; a name, a person and a phone number may follow
 *   opening-password N1 WORD       it has one: links can be opened
 *   close 1                        ticket 1 is closed now
 *   reader info@sakura.example     he gets the newsletter
 *   reads info@sakura.example      he does still; "left": he is unsubscribed
 *   subject 12 TEXT                outbox row 12 bears it
 *   var 12 NAME TEXT               so does this variable of it
 *   contract 1 N1                  ticket 1 is of that contract ("-": of none)
 *   mx FROM TO[,TO] [spf=fail] [dmarc=pass] …
 *   submission LOGIN TO[,TO]       a mail; its lines follow, each behind "| "
 *   => ticket=1 by=new …           what must come of it
 *   outbox 1: ack tanaka@…         all outbox rows written by that mail
 *   say 完了にしました             what the answer to commands tells, line by line
 *   who 未：…                      who is asking, on a copy for staff
 *   ask number company             what the customer is asked for
 *   fails failed_ack               what staff are told of a failed delivery
 *
 * {ticket:1} is the signed address of ticket 1 ({note:1}, {command:1} likewise), {bounce:2} the envelope sender
 * of outbox row 2, {id:1.2} the Message-ID of row 2 on ticket 1.
 */
#include "desk_impl.h"
#include "base/io.h"
#include "base/log.h"
#include "store/store_contract.h"
#include "store/store_reader.h"
#include "text/inquiry.h"
#include "unit.h"
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct world {
	char dir[64], db[96];
	struct cfg *cfg;
	struct cal *cal;
	struct categories *categories, *inquiries;
	struct ret_table *returns;
	struct desk desk;
	struct store *s;
	epoch now;
	int64_t seen_rows; /* outbox rows already told of */
	struct arena *a;
	const char *file;
	int line;
};

static const uint8_t master[KEY_LEN] = { 42 };

static void world_open(struct world *w, const char *file)
{
	struct err e;
	*w = (struct world){ .file = file, .a = arena_new() };
	snprintf(w->dir, sizeof w->dir, "/tmp/yorozu-desk-XXXXXX");
	ck_assert(mkdtemp(w->dir) != NULL);
	snprintf(w->db, sizeof w->db, "%s/yorozu.db", w->dir);
	ck_assert(cfg_parse("test", "", w->dir, &w->cfg, &e) == OK);
	ck_assert(cal_load("", &w->cal, &e) == OK);
	ck_assert_msg(store_open(w->db, master, &w->s, &e) == OK, "%s", e.msg);
	ck_assert_msg(writer_start(w->db, master, 8, &w->desk.writer, &e) == OK, "%s", e.msg);
	w->desk.cfg = w->cfg;
	w->desk.cal = w->cal;
	ck_assert_msg(categories_load("conf/desk", &w->categories, &e) == OK, "%s", e.msg);
	w->desk.categories = w->categories;
	ck_assert_msg(inquiry_load("conf/desk", &w->inquiries, &e) == OK, "%s", e.msg);
	w->desk.inquiries = w->inquiries;
	ck_assert_msg(ret_table_load("conf/mail", &w->returns, &e) == OK, "%s", e.msg);
	w->desk.returns = w->returns;
	w->desk.notify_path = "/nonexistent";
	token_init(&w->desk.token, master, w->cfg->desk_localpart, w->cfg->domain);
	token_news_init(&w->desk.token, w->cfg->news_edit, w->cfg->news_from, w->cfg->news_to);
	log_open("test", "/dev/null", LOG_LV_ERROR);
}

static void world_close(struct world *w)
{
	static const char *const suffix[] = { "", "-wal", "-shm" };
	writer_stop(&w->desk.writer);
	store_close(&w->s);
	cal_free(&w->cal);
	categories_free(&w->categories);
	categories_free(&w->inquiries);
	ret_table_free(&w->returns);
	cfg_free(&w->cfg);
	for (int i = 0; i < 3; i++)
		unlink(arena_printf(w->a, "%s%s", w->db, suffix[i]));
	rmdir(w->dir);
	arena_free(&w->a);
}

/* {ticket:1} and friends. */
static char *expand(struct world *w, const char *s)
{
	struct sb b = SB_INIT;
	for (; *s; s++) {
		long long x, y = 0;
		if (sscanf(s, "{ticket:%lld}", &x) == 1)
			sb_adds(&b, token_ticket_address(&w->desk.token, w->a, x));
		else if (sscanf(s, "{note:%lld}", &x) == 1)
			sb_adds(&b, token_note_address(&w->desk.token, w->a, x));
		else if (sscanf(s, "{command:%lld}", &x) == 1)
			sb_adds(&b, token_command_address(&w->desk.token, w->a, x));
		else if (sscanf(s, "{held:%lld}", &x) == 1)
			sb_adds(&b, token_held_address(&w->desk.token, w->a, x));
		else if (sscanf(s, "{bounce:%lld}", &x) == 1)
			sb_adds(&b, token_bounce_address(&w->desk.token, w->a, x));
		else if (sscanf(s, "{id:%lld.%lld}", &x, &y) == 2)
			sb_adds(&b, token_message_id(&w->desk.token, w->a, x, y));
		else {
			sb_addc(&b, *s);
			continue;
		}
		s = strchr(s, '}');
	}
	char *r = arena_memdup(w->a, b.s, b.len);
	sb_free(&b);
	return r;
}

static void do_at(struct world *w, const char *arg)
{
	long n;
	char unit;
	if (sscanf(arg, "+%ld%c", &n, &unit) == 2)
		w->now += n * (unit == 'd' ? 86400 : unit == 'h' ? 3600 : 60);
	else
		ck_assert_msg(civil_parse_time(arg, &w->now), "%s:%d: time", w->file, w->line);
}

static void do_staff(struct world *w, char *arg, unsigned roles)
{
	struct err e;
	char *name = strchr(arg, ' ');
	ck_assert(name != NULL);
	*name++ = '\0';
	struct staff st = { .login = arg, .name = name, .address = arena_printf(w->a, "%s@example.jp", arg),
		            .roles = roles, .active = true };
	ck_assert(store_begin(w->s, &e) == OK);
	ck_assert_msg(staff_add(w->s, &st, &e) == OK, "%s", e.msg);
	ck_assert(store_commit(w->s, &e) == OK);
}

/* company N-NUMBER DOMAIN [NAME [PERSON [PHONE]]] */
static void do_company(struct world *w, char *arg)
{
	struct err e;
	char *word[5] = { arg };
	for (int n = 1; n < 5 && (word[n] = strchr(word[n - 1], ' ')); n++)
		*word[n]++ = '\0';
	const char *domain = word[1];
	struct contract c = { .v = { [CF_N_NUMBER] = arg, [CF_NAME] = word[2] ? word[2] : arg, [CF_CONTACT_NAME] = word[3],
		                     [CF_CONTACT_PHONE] = word[4] }, .domains = &domain, .ndomains = 1 };
	ck_assert(store_begin(w->s, &e) == OK);
	ck_assert_msg(contract_insert(w->s, &c, w->now, &e) == OK, "%s", e.msg);
	ck_assert(store_commit(w->s, &e) == OK);
}

/* opening-password N-NUMBER PASSWORD */
static void do_opening_password(struct world *w, char *arg)
{
	struct err e;
	struct contract c;
	char *word = strchr(arg, ' ');
	ck_assert(word != NULL);
	*word++ = '\0';
	ck_assert_msg(contract_by_number(w->s, arg, w->a, &c, &e) == OK, "%s", e.msg);
	c.v[CF_OPENING_PASSWORD] = word;
	ck_assert(store_begin(w->s, &e) == OK);
	ck_assert_msg(contract_update(w->s, &c, w->now, &e) == OK, "%s", e.msg);
	ck_assert(store_commit(w->s, &e) == OK);
}

static void do_close(struct world *w, const char *arg)
{
	struct err e;
	struct ticket t;
	ck_assert(store_begin(w->s, &e) == OK);
	ck_assert(ticket_get(w->s, strtoll(arg, NULL, 10), w->a, &t, &e) == OK);
	t.state = TICKET_CLOSED;
	t.closed_at = w->now;
	t.waiting_since = t.due_at = 0;
	ck_assert(ticket_update(w->s, &t, &e) == OK);
	ck_assert(store_commit(w->s, &e) == OK);
}

static void do_reader(struct world *w, const char *addr)
{
	struct err e;
	struct reader r = { .addr = addr, .name = "", .state = READER_ACTIVE, .why = "" };
	ck_assert(store_begin(w->s, &e) == OK);
	ck_assert_msg(reader_add(w->s, &r, w->now, &e) == OK, "%s", e.msg);
	ck_assert(store_commit(w->s, &e) == OK);
}

static void reader_is(struct world *w, const char *addr, enum reader_state state)
{
	struct err e;
	struct reader r;
	ck_assert_msg(reader_by_addr(w->s, addr, w->a, &r, &e) == OK, "%s", e.msg);
	ck_assert_msg(r.state == state, "%s:%d: state %d", w->file, w->line, r.state);
}

static void row_bears(struct world *w, int64_t row, const char *name, const char *text)
{
	struct outbox o;
	ck_assert(outbox_get(w->s, row, w->a, &o, NULL) == OK);
	const char *v = outbox_var(&o, name);
	ck_assert_msg(v && strcmp(v, text) == 0, "%s:%d: %s", w->file, w->line, v ? v : "unset");
}

/* subject ROW TEXT */
static void do_subject(struct world *w, const char *arg)
{
	char *text;
	int64_t row = strtoll(arg, &text, 10);
	row_bears(w, row, "subject", text + 1);
}

/* var ROW NAME TEXT */
static void do_var(struct world *w, const char *arg)
{
	char *name;
	int64_t row = strtoll(arg, &name, 10);
	const char *text = strchrnul(++name, ' ');
	row_bears(w, row, arena_strndup(w->a, name, (size_t)(text - name)), *text ? text + 1 : "");
}

/* contract TICKET NUMBER */
static void do_contract(struct world *w, const char *arg)
{
	struct ticket t;
	struct contract c;
	char *number;
	ck_assert(ticket_get(w->s, strtoll(arg, &number, 10), w->a, &t, NULL) == OK);
	bool known = t.contract_id && contract_get(w->s, t.contract_id, w->a, &c, NULL) == OK;
	const char *has = known ? c.v[CF_N_NUMBER] : "-";
	ck_assert_msg(strcmp(has, number + 1) == 0, "%s:%d: %s", w->file, w->line, has);
}

static void set_auth(struct intake *in, const char *words)
{
	snprintf(in->auth.spf, sizeof in->auth.spf, "none");
	snprintf(in->auth.dmarc, sizeof in->auth.dmarc, "none");
	snprintf(in->dkim.result, sizeof in->dkim.result, "none");
	for (const char *p = words; (p = strstr(p, "=")); p++) {
		if (p - words >= 3 && strncmp(p - 3, "spf", 3) == 0)
			sscanf(p, "=%11s", in->auth.spf);
		if (p - words >= 5 && strncmp(p - 5, "dmarc", 5) == 0)
			sscanf(p, "=%11s", in->auth.dmarc);
	}
}

static void parse_rcpts(struct world *w, struct desk_mail *m, char *list)
{
	char *save;
	m->rcpts = arena_zalloc(w->a, 20 * sizeof *m->rcpts);
	for (char *r = strtok_r(list, ",", &save); r; r = strtok_r(NULL, ",", &save)) {
		struct desk_rcpt *x = &m->rcpts[m->nrcpts++];
		x->addr = r;
		x->kind = token_classify(&w->desk.token, r, &x->id);
	}
}

static void result_line(struct world *w, const struct intake *in, const struct desk_verdict *v, struct sb *out)
{
	char due[32];
	struct ticket t = { 0 };
	static const char *const actions[] = { "pass", "taken", "refused", "tempfail" };
	sb_addf(out, "=> %s", actions[v->action]);
	if (v->action == DESK_REFUSE)
		sb_addf(out, " %s %s", v->code, v->text);
	if (v->action != DESK_TAKEN)
		return;
	if (in->duplicate)
		sb_adds(out, " duplicate");
	else
		sb_addf(out, " by=%s%s%s", in->why, in->new_ticket ? " new" : in->newcomer ? " newcomer" : "", in->reopened ? " reopened" : "");
	sb_addf(out, " ticket=%lld", (long long)in->ticket.id);
	if (!in->ticket.id || ticket_get(w->s, in->ticket.id, w->a, &t, NULL) != OK)
		return;
	sb_addf(out, " %s", ticket_state_name(t.state));
	if (t.due_at) {
		clk_iso(t.due_at, due)[16] ? due[16] = '\0' : 0;
		sb_addf(out, " due=%s", due);
	}
	if (t.previous_id)
		sb_addf(out, " previous=%lld", (long long)t.previous_id);
}

static void say_lines(const struct outbox *o, struct sb *out)
{
	const char *say = strncmp(o->tmpl, "command-", 8) == 0 ? outbox_var(o, "results") : NULL;
	for (const char *p = say ? say : "", *nl; *p; p = nl + (*nl != 0)) {
		nl = strchrnul(p, '\n');
		sb_adds(out, "\nsay ");
		sb_add(out, p, (size_t)(nl - p));
	}
}

/* What staff are told that failed, and whether the ticket is open again. */
static void failure_lines(const struct outbox *o, struct sb *out)
{
	static const char *const names[] = { "failed_answer", "failed_ack", "failed_letter", "reopened", "not_reopened", "no_link", "held" };
	if (strcmp(o->tmpl, "delivery-failed") != 0)
		return;
	sb_adds(out, "\nfails");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *v = outbox_var(o, names[i]);
		ck_assert_msg(v != NULL, "%s", names[i]);
		if (*v)
			sb_addf(out, " %s", names[i]);
	}
}

static void identity_lines(const struct outbox *o, struct sb *out)
{
	static const char name[] = "need_";
	const char *who = outbox_var(o, "identity"), *ask = outbox_var(o, "identify");
	if (who && *who)
		sb_addf(out, "\nwho %s", who);
	if (!ask || !*ask)
		return;
	sb_adds(out, "\nask");
	for (const char *p = o->vars, *end = p + o->vars_len; p < end; p += strlen(p) + 1)
		if (strncmp(p, name, 5) == 0 && p[strlen(p) - 1] == '1')
			sb_addf(out, " %.*s", (int)strcspn(p + 5, "="), p + 5);
}

static void outbox_lines(struct world *w, struct sb *out)
{
	struct outbox o;
	while (outbox_get(w->s, w->seen_rows + 1, w->a, &o, NULL) == OK) {
		w->seen_rows++;
		sb_addf(out, "\noutbox %lld: %s%s%s%s ", (long long)o.id, o.state == OUT_HELD ? "held " : "",
		        outbox_kind_name(o.kind), o.kind == OUT_NOTICE ? " " : "", o.kind == OUT_NOTICE ? o.tmpl : "");
		for (const char *p = o.rcpts; *p; p++)
			sb_addc(out, *p == '\n' ? ',' : *p);
		say_lines(&o, out);
		identity_lines(&o, out);
		failure_lines(&o, out);
	}
}

/* The mailer has taken all that is due. */
static void claim_all(struct world *w)
{
	struct err e;
	struct outbox *v;
	size_t n;
	ck_assert(store_begin(w->s, &e) == OK);
	ck_assert(outbox_claim(w->s, w->now, 100, w->a, &v, &n, &e) == OK);
	ck_assert(store_commit(w->s, &e) == OK);
}

static char *do_mail(struct world *w, enum desk_side side, char *args, const char *raw, size_t n)
{
	struct err e;
	struct msg *msg;
	struct intake in;
	struct desk_verdict v = { .action = DESK_PASS };
	char *who = args, *to = strchr(args, ' ');
	ck_assert_msg(to != NULL, "%s:%d: no recipient", w->file, w->line);
	*to++ = '\0';
	char *words = strchr(to, ' ');
	if (words)
		*words++ = '\0';
	struct desk_mail m = { .side = side, .client_ip = "192.0.2.1", .helo = "client", .queue_id = "Q",
		               .login = side == SIDE_SUBMISSION ? who : "",
		               .env_from = side == SIDE_SUBMISSION ? arena_printf(w->a, "%s@example.jp", who)
		                           : strcmp(who, "<>") == 0 ? "" : who,
		               .raw = raw, .raw_len = n, .now = w->now, .arena = w->a };
	parse_rcpts(w, &m, to);
	ck_assert_msg(msg_parse(raw, n, &prescan_default, &msg, &e) == OK, "%s", e.msg);
	desk_gather(&w->desk, &m, msg, &in);
	set_auth(&in, words ? words : "");
	if (desk_wants(&m))
		desk_commit(&in, &v);
	struct sb out = SB_INIT;
	result_line(w, &in, &v, &out);
	outbox_lines(w, &out);
	claim_all(w);
	msg_free(&msg);
	char *r = arena_memdup(w->a, out.s, out.len);
	sb_free(&out);
	return r;
}

/* One line at a time, expectation lines gathered behind their mail. */
struct teller {
	struct world *w;
	enum desk_side side;
	char *args;      /* of the mail being read, or NULL */
	struct sb raw, want;
};

static void flush(struct teller *r)
{
	if (!r->args)
		return;
	char *got = do_mail(r->w, r->side, r->args, r->raw.s, r->raw.len);
	ck_assert_msg(strcmp(got, r->want.s) == 0, "%s:%d:\n--- expected\n%s\n--- got\n%s\n", r->w->file, r->w->line,
	              r->want.s, got);
	r->args = NULL;
	sb_reset(&r->raw);
	sb_reset(&r->want);
}

static void story_line(struct teller *r, char *line)
{
	struct world *w = r->w;
	if (strncmp(line, "| ", 2) == 0 || strcmp(line, "|") == 0) {
		sb_addf(&r->raw, "%s\r\n", line[1] ? line + 2 : "");
		return;
	}
	if (strncmp(line, "=>", 2) == 0 || strncmp(line, "outbox ", 7) == 0 || strncmp(line, "say ", 4) == 0 ||
	    strncmp(line, "who ", 4) == 0 || strncmp(line, "ask ", 4) == 0 || strncmp(line, "fails ", 6) == 0) {
		sb_addf(&r->want, "%s%s", r->want.len ? "\n" : "", line);
		return;
	}
	flush(r);
	if (!*line || *line == '#')
		return;
	char *arg = strchr(line, ' ');
	ck_assert_msg(arg != NULL, "%s:%d: %s", w->file, w->line, line);
	*arg++ = '\0';
	if (strcmp(line, "at") == 0)
		do_at(w, arg);
	else if (strcmp(line, "staff") == 0)
		do_staff(w, arg, STAFF_AGENT);
	else if (strcmp(line, "supervisor") == 0)
		do_staff(w, arg, STAFF_SUPERVISOR);
	else if (strcmp(line, "editor") == 0)
		do_staff(w, arg, STAFF_EDITOR);
	else if (strcmp(line, "company") == 0)
		do_company(w, arg);
	else if (strcmp(line, "opening-password") == 0)
		do_opening_password(w, arg);
	else if (strcmp(line, "close") == 0)
		do_close(w, arg);
	else if (strcmp(line, "reader") == 0)
		do_reader(w, arg);
	else if (strcmp(line, "reads") == 0)
		reader_is(w, arg, READER_ACTIVE);
	else if (strcmp(line, "left") == 0)
		reader_is(w, arg, READER_UNSUBSCRIBED);
	else if (strcmp(line, "subject") == 0)
		do_subject(w, arg);
	else if (strcmp(line, "contract") == 0)
		do_contract(w, arg);
	else if (strcmp(line, "var") == 0)
		do_var(w, arg);
	else if (strcmp(line, "mx") == 0 || strcmp(line, "submission") == 0) {
		r->side = line[0] == 'm' ? SIDE_MX : SIDE_SUBMISSION;
		r->args = arg;
	} else
		ck_abort_msg("%s:%d: unknown word %s", w->file, w->line, line);
}

static void run_story(const char *file)
{
	struct err e;
	struct world w;
	struct sb text = SB_INIT;
	struct teller r = { .w = &w, .raw = SB_INIT, .want = SB_INIT };
	ck_assert_msg(io_read_file(file, 1 << 20, &text, &e) == OK, "%s", e.msg);
	world_open(&w, file);
	for (char *p = text.s, *nl; *p; p = nl + (*nl != 0)) {
		nl = strchrnul(p, '\n');
		w.line++;
		story_line(&r, expand(&w, arena_strndup(w.a, p, (size_t)(nl - p))));
		if (!*nl)
			break;
	}
	flush(&r);
	sb_free(&r.raw);
	sb_free(&r.want);
	sb_free(&text);
	world_close(&w);
}

static glob_t stories;

START_TEST(story)
{
	run_story(stories.gl_pathv[_i]);
}
END_TEST

int main(void)
{
	if (glob("tests/golden/desk/*.story", 0, NULL, &stories) != 0)
		return EXIT_FAILURE;
	Suite *suite = suite_create("desk");
	TCase *tc = tcase_create("stories");
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, story, 0, (int)stories.gl_pathc);
	suite_add_tcase(suite, tc);
	SRunner *sr = srunner_create(suite);
	srunner_run_all(sr, CK_NORMAL);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	globfree(&stories);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
