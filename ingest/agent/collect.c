/* What collectors see of the agent, and how their events reach the spool. */
#include "agent.h"
#include "options.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct agent *agent_of(struct collect *c)
{
	return (struct agent *)c;
}
static const struct agent *const_agent_of(const struct collect *c)
{
	return (const struct agent *)c;
}

const char *collect_option(const struct collect *c, const char *name)
{
	return options_get(const_agent_of(c)->options, name);
}

const char *collect_watch(const struct collect *c, size_t i)
{
	const struct agent *a = const_agent_of(c);
	const char *w = options_nth(a->options, "watch", i);
	size_t own = 0;
	if (w)
		return w;
	while (options_nth(a->options, "watch", own))
		own++;
	return i - own < a->config.nwatch ? a->config.watch[i - own] : NULL;
}

int64_t collect_wall(const struct collect *c)
{
	return const_agent_of(c)->clock.wall_ms();
}

int64_t collect_mono(const struct collect *c)
{
	return const_agent_of(c)->clock.mono_ms();
}

const char *collect_bookmark(const struct collect *c, const char *name)
{
	return spool_bookmark(const_agent_of(c)->spool, name);
}

/* All events that wait lie in one buffer, each ended by a NUL. */
struct json_put *collect_event(struct collect *c, int64_t t, const char *kind, const char *user)
{
	struct agent *a = agent_of(c);
	if (a->nev == a->cap) {
		a->cap = a->cap ? a->cap * 2 : 64;
		a->ev = xrealloc(a->ev, a->cap * sizeof *a->ev);
	}
	if (a->nev)
		sb_addc(&a->pending, '\0');
	a->ev[a->nev++] = (struct pending_event){ t, a->pending.len };
	a->put = (struct json_put){ &a->pending, false };
	json_put_text_at(&a->put, "k", kind);
	if (user && *user)
		json_put_text_at(&a->put, "u", user);
	return &a->put;
}

size_t collect_waiting(const struct collect *c)
{
	return const_agent_of(c)->nev;
}

/* The first k events that fit one frame. */
static size_t fill_frame(const struct agent *a, size_t from, struct spool_event *v)
{
	size_t n = 0, size = SPOOL_BOOKMARK;
	for (size_t i = from; i < a->nev && n < SPOOL_EVENTS; i++) {
		size_t end = i + 1 < a->nev ? a->ev[i + 1].at - 1 : a->pending.len;
		v[n] = (struct spool_event){ a->ev[i].t, a->pending.s + a->ev[i].at, end - a->ev[i].at };
		size += 12 + v[n].n;
		if (size > SPOOL_FRAME && n)
			break;
		n++;
	}
	return n;
}

enum status collect_flush(struct collect *c, const char *name, const char *place, struct err *e)
{
	struct agent *a = agent_of(c);
	struct spool_event *v = xmalloc(SPOOL_EVENTS * sizeof *v);
	int64_t age = state_age(a->st, a->clock.mono_ms());
	enum status st = OK;
	size_t at = 0;
	/* Collectors keep to pieces that fit one frame; the bookmark goes with the last. */
	do {
		size_t n = fill_frame(a, at, v);
		bool last = at + n == a->nev;
		if (n || name)
			st = spool_add(a->spool, age, v, n, last ? name : NULL, place, e);
		if (st == ERR_LIMIT && n == 1)
			st = OK; /* one event beyond all measure: dropped */
		at += n;
	} while (st == OK && at < a->nev);
	free(v);
	if (st != OK) {
		log_info("spool", "error=%s", log_quote(e ? e->msg : NULL));
		return st;
	}
	a->nev = 0;
	sb_reset(&a->pending);
	return OK;
}

static bool bookmark_parse(const char *s, uint64_t *id, uint64_t *offset)
{
	return s && sscanf(s, "%" SCNu64 ":%" SCNu64, id, offset) == 2;
}

/* How much of the text is whole; all of it when one line is longer than a piece. */
static size_t whole(const struct tail *t)
{
	size_t n = t->text.len;
	if (t->record)
		return n - n % t->record;
	while (n && t->text.s[n - 1] != '\n')
		n--;
	return n || t->text.len < TAIL_PIECE ? n : t->text.len;
}

static bool tail_end(const char *path, uint64_t id, uint64_t *size)
{
	struct sb none = SB_INIT;
	enum status st = plat_read_from(path, &id, 0, 0, &none, size, NULL);
	sb_free(&none);
	return st == OK;
}

static bool tail_piece(struct tail *t, const char *path, uint64_t id, uint64_t offset)
{
	uint64_t size;
	sb_reset(&t->text);
	if (plat_read_from(path, &id, offset, TAIL_PIECE, &t->text, &size, NULL) != OK)
		return false;
	if (size < offset) { /* cut: from its beginning */
		offset = 0;
		if (plat_read_from(path, &id, offset, TAIL_PIECE, &t->text, &size, NULL) != OK)
			return false;
	}
	sb_setlen(&t->text, whole(t));
	snprintf(t->place, sizeof t->place, "%" PRIu64 ":%" PRIu64, id, offset + t->text.len);
	return true;
}

bool tail_read(const struct collect *c, struct tail *t)
{
	const char *before = collect_bookmark(c, t->bookmark);
	char *rotated = xasprintf("%s.1", t->path);
	uint64_t id = 0, offset = 0, size;
	bool got;
	if (!bookmark_parse(before, &id, &offset)) {
		if (!t->from_start && tail_end(t->path, 0, &size))
			offset = size;
		got = tail_piece(t, t->path, 0, offset);
	} else {
		got = tail_piece(t, t->path, id, offset);
		if (!got) /* rotated: its rest, then the new one */
			got = (tail_piece(t, rotated, id, offset) && t->text.len) || tail_piece(t, t->path, 0, 0);
	}
	free(rotated);
	return got && (!before || strcmp(before, t->place) != 0);
}
