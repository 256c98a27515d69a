/* Mails of the monthly run to staff: see month.h. */
#include "month.h"
#include "store/store_contract.h"
#include "store/store_people.h"
#include "text/layout.h"
#include <stdio.h>
#include <string.h>

enum { LIST_MAX = 300, LINE_NUMBERS = 5, NAME_COLS = 36 };

enum status month_staff(struct month *m, struct arena *a, const char **lines_r, struct err *e)
{
	enum status st = staff_lines(m->r->s, STAFF_AGENT, a, lines_r, e);
	return st == OK && !**lines_r ? staff_lines(m->r->s, STAFF_SUPERVISOR, a, lines_r, e) : st;
}

const char *month_marks(const struct health_words *w, char buf[64])
{
	int bad = 0, warn = 0;
	for (int i = 0; i < HEALTH_ITEMS; i++) {
		bad += w->mark[i] == HEALTH_BAD;
		warn += w->mark[i] == HEALTH_WARN;
	}
	if (!bad && !warn)
		return "要対応・注意なし";
	snprintf(buf, 64, bad && warn ? "要対応%d・注意%d" : bad ? "要対応%d" : "注意%d", bad ? bad : warn, warn);
	return buf;
}

/* "11月16日(月)" */
static void add_due(struct sb *vars, epoch due)
{
	char at[48];
	clk_ja(due, at);
	at[strcspn(at, " ")] = '\0';
	outbox_var_add(vars, "due", at);
}

enum status month_draft_mail(struct month *m, const struct health_row *row, const struct checkup *c, const struct sb *pdf, const char *in_reply_to,
                             const char *rcpts, int64_t *outbox_r, struct err *e)
{
	char month[48], marks[64], id[24], name[64];
	struct sb vars = SB_INIT, words = SB_INIT;
	health_words_show(&row->words, row->version, &words);
	snprintf(id, sizeof id, "%lld", (long long)row->id);
	snprintf(name, sizeof name, "health-%s-%d-draft%lld.pdf", c->number, row->month, (long long)row->version);
	outbox_var_add(&vars, "number", c->number);
	outbox_var_add(&vars, "company", c->company);
	outbox_var_add(&vars, "month", checkup_month(row->month, month));
	outbox_var_add(&vars, "marks", month_marks(&row->words, marks));
	outbox_var_add(&vars, "words", words.s);
	outbox_var_add(&vars, "again", row->version > 1 ? "1" : "");
	outbox_var_add(&vars, "until", c->until);
	outbox_var_add(&vars, "reply_health", id);
	outbox_var_add(&vars, "in_reply_to", in_reply_to);
	add_due(&vars, row->due_at);
	struct outbox o = { .kind = OUT_NOTICE, .rcpts = rcpts, .tmpl = "health-draft", .vars = vars.s, .vars_len = vars.len, .created_at = m->now };
	const struct outbox_file f = { .filename = name, .type = "application/pdf", .content_id = "", .p = pdf->s, .n = pdf->len };
	enum status st = outbox_add(m->r->s, &o, e);
	if (st == OK)
		st = outbox_file_add(m->r->s, o.id, &f, e);
	*outbox_r = st == OK ? o.id : 0;
	sb_free(&vars);
	sb_free(&words);
	return st;
}

/* ---- how a month stands --------------------------------------------------------------------- */

struct overview {
	struct sb list, fine;
	size_t n, nfine;
};

static enum status add_row(struct month *m, const struct health_row *r, struct arena *a, struct overview *v, struct err *e)
{
	char marks[64];
	struct contract c;
	enum status st = contract_get(m->r->s, r->contract_id, a, &c, e);
	if (st != OK || r->state == HEALTH_SENT)
		return st;
	if (v->n++ < LIST_MAX) {
		sb_addf(&v->list, "%s ", c.v[CF_N_NUMBER]);
		text_fit(c.v[CF_NAME], NAME_COLS, true, &v->list);
		sb_addf(&v->list, " %s%s%s\n", month_marks(&r->words, marks), r->state == HEALTH_DRAFT ? "" : "　", r->state == HEALTH_DRAFT ? "" : health_state_ja(r->state));
	}
	bool fine = r->state == HEALTH_DRAFT;
	for (int i = 0; i < HEALTH_ITEMS; i++)
		fine = fine && (r->words.mark[i] == HEALTH_GOOD || r->words.mark[i] == HEALTH_FAIR);
	if (fine && v->nfine < HEALTH_NUMBERS_MAX)
		sb_addf(&v->fine, "%s%s", v->nfine % LINE_NUMBERS ? " " : v->nfine ? "\n承認 " : "承認 ", c.v[CF_N_NUMBER]);
	v->nfine += fine;
	return OK;
}

static void add_counts(struct sb *vars, const int64_t n[HEALTH_STATES])
{
	static const char *const names[HEALTH_STATES] = { "drafts", "held", "approved", "sent" };
	char buf[24];
	for (int i = 0; i < HEALTH_STATES; i++) {
		snprintf(buf, sizeof buf, "%lld", (long long)n[i]);
		outbox_var_add(vars, names[i], buf);
	}
	outbox_var_add(vars, "open", n[HEALTH_DRAFT] + n[HEALTH_HELD] ? "1" : "");
}

static enum status put_overview(struct month *m, int month, const char *tmpl, const char *rcpts, const struct overview *v,
                                const int64_t n[HEALTH_STATES], int64_t *outbox_r, struct err *e)
{
	char name[48], more[24], about[16];
	struct sb vars = SB_INIT;
	const epoch due = month_due(m->r->cal, month);
	snprintf(more, sizeof more, "%zu", v->n > LIST_MAX ? v->n - LIST_MAX : 0);
	outbox_var_add(&vars, "month", checkup_month(month, name));
	outbox_var_add(&vars, "list", v->list.s);
	outbox_var_add(&vars, "more", v->n > LIST_MAX ? more : "");
	outbox_var_add(&vars, "fine", v->fine.s);
	outbox_var_add(&vars, "late", m->now > due ? "1" : "");
	snprintf(about, sizeof about, "%d", -month);
	outbox_var_add(&vars, "reply_health", about);
	add_counts(&vars, n);
	add_due(&vars, due);
	struct outbox o = { .kind = OUT_NOTICE, .rcpts = rcpts, .tmpl = tmpl, .vars = vars.s, .vars_len = vars.len, .created_at = m->now };
	enum status st = outbox_add(m->r->s, &o, e);
	*outbox_r = st == OK ? o.id : 0;
	sb_free(&vars);
	return st;
}

enum status month_overview_mail(struct month *m, int month, const char *tmpl, const char *rcpts, int64_t *outbox_r, struct err *e)
{
	struct arena *a = arena_new();
	struct overview v = { .list = SB_INIT, .fine = SB_INIT };
	struct health_row *rows;
	size_t n;
	int64_t counts[HEALTH_STATES];
	enum status st = health_counts(m->r->s, month, counts, e);
	if (st == OK)
		st = health_list(m->r->s, month, true, a, &rows, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = add_row(m, &rows[i], a, &v, e);
	if (st == OK)
		st = put_overview(m, month, tmpl, rcpts, &v, counts, outbox_r, e);
	sb_free(&v.list);
	sb_free(&v.fine);
	arena_free(&a);
	return st;
}
