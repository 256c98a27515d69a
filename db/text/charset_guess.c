/*
 * Which charset is it really? Every possible reading is scored by how much it
 * looks like Japanese; a label counts until the bytes contradict it.
 */
#include "text/charset.h"
#include "text/charset_int.h"
#include "text/jis.h"
#include "text/utf8.h"
#include <string.h>

struct score {
	long points;
	size_t bad;     /* malformed or unassigned, a cut-off end apart */
	size_t wide;    /* characters beyond ASCII */
	size_t good;    /* kana, punctuation, everyday kanji */
	size_t runs;    /* good ones beside another good one */
	size_t kana;    /* full-width kana */
	size_t half;    /* half-width kana */
	size_t half3;   /* … in runs of three or more */
	size_t bytes;   /* bytes but spaces */
};

size_t cp932_get(const unsigned char *p, size_t n, uint32_t *cp, unsigned *row_r)
{
	unsigned c = p[0], rc;
	*row_r = 0;
	*cp = c;
	if (c < 0x80)
		return 1;
	if (c >= 0xA1 && c <= 0xDF) {
		*cp = 0xFF61 + c - 0xA1;
		return 1;
	}
	*cp = UTF8_BAD;
	if (n < 2 || !(rc = jis_of_sjis(c, p[1])))
		return 1;
	*row_r = rc >> 8;
	uint32_t u = jis_ucs(JIS_X0208, rc >> 8, rc & 0xFF);
	if (u)
		*cp = u;
	/* an unassigned pair may be half a character and an innocent letter */
	return u || p[1] >= 0x80 ? 2 : 1;
}

size_t eucjp_get(const unsigned char *p, size_t n, uint32_t *cp, unsigned *row_r)
{
	unsigned c = p[0], d = n > 1 ? p[1] : 0, e = n > 2 ? p[2] : 0;
	*row_r = 0;
	*cp = c;
	if (c < 0x80)
		return 1;
	*cp = UTF8_BAD;
	if (c == 0x8E && d >= 0xA1 && d <= 0xDF) {
		*cp = 0xFF61 + d - 0xA1;
		return 2;
	}
	bool plane2 = c == 0x8F && d >= 0xA1 && d <= 0xFE;
	if (plane2)
		c = d, d = e;
	if (c < 0xA1 || c == 0xFF || d < 0xA1 || d == 0xFF)
		return 1;
	uint32_t u = jis_ucs(plane2 ? JIS_X0212 : JIS_X0208, c - 0xA0, d - 0xA0);
	*row_r = plane2 ? 0 : c - 0xA0;
	if (u)
		*cp = u;
	return plane2 ? 3 : 2;
}

/* Points of one character, given its JIS row. */
static int worth(unsigned row, uint32_t cp, bool *good)
{
	*good = true;
	if (cp == UTF8_BAD)
		return *good = false, -20;
	if (row == 4)
		return 6;
	if (row == 5)
		return 4;
	if (row == 1 || row == 3 || (row >= 16 && row <= 47))
		return 3;
	if (row == 2 || row == 8 || row == 13) /* ■ and the ruled lines of headings; ① */
		return 2;
	*good = false;
	if (row >= 48 && row <= 84)
		return -1;
	return row == 0 ? -3 : -6;
}

static void weigh(struct score *s, uint32_t cp, unsigned row, size_t *run, size_t *kana)
{
	bool good;
	s->points += worth(row, cp, &good);
	s->wide++;
	bool half = cp >= 0xFF61 && cp <= 0xFF9F;
	s->half += half;
	*kana = half ? *kana + 1 : 0;
	s->half3 += *kana == 3 ? 3 : *kana > 3;
	s->good += good;
	s->kana += row == 4 || row == 5;
	*run = good ? *run + 1 : 0;
	s->runs += *run == 2 ? 2 : *run > 2;
}

typedef size_t get_fn(const unsigned char *, size_t, uint32_t *, unsigned *);

static size_t utf8_row_get(const unsigned char *p, size_t n, uint32_t *cp, unsigned *row_r)
{
	size_t len = utf8_get(p, n, cp);
	*row_r = *cp == UTF8_BAD ? 0 : jis_of_ucs(*cp) >> 8;
	return len;
}

static struct score score(get_fn *get, const unsigned char *p, size_t n)
{
	struct score s = { 0 };
	size_t run = 0, kana = 0;
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		unsigned row;
		size_t len = get(p + i, n - i, &cp, &row);
		s.bytes += cp == ' ' || cp == '\n' ? 0 : len;
		if (cp < 0x80)
			run = kana = 0;
		else if (cp != UTF8_BAD)
			weigh(&s, cp, row, &run, &kana);
		else if (n - i > 3)
			s.bad++, weigh(&s, cp, row, &run, &kana);
		i += len;
	}
	return s;
}

/* Half-width kana among Japanese: words of them, where every byte is of some use. */
static bool may_have_half(const struct score *s)
{
	return s->half <= s->good * 2 || (s->bad == 0 && s->half3 == s->half && s->half <= s->good * 4);
}

static bool convincing(const struct score *s)
{
	return s->bad * 50 <= s->wide && s->good > 0 && s->good * 10 >= (s->wide - s->half) * 7 &&
	       may_have_half(s) && (s->runs * 2 >= s->good || s->good * 4 >= s->bytes);
}

enum cs charset_japanese(const unsigned char *p, size_t n, bool kana, bool *only_half_r)
{
	if (only_half_r)
		*only_half_r = false;
	struct score s = score(cp932_get, p, n), e = score(eucjp_get, p, n);
	bool sj = convincing(&s), eu = convincing(&e);
	if (sj && (!eu || s.points >= e.points))
		return CS_CP932;
	bool all_half = s.half == s.wide && s.half > 0 && s.bad == 0;
	if (kana && all_half)
		return eu && e.kana ? CS_EUC : CS_CP932;
	if (eu)
		return CS_EUC;
	if (s.bad || !s.half3 || s.half3 * 4 < s.wide * 3)
		return CS_NONE;
	if (only_half_r)
		*only_half_r = true;
	return CS_CP932;
}

/* One line of another hand: a gateway's footer under UTF-8, or UTF-8 under the rest. */
enum cs charset_of_line(enum cs main, const unsigned char *p, size_t n)
{
	if (text_is_ascii(p, n))
		return main;
	struct score u = score(utf8_row_get, p, n);
	bool valid = text_is_utf8(p, n);
	if (main == CS_UTF8) {
		enum cs cs = valid ? CS_UTF8 : charset_japanese(p, n, true, NULL);
		return cs == CS_NONE ? CS_UTF8 : cs;
	}
	struct score mine = score(main == CS_CP932 ? cp932_get : eucjp_get, p, n);
	return valid && convincing(&u) && u.kana > 0 && (mine.bad || u.points > mine.points) ? CS_UTF8 : main;
}

struct utf8_stat {
	size_t valid, threes, bad;
};

static struct utf8_stat utf8_look(const unsigned char *p, size_t n)
{
	struct utf8_stat u = { 0 };
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t len = utf8_get(p + i, n - i, &cp);
		u.bad += cp == UTF8_BAD;
		u.valid += cp != UTF8_BAD && len > 1;
		u.threes += cp != UTF8_BAD && len > 2;
		i += len;
	}
	return u;
}

static struct label named(enum cs cs)
{
	static const char *const names[] = {
		[CS_NONE] = "windows-1252", [CS_ASCII] = "us-ascii", [CS_UTF8] = "utf-8",
		[CS_JIS] = "iso-2022-jp", [CS_CP932] = "cp932", [CS_EUC] = "euc-jp",
		[CS_LATIN] = "windows-1252",
	};
	return (struct label){ cs == CS_NONE ? CS_LATIN : cs, names[cs], NULL };
}

/* Labelled CP932 or EUC-JP: right unless another reading is plainly better. */
static enum cs check_japanese(enum cs said, const unsigned char *p, size_t n)
{
	struct score mine = score(said == CS_CP932 ? cp932_get : eucjp_get, p, n);
	struct score other = score(said == CS_CP932 ? eucjp_get : cp932_get, p, n);
	struct utf8_stat u = utf8_look(p, n);
	if (u.bad == 0 && u.threes > 0) {
		struct score s = score(utf8_row_get, p, n);
		if (mine.bad || s.points > mine.points)
			return CS_UTF8;
	}
	bool worse = mine.bad > other.bad || (mine.good == 0 && other.kana > 0);
	if (worse && convincing(&other))
		return said == CS_CP932 ? CS_EUC : CS_CP932;
	return said;
}

/* Neither UTF-8 nor said to be Japanese. */
static struct label guess_8bit(enum cs said, bool some_utf8, const unsigned char *p, size_t n)
{
	bool only_half;
	enum cs cs = charset_japanese(p, n, false, &only_half);
	struct label foreign = { CS_NONE, NULL, NULL };
	if (cs == CS_NONE)
		foreign = charset_foreign(p, n);
	else if (only_half)
		foreign = charset_foreign_not_kana(p, n);
	else if (cs == CS_EUC)
		foreign = charset_foreign_not_euc(p, n);
	if (foreign.cs != CS_NONE)
		return foreign;
	return named(cs != CS_NONE ? cs : said == CS_UTF8 && some_utf8 ? CS_UTF8 : CS_LATIN);
}

static struct label choose_8bit(enum cs said, const unsigned char *p, size_t n)
{
	if (said == CS_CP932 || said == CS_EUC)
		return named(check_japanese(said, p, n));
	struct utf8_stat u = utf8_look(p, n);
	if (u.bad == 0 && !(said == CS_JIS && u.threes == 0))
		return named(CS_UTF8);
	if (said != CS_LATIN && u.bad * 4 <= u.valid && said != CS_JIS)
		return named(CS_UTF8); /* damaged, but nothing else */
	if (said == CS_JIS)
		return named(u.threes && u.bad * 4 <= u.valid ? CS_UTF8 : CS_JIS);
	return guess_8bit(said, u.valid, p, n);
}

static bool looks_utf16(const unsigned char *p, size_t n)
{
	size_t zero = 0, thirty = 0;
	for (size_t i = 0; i < n; i++)
		zero += p[i] == 0, thirty += p[i] == 0x30;
	return zero || thirty * 4 >= n || !text_is_utf8(p, n);
}

/* UTF-16 without a label or a mark: the upper halves of ASCII are NUL, those of kana
 * 0x30, and they stand at every other byte, never between. */
static bool is_bare_utf16(const unsigned char *p, size_t n)
{
	size_t zero[2] = { 0 }, upper[2] = { 0 };
	if (n < 8 || n % 2 || !memchr(p, 0, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		zero[i % 2] += p[i] == 0;
		upper[i % 2] += p[i] == 0 || p[i] == 0x30;
	}
	size_t k = zero[1] > 0;
	return zero[k] >= 3 && zero[!k] == 0 && upper[k] * 4 >= n / 2;
}

/* What consoles of the West are set to, and what tools there say of any text. */
static bool is_dos(const struct label *l)
{
	return strcmp(l->iconv, "CP850") == 0 || strcmp(l->iconv, "CP437") == 0;
}

/* CP932 under a foreign name, as programs write it that know one charset alone. Its
 * kana begin with bytes that are rare in all others but those of DOS and the Mac. */
static bool is_cp932_after_all(const struct label *said, const unsigned char *p, size_t n)
{
	static const char *const own[] = { "CP866", "MAC-CYRILLIC", "MACINTOSH", "MAC-CENTRALEUROPE", "JOHAB", "UTF-7" };
	size_t low = 0, high = 0;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(said->iconv, own[i]) == 0)
			return false;
	for (size_t i = 0; i < n; i++)
		high += p[i] >= 0x80, low += p[i] >= 0x81 && p[i] <= 0x9F;
	if (low * 3 < high)
		return false;
	struct score s = score(cp932_get, p, n);
	return convincing(&s) && s.kana * 5 >= s.wide;
}

struct label charset_choose(struct label said, const unsigned char *p, size_t n)
{
	if (said.cs == CS_UTF16) {
		if (looks_utf16(p, n))
			return said;
		said = named(CS_NONE), said.cs = CS_NONE;
	}
	if (n >= 2 && n % 2 == 0 && (memcmp(p, "\xFF\xFE", 2) == 0 || memcmp(p, "\xFE\xFF", 2) == 0) &&
	    looks_utf16(p, n))
		return (struct label){ CS_UTF16, "utf-16", NULL };
	if (is_bare_utf16(p, n))
		return (struct label){ CS_UTF16, "utf-16", NULL };
	bool ascii = text_is_ascii(p, n);
	if (said.cs == CS_ICONV && !charset_has_escape(p, n)) {
		if (ascii) /* UTF-7, ISO-2022-KR and ISO-2022-CN are 7-bit too */
			return said;
		struct utf8_stat u = utf8_look(p, n);
		if (u.bad == 0 && u.threes)
			return named(CS_UTF8);
		enum cs cs = is_dos(&said) ? charset_japanese(p, n, false, NULL) : CS_NONE;
		return cs != CS_NONE ? named(cs) : is_cp932_after_all(&said, p, n) ? named(CS_CP932) : said;
	}
	if (charset_has_escape(p, n))
		return named(CS_JIS);
	if (!ascii)
		return choose_8bit(said.cs, p, n);
	if (said.cs == CS_JIS && memchr(p, 0x0E, n))
		return said;
	bool may_lose = said.cs == CS_JIS || said.cs == CS_NONE || said.cs == CS_ASCII;
	if (may_lose && charset_lost_escape(p, n, said.cs == CS_JIS))
		return named(CS_JIS);
	return said.cs == CS_JIS && memchr(p, 0x1B, n) ? said : named(CS_ASCII);
}
