/*
 * Batches of terminals: see agent_batch.h.
 *
 * Members may come in any order, but times need the offset: they are put right
 * when the whole has been read.
 */
#include "text/agent_batch_impl.h"
#include "wire/hc1.h"
#include <string.h>

#define DAY_MS ((int64_t)86400 * 1000)
#define TIME_MAX ((int64_t)1 << 53)
enum { AHEAD_DAYS = 1, BEHIND_DAYS = 400 };

/* ---- small readers ------------------------------------------------------------------ */

void *batch_grow(struct arena *a, void *v, size_t n, size_t size)
{
	if (n && (n < 16 || (n & (n - 1))))
		return v; /* there is room but at 0, 16, 32, 64 … */
	void *more = arena_zalloc(a, (n ? n * 2 : 16) * size);
	if (n)
		memcpy(more, v, n * size);
	return more;
}

bool batch_text(struct json *j, struct arena *a, const char **s_r)
{
	struct json_str s;
	char buf[AGENT_TEXT_MAX];
	if (json_null(j)) {
		*s_r = "";
		return true;
	}
	if (!json_string(j, &s))
		return false;
	json_copy(&s, buf, sizeof buf);
	*s_r = buf[0] ? arena_strdup(a, buf) : "";
	return true;
}

bool batch_number(struct json *j, int64_t min, int64_t max, int64_t *v_r)
{
	int64_t v;
	if (!json_int(j, &v))
		return false;
	if (v < min || v > max)
		return json_fail(j, ERR_DENIED, "a number that can't be");
	*v_r = v;
	return true;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool batch_hex(const struct json_str *s, uint8_t *out, size_t n)
{
	if (s->n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = nibble(s->s[2 * i]), lo = nibble(s->s[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return false;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

/* Crockford's base32 in capitals: 26 letters, 128 bits. */
static bool read_ulid(struct json *j, uint8_t out[16])
{
	static const char abc[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct json_str s;
	unsigned acc = 0;
	int bits = -2; /* the first letter has three */
	if (!json_string(j, &s))
		return false;
	bool good = s.n == 26 && s.s[0] <= '7';
	for (size_t i = 0; good && i < s.n; i++) {
		const char *at = s.s[i] ? strchr(abc, s.s[i]) : NULL;
		good = at != NULL;
		acc = acc << 5 | (unsigned)(good ? at - abc : 0);
		for (bits += 5; bits >= 8; bits -= 8)
			*out++ = (uint8_t)(acc >> (bits - 8));
	}
	return good || json_fail(j, ERR_DENIED, "batch: no ULID");
}

/* ---- times -------------------------------------------------------------------------- */

int64_t batch_time(const struct batch_read *r, int64_t t, bool *moved_r)
{
	int64_t at = t + r->b->skew_ms; /* both within 2^53 */
	bool moved = at > r->now_ms + AHEAD_DAYS * DAY_MS || at < r->now_ms - BEHIND_DAYS * DAY_MS;
	if (moved_r)
		*moved_r = moved;
	return moved ? r->now_ms : at;
}

static void put_right(const struct batch_read *r)
{
	struct agent_batch *b = r->b;
	b->created_ms = batch_time(r, b->created_ms, NULL);
	for (size_t i = 0; i < b->nparts; i++)
		b->parts[i].taken_ms = batch_time(r, b->parts[i].taken_ms, NULL);
	for (size_t i = 0; i < b->nevents; i++)
		b->events[i].at_ms = batch_time(r, b->events[i].at_ms, &b->events[i].moved);
}

/* ---- gaps, and what the range is made of ----------------------------------------------- */

static bool read_gap(struct batch_read *r)
{
	struct agent_batch *b = r->b;
	struct json_str key;
	struct agent_lost g = { .q = { 0, 0 }, .reason = "" };
	json_object(r->j);
	while (json_key(r->j, &key)) {
		if (json_eq(&key, "from"))
			batch_number(r->j, 1, HC1_Q_MAX, &g.q.from);
		else if (json_eq(&key, "to"))
			batch_number(r->j, 1, HC1_Q_MAX, &g.q.to);
		else if (json_eq(&key, "reason"))
			batch_text(r->j, r->a, &g.reason);
	}
	if (b->ngaps == HC1_GAPS_MAX)
		return json_fail(r->j, ERR_LIMIT, "too many gaps");
	int64_t last = b->ngaps ? b->gaps[b->ngaps - 1].q.to : 0;
	if (g.q.from <= last || g.q.to < g.q.from)
		return json_fail(r->j, ERR_DENIED, "a gap that can't be");
	b->gaps = batch_grow(r->a, b->gaps, b->ngaps, sizeof g);
	b->gaps[b->ngaps++] = g;
	return true;
}

static bool read_gaps(struct batch_read *r)
{
	for (json_array(r->j); json_item(r->j);)
		if (!read_gap(r))
			return false;
	return true;
}

/* Events and gaps, both in order, take turns without a hole and without meeting. */
static bool is_whole(const struct agent_batch *b)
{
	int64_t next = b->q.from;
	size_t e = 0, g = 0;
	while (e < b->nevents || g < b->ngaps) {
		if (e < b->nevents && b->events[e].q == next)
			next = b->events[e++].q + 1;
		else if (g < b->ngaps && b->gaps[g].q.from == next)
			next = b->gaps[g++].q.to + 1;
		else
			return false;
	}
	return next == b->q.to + 1;
}

/* ---- the whole ------------------------------------------------------------------------ */

enum { SAW_V = 1, SAW_BATCH = 2, SAW_CREATED = 4, SAW_FROM = 8, SAW_TO = 16, SAW_ALL = 31 };

static unsigned read_member(struct batch_read *r, const struct json_str *key)
{
	struct agent_batch *b = r->b;
	int64_t v;
	if (json_eq(key, "v"))
		return batch_number(r->j, 1, 1, &v) ? SAW_V : 0;
	if (json_eq(key, "batch"))
		return read_ulid(r->j, b->ulid) ? SAW_BATCH : 0;
	if (json_eq(key, "created"))
		return batch_number(r->j, -TIME_MAX, TIME_MAX, &b->created_ms) ? SAW_CREATED : 0;
	if (json_eq(key, "from"))
		return batch_number(r->j, 1, HC1_Q_MAX, &b->q.from) ? SAW_FROM : 0;
	if (json_eq(key, "to"))
		return batch_number(r->j, 0, HC1_Q_MAX, &b->q.to) ? SAW_TO : 0;
	if (json_eq(key, "offset"))
		batch_number(r->j, -TIME_MAX, TIME_MAX, &b->skew_ms);
	else if (json_eq(key, "config"))
		batch_text(r->j, r->a, &b->config);
	else if (json_eq(key, "rekey"))
		batch_text(r->j, r->a, &b->rekey);
	else if (json_eq(key, "sections"))
		batch_parts(r);
	else if (json_eq(key, "events"))
		batch_events(r);
	else if (json_eq(key, "gaps"))
		read_gaps(r);
	return 0;
}

enum status agent_batch_read(const char *p, size_t n, int64_t now_ms, struct arena *a, struct agent_batch *b, struct err *e)
{
	struct json j;
	struct json_str key;
	struct batch_read r = { .j = &j, .a = a, .b = b, .now_ms = now_ms };
	unsigned saw = 0;
	*b = (struct agent_batch){ .host = "", .config = "", .rekey = "" };
	if (n > HC1_JSON_MAX)
		return err_set(e, ERR_LIMIT, "a batch of %zu bytes", n);
	json_init(&j, p, n, HC1_DEPTH_MAX);
	json_object(&j);
	while (json_key(&j, &key))
		saw |= read_member(&r, &key);
	enum status st = json_end(&j, e);
	if (st != OK)
		return st;
	if (saw != SAW_ALL)
		return err_set(e, ERR_PERM, "a batch without all its members");
	if (b->q.to < b->q.from - 1 || !is_whole(b))
		return err_set(e, ERR_DENIED, "the range is not what events and gaps cover");
	put_right(&r);
	return OK;
}
