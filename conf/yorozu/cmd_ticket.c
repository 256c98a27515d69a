/*
 * yorozu ticket list|due|show|search: what the desk has, for people and (--tsv) programs.
 * SECURITY: subjects and names come from outside; they are UTF-8 on one line in
 * the store and pass text_visible before they reach a terminal.
 */
#include "front.h"
#include "ticket_due.h"
#include "ticket_search.h"
#include "ticket_op.h"
#include "base/arena.h"
#include "base/clk.h"
#include "store/store.h"
#include "store/store_audit.h"
#include "store/store_identity.h"
#include "store/store_contract.h"
#include "store/store_message.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include "store/store_ticket.h"

#include "text/charset.h"
#include "text/layout.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 200, LIST_MAX = 100000 };

struct view {
	struct store *s;
	struct arena *a;
	bool tsv;
	epoch now;
};

static const char *minute(epoch t, char buf[32])
{
	if (!t)
		return "-";
	clk_iso(t, buf);
	buf[16] = 0; /* without seconds */
	return buf;
}

/* One cell: inert, and for people cut or padded to `cols` columns. */
static void cell(const char *s, size_t cols)
{
	struct sb safe = SB_INIT, fit = SB_INIT;
	text_visible(s ? s : "", s ? strlen(s) : 0, &safe);
	for (size_t i = 0; i < safe.len; i++)
		if (safe.s[i] == '\n' || safe.s[i] == '\t')
			safe.s[i] = ' ';
	if (cols)
		text_fit(safe.s, cols, true, &fit);
	fputs(cols ? fit.s : safe.s, stdout);
	sb_free(&safe);
	sb_free(&fit);
}

static const char *staff_name(struct view *v, int64_t id)
{
	struct staff st;
	return id && staff_by_id(v->s, id, v->a, &st, NULL) == OK ? st.login : "-";
}

/* "あと 5:20" is what staff ask; a clock that stands shows nothing. */
const char *ticket_state_word(const struct ticket *t, epoch now)
{
	if (t->due_at && t->due_at < now)
		return "超過";
	static const char *const words[] = { "未対応", "対応済", "完了" };
	return words[t->state];
}

static void list_row(struct view *v, const struct ticket *t)
{
	char opened[32], due[32];
	if (v->tsv) {
		printf("%lld\t%s\t%s\t%s\t%s\t%lld\t%s\t", (long long)t->id, ticket_state_name(t->state),
		       minute(t->opened_at, opened), minute(t->due_at, due), staff_name(v, t->assignee_id),
		       (long long)t->contract_id, t->channel);
		cell(t->subject, 0);
		putchar('\n');
		return;
	}
	printf("%6lld  ", (long long)t->id);
	cell(ticket_state_word(t, v->now), 7);
	printf(" %-17s%-17s", minute(t->opened_at, opened), minute(t->due_at, due));
	cell(staff_name(v, t->assignee_id), 11);
	cell(t->subject, 40);
	putchar('\n');
}

static void list_head(const struct view *v)
{
	if (v->tsv) {
		puts("id\tstate\topened\tdue\tassignee\tcontract\tchannel\tsubject");
		return;
	}
	printf("%6s  ", "番号");
	cell("状態", 7);
	putchar(' ');
	cell("受付", 17);
	cell("回答期限", 17);
	cell("担当", 11);
	puts("件名");
}

static enum status list(struct view *v, struct ticket_filter f, struct err *e)
{
	int left = f.limit;
	list_head(v);
	while (left > 0) {
		struct ticket *t;
		size_t n;
		f.limit = left < PAGE ? left : PAGE;
		enum status st = ticket_list(v->s, &f, v->a, &t, &n, e);
		if (st != OK)
			return st;
		for (size_t i = 0; i < n; i++)
			list_row(v, &t[i]);
		if (n < (size_t)f.limit)
			return OK;
		left -= (int)n;
		f.before_id = t[n - 1].id;
		arena_free(&v->a);
		v->a = arena_new();
	}
	return OK;
}

static void field(const char *label, const char *value)
{
	cell(label, 12);
	cell(value, 0);
	putchar('\n');
}

static void show_parties(struct view *v, int64_t id)
{
	const char **p;
	if (party_list(v->s, id, v->a, &p, NULL) == OK)
		for (; *p; p++)
			field("お客さま", *p);
}

static const char *contract_words(struct view *v, int64_t id)
{
	struct contract c;
	if (contract_get(v->s, id, v->a, &c, NULL) != OK)
		return "?";
	return arena_printf(v->a, "%s (%s)", c.v[CF_NAME], c.v[CF_N_NUMBER]);
}

/* DESK-10: what each sender could prove, if anybody has to. */
static void show_identity(struct view *v, int64_t id)
{
	struct ticket_identity t;
	struct sender_identity *r;
	size_t n = 0;
	char asked[32];
	if (identity_ticket(v->s, id, &t, NULL) != OK)
		return;
	field("本人確認", arena_printf(v->a, "%sのため必要%s%s", inquiry_ja(t.kind), t.asked_at ? "、お客さまに尋ねた日時 " : "",
	                               t.asked_at ? minute(t.asked_at, asked) : ""));
	if (identity_list(v->s, id, v->a, &r, &n, NULL) != OK)
		return;
	for (size_t i = 0; i < n; i++)
		field("", arena_printf(v->a, "%s %s：%s", r[i].addr_key, identity_state_ja(r[i].state), r[i].why));
}

static void show_ticket(struct view *v, const struct ticket *t)
{
	char buf[32];
	field("番号", arena_printf(v->a, "#%lld", (long long)t->id));
	field("件名", t->subject);
	field("状態", ticket_state_word(t, v->now));
	field("受付", minute(t->opened_at, buf));
	field("回答期限", minute(t->due_at, buf));
	field("担当", staff_name(v, t->assignee_id));
	if (t->contract_id)
		field("契約", contract_words(v, t->contract_id));
	if (t->previous_id)
		field("前の相談", arena_printf(v->a, "#%lld", (long long)t->previous_id));
	show_parties(v, t->id);
	show_identity(v, t->id);
}

static enum status show_messages(struct view *v, int64_t id, struct err *e)
{
	struct message *m;
	size_t n;
	char at[32];
	enum status st = message_list(v->s, id, v->a, &m, &n, e);
	puts(v->tsv ? "message\tat\tkind\tfrom\tspf\tdkim\tdmarc\tbytes\tmessage_id\tsubject" : "\nメール:");
	for (size_t i = 0; st == OK && i < n; i++) {
		if (v->tsv) {
			printf("%lld\t%s\t%s\t", (long long)m[i].id, minute(m[i].at, at), message_kind_name(m[i].kind));
			cell(m[i].from_addr, 0);
			printf("\t%s\t%s\t%s\t%lld\t", m[i].spf, m[i].dkim, m[i].dmarc, (long long)m[i].size);
			cell(m[i].message_id, 0);
			putchar('\t');
		} else {
			printf("  %s  ", minute(m[i].at, at));
			cell(message_kind_name(m[i].kind), 13);
			cell(m[i].from_addr, 32);
			putchar(' ');
		}
		cell(m[i].subject, v->tsv ? 0 : 40);
		putchar('\n');
	}
	return st;
}

static enum status show_audit(struct view *v, int64_t id, struct err *e)
{
	struct audit *row;
	size_t n;
	char at[32];
	enum status st = audit_list(v->s, id, v->a, &row, &n, e);
	puts("\n記録:");
	for (size_t i = 0; st == OK && i < n; i++) {
		printf("  %s  ", minute(row[i].at, at));
		cell(row[i].who, 18);
		cell(row[i].what, 16);
		cell(row[i].detail, 0);
		putchar('\n');
	}
	return st;
}

static enum status show(struct view *v, int64_t id, struct err *e)
{
	struct ticket t;
	enum status st = ticket_get(v->s, id, v->a, &t, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, st, "no ticket #%lld", (long long)id);
	if (st != OK)
		return st;
	if (v->tsv)
		return show_messages(v, id, e);
	show_ticket(v, &t);
	st = show_messages(v, id, e);
	return st == OK ? show_audit(v, id, e) : st;
}

struct args {
	bool tsv, list, due, search;
	struct ticket_search find;
	int64_t id, limit;
	int state;
};

static bool parse_state(const char *s, int *r)
{
	for (int i = TICKET_OPEN; i <= TICKET_CLOSED; i++)
		if (strcmp(s, ticket_state_name((enum ticket_state)i)) == 0)
			return *r = i, true;
	return false;
}

static bool parse_args(int argc, char **argv, struct args *a)
{
	*a = (struct args){ .limit = 50, .state = -1 };
	if (argc < 2)
		return false;
	a->search = strcmp(argv[1], "search") == 0;
	if (a->search)
		return ticket_search_args(argc - 2, argv + 2, &a->find);
	a->due = strcmp(argv[1], "due") == 0;
	a->list = a->due || strcmp(argv[1], "list") == 0;
	if (!a->list && strcmp(argv[1], "show") != 0)
		return false;
	for (int i = 2; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : "";
		if (strcmp(argv[i], "--tsv") == 0)
			a->tsv = true;
		else if (a->list && strcmp(argv[i], "--limit") == 0 && front_number(next, LIST_MAX, &a->limit))
			i++;
		else if (a->list && !a->due && strcmp(argv[i], "--state") == 0 && parse_state(next, &a->state))
			i++;
		else if (a->list || a->id || !front_number(argv[i], INT64_MAX - 1, &a->id))
			return false;
	}
	return a->list || a->id;
}

static int run_ticket(int argc, char **argv, const struct front *f)
{
	struct args a;
	struct err e;
	struct cfg *c = NULL;
	if (argc > 1 && ticket_op_known(argv[1]))
		return ticket_op(argc, argv, f);
	if (!parse_args(argc, argv, &a))
		return front_usage(&cmd_ticket);
	struct view v = { .tsv = a.tsv, .s = front_store("ticket", f, &c) };
	if (!v.s)
		return 1;
	v.a = arena_new();
	v.now = clk_now();
	struct ticket_filter filter = { .state = a.state, .limit = (int)a.limit };
	enum status st = a.search ? ticket_search(v.s, &a.find, v.now, &e)
	                 : a.due ? ticket_due(v.s, c, v.now, (int)a.limit, a.tsv, &e)
	                         : a.list ? list(&v, filter, &e) : show(&v, a.id, &e);
	arena_free(&v.a);
	store_close(&v.s);
	cfg_free(&c);
	return st == OK ? 0 : front_fail("ticket", &e);
}

const struct front_cmd cmd_ticket = {
	"ticket", run_ticket, "ticket list [--state open|answered|closed] [--limit N] [--tsv] | "
	"ticket due [--limit N] [--tsv] | ticket show NUMBER [--tsv] | "
	"ticket assign NUMBER LOGIN|none | ticket close|reopen NUMBER | ticket merge NUMBER INTO [--force] | ticket unmerge NUMBER | "
	"ticket mbox NUMBER | "
	"ticket search [--limit N] [--page N] [--tsv] WORDS...",
	"the desk's tickets"
};
