/* Files of an answer, by the policy of the contract. See attach.h. */
#include "attach.h"
#include "base/crypto.h"
#include "pack/pack.h"
#include "store/store_contract.h"
#include "store/store_merge.h"
#include <string.h>

enum { MB = 1000 * 1000 };

void attach_free(struct attach *t)
{
	sb_free(&t->note);
}

/* ---- what the contract says --------------------------------------------------------- */

static enum status find_contract(struct attach *t, struct err *e)
{
	struct ticket k;
	enum status st = ticket_current(t->b->s, t->o->ticket_id, t->a, &k, e);
	if (st == OK) {
		t->ticket = k.id;
		t->contract = k.contract_id;
	}
	return st;
}

static enum status find_policy(const struct attach *t, enum delivery *d, struct err *e)
{
	struct contract_delivery own;
	enum status st = t->contract ? delivery_get(t->b->s, t->contract, t->a, &own, e) : ERR_NOTFOUND;
	if (st == OK)
		*d = own.policy;
	if (st == ERR_NOTFOUND)
		return delivery_parse(t->b->cfg->delivery, d) ? OK : err_set(e, ERR_BUG, "delivery");
	return st;
}

/* "" when there is none; the caller wipes. */
static enum status find_password(struct attach *t, struct sb *out, struct err *e)
{
	enum status st = t->contract && t->report ? contract_password(t->b->s, t->contract, CF_REPORT_PASSWORD, out, e) : ERR_NOTFOUND;
	t->report = st == OK;
	if (st == ERR_NOTFOUND)
		st = t->contract ? contract_password(t->b->s, t->contract, CF_OPENING_PASSWORD, out, e) : ERR_NOTFOUND;
	return st == ERR_NOTFOUND ? OK : st;
}

static enum status no_password(const struct attach *t, struct err *e)
{
	if (!t->contract)
		return err_set(e, ERR_DENIED, "添付ファイルを暗号化できません。この相談には契約が結び付いていません");
	return err_set(e, ERR_DENIED, "添付ファイルを暗号化できません。契約に「利用案内確認パスワード」が登録されていません");
}

/* ---- ways out ----------------------------------------------------------------------- */

static size_t total(const struct attach *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->nin; i++)
		n += t->in[i].n;
	return n;
}

static void put(struct attach *t, const char *name, const char *type, const void *p, size_t n)
{
	t->out[t->nout++] = (struct build_file){ .filename = name, .type = type, .p = p, .n = n };
}

static enum status zip(struct attach *t, const struct attach_file *v, size_t n, const char *password,
                       struct attach_told *k, struct err *e)
{
	struct pack_file *files = arena_zalloc(t->a, (n + 1) * sizeof *files);
	struct sb bytes = SB_INIT;
	for (size_t i = 0; i < n; i++) {
		files[i] = (struct pack_file){ v[i].name, v[i].p, v[i].n };
		attach_tell(&k->in_zip, &v[i]);
	}
	enum status st = pack_zip(files, n, password, t->o->created_at, total(t), &bytes, e);
	if (st == OK) {
		k->zip = arena_printf(t->a, "reply-%lld.zip", (long long)t->o->ticket_id); /* ASCII: any client saves it */
		put(t, k->zip, "application/zip", arena_memdup(t->a, bytes.s, bytes.len), bytes.len);
	}
	sb_free(&bytes);
	return st;
}

/* What qpdf can't take goes into the ZIP with the rest. */
static enum status pdfs(struct attach *t, const char *password, struct attach_told *k, struct err *e)
{
	struct attach_file *rest = arena_zalloc(t->a, (t->nin + 1) * sizeof *rest);
	size_t nrest = 0, max = 2 * total(t) + MB;
	for (size_t i = 0; i < t->nin; i++) {
		const struct attach_file *f = &t->in[i];
		struct sb bytes = SB_INIT;
		enum status st = pack_is_pdf(f->p, f->n) ? pack_pdf(f->p, f->n, password, max, &bytes, e) : ERR_PERM;
		if (st == ERR_TEMP)
			return st;
		if (st == OK) {
			put(t, f->name, "application/pdf", arena_memdup(t->a, bytes.s, bytes.len), bytes.len);
			attach_tell(&k->pdfs, f);
		} else {
			rest[nrest++] = *f;
		}
		sb_free(&bytes);
	}
	return nrest ? zip(t, rest, nrest, password, k, e) : OK;
}

static void plain(struct attach *t, struct attach_told *k)
{
	for (size_t i = 0; i < t->nin; i++) {
		put(t, t->in[i].name, t->in[i].type, t->in[i].p, t->in[i].n);
		attach_tell(&k->plain, &t->in[i]);
	}
}

/* ---- which ---------------------------------------------------------------------------- */

static bool has_archive(const struct attach *t)
{
	for (size_t i = 0; i < t->nin; i++)
		if (pack_is_archive(t->in[i].name, t->in[i].p, t->in[i].n))
			return true;
	return false;
}

static enum delivery choose(const struct attach *t, enum delivery wish)
{
	if (t->pdf && wish == DELIVERY_ZIP)
		wish = DELIVERY_PDF;
	/* Base64 makes 57 bytes a line of 78; the text and a PDF's growth want room too. */
	size_t mail = (size_t)t->b->cfg->message_max / 2, wish_max = (size_t)t->b->cfg->attach_max_mb * MB;
	if (total(t) > (wish_max < mail ? wish_max : mail))
		return DELIVERY_LINK;
	return wish != DELIVERY_PLAIN && has_archive(t) ? DELIVERY_LINK : wish;
}

static enum status pack(struct attach *t, enum delivery how, const char *password, struct attach_told *k, struct err *e)
{
	if (how == DELIVERY_LINK)
		return attach_link(t, k, e);
	if (how == DELIVERY_PDF)
		return pdfs(t, password, k, e);
	if (how == DELIVERY_ZIP)
		return zip(t, t->in, t->nin, password, k, e);
	plain(t, k);
	return OK;
}

static void forget(struct attach_told *k)
{
	sb_free(&k->in_zip), sb_free(&k->pdfs), sb_free(&k->plain), sb_free(&k->linked);
}

static enum status deliver(struct attach *t, enum delivery how, const char *password, struct err *e)
{
	struct attach_told k = { .in_zip = SB_INIT, .pdfs = SB_INIT, .plain = SB_INIT, .linked = SB_INIT,
		                      .report = t->report && how != DELIVERY_LINK /* its page asks for the other one */ };
	t->out = arena_zalloc(t->a, (t->nin + 1) * sizeof *t->out);
	enum status st = pack(t, how, password, &k, e);
	if (st == OK)
		st = attach_note(t, &k, e);
	forget(&k);
	return st;
}

/* The password is never mailed, also not by a quote or by mistake. */
static enum status look_for(const char *password, const char *subject, const struct sb *text, struct err *e)
{
	if (*password && (memmem(text->s, text->len, password, strlen(password)) || strstr(subject, password)))
		return err_set(e, ERR_DENIED, "件名、本文または引用に、契約の「利用案内確認パスワード」が書かれています");
	return OK;
}

static enum status send_files(struct attach *t, const char *password, struct err *e)
{
	enum delivery how;
	enum status st = find_policy(t, &how, e);
	if (st != OK)
		return st;
	how = choose(t, how);
	if (how != DELIVERY_PLAIN && !*password)
		return no_password(t, e);
	return deliver(t, how, password, e);
}

/* The files are known. */
static enum status protect(struct attach *t, const char *subject, const struct sb *text, struct err *e)
{
	struct sb password = SB_INIT;
	enum status st = find_contract(t, e);
	if (st == OK)
		st = find_password(t, &password, e);
	if (st == ERR_PERM && !t->nin)
		st = OK; /* a password that can't be read is no matter without files */
	if (st == OK)
		st = look_for(password.s, subject, text, e);
	if (st == OK && t->nin)
		st = send_files(t, password.s, e);
	if (password.len)
		crypto_wipe(password.s, password.len);
	sb_free(&password);
	return st;
}

enum status attach_files(struct attach *t, const struct msg *m, const struct sb *text, struct err *e)
{
	t->note = SB_INIT;
	enum status st = attach_collect(t, m, e);
	return st == OK ? protect(t, m->subject, text, e) : st;
}

enum status attach_given(struct attach *t, const struct attach_file *v, size_t n, const char *subject, const struct sb *text, struct err *e)
{
	t->note = SB_INIT;
	t->in = arena_memdup(t->a, v, n * sizeof *v);
	t->nin = n;
	return protect(t, subject, text, e);
}
