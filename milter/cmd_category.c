/*
 * What kind of consultation a ticket is (DESK-08): setting it, and sending the
 * kind's standard text. The text counts as an answer: the clock stops. It is
 * rendered by the mailer.
 */
#include "cmd.h"
#include "text/category.h"
#include <stdio.h>
#include <string.h>

static const char *number_and_name(struct cmd_run *r, int number)
{
	const struct category *k = number ? category_by_number(r->in->d->categories, number) : NULL;
	return k ? arena_printf(r->in->a, "%d %s", k->number, k->name) : "なし";
}

/* The nearest, else all there are. */
static enum status no_such_kind(struct cmd_run *r, const char *word)
{
	const struct category *near[CATEGORY_NEAR], *all;
	size_t n = category_near(r->in->d->categories, word, near), count;
	struct sb list = SB_INIT;
	for (size_t i = 0; i < n; i++)
		sb_addf(&list, "%s%d %s", i ? "、" : "", near[i]->number, near[i]->name);
	all = categories_list(r->in->d->categories, &count);
	for (size_t i = 0; i < count && !n; i++)
		sb_addf(&list, "%s%d %s", i ? "、" : "", all[i].number, all[i].name);
	enum status st = cmd_refuse(r, "「%s」という分類は決まりません。%s：%s", cmd_fit(r->in->a, word),
	                            n ? "近いもの" : "分類の番号と名前", list.s);
	sb_free(&list);
	return st;
}

static enum status find_kind(struct cmd_run *r, const char *word, const struct category **k_r)
{
	if (!r->in->d->categories)
		return cmd_refuse(r, "分類の設定が読めないため、行えません。運用担当にお知らせください");
	*k_r = category_find(r->in->d->categories, word);
	return *k_r ? OK : no_such_kind(r, word);
}

static enum status set_kind(struct cmd_run *r, const struct category *k, struct err *e)
{
	const char *before = number_and_name(r, r->t.category);
	enum status st = ticket_set_category(r->s, &r->t, k ? k->number : 0, k ? k->name : "-", &r->by, e);
	if (st == ERR_EXISTS) {
		cmd_say(r, "分類は「%s」のままです (変更はありません)", before);
		return OK;
	}
	cmd_say(r, "分類を「%s」にしました (これまで：%s)", number_and_name(r, r->t.category), before);
	return st;
}

enum status cmd_category(struct cmd_run *r, const struct command *c, struct err *e)
{
	static const char *const none[] = { "なし", "無し", "解除", "none", "0", NULL };
	const struct category *k = NULL;
	enum status st = OK;
	if (!r->in->d->categories || !cmd_is_one_of(c->word, none))
		st = find_kind(r, c->word, &k);
	return st == OK ? set_kind(r, k, e) : st;
}

/* ---- the standard text ---------------------------------------------------------- */

/* "ランサム 送信": also when nothing is waiting. Takes the word off. */
static char *without_force(struct cmd_run *r, const char *word, bool *force_r)
{
	static const char *const words[] = { " 送信", " send" };
	size_t len = strlen(word);
	*force_r = false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t k = strlen(words[i]);
		if (len > k && strcmp(word + len - k, words[i]) == 0) {
			*force_r = true;
			len -= k;
			break;
		}
	}
	return arena_strndup(r->in->a, word, len);
}

static enum status which_text(struct cmd_run *r, const char *word, const struct category **k_r)
{
	enum status st = OK;
	*k_r = NULL;
	if (*word || !r->in->d->categories)
		st = find_kind(r, word, k_r);
	else
		*k_r = category_by_number(r->in->d->categories, r->t.category);
	if (st == OK && (!*k_r || !(*k_r)->number))
		return cmd_refuse(r, "どの定型文か分かりません。「定型 ランサム」のように書くか、先に分類を決めてください");
	return st;
}

/* If it can't be delivered, the clock is put back as it stood. */
static void clock_vars(const struct cmd_run *r, struct sb *vars)
{
	char num[24];
	snprintf(num, sizeof num, "%lld", (long long)r->t.waiting_since);
	outbox_var_add(vars, "waiting_since", num);
	snprintf(num, sizeof num, "%lld", (long long)r->t.due_at);
	outbox_var_add(vars, "due_at", num);
}

/* A colleague's later answer must meet it (DESK-07), so the command's mail stands
 * for the answer where it is the ticket's own. */
static enum status counts_as_answer(struct cmd_run *r, const struct category *k, struct err *e)
{
	const struct intake *in = r->in;
	enum status st = OK;
	if (in->errand == ERRAND_COMMAND && in->ticket.id == r->t.id)
		st = message_set_kind(r->s, in->message_id, MSG_STAFF_REPLY, e);
	return st == OK ? ticket_text_sent(r->s, &r->t, r->who, number_and_name(r, k->number), &r->by, e) : st;
}

static enum status send_text(struct cmd_run *r, const struct category *k, struct err *e)
{
	const char *rcpts = "";
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "category", arena_printf(r->in->a, "%d", k->number));
	clock_vars(r, &vars);
	enum status st = cmd_letter(r, OUTBOX_ANSWER, &vars, &rcpts, e);
	if (st == OK)
		st = counts_as_answer(r, k, e);
	cmd_say(r, "定型文「%d %s」を回答として %s に送ります", k->number, k->name, rcpts);
	sb_free(&vars);
	return st;
}

enum status cmd_template(struct cmd_run *r, const struct command *c, struct err *e)
{
	bool force;
	const struct category *k;
	const char *word = without_force(r, c->word, &force);
	enum status st = which_text(r, word, &k);
	if (st != OK)
		return st;
	if (!r->t.waiting_since && !force)
		return cmd_refuse(r, "回答待ちのメールがありません (すでに回答済みか、完了しています)。"
		                     "それでも送るときは「定型 %d 送信」と書いてください", k->number);
	return send_text(r, k, e);
}
