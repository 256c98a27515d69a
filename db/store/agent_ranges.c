/* Ranges of numbers: see agent_ranges.h. */
#include "store/agent_ranges.h"
#include <string.h>

static void put64(uint8_t *p, int64_t v)
{
	for (int i = 7; i >= 0; i--, v >>= 8)
		p[i] = (uint8_t)v;
}

static int64_t get64(const uint8_t *p)
{
	uint64_t v = 0;
	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

bool ranges_load(struct ranges *r, const void *at, size_t n)
{
	const uint8_t *p = at;
	int64_t last = -1;
	r->n = 0;
	if (n % 16 || n > RANGES_BYTES)
		return false;
	for (; n; n -= 16, p += 16) {
		struct agent_range x = { get64(p), get64(p + 8) };
		if (x.from <= last || x.to < x.from)
			return false;
		last = x.to;
		r->v[r->n++] = x;
	}
	return true;
}

size_t ranges_save(const struct ranges *r, uint8_t out[RANGES_BYTES])
{
	for (size_t i = 0; i < r->n; i++) {
		put64(out + 16 * i, r->v[i].from);
		put64(out + 16 * i + 8, r->v[i].to);
	}
	return 16 * r->n;
}

bool ranges_have(const struct ranges *r, int64_t q)
{
	for (size_t i = 0; i < r->n; i++)
		if (q <= r->v[i].to)
			return q >= r->v[i].from;
	return false;
}

bool ranges_have_all(const struct ranges *r, struct agent_range x)
{
	if (x.to < x.from)
		return true;
	for (size_t i = 0; i < r->n; i++)
		if (x.from <= r->v[i].to)
			return x.from >= r->v[i].from && x.to <= r->v[i].to;
	return false;
}

void ranges_common(const struct ranges *r, struct agent_range x, struct ranges *out)
{
	out->n = 0;
	for (size_t i = 0; i < r->n; i++) {
		struct agent_range c = { r->v[i].from > x.from ? r->v[i].from : x.from, r->v[i].to < x.to ? r->v[i].to : x.to };
		if (c.from <= c.to)
			out->v[out->n++] = c;
	}
}

bool ranges_add(struct ranges *r, struct agent_range x)
{
	size_t a = 0, b;
	if (x.to < x.from)
		return true;
	while (a < r->n && r->v[a].to + 1 < x.from)
		a++;
	for (b = a; b < r->n && r->v[b].from <= x.to + 1; b++) {
		if (r->v[b].from < x.from)
			x.from = r->v[b].from;
		if (r->v[b].to > x.to)
			x.to = r->v[b].to;
	}
	if (r->n - (b - a) == RANGES_MAX)
		return false;
	memmove(&r->v[a + 1], &r->v[b], (r->n - b) * sizeof *r->v);
	r->n -= b - a;
	r->v[a] = x;
	r->n++;
	return true;
}

int64_t ranges_up_to(const struct ranges *r)
{
	return r->n && r->v[0].from <= 1 ? r->v[0].to : 0;
}

void ranges_holes(const struct ranges *r, struct ranges *out)
{
	int64_t next = 1;
	out->n = 0;
	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].from > next)
			out->v[out->n++] = (struct agent_range){ next, r->v[i].from - 1 };
		next = r->v[i].to + 1;
	}
}
