/* Commands whose answer is looked up when the mailer builds it: the transaction
 * of the desk is no place for reading a whole ticket (mailer/build_report.h). */
#include "cmd.h"
#include "text/search_query.h"

enum { QUIET_DAYS_MAX = 3650 };

static void want(struct cmd_run *r, const char *kind)
{
	outbox_var_add(&r->want, "want", arena_printf(r->in->a, "%s %lld", kind, (long long)r->t.id));
}

enum status cmd_history(struct cmd_run *r, const struct command *c, struct err *e)
{
	(void)c;
	(void)e;
	want(r, "history");
	cmd_say(r, "下のとおりです");
	return OK;
}

enum status cmd_mbox(struct cmd_run *r, const struct command *c, struct err *e)
{
	(void)c;
	(void)e;
	want(r, "mbox");
	cmd_say(r, "相談 #%lld のメールを添付します (mbox 形式。Thunderbird や mutt で開けます)", (long long)r->t.id);
	return OK;
}

enum status cmd_quiet(struct cmd_run *r, const struct command *c, struct err *e)
{
	int64_t days = c->number ? c->number : r->in->d->cfg->outbound_days;
	(void)e;
	if (days > QUIET_DAYS_MAX)
		return cmd_refuse(r, "日数は %d までです", QUIET_DAYS_MAX);
	outbox_var_add(&r->want, "want", arena_printf(r->in->a, "quiet %lld", (long long)days));
	cmd_say(r, "%lld 日のあいだ連絡のない契約の一覧は、下のとおりです", (long long)days);
	return OK;
}

/* Looked at here, so that a faulty one is refused as any wrong command. */
enum status cmd_search(struct cmd_run *r, const struct command *c, struct err *e)
{
	struct search_query q;
	enum status st = search_query_parse(c->word, r->in->a, &q, e);
	if (st != OK)
		return cmd_refuse(r, "%s", e->msg);
	outbox_var_add(&r->want, "want", arena_printf(r->in->a, "search%s %s", c->attach ? "+" : "", c->word));
	cmd_say(r, "結果は下のとおりです%s", c->attach ? "。見つかったメールを添付します" : "");
	return OK;
}
