/*
 * The mark of the spool: what is acknowledged and what was sent, the gaps and
 * the bookmarks. One sealed text, replaced as a whole:
 *
 *	nonce 12 ‖ AES-256-GCM(acked 8 ‖ sent 8 ‖ gaps 2 ‖ {from 8 ‖ to 8 ‖ why 1}…
 *	‖ bookmarks 2 ‖ {octets of the name 2 ‖ of the place 2 ‖ name ‖ place}…)
 *
 * The nonce is random: the key is the mark's own, and 2^32 replacements are
 * more than a disk lives.
 */
#include "octets.h"
#include "spool_int.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>

static const char *const gap_reasons[] = { "old", "full", "damaged", "refused" };
enum { REASONS = sizeof gap_reasons / sizeof *gap_reasons, MARK_MAX = 256 << 10 };

static void mark_key(const struct spool *s, uint8_t key[PLAT_KEY])
{
	plat_hmac256(s->key, PLAT_KEY, "mark", 4, key);
}

static void add_be(struct sb *b, uint64_t v, int octets)
{
	uint8_t p[8];
	put_be(p, v, octets);
	sb_add(b, p, (size_t)octets);
}

static void mark_text(const struct spool *s, struct sb *b)
{
	add_be(b, s->acked, 8);
	add_be(b, s->sent, 8);
	add_be(b, s->ngap, 2);
	for (size_t i = 0; i < s->ngap; i++) {
		add_be(b, s->gap[i].from, 8);
		add_be(b, s->gap[i].to, 8);
		add_be(b, s->gap[i].why, 1);
	}
	add_be(b, s->nbook, 2);
	for (size_t i = 0; i < s->nbook; i++) {
		size_t n = strlen(s->book[i].name), m = strlen(s->book[i].place);
		add_be(b, n, 2);
		add_be(b, m, 2);
		sb_add(b, s->book[i].name, n);
		sb_add(b, s->book[i].place, m);
	}
}

static char *mark_path(const struct spool *s)
{
	return xasprintf("%s/mark", s->dir);
}

enum status mark_save(struct spool *s, struct err *e)
{
	struct sb text = SB_INIT, file = SB_INIT;
	uint8_t key[PLAT_KEY];
	enum status st = spool_sync(s, e);
	if (st != OK)
		return st;
	char *path = mark_path(s);
	mark_key(s, key);
	mark_text(s, &text);
	sb_grow(&file, PLAT_NONCE + text.len + PLAT_TAG);
	plat_random(file.s, PLAT_NONCE);
	file.len = PLAT_NONCE + text.len + PLAT_TAG;
	plat_seal(key, (uint8_t *)file.s, "mark", 4, text.s, text.len, (uint8_t *)file.s + PLAT_NONCE);
	st = plat_write_file(path, file.s, file.len, e);
	for (size_t i = 0; st == OK && i < s->nbook; i++)
		s->book[i].saved = true;
	sb_free(&text);
	sb_free(&file);
	free(path);
	return st;
}

/* Numbers one after the other from a text that may end too early. */
struct cursor {
	const uint8_t *p;
	size_t n;
	bool bad;
};

static uint64_t take(struct cursor *c, int octets)
{
	if (c->bad || c->n < (size_t)octets) {
		c->bad = true;
		return 0;
	}
	uint64_t v = get_be(c->p, octets);
	c->p += octets;
	c->n -= (size_t)octets;
	return v;
}

static void take_bookmark(struct spool *s, struct cursor *c)
{
	size_t n = (size_t)take(c, 2), m = (size_t)take(c, 2);
	if (c->bad || c->n < n + m) {
		c->bad = true;
		return;
	}
	mark_bookmark(s, (const char *)c->p, n, (const char *)c->p + n, m);
	c->p += n + m;
	c->n -= n + m;
}

static bool mark_read(struct spool *s, const struct sb *text)
{
	struct cursor c = { (const uint8_t *)text->s, text->len, false };
	s->acked = take(&c, 8);
	s->sent = take(&c, 8);
	size_t n = (size_t)take(&c, 2);
	c.bad |= n > SPOOL_GAPS;
	for (size_t i = 0; i < n && !c.bad; i++) {
		struct gap *g = &s->gap[s->ngap];
		g->from = take(&c, 8);
		g->to = take(&c, 8);
		g->why = (uint8_t)take(&c, 1);
		c.bad |= g->why >= REASONS || g->from > g->to;
		s->ngap += !c.bad;
	}
	for (n = (size_t)take(&c, 2); n && !c.bad; n--)
		take_bookmark(s, &c);
	return !c.bad && c.n == 0 && s->acked < UINT64_MAX / 2 && s->sent < UINT64_MAX / 2;
}

enum status mark_load(struct spool *s, struct err *e)
{
	struct sb file = SB_INIT, text = SB_INIT;
	uint8_t key[PLAT_KEY];
	char *path = mark_path(s);
	enum status st = plat_read_file(path, MARK_MAX, &file, e);
	mark_key(s, key);
	if (st == OK) {
		bool good = file.len >= PLAT_NONCE + PLAT_TAG;
		size_t n = good ? file.len - PLAT_NONCE : 0;
		sb_grow(&text, n);
		good = good && plat_unseal(key, (uint8_t *)file.s, "mark", 4, file.s + PLAT_NONCE, n, (uint8_t *)text.s);
		text.len = good ? n - PLAT_TAG : 0;
		if (!good || !mark_read(s, &text))
			st = err_set(e, ERR_PERM, "%s is damaged or not of this agent", path);
		s->marked = st == OK;
		if (!s->marked)
			s->acked = s->sent = s->ngap = 0;
		for (size_t i = 0; i < s->nbook; i++)
			s->book[i].saved = true;
	} else if (st == ERR_NOTFOUND) {
		st = OK;
	}
	sb_free(&file);
	sb_free(&text);
	free(path);
	return st;
}

void mark_bookmark(struct spool *s, const char *name, size_t nname, const char *place, size_t nplace)
{
	struct bookmark *b = s->book, *end = s->book + s->nbook;
	while (b < end && (strlen(b->name) != nname || memcmp(b->name, name, nname) != 0))
		b++;
	if (b == end) {
		if (s->nbook == SPOOL_BOOKMARKS) {
			/* the one that has not moved for longest is the first */
			free(s->book[0].name);
			free(s->book[0].place);
			memmove(s->book, s->book + 1, sizeof *b * --s->nbook);
			b--;
		}
		b->name = xstrndup(name, nname);
		b->place = NULL;
		s->nbook++;
	}
	free(b->place);
	b->place = xstrndup(place, nplace);
	b->saved = false;
}

static uint8_t reason_of(const char *reason)
{
	uint8_t i = 0;
	while (i + 1 < REASONS && strcmp(gap_reasons[i], reason) != 0)
		i++;
	return i;
}

/* Takes gap i and the next for one. */
static void gap_join(struct spool *s, size_t i)
{
	if (s->gap[i].to < s->gap[i + 1].to)
		s->gap[i].to = s->gap[i + 1].to;
	s->ngap--;
	memmove(s->gap + i + 1, s->gap + i + 2, sizeof *s->gap * (s->ngap - i - 1));
}

void gap_add(struct spool *s, uint64_t from, uint64_t to, const char *reason)
{
	struct gap g = { from > s->acked ? from : s->acked + 1, to, reason_of(reason) };
	size_t i = 0;
	if (g.from > g.to)
		return;
	if (s->ngap == SPOOL_GAPS)
		gap_join(s, 0);
	while (i < s->ngap && s->gap[i].from <= g.from)
		i++;
	memmove(s->gap + i + 1, s->gap + i, sizeof g * (s->ngap - i));
	s->gap[i] = g;
	s->ngap++;
	/* Overlaps become one; so do neighbours of one reason. */
	for (i = 0; i + 1 < s->ngap;) {
		struct gap *a = &s->gap[i], *b = a + 1;
		if (b->from <= a->to || (b->from == a->to + 1 && a->why == b->why))
			gap_join(s, i);
		else
			i++;
	}
}

void gap_forget(struct spool *s, uint64_t acked)
{
	size_t k = 0;
	for (size_t i = 0; i < s->ngap; i++) {
		struct gap g = s->gap[i];
		if (g.to <= acked)
			continue;
		if (g.from <= acked)
			g.from = acked + 1;
		s->gap[k++] = g;
	}
	s->ngap = k;
}

bool gap_covers(const struct spool *s, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < s->ngap; i++)
		if (s->gap[i].from <= from && to <= s->gap[i].to)
			return true;
	return false;
}

bool spool_gap(const struct spool *s, size_t i, struct spool_gap *g_r)
{
	if (i >= s->ngap)
		return false;
	*g_r = (struct spool_gap){ s->gap[i].from, s->gap[i].to, gap_reasons[s->gap[i].why] };
	return true;
}
