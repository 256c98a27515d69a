/*
 * The editors' mails (MAG-04): a draft becomes an issue, and the answer is a
 * proof, exactly as readers will get it, and a list of what to check; then
 * their word on it: approve, another draft, another time, cancel, and so on.
 * Over a limit the submission is refused at once, so that the editor's own
 * client says so.
 * SECURITY: the login is proved by SASL; only staff with the role of an editor.
 */
#include "desk_impl.h"
#include "cal/weekly.h"
#include "mail/addr.h"
#include "mail/news_draft.h"
#include "store/store_issue_op.h"
#include "store/store_reader.h"
#include "text/command_news.h"
#include <string.h>
#include <strings.h>

enum { TESTS_MAX = 20 };

/* Stands in every list of checks: a draft that quotes it is an answer gone wrong. */
#define CHECK_MARK "【校正】第"

struct edit {
	struct store *s;
	struct intake *in;
	const struct staff *who;
	struct issue i;          /* id 0: none yet */
	struct news_draft draft;
	struct sb say;           /* what was done, for the answer */
	struct sb want;          /* reports the mailer is to add (mailer/build_report.h) */
	bool refused, help;
};

static struct issue_by by_of(const struct edit *x)
{
	return (struct issue_by){ .who = desk_who(x->in, x->who), .staff_id = x->who->id, .now = x->in->m->now };
}

/* ---- mails to the editor -------------------------------------------------------------- */

static enum status send(struct edit *x, enum outbox_kind kind, const char *tmpl, const char *rcpts, struct sb *vars,
                        struct err *e)
{
	struct arena *a = x->in->a;
	outbox_var_add(vars, "issue", arena_printf(a, "%lld", (long long)x->i.id));
	outbox_var_add(vars, "subject", x->i.subject ? x->i.subject : "");
	outbox_var_add(vars, "reply_to", token_edit_address(&x->in->d->token, a, x->i.id));
	outbox_var_add(vars, "in_reply_to", kind == OUT_NOTICE ? x->in->msg->message_id : "");
	return desk_send(x->s, x->in, kind, tmpl, rcpts, vars, e);
}

/* The issue as a reader gets it, to whoever. */
static enum status send_proof(struct edit *x, const char *to, struct err *e)
{
	struct sb vars = SB_INIT;
	enum status st = send(x, OUT_ISSUE, "", to, &vars, e);
	sb_free(&vars);
	return st;
}

static enum status send_check(struct edit *x, struct err *e)
{
	struct sb vars = SB_INIT;
	char at[48];
	outbox_var_add(&vars, "at", clk_ja(x->i.send_at, at));
	outbox_var_add(&vars, "two", x->in->d->cfg->news_approvals > 1 ? "1" : "");
	outbox_var_add(&vars, "want", arena_printf(x->in->a, "issue-check %lld", (long long)x->i.id));
	enum status st = send(x, OUT_NOTICE, "issue-check", x->who->address, &vars, e);
	sb_free(&vars);
	return st;
}

static enum status answer(struct edit *x, struct err *e)
{
	struct sb vars = SB_INIT;
	char at[48];
	bool there = x->i.id != 0;
	outbox_var_add(&vars, "results", x->say.s);
	outbox_var_add(&vars, "refused", x->refused ? "1" : "");
	outbox_var_add(&vars, "help", x->help ? "1" : "");
	outbox_var_add(&vars, "state", there ? issue_state_ja(x->i.state) : "");
	outbox_var_add(&vars, "at", there && x->i.send_at ? clk_ja(x->i.send_at, at) : "");
	sb_add(&vars, x->want.s, x->want.len);
	enum status st = send(x, OUT_NOTICE, "issue-answer", x->who->address, &vars, e);
	sb_free(&vars);
	return st;
}

/* ---- a draft ----------------------------------------------------------------------------- */

static enum status refuse(struct edit *x, const char *text, struct err *e)
{
	x->in->refused = text;
	return err_set(e, ERR_LIMIT, "%s", text);
}

static enum status within_limits(struct edit *x, struct err *e)
{
	const struct cfg *c = x->in->d->cfg;
	int64_t n[READER_STATES];
	if (x->draft.attached > (size_t)c->news_attach_max)
		return refuse(x, arena_printf(x->in->a, "Attachments of the newsletter may have %lld bytes together; these have %zu",
		                              (long long)c->news_attach_max, x->draft.attached), e);
	enum status st = reader_counts(x->s, n, e);
	if (st == OK && n[READER_ACTIVE] > c->news_rcpts_max)
		return refuse(x, arena_printf(x->in->a, "The newsletter may have %lld readers; there are %lld",
		                              (long long)c->news_rcpts_max, (long long)n[READER_ACTIVE]), e);
	return st;
}

/* An answer's subject and quotes have no place in an issue. */
static bool looks_like_answer(const struct edit *x)
{
	return strstr(x->draft.text, CHECK_MARK) || (x->draft.html && strstr(x->draft.html, CHECK_MARK));
}

static enum status new_issue(struct edit *x, struct err *e)
{
	const struct desk *d = x->in->d;
	x->i = (struct issue){ .state = ISSUE_DRAFT, .created_at = x->in->m->now, .editor_id = x->who->id, .draft_id = x->in->message_id,
		               .subject = *x->draft.subject ? x->draft.subject : "(件名なし)", .kinds = x->draft.kinds,
		               .size = (int64_t)x->in->m->raw_len, .send_at = weekly_next(d->cfg, d->cal, x->in->m->now), .why = "" };
	return issue_add(x->s, &x->i, e);
}

static enum status new_draft(struct edit *x, struct err *e)
{
	struct issue from = { .draft_id = x->in->message_id, .subject = x->draft.subject, .kinds = x->draft.kinds,
		              .size = (int64_t)x->in->m->raw_len };
	const struct issue_by by = by_of(x);
	if (strncasecmp(from.subject, "Re:", 3) == 0 || !*from.subject) { /* sent as an answer: the subject stays */
		from.subject = x->i.subject;
		from.kinds = x->i.kinds;
	}
	return issue_redraft(x->s, &x->i, &from, &by, e);
}

static enum status take_draft(struct edit *x, struct err *e)
{
	news_draft_read(x->in->msg, x->in->a, &x->draft);
	enum status st = within_limits(x, e);
	if (st != OK)
		return st;
	if (looks_like_answer(x)) {
		x->refused = true;
		sb_adds(&x->say, "原稿に校正のメールの引用が残っています。引用を消すか、新しいメールで原稿をお送りください。\n");
		return answer(x, e);
	}
	st = x->i.id ? new_draft(x, e) : new_issue(x, e);
	if (st == ERR_DENIED) {
		x->refused = true;
		sb_addf(&x->say, "%s\n", e->msg);
		return answer(x, e);
	}
	if (st == OK)
		st = send_proof(x, x->who->address, e);
	return st == OK ? send_check(x, e) : st;
}

/* ---- commands ----------------------------------------------------------------------------- */

static enum status approve(struct edit *x, const struct issue_by *by, struct err *e)
{
	const struct desk *d = x->in->d;
	bool done;
	char at[48];
	enum status st = issue_approve(x->s, &x->i, (int)d->cfg->news_approvals, weekly_next(d->cfg, d->cal, by->now), by, &done, e);
	if (st == OK && done)
		sb_addf(&x->say, "承認しました。%s に配信します。\n", clk_ja(x->i.send_at, at));
	else if (st == OK)
		sb_adds(&x->say, "承認しました。もうお一人の承認で配信の予定に入ります。\n");
	return st;
}

/* A day alone means the usual time. */
static enum status set_time(struct edit *x, epoch at, const struct issue_by *by, struct err *e)
{
	char text[48];
	struct civil c = civil_of(at);
	if (!c.hour && !c.min)
		at = epoch_of(c.year, c.mon, c.day, (int)x->in->d->cfg->news_time / 100, (int)x->in->d->cfg->news_time % 100, 0);
	enum status st = issue_set_time(x->s, &x->i, at, by, e);
	if (st == OK)
		sb_addf(&x->say, "配信日時を %s にしました。\n", clk_ja(at, text));
	return st;
}

static enum status test(struct edit *x, const struct news_command *c, struct err *e)
{
	enum status st = OK;
	if (c->nwords > TESTS_MAX)
		return err_set(e, ERR_DENIED, "テストの宛先は %d 件までです", TESTS_MAX);
	for (size_t i = 0; i < c->nwords; i++)
		if (!addr_is_sane(c->words[i]))
			return err_set(e, ERR_DENIED, "%.60s はメールアドレスの形ではありません", c->words[i]);
	for (size_t i = 0; st == OK && i < c->nwords; i++)
		st = send_proof(x, addr_key(x->in->a, c->words[i]), e);
	if (st == OK)
		sb_addf(&x->say, "%zu 件の宛先に送りました。\n", c->nwords);
	return st;
}

static enum status said(struct edit *x, enum status st, const char *what)
{
	if (st == OK)
		sb_addf(&x->say, "%s\n", what);
	return st;
}

static enum status free_domains(struct edit *x, const struct news_command *c, const struct issue_by *by, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < c->nwords; i++)
		st = said(x, issue_free_domain(x->s, &x->i, c->words[i], by, e), arena_printf(x->in->a, "%s への配信を再開しました。", c->words[i]));
	return st;
}

static void want(struct edit *x, const char *what)
{
	outbox_var_add(&x->want, "want", what);
}

static enum status run(struct edit *x, const struct news_command *c, struct err *e)
{
	const struct issue_by by = by_of(x);
	if (c->bad)
		return err_set(e, ERR_DENIED, "「%.60s」が読み取れません", c->source);
	if (c->verb == NEWS_HISTORY)
		return want(x, arena_printf(x->in->a, "reader %s", addr_key(x->in->a, c->words[0]))), OK;
	if (c->verb == NEWS_HELP || c->verb == NEWS_VERBS || !x->i.id)
		return x->help = true, OK;
	switch (c->verb) {
	case NEWS_APPROVE:
		return approve(x, &by, e);
	case NEWS_TIME:
		return set_time(x, c->at, &by, e);
	case NEWS_CANCEL:
		return said(x, issue_cancel(x->s, &x->i, &by, e), "中止しました。");
	case NEWS_PAUSE:
		return said(x, issue_pause(x->s, &x->i, &by, e), "一時停止しました。");
	case NEWS_RESUME:
		return said(x, issue_resume(x->s, &x->i, &by, e), "再開しました。");
	case NEWS_FREE:
		return free_domains(x, c, &by, e);
	case NEWS_TEST:
		return test(x, c, e);
	default:
		return want(x, arena_printf(x->in->a, "issue %lld", (long long)x->i.id)), OK;
	}
}

/* All of a mail or nothing. */
static enum status run_all(struct edit *x, const struct news_command *v, size_t n, struct err *e)
{
	const struct issue before = x->i;
	enum status st = store_savepoint(x->s, e);
	if (st != OK)
		return st;
	for (size_t i = 0; st == OK && i < n; i++)
		st = run(x, &v[i], e);
	if (st == OK)
		return store_release(x->s, e);
	store_rollback_to(x->s);
	x->i = before;
	if (st != ERR_DENIED)
		return st;
	x->refused = true;
	sb_reset(&x->say);
	sb_addf(&x->say, "%s。\n何も変更していません。\n", e->msg);
	return OK;
}

/* What the mail is: commands, or a draft. To the bare address everything is a draft that is not just a command. */
static bool is_draft(const struct edit *x, const struct news_command *v, size_t n)
{
	if (!n || v[0].verb == NEWS_REDRAFT)
		return true;
	bool answers = strncasecmp(x->in->msg->subject, "Re:", 3) == 0;
	if (v[0].verb == NEWS_VERBS)
		return !x->i.id || !answers;
	return !x->i.id && v[0].verb != NEWS_HISTORY && v[0].verb != NEWS_HELP;
}

static enum status work(struct edit *x, struct err *e)
{
	struct news_command v[NEWS_COMMANDS_MAX];
	struct sb text = SB_INIT;
	msg_read_text(x->in->msg, &text);
	size_t n = news_commands(text.s, text.len, x->in->m->now, x->in->a, v);
	bool draft = is_draft(x, v, n);
	enum status st = draft ? take_draft(x, e) : run_all(x, v, n, e);
	if (st == OK && !draft)
		st = answer(x, e);
	sb_free(&text);
	return st;
}

enum status desk_edit(struct store *s, struct intake *in, const struct staff *who, struct err *e)
{
	struct edit x = { .s = s, .in = in, .who = who, .say = SB_INIT, .want = SB_INIT };
	enum status st = OK;
	if (!(who->roles & STAFF_EDITOR)) {
		in->refused = "Only editors may write to the newsletter";
		return err_set(e, ERR_DENIED, "%s is no editor", who->login);
	}
	if (in->errand_id)
		st = issue_get(s, in->errand_id, in->a, &x.i, e);
	if (st == ERR_NOTFOUND) { /* our MAC, but the row is gone */
		in->refused = "There is no such issue";
		return err_set(e, ERR_PERM, "no issue");
	}
	if (st == OK)
		st = work(&x, e);
	sb_free(&x.say);
	sb_free(&x.want);
	return st;
}
