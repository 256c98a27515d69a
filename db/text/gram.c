/* Words and pairs of characters. See gram.h. */
#include "text/gram.h"
#include "text/utf8.h"

static size_t class_at(const struct grams *g, const char *p, enum char_class *cls_r)
{
	uint32_t cp;
	*cls_r = CH_BREAK;
	if (p >= g->end)
		return 0;
	size_t k = utf8_get(p, (size_t)(g->end - p), &cp);
	*cls_r = text_char_class(cp);
	return k;
}

static void take_word(struct grams *g, struct gram *r)
{
	enum char_class cls = CH_WORD;
	while (g->p < g->end) {
		size_t k = class_at(g, g->p, &cls);
		if (cls != CH_WORD)
			break;
		g->p += k;
		if ((size_t)(g->p - r->s) <= GRAM_WORD_MAX)
			r->n = (size_t)(g->p - r->s);
	}
	g->inside = false;
}

static void take_pair(struct grams *g, size_t first, struct gram *r)
{
	enum char_class next;
	size_t second = class_at(g, g->p + first, &next);
	r->lone = next != CH_GRAM;
	r->first = !g->inside;
	r->n = r->lone ? first : first + second;
	g->inside = !r->lone;
	g->p += first;
}

bool gram_next(struct grams *g, struct gram *r)
{
	enum char_class cls = CH_BREAK;
	size_t k = 0;
	while (g->p < g->end) {
		k = class_at(g, g->p, &cls);
		if (cls != CH_BREAK)
			break;
		g->p += k;
	}
	if (g->p >= g->end)
		return false;
	*r = (struct gram){ .s = g->p, .cls = cls };
	if (cls == CH_WORD)
		take_word(g, r);
	else
		take_pair(g, k, r);
	return true;
}

bool gram_is_kanji(const struct gram *g)
{
	uint32_t cp;
	utf8_get(g->s, g->n, &cp);
	return (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x3FFFF);
}
