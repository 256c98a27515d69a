/*
 * Commands of a staff member (DESK-06), in a mail to a command address or on the
 * first lines of a note: read, carried out in the transaction of the mail, and
 * answered by one mail to their author. All of a mail or nothing: when one is
 * wrong, what those before it did is taken back, and the answer says which one,
 * why, and what was probably meant.
 *
 * That a mail delivered twice does nothing twice is desk_seen_before's work.
 */
#include "cmd.h"
#include "mail/msg_parse.h"
#include "store/store_audit.h"
#include "text/call.h"
#include "text/layout.h"
#include <stdarg.h>
#include <string.h>
#include <strings.h>

enum { FORM_ITEMS = 2, ANSWER_COLS = 76, INDENT_COLS = 3, SHOWN_COLS = 60 };

static const struct {
	cmd_fn *run;
	bool needs_ticket;
} commands[COMMAND_VERBS] = {
	[COMMAND_ASSIGN] = { cmd_assign, true },
	[COMMAND_CLOSE] = { cmd_close, true },
	[COMMAND_REOPEN] = { cmd_reopen, true },
	[COMMAND_MERGE] = { cmd_merge, true },
	[COMMAND_UNMERGE] = { cmd_unmerge, true },
	[COMMAND_SPLIT] = { cmd_split, true },
	[COMMAND_EXTEND] = { cmd_extend, true },
	[COMMAND_SNOOZE] = { cmd_snooze, true },
	[COMMAND_RESEND] = { cmd_resend, true },
	[COMMAND_SPAM] = { cmd_spam, true },
	[COMMAND_HISTORY] = { cmd_history, true },
	[COMMAND_MBOX] = { cmd_mbox, true },
	[COMMAND_CATEGORY] = { cmd_category, true },
	[COMMAND_TEMPLATE] = { cmd_template, true },
	[COMMAND_SEARCH] = { cmd_search, false },
	[COMMAND_STATS] = { cmd_stats, false },
	[COMMAND_HELP] = { cmd_help, false },
	[COMMAND_IDENTIFY] = { cmd_identify, true },
	[COMMAND_CALL] = { cmd_call, false },
	[COMMAND_CALLED] = { cmd_called, false },
	[COMMAND_QUIET] = { cmd_quiet, false },
};

/* ---- what commands say ----------------------------------------------------------- */

void cmd_say(struct cmd_run *r, const char *fmt, ...)
{
	va_list ap;
	if (r->refused)
		return; /* why not is what counts */
	va_start(ap, fmt);
	sb_vaddf(&r->say, fmt, ap);
	va_end(ap);
}

enum status cmd_refuse(struct cmd_run *r, const char *fmt, ...)
{
	va_list ap;
	sb_reset(&r->say);
	va_start(ap, fmt);
	sb_vaddf(&r->say, fmt, ap);
	va_end(ap);
	r->refused = true;
	return ERR_PERM;
}

const char *cmd_fit(struct arena *a, const char *s)
{
	struct sb b = SB_INIT;
	text_fit(s, SHOWN_COLS, false, &b);
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

enum status cmd_audit(struct cmd_run *r, const char *what, const char *detail, struct err *e)
{
	struct audit row = { .at = r->by.now, .who = r->by.who, .what = what, .ticket_id = r->t.id, .detail = detail };
	return audit_add(r->s, &row, e);
}

const char *cmd_staff_name(struct cmd_run *r, int64_t id)
{
	struct staff st;
	return id && staff_by_id(r->s, id, r->in->a, &st, NULL) == OK ? st.name : "なし";
}

const char *cmd_state_ja(const struct ticket *t)
{
	static const char *const words[] = { "未対応", "対応済", "完了" };
	return words[t->state];
}

bool cmd_is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcasecmp(word, *list) == 0)
			return true;
	return false;
}

/* ---- carrying out ---------------------------------------------------------------- */

struct session {
	struct store *s;
	struct intake *in;
	struct command *v;
	size_t n, wrong;
	struct cmd_run run;
	struct sb results;
};

/* A line and what became of it, the words indented and wrapped for any client. */
static void put(struct session *x, const char *line, const char *words)
{
	struct sb wrapped = SB_INIT;
	text_wrap(words, strlen(words), ANSWER_COLS - INDENT_COLS, &wrapped);
	sb_addf(&x->results, "■ %s\n", line);
	for (const char *p = wrapped.s, *nl; *p; p = nl + (*nl != 0)) {
		nl = strchrnul(p, '\n');
		sb_addf(&x->results, "　 %.*s\n", (int)(nl - p), p);
	}
	sb_free(&wrapped);
}

/* What those before the first wrong one did is taken back: nothing to tell. */
static void put_wrong(struct session *x, const struct command *c, const char *words)
{
	if (!x->wrong++)
		sb_reset(&x->results);
	put(x, arena_printf(x->in->a, "%zu行目：%s", c->line, cmd_fit(x->in->a, c->source)), words);
}

static void put_faults(struct session *x)
{
	struct sb words = SB_INIT;
	for (size_t i = 0; i < x->n; i++) {
		if (x->v[i].fault == COMMAND_RIGHT)
			continue;
		sb_reset(&words);
		cmd_fault_words(&x->v[i], &words);
		put_wrong(x, &x->v[i], words.s);
	}
	sb_free(&words);
}

/* The ticket named in front, else the address's. */
static enum status pick_ticket(struct session *x, const struct command *c, struct err *e)
{
	struct cmd_run *r = &x->run;
	int64_t id = c->ticket ? c->ticket : x->in->errand_id ? x->in->errand_id : x->in->ticket.id;
	r->t = (struct ticket){ 0 };
	r->named = id;
	if (!id)
		return commands[c->verb].needs_ticket
		       ? cmd_refuse(r, "どの相談か分かりません。「#12 %s」のように、前に番号を書いてください",
		                    cmd_fit(x->in->a, c->source)) : OK;
	enum status st = ticket_current(x->s, id, x->in->a, &r->t, e);
	return st == ERR_NOTFOUND ? cmd_refuse(r, "相談 #%lld はありません", (long long)id) : st;
}

static enum status run_one(struct session *x, const struct command *c, struct err *e)
{
	struct cmd_run *r = &x->run;
	sb_reset(&r->say);
	r->refused = false;
	enum status st = pick_ticket(x, c, e);
	if (st == OK)
		st = commands[c->verb].run(r, c, e);
	if (st == OK)
		put(x, cmd_fit(x->in->a, c->source), r->say.s);
	else if (r->refused)
		put_wrong(x, c, r->say.s);
	return st;
}

static enum status run_all(struct session *x, struct err *e)
{
	const struct ticket before = x->in->ticket;
	enum status st = store_savepoint(x->s, e);
	if (st != OK)
		return st;
	for (size_t i = 0; st == OK && i < x->n; i++)
		st = run_one(x, &x->v[i], e);
	if (st == OK && before.id)
		st = ticket_current(x->s, before.id, x->in->a, &x->in->ticket, e);
	if (st == OK)
		return store_release(x->s, e);
	store_rollback_to(x->s);
	x->in->ticket = before;
	return x->run.refused ? OK : st;
}

/* ---- the answer ------------------------------------------------------------------- */

static void add_state(struct session *x, struct sb *vars)
{
	char due[48];
	struct cmd_run *r = &x->run;
	const struct ticket *t = r->t.id && !x->wrong ? &r->t : &x->in->ticket;
	outbox_var_add(vars, "about", t->id ? arena_printf(x->in->a, "%lld", (long long)t->id) : "");
	outbox_var_add(vars, "about_subject", t->id ? cmd_fit(x->in->a, t->subject) : "");
	outbox_var_add(vars, "state", t->id ? cmd_state_ja(t) : "");
	outbox_var_add(vars, "assignee", t->id ? cmd_staff_name(r, t->assignee_id) : "");
	outbox_var_add(vars, "due", t->due_at ? clk_ja(t->due_at, due) : "");
}

/* Asked for, or he seems to need it: his mail held no command, or no known one. */
static bool wants_help(const struct session *x)
{
	bool lost = x->n == 0;
	for (size_t i = 0; i < x->n; i++)
		lost = lost || (x->v[i].fault == COMMAND_UNKNOWN && !x->v[i].nnear);
	return lost || x->run.help;
}

static enum status answer(struct session *x, bool note, struct err *e)
{
	struct sb vars = SB_INIT, help = SB_INIT;
	const struct intake *in = x->in;
	if (wants_help(x))
		cmd_help_table(&help);
	outbox_var_add(&vars, "subject", in->ticket.id ? in->ticket.subject : "");
	outbox_var_add(&vars, "in_reply_to", in->msg->message_id);
	outbox_var_add(&vars, "results", x->results.s);
	outbox_var_add(&vars, "empty", x->n ? "" : "1");
	outbox_var_add(&vars, "note", note ? "1" : "");
	outbox_var_add(&vars, "help", help.s);
	outbox_var_add(&vars, "form", x->run.form.s);
	add_state(x, &vars);
	sb_add(&vars, x->run.want.s, x->run.want.len);
	enum status st = desk_send(x->s, in, OUT_NOTICE, x->wrong ? "command-refused" : "command-done", x->run.who->address,
	                           &vars, e);
	sb_free(&help);
	sb_free(&vars);
	return st;
}

/* ---- a mail ------------------------------------------------------------------------ */

static void refuse_role(struct session *x)
{
	for (size_t i = 0; i < x->n; i++)
		put_wrong(x, &x->v[i], "この操作ができるのは、担当者と責任者だけです");
}

static enum status carry_out(struct session *x, bool note, struct err *e)
{
	enum status st = OK;
	if (!(x->run.who->roles & (STAFF_AGENT | STAFF_SUPERVISOR)))
		refuse_role(x);
	else
		put_faults(x);
	if (!x->wrong)
		st = run_all(x, e);
	return st == OK ? answer(x, note, e) : st;
}

static bool all_blank(const char *s)
{
	for (; *s; s++)
		if (strncmp(s, "　", 3) == 0)
			s += 2;
		else if (!strchr(" \t\r\n", *s))
			return false;
	return true;
}

/* The one command that `text` begins with is 電話. */
static bool begins_call(const struct intake *in, const char *text)
{
	struct command *v;
	size_t n, rest;
	command_parse(text, strlen(text), COMMAND_MAIL, in->m->now, in->a, &v, &n, &rest);
	return n > 0 && v[0].verb == COMMAND_CALL && v[0].fault == COMMAND_RIGHT;
}

/* A form that was answered where it was quoted, or without its first line. */
static bool is_filled_form(const struct intake *in, const char *text)
{
	struct call_form f;
	struct sb faults = SB_INIT;
	call_form_read(text, strlen(text), in->m->now, in->a, &f, &faults);
	sb_free(&faults);
	return f.filled >= FORM_ITEMS && *f.content;
}

static bool lacks_command(const struct intake *in, const char *text)
{
	struct command *v;
	size_t n, rest;
	command_parse(text, strlen(text), COMMAND_MAIL, in->m->now, in->a, &v, &n, &rest);
	return !n || v[0].fault == COMMAND_UNKNOWN || (v[0].verb == COMMAND_CALL && v[0].fault != COMMAND_RIGHT);
}

/* 電話 may stand in the subject alone (DESK-13). */
static void read_commands(const struct intake *in, enum command_mode mode, struct sb *text)
{
	struct sb body = SB_INIT;
	msg_read_text(in->msg, &body);
	if (mode == COMMAND_MAIL && lacks_command(in, body.s)) {
		if (begins_call(in, in->msg->subject))
			sb_addf(text, "%s\n", in->msg->subject);
		else if (is_filled_form(in, body.s))
			sb_adds(text, "電話\n");
	}
	sb_add(text, body.s, body.len);
	sb_free(&body);
}

bool desk_is_call(const struct intake *in)
{
	struct sb body = SB_INIT;
	msg_read_text(in->msg, &body);
	bool call = begins_call(in, in->msg->subject) || begins_call(in, body.s);
	sb_free(&body);
	return call;
}

/* "検索：結果はゼロ件でした" is a note as well: colleagues have it, whatever is found. */
static bool searches(const struct session *x)
{
	for (size_t i = 0; i < x->n; i++)
		if (x->v[i].verb == COMMAND_SEARCH)
			return true;
	return false;
}

static enum status commands_of(struct store *s, struct intake *in, const struct staff *who, enum command_mode mode,
                               bool *rest_r, struct err *e)
{
	struct sb text = SB_INIT;
	size_t rest;
	enum status st = OK;
	struct session x = {
		.s = s, .in = in, .results = SB_INIT,
		.run = { .s = s, .in = in, .who = who, .by = { desk_who(in, who), in->m->now }, .say = SB_INIT, .want = SB_INIT,
		         .form = SB_INIT },
	};
	read_commands(in, mode, &text);
	command_parse(text.s, text.len, mode, in->m->now, in->a, &x.v, &x.n, &rest);
	*rest_r = !all_blank(text.s + rest);
	*rest_r |= mode == COMMAND_NOTE && searches(&x);
	if (x.n || mode == COMMAND_MAIL)
		st = carry_out(&x, mode == COMMAND_NOTE && *rest_r, e);
	*rest_r |= x.wrong > 0; /* nothing was done: perhaps it was a note */
	sb_free(&x.run.say);
	sb_free(&x.run.want);
	sb_free(&x.run.form);
	sb_free(&x.results);
	sb_free(&text);
	return st;
}

enum status desk_command(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	bool rest;
	enum status st = desk_audit(s, in, desk_who(in, who), "ticket.command", in->why, e);
	return st == OK ? commands_of(s, in, who, COMMAND_MAIL, &rest, e) : st;
}

enum status desk_note_commands(struct store *s, struct intake *in, const struct staff *who, bool *note_r, struct err *e)
{
	return commands_of(s, in, who, COMMAND_NOTE, note_r, e);
}
