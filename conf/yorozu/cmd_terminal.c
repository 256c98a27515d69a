/*
 * yorozu terminal …: tokens to enrol with, and the terminals that did.
 * A token is shown once; only its hash is stored.
 */
#include "front.h"
#include "terminal_list.h"
#include "store/agent_month.h"
#include "store/store_audit.h"
#include "store/store_contract.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400, USES = 10, USES_MAX = 10000, DAYS = 30, DAYS_MAX = 366 };

static enum status audited(const struct terminal_job *j, const char *what, const char *detail, struct err *e)
{
	struct audit row = { .at = clk_now(), .who = front_who(), .what = what, .detail = detail };
	return audit_add(j->s, &row, e);
}

static enum status finish(const struct terminal_job *j, enum status st, struct err *e)
{
	if (st == OK)
		return store_commit(j->s, e);
	store_rollback(j->s);
	return st;
}

/* ---- token --------------------------------------------------------------------------------- */

static enum status make_token(const struct terminal_job *j, char token[TERMINAL_TOKEN_SIZE], struct err *e)
{
	struct contract c;
	epoch now = clk_now();
	int64_t uses = j->uses ? j->uses : USES, days = j->days ? j->days : DAYS;
	enum status st = contract_by_number(j->s, j->number, j->a, &c, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, st, "no contract %s", j->number);
	if (st == OK && !contract_active(&c, now))
		st = err_set(e, ERR_PERM, "the contract has ended");
	if (st == OK)
		st = terminal_token_new(j->s, c.id, uses, now, now + days * DAY, token, e);
	return st == OK ? audited(j, "terminal.token", arena_printf(j->a, "%s: %lld uses, %lld days", j->number, (long long)uses,
	                          (long long)days), e) : st;
}

static enum status token(const struct terminal_job *j, struct err *e)
{
	char text[TERMINAL_TOKEN_SIZE] = "";
	enum status st = store_begin(j->s, e);
	if (st == OK)
		st = finish(j, make_token(j, text, e), e);
	if (st == OK)
		puts(text);
	crypto_wipe(text, sizeof text);
	return st;
}

/* ---- the others ------------------------------------------------------------------------------ */

static enum status list(const struct terminal_job *j, struct err *e)
{
	return terminal_print_list(j, 0, e);
}

static enum status silent(const struct terminal_job *j, struct err *e)
{
	return terminal_print_list(j, j->days ? j->days : j->c->terminal_silent_days, e);
}

static enum status revoke_it(const struct terminal_job *j, struct err *e)
{
	struct terminal t;
	enum status st = terminal_get(j->s, j->id, j->a, &t, e);
	if (st == OK && t.state != TERMINAL_ACTIVE)
		st = err_set(e, ERR_PERM, "terminal %lld is %s already", (long long)j->id, terminal_state_name(t.state));
	if (st == OK)
		st = terminal_leave(j->s, j->id, TERMINAL_REVOKED, 0, clk_now(), e);
	return st == OK ? audited(j, "terminal.revoke", arena_printf(j->a, "terminal %lld", (long long)j->id), e) : st;
}

static enum status revoke(const struct terminal_job *j, struct err *e)
{
	enum status st = store_begin(j->s, e);
	return st == OK ? finish(j, revoke_it(j, e), e) : st;
}

/* How many rows differed is printed: 0 says that nothing was wrong. */
static enum status rebuild(const struct terminal_job *j, struct err *e)
{
	int64_t batches = 0, differ = 0;
	char *folder = cfg_path(j->c, "store");
	enum status st = agent_month_rebuild(folder, j->month, &batches, &differ, e);
	free(folder);
	if (st == OK)
		printf("%06d: %lld batches, %lld rows differed\n", j->month, (long long)batches, (long long)differ);
	return st;
}

/* ---- arguments ---------------------------------------------------------------------------------- */

static bool month(const char *s, int *r)
{
	int64_t day;
	char text[16];
	if (strlen(s) != 7 || snprintf(text, sizeof text, "%s-01", s) != 10 || !civil_parse_date(text, &day))
		return false;
	struct civil c = civil_of_day(day);
	*r = c.year * 100 + c.mon;
	return true;
}

enum { W_NUMBER = 1, W_ID = 2, W_MONTH = 4 };
static const struct {
	const char *name;
	enum status (*work)(const struct terminal_job *, struct err *);
	unsigned may, must;
} words[] = {
	{ "token", token, W_NUMBER, W_NUMBER }, { "list", list, W_NUMBER, 0 }, { "show", terminal_print_one, W_ID, W_ID },
	{ "revoke", revoke, W_ID, W_ID }, { "silent", silent, W_NUMBER, 0 }, { "rebuild", rebuild, W_MONTH, W_MONTH },
};

static bool take_args(struct terminal_job *j, unsigned may, unsigned *got, int argc, char **argv)
{
	*got = 0;
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--tsv") == 0)
			j->tsv = true;
		else if (strcmp(argv[i], "--all") == 0)
			j->all = true;
		else if (strcmp(argv[i], "--days") == 0 && i + 1 < argc && front_number(argv[i + 1], DAYS_MAX, &j->days))
			i++;
		else if (strcmp(argv[i], "--uses") == 0 && i + 1 < argc && front_number(argv[i + 1], USES_MAX, &j->uses))
			i++;
		else if (*got || argv[i][0] == '-')
			return false;
		else if (may & W_ID && front_number(argv[i], INT64_MAX - 1, &j->id))
			*got = W_ID;
		else if (may & W_MONTH && month(argv[i], &j->month))
			*got = W_MONTH;
		else if (may & W_NUMBER) {
			j->number = argv[i];
			*got = W_NUMBER;
		} else
			return false;
	}
	return true;
}

static int run(int argc, char **argv, const struct front *f)
{
	struct terminal_job j = { 0 };
	struct err e;
	unsigned got;
	size_t i = 0, n = sizeof words / sizeof *words;
	while (argc > 1 && i < n && strcmp(words[i].name, argv[1]) != 0)
		i++;
	if (argc < 2 || i == n || !take_args(&j, words[i].may, &got, argc - 2, argv + 2) || (words[i].must & ~got))
		return front_usage(&cmd_terminal);
	j.s = front_store("terminal", f, &j.c);
	if (!j.s)
		return 1;
	j.a = arena_new();
	enum status st = words[i].work(&j, &e);
	arena_free(&j.a);
	store_close(&j.s);
	cfg_free(&j.c);
	return st == OK ? 0 : front_fail("terminal", &e);
}
const struct front_cmd cmd_terminal = { "terminal", run,
	"terminal token CONTRACT [--uses N] [--days D] | list [CONTRACT] [--all] [--tsv] | show ID | revoke ID | "
	"silent [--days D] | rebuild YYYY-MM",
	"terminals and the tokens they enrol with" };
