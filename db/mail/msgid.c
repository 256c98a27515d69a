/* Message-IDs as mailers really write them. See msgid.h. */
#include "msgid.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_KEPT = 20 };

static bool id_char(unsigned char c)
{
	return c > 32 && c != 127 && c != '<' && c != '>';
}

static bool fold_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Raw bytes of some charset: the same bytes always give the same id. */
static char *as_utf8(struct arena *a, const char *p, size_t n)
{
	struct sb b = SB_INIT, spaced = SB_INIT; /* the space: never UTF-16 by its mark */
	sb_addc(&spaced, ' ');
	sb_add(&spaced, p, n);
	text_to_utf8(NULL, spaced.s, spaced.len, &b);
	char *s = b.len > 1 && b.len <= MSGID_MAX ? arena_memdup(a, b.s + 1, b.len - 1) : NULL;
	for (char *c = s; c && *c; c++)
		if (!id_char((unsigned char)*c))
			*c = '_';
	sb_free(&spaced);
	sb_free(&b);
	return s;
}

/* Copies p[0..n) without white space (an id folded inside); NULL if none. */
static char *clean(struct arena *a, const char *p, size_t n)
{
	if (n > 4 * MSGID_MAX)
		return NULL;
	char *s = arena_alloc(a, n + 1);
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		if (fold_space(p[i]))
			continue;
		if (!id_char((unsigned char)p[i]))
			return NULL;
		s[k++] = p[i];
	}
	s[k] = '\0';
	if (k < 3 || k > MSGID_MAX)
		return NULL;
	return text_is_utf8(s, k) ? s : as_utf8(a, s, k);
}

/* The next id in <>, *p moves behind it. An id needs an @, unless nothing but
 * the id stands in the value (old Lotus Notes). */
static char *next_id(struct arena *a, const char **p)
{
	const char *open, *q;
	while ((open = strchr(*p, '<'))) {
		for (q = open + 1; *q && *q != '<' && *q != '>'; q++)
			;
		*p = q;
		if (*q != '>')
			continue;
		*p = q + 1;
		char *id = clean(a, open + 1, (size_t)(q - open - 1));
		/* "<2026 11 24>" in junk text is none: white space needs an @ beside it */
		if (id && (strchr(id, '@') || (size_t)(q - open - 1) == strlen(id)))
			return id;
	}
	return NULL;
}

/* A value without <>, or with half of it: one word with an @ in the middle. */
static char *bare_id(struct arena *a, const char *raw)
{
	size_t n = strlen(raw);
	while (n && fold_space(raw[n - 1]))
		n--;
	while (n && fold_space(*raw))
		raw++, n--;
	if (n && *raw == '<')
		raw++, n--;
	else if (n && raw[n - 1] == '>')
		n--;
	if (strcspn(raw, " \t\r\n<>") < n || !memchr(raw, '@', n))
		return NULL;
	return clean(a, raw, n);
}

const char *msgid_first(struct arena *a, const char *raw)
{
	const char *p = raw;
	if (!raw)
		return "";
	char *id = next_id(a, &p);
	if (!id)
		id = bare_id(a, raw);
	return id ? id : "";
}

/* The ids kept so far: the first ones, and a ring of the latest. */
struct refs {
	const char *first[FIRST_KEPT], *ring[MSGID_REFS - FIRST_KEPT];
	size_t nfirst, nring;
};

static bool seen(const struct refs *r, const char *id)
{
	size_t cap = MSGID_REFS - FIRST_KEPT, have = r->nring < cap ? r->nring : cap;
	for (size_t i = 0; i < r->nfirst; i++)
		if (strcmp(r->first[i], id) == 0)
			return true;
	for (size_t i = 0; i < have; i++)
		if (strcmp(r->ring[i], id) == 0)
			return true;
	return false;
}

static void keep(struct refs *r, const char *id)
{
	if (seen(r, id))
		return;
	if (r->nfirst < FIRST_KEPT)
		r->first[r->nfirst++] = id;
	else
		r->ring[r->nring++ % (MSGID_REFS - FIRST_KEPT)] = id;
}

static void collect(struct arena *a, struct refs *r, const char *raw)
{
	const char *p = raw;
	char *id;
	bool any = false;
	while (raw && (id = next_id(a, &p))) {
		keep(r, id);
		any = true;
	}
	if (raw && !any && (id = bare_id(a, raw)))
		keep(r, id);
}

void msgid_refs(struct arena *a, const char *refs, const char *in_reply_to, struct msgid_list *out)
{
	size_t cap = MSGID_REFS - FIRST_KEPT;
	struct refs *r = xcalloc(1, sizeof *r);
	collect(a, r, refs);
	collect(a, r, in_reply_to);
	size_t have = r->nring < cap ? r->nring : cap, from = r->nring - have;
	out->v = arena_alloc(a, (r->nfirst + have + 1) * sizeof *out->v);
	out->n = 0;
	for (size_t i = 0; i < r->nfirst; i++)
		out->v[out->n++] = r->first[i];
	for (size_t i = 0; i < have; i++)
		out->v[out->n++] = r->ring[(from + i) % cap];
	out->v[out->n] = NULL;
	free(r);
}
