/* Acts on tickets from the shell: see ticket_op.h. */
#include "ticket_op.h"
#include "base/arena.h"
#include "cal/cal.h"
#include "mail/mbox.h"
#include "store/store_merge.h"
#include "store/store_message.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct op {
	struct store *s;
	const struct cfg *cfg;
	struct arena *a;
	struct ticket_by by;
	struct ticket t;      /* the ticket named first, wherever it was merged to */
	int64_t named;        /* its number as given */
	const char *arg;      /* the word behind it, or NULL */
	bool force;           /* merge: although the senders differ */
	struct sb say;
};

/* What is so already is no fault. */
static enum status settled(struct op *x, enum status st, const char *done)
{
	if (st == ERR_EXISTS)
		sb_addf(&x->say, "#%lld: 変更はありません\n", (long long)x->t.id);
	else if (st == OK)
		sb_addf(&x->say, "#%lld: %s\n", (long long)x->t.id, done);
	return st == ERR_EXISTS ? OK : st;
}

static enum status op_assign(struct op *x, struct err *e)
{
	struct staff st;
	if (strcmp(x->arg, "none") == 0)
		return settled(x, ticket_assign(x->s, &x->t, NULL, &x->by, e), "担当を外しました");
	enum status found = staff_by_login(x->s, x->arg, x->a, &st, e);
	if (found == ERR_NOTFOUND || (found == OK && !(st.roles & (STAFF_AGENT | STAFF_SUPERVISOR))))
		return err_set(e, ERR_NOTFOUND, "no agent or supervisor \"%.60s\"", x->arg);
	return found == OK ? settled(x, ticket_assign(x->s, &x->t, &st, &x->by, e), "担当を決めました") : found;
}

static enum status op_close(struct op *x, struct err *e)
{
	return settled(x, ticket_close(x->s, &x->t, &x->by, e), "完了にしました");
}

static enum status op_reopen(struct op *x, struct err *e)
{
	struct cal *cal;
	epoch since = 0;
	enum status st = cal_load(x->cfg->holidays_csv, &cal, e);
	if (st != OK)
		return st;
	st = ticket_unanswered(x->s, x->t.id, &since, e);
	if (!since)
		since = x->by.now;
	if (st == OK)
		st = settled(x, ticket_reopen(x->s, &x->t, since, cal_due(cal, since), &x->by, e), "再開しました");
	cal_free(&cal);
	return st;
}

static enum status op_merge(struct op *x, struct err *e)
{
	struct ticket into;
	enum merge_fit fit;
	int64_t id, mails;
	if (!front_number(x->arg, INT64_MAX, &id))
		return err_set(e, ERR_PERM, "\"%.40s\" is no ticket number", x->arg);
	enum status st = ticket_current(x->s, id, x->a, &into, e);
	if (st == OK)
		st = merge_fit(x->s, &x->t, &into, &fit, e);
	if (st == OK && fit == MERGE_OTHER_CONTRACT)
		return err_set(e, ERR_PERM, "tickets of two contracts can't be merged");
	if (st == OK && fit == MERGE_OTHER_SENDER && !x->force)
		return err_set(e, ERR_PERM, "the tickets have different senders; if they are one customer, say --force");
	if (st == OK)
		st = ticket_merge(x->s, &x->t, &into, &x->by, &mails, e);
	if (st == OK)
		sb_addf(&x->say, "#%lld: #%lld に統合しました (メール %lld 通)\n", (long long)x->t.id, (long long)into.id,
		        (long long)mails);
	return st;
}

static enum status op_unmerge(struct op *x, struct err *e)
{
	struct merge m;
	int64_t mails;
	enum status st = merge_of(x->s, x->named, &m, e);
	if (st == OK)
		st = ticket_unmerge(x->s, &m, &x->by, x->a, &mails, e);
	if (st == OK)
		sb_addf(&x->say, "#%lld: #%lld から分けました (メール %lld 通)\n", (long long)m.source_id, (long long)m.target_id,
		        (long long)mails);
	return st;
}

static enum status op_mbox(struct op *x, struct err *e)
{
	struct message *v;
	size_t n;
	struct sb raw = SB_INIT;
	enum status st = message_list(x->s, x->t.id, x->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		sb_reset(&raw);
		st = message_raw(x->s, v[i].id, &raw, e);
		if (st == OK)
			mbox_add(&x->say, v[i].envelope_from, v[i].at, raw.s, raw.len);
	}
	sb_free(&raw);
	return st;
}

static const struct {
	const char *word;
	bool arg; /* needs one more word */
	enum status (*run)(struct op *x, struct err *e);
} ops[] = {
	{ "assign", true, op_assign }, { "close", false, op_close }, { "reopen", false, op_reopen },
	{ "merge", true, op_merge }, { "unmerge", false, op_unmerge }, { "mbox", false, op_mbox },
};

static size_t find(const char *word)
{
	size_t i = 0;
	while (i < sizeof ops / sizeof *ops && strcmp(ops[i].word, word) != 0)
		i++;
	return i;
}

bool ticket_op_known(const char *word)
{
	return find(word) < sizeof ops / sizeof *ops;
}

static enum status in_transaction(struct op *x, size_t i, struct err *e)
{
	enum status st = store_begin(x->s, e);
	if (st != OK)
		return st;
	st = ticket_current(x->s, x->named, x->a, &x->t, e);
	if (st == OK)
		st = ops[i].run(x, e);
	if (st == OK)
		return store_commit(x->s, e);
	store_rollback(x->s);
	return st;
}

int ticket_op(int argc, char **argv, const struct front *f)
{
	struct err e;
	struct cfg *c = NULL;
	struct op x = { .say = SB_INIT };
	size_t i = find(argv[1]);
	if (argc == 5 && ops[i].run == op_merge && strcmp(argv[4], "--force") == 0) {
		x.force = true;
		argc--;
	}
	if (argc != (ops[i].arg ? 4 : 3) || !front_number(argv[2], INT64_MAX, &x.named))
		return front_usage(&cmd_ticket);
	x.s = front_store("ticket", f, &c);
	if (!x.s)
		return 1;
	x.cfg = c;
	x.a = arena_new();
	x.arg = ops[i].arg ? argv[3] : NULL;
	x.by = (struct ticket_by){ front_who(), clk_now() };
	enum status st = in_transaction(&x, i, &e);
	if (st == OK)
		fwrite(x.say.s, 1, x.say.len, stdout);
	sb_free(&x.say);
	arena_free(&x.a);
	store_close(&x.s);
	cfg_free(&c);
	return st == OK ? 0 : front_fail("ticket", &e);
}
