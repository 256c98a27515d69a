/* The spool as a whole: what was found is read in, events go in at one end and
 * out at the other. See spool.h. */
#include "octets.h"
#include "spool_int.h"
#include "base/xalloc.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct found {
	uint64_t *id;
	size_t n;
};

static void find(void *arg, const char *name)
{
	struct found *f = arg;
	uint64_t id;
	int end = 0;
	if (sscanf(name, "%16" SCNx64 ".seg%n", &id, &end) != 1 || end != 20 || name[end])
		return;
	f->id = xrealloc(f->id, (f->n + 1) * sizeof *f->id);
	f->id[f->n++] = id;
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* The bookmark of a frame is behind its events. */
static void take_mark(struct spool *s, const struct frame *f, const struct sb *text)
{
	const char *name = text->s + text->len - f->nmark;
	size_t n = f->nmark <= text->len ? strnlen(name, f->nmark) : f->nmark;
	if (n < f->nmark)
		mark_bookmark(s, name, n, name + n + 1, f->nmark - n - 1);
}

/* Where a segment that was found belongs in the row of numbers. s->next is 0
 * before the first. */
static void place_segment(struct spool *s, struct segment *g)
{
	uint64_t want = s->next ? s->next : s->acked + 1;
	bool known = s->next || s->marked;
	if (!g->first || (s->next && g->first < s->next)) {
		/* Not of this row: it holds nothing, and goes in time. */
		g->first = want;
		g->last = want - 1;
	} else {
		if (!known)
			s->acked = g->first - 1;
		else if (g->first > want && !gap_covers(s, want, g->first - 1))
			gap_add(s, want, g->first - 1, "damaged");
		s->next = g->last + 1;
	}
	segment_add(s, g);
}

/* One segment as it was left. What is behind the first frame that is not whole
 * was never durable, or the disk lost it. */
static void scan_segment(struct spool *s, uint64_t id, const struct sb *file)
{
	struct segment g = { .id = id, .octets = (int64_t)file->len };
	struct frame f;
	struct sb text = SB_INIT;
	uint8_t salt[SALT], key[PLAT_KEY];
	size_t at = SEG_HEAD;
	if (segment_head(file, &g, salt)) {
		segment_key(s, salt, key);
		while (segment_frame(file, &at, &f) && f.first == g.last + 1) {
			g.last += f.count;
			if (f.nmark && frame_open(key, file, &f, &text))
				take_mark(s, &f, &text);
		}
	} else {
		g.first = 0;
	}
	sb_free(&text);
	place_segment(s, &g);
}

static enum status scan(struct spool *s, const struct found *f, struct err *e)
{
	struct sb file = SB_INIT;
	enum status st = OK;
	for (size_t i = 0; i < f->n && st == OK; i++) {
		char *path = spool_path(s, f->id[i]);
		sb_reset(&file);
		st = plat_read_file(path, SPOOL_SEGMENT + FRAME_HEAD + SPOOL_FRAME + PLAT_TAG, &file, e);
		if (st == ERR_LIMIT || st == ERR_NOTFOUND) {
			sb_reset(&file); /* none of ours: a segment without anything */
			st = OK;
		}
		if (st == OK)
			scan_segment(s, f->id[i], &file);
		free(path);
	}
	sb_free(&file);
	if (f->n)
		s->next_id = f->id[f->n - 1] + 1;
	return st;
}

/* A segment that holds nothing more goes. */
static bool drop_first(struct spool *s)
{
	char *path = spool_path(s, s->seg[0].id);
	bool gone = plat_unlink(path);
	free(path);
	if (!gone)
		return false;
	s->octets -= s->seg[0].octets;
	memmove(s->seg, s->seg + 1, --s->nseg * sizeof *s->seg);
	return true;
}

static bool first_is_done(const struct spool *s)
{
	const struct segment *g = s->seg;
	return s->nseg > (s->file ? 1u : 0u) &&
	       (g->last < g->first || g->last <= s->acked || gap_covers(s, g->first, g->last));
}

/* Bookmarks that lie in a segment only must not go with it. */
static enum status keep_bookmarks(struct spool *s, struct err *e)
{
	for (size_t i = 0; i < s->nbook; i++)
		if (!s->book[i].saved)
			return mark_save(s, e);
	return OK;
}

/* All that is acknowledged, but never the segment that grows. */
static enum status drop_done(struct spool *s, struct err *e)
{
	enum status st = first_is_done(s) ? keep_bookmarks(s, e) : OK;
	while (st == OK && first_is_done(s))
		if (!drop_first(s))
			break; /* the next time */
	return st;
}

/* Numbers that went out before the disk lost them are not given again. */
static enum status after_scan(struct spool *s, struct err *e)
{
	uint64_t used = s->sent > s->acked ? s->sent : s->acked;
	if (!s->next)
		s->next = s->acked + 1;
	if (s->next <= used) {
		gap_add(s, s->next, used, "damaged");
		s->next = used + 1;
	}
	if (s->sent < s->acked)
		s->sent = s->acked;
	gap_forget(s, s->acked);
	return drop_done(s, e);
}

enum status spool_open(const char *dir, const uint8_t key[PLAT_KEY], const struct spool_limits *l, int64_t age,
                       struct spool **s_r, struct err *e)
{
	struct spool *s = xcalloc(1, sizeof *s);
	struct found f = { NULL, 0 };
	enum status st;
	s->dir = xstrdup(dir);
	s->limits = *l;
	s->next_id = 1;
	memcpy(s->key, key, PLAT_KEY);
	if ((st = plat_mkdirs(dir, e)) == OK && (st = mark_load(s, e)) == ERR_PERM)
		st = OK; /* lost: the row begins with the oldest segment */
	if (st == OK)
		st = plat_list(dir, find, &f, e);
	if (f.n)
		qsort(f.id, f.n, sizeof *f.id, by_id);
	if (st == OK)
		st = scan(s, &f, e);
	free(f.id);
	if (st == OK)
		st = after_scan(s, e);
	if (st == OK)
		st = spool_trim(s, age, e);
	if (st == OK)
		*s_r = s;
	else
		spool_close(&s);
	return st;
}

void spool_close(struct spool **sp)
{
	struct spool *s = sp ? *sp : NULL;
	if (!s)
		return;
	plat_close(&s->file);
	for (size_t i = 0; i < s->nbook; i++) {
		free(s->book[i].name);
		free(s->book[i].place);
	}
	free(s->seg);
	free(s->dir);
	memset(s->key, 0, sizeof s->key);
	memset(s->file_key, 0, sizeof s->file_key);
	free(s);
	*sp = NULL;
}

static void frame_text(const struct spool_event *v, size_t n, const char *name, const char *place, struct sb *text)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t head[12];
		put_be(head, (uint64_t)v[i].t, 8);
		put_be(head + 8, v[i].n, 4);
		sb_add(text, head, sizeof head);
		sb_add(text, v[i].json, v[i].n);
	}
	if (name) {
		sb_add(text, name, strlen(name) + 1);
		sb_adds(text, place);
	}
}

/* A segment grows until it is full, or has grown for a part of the time that
 * events are kept: only whole ones go. */
static bool room(const struct spool *s, int64_t age, int64_t size)
{
	if (!s->file)
		return false;
	const struct segment *g = s->seg + s->nseg - 1;
	return g->octets + FRAME_HEAD + size + PLAT_TAG <= SPOOL_SEGMENT && age - g->age <= s->limits.age_ms / 56;
}

enum status spool_add(struct spool *s, int64_t age, const struct spool_event *v, size_t n, const char *name,
                      const char *place, struct err *e)
{
	size_t nmark = name ? strlen(name) + 1 + strlen(place) : 0, size = nmark;
	struct sb text = SB_INIT;
	enum status st = OK;
	for (size_t i = 0; i < n && size <= SPOOL_FRAME; i++)
		size += 12 + v[i].n;
	if (size > SPOOL_FRAME || n > SPOOL_EVENTS || nmark > SPOOL_BOOKMARK)
		return err_set(e, ERR_LIMIT, "%zu events of %zu octets are too many for one frame", n, size);
	if (!room(s, age, (int64_t)size))
		st = segment_begin(s, age, e);
	if (st != OK)
		return st;
	frame_text(v, n, name, place, &text);
	st = segment_append(s, s->next, (unsigned)n, (unsigned)nmark, &text, e);
	sb_free(&text);
	if (st != OK) {
		/* Part of a frame may lie at the end: nothing may come behind it. */
		if (spool_sync(s, NULL) == OK)
			s->dirty = false;
		plat_close(&s->file);
		return st;
	}
	s->next += n;
	if (name)
		mark_bookmark(s, name, strlen(name), place, strlen(place));
	return OK;
}

enum status spool_sync(struct spool *s, struct err *e)
{
	enum status st = s->file && s->dirty ? plat_sync(s->file, e) : OK;
	if (st == OK)
		s->dirty = false;
	return st;
}

const char *spool_bookmark(const struct spool *s, const char *name)
{
	for (size_t i = 0; i < s->nbook; i++)
		if (strcmp(s->book[i].name, name) == 0)
			return s->book[i].place;
	return NULL;
}

uint64_t spool_acked(const struct spool *s)
{
	return s->acked;
}

uint64_t spool_next(const struct spool *s)
{
	return s->next;
}

int64_t spool_octets(const struct spool *s)
{
	return s->octets;
}

enum status spool_sending(struct spool *s, uint64_t to, struct err *e)
{
	enum status st = to < s->next ? spool_sync(s, e) : err_set(e, ERR_BUG, "number %" PRIu64 " was not given yet", to);
	if (st != OK || to <= s->sent)
		return st;
	uint64_t before = s->sent;
	s->sent = to;
	if ((st = mark_save(s, e)) != OK)
		s->sent = before;
	return st;
}

enum status spool_ack(struct spool *s, uint64_t to, struct err *e)
{
	if (to > s->sent)
		return err_set(e, ERR_PERM, "acknowledged up to %" PRIu64 ", but only %" PRIu64 " were sent", to, s->sent);
	if (to <= s->acked)
		return OK;
	uint64_t before = s->acked;
	s->acked = to;
	enum status st = mark_save(s, e);
	if (st != OK) {
		s->acked = before;
		return st;
	}
	gap_forget(s, to);
	return drop_done(s, e);
}

enum status spool_give_up(struct spool *s, uint64_t from, uint64_t to, const char *reason, struct err *e)
{
	gap_add(s, from, to, reason);
	return mark_save(s, e);
}

/* The oldest segment goes, and its numbers with it. */
static enum status drop_oldest(struct spool *s, const char *reason, struct err *e)
{
	struct segment g = s->seg[0];
	enum status st = keep_bookmarks(s, e);
	if (st == OK && g.last >= g.first && g.last > s->acked)
		st = spool_give_up(s, g.first, g.last, reason, e);
	if (st == OK && s->nseg == 1)
		plat_close(&s->file);
	if (st == OK && !drop_first(s))
		st = err_set(e, ERR_TEMP, "a segment of the spool can't be removed");
	return st;
}

enum status spool_trim(struct spool *s, int64_t age, struct err *e)
{
	enum status st = OK;
	while (st == OK && s->nseg && age - s->seg[0].age > s->limits.age_ms)
		st = drop_oldest(s, "old", e);
	while (st == OK && s->nseg && s->octets > s->limits.octets)
		st = drop_oldest(s, "full", e);
	return st;
}
