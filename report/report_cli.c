/* `yorozu report stats`: see report_cli.h. */
#include "report_cli.h"
#include "stats_mail.h"
#include "mail/addr.h"
#include <stdio.h>
#include <string.h>

enum { TAKEN_UP = 60 /* seconds: then the mailer sees to it, should this process be killed */ };

bool report_cli_parse(int argc, char **argv, struct report_cli *c)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--print") == 0)
			c->print = true;
		else if (strcmp(argv[i], "--again") == 0)
			c->again = true;
		else if (strcmp(argv[i], "--to") == 0 && i + 1 < argc && c->nto < REPORT_CLI_TO_MAX)
			c->to[c->nto++] = argv[++i];
		else if (argv[i][0] != '-' && !c->month)
			c->month = argv[i];
		else
			return false;
	}
	return true;
}

static enum status month_of(const struct report_cli *c, epoch now, struct arena *a, struct report_job *j, int *year, int *mon, struct err *e)
{
	const struct civil t = civil_of(now), last = civil_of(stats_month_start(t.year, t.mon, -1));
	j->what = c->month ? c->month : arena_printf(a, "%04d-%02d", last.year, last.mon);
	if (!stats_month_parse(j->what, year, mon))
		return err_set(e, ERR_PERM, "\"%.20s\" is no month; write it as 2026-10", j->what);
	if (stats_month_start(*year, *mon, 0) > now)
		return err_set(e, ERR_PERM, "%s has not begun", j->what);
	return OK;
}

static enum status rcpts_of(const struct reports *r, const struct report_cli *c, struct arena *a, const char **lines_r, struct err *e)
{
	struct sb b = SB_INIT;
	enum status st = OK;
	for (size_t i = 0; st == OK && i < c->nto; i++) {
		const char *key = addr_key(a, c->to[i]);
		if (!addr_is_sane(key))
			st = err_set(e, ERR_PERM, "\"%.80s\" is no mail address", c->to[i]);
		sb_addf(&b, "%s%s", b.len ? "\n" : "", key);
	}
	*lines_r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	if (st == OK && !c->nto)
		st = report_rcpts(r, a, lines_r, e);
	return st == OK && !**lines_r ? err_set(e, ERR_PERM, "there is nobody to send it to: use --to") : st;
}

/* Sent after the month was over, so that nothing new would be in it. */
static enum status sent_before(const struct reports *r, const struct report_job *j, const char *rcpts, epoch end, struct arena *a,
                               struct report_job *old, bool *sent_r, struct err *e)
{
	enum status st = report_job_last(r->s, j->kind, j->what, rcpts, a, old, e);
	*sent_r = st == OK && old->done_at >= end;
	return st == ERR_NOTFOUND ? OK : st;
}

static enum status add_job(struct store *s, struct report_job *j, struct err *e)
{
	enum status st = store_begin(s, e);
	if (st != OK)
		return st;
	st = report_job_add(s, j, e);
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

static enum status send(const struct reports *r, const struct report_cli *c, struct report_job *j, epoch end, epoch now, struct arena *a,
                        struct err *e)
{
	char at[32];
	struct report_job old;
	bool sent = false;
	int64_t outbox = 0;
	enum status st = rcpts_of(r, c, a, &j->rcpts, e);
	if (st == OK && !c->again)
		st = sent_before(r, j, j->rcpts, end, a, &old, &sent, e);
	if (st == OK && !c->again && !c->nto && !sent)
		st = sent_before(r, j, "", end, a, &old, &sent, e);
	if (st == OK && sent) {
		printf("%s was sent to them on %s; --again sends it again\n", j->what, clk_iso(old.done_at, at));
		return OK;
	}
	if (st == OK)
		st = add_job(r->s, j, e);
	if (st == OK)
		st = report_make(r, j, now, &outbox, e);
	if (st == OK)
		printf("%s goes out as outbox %lld\n", j->what, (long long)outbox);
	return st;
}

/* As the mail has it. */
static enum status print(const struct reports *r, int year, int mon, epoch now, struct arena *a, struct err *e)
{
	struct stats stats;
	struct stats_mail m;
	struct sb subject = SB_INIT, body = SB_INIT;
	const struct stats_load l = { r->s, r->cal, r->categories };
	enum status st = stats_load(&l, year, mon, now, a, &stats, e);
	if (st != OK)
		return st;
	stats_mail(&stats, r->cfg->stats_staff, r->cfg->domain, "", a, &m);
	st = stats_mail_text(&m, r->cfg->templates, &subject, &body, e);
	if (st == OK)
		printf("%s\n\n%s", subject.s, body.s);
	sb_free(&subject);
	sb_free(&body);
	stats_mail_free(&m);
	return st;
}

enum status report_cli(const struct reports *r, const struct report_cli *c, epoch now, struct err *e)
{
	int year, mon;
	struct arena *a = arena_new();
	struct report_job j = { .kind = REPORT_STATS, .who = c->who, .in_reply_to = "", .asked_at = now,
	                        .due_at = now + TAKEN_UP };
	enum status st = month_of(c, now, a, &j, &year, &mon, e);
	if (st == OK)
		st = c->print ? print(r, year, mon, now, a, e) : send(r, c, &j, stats_month_start(year, mon, 1), now, a, e);
	arena_free(&a);
	return st;
}
