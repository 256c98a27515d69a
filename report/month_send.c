/*
 * An approved report on its way to the contact (HEALTH-06): pages and tables of the
 * month as it was closed, with the words that were approved, as a letter on a
 * ticket of its own, closed: an answer to it is a consultation. The mailer seals
 * the files as the contract's delivery policy says (mailer/attach.h), the PDF with
 * the password of reports. See month.h.
 *
 * What can't go out is held, and staff are told why, better than by a mail that
 * fails.
 */
#include "month.h"
#include "store/store_audit.h"
#include "store/store_contract.h"
#include "store/store_delivery.h"
#include "store/store_letter.h"
#include "store/store_ticket.h"
#include <stdio.h>
#include <string.h>

enum { FILES_MAX = 8 };

struct sending {
	struct month *m;
	const struct report_job *j;
	struct health_row *row;
	struct arena *a;
	struct checkup c;
	const char *to;
	struct outbox_file file[FILES_MAX];
	struct sb bytes[FILES_MAX];
	size_t nfiles;
	const char *why; /* it can't go out; Japanese */
};

enum status month_facts(struct month *m, const struct health_row *row, struct arena *a, struct checkup *c, struct err *e)
{
	struct sb facts = SB_INIT;
	enum status st = health_facts(m->r->s, row->id, &facts, e);
	if (st == OK)
		st = checkup_read(facts.s, facts.len, a, c, e);
	sb_free(&facts);
	return st;
}

/* ---- may it go out? ----------------------------------------------------------------------- */

static enum status find_contract(struct sending *x, struct err *e)
{
	struct contract k;
	struct contract_delivery own = { .policy = DELIVERY_ZIP };
	enum status st = contract_get(x->m->r->s, x->row->contract_id, x->a, &k, e);
	if (st != OK)
		return st;
	x->to = contract_contact(&k, x->a);
	x->c.contact = checkup_contact(&k, x->a); /* he may be another than when the draft was made */
	if (!delivery_parse(x->m->r->cfg->delivery, &own.policy))
		return err_set(e, ERR_BUG, "delivery");
	st = delivery_get(x->m->r->s, k.id, x->a, &own, e);
	if (st != OK && st != ERR_NOTFOUND)
		return st;
	bool sealed = own.policy == DELIVERY_LINK ? k.secret_set[CF_OPENING_PASSWORD] : k.secret_set[CF_REPORT_PASSWORD];
	if (!*x->to)
		x->why = "契約にセキュリティ担当者のメールアドレスが登録されていません";
	else if (own.policy != DELIVERY_PLAIN && !sealed)
		x->why = own.policy == DELIVERY_LINK ? "契約に「利用案内確認パスワード」が登録されていません"
		                                     : "契約に「セキュリティレポート用パスワード」が登録されていません";
	return OK;
}

/* ---- files ----------------------------------------------------------------------------------- */

static struct sb *put(struct sending *x, const char *what, const char *end, const char *type)
{
	struct sb *b = &x->bytes[x->nfiles];
	*b = SB_INIT;
	x->file[x->nfiles++] = (struct outbox_file){ .type = type, .content_id = "",
		.filename = arena_printf(x->a, "%s-%s-%04d-%02d.%s", what, x->c.number, x->row->month / 100, x->row->month % 100, end) };
	return b;
}

static enum status make_files(struct sending *x, struct err *e)
{
	const struct checkup_look look = { x->m->words, x->m->r->cfg->desk_name, false };
	const char *name = "";
	enum status st = checkup_pdf(&x->c, &x->row->words, &look, put(x, "health", "pdf", "application/pdf"), NULL, e);
	for (size_t i = 0; st == OK && x->nfiles < FILES_MAX; i++) {
		struct sb csv = SB_INIT;
		if (!checkup_csv(&x->c, i, &name, &csv))
			break;
		if (csv.len)
			sb_add(put(x, name, "csv", "text/csv"), csv.s, csv.len);
		sb_free(&csv);
	}
	return st;
}

/* ---- the mail ----------------------------------------------------------------------------------- */

static const char *intro(struct sending *x)
{
	char month[48];
	return arena_printf(x->a, "%s\n%s%s様\nいつもお世話になっております。%sです。\n%s分のセキュリティヘルスチェックレポートをお送りします。要点は次のとおりです。詳しくは PDF をご覧ください。",
	                    x->c.company, x->c.contact, *x->c.contact ? " " : "ご担当者", x->m->r->cfg->desk_name, checkup_month(x->row->month, month));
}

static enum status open_ticket(struct sending *x, int64_t *ticket_r, struct err *e)
{
	char month[48];
	struct ticket t = { .state = TICKET_CLOSED, .channel = "health", .contract_id = x->row->contract_id, .opened_at = x->m->now, .closed_at = x->m->now,
	                    .last_at = x->m->now, .subject = arena_printf(x->a, "%s分 ヘルスチェックレポート", checkup_month(x->row->month, month)) };
	enum status st = ticket_create(x->m->r->s, &t, e);
	*ticket_r = t.id;
	return st == OK ? party_add(x->m->r->s, t.id, x->to, x->c.contact, x->m->now, e) : st;
}

static void add_vars(struct sending *x, struct sb *vars)
{
	char month[48], marks[64];
	struct sb html = SB_INIT, plain = SB_INIT;
	checkup_html(&x->c, &x->row->words, intro(x), &html);
	checkup_plain(&x->c, &x->row->words, &plain);
	outbox_var_add(vars, "company", x->c.company);
	outbox_var_add(vars, "name", x->c.contact);
	outbox_var_add(vars, "month", checkup_month(x->row->month, month));
	outbox_var_add(vars, "marks", month_marks(&x->row->words, marks));
	outbox_var_add(vars, "summary", plain.s);
	outbox_var_add(vars, "html", html.s);
	outbox_var_add(vars, "deliver", "pdf");
	outbox_var_add(vars, LETTER_HEALTH, arena_printf(x->a, "%lld", (long long)x->row->id));
	sb_free(&html);
	sb_free(&plain);
}

static enum status add_mail(struct sending *x, int64_t *outbox_r, struct err *e)
{
	int64_t ticket = 0;
	struct sb vars = SB_INIT;
	enum status st = open_ticket(x, &ticket, e);
	add_vars(x, &vars);
	struct outbox o = { .kind = OUT_LETTER, .ticket_id = ticket, .rcpts = x->to, .tmpl = "health-report", .vars = vars.s, .vars_len = vars.len,
	                    .created_at = x->m->now };
	if (st == OK)
		st = outbox_add(x->m->r->s, &o, e);
	for (size_t i = 0; st == OK && i < x->nfiles; i++) {
		x->file[i].p = x->bytes[i].s;
		x->file[i].n = x->bytes[i].len;
		st = outbox_file_add(x->m->r->s, o.id, &x->file[i], e);
	}
	*outbox_r = st == OK ? o.id : 0;
	sb_free(&vars);
	return st;
}

static enum status tell_staff(struct sending *x, int64_t *outbox_r, struct err *e)
{
	char month[48], id[24];
	const char *rcpts;
	struct sb vars = SB_INIT;
	enum status st = month_staff(x->m, x->a, &rcpts, e);
	if (st != OK || !*rcpts)
		return st;
	snprintf(id, sizeof id, "%lld", (long long)x->row->id);
	outbox_var_add(&vars, "number", x->c.number);
	outbox_var_add(&vars, "company", x->c.company);
	outbox_var_add(&vars, "month", checkup_month(x->row->month, month));
	outbox_var_add(&vars, "why", x->why);
	outbox_var_add(&vars, "reply_health", id);
	struct outbox o = { .kind = OUT_NOTICE, .rcpts = rcpts, .tmpl = "health-problem", .vars = vars.s, .vars_len = vars.len, .created_at = x->m->now };
	st = outbox_add(x->m->r->s, &o, e);
	*outbox_r = st == OK ? o.id : 0;
	sb_free(&vars);
	return st;
}

/* ---- in one transaction ---------------------------------------------------------------------------- */

static enum status write_all(struct sending *x, int64_t *outbox_r, struct err *e)
{
	struct store *s = x->m->r->s;
	enum status st = x->why ? tell_staff(x, outbox_r, e) : add_mail(x, outbox_r, e);
	x->row->state = x->why ? HEALTH_HELD : HEALTH_SENT;
	x->row->why = x->why ? x->why : "";
	x->row->changed_at = x->m->now;
	x->row->outbox_id = x->why ? 0 : *outbox_r;
	if (st == OK)
		st = health_update(s, x->row, e);
	const struct audit row = { .at = x->m->now, .who = x->row->who, .what = x->why ? "health.held" : "health.sent",
		                   .detail = arena_printf(x->a, "health %lld of %d, outbox %lld%s%s", (long long)x->row->id, x->row->month,
		                                          (long long)*outbox_r, x->why ? ": " : "", x->why ? x->why : "") };
	if (st == OK)
		st = audit_add(s, &row, e);
	return st == OK ? report_job_end(s, x->j->id, x->why ? REPORT_FAILED : REPORT_DONE, *outbox_r, x->why ? x->why : "", x->m->now, e) : st;
}

static enum status commit(struct sending *x, int64_t *outbox_r, struct err *e)
{
	struct store *s = x->m->r->s;
	enum status st = store_begin(s, e);
	if (st != OK)
		return st;
	st = write_all(x, outbox_r, e);
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	*outbox_r = 0;
	return st == ERR_EXISTS ? OK : st; /* another process was faster */
}

enum status month_send(struct month *m, const struct report_job *j, struct health_row *row, int64_t *outbox_r, struct err *e)
{
	struct sending x = { .m = m, .j = j, .row = row, .a = arena_new() };
	*outbox_r = 0;
	enum status st = month_facts(m, row, x.a, &x.c, e);
	if (st == OK)
		st = find_contract(&x, e);
	if (st == OK && !x.why)
		st = make_files(&x, e);
	if (st == OK)
		st = commit(&x, outbox_r, e);
	for (size_t i = 0; i < x.nfiles; i++)
		sb_free(&x.bytes[i]);
	arena_free(&x.a);
	return st;
}
