/* Files and forwarded mails in the staff's copy. See build_analysis.h. */
#include "build_analysis.h"
#include "mail/addr.h"
#include "mail/msg_inert.h"
#include "store/store_attachment.h"
#include "text/defang.h"
#include "text/freemail.h"
#include <string.h>

enum { LISTED = 20, SUM_SHOWN = 12 };

static bool from_outside(const struct message *m)
{
	return m->kind != MSG_NOTE && m->kind != MSG_STAFF_REPLY;
}

static enum status load_files(const struct build_ctx *b, int64_t message, struct arena *a, struct copy_extra *x,
                              struct err *e)
{
	struct attachment *v;
	enum status st = attachment_list(b->s, message, a, &v, &x->nfiles, e);
	if (st != OK)
		return st;
	x->files = arena_zalloc(a, (x->nfiles + 1) * sizeof *x->files);
	for (size_t i = 0; i < x->nfiles; i++) {
		x->files[i] = (struct strip_file){ .name = v[i].name, .type = v[i].type, .found = v[i].found,
			                           .size = (size_t)v[i].size, .depth = (unsigned)v[i].depth };
		memcpy(x->files[i].sha256, v[i].sha256, SHA256_LEN);
	}
	return OK;
}

enum status copy_extra_of(const struct build_ctx *b, const struct message *m, const struct msg *msg, struct arena *a,
                          struct copy_extra *x, struct err *e)
{
	const char *own = addr_domain(m->from_addr);
	*x = (struct copy_extra){ .raw = SB_INIT };
	x->ctx.own_domain = freemail_domain(own) ? "" : own;
	x->ctx.desk = token_desk_address(&b->token, a);
	if (!from_outside(m))
		return OK;
	if (msg)
		mail_analyse(msg, &x->ctx, a, &x->found);
	return load_files(b, m->id, a, x, e);
}

void copy_extra_inert(struct copy_extra *x, const struct msg *msg, bool suspicious)
{
	struct analyse_ctx c = x->ctx;
	c.itself = suspicious && !x->found.n;
	if (!c.itself && !x->found.n)
		return;
	if (msg_inert(msg, &c, &x->raw) && msg_parse(x->raw.s, x->raw.len, &prescan_default, &x->inert, NULL) != OK)
		x->inert = NULL;
}

void copy_extra_free(struct copy_extra *x)
{
	msg_free(&x->inert);
	sb_free(&x->raw);
}

const char *copy_extra_list(const struct copy_extra *x, struct arena *a)
{
	struct sb b = SB_INIT;
	char hex[2 * SHA256_LEN + 1];
	for (size_t i = 0; i < x->nfiles && i < LISTED; i++) {
		const struct strip_file *f = &x->files[i];
		hex_encode(f->sha256, sizeof f->sha256, hex);
		sb_adds(&b, i ? "\n　・" : "　・");
		text_defang(f->name, strlen(f->name), &b);
		sb_adds(&b, *f->name ? " (" : "(名前なし) (");
		strip_size(f->size, &b);
		sb_addf(&b, "%s%s) SHA-256 %.*s…%s", *f->found ? "、" : "", f->found, SUM_SHOWN, hex,
		        f->depth ? " ※転送されたメールの添付" : "");
	}
	if (x->nfiles > LISTED)
		sb_addf(&b, "\n　ほか %zu 件", x->nfiles - LISTED);
	const char *r = b.len ? arena_memdup(a, b.s, b.len) : NULL;
	sb_free(&b);
	return r;
}

bool copy_extra_signature_lost(const struct copy_extra *x, const struct msg *msg)
{
	if (!msg || !x->nfiles)
		return false;
	for (const struct msg_part *p = msg->root; p && p->kind != PART_MESSAGE; p = msg_part_next(p))
		if (strcmp(p->type, "multipart/signed") == 0 || strcmp(p->type, "multipart/encrypted") == 0)
			return true;
	return false;
}
