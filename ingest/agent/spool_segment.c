/*
 * Segments of the spool: their head and their frames; see spool.h.
 * SECURITY: lengths that lie in the file are checked here, before use.
 */
#include "octets.h"
#include "spool_int.h"
#include "base/xalloc.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t magic[4] = { 'Y', 'S', 'G', '1' };

char *spool_path(const struct spool *s, uint64_t id)
{
	return xasprintf("%s/%016" PRIx64 ".seg", s->dir, id);
}

void segment_key(const struct spool *s, const uint8_t salt[SALT], uint8_t key[PLAT_KEY])
{
	uint8_t info[7 + SALT] = { 's', 'e', 'g', 'm', 'e', 'n', 't' };
	memcpy(info + 7, salt, SALT);
	plat_hmac256(s->key, PLAT_KEY, info, sizeof info, key);
}

uint32_t spool_crc(const void *p, size_t n)
{
	static uint32_t table[256];
	uint32_t c = 0xFFFFFFFFu;
	if (!table[1])
		for (uint32_t i = 0; i < 256; i++) {
			uint32_t v = i;
			for (int k = 0; k < 8; k++)
				v = v & 1 ? 0xEDB88320u ^ v >> 1 : v >> 1;
			table[i] = v;
		}
	for (const uint8_t *b = p; n--; b++)
		c = table[(c ^ *b) & 0xFF] ^ c >> 8;
	return ~c;
}

bool segment_head(const struct sb *file, struct segment *g, uint8_t salt[SALT])
{
	const uint8_t *p = (const uint8_t *)file->s;
	if (file->len < SEG_HEAD || memcmp(p, magic, 4) != 0 || spool_crc(p, SEG_HEAD - 4) != get_be(p + SEG_HEAD - 4, 4))
		return false;
	memcpy(salt, p + 4, SALT);
	g->first = get_be(p + 20, 8);
	g->age = (int64_t)get_be(p + 28, 8);
	g->last = g->first - 1;
	return g->first > 0 && g->first < UINT64_MAX / 2;
}

bool segment_frame(const struct sb *file, size_t *at, struct frame *f)
{
	const uint8_t *p = (const uint8_t *)file->s + *at;
	if (file->len - *at < FRAME_HEAD)
		return false;
	f->nsealed = (size_t)get_be(p, 4);
	f->first = get_be(p + 8, 8);
	f->count = (unsigned)get_be(p + 16, 2);
	f->nmark = (unsigned)get_be(p + 18, 2);
	f->at = *at + FRAME_HEAD;
	if (f->nsealed < PLAT_TAG || f->nsealed > SPOOL_FRAME + PLAT_TAG || f->nsealed > file->len - f->at ||
	    f->count > SPOOL_EVENTS || f->nmark > SPOOL_BOOKMARK || f->first > UINT64_MAX / 2)
		return false;
	if (spool_crc(p + 8, FRAME_HEAD - 8 + f->nsealed) != get_be(p + 4, 4))
		return false;
	*at = f->at + f->nsealed;
	return true;
}

/* The nonce is the frame's place: no two frames of a file, and so of a key,
 * begin at the same one. */
static void frame_nonce(size_t at, uint8_t nonce[PLAT_NONCE])
{
	memset(nonce, 0, PLAT_NONCE);
	put_be(nonce + 4, at, 8);
}

/* The head without its CRC is bound in. */
static void frame_aad(const uint8_t head[FRAME_HEAD], uint8_t aad[FRAME_HEAD - 4])
{
	memcpy(aad, head, 4);
	memcpy(aad + 4, head + 8, FRAME_HEAD - 8);
}

bool frame_open(const uint8_t key[PLAT_KEY], const struct sb *file, const struct frame *f, struct sb *out)
{
	const uint8_t *p = (const uint8_t *)file->s + f->at;
	uint8_t nonce[PLAT_NONCE], aad[FRAME_HEAD - 4];
	frame_nonce(f->at, nonce);
	frame_aad(p - FRAME_HEAD, aad);
	sb_reset(out);
	sb_grow(out, f->nsealed);
	if (!plat_unseal(key, nonce, aad, sizeof aad, p, f->nsealed, (uint8_t *)out->s))
		return false;
	out->len = f->nsealed - PLAT_TAG;
	out->s[out->len] = '\0';
	return true;
}

bool frame_event(const struct sb *text, size_t *at, struct spool_event *v)
{
	const uint8_t *p = (const uint8_t *)text->s + *at;
	if (text->len - *at < 12)
		return false;
	v->t = (int64_t)get_be(p, 8);
	v->n = (size_t)get_be(p + 8, 4);
	v->json = text->s + *at + 12;
	if (v->n > text->len - *at - 12)
		return false;
	*at += 12 + v->n;
	return true;
}

void segment_add(struct spool *s, const struct segment *g)
{
	if (s->nseg == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->seg = xrealloc(s->seg, s->cap * sizeof *s->seg);
	}
	s->seg[s->nseg++] = *g;
	s->octets += g->octets;
}

enum status segment_begin(struct spool *s, int64_t age, struct err *e)
{
	struct segment g = { .first = s->next, .last = s->next - 1, .age = age, .octets = SEG_HEAD, .id = s->next_id };
	uint8_t head[SEG_HEAD];
	enum status st;
	if (s->file && s->dirty && (st = plat_sync(s->file, e)) != OK)
		return st;
	plat_close(&s->file);
	memcpy(head, magic, 4);
	plat_random(head + 4, SALT);
	put_be(head + 20, g.first, 8);
	put_be(head + 28, (uint64_t)age, 8);
	put_be(head + 36, spool_crc(head, SEG_HEAD - 4), 4);
	segment_key(s, head + 4, s->file_key);
	char *path = spool_path(s, g.id);
	s->next_id++;
	st = plat_create(path, &s->file, e);
	if (st == OK && (st = plat_append(s->file, head, sizeof head, e)) != OK) {
		plat_close(&s->file);
		plat_unlink(path);
	}
	free(path);
	if (st == OK)
		segment_add(s, &g);
	return st;
}

enum status segment_append(struct spool *s, uint64_t first, unsigned count, unsigned nmark, const struct sb *text, struct err *e)
{
	struct segment *g = &s->seg[s->nseg - 1];
	size_t n = FRAME_HEAD + text->len + PLAT_TAG;
	uint8_t *p = xmalloc(n), nonce[PLAT_NONCE], aad[FRAME_HEAD - 4];
	put_be(p, text->len + PLAT_TAG, 4);
	put_be(p + 8, first, 8);
	put_be(p + 16, count, 2);
	put_be(p + 18, nmark, 2);
	frame_nonce((size_t)g->octets + FRAME_HEAD, nonce);
	frame_aad(p, aad);
	plat_seal(s->file_key, nonce, aad, sizeof aad, text->s, text->len, p + FRAME_HEAD);
	put_be(p + 4, spool_crc(p + 8, n - 8), 4);
	enum status st = plat_append(s->file, p, n, e);
	free(p);
	if (st != OK)
		return st;
	s->dirty = true;
	g->octets += (int64_t)n;
	s->octets += (int64_t)n;
	g->last = first + count - 1;
	return OK;
}
