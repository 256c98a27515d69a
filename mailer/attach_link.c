/*
 * Files that are fetched instead of mailed: sealed into the spool that
 * yorozu-ingest serves, behind a page that asks for the password of the opening
 * notice. See attach.h.
 *
 * A mail may be built more than once (Postfix away, a crash): the link belongs
 * to the outbox row, so each time it is the same one. Files sealed by a run that
 * came to nothing have no row and are swept away by yorozu-ingest.
 */
#include "attach.h"
#include "base/sealed_file.h"
#include "store/store_audit.h"
#include "store/store_link.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DAY = 86400 };

struct linking {
	struct attach *t;
	const char *folder;
	epoch now;
	struct stored_file *files;
	uint8_t (*keys)[KEY_LEN];
	size_t n; /* in the spool */
	struct download_link link;
};

static const char *spool_path(const struct linking *k, size_t i)
{
	return arena_printf(k->t->a, "%s/%s", k->folder, k->files[i].spool);
}

static enum status seal(struct linking *k, const struct attach_file *f, struct err *e)
{
	struct stored_file *s = &k->files[k->n];
	struct sealed_out *o = NULL;
	struct sealed_sum sum = { 0 };
	char *spool = arena_zalloc(k->t->a, FILE_SPOOL_SIZE);
	const struct cfg *c = k->t->b->cfg;
	int64_t days = c->file_keep_days > c->fetch_link_days ? c->file_keep_days : c->fetch_link_days;
	file_spool_name(spool);
	*s = (struct stored_file){ .ticket_id = k->t->ticket, .name = f->name, .type = f->type, .spool = spool,
		.created_at = k->now, .delete_at = k->now + days * DAY };
	crypto_random(k->keys[k->n], KEY_LEN);
	enum status st = sealed_create(spool_path(k, k->n), k->keys[k->n], &o, e);
	if (st == OK)
		st = sealed_put(o, f->p, f->n, e);
	if (st == OK)
		st = sealed_finish(&o, &sum, e);
	sealed_abandon(&o);
	if (st != OK)
		return st;
	s->size = sum.size;
	memcpy(s->sha256, sum.sha256, SHA256_LEN);
	k->n++;
	return OK;
}

static enum status record(struct linking *k, struct err *e)
{
	struct attach *t = k->t;
	struct store *s = t->b->s;
	int64_t *ids = arena_zalloc(t->a, (k->n + 1) * sizeof *ids);
	enum status st = OK;
	for (size_t i = 0; st == OK && i < k->n; i++) {
		st = file_add(s, &k->files[i], k->keys[i], e);
		ids[i] = k->files[i].id;
	}
	if (st == OK)
		st = download_link_customer(s, t->b->cfg, t->ticket, k->now, ids, k->n, &k->link, e);
	if (st == OK)
		st = delivery_link_set(s, t->o->id, k->link.id, e);
	struct audit row = { .at = k->now, .who = "system", .what = "file.send", .ticket_id = t->ticket,
		.detail = arena_printf(t->a, "outbox %lld, link %lld, %zu files", (long long)t->o->id, (long long)k->link.id, k->n) };
	if (st == OK)
		st = audit_add(s, &row, e);
	return st == ERR_NOTFOUND ? ERR_DENIED : st;
}

/* After a commit that failed the rows may be there all the same: the bytes stay. */
static enum status record_in_tx(struct linking *k, struct err *e)
{
	enum status st = store_begin(k->t->b->s, e);
	if (st == OK) {
		st = record(k, e);
		if (st == OK)
			return store_commit(k->t->b->s, e);
		store_rollback(k->t->b->s);
	}
	for (size_t i = 0; i < k->n; i++)
		unlink(spool_path(k, i));
	return st;
}

static enum status make(struct linking *k, struct err *e)
{
	struct attach *t = k->t;
	char *folder = cfg_path(t->b->cfg, FILE_SPOOL_DIR);
	enum status st = OK;
	k->folder = folder;
	k->files = arena_zalloc(t->a, t->nin * sizeof *k->files);
	k->keys = arena_zalloc(t->a, t->nin * sizeof *k->keys);
	for (size_t i = 0; st == OK && i < t->nin; i++)
		st = seal(k, &t->in[i], e);
	if (st == OK)
		st = record_in_tx(k, e);
	else
		for (size_t i = 0; i < k->n; i++)
			unlink(spool_path(k, i));
	crypto_wipe(k->keys, t->nin * sizeof *k->keys);
	free(folder);
	return st;
}

enum status attach_link(struct attach *t, struct attach_told *told, struct err *e)
{
	int64_t id = 0;
	char *until = arena_alloc(t->a, 48);
	struct linking k = { .t = t, .now = t->o->next_at > t->o->created_at ? t->o->next_at : t->o->created_at };
	enum status st = delivery_link_get(t->b->s, t->o->id, &id, e);
	if (st == OK)
		st = download_link_get(t->b->s, id, &k.link, e);
	else if (st == ERR_NOTFOUND)
		st = make(&k, e);
	if (st != OK)
		return st;
	char *url = link_url(store_links(t->b->s), t->b->cfg, LINK_DOWNLOAD, k.link.id);
	told->url = arena_strdup(t->a, url);
	told->until = clk_ja(k.link.expires_at, until);
	for (size_t i = 0; i < t->nin; i++)
		attach_tell(&told->linked, &t->in[i]);
	free(url);
	return OK;
}
