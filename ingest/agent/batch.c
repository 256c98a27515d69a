/* One upload as JSON: see batch.h. */
#include "batch.h"
#include "rekey.h"
#include "base/hex.h"
#include "text/json_put.h"
#include <inttypes.h>
#include <string.h>

void batch_ulid(int64_t wall_ms, char out[27])
{
	static const char digit[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t chance[16];
	plat_random(chance, sizeof chance);
	for (int i = 9; i >= 0; i--, wall_ms >>= 5)
		out[i] = digit[wall_ms & 31];
	for (int i = 0; i < 16; i++)
		out[10 + i] = digit[chance[i] & 31];
	out[26] = '\0';
}

struct filling {
	struct batch *b;
	const struct state *st;
	struct json_put o;
	size_t limit; /* of b->json */
};

static bool put_event(void *arg, uint64_t q, const struct spool_event *v)
{
	struct filling *f = arg;
	struct batch *b = f->b;
	if (b->nevents && (b->json.len + v->n > f->limit || b->nevents == HC1_EVENTS_MAX)) {
		b->more = true;
		return false;
	}
	if (f->o.comma)
		sb_addc(&b->json, ',');
	f->o.comma = true;
	sb_addf(&b->json, "{\"q\":%" PRId64 ",\"t\":%" PRId64 ",", (int64_t)q - f->st->base, v->t);
	sb_add(&b->json, v->json, v->n);
	sb_addc(&b->json, '}');
	b->nevents++;
	b->to = q;
	return true;
}

static void put_gap(struct json_put *o, int64_t from, int64_t to, const char *reason)
{
	json_put_open(o, '{');
	json_put_int_at(o, "from", from);
	json_put_int_at(o, "to", to);
	json_put_text_at(o, "reason", reason);
	json_put_close(o, '}');
}

/* What lies right behind the last event and is lost belongs to this batch too. */
static void reach_over_gaps(const struct spool *s, struct batch *b)
{
	struct spool_gap g;
	for (size_t i = 0; spool_gap(s, i, &g); i++)
		if (g.from <= b->to + 1 && g.to > b->to)
			b->to = g.to;
}

static void put_gaps(struct json_put *o, const struct spool *s, const struct state *st, const struct batch *b)
{
	struct spool_gap g;
	json_put_key(o, "gaps");
	json_put_open(o, '[');
	if (b->from_wire < (int64_t)b->from - st->base) /* acknowledged once, and gone here */
		put_gap(o, b->from_wire, (int64_t)b->from - 1 - st->base, "sent before");
	for (size_t i = 0; spool_gap(s, i, &g); i++) {
		uint64_t from = g.from > b->from ? g.from : b->from, to = g.to < b->to ? g.to : b->to;
		if (from <= to)
			put_gap(o, (int64_t)from - st->base, (int64_t)to - st->base, g.reason);
	}
	json_put_close(o, ']');
}

static void put_sections(struct json_put *o, const struct state *st, const struct batch_plan *p, struct batch *b)
{
	unsigned nfull = 0;
	json_put_key(o, "sections");
	json_put_open(o, '{');
	for (size_t i = 0; i < p->nsection; i++) {
		const struct section *c = &p->section[i];
		bool known = state_has_section(st, c->name, c->sha256);
		char hex[2 * PLAT_HASH + 1];
		if (!c->taken || (!known && (c->refused || nfull >= p->nfull)))
			continue;
		hex_encode(c->sha256, PLAT_HASH, hex);
		json_put_key(o, c->name);
		json_put_open(o, '{');
		json_put_text_at(o, "sha256", hex);
		json_put_int_at(o, "taken", c->taken);
		if (!known) {
			json_put_key(o, "full");
			json_put_raw(o, c->full.s, c->full.len);
			nfull++;
			b->full |= 1u << i;
		}
		json_put_close(o, '}');
	}
	json_put_close(o, '}');
}

enum status batch_build(struct spool *s, const struct state *st, const struct batch_plan *p, struct batch *b,
                        struct err *e)
{
	struct filling f = { b, st, { &b->json, false }, 0 };
	char id[27];
	sb_reset(&b->json);
	*b = (struct batch){ .json = b->json, .from = spool_acked(s) + 1, .to = spool_acked(s) };
	b->from_wire = (int64_t)b->from - st->base;
	if (p->server_ack >= 0 && p->server_ack + 1 < b->from_wire)
		b->from_wire = p->server_ack + 1;
	batch_ulid(p->created, id);
	json_put_open(&f.o, '{');
	json_put_int_at(&f.o, "v", 1);
	json_put_text_at(&f.o, "batch", id);
	json_put_int_at(&f.o, "created", p->created);
	json_put_int_at(&f.o, "tz", p->tz);
	json_put_int_at(&f.o, "offset", st->offset_ms);
	if (st->etag)
		json_put_text_at(&f.o, "config", st->etag);
	if (st->rekeying)
		rekey_put(&f.o, st);
	put_sections(&f.o, st, p, b);
	json_put_key(&f.o, "events");
	json_put_open(&f.o, '[');
	f.limit = b->json.len + p->octets;
	enum status status = spool_read(s, b->from, put_event, &f, e);
	json_put_close(&f.o, ']');
	reach_over_gaps(s, b);
	b->to_wire = (int64_t)b->to - st->base;
	json_put_int_at(&f.o, "from", b->from_wire);
	json_put_int_at(&f.o, "to", b->to_wire);
	put_gaps(&f.o, s, st, b);
	json_put_close(&f.o, '}');
	return status;
}
