/*
 * Files that come by mail are not taken (DESK-09): the mail is stored without
 * them, what they were is kept, and the sender is shown the way to upload them
 * if a machine may answer him (RFC 3834, desk_ack.c).
 */
#include "desk_impl.h"
#include "store/store_attachment.h"
#include "store/store_link.h"
#include "text/defang.h"
#include "text/layout.h"
#include <stdio.h>
#include <string.h>

enum { DAY = 86400, LISTED = 10, NAME_COLS = 50 };

void desk_take_files_out(struct intake *in)
{
	const struct cfg *c = in->d->cfg;
	struct strip_rules rules = {
		.inline_image_max = (size_t)c->inline_image_max,
		.keep_images = c->keep_images != 0,
	};
	if (strcmp(c->attachments, "strip") == 0)
		msg_strip(in->msg, &rules, in->a, &in->files, &in->rest);
}

enum status desk_record_files(struct store *s, const struct intake *in, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; i < in->files.n && st == OK; i++) {
		const struct strip_file *f = &in->files.v[i];
		struct attachment row = { .name = f->name, .type = f->type, .found = f->found, .size = (int64_t)f->size,
			                  .depth = f->depth };
		memcpy(row.sha256, f->sha256, sizeof row.sha256);
		st = attachment_add(s, in->message_id, (int64_t)i, &row, e);
	}
	return st;
}

/* In the log of automatic answers, beside those to an address. */
static const char *guide_key(const struct intake *in)
{
	return arena_printf(in->a, "guide:%lld", (long long)in->ticket.id);
}

const char *desk_guide_recipient(struct store *s, const struct intake *in, const char **why_r)
{
	*why_r = "no-files";
	return in->files.n ? desk_ack_recipient(s, in, why_r) : NULL;
}

/* He has read how it goes, and is told in short that it goes for this one too. */
static bool guided_today(struct store *s, const struct intake *in)
{
	int64_t n = 0;
	return ack_count(s, guide_key(in), in->m->now - DAY, &n, NULL) == OK && n > 0;
}

/* A name that a client would make a link of is made inert. */
static void put_name(const char *name, struct sb *out)
{
	struct sb fit = SB_INIT;
	size_t pos = 0, at, n;
	text_fit(*name ? name : "(名前のないファイル)", NAME_COLS, false, &fit);
	if (text_url_next(fit.s, fit.len, &pos, &at, &n))
		text_defang(fit.s, fit.len, out);
	else
		sb_add(out, fit.s, fit.len);
	sb_free(&fit);
}

static void list(const struct stripped *r, struct sb *out)
{
	for (size_t i = 0; i < r->n && i < LISTED; i++) {
		sb_adds(out, i ? "\n　・" : "　・");
		put_name(r->v[i].name, out);
		sb_adds(out, " (");
		strip_size(r->v[i].size, out);
		sb_addc(out, ')');
	}
	if (r->n + r->more > LISTED)
		sb_addf(out, "\n　ほか %zu 件", r->n + r->more - LISTED);
}

enum status desk_guide_vars(struct store *s, const struct intake *in, struct sb *vars, struct err *e)
{
	struct upload_link l;
	struct sb names = SB_INIT;
	char until[48], num[24];
	enum status st = upload_link_new(s, in->d->cfg, in->ticket.id, in->m->now, &l, e);
	if (st == OK)
		st = ack_record(s, guide_key(in), in->m->now, e);
	if (st == OK) {
		list(&in->files, &names);
		snprintf(num, sizeof num, "%lld", (long long)l.id);
		outbox_var_add(vars, "files", names.s);
		outbox_var_add(vars, "upload_link", num);
		outbox_var_add(vars, "upload_until", clk_ja(l.expires_at, until));
		st = desk_audit(s, in, "system", "upload.link", arena_printf(in->a, "link %s", num), e);
	}
	sb_free(&names);
	return st;
}

enum status desk_guide(struct store *s, struct intake *in, const char *to, struct err *e)
{
	struct sb vars = SB_INIT;
	outbox_var_add(&vars, "subject", in->msg->subject);
	outbox_var_add(&vars, "in_reply_to", in->msg->message_id);
	outbox_var_add(&vars, "name", in->from_name);
	outbox_var_add(&vars, "again", guided_today(s, in) ? "1" : "");
	enum status st = desk_guide_vars(s, in, &vars, e);
	if (st == OK)
		st = desk_send(s, in, OUT_LETTER, "upload-guide", to, &vars, e);
	if (st == OK)
		st = ack_record(s, to, in->m->now, e);
	sb_free(&vars);
	return st;
}
