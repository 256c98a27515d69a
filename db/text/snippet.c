/* The line that shows why. See snippet.h. */
#include "text/snippet.h"
#include "text/charset.h"
#include "text/search_fold.h"
#include "text/layout.h"
#include "text/utf8.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool word_at(const char *s, size_t i)
{
	uint32_t cp;
	size_t k = i;
	if (i == 0)
		return false;
	for (k--; k > 0 && ((unsigned char)s[k] & 0xC0) == 0x80; k--)
		;
	utf8_get(s + k, i - k, &cp);
	return text_char_class(cp) == CH_WORD;
}

/* The first place where the text stands; a Latin word only at its beginning. */
static const char *place_of(const struct sb *in, const char *text)
{
	uint32_t first;
	size_t n = strlen(text);
	const char *hit = in->s, *end = in->s + in->len;
	utf8_get(text, n, &first);
	bool word = text_char_class(first) == CH_WORD;
	while ((hit = memmem(hit, (size_t)(end - hit), text, n))) {
		if (!word || !word_at(in->s, (size_t)(hit - in->s)))
			return hit;
		hit++;
	}
	return NULL;
}

/* Finds in the original the bytes of the first word that occurs. */
static bool find(const char *utf8, size_t n, const struct search_query *q, size_t *at_r, size_t *len_r)
{
	struct sb folded = SB_INIT;
	uint32_t *map;
	bool found = false;
	search_fold_map(utf8, n, &folded, &map);
	for (size_t i = 0; i < q->n && !found; i++) {
		const struct search_term *t = &q->v[i];
		const char *hit = t->without || t->from ? NULL : place_of(&folded, t->text);
		if (!hit)
			continue;
		size_t from = (size_t)(hit - folded.s);
		*at_r = map[from];
		*len_r = map[from + strlen(t->text)] - map[from];
		found = true;
	}
	free(map);
	sb_free(&folded);
	return found;
}

/* Back from `at` by at most `cols` columns. */
static size_t back(const char *s, size_t at, size_t cols)
{
	size_t from = at;
	while (from > 0) {
		size_t k = from - 1;
		while (k > 0 && ((unsigned char)s[k] & 0xC0) == 0x80)
			k--;
		if (text_width(s + k, at - k) > cols)
			break;
		from = k;
	}
	return from;
}

/* Bytes on one line: runs of white space and quote marks are a space; inert. */
static void flat(const char *p, size_t n, struct sb *out)
{
	struct sb safe = SB_INIT;
	bool gap = out->len == 0;
	text_visible(p, n, &safe);
	for (size_t i = 0; i < safe.len; i++) {
		bool space = strchr(" \t\n", safe.s[i]) || (safe.s[i] == '>' && gap);
		if (!space)
			sb_addc(out, safe.s[i]);
		else if (!gap)
			sb_addc(out, ' ');
		gap = space;
	}
	sb_free(&safe);
}

struct snippet text_snippet(const char *utf8, size_t n, const struct search_query *q, size_t cols, struct sb *out)
{
	struct snippet r = { 0 };
	struct sb head = SB_INIT, hit = SB_INIT, tail = SB_INIT, rest = SB_INIT;
	size_t at = 0, len = 0;
	bool found = find(utf8, n, q, &at, &len);
	size_t from = found ? back(utf8, at, cols / 3) : 0;
	flat(utf8 + from, at - from, &head);
	flat(utf8 + at, len, &hit);
	size_t used = text_width(head.s, head.len) + text_width(hit.s, hit.len) + 2;
	size_t behind = n - at - len < cols * 8 ? n - at - len : cols * 8;
	flat(utf8 + at + len, behind, &rest);
	text_fit(rest.s, used < cols ? cols - used : 2, false, &tail);
	if (from)
		sb_adds(out, "…");
	sb_add(out, head.s, head.len);
	r.hit = out->len;
	r.hit_len = found ? hit.len : 0;
	sb_add(out, hit.s, hit.len);
	sb_add(out, tail.s, tail.len);
	sb_free(&head), sb_free(&hit), sb_free(&tail), sb_free(&rest);
	return r;
}
