/*
 * Categories: the list, what staff type, and standard texts. How they are read:
 * category_load.c; what a mail is about: category_suggest.c.
 */
#include "text/category_impl.h"
#include "text/fold.h"
#include "text/tmpl.h"
#include "text/utf8.h"
#include <stdlib.h>
#include <string.h>

enum { TYPED_MAX = 120 /* bytes of a name worth comparing */, CHARS_MAX = 64 };

char *category_folded(struct arena *a, const char *s, size_t n)
{
	struct sb b = SB_INIT;
	text_fold(s, n, &b);
	while (b.len && b.s[b.len - 1] == '\n')
		sb_setlen(&b, b.len - 1);
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

const struct category *categories_list(const struct categories *set, size_t *n_r)
{
	size_t skip = set->nkinds && set->kinds[0].group == CATEGORY_NONE;
	*n_r = set->nkinds - skip;
	return set->kinds + skip;
}

const struct category *category_by_number(const struct categories *set, int number)
{
	size_t n;
	const struct category *v = categories_list(set, &n);
	for (size_t i = 0; i < n; i++)
		if (v[i].number == number)
			return &v[i];
	return NULL;
}

/* ---- what staff type -------------------------------------------------------- */

/* A name to compare: hiragana as katakana, because it is typed in a hurry
 * (らんさむ), then folded. */
static char *key_of(struct arena *a, const char *s, size_t n)
{
	enum { HIRAGANA_FIRST = 0x3041, HIRAGANA_LAST = 0x3096, TO_KATAKANA = 0x60 };
	struct sb kata = SB_INIT;
	for (size_t i = 0; i < n;) {
		uint32_t c;
		i += utf8_get(s + i, n - i, &c);
		utf8_put(&kata, c >= HIRAGANA_FIRST && c <= HIRAGANA_LAST ? c + TO_KATAKANA : c);
	}
	char *key = category_folded(a, kata.s, kata.len);
	sb_free(&kata);
	return key;
}

/* The i-th name of a kind: its number, its name, its aliases; NULL behind them. */
static char *name_of(struct arena *a, const struct category *c, size_t i)
{
	if (i == 0)
		return arena_printf(a, "%d", c->number);
	const char *s = i == 1 ? c->name : c->aliases[i - 2];
	return s ? key_of(a, s, strlen(s)) : NULL;
}

enum fit { FIT_NOT, FIT_BEGINS, FIT_WHOLE };

static enum fit fits(struct arena *a, const struct category *c, const char *typed)
{
	enum fit best = FIT_NOT;
	size_t len = strlen(typed);
	char *name;
	for (size_t i = 0; best != FIT_WHOLE && (name = name_of(a, c, i)); i++) {
		if (strcmp(name, typed) == 0)
			best = FIT_WHOLE;
		else if (i > 0 && strncmp(name, typed, len) == 0)
			best = FIT_BEGINS;
	}
	return best;
}

static const struct category *look_up(const struct categories *set, struct arena *a, const char *typed)
{
	size_t n, begins = 0;
	const struct category *v = categories_list(set, &n), *found = NULL;
	for (size_t i = 0; i < n; i++) {
		enum fit fit = fits(a, &v[i], typed);
		if (fit == FIT_WHOLE)
			return &v[i];
		if (fit == FIT_BEGINS) {
			begins++;
			found = &v[i];
		}
	}
	return begins == 1 ? found : NULL;
}

const struct category *category_find(const struct categories *set, const char *typed)
{
	struct arena *a = arena_new();
	const char *t = key_of(a, typed, strnlen(typed, TYPED_MAX));
	const struct category *c = *t ? look_up(set, a, t) : NULL;
	arena_free(&a);
	return c;
}

static size_t chars(const char *s, uint32_t *v)
{
	size_t n = 0, len = strlen(s);
	for (size_t i = 0; i < len && n < CHARS_MAX; n++)
		i += utf8_get(s + i, len - i, &v[n]);
	return n;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits from one to the other (Levenshtein), in characters. */
static size_t distance(const char *one, const char *other)
{
	uint32_t a[CHARS_MAX], b[CHARS_MAX];
	size_t na = chars(one, a), nb = chars(other, b), row[CHARS_MAX + 1];
	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[nb];
}

/* How far off, in tenths of the longer one's length; one inside the other is
 * near. Numbers are not compared: 7 is as near to 6 as to 17. */
static size_t off(struct arena *a, const struct category *c, const char *typed)
{
	enum { INSIDE = 3 };
	uint32_t v[CHARS_MAX];
	size_t best = 10, nt = chars(typed, v);
	char *name;
	for (size_t i = 1; (name = name_of(a, c, i)); i++) {
		size_t nn = chars(name, v), longer = nn > nt ? nn : nt;
		if (longer)
			best = least(best, distance(name, typed) * 10 / longer);
		if (nt > 1 && nn > 1 && (strstr(name, typed) || strstr(typed, name)))
			best = least(best, INSIDE);
	}
	return best;
}

size_t category_near(const struct categories *set, const char *typed, const struct category *near_r[CATEGORY_NEAR])
{
	enum { FAR = 5 };
	struct arena *a = arena_new();
	size_t n, found = 0, offs[CATEGORY_NEAR];
	const char *t = key_of(a, typed, strnlen(typed, TYPED_MAX));
	const struct category *v = categories_list(set, &n);
	for (size_t i = 0; *t && i < n; i++) {
		size_t o = off(a, &v[i], t), at = found;
		while (at > 0 && offs[at - 1] > o)
			at--;
		if (o > FAR || at == CATEGORY_NEAR)
			continue;
		if (found < CATEGORY_NEAR)
			found++;
		for (size_t k = found - 1; k > at; k--) {
			offs[k] = offs[k - 1];
			near_r[k] = near_r[k - 1];
		}
		offs[at] = o;
		near_r[at] = &v[i];
	}
	arena_free(&a);
	return found;
}

/* ---- standard texts ------------------------------------------------------------- */

static char *without_end(struct sb *b)
{
	while (b->len && b->s[b->len - 1] == '\n')
		sb_setlen(b, b->len - 1);
	return b->s;
}

enum status category_text(const struct categories *set, const struct category *c, const struct category_letter *l,
                          struct sb *subject, struct sb *body, struct err *e)
{
	struct sb title = SB_INIT, text = SB_INIT;
	const struct tmpl_var inner[] = {
		{ "desk_name", l->desk_name }, { "desk_address", l->desk_address }, { "domain", l->domain },
		{ "ticket", l->ticket }, { NULL, NULL },
	};
	enum status st = tmpl_render_file(set->text_dir, c->text, inner, &title, &text, e);
	bool own = !l->subject || !*l->subject;
	const struct tmpl_var outer[] = {
		{ "subject", own ? title.s : l->subject }, { "re", own ? NULL : "1" }, { "name", l->name },
		{ "note", l->note }, { "text", without_end(&text) }, { "desk_name", l->desk_name },
		{ "desk_address", l->desk_address }, { "domain", l->domain }, { "ticket", l->ticket }, { NULL, NULL },
	};
	if (st == OK)
		st = tmpl_render_file(set->text_dir, "frame", outer, subject, body, e);
	sb_free(&title);
	sb_free(&text);
	return st;
}
