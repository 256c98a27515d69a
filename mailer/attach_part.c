/* Which parts of a staff member's mail are files for the customer. See attach.h. */
#include "attach.h"
#include "reply_names.h"
#include "pack/pack.h"
#include "text/begins.h"
#include <string.h>
#include <strings.h>

/* The little pictures of a signature are no files to a reader. */
static bool is_decoration(const struct msg_part *p)
{
	return p->content_id && strncmp(p->type, "image/", 6) == 0 && p->parent &&
	       strcmp(p->parent->type, "multipart/related") == 0;
}

/* What a signing client puts beside the text: without the original it proves
 * nothing, and the customer gets another mail anyway. */
static bool is_signature(const struct msg_part *p)
{
	static const char *const types[] = { "application/pkcs7-signature", "application/x-pkcs7-signature",
		                             "application/pgp-signature" };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(p->type, types[i]) == 0)
			return p->parent && strcmp(p->parent->type, "multipart/signed") == 0;
	return false;
}

/* Kinds of file that hold the inside of this house, or NULL. */
static const char *refusal(const struct msg_part *p)
{
	if (p->kind == PART_MESSAGE || strncmp(p->type, "message/", 8) == 0 || text_ends(p->filename, ".eml") ||
	    text_ends(p->filename, ".msg"))
		return "メールが添付されています。社内の宛先や経路が含まれるため送れません";
	if (p->sealed)
		return "暗号化されているため、内容を確認できません。暗号化せずに送り直してください";
	if (strcmp(p->type, "application/ms-tnef") == 0 || text_ends(p->filename, "winmail.dat"))
		return "Outlook のリッチテキスト形式 (winmail.dat) です。HTML 形式かテキスト形式で送り直してください";
	if (strstr(p->type, "vcard") || text_ends(p->filename, ".vcf"))
		return "担当者の連絡先 (vCard) が添付されています。外してから送り直してください";
	return NULL;
}

/* "添付1.png" for what a client sent without a name. */
static const char *nameless(struct arena *a, const char *type, size_t i)
{
	const char *sub = strchr(type, '/');
	size_t n = sub ? strspn(sub + 1, "abcdefghijklmnopqrstuvwxyz0123456789") : 0;
	bool fit = n > 1 && n <= 4 && !sub[1 + n];
	return arena_printf(a, "添付%zu%s%s", i + 1, fit ? "." : "", fit ? sub + 1 : "");
}

static const char *name_of(const struct attach *t, const struct msg_part *p)
{
	const char *taken[PACK_FILES_MAX];
	struct sb clean = SB_INIT;
	for (size_t i = 0; i < t->nin; i++)
		taken[i] = t->in[i].name;
	if (p->filename)
		reply_hide_names(t->clean, p->filename, strlen(p->filename), &clean);
	const char *raw = clean.len ? clean.s : nameless(t->a, p->type, t->nin);
	const char *r = pack_name(t->a, raw, taken, t->nin);
	sb_free(&clean);
	return r;
}

static enum status take(struct attach *t, const struct msg_part *p, struct err *e)
{
	struct sb bytes = SB_INIT;
	if (t->nin == PACK_FILES_MAX)
		return err_set(e, ERR_DENIED, "添付ファイルが多すぎます (%d 個まで)", PACK_FILES_MAX);
	enum status st = msg_part_bytes(p, p->body_len + 1, &bytes, e); /* decoding makes nothing longer */
	if (st == OK)
		t->in[t->nin] = (struct attach_file){ .name = name_of(t, p), .type = p->type,
			.p = arena_memdup(t->a, bytes.s, bytes.len), .n = bytes.len };
	if (st == OK)
		t->nin++;
	sb_free(&bytes);
	return st;
}

enum status attach_collect(struct attach *t, const struct msg *m, struct err *e)
{
	t->in = arena_zalloc(t->a, PACK_FILES_MAX * sizeof *t->in);
	t->nin = 0;
	for (const struct msg_part *p = m->root; p; p = msg_part_next(p)) {
		bool unread = p->sealed || p->kind == PART_WRAP;
		if ((!msg_part_is_file(p) && !unread) || is_decoration(p) || is_signature(p))
			continue;
		const char *why = refusal(p);
		if (why)
			return err_set(e, ERR_DENIED, "%s", why);
		enum status st = unread ? OK : take(t, p, e);
		if (st != OK)
			return st;
	}
	return OK;
}
