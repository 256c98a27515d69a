/* Commands about who works on a ticket, and whether it is done. */
#include "cmd.h"
#include "mail/addr.h"
#include "store/store_spam.h"
#include <string.h>
#include <strings.h>

enum { STAFF_SHOWN = 10 };

/* 鈴木 一郎 = 鈴木一郎 = 鈴木　一郎; a family name alone will do where it is one. */
static char *without_spaces(struct arena *a, const char *s)
{
	struct sb b = SB_INIT;
	for (; *s; s++) {
		if (*s == ' ')
			continue;
		if (strncmp(s, "　", 3) == 0)
			s += 2;
		else
			sb_addc(&b, *s);
	}
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

static bool has_name(struct cmd_run *r, const struct staff *st, const char *word)
{
	size_t family = strcspn(st->name, " ");
	return strcmp(without_spaces(r->in->a, st->name), without_spaces(r->in->a, word)) == 0 ||
	       (strlen(word) == family && strncmp(st->name, word, family) == 0);
}

/* Index of the one meant, or n. */
static size_t who_is_meant(struct cmd_run *r, const char *word, const struct staff *v, size_t n)
{
	static const char *const self[] = { "自分", "私", "me", NULL };
	size_t hit = n, names = 0;
	for (size_t i = 0; i < n; i++) {
		if (cmd_is_one_of(word, self) ? v[i].id == r->who->id
		                          : strcasecmp(v[i].login, word) == 0 || strcmp(v[i].address, addr_key(r->in->a, word)) == 0)
			return i;
		if (has_name(r, &v[i], word)) {
			hit = i;
			names++;
		}
	}
	return names == 1 ? hit : n;
}

static enum status nobody_so_named(struct cmd_run *r, const char *word, const struct staff *v, size_t n)
{
	struct sb list = SB_INIT;
	for (size_t i = 0; i < n && i < STAFF_SHOWN; i++)
		sb_addf(&list, "%s%s (%s)", i ? "、" : "", v[i].login, v[i].name);
	enum status st = cmd_refuse(r, "「%s」にあたる職員が決まりません。担当にできる職員：%s%s",
	                            cmd_fit(r->in->a, word), list.s,
	                            n > STAFF_SHOWN ? " ほか" : "");
	sb_free(&list);
	return st;
}

/* He learns of it, unless he did it himself. */
static enum status tell_assignee(struct cmd_run *r, const struct staff *to, struct err *e)
{
	char due[48];
	struct sb vars = SB_INIT;
	if (to->id == r->who->id)
		return OK;
	outbox_var_add(&vars, "subject", r->t.subject);
	outbox_var_add(&vars, "by", r->who->name);
	outbox_var_add(&vars, "due", r->t.due_at ? clk_ja(r->t.due_at, due) : "");
	struct outbox o = { .kind = OUT_NOTICE, .ticket_id = r->t.id, .rcpts = to->address, .tmpl = "assigned",
	                    .vars = vars.s, .vars_len = vars.len, .created_at = r->by.now };
	enum status st = outbox_add(r->s, &o, e);
	sb_free(&vars);
	return st;
}

static enum status assign(struct cmd_run *r, const struct staff *to, struct err *e)
{
	const char *before = cmd_staff_name(r, r->t.assignee_id);
	enum status st = ticket_assign(r->s, &r->t, to, &r->by, e);
	if (st == ERR_EXISTS) {
		cmd_say(r, "担当は %s のままです (変更はありません)", before);
		return OK;
	}
	if (to)
		cmd_say(r, "担当を %s にしました (これまで：%s)", to->name, before);
	else
		cmd_say(r, "担当を外しました (これまで：%s)", before);
	return st == OK && to ? tell_assignee(r, to, e) : st;
}

enum status cmd_staff_meant(struct cmd_run *r, const char *word, struct staff *st_r, struct err *e)
{
	struct staff *v;
	size_t n;
	enum status st = staff_list(r->s, STAFF_AGENT | STAFF_SUPERVISOR, r->in->a, &v, &n, e);
	if (st != OK)
		return st;
	size_t i = who_is_meant(r, word, v, n);
	if (i == n)
		return nobody_so_named(r, word, v, n);
	*st_r = v[i];
	return OK;
}

enum status cmd_assign(struct cmd_run *r, const struct command *c, struct err *e)
{
	static const char *const none[] = { "なし", "無し", "解除", "none", "-", NULL };
	struct staff to;
	if (cmd_is_one_of(c->word, none))
		return assign(r, NULL, e);
	enum status st = cmd_staff_meant(r, c->word, &to, e);
	return st == OK ? assign(r, &to, e) : st;
}

enum status cmd_close(struct cmd_run *r, const struct command *c, struct err *e)
{
	bool unanswered = r->t.waiting_since != 0;
	(void)c;
	enum status st = ticket_close(r->s, &r->t, &r->by, e);
	if (st == ERR_EXISTS) {
		cmd_say(r, "すでに完了しています (変更はありません)");
		return OK;
	}
	cmd_say(r, "完了にしました%s", unanswered ? "。お客さまのメールに未回答のものがあります" : "");
	return st;
}

enum status cmd_reopen(struct cmd_run *r, const struct command *c, struct err *e)
{
	epoch since = 0;
	char due[48];
	(void)c;
	enum status st = ticket_unanswered(r->s, r->t.id, &since, e);
	if (st != OK)
		return st;
	if (!since)
		since = r->by.now;
	st = ticket_reopen(r->s, &r->t, since, cal_due(r->in->d->cal, since), &r->by, e);
	if (st == ERR_EXISTS) {
		cmd_say(r, "完了していない相談です (変更はありません)");
		return OK;
	}
	if (st == OK)
		st = spam_forget(r->s, r->t.id, e);
	cmd_say(r, "再開しました。回答期限は %s です", clk_ja(r->t.due_at, due));
	return st;
}

/* Closed, and their further mails start nothing; nobody is told. */
enum status cmd_spam(struct cmd_run *r, const struct command *c, struct err *e)
{
	(void)c;
	enum status st = spam_note(r->s, r->t.id, &r->by, e);
	if (st == OK && (st = ticket_close(r->s, &r->t, &r->by, e)) == ERR_EXISTS)
		st = OK;
	if (st == OK)
		st = cmd_audit(r, "ticket.spam", "", e);
	cmd_say(r, "迷惑として完了にしました。差出人からのメールがこの相談に届いても再開しません。「再開」で元に戻せます");
	return st;
}
