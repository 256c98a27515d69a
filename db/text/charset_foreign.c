/*
 * Bytes without a label, or with a wrong one, that are no Japanese: which of the
 * charsets that people elsewhere send so? Chinese and Korean by their commonest
 * characters, Cyrillic by its commonest letters and by where capitals stand.
 *
 * Japanese is asked first and wins where there is any doubt. What could be EUC-JP
 * without kana is foreign only if an eighth of it, three characters at least, are
 * among the sixty that make up a third of any such text; what could be half-width
 * kana only if none of it is ｦ to ｿ, where half of all kana are.
 */
#include "text/charset_int.h"
#include <string.h>

enum { ONE_IN = 8, HITS_MIN = 2, RUN_MIN = 3, LETTERS_MIN = 4, LOOK_MAX = 16384 };
enum { COMMON_LOWER = 5, COMMON_UPPER = 4, ODD_CAPITAL = -8 };

/* ---- two bytes a character ---------------------------------------------------------- */

struct commonest {
	const char *label;
	uint16_t codes[64]; /* ascending is not needed: 0 ends */
};

static const struct commonest tables[] = {
	{ "gb18030", /* 的是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能请您好公司谢件邮下后发用于与及息网户 */
	  { 0xB5C4, 0xCAC7, 0xB2BB, 0xC1CB, 0xD4DA, 0xC8CB, 0xD3D0, 0xCED2, 0xCBFB, 0xD5E2, 0xB8F6, 0xC3C7, 0xD6D0, 0xC0B4,
	    0xC9CF, 0xB4F3, 0xCEAA, 0xBACD, 0xB9FA, 0xB5D8, 0xB5BD, 0xD2D4, 0xCBB5, 0xCAB1, 0xD2AA, 0xBECD, 0xB3F6, 0xBBE1,
	    0xBFC9, 0xD2B2, 0xC4E3, 0xB6D4, 0xC9FA, 0xC4DC, 0xC7EB, 0xC4FA, 0xBAC3, 0xB9AB, 0xCBBE, 0xD0BB, 0xBCFE, 0xD3CA,
	    0xCFC2, 0xBAF3, 0xB7A2, 0xD3C3, 0xD3DA, 0xD3EB, 0xBCB0, 0xCFA2, 0xCDF8, 0xBBA7, 0 } },
	{ "euc-kr", /* 이다는을의에가하고지로한사니은를기시아어있습합안녕세요주인일 */
	  { 0xC0CC, 0xB4D9, 0xB4C2, 0xC0BB, 0xC0C7, 0xBFA1, 0xB0A1, 0xC7CF, 0xB0ED, 0xC1F6, 0xB7CE, 0xC7D1, 0xBBE7, 0xB4CF,
	    0xC0BA, 0xB8A6, 0xB1E2, 0xBDC3, 0xBEC6, 0xBEEE, 0xC0D6, 0xBDC0, 0xC7D5, 0xBEC8, 0xB3E7, 0xBCBC, 0xBFE4, 0xC1D6,
	    0xC0CE, 0xC0CF, 0 } },
	{ "big5", /* 的是不我一有在人了中大會上個到們為這來以你要就他可時出說也能好您請公司謝件郵用下對和與於後「」，。：！ */
	  { 0xAABA, 0xAC4F, 0xA4A3, 0xA7DA, 0xA440, 0xA6B3, 0xA662, 0xA448, 0xA446, 0xA4A4, 0xA46A, 0xB77C, 0xA457, 0xADD3,
	    0xA8EC, 0xADCC, 0xACB0, 0xB36F, 0xA8D3, 0xA548, 0xA741, 0xAD6E, 0xB44E, 0xA54C, 0xA569, 0xAEC9, 0xA558, 0xBBA1,
	    0xA45D, 0xAFE0, 0xA66E, 0xB17A, 0xBDD0, 0xA4BD, 0xA571, 0xC1C2, 0xA5F3, 0xB66C, 0xA5CE, 0xA455, 0xB9EF, 0xA94D,
	    0xBB50, 0xA9F3, 0xABE1, 0xA175, 0xA176, 0xA141, 0xA143, 0xA147, 0xA149, 0 } },
};
enum { TABLES = sizeof tables / sizeof *tables, BIG5 = TABLES - 1 };

static bool is_common(const struct commonest *t, unsigned code)
{
	for (const uint16_t *c = t->codes; *c; c++)
		if (*c == code)
			return true;
	return false;
}

struct pairs {
	size_t all, bad, kana; /* kana of EUC-JP */
	size_t hits[TABLES];
};

static void count_pairs(const unsigned char *p, size_t n, struct pairs *r)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80)
			continue;
		if (i + 1 == n || p[i] == 0x80 || p[i] == 0xFF || p[i + 1] < 0x40) {
			r->bad += i + 1 < n;
			continue;
		}
		unsigned code = (unsigned)p[i] << 8 | p[i + 1];
		for (size_t k = 0; k < TABLES; k++)
			r->hits[k] += is_common(&tables[k], code);
		r->kana += (p[i] == 0xA4 || p[i] == 0xA5) && p[i + 1] >= 0xA1;
		r->all++;
		i++;
	}
}

/* Of the first `ntables`. */
static struct label pairs(const unsigned char *p, size_t n, size_t ntables, size_t hits_min)
{
	struct pairs c = { 0 };
	size_t best = 0;
	count_pairs(p, n < LOOK_MAX ? n : LOOK_MAX, &c);
	for (size_t k = 1; k < ntables; k++)
		if (c.hits[k] > c.hits[best])
			best = k;
	bool kana = best != BIG5 && c.kana * 20 > c.all; /* its commonest stand where EUC-JP has kana */
	if (kana || c.hits[best] < hits_min || c.hits[best] * ONE_IN < c.all || c.bad * 50 > c.all)
		return (struct label){ CS_NONE, NULL, NULL };
	return charset_label(tables[best].label);
}

struct label charset_foreign_not_euc(const unsigned char *p, size_t n)
{
	return pairs(p, n, BIG5, HITS_MIN + 1);
}

/* ---- one byte a letter ------------------------------------------------------------------ */

enum letter { NO_LETTER, LOWER, UPPER };

struct cyrillic {
	const char *label;
	const char *lower, *upper; /* оеаинтсрвл, the commonest */
	enum letter (*of)(unsigned c);
};

static enum letter cp1251(unsigned c)
{
	return c >= 0xE0 || c == 0xB8 ? LOWER : c >= 0xC0 || c == 0xA8 ? UPPER : NO_LETTER;
}

static enum letter koi8(unsigned c)
{
	return c >= 0xE0 || c == 0xB3 ? UPPER : c >= 0xC0 || c == 0xA3 ? LOWER : NO_LETTER;
}

static enum letter iso8859_5(unsigned c)
{
	return (c >= 0xD0 && c <= 0xEF) || c == 0xF1 ? LOWER : (c >= 0xB0 && c < 0xD0) || c == 0xA1 ? UPPER : NO_LETTER;
}

static enum letter cp866(unsigned c)
{
	return (c >= 0xA0 && c <= 0xAF) || (c >= 0xE0 && c <= 0xEF) || c == 0xF1 ? LOWER : c >= 0x80 && c < 0xA0 ? UPPER : NO_LETTER;
}

static const struct cyrillic alphabets[] = {
	{ "windows-1251", "\xEE\xE5\xE0\xE8\xED\xF2\xF1\xF0\xE2\xEB", "\xCE\xC5\xC0\xC8\xCD\xD2\xD1\xD0\xC2\xCB", cp1251 },
	{ "koi8-r", "\xCF\xC5\xC1\xC9\xCE\xD4\xD3\xD2\xD7\xCC", "\xEF\xE5\xE1\xE9\xEE\xF4\xF3\xF2\xF7\xEC", koi8 },
	{ "iso-8859-5", "\xDE\xD5\xD0\xD8\xDD\xE2\xE1\xE0\xD2\xDB", "\xBE\xB5\xB0\xB8\xBD\xC2\xC1\xC0\xB2\xBB", iso8859_5 },
	{ "cp866", "\xAE\xA5\xA0\xA8\xAD\xE2\xE1\xE0\xA2\xAB", "\x8E\x85\x80\x88\x8D\x92\x91\x90\x82\x8B", cp866 },
};

struct words {
	size_t high, letters, in_words, common;
	long points;
};

static void read_words(const struct cyrillic *a, const unsigned char *p, size_t n, struct words *w)
{
	size_t run = 0;
	for (size_t i = 0; i < n; i++) {
		enum letter l = p[i] < 0x80 ? NO_LETTER : a->of(p[i]);
		bool common = l != NO_LETTER && strchr(l == LOWER ? a->lower : a->upper, p[i]);
		w->high += p[i] >= 0x80;
		w->letters += l != NO_LETTER;
		w->common += common;
		run = l == NO_LETTER ? 0 : run + 1;
		w->in_words += run == RUN_MIN ? RUN_MIN : run > RUN_MIN;
		w->points += common ? l == LOWER ? COMMON_LOWER : COMMON_UPPER : 0;
		if (l == UPPER && run > 1 && a->of(p[i - 1]) == LOWER)
			w->points += ODD_CAPITAL;
	}
}

/* `all`: nothing but letters, and the commonest as common as they are. */
static struct label cyrillic(const unsigned char *p, size_t n, bool all)
{
	const char *best = NULL;
	long most = 0;
	n = n < LOOK_MAX ? n : LOOK_MAX;
	for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++) {
		struct words w = { 0 };
		read_words(&alphabets[i], p, n, &w);
		/* words of one and two letters are common: a quarter of the bytes may be in such */
		bool are_words = w.in_words >= LETTERS_MIN && w.in_words * 4 >= w.high * 3;
		if (all && (w.letters < w.high || w.common * 5 < w.letters * 2))
			are_words = false;
		if (are_words && w.points > most)
			best = alphabets[i].label, most = w.points;
	}
	return charset_label(best);
}

struct label charset_foreign_not_kana(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] >= 0xA6 && p[i] <= 0xBF)
			return pairs(p, n, TABLES, HITS_MIN + 1);
	return cyrillic(p, n, true);
}

struct label charset_foreign(const unsigned char *p, size_t n)
{
	struct label l = pairs(p, n, TABLES, HITS_MIN);
	return l.cs == CS_NONE ? cyrillic(p, n, false) : l;
}
