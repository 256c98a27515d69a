/*
 * The desk's front: limits and parsing, sender checks, then the transaction for
 * the kind of mail this is, and the words for Postfix.
 */
#include "desk_impl.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/notify.h"
#include "mail/addr.h"
#include <stdio.h>
#include <string.h>

static void refuse(struct desk_verdict *v, const char *code, const char *xcode, const char *text)
{
	v->action = code[0] == '4' ? DESK_TEMPFAIL : DESK_REFUSE;
	v->code = code;
	v->xcode = xcode;
	snprintf(v->text, sizeof v->text, "%s", text);
	for (char *p = v->text; *p; p++)
		if (*p < ' ' || *p > '~' || *p == '%')
			*p = '?';
}

static bool for_desk(const struct desk_mail *m)
{
	for (size_t i = 0; i < m->nrcpts; i++)
		if (m->rcpts[i].kind != TOKEN_NONE)
			return true;
	return false;
}

bool desk_wants(const struct desk_mail *m)
{
	return m->side == SIDE_SUBMISSION || for_desk(m);
}

static enum status parse(const struct desk *d, struct desk_mail *m, struct msg **msg_r, struct err *e)
{
	struct prescan_limits lim = prescan_default;
	lim.size = (size_t)d->cfg->message_max;
	lim.header = (size_t)d->cfg->header_max;
	lim.depth = (unsigned)d->cfg->mime_depth_max;
	lim.parts = (unsigned)d->cfg->mime_parts_max;
	return msg_parse(m->raw, m->raw_len, &lim, msg_r, e);
}

static void check_sender(struct intake *in)
{
	struct auth_query q = {
		.client_ip = in->m->client_ip,
		.helo = in->m->helo,
		.mail_from = in->m->env_from,
		.from_domain = addr_domain(in->from_key),
	};
	if (!in->m->dkim_results ||
	    !auth_authres_parse(in->m->dkim_results, in->d->cfg->authserv_id, &in->dkim))
		snprintf(in->dkim.result, sizeof in->dkim.result, "none");
	else if (in->m->odd_signature)
		auth_authres_distrust(&in->dkim);
	q.dkim = in->dkim.domains;
	auth_check(in->d->auth, &q, &in->auth);
}

/* Not in the transaction: it takes its time. A letter that only its words give
 * away is believed at an address that nobody could guess. */
static void read_return(struct intake *in)
{
	bool ours = false;
	for (size_t i = 0; i < in->m->nrcpts; i++)
		ours = ours || in->m->rcpts[i].kind == TOKEN_BOUNCE || in->m->rcpts[i].kind == TOKEN_NEWS ||
		       in->m->rcpts[i].kind == TOKEN_LIST;
	if (!ours && in->auto_kind != AUTO_BOUNCE)
		return;
	if (ret_read(in->d->returns, in->msg, in->m->env_from, &in->returns) && ours && *in->returns.v[0].action)
		in->auto_kind = AUTO_BOUNCE;
}

void desk_gather(const struct desk *d, struct desk_mail *m, struct msg *msg, struct intake *in)
{
	*in = (struct intake){ .d = d, .m = m, .msg = msg, .a = m->arena, .rest = SB_INIT, .why = "", .sheet.faults = SB_INIT };
	in->from_key = msg->from.n ? addr_key(in->a, msg->from.v[0].addr) : "";
	in->from_name = msg->from.n ? msg->from.v[0].name : "";
	in->auto_kind = mail_auto_kind(msg, m->env_from);
	if (m->side == SIDE_MX && desk_wants(m))
		desk_identity_gather(in);
	read_return(in);
}

/* A person who answers to the envelope sender is a customer all the same. */
static store_job job_for(const struct intake *in)
{
	struct token_news reader;
	if (in->m->side == SIDE_SUBMISSION)
		return desk_staff_tx;
	if (in->auto_kind == AUTO_BOUNCE && desk_bounced_row(in))
		return desk_bounce_tx;
	enum news_errand news = desk_news_errand(in, &reader);
	if (news != NEWS_NOTHING)
		return news == NEWS_ASKS ? desk_news_asked_tx : desk_news_tx;
	return in->answers ? desk_diagnosis_tx : desk_customer_tx;
}

static void count_taken(const struct intake *in)
{
	metrics_add(in->duplicate ? "mails_duplicate_total" : "mails_taken_total", 1);
	metrics_add("tickets_opened_total", !in->duplicate && in->new_ticket);
	metrics_add("acknowledgements_total", !in->duplicate && in->acked);
}

static void log_taken(const struct intake *in)
{
	const struct desk_mail *m = in->m;
	log_info(in->duplicate ? "duplicate" : "taken",
	         "qid=%s side=%s ticket=%lld message=%lld by=%s new=%d ack=%d auto=%s from=%s spf=%s dkim=%s dmarc=%s bytes=%zu files=%zu",
	         m->queue_id, m->side == SIDE_MX ? "mx" : "submission", (long long)in->ticket.id,
	         (long long)in->message_id, in->why, in->new_ticket, in->acked, auto_kind_name(in->auto_kind),
	         log_quote(in->from_key), in->auth.spf, in->dkim.result, in->auth.dmarc, m->raw_len, in->files.n);
}

static void answer(struct intake *in, enum status st, const struct err *e, struct desk_verdict *v)
{
	struct desk_mail *m = in->m;
	if (st == ERR_NOTFOUND && m->side == SIDE_SUBMISSION) { /* a login that is no staff member */
		if (for_desk(m))
			refuse(v, "550", "5.7.1", "This login may not write to the consultation desk");
		return;
	}
	if (st != OK && in->refused) {
		refuse(v, "554", "5.7.1", in->refused);
		return;
	}
	if (st != OK) {
		log_error("store", "qid=%s status=%s error=%s", m->queue_id, status_name(st), log_quote(e->msg));
		refuse(v, "451", "4.3.0", "The consultation desk can't store mail now, please try again");
		return;
	}
	if (!in->message_id)
		return; /* a staff member's ordinary mail */
	if (m->side == SIDE_MX)
		for (size_t i = 0; i < m->nrcpts; i++)
			m->rcpts[i].taken = m->rcpts[i].kind != TOKEN_NONE;
	v->action = DESK_TAKEN;
	log_taken(in);
	count_taken(in);
	notify_send(in->d->notify_path);
}

void desk_commit(struct intake *in, struct desk_verdict *v)
{
	struct err e = { 0 };
	store_job job = job_for(in);
	if (job == desk_customer_tx || job == desk_diagnosis_tx || job == desk_news_asked_tx)
		desk_take_files_out(in);
	enum status st = writer_run(in->d->writer, job, in, &e);
	answer(in, st, &e, v);
	sb_free(&in->rest);
	sb_free(&in->sheet.faults);
}

static void format_authres(const struct intake *in, struct desk_verdict *v)
{
	struct auth_query q = {
		.client_ip = in->m->client_ip,
		.helo = in->m->helo,
		.mail_from = in->m->env_from,
		.from_domain = addr_domain(in->from_key),
		.dkim = in->dkim.domains,
	};
	struct sb b = SB_INIT;
	auth_authres_format(&b, in->d->cfg->hostname, &q, &in->auth, &in->dkim);
	v->authres = arena_memdup(in->a, b.s, b.len);
	sb_free(&b);
}

void desk_handle(const struct desk *d, struct desk_mail *m, struct desk_verdict *v)
{
	struct err e = { 0 };
	struct msg *msg = NULL;
	struct intake in;
	*v = (struct desk_verdict){ .action = DESK_PASS };
	enum status st = parse(d, m, &msg, &e);
	if (st != OK) {
		if (for_desk(m))
			refuse(v, "554", "5.6.0", e.msg);
		return;
	}
	desk_gather(d, m, msg, &in);
	if (m->side == SIDE_MX)
		check_sender(&in);
	desk_diagnosis_gather(&in);
	if (desk_wants(m))
		desk_commit(&in, v);
	if (m->side == SIDE_MX)
		format_authres(&in, v);
	msg_free(&msg);
}
