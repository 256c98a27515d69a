/*
 * What an upload changes, in one transaction: the files' rows, the ticket (its
 * reply clock runs: a file that was sent is a mail to be answered), a notice
 * with a fetch link of his own to each staff member, a receipt to the customer,
 * the audit (DESK-09).
 */
#include "upload.h"
#include "page.h"
#include "store/store_audit.h"
#include "store/store_merge.h"
#include "store/store_message.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include "store/store_ticket.h"
#include <string.h>

enum { DAY = 86400 };

/* The link's ticket may have been merged into another since. */
static enum status look_at_link(struct store *s, struct upload *u, struct ticket *t, struct err *e)
{
	enum status st = upload_link_get(s, u->link_id, &u->link, e);
	if (st == OK)
		st = ticket_current(s, u->link.ticket_id, u->a, t, e);
	if (st != OK)
		return st;
	u->link.ticket_id = t->id;
	u->verdict = upload_link_verdict(&u->link, u->now);
	if (u->verdict != LINK_GOOD)
		u->refusal = UPLOAD_CLOSED;
	return OK;
}

/* After the rows are in, so that repeated files don't count twice. ERR_LIMIT
 * takes them out again. */
static enum status keep_limits(struct store *s, struct upload *u, struct err *e)
{
	int64_t n = 0, bytes = 0;
	enum status st = file_link_sums(s, u->link_id, &n, &bytes, e);
	if (st != OK)
		return st;
	if (n > u->link.files_max)
		u->refusal = UPLOAD_TOO_MANY;
	else if (bytes > u->link.bytes_max)
		u->refusal = UPLOAD_TOO_BIG;
	return u->refusal == UPLOAD_TAKEN ? OK : err_set(e, ERR_LIMIT, "link %lld is full", (long long)u->link_id);
}

static enum status add_file(struct store *s, struct upload *u, struct upload_file *f, struct err *e)
{
	struct stored_file row = {
		.ticket_id = u->link.ticket_id,
		.link_id = u->link_id,
		.name = f->name,
		.type = f->type,
		.size = f->sum.size,
		.spool = f->spool,
		.created_at = u->now,
		.delete_at = u->now + u->in->cfg->file_keep_days * DAY,
	};
	memcpy(row.sha256, f->sum.sha256, SHA256_LEN);
	enum status st = file_add(s, &row, f->key, e);
	f->repeated = st == ERR_EXISTS;
	f->id = row.id;
	u->added += st == OK;
	return st == ERR_EXISTS ? OK : st;
}

/* As after a customer's mail: see milter/desk_customer.c. */
static enum status wake_ticket(struct store *s, const struct upload *u, struct ticket *t, struct err *e)
{
	enum status st = ticket_wait(s, t, u->now, cal_due(u->in->cal, u->now), e);
	return st == OK ? ticket_update(s, t, e) : st;
}

/* ---- mails ------------------------------------------------------------------------ */

/* The new files, two lines each. */
static void list_files(const struct upload *u, struct sb *out)
{
	char size[32], sum[2 * SHA256_LEN + 1];
	for (size_t i = 0; i < u->n; i++) {
		const struct upload_file *f = &u->files[i];
		if (f->repeated)
			continue;
		hex_encode(f->sum.sha256, SHA256_LEN, sum);
		sb_addf(out, "%s・%s (%s)\n  SHA-256: %s", out->len ? "\n" : "", f->name, size_words(f->sum.size, size), sum);
	}
}

static void common_vars(const struct upload *u, const struct ticket *t, struct sb *vars)
{
	struct sb files = SB_INIT;
	char until[48];
	list_files(u, &files);
	outbox_var_add(vars, "subject", t->subject);
	outbox_var_add(vars, "count", arena_printf(u->a, "%zu", u->added));
	outbox_var_add(vars, "files", files.s);
	outbox_var_add(vars, "kept_until", clk_ja(u->now + u->in->cfg->file_keep_days * DAY, until));
	sb_free(&files);
}

static enum status post(struct store *s, const struct upload *u, enum outbox_kind kind, const char *tmpl,
                        const char *rcpts, const struct sb *vars, struct err *e)
{
	struct outbox o = {
		.kind = kind,
		.ticket_id = u->link.ticket_id,
		.rcpts = rcpts,
		.tmpl = tmpl,
		.vars = vars->s,
		.vars_len = vars->len,
		.created_at = u->now,
	};
	return outbox_add(s, &o, e);
}

static enum status fetch_link(struct store *s, const struct upload *u, int64_t staff, struct download_link *l,
                              struct err *e)
{
	size_t n = 0;
	int64_t ids[UPLOAD_FILES];
	*l = (struct download_link){
		.kind = DOWNLOAD_STAFF,
		.ticket_id = u->link.ticket_id,
		.staff_id = staff,
		.created_at = u->now,
		.expires_at = u->now + u->in->cfg->fetch_link_days * DAY,
		.uses_max = 1,
	};
	for (size_t i = 0; i < u->n; i++)
		if (!u->files[i].repeated)
			ids[n++] = u->files[i].id;
	return download_link_add(s, l, ids, n, e);
}

static enum status tell_staff(struct store *s, const struct upload *u, const struct ticket *t, struct err *e)
{
	struct staff *v;
	size_t n;
	char until[48];
	enum status st = staff_list(s, STAFF_AGENT | STAFF_SUPERVISOR, u->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		struct download_link l;
		struct sb vars = SB_INIT;
		st = fetch_link(s, u, v[i].id, &l, e);
		common_vars(u, t, &vars);
		outbox_var_add(&vars, "download_link", arena_printf(u->a, "%lld", (long long)l.id));
		outbox_var_add(&vars, "fetch_until", clk_ja(l.expires_at, until));
		if (st == OK)
			st = post(s, u, OUT_NOTICE, "upload-received", v[i].address, &vars, e);
		sb_free(&vars);
	}
	return st;
}

static const char *last_message_id(struct store *s, const struct upload *u)
{
	struct message *v;
	size_t n = 0;
	if (message_list(s, u->link.ticket_id, u->a, &v, &n, NULL) != OK)
		return "";
	while (n > 0)
		if (v[--n].kind == MSG_CUSTOMER)
			return v[n].message_id;
	return "";
}

/* To those who take part in the ticket as customers. */
static enum status tell_customer(struct store *s, const struct upload *u, const struct ticket *t, struct err *e)
{
	const char **v;
	struct sb rcpts = SB_INIT, vars = SB_INIT;
	enum status st = party_list(s, u->link.ticket_id, u->a, &v, e);
	for (size_t i = 0; st == OK && v[i]; i++)
		sb_addf(&rcpts, "%s%s", i ? "\n" : "", v[i]);
	common_vars(u, t, &vars);
	outbox_var_add(&vars, "in_reply_to", last_message_id(s, u));
	if (st == OK && rcpts.len)
		st = post(s, u, OUT_LETTER, "upload-receipt", rcpts.s, &vars, e);
	sb_free(&rcpts);
	sb_free(&vars);
	return st;
}

static enum status record(struct store *s, const struct upload *u, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < u->n; i++) {
		const struct upload_file *f = &u->files[i];
		struct audit row = { .at = u->now, .who = "customer", .what = "file.upload", .ticket_id = u->link.ticket_id,
			.detail = arena_printf(u->a, "file %lld, link %lld, %lld bytes: %s", (long long)f->id,
			                       (long long)u->link_id, (long long)f->sum.size, f->name) };
		if (!f->repeated)
			st = audit_add(s, &row, e);
	}
	return st;
}

enum status upload_store(struct store *s, void *arg, struct err *e)
{
	struct upload *u = arg;
	struct ticket t;
	u->refusal = UPLOAD_TAKEN;
	u->added = 0;
	enum status st = look_at_link(s, u, &t, e);
	if (st != OK || u->refusal != UPLOAD_TAKEN)
		return st;
	for (size_t i = 0; st == OK && i < u->n; i++)
		st = add_file(s, u, &u->files[i], e);
	if (st == OK)
		st = keep_limits(s, u, e);
	if (st != OK || u->added == 0)
		return st;
	st = wake_ticket(s, u, &t, e);
	if (st == OK)
		st = tell_staff(s, u, &t, e);
	if (st == OK)
		st = tell_customer(s, u, &t, e);
	return st == OK ? record(s, u, e) : st;
}
