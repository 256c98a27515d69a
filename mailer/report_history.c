/*
 * 履歴: what happened on a ticket, oldest first, mails (numbered, for 分割) and
 * what people and the system did with it, in lines of at most 76 columns.
 * SECURITY: subjects and senders are from outside; one line each, made visible.
 */
#include "build_report.h"
#include "store/store_audit.h"
#include "store/store_merge.h"
#include "store/store_message.h"
#include "text/charset.h"
#include "text/layout.h"
#include <string.h>

enum { LINES_MAX = 1000, LINE_COLS = 76, LEFT_COLS = 20, WHAT_COLS = 12, WHO_COLS = 40, DETAIL_COLS = LINE_COLS - LEFT_COLS };

struct entry {
	epoch at;
	size_t number;    /* of a mail; 0: an act */
	const char *what, *who, *detail;
};

struct history {
	struct report *r;
	struct entry *v;
	size_t n, cap;
};

static void add(struct history *h, struct entry x)
{
	if (h->n == h->cap) {
		size_t cap = h->cap ? h->cap * 2 : 64;
		struct entry *v = arena_alloc(h->r->a, cap * sizeof *v);
		if (h->n)
			memcpy(v, h->v, h->n * sizeof *v);
		h->v = v;
		h->cap = cap;
	}
	h->v[h->n++] = x;
}

static const char *mail_ja(enum message_kind k)
{
	static const char *const words[] = { "お客さま", "回答", "社内メモ", "不達通知", "自動応答", "受付通知", "操作", "その他", "保留の回答" };
	return (unsigned)k < sizeof words / sizeof *words ? words[k] : "その他";
}

/* NULL: the mail's own line says it. */
static const char *act_ja(const char *what)
{
	static const struct { const char *what, *ja; } words[] = {
		{ "ticket.open", NULL }, { "ticket.mail", NULL }, { "ticket.reply", NULL }, { "ticket.note", NULL },
		{ "ticket.command", NULL }, { "ticket.assign", "担当" }, { "ticket.close", "完了" }, { "ticket.reopen", "再開" },
		{ "ticket.merge", "統合した先" }, { "ticket.merged", "統合された" }, { "ticket.unmerge", "統合の取消" },
		{ "ticket.unmerged", "統合の取消" }, { "ticket.split", "分割" }, { "ticket.extend", "期限変更" },
		{ "ticket.spam", "迷惑" }, { "ticket.resend", "再送" }, { "ticket.template", "定型文" }, { "ticket.category", "分類" },
		{ "ack.none", "受付通知なし" }, { "mail.bounced", "不達" }, { "mail.failed", "送信失敗" }, { "reply.held", "回答を保留" },
		{ "reply.dropped", "回答を破棄" }, { "file.send", "リンクで送付" }, { "contract.delivery", "添付の渡し方" },
		{ "ticket.contract", "契約" },
		{ "ticket.call", "電話" }, { "ticket.called", "電話済" }, { "ticket.inquiry", "本人確認が必要" },
		{ "ticket.identity", "本人確認" }, { "ticket.ask", "本人確認を依頼" },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].what, what) == 0)
			return words[i].ja;
	return what;
}

static const char *who_ja(const char *who)
{
	const char *colon = strchr(who, ':');
	if (colon)
		return colon + 1;
	return strcmp(who, "customer") == 0 ? "お客さま" : strcmp(who, "system") == 0 ? "自動" : who;
}

static enum status add_mails(struct history *h, int64_t ticket, struct err *e)
{
	struct message *m;
	size_t n;
	enum status st = message_list(h->r->b->s, ticket, h->r->a, &m, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		add(h, (struct entry){ m[i].at, i + 1, mail_ja(m[i].kind), m[i].from_addr, m[i].subject });
	return st;
}

static enum status add_acts(struct history *h, int64_t ticket, struct err *e)
{
	struct audit *v;
	size_t n;
	enum status st = audit_list(h->r->b->s, ticket, h->r->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		if (act_ja(v[i].what))
			add(h, (struct entry){ v[i].at, 0, act_ja(v[i].what), who_ja(v[i].who), v[i].detail });
	return st;
}

/* What was done with those that went into this one, before they did. */
static enum status add_merged(struct history *h, int64_t ticket, struct err *e)
{
	struct merge *v;
	size_t n;
	enum status st = merges_into(h->r->b->s, ticket, h->r->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = add_acts(h, v[i].source_id, e);
	return st;
}

/* Stable: of one second, mails stand before what they caused. */
static void sort(struct history *h)
{
	for (size_t i = 1; i < h->n; i++) {
		struct entry x = h->v[i];
		size_t j = i;
		for (; j > 0 && h->v[j - 1].at > x.at; j--)
			h->v[j] = h->v[j - 1];
		h->v[j] = x;
	}
}

static char *visible(struct arena *a, const char *s, size_t cols)
{
	struct sb safe = SB_INIT, fit = SB_INIT;
	text_visible(s, strlen(s), &safe);
	for (size_t i = 0; i < safe.len; i++)
		if (safe.s[i] == '\n' || safe.s[i] == '\t')
			safe.s[i] = ' ';
	text_fit(safe.s, cols, false, &fit);
	char *r = arena_memdup(a, fit.s, fit.len);
	sb_free(&safe);
	sb_free(&fit);
	return r;
}

/* On one line where it fits, else what it says goes below. */
static void line(struct arena *a, const struct entry *x, struct sb *out)
{
	struct civil c = civil_of(x->at);
	const char *who = visible(a, x->who, WHO_COLS), *detail = visible(a, x->detail, DETAIL_COLS);
	if (x->number)
		sb_addf(out, "%4zu ", x->number);
	else
		sb_adds(out, "     ");
	sb_addf(out, "%02d/%02d/%02d %02d:%02d ", c.year % 100, c.mon, c.day, c.hour, c.min);
	text_fit(x->what, WHAT_COLS, true, out);
	sb_addf(out, " %s", who);
	size_t used = LEFT_COLS + WHAT_COLS + 1 + text_width(who, strlen(who));
	if (*detail && used + 2 + text_width(detail, strlen(detail)) > LINE_COLS)
		sb_addf(out, "\n%*s%s", LEFT_COLS, "", detail);
	else if (*detail)
		sb_addf(out, "  %s", detail);
	sb_addc(out, '\n');
}

static void print(const struct history *h, struct sb *out)
{
	size_t from = h->n > LINES_MAX ? h->n - LINES_MAX : 0;
	if (from)
		sb_addf(out, "(古い %zu 行は省きました)\n", from);
	for (size_t i = from; i < h->n; i++)
		line(h->r->a, &h->v[i], out);
}

enum status report_history(struct report *r, int64_t ticket, struct err *e)
{
	struct history h = { .r = r };
	struct ticket t;
	enum status st = ticket_get(r->b->s, ticket, r->a, &t, e);
	if (st == OK)
		st = add_mails(&h, ticket, e);
	if (st == OK)
		st = add_acts(&h, ticket, e);
	if (st == OK)
		st = add_merged(&h, ticket, e);
	if (st != OK)
		return st;
	sort(&h);
	sb_addf(&r->text, "%s相談 #%lld の履歴 (左の番号は「分割」に使う、メールの番号です)\n\n", r->text.len ? "\n" : "",
	        (long long)ticket);
	print(&h, &r->text);
	return OK;
}
