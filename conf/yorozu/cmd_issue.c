/*
 * yorozu issue list|show|status|draft|send|pause|resume|free|cancel: the newsletter's
 * issues (MAG-05). Editors do the same by mail (MAG-04).
 */
#include "front.h"
#include "table.h"
#include "base/clk.h"
#include "base/io.h"
#include "base/notify.h"
#include "cal/weekly.h"
#include "mail/news_draft.h"
#include "store/store_issue_op.h"
#include "store/store_ledger_sum.h"
#include "store/store_message.h"
#include "store/store_stop.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 200, DOMAINS_SHOWN = 20, BAR = 40 };

struct issue_cmd {
	struct store *s;
	struct cfg *c;
	struct arena *a;
	epoch now, at;
	const char *verb, *file, *domain;
	int64_t id;
	bool tsv, check;
	struct sb draft; /* read as the caller */
};

static const char *minute(epoch t, char buf[32])
{
	if (!t)
		return "-";
	clk_iso(t, buf);
	buf[16] = '\0';
	return buf;
}

/* ---- looking ------------------------------------------------------------------------ */

static const struct table_col list_cols[] = {
	{ "issue", "号", true, 0 }, { "state", NULL, false, 0 }, { "state_ja", "状態", false, 0 }, { "send_at", "配信日時", false, 0 },
	{ "recipients", "読者", true, 0 }, { "delivered", "配信済み", true, 0 }, { "bounced", "不達", true, 0 },
	{ "subject", "件名", false, 44 },
};

static enum status list_row(struct issue_cmd *x, struct table *t, const struct issue *i, struct err *e)
{
	int64_t n[RCPT_STATES], all = 0;
	char buf[32];
	enum status st = ledger_counts(x->s, i->id, n, e);
	for (int k = 0; k < RCPT_STATES && st == OK; k++)
		all += n[k];
	table_num(t, i->id);
	table_cell(t, issue_state_name(i->state));
	table_cell(t, issue_state_ja(i->state));
	table_cell(t, minute(i->send_at, buf));
	table_num(t, all);
	table_num(t, n[RCPT_DELIVERED]);
	table_num(t, n[RCPT_BOUNCED] + n[RCPT_EXPIRED]);
	table_cell(t, i->subject);
	return st;
}

static enum status list(struct issue_cmd *x, struct err *e)
{
	struct table *t = table_new(list_cols, sizeof list_cols / sizeof *list_cols, x->tsv);
	struct issue *v;
	int64_t before = 0;
	size_t n = PAGE;
	enum status st = OK;
	while (st == OK && n == PAGE) {
		st = issue_list(x->s, before, PAGE, x->a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++) {
			st = list_row(x, t, &v[i], e);
			before = v[i].id;
		}
	}
	if (st == OK)
		table_print(t);
	table_free(&t);
	return st;
}

/* The draft as the editor sent it. */
static enum status show(struct issue_cmd *x, struct err *e)
{
	struct issue i;
	struct sb raw = SB_INIT;
	enum status st = issue_get(x->s, x->id, x->a, &i, e);
	if (st == OK)
		st = message_raw(x->s, i.draft_id, &raw, e);
	if (st == OK && !io_write_all(1, raw.s, raw.len))
		st = err_sys(e, ERR_TEMP, "write");
	sb_free(&raw);
	return st;
}

static void print_bar(const struct issue_cmd *x, const struct issue *i, const struct ledger_sum *l)
{
	char at[32], span[48];
	int64_t handed = l->all - l->n[RCPT_PENDING] - l->n[RCPT_CLAIMED];
	int full = l->all ? (int)(l->final * BAR / l->all) : 0, half = l->all ? (int)(handed * BAR / l->all) : 0;
	printf("[");
	for (int k = 0; k < BAR; k++)
		putchar(k < full ? '#' : k < half ? '=' : '.');
	printf("] %lld/%lld (%.1f%%)\n", (long long)l->final, (long long)l->all, l->all ? 100.0 * (double)l->final / (double)l->all : 0);
	int64_t spent = (i->ended_at ? i->ended_at : x->now) - i->started_at, left = l->n[RCPT_PENDING] + l->n[RCPT_CLAIMED];
	if (!i->started_at)
		return;
	double rate = (double)(handed - l->n[RCPT_SUPPRESSED]) / (double)(spent > 0 ? spent : 1);
	printf("開始 %s、経過 %s、毎秒 %.1f 通", minute(i->started_at, at), clk_span_ja(spent, span), rate);
	if (i->state == ISSUE_SENDING && left && rate > 0)
		printf("、引き渡しの終わり %s 頃", minute(x->now + (epoch)((double)left / rate), at));
	putchar('\n');
}

static const struct table_col domain_cols[] = {
	{ "domain", "ドメイン", false, 40 }, { "recipients", "読者", true, 0 }, { "pending", "これから", true, 0 },
	{ "queued", "配送中", true, 0 }, { "deferred", "うち再送待ち", true, 0 }, { "delivered", "配信済み", true, 0 },
	{ "bounced", "不達", true, 0 }, { "expired", "期限切れ", true, 0 }, { "complained", "苦情", true, 0 },
	{ "suppressed", "対象外", true, 0 },
};

static void print_domains(const struct issue_cmd *x, const struct ledger_sum *l)
{
	struct table *t = table_new(domain_cols, sizeof domain_cols / sizeof *domain_cols, x->tsv);
	size_t n = x->tsv || l->ndomains < DOMAINS_SHOWN ? l->ndomains : DOMAINS_SHOWN;
	for (size_t k = 0; k < n; k++) {
		const struct ledger_domain *d = &l->domains[k];
		table_cell(t, d->name);
		table_num(t, d->all);
		table_num(t, d->n[RCPT_PENDING] + d->n[RCPT_CLAIMED]);
		table_num(t, d->n[RCPT_QUEUED]);
		table_num(t, d->deferred);
		for (int st = RCPT_DELIVERED; st < RCPT_STATES; st++)
			table_num(t, d->n[st]);
	}
	table_print(t);
	if (n < l->ndomains)
		printf("(ほか %zu ドメイン)\n", l->ndomains - n);
	table_free(&t);
}

/* Domains that wait for a person's word. */
static enum status print_stops(struct issue_cmd *x, struct err *e)
{
	struct domain_stop *v;
	size_t n;
	enum status st = stop_list(x->s, x->a, &v, &n, e);
	for (size_t k = 0; st == OK && k < n; k++)
		printf("停止中 %s：%s\n", v[k].domain, v[k].why);
	return st;
}

static enum status status(struct issue_cmd *x, struct err *e)
{
	struct issue i;
	struct ledger_sum l;
	enum status st = issue_get(x->s, x->id, x->a, &i, e);
	if (st == OK)
		st = ledger_sum(x->s, i.id, x->a, &l, e);
	if (st == OK && x->check) /* the counters against the rows */
		st = ledger_audit(x->s, i.id, e);
	if (st != OK)
		return st;
	if (!x->tsv) {
		printf("第%lld号 %s%s%s\n%s\n", (long long)i.id, issue_state_ja(i.state), *i.why ? "：" : "", i.why, i.subject);
		print_bar(x, &i, &l);
		for (int k = 0; k < RCPT_STATES; k++)
			printf("%s%s %lld", k ? "、" : "", rcpt_state_ja((enum rcpt_state)k), (long long)l.n[k]);
		printf(" = %lld\n\n", (long long)l.all);
	}
	print_domains(x, &l);
	return x->tsv || i.ended_at ? OK : print_stops(x, e);
}

/* ---- orders ---------------------------------------------------------------------------- */

static enum status end(struct store *s, enum status st, struct err *e)
{
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

static enum status order(struct issue_cmd *x, struct issue *i, const struct issue_by *by, struct err *e)
{
	if (strcmp(x->verb, "pause") == 0)
		return issue_pause(x->s, i, by, e);
	if (strcmp(x->verb, "resume") == 0)
		return issue_resume(x->s, i, by, e);
	if (strcmp(x->verb, "free") == 0)
		return issue_free_domain(x->s, i, x->domain, by, e);
	if (strcmp(x->verb, "cancel") == 0)
		return issue_cancel(x->s, i, by, e);
	bool done; /* send: an operator's word is enough */
	enum status st = OK;
	if (i->state == ISSUE_DRAFT)
		st = issue_approve(x->s, i, 1, by->now, by, &done, e);
	return st == OK ? issue_set_time(x->s, i, x->at ? x->at : by->now, by, e) : st;
}

static enum status carry_out(struct issue_cmd *x, struct err *e)
{
	struct issue i;
	const struct issue_by by = { .who = front_who(), .now = x->now };
	enum status st = store_begin(x->s, e);
	if (st != OK)
		return st;
	st = issue_get(x->s, x->id, x->a, &i, e);
	if (st == OK)
		st = order(x, &i, &by, e);
	st = end(x->s, st, e);
	if (st == OK)
		printf("第%lld号：%s\n", (long long)i.id, issue_state_ja(i.state));
	return st;
}

/* A mail file as the draft of a new issue. */
static enum status add_draft(struct issue_cmd *x, const struct msg *m, struct issue *i, struct err *e)
{
	struct message row = {
		.kind = MSG_COMMAND, .at = x->now, .envelope_from = "", .from_addr = m->from.n ? m->from.v[0].addr : "", .from_name = "",
		.subject = m->subject, .message_id = m->message_id, .client_ip = "", .helo = "", .spf = "", .dkim = "", .dmarc = "",
		.auto_kind = "no", .note = "", .size = (int64_t)x->draft.len,
	};
	crypto_random(row.dedupe, sizeof row.dedupe);
	enum status st = message_insert(x->s, &row, x->draft.s, x->draft.len, e);
	i->draft_id = row.id;
	return st == OK ? issue_add(x->s, i, e) : st;
}

static enum status draft(struct issue_cmd *x, struct err *e)
{
	struct msg *m = NULL;
	struct news_draft d;
	enum status st = msg_parse(x->draft.s, x->draft.len, &prescan_default, &m, e);
	if (st != OK)
		return st;
	news_draft_read(m, m->arena, &d);
	struct issue i = { .state = ISSUE_DRAFT, .created_at = x->now, .subject = d.subject, .kinds = d.kinds,
		           .size = (int64_t)x->draft.len, .send_at = x->at };
	if (d.attached > (size_t)x->c->news_attach_max)
		st = err_set(e, ERR_LIMIT, "添付ファイルが上限を超えています (%zu バイト、上限 %lld バイト)", d.attached,
		             (long long)x->c->news_attach_max);
	if (st == OK)
		st = store_begin(x->s, e);
	if (st == OK)
		st = end(x->s, add_draft(x, m, &i, e), e);
	if (st == OK)
		printf("%lld\n", (long long)i.id);
	msg_free(&m);
	return st;
}

/* ---- the command ---------------------------------------------------------------------------- */

static const struct { const char *verb; enum status (*run)(struct issue_cmd *x, struct err *e); bool id, file, changes, domain; } verbs[] = {
	{ .verb = "list", .run = list }, { .verb = "show", .run = show, .id = true }, { .verb = "status", .run = status, .id = true },
	{ .verb = "draft", .run = draft, .file = true }, { .verb = "send", .run = carry_out, .id = true, .changes = true },
	{ .verb = "pause", .run = carry_out, .id = true, .changes = true }, { .verb = "resume", .run = carry_out, .id = true, .changes = true },
	{ .verb = "cancel", .run = carry_out, .id = true, .changes = true },
	{ .verb = "free", .run = carry_out, .id = true, .changes = true, .domain = true },
};
enum { VERBS = sizeof verbs / sizeof *verbs };

static bool one_arg(struct issue_cmd *x, size_t which, const char *s)
{
	if (verbs[which].file && !x->file)
		return x->file = s, true;
	if (verbs[which].domain && x->id && !x->domain)
		return x->domain = s, true;
	if (!verbs[which].id || x->id)
		return false;
	return front_number(s, INT64_MAX, &x->id);
}

static bool parse_args(int argc, char **argv, struct issue_cmd *x, size_t *which_r)
{
	x->verb = argc > 1 ? argv[1] : "";
	for (*which_r = 0; *which_r < VERBS && strcmp(x->verb, verbs[*which_r].verb) != 0; ++*which_r)
		;
	if (*which_r == VERBS)
		return false;
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "--tsv") == 0)
			x->tsv = true;
		else if (strcmp(argv[i], "--check") == 0)
			x->check = true;
		else if (strcmp(argv[i], "--at") == 0 && i + 1 < argc) {
			if (!civil_parse_time(argv[++i], &x->at))
				return false;
		} else if (!one_arg(x, *which_r, argv[i]))
			return false;
	return (!verbs[*which_r].id || x->id) && (!verbs[*which_r].file || x->file) && (!verbs[*which_r].domain || x->domain);
}

static void ring(const struct cfg *c)
{
	char *bell = cfg_path(c, "run/bulk.notify");
	notify_send(bell);
	free(bell);
}

static int run_issue(int argc, char **argv, const struct front *f)
{
	struct err e;
	size_t which;
	struct issue_cmd x = { .draft = SB_INIT };
	if (!parse_args(argc, argv, &x, &which))
		return front_usage(&cmd_issue);
	if (x.file && io_read_file(x.file, 64 << 20, &x.draft, &e) != OK)
		return front_fail("issue", &e);
	x.s = front_store("issue", f, &x.c);
	if (!x.s) {
		sb_free(&x.draft);
		return 1;
	}
	x.a = arena_new();
	x.now = clk_now();
	enum status st = verbs[which].run(&x, &e);
	if (st == OK && verbs[which].changes)
		ring(x.c);
	arena_free(&x.a);
	sb_free(&x.draft);
	store_close(&x.s);
	cfg_free(&x.c);
	return st == OK ? 0 : front_fail("issue", &e);
}

const struct front_cmd cmd_issue = {
	"issue", run_issue,
	"issue list [--tsv] | issue status N [--tsv] [--check] | issue show N | issue draft FILE [--at TIME] | "
	"issue send N [--at TIME] | issue pause|resume|cancel N | issue free N DOMAIN",
	"issues of the newsletter"
};
