/* Forms inside a mail: see form.h. */
#include "text/form.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include "text/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>

enum { LABEL_MAX = 60 /* bytes */, RULE_SIGNS = 5 };

struct reader {
	const struct form *f;
	struct arena *a;
	const char **v;
	bool quoted[FORM_FIELDS_MAX]; /* the value came from a quote */
	struct sb *rest;
	size_t items;
	int open;       /* the field whose value goes on, or -1 */
	bool open_quoted, ended;
	struct sb value;
};

/* ---- characters --------------------------------------------------------------- */

void form_flat(const char *utf8, size_t n, struct sb *out)
{
	struct sb valid = SB_INIT, seen = SB_INIT;
	size_t len = 0;
	if (n > FORM_TEXT_MAX)
		n = FORM_TEXT_MAX;
	text_valid(utf8, n, &valid);
	text_visible(valid.s, valid.len, &seen);
	uint8_t *flat = u8_normalize(UNINORM_NFKC, (const uint8_t *)seen.s, seen.len, NULL, &len);
	if (flat)
		sb_add(out, flat, len);
	free(flat);
	sb_free(&valid);
	sb_free(&seen);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && is_space(*p))
		p++;
	return p;
}

static const char *trim_end(const char *p, const char *end)
{
	while (end > p && is_space(end[-1]))
		end--;
	return end;
}

static bool at(const char *p, const char *end, const char *sign)
{
	size_t n = strlen(sign);
	return (size_t)(end - p) >= n && memcmp(p, sign, n) == 0;
}

/* One of the signs (NULL-terminated) at p: its length, or 0. */
static size_t any(const char *p, const char *end, const char *const *signs)
{
	for (; *signs; signs++)
		if (at(p, end, *signs))
			return strlen(*signs);
	return 0;
}

/* ---- a line ------------------------------------------------------------------- */

static const char *skip_quotes(const char *p, const char *end, bool *quoted_r)
{
	*quoted_r = false;
	for (p = skip_space(p, end); p < end && (*p == '>' || *p == '|'); p = skip_space(p + 1, end))
		*quoted_r = true;
	return p;
}

/* ■ 1. (2) ・ and the like; full-width signs are half-width ones by now. */
static const char *skip_bullets(const char *p, const char *end)
{
	static const char *const signs[] = { "・", "■", "□", "●", "○", "◆", "◇", "◎", "▼", "▽", "▶", "※", "*", "-", "#", "〇", NULL };
	size_t n;
	p = skip_space(p, end);
	while ((n = any(p, end, signs)) != 0)
		p = skip_space(p + n, end);
	const char *q = p + (p < end && *p == '('), *after = q;
	while (after < end && *after >= '0' && *after <= '9')
		after++;
	if (after == q)
		return p;
	return skip_space(after + (after < end && (*after == '.' || *after == ')')), end);
}

/* A rule or "-- " ends what people fill in. */
static bool is_rule(const char *p, const char *end)
{
	uint32_t first = 0, c;
	size_t n = 0, k;
	end = trim_end(p, end);
	if (end - p == 2 && at(p, end, "--"))
		return true;
	for (; p < end; p += k, n++) {
		k = utf8_get(p, (size_t)(end - p), &c);
		if (n == 0)
			first = c;
		if (c != first && c != ' ')
			return false;
	}
	return n >= RULE_SIGNS && (first < 0x80 ? strchr("-=_*~+", (int)first) != NULL : first < 0x3040 || first == 0x30FC);
}

/* The label without spaces and case, up to a bracket. */
static void fold_label(const char *p, const char *end, struct sb *out)
{
	size_t len = 0;
	for (const char *q = p; q < end; q++)
		if (*q == '(' && q > p)
			end = q;
	uint8_t *low = u8_casefold((const uint8_t *)p, (size_t)(end - p), NULL, NULL, NULL, &len);
	for (size_t i = 0; low && i < len; i++)
		if (!is_space((char)low[i]))
			sb_addc(out, (char)low[i]);
	free(low);
}

static int field_named(const struct form *f, const char *p, const char *end)
{
	struct sb label = SB_INIT;
	int field = -1;
	if (end > p && end - p <= LABEL_MAX)
		fold_label(p, end, &label);
	for (const struct form_item *i = f->items; label.len && i->label; i++)
		if (strcmp(i->label, label.s) == 0)
			field = (int)i->field;
	sb_free(&label);
	return field;
}

/* 【会社名】さくら商事, [会社名]: さくら商事 */
static const char *bracketed(const char *p, const char *end, const char **close_r)
{
	static const char *const pairs[][2] = { { "【", "】" }, { "[", "]" }, { "〔", "〕" }, { "<", ">" }, { "「", "」" } };
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (!at(p, end, pairs[i][0]))
			continue;
		const char *from = p + strlen(pairs[i][0]);
		const char *to = memmem(from, (size_t)(end - from), pairs[i][1], strlen(pairs[i][1]));
		*close_r = to ? to + strlen(pairs[i][1]) : NULL;
		return to ? from : NULL;
	}
	return NULL;
}

static const char *skip_separator(const char *p, const char *end)
{
	static const char *const signs[] = { ":", "=", "→", "⇒", NULL };
	p = skip_space(p, end);
	return skip_space(p + any(p, end, signs), end);
}

/* Where the label ends: a colon, an equals sign, a tab, or a wide gap. */
static const char *separator(const char *p, const char *end)
{
	for (; p < end; p++)
		if (*p == ':' || *p == '=' || *p == '\t' || at(p, end, "→") || at(p, end, "  "))
			return p;
	return NULL;
}

/* The field this line is about, or -1; *value_r is what stands behind its label. */
static int item(const struct form *f, const char *p, const char *end, const char **value_r)
{
	const char *close = NULL, *sep;
	const char *name = bracketed(p, end, &close);
	if (name) {
		const char *stop = close - 1;
		while (stop > name && ((unsigned char)*stop & 0xC0) == 0x80)
			stop--;
		*value_r = skip_separator(close, end);
		return field_named(f, name, stop);
	}
	p = skip_bullets(p, end);
	sep = separator(p, end);
	if (!sep) { /* the label alone, its value below */
		*value_r = end;
		return field_named(f, p, trim_end(p, end));
	}
	*value_r = skip_separator(sep, end);
	return field_named(f, p, sep);
}

/* ---- the text ------------------------------------------------------------------ */

static void put_value(struct reader *r)
{
	int x = r->open;
	r->open = -1;
	size_t max = 1u << x & r->f->multi ? FORM_MULTI_MAX : FORM_VALUE_MAX, n = r->value.len;
	const char *s = r->value.s;
	while (n && (is_space(s[n - 1]) || s[n - 1] == '\n'))
		n--;
	n = utf8_head(s, n, max);
	if (!n || (*r->v[x] && (!r->quoted[x] || r->open_quoted)))
		return;
	char *v = arena_strndup(r->a, s, n);
	for (char *t = v; (t = strpbrk(t, "\t\r")); t++)
		*t = ' ';
	r->v[x] = v;
	r->quoted[x] = r->open_quoted;
}

static void close_value(struct reader *r)
{
	if (r->open >= 0)
		put_value(r);
	sb_reset(&r->value);
}

/* What stands below an item: more of its value, or (false) something else. */
static bool goes_on(struct reader *r, const char *p, const char *end, bool quoted)
{
	if (r->open < 0 || quoted != r->open_quoted)
		return false;
	bool multi = 1u << r->open & r->f->multi;
	if (!multi && (r->value.len || p == end))
		return false;
	if (r->value.len)
		sb_addc(&r->value, '\n');
	if (r->value.len <= FORM_MULTI_MAX)
		sb_add(&r->value, p, (size_t)(end - p));
	return true;
}

static void take_line(struct reader *r, const char *line, const char *end)
{
	bool quoted;
	const char *value, *p = skip_quotes(line, end, &quoted);
	end = trim_end(p, end);
	if (is_rule(p, end)) {
		close_value(r);
		r->ended |= !quoted;
		return;
	}
	int field = item(r->f, p, end, &value);
	if (field >= 0) {
		close_value(r);
		r->items++;
		r->open = field;
		r->open_quoted = quoted;
		sb_add(&r->value, value, (size_t)(end - value));
		return;
	}
	if (goes_on(r, p, end, quoted))
		return;
	close_value(r);
	if (r->rest && !quoted && !r->ended) {
		sb_add(r->rest, p, (size_t)(end - p));
		sb_addc(r->rest, '\n');
	}
}

size_t form_read(const struct form *f, const char *utf8, size_t n, struct arena *a, const char **v_r, struct sb *rest)
{
	struct sb flat = SB_INIT;
	struct reader r = { .f = f, .a = a, .v = v_r, .rest = rest, .open = -1, .value = SB_INIT };
	form_flat(utf8, n, &flat);
	for (unsigned i = 0; i < f->nfields; i++)
		v_r[i] = "";
	for (const char *p = flat.s, *end = p + flat.len; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		take_line(&r, p, nl ? nl : end);
		p = nl ? nl + 1 : end;
	}
	close_value(&r);
	sb_free(&r.value);
	sb_free(&flat);
	return r.items;
}
