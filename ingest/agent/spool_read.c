/* What is in the spool, in order. */
#include "spool_int.h"
#include "base/xalloc.h"
#include <stdlib.h>

struct reading {
	struct spool *s;
	uint64_t q; /* the next number to give */
	spool_fn fn;
	void *arg;
	bool stop;
};

/* false: the caller has enough. */
static bool give_frame(struct reading *r, const struct frame *f, const struct sb *text)
{
	size_t at = 0;
	for (unsigned i = 0; i < f->count; i++) {
		struct spool_event v;
		uint64_t q = f->first + i;
		if (!frame_event(text, &at, &v)) {
			gap_add(r->s, q, f->first + f->count - 1, "damaged");
			return true;
		}
		if (q < r->q || gap_covers(r->s, q, q))
			continue;
		if (!r->fn(r->arg, q, &v))
			return false;
		r->q = q + 1;
	}
	return true;
}

/* A frame that does not open though its CRC is right, and all behind it that
 * can't be read, is a gap. */
static void give_segment(struct reading *r, const struct segment *g, const struct sb *file)
{
	struct segment head;
	struct frame f;
	struct sb text = SB_INIT;
	uint8_t salt[SALT], key[PLAT_KEY];
	uint64_t want = g->first;
	size_t at = SEG_HEAD;
	if (segment_head(file, &head, salt)) {
		segment_key(r->s, salt, key);
		while (!r->stop && want <= g->last && segment_frame(file, &at, &f) && f.first == want) {
			want += f.count;
			if (f.first + f.count <= r->q)
				continue;
			if (frame_open(key, file, &f, &text))
				r->stop = !give_frame(r, &f, &text);
			else
				gap_add(r->s, f.first, want - 1, "damaged");
		}
	}
	if (!r->stop && want <= g->last)
		gap_add(r->s, want, g->last, "damaged");
	sb_free(&text);
}

enum status spool_read(struct spool *s, uint64_t from, spool_fn fn, void *arg, struct err *e)
{
	struct reading r = { s, from > s->acked ? from : s->acked + 1, fn, arg, false };
	struct sb file = SB_INIT;
	enum status st = OK;
	for (size_t i = 0; i < s->nseg && !r.stop && st == OK; i++) {
		const struct segment *g = &s->seg[i];
		if (g->last < r.q || g->last < g->first || gap_covers(s, g->first, g->last))
			continue;
		char *path = spool_path(s, g->id);
		sb_reset(&file);
		st = plat_read_file(path, SPOOL_SEGMENT + FRAME_HEAD + SPOOL_FRAME + PLAT_TAG, &file, e);
		free(path);
		if (st == ERR_NOTFOUND || st == ERR_LIMIT) {
			gap_add(s, g->first, g->last, "damaged");
			st = OK;
		} else if (st == OK) {
			give_segment(&r, g, &file);
		}
	}
	sb_free(&file);
	return st;
}
