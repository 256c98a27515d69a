/*
 * The few declarations of a style attribute that decide whether text is seen, and
 * where its lines end. See html_style.h.
 *
 * Of two declarations of one property the last counts. What is not understood
 * hides nothing: filler that is shown does less harm than a mail that is not.
 */
#include "html_style.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

struct decl {
	const char *name, *value;
	size_t name_n, value_n;
};

static bool space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void trim(const char **p, size_t *n)
{
	while (*n && space(**p))
		++*p, --*n;
	while (*n && space((*p)[*n - 1]))
		--*n;
}

static bool next(const char **p, const char *end, struct decl *d)
{
	while (*p < end) {
		const char *stop = memchr(*p, ';', (size_t)(end - *p));
		stop = stop ? stop : end;
		const char *colon = memchr(*p, ':', (size_t)(stop - *p));
		d->name = *p;
		*p = stop < end ? stop + 1 : end;
		if (!colon)
			continue;
		const char *important = memchr(colon, '!', (size_t)(stop - colon));
		d->name_n = (size_t)(colon - d->name);
		d->value = colon + 1;
		d->value_n = (size_t)((important ? important : stop) - d->value);
		trim(&d->name, &d->name_n);
		trim(&d->value, &d->value_n);
		return true;
	}
	return false;
}

static bool is(const char *p, size_t n, const char *word)
{
	return strlen(word) == n && strncasecmp(p, word, n) == 0;
}

static bool named(const struct decl *d, const char *name)
{
	return is(d->name, d->name_n, name);
}

static bool says(const struct decl *d, const char *word)
{
	return is(d->value, d->value_n, word);
}

/* 0, 0px, 0.0em, .0%: nothing, in whatever unit. */
static bool is_zero(const struct decl *d)
{
	size_t i = 0, digits = 0;
	for (; i < d->value_n && (d->value[i] == '0' || d->value[i] == '.'); i++)
		digits += d->value[i] == '0';
	for (size_t k = i; k < d->value_n; k++)
		if (!isalpha((unsigned char)d->value[k]) && d->value[k] != '%')
			return false;
	return digits > 0;
}

static bool ends(const struct decl *d, const char *unit)
{
	size_t n = strlen(unit);
	return d->value_n > n && strncasecmp(d->value + d->value_n - n, unit, n) == 0;
}

/* A part of nothing is nothing. */
static enum html_size size_of(const struct decl *d)
{
	static const char *const relative[] = { "inherit", "unset", "smaller", "larger", NULL };
	if (is_zero(d))
		return SIZE_ZERO;
	if (ends(d, "%") || (ends(d, "em") && !ends(d, "rem")))
		return SIZE_INHERITED;
	for (const char *const *w = relative; *w; w++)
		if (says(d, *w))
			return SIZE_INHERITED;
	return SIZE_OWN;
}

static enum html_space space_of(const struct decl *d)
{
	if (says(d, "pre-line"))
		return SPACE_LINES;
	if (says(d, "pre") || says(d, "pre-wrap") || says(d, "break-spaces") || says(d, "-moz-pre-wrap"))
		return SPACE_KEPT;
	return says(d, "inherit") || says(d, "unset") ? SPACE_INHERITED : SPACE_NORMAL;
}

/* Any padding but none: boxes for films have no height and are seen all the same. */
static bool has_padding(const struct decl *d)
{
	for (size_t i = 0; i < d->value_n; i++)
		if (d->value[i] >= '1' && d->value[i] <= '9')
			return true;
	return false;
}

void html_style(const char *value, size_t n, struct html_style *r)
{
	struct decl d;
	bool clear = false, flat = false, cut = false, padded = false;
	*r = (struct html_style){ .size = SIZE_INHERITED };
	for (const char *p = value, *end = value + n; next(&p, end, &d);) {
		if (named(&d, "font-size"))
			r->size = size_of(&d);
		else if (named(&d, "font"))
			r->size = SIZE_OWN;
		else if (named(&d, "white-space"))
			r->space = space_of(&d);
		else if (named(&d, "opacity"))
			clear = is_zero(&d);
		else if (named(&d, "height") || named(&d, "max-height"))
			flat = is_zero(&d);
		else if (named(&d, "overflow"))
			cut = says(&d, "hidden") || says(&d, "clip");
		else if (d.name_n >= 7 && strncasecmp(d.name, "padding", 7) == 0)
			padded |= has_padding(&d);
		else if (named(&d, "text-decoration") || named(&d, "text-decoration-line"))
			r->struck = d.value_n >= 12 && memmem(d.value, d.value_n, "line-through", 12);
	}
	r->unseen = clear || (flat && cut && !padded);
}
