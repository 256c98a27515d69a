/*
 * ISO-2022-JP as it is really sent: RFC 1468 and the -1, -2, -3, -MS and CP5022x
 * relatives, JIS7/JIS8 kana, 8-bit bytes in between, escapes that were lost.
 *
 * SECURITY: hostile input; every loop moves forward, look-aheads are bounded by
 * LOST_MAX and what is known of a stretch is kept, so time is linear.
 * BUGS: '~' stays '~' in JIS X 0201 Roman (an overline by the standard): URLs in
 * mails of old Macs need it. '\' becomes the yen sign, as the sender saw it.
 */
#include "text/charset.h"
#include "text/charset_int.h"
#include "text/jis.h"
#include "text/utf8.h"
#include <string.h>

/* A line has 998 bytes at most (RFC 5322 §2.1.1). */
enum { LOST_MAX = 1024 };

enum mode { M_ASCII, M_ROMAN, M_KANA, M_DOUBLE };

struct jis {
	const unsigned char *p;
	size_t n, i;
	enum mode mode;
	enum jis_set set;
	unsigned g2;          /* 'A' Latin-1, 'F' Greek: ISO-2022-JP-2 */
	bool shifted;         /* SO … SI */
	bool labelled;
	bool asked;           /* this run began with '?' for ESC */
	size_t barren[2];     /* nothing but pairs, and no "(B", at this parity from the last "$B" to here */
	struct sb *out;
};

static const struct {
	const char *seq;
	enum mode mode;
	enum jis_set set;
} escapes[] = {
	{ "(B", M_ASCII, 0 }, { "(J", M_ROMAN, 0 }, { "(H", M_ROMAN, 0 }, { "(I", M_KANA, 0 },
	{ "$B", M_DOUBLE, JIS_X0208 }, { "$@", M_DOUBLE, JIS_X0208 },
	{ "$(B", M_DOUBLE, JIS_X0208 }, { "$(@", M_DOUBLE, JIS_X0208 },
	{ "&@\x1B$B", M_DOUBLE, JIS_X0208 },
	{ "$(D", M_DOUBLE, JIS_X0212 }, { "$(O", M_DOUBLE, JIS_X0213_1 },
	{ "$(Q", M_DOUBLE, JIS_X0213_1 }, { "$(P", M_DOUBLE, JIS_X0213_2 },
	{ "$A", M_DOUBLE, JIS_GB2312 }, { "$(A", M_DOUBLE, JIS_GB2312 },
	{ "$(C", M_DOUBLE, JIS_KS5601 },
};

/* Length of the escape sequence at p (an ESC), its entry in *k; 0 if unknown. */
static size_t find_escape(const unsigned char *p, size_t n, size_t *k)
{
	for (*k = 0; *k < sizeof escapes / sizeof *escapes; ++*k) {
		size_t len = strlen(escapes[*k].seq);
		if (len < n && memcmp(p + 1, escapes[*k].seq, len) == 0)
			return len + 1;
	}
	return 0;
}

bool charset_has_escape(const unsigned char *p, size_t n)
{
	const unsigned char *end = p + n;
	for (; (p = memchr(p, 0x1B, (size_t)(end - p))); p++) {
		size_t k;
		/* a lone ESC ( B is also what terminals print */
		if (find_escape(p, (size_t)(end - p), &k) && escapes[k].mode != M_ASCII)
			return true;
	}
	return false;
}

static bool graphic(unsigned c)
{
	return c >= 0x21 && c <= 0x7E;
}

static bool is_eol(unsigned c)
{
	return c == '\n' || c == '\r';
}

/* Do these pairs read as Japanese? `strict` asks for kana or punctuation,
 * which ASCII text hardly ever looks like. */
static bool plausible(const unsigned char *p, size_t n, bool strict)
{
	size_t common = 0, first = 0;
	if (n < 2 || n % 2)
		return false;
	for (size_t i = 0; i < n; i += 2) {
		if (!graphic(p[i]) || !graphic(p[i + 1]) ||
		    !jis_ucs(JIS_X0208, p[i] - 0x20u, p[i + 1] - 0x20u))
			return false;
		common += p[i] == 0x21 || (p[i] >= 0x23 && p[i] <= 0x25);
		first += p[i] >= 0x30 && p[i] <= 0x4F;
	}
	if (strict)
		return n >= 4 && common * 6 >= n;
	return (common + first) * 2 == n || common * 6 >= n;
}

/* "?(B": a gateway wrote its mark for what it could not send in place of ESC. */
static bool is_asked_back(const struct jis *j, size_t k)
{
	return k + 2 < j->n && j->p[k] == '?' && j->p[k + 1] == '(' && (j->p[k + 2] == 'B' || j->p[k + 2] == 'J');
}

/* At "$B" or "$@" without ESC: the end of its pairs if the way back, "(B" or
 * "(J" with or without ESC, follows on this line, else 0. */
static size_t lost_run(struct jis *j, size_t at)
{
	size_t from = at + 2, *known = &j->barren[from % 2], k = *known > from ? *known : from;
	bool asked = at && j->p[at - 1] == '?', back = false;
	for (; k + 1 < j->n && k - from < LOST_MAX && graphic(j->p[k]) && graphic(j->p[k + 1]); k += 2) {
		back = (j->p[k] == '(' && (j->p[k + 1] == 'B' || j->p[k + 1] == 'J')) || (asked && is_asked_back(j, k));
		if (back)
			break;
	}
	*known = k;
	back = back || (k + 2 < j->n && j->p[k] == 0x1B && j->p[k + 1] == '(');
	return back && k - from <= LOST_MAX && plausible(j->p + from, k - from, !j->labelled) ? k : 0;
}

static bool starts_lost(const struct jis *j, size_t i)
{
	return j->p[i] == '$' && i + 3 < j->n && (j->p[i + 1] == 'B' || j->p[i + 1] == '@');
}

bool charset_lost_escape(const unsigned char *p, size_t n, bool labelled)
{
	struct jis j = { .p = p, .n = n, .labelled = labelled };
	const unsigned char *at = p;
	for (; (at = memchr(at, '$', (size_t)(p + n - at))); at++)
		if (starts_lost(&j, (size_t)(at - p)) && lost_run(&j, (size_t)(at - p)))
			return true;
	return false;
}

static void bad(struct jis *j)
{
	sb_adds(j->out, UTF8_FFFD);
}

size_t charset_web_code(const unsigned char *p, size_t n, size_t *pictures_r)
{
	enum { AT_ONCE = 64 };
	size_t i = 3;
	if (n < 5 || p[1] != '$' || !p[2] || !strchr("EFGOPQ", p[2]))
		return 0;
	while (i < n && i < AT_ONCE && graphic(p[i]))
		i++;
	*pictures_r = i - 3;
	return i > 3 && i < n && p[i] == 0x0F ? i + 1 : 0;
}

static bool put_web_code(struct jis *j)
{
	size_t pictures, len = charset_web_code(j->p + j->i, j->n - j->i, &pictures);
	for (; len && pictures; pictures--)
		sb_adds(j->out, GETA);
	j->i += len;
	return len;
}

static bool put_escape(struct jis *j)
{
	size_t k, left = j->n - j->i;
	size_t len = find_escape(j->p + j->i, left, &k);
	if (len) {
		j->mode = escapes[k].mode;
		j->set = escapes[k].set;
		j->shifted = false;
		j->i += len;
		return true;
	}
	const unsigned char *p = j->p + j->i;
	if (left >= 3 && p[1] == '.' && (p[2] == 'A' || p[2] == 'F')) {
		j->g2 = p[2];
		j->i += 3;
		return true;
	}
	if (left >= 3 && p[1] == 'N' && j->g2 && p[2] >= 0x20 && p[2] < 0x80) {
		unsigned char c = p[2] | 0x80;
		charset_put(j->g2 == 'A' ? CS_LATIN : CS_ICONV, &c, 1, j->out);
		j->i += 3;
		return true;
	}
	if (put_web_code(j))
		return true;
	if (j->mode != M_DOUBLE)
		return false; /* shown as the control it is */
	bad(j);
	j->i++;
	return true;
}

/* A line ended inside double bytes. RFC 1468 forbids it, so ASCII is what
 * follows, unless the next line is plainly more of the same. */
static void line_end(struct jis *j)
{
	sb_addc(j->out, (char)j->p[j->i++]);
	j->shifted = false;
	if (j->mode == M_ROMAN || j->mode == M_KANA || j->mode == M_DOUBLE) {
		size_t k = j->i;
		if (k < j->n && is_eol(j->p[k]))
			return; /* decide after the LF */
		while (k < j->n && !is_eol(j->p[k]) && j->p[k] != 0x1B)
			k++;
		if (j->mode != M_DOUBLE || !plausible(j->p + j->i, k - j->i, true))
			j->mode = M_ASCII;
	}
	j->g2 = 0;
}

/* Where au put its pictures there are no characters but NEC's. */
static bool is_picture(const struct jis *j, unsigned lead)
{
	return j->set == JIS_X0208 && lead >= 0x75 && lead <= 0x7B;
}

static void put_double(struct jis *j)
{
	const unsigned char *p = j->p + j->i;
	unsigned c = p[0], d = j->i + 1 < j->n ? p[1] : 0;
	if (c <= 0x20) {
		sb_addc(j->out, c ? (char)c : ' ');
		j->i++;
	} else if (j->asked && is_asked_back(j, j->i)) {
		j->mode = M_ASCII;
		j->i += 3;
	} else if (c == '(' && (d == 'B' || d == 'J') && j->set == JIS_X0208) {
		j->mode = M_ASCII; /* row 8 has no such cell: the ESC was lost */
		j->i += 2;
	} else if (graphic(d) && (graphic(c) || (c > 0x7E && c <= 0x98 && j->set == JIS_X0208))) {
		if (!jis_put(j->set, c - 0x20, d - 0x20, j->out))
			sb_adds(j->out, is_picture(j, c) ? GETA : UTF8_FFFD);
		j->i += 2;
	} else {
		if (c >= 0xA1 && c <= 0xDF)
			utf8_put(j->out, 0xFF61 + c - 0xA1);
		else
			bad(j);
		j->i++;
	}
}

static void put_single(struct jis *j)
{
	unsigned c = j->p[j->i++];
	if (c >= 0x80) {
		if (c >= 0xA1 && c <= 0xDF)
			utf8_put(j->out, 0xFF61 + c - 0xA1);
		else
			bad(j);
	} else if (j->mode == M_KANA || j->shifted) {
		if (c >= 0x21 && c <= 0x5F)
			utf8_put(j->out, 0xFF61 + c - 0x21);
		else if (c > 0x5F)
			bad(j);
		else
			utf8_put(j->out, c);
	} else {
		utf8_put(j->out, j->mode == M_ROMAN && c == '\\' ? 0xA5 : c);
	}
}

/* 8-bit bytes among ASCII: the rest of this line up to an escape is read as
 * whatever it looks like (a footer a gateway added, or 8-bit kana). */
static void put_raw(struct jis *j)
{
	size_t k = j->i;
	while (k < j->n && j->p[k] != 0x1B && j->p[k] != 0x0E && !is_eol(j->p[k]))
		k++;
	size_t n = k - j->i;
	enum cs cs = text_is_utf8(j->p + j->i, n) ? CS_UTF8 : charset_japanese(j->p + j->i, n, true, NULL);
	charset_put(cs == CS_NONE ? CS_CP932 : cs, j->p + j->i, n, j->out);
	j->i = k;
}

void charset_put_jis(const unsigned char *p, size_t n, bool labelled, struct sb *out)
{
	struct jis j = { .p = p, .n = n, .labelled = labelled, .out = out };
	size_t k;
	while (j.i < n) {
		unsigned c = p[j.i];
		if (c == 0x1B && put_escape(&j))
			continue;
		if (is_eol(c))
			line_end(&j);
		else if (c == 0x0E || c == 0x0F)
			j.shifted = c == 0x0E, j.i++;
		else if (j.mode == M_DOUBLE && !j.shifted)
			put_double(&j);
		else if (j.mode == M_ASCII && !j.shifted && c >= 0x80)
			put_raw(&j);
		else if (j.mode == M_ASCII && c == '$' && starts_lost(&j, j.i) && (k = lost_run(&j, j.i)))
			j.mode = M_DOUBLE, j.set = JIS_X0208, j.asked = false, j.i += 2;
		else if (j.mode == M_ASCII && c == '?' && j.i + 1 < n && starts_lost(&j, j.i + 1) && (k = lost_run(&j, j.i + 1)))
			j.mode = M_DOUBLE, j.set = JIS_X0208, j.asked = true, j.i += 3;
		else
			put_single(&j);
	}
}
