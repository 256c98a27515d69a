/*
 * Mails into the search index. See index.h.
 *
 * SECURITY: mails are hostile. msg_parse stands behind its gate; what it
 * refuses is indexed by the row that the milter wrote.
 */
#include "index.h"
#include "reply_clean.h"
#include "base/clk.h"
#include "base/log.h"
#include "base/metrics.h"
#include "mail/msg_parse.h"
#include "store/store_search.h"
#include <stdlib.h>
#include <string.h>

enum { READ_TRIES = 5, ROUND_MS = 60, ROUND_BYTES = 4 << 20, BATCH = 32 };

struct round {
	struct store *s;
	struct arena *a;
	struct search_doc *v;
	size_t n;
	int64_t last; /* message that was looked at */
};

/* ---- the text of a mail ---------------------------------------------------------- */

static void add_files(const struct msg *m, struct sb *out)
{
	for (const struct msg_part *p = m->root; p; p = msg_part_next(p))
		if (p->filename && msg_part_is_file(p))
			sb_addf(out, "\n%s", p->filename);
}

/* What staff quote of the desk's own note is in every answer of theirs. */
static void read_words(const struct msg *m, enum message_kind kind, struct sb *out)
{
	struct sb all = SB_INIT;
	if (kind != MSG_STAFF_REPLY && kind != MSG_NOTE) {
		msg_read_text(m, out);
		return;
	}
	msg_read_text(m, &all);
	reply_cut_notes(all.s, all.len, out);
	sb_free(&all);
}

/* The names of files are kept whole before the text is. */
static void read_text(const struct msg *m, enum message_kind kind, struct sb *out)
{
	struct sb files = SB_INIT;
	read_words(m, kind, out);
	add_files(m, &files);
	if (files.len > SEARCH_TEXT_MAX / 4)
		sb_setlen(&files, SEARCH_TEXT_MAX / 4);
	if (out->len + files.len > SEARCH_TEXT_MAX)
		sb_setlen(out, SEARCH_TEXT_MAX - files.len);
	sb_add(out, files.s, files.len);
	sb_free(&files);
}

static enum status extract(struct round *r, const struct message *row, struct search_doc *d, struct err *e)
{
	struct sb raw = SB_INIT, text = SB_INIT;
	struct msg *m = NULL;
	enum status st = message_raw(r->s, row->id, &raw, e);
	if (st == OK && msg_parse(raw.s, raw.len, NULL, &m, e) == OK) {
		read_text(m, row->kind, &text);
		msg_free(&m);
	}
	*d = (struct search_doc){ .m = row, .text = arena_memdup(r->a, text.s, text.len), .len = text.len };
	sb_free(&text);
	sb_free(&raw);
	return st;
}

/* A body that stays unreadable must not hold up all that came after it. */
static bool give_up_on(const struct message *row, const struct err *e)
{
	static int64_t stuck;
	static int tries;
	tries = stuck == row->id ? tries + 1 : 1;
	stuck = row->id;
	if (tries < READ_TRIES)
		return false;
	log_warn("index", "message=%lld error=%s", (long long)row->id, log_quote(e->msg));
	return true;
}

/* ---- a round ------------------------------------------------------------------------ */

static enum status collect(struct round *r, const struct message *rows, size_t n, struct err *e)
{
	int64_t end = clk_mono_ms() + ROUND_MS, bytes = 0;
	for (size_t i = 0; i < n; i++) {
		if (i && (clk_mono_ms() >= end || bytes + rows[i].size > ROUND_BYTES))
			return OK;
		bytes += rows[i].size;
		if (rows[i].kind != MSG_COMMAND) {
			enum status st = extract(r, &rows[i], &r->v[r->n], e);
			if (st != OK && !give_up_on(&rows[i], e))
				return r->n ? OK : st;
			r->n++;
		}
		r->last = rows[i].id;
	}
	return OK;
}

static enum status store_round(struct round *r, struct err *e)
{
	enum status st = store_begin(r->s, e);
	if (st != OK)
		return st;
	for (size_t i = 0; st == OK && i < r->n; i++)
		st = search_add(r->s, &r->v[i], e);
	if (st == OK)
		st = search_indexed_set(r->s, r->last, e);
	if (st == OK)
		return store_commit(r->s, e);
	store_rollback(r->s);
	return st;
}

enum status search_index_some(struct store *s, size_t max, size_t *n_r, struct err *e)
{
	struct round r = { .s = s, .a = arena_new() };
	struct message *rows;
	size_t n = 0;
	int64_t done;
	*n_r = 0;
	enum status st = search_indexed(s, &done, e);
	if (st == OK)
		st = message_after(s, done, max, r.a, &rows, &n, e);
	if (st == OK && n) {
		r.v = arena_zalloc(r.a, n * sizeof *r.v);
		r.last = done;
		st = collect(&r, rows, n, e);
	}
	if (st == OK && r.last > done)
		st = store_round(&r, e);
	if (st == OK && r.last > done) {
		*n_r = (size_t)(r.last - done);
		metrics_add("mails_indexed_total", *n_r);
	}
	arena_free(&r.a);
	return st;
}

bool index_idle(struct store *s)
{
	static bool quiet;
	struct err e;
	size_t n = 0;
	enum status st = search_index_some(s, BATCH, &n, &e);
	if (st != OK && !quiet)
		log_warn("index", "status=%s error=%s", status_name(st), log_quote(e.msg));
	quiet = st != OK;
	return st == OK && n > 0;
}
