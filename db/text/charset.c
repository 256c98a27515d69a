/*
 * Charsets: labels, decoding, encoding. The Japanese ones are
 * decoded by tables (jis.c), the rest of the world by iconv(3), opened for the
 * call. Plain ASCII and valid UTF-8 are copied at once.
 *
 * SECURITY: labels come from mail; only names of the table below reach iconv.
 */
#include "text/charset.h"
#include "text/charset_int.h"
#include "text/jis.h"
#include "text/utf8.h"
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *label; /* lower case, only letters and digits */
	struct label is;
} labels[] = {
#define AS(cs, name) { cs, name, NULL }
#define BY(name, ic) { CS_ICONV, name, ic }
	{ "usascii", AS(CS_ASCII, "us-ascii") }, { "ascii", AS(CS_ASCII, "us-ascii") },
	{ "ansix341968", AS(CS_ASCII, "us-ascii") }, { "iso646us", AS(CS_ASCII, "us-ascii") },
	{ "646", AS(CS_ASCII, "us-ascii") }, { "us", AS(CS_ASCII, "us-ascii") },
	{ "utf8", AS(CS_UTF8, "utf-8") }, { "unicode11utf8", AS(CS_UTF8, "utf-8") },
	{ "xutf8", AS(CS_UTF8, "utf-8") }, { "utf8n", AS(CS_UTF8, "utf-8") },
	{ "utf8mb4", AS(CS_UTF8, "utf-8") }, { "cp65001", AS(CS_UTF8, "utf-8") },
	{ "utf", AS(CS_UTF8, "utf-8") }, { "cesu8", AS(CS_UTF8, "utf-8") },
	{ "iso2022jp", AS(CS_JIS, "iso-2022-jp") }, { "iso2022jp1", AS(CS_JIS, "iso-2022-jp") },
	{ "iso2022jp2", AS(CS_JIS, "iso-2022-jp") }, { "iso2022jp3", AS(CS_JIS, "iso-2022-jp") },
	{ "iso2022jp2004", AS(CS_JIS, "iso-2022-jp") }, { "iso2022jpms", AS(CS_JIS, "iso-2022-jp") },
	{ "csiso2022jp", AS(CS_JIS, "iso-2022-jp") }, { "csiso2022jp2", AS(CS_JIS, "iso-2022-jp") },
	{ "jis", AS(CS_JIS, "iso-2022-jp") }, { "xjis", AS(CS_JIS, "iso-2022-jp") },
	{ "jis7", AS(CS_JIS, "iso-2022-jp") }, { "jis8", AS(CS_JIS, "iso-2022-jp") },
	{ "cp50220", AS(CS_JIS, "iso-2022-jp") }, { "cp50221", AS(CS_JIS, "iso-2022-jp") },
	{ "cp50222", AS(CS_JIS, "iso-2022-jp") }, { "iso2022", AS(CS_JIS, "iso-2022-jp") },
	{ "shiftjis", AS(CS_CP932, "cp932") }, { "sjis", AS(CS_CP932, "cp932") },
	{ "xsjis", AS(CS_CP932, "cp932") }, { "shiftjisms", AS(CS_CP932, "cp932") },
	{ "mskanji", AS(CS_CP932, "cp932") }, { "csshiftjis", AS(CS_CP932, "cp932") },
	{ "windows31j", AS(CS_CP932, "cp932") }, { "cswindows31j", AS(CS_CP932, "cp932") },
	{ "cp932", AS(CS_CP932, "cp932") }, { "ms932", AS(CS_CP932, "cp932") },
	{ "xmscp932", AS(CS_CP932, "cp932") }, { "windows932", AS(CS_CP932, "cp932") },
	{ "cp943", AS(CS_CP932, "cp932") }, { "cp943c", AS(CS_CP932, "cp932") },
	{ "ibm943", AS(CS_CP932, "cp932") }, { "sjiswin", AS(CS_CP932, "cp932") },
	{ "eucjp", AS(CS_EUC, "euc-jp") }, { "xeucjp", AS(CS_EUC, "euc-jp") },
	{ "xeuc", AS(CS_EUC, "euc-jp") }, { "euc", AS(CS_EUC, "euc-jp") },
	{ "ujis", AS(CS_EUC, "euc-jp") }, { "eucjpms", AS(CS_EUC, "euc-jp") },
	{ "eucjpwin", AS(CS_EUC, "euc-jp") }, { "cp51932", AS(CS_EUC, "euc-jp") },
	{ "cseucpkdfmtjapanese", AS(CS_EUC, "euc-jp") },
	/* of 2004 (JIS X 0213), which hardly any mail needs more of */
	{ "shiftjis2004", AS(CS_CP932, "cp932") }, { "shiftjisx0213", AS(CS_CP932, "cp932") },
	{ "eucjis2004", AS(CS_EUC, "euc-jp") }, { "eucjisx0213", AS(CS_EUC, "euc-jp") },
	{ "extendedunixcodepackedformatforjapanese", AS(CS_EUC, "euc-jp") },
	{ "iso88591", AS(CS_LATIN, "windows-1252") }, { "latin1", AS(CS_LATIN, "windows-1252") },
	{ "88591", AS(CS_LATIN, "windows-1252") }, { "windows1252", AS(CS_LATIN, "windows-1252") },
	{ "l1", AS(CS_LATIN, "windows-1252") }, { "csisolatin1", AS(CS_LATIN, "windows-1252") },
	{ "iso885911987", AS(CS_LATIN, "windows-1252") }, { "xcp1252", AS(CS_LATIN, "windows-1252") },
	{ "cp1252", AS(CS_LATIN, "windows-1252") }, { "ansi", AS(CS_LATIN, "windows-1252") },
	{ "utf16", { CS_UTF16, "utf-16", NULL } }, { "ucs2", { CS_UTF16, "utf-16", NULL } },
	{ "unicode", { CS_UTF16, "utf-16", NULL } },
	{ "utf16le", { CS_UTF16, "utf-16le", "UTF-16LE" } },
	{ "utf16be", { CS_UTF16, "utf-16be", "UTF-16BE" } },
	{ "utf32", { CS_UTF16, "utf-32", "UTF-32" } },
	{ "utf32le", { CS_UTF16, "utf-32le", "UTF-32LE" } },
	{ "utf32be", { CS_UTF16, "utf-32be", "UTF-32BE" } },
	{ "utf7", BY("utf-7", "UTF-7") }, { "unicode11utf7", BY("utf-7", "UTF-7") },
	{ "iso2022kr", BY("iso-2022-kr", "ISO-2022-KR") },
	{ "iso2022cn", BY("iso-2022-cn", "ISO-2022-CN") },
	{ "gb2312", BY("gb18030", "GB18030") }, { "gbk", BY("gb18030", "GB18030") },
	{ "gb18030", BY("gb18030", "GB18030") }, { "cp936", BY("gb18030", "GB18030") },
	{ "xgbk", BY("gb18030", "GB18030") }, { "euccn", BY("gb18030", "GB18030") },
	{ "big5", BY("big5", "BIG5-HKSCS") }, { "cp950", BY("big5", "BIG5-HKSCS") },
	{ "big5hkscs", BY("big5", "BIG5-HKSCS") }, { "euctw", BY("euc-tw", "EUC-TW") },
	{ "euckr", BY("euc-kr", "UHC") }, { "ksc56011987", BY("euc-kr", "UHC") },
	{ "ksc5601", BY("euc-kr", "UHC") }, { "cp949", BY("euc-kr", "UHC") },
	{ "uhc", BY("euc-kr", "UHC") }, { "johab", BY("johab", "JOHAB") },
	{ "iso88592", BY("iso-8859-2", "ISO-8859-2") }, { "iso88593", BY("iso-8859-3", "ISO-8859-3") },
	{ "iso88594", BY("iso-8859-4", "ISO-8859-4") }, { "iso88595", BY("iso-8859-5", "ISO-8859-5") },
	{ "iso88596", BY("iso-8859-6", "ISO-8859-6") }, { "iso88597", BY("iso-8859-7", "ISO-8859-7") },
	{ "iso88598", BY("iso-8859-8", "ISO-8859-8") }, { "iso88598i", BY("iso-8859-8", "ISO-8859-8") },
	{ "iso88599", BY("iso-8859-9", "WINDOWS-1254") }, { "iso885910", BY("iso-8859-10", "ISO-8859-10") },
	{ "iso885911", BY("iso-8859-11", "TIS-620") }, { "iso885913", BY("iso-8859-13", "ISO-8859-13") },
	{ "iso885914", BY("iso-8859-14", "ISO-8859-14") }, { "iso885915", BY("iso-8859-15", "ISO-8859-15") },
	{ "latin9", BY("iso-8859-15", "ISO-8859-15") }, { "l9", BY("iso-8859-15", "ISO-8859-15") },
	{ "latin0", BY("iso-8859-15", "ISO-8859-15") }, { "latin2", BY("iso-8859-2", "ISO-8859-2") },
	{ "l2", BY("iso-8859-2", "ISO-8859-2") }, { "csisolatin2", BY("iso-8859-2", "ISO-8859-2") },
	{ "latin3", BY("iso-8859-3", "ISO-8859-3") }, { "latin4", BY("iso-8859-4", "ISO-8859-4") },
	{ "latin5", BY("iso-8859-9", "WINDOWS-1254") }, { "l5", BY("iso-8859-9", "WINDOWS-1254") },
	{ "latin6", BY("iso-8859-10", "ISO-8859-10") }, { "cyrillic", BY("iso-8859-5", "ISO-8859-5") },
	{ "arabic", BY("iso-8859-6", "ISO-8859-6") }, { "iso88596e", BY("iso-8859-6", "ISO-8859-6") },
	{ "iso88596i", BY("iso-8859-6", "ISO-8859-6") }, { "greek", BY("iso-8859-7", "ISO-8859-7") },
	{ "greek8", BY("iso-8859-7", "ISO-8859-7") }, { "hebrew", BY("iso-8859-8", "ISO-8859-8") },
	{ "iso88598e", BY("iso-8859-8", "ISO-8859-8") }, { "logical", BY("iso-8859-8", "ISO-8859-8") },
	{ "visual", BY("iso-8859-8", "ISO-8859-8") },
	{ "iso885916", BY("iso-8859-16", "ISO-8859-16") }, { "tis620", BY("tis-620", "TIS-620") },
	{ "windows874", BY("windows-874", "CP874") }, { "cp874", BY("windows-874", "CP874") },
	{ "dos874", BY("windows-874", "CP874") }, { "koi8r", BY("koi8-r", "KOI8-R") },
	{ "koi8", BY("koi8-r", "KOI8-R") }, { "koi", BY("koi8-r", "KOI8-R") }, { "cskoi8r", BY("koi8-r", "KOI8-R") },
	{ "koi8ru", BY("koi8-u", "KOI8-U") }, { "koi8u", BY("koi8-u", "KOI8-U") }, { "macintosh", BY("macintosh", "MACINTOSH") },
	{ "xmacroman", BY("macintosh", "MACINTOSH") },
	{ "windows1250", BY("windows-1250", "CP1250") }, { "cp1250", BY("windows-1250", "CP1250") },
	{ "windows1251", BY("windows-1251", "CP1251") }, { "cp1251", BY("windows-1251", "CP1251") },
	{ "windows1253", BY("windows-1253", "CP1253") }, { "cp1253", BY("windows-1253", "CP1253") },
	{ "xcp1253", BY("windows-1253", "CP1253") }, { "windows1254", BY("windows-1254", "CP1254") }, { "cp1254", BY("windows-1254", "CP1254") },
	{ "xcp1254", BY("windows-1254", "CP1254") },
	{ "windows1255", BY("windows-1255", "CP1255") }, { "cp1255", BY("windows-1255", "CP1255") },
	{ "xcp1255", BY("windows-1255", "CP1255") }, { "windows1256", BY("windows-1256", "CP1256") }, { "cp1256", BY("windows-1256", "CP1256") },
	{ "xcp1256", BY("windows-1256", "CP1256") },
	{ "windows1257", BY("windows-1257", "CP1257") }, { "cp1257", BY("windows-1257", "CP1257") },
	{ "xcp1257", BY("windows-1257", "CP1257") }, { "windows1258", BY("windows-1258", "CP1258") }, { "cp1258", BY("windows-1258", "CP1258") },
	{ "xcp1258", BY("windows-1258", "CP1258") },
	{ "cp437", BY("cp437", "CP437") }, { "ibm437", BY("cp437", "CP437") },
	{ "cp850", BY("cp850", "CP850") }, { "ibm850", BY("cp850", "CP850") },
	{ "cp852", BY("cp852", "CP852") }, { "ibm852", BY("cp852", "CP852") },
	{ "cp866", BY("cp866", "CP866") }, { "ibm866", BY("cp866", "CP866") },
	{ "xcp1250", BY("windows-1250", "CP1250") }, { "xcp1251", BY("windows-1251", "CP1251") },
	{ "xmacce", BY("x-mac-ce", "MAC-CENTRALEUROPE") }, { "maccentraleurope", BY("x-mac-ce", "MAC-CENTRALEUROPE") },
	{ "xmacukrainian", BY("mac-cyrillic", "MAC-CYRILLIC") }, { "xmaccyrillic", BY("mac-cyrillic", "MAC-CYRILLIC") },
	{ "csgb2312", BY("gb18030", "GB18030") }, { "gb231280", BY("gb18030", "GB18030") },
	{ "ms936", BY("gb18030", "GB18030") }, { "windows936", BY("gb18030", "GB18030") },
	{ "xwindows936", BY("gb18030", "GB18030") }, { "chinese", BY("gb18030", "GB18030") },
	{ "iso58gb231280", BY("gb18030", "GB18030") },
	{ "ms950", BY("big5", "BIG5-HKSCS") }, { "windows950", BY("big5", "BIG5-HKSCS") },
	{ "xwindows950", BY("big5", "BIG5-HKSCS") }, { "cnbig5", BY("big5", "BIG5-HKSCS") },
	{ "big5eten", BY("big5", "BIG5-HKSCS") }, { "xxbig5", BY("big5", "BIG5-HKSCS") },
	{ "ms949", BY("euc-kr", "UHC") }, { "windows949", BY("euc-kr", "UHC") }, { "xwindows949", BY("euc-kr", "UHC") },
	{ "cseuckr", BY("euc-kr", "UHC") }, { "korean", BY("euc-kr", "UHC") },
	{ "csbig5", BY("big5", "BIG5-HKSCS") }, { "xbig5", BY("big5", "BIG5-HKSCS") },
	{ "iso10646ucs2", { CS_UTF16, "utf-16", NULL } },
#undef AS
#undef BY
};

struct label charset_label(const char *s)
{
	char key[48];
	size_t n = 0;
	for (; s && *s && n < sizeof key - 1; s++)
		if (isalnum((unsigned char)*s))
			key[n++] = (char)tolower((unsigned char)*s);
	key[n] = '\0';
	for (size_t i = 0; n && i < sizeof labels / sizeof *labels; i++)
		if (strcmp(labels[i].label, key) == 0)
			return labels[i].is;
	return (struct label){ CS_NONE, NULL, NULL };
}

const char *text_codepage(long number)
{
	static const struct {
		long number;
		const char *label;
	} pages[] = {
		{ 437, "cp437" }, { 850, "cp850" }, { 852, "cp852" }, { 866, "cp866" }, { 874, "windows-874" },
		{ 932, "cp932" }, { 936, "cp936" }, { 949, "cp949" }, { 950, "cp950" }, { 1200, "utf-16le" },
		{ 1250, "cp1250" }, { 1251, "cp1251" }, { 1252, "cp1252" }, { 1253, "windows-1253" },
		{ 1254, "windows-1254" }, { 1255, "windows-1255" }, { 1256, "windows-1256" }, { 1257, "windows-1257" },
		{ 1258, "windows-1258" }, { 1361, "johab" }, { 20127, "us-ascii" }, { 20866, "koi8-r" },
		{ 20932, "euc-jp" }, { 21866, "koi8-u" }, { 28591, "iso-8859-1" }, { 28592, "iso-8859-2" },
		{ 28595, "iso-8859-5" }, { 28597, "iso-8859-7" }, { 28599, "iso-8859-9" }, { 28605, "iso-8859-15" },
		{ 50220, "iso-2022-jp" }, { 50221, "iso-2022-jp" }, { 50222, "iso-2022-jp" }, { 51932, "euc-jp" },
		{ 51949, "euc-kr" }, { 54936, "gb18030" }, { 65000, "utf-7" }, { 65001, "utf-8" },
	};
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (pages[i].number == number)
			return pages[i].label;
	return NULL;
}

bool text_is_ascii(const void *p, size_t n)
{
	const unsigned char *c = p;
	unsigned any = 0;
	for (size_t i = 0; i < n; i++)
		any |= c[i];
	return any < 0x80;
}

bool text_is_utf8(const void *p, size_t n)
{
	const unsigned char *c = p;
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += utf8_get(c + i, n - i, &cp);
		if (cp == UTF8_BAD)
			return false;
	}
	return true;
}

/* Copies stretches of well-formed UTF-8, each fault as one U+FFFD. */
static void put_utf8(const unsigned char *p, size_t n, struct sb *out)
{
	size_t from = 0, i = 0;
	while (i < n) {
		uint32_t cp;
		size_t len = utf8_get(p + i, n - i, &cp);
		if (cp == UTF8_BAD || cp == 0) {
			sb_add(out, p + from, i - from);
			sb_adds(out, UTF8_FFFD);
			from = i + len;
		}
		i += len;
	}
	sb_add(out, p + from, n - from);
}

void text_valid(const char *utf8, size_t n, struct sb *out)
{
	put_utf8((const unsigned char *)utf8, n, out);
}

static void put_latin(const unsigned char *p, size_t n, struct sb *out)
{
	static const uint16_t c1[32] = {
		0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160,
		0x2039, 0x152, 0, 0x17D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
		0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178
	};
	for (size_t i = 0; i < n; i++)
		utf8_put(out, p[i] >= 0x80 && p[i] < 0xA0 ? c1[p[i] - 0x80] : p[i]);
}

/* How much of what iconv refuses is one character: half of a double one would be
 * read together with the half of the next. */
static size_t refused(const char *from, size_t unit, const unsigned char *p, size_t n)
{
	static const char *const doubles[] = { "BIG5-HKSCS", "GB18030", "UHC", "EUC-TW", "JOHAB" };
	for (size_t i = 0; unit == 1 && i < sizeof doubles / sizeof *doubles; i++)
		if (strcmp(from, doubles[i]) == 0 && n > 1 && p[0] > 0x80 && p[0] < 0xFF && p[1] >= 0x80 && p[1] < 0xFF)
			return 2;
	return n < unit ? n : unit;
}

static void put_iconv(const char *from, size_t unit, const unsigned char *p, size_t n, struct sb *out)
{
	char buf[4096], *in = (char *)p;
	struct sb u = SB_INIT;
	iconv_t cd = iconv_open("UTF-8", from);
	while (cd != (iconv_t)-1 && n > 0) {
		char *o = buf;
		size_t room = sizeof buf, was = n;
		size_t rc = iconv(cd, &in, &n, &o, &room);
		int why = errno;
		sb_add(&u, buf, sizeof buf - room);
		if (rc != (size_t)-1 || (why == E2BIG && (n < was || room < sizeof buf)))
			continue;
		sb_adds(&u, UTF8_FFFD);
		size_t skip = refused(from, unit, (const unsigned char *)in, n);
		in += skip;
		n -= skip;
	}
	if (cd != (iconv_t)-1) {
		char *o = buf;
		size_t room = sizeof buf;
		iconv(cd, NULL, NULL, &o, &room); /* what waited for a combining mark */
		sb_add(&u, buf, sizeof buf - room);
		iconv_close(cd);
	}
	put_utf8((unsigned char *)u.s, u.len, out); /* NUL, and never trust a table */
	sb_free(&u);
	if (n) /* no such table in this libc */
		put_latin((unsigned char *)in, n, out);
}

/* RFC 2781 says big endian without BOM; mails say otherwise. */
static const char *utf16_order(const unsigned char *p, size_t n)
{
	size_t big = 0, little = 0;
	if (n >= 2 && p[0] == 0xFF && p[1] == 0xFE)
		return "UTF-16LE";
	for (size_t i = 0; i + 1 < n; i += 2) {
		big += p[i] == 0 || p[i] == 0x30;
		little += p[i + 1] == 0 || p[i + 1] == 0x30;
	}
	return little > big ? "UTF-16LE" : "UTF-16BE";
}

static void put_utf16(const struct label *l, const unsigned char *p, size_t n, struct sb *out)
{
	const char *name = l->iconv ? l->iconv : utf16_order(p, n);
	put_iconv(name, strstr(name, "32") ? 4 : 2, p, n, out);
}

static void put_cp932(const unsigned char *p, size_t n, struct sb *out)
{
	uint32_t cp;
	unsigned row;
	for (size_t i = 0, pictures; i < n;) {
		size_t web = p[i] == 0x1B ? charset_web_code(p + i, n - i, &pictures) : 0;
		for (; web && pictures; pictures--)
			sb_adds(out, GETA);
		i += web ? web : cp932_get(p + i, n - i, &cp, &row);
		if (!web)
			utf8_put(out, cp); /* UTF8_BAD gives U+FFFD */
	}
}

static void put_eucjp(const unsigned char *p, size_t n, struct sb *out)
{
	uint32_t cp;
	unsigned row;
	for (size_t i = 0; i < n;) {
		i += eucjp_get(p + i, n - i, &cp, &row);
		utf8_put(out, cp);
	}
}

void charset_put(enum cs cs, const unsigned char *p, size_t n, struct sb *out)
{
	switch (cs) {
	case CS_CP932: put_cp932(p, n, out); break;
	case CS_EUC: put_eucjp(p, n, out); break;
	case CS_LATIN: put_latin(p, n, out); break;
	case CS_ICONV: put_iconv("ISO-8859-7", 1, p, n, out); break; /* Greek in ISO-2022-JP-2 */
	default: put_utf8(p, n, out); break;
	}
}

/* Line by line, where what is valid UTF-8 and what is not stand in one text. */
static void put_lines(enum cs cs, const unsigned char *p, size_t n, struct sb *out)
{
	for (const unsigned char *end = p + n, *next; p < end; p = next) {
		next = memchr(p, '\n', (size_t)(end - p));
		next = next ? next + 1 : end;
		charset_put(charset_of_line(cs, p, (size_t)(next - p)), p, (size_t)(next - p), out);
	}
}

/* Of a text without faults every line is of its charset. */
static bool is_mixed(enum cs cs, const unsigned char *p, size_t n)
{
	return (cs == CS_UTF8 && !text_is_utf8(p, n)) || cs == CS_CP932 || cs == CS_EUC;
}

static const char *decode(struct label l, const unsigned char *p, size_t n, bool labelled, struct sb *out)
{
	size_t bom = out->len;
	sb_grow(out, n);
	if (l.cs == CS_JIS)
		charset_put_jis(p, n, labelled, out);
	else if (l.cs == CS_UTF16)
		put_utf16(&l, p, n, out);
	else if (l.cs == CS_ICONV)
		put_iconv(l.iconv, 1, p, n, out);
	else if (is_mixed(l.cs, p, n))
		put_lines(l.cs, p, n, out);
	else
		charset_put(l.cs, p, n, out);
	/* a byte order mark is no text */
	if (out->len - bom >= 3 && memcmp(out->s + bom, "\xEF\xBB\xBF", 3) == 0) {
		memmove(out->s + bom, out->s + bom + 3, out->len - bom - 3);
		sb_setlen(out, out->len - 3);
	}
	return l.name;
}

const char *text_to_utf8(const char *charset, const void *p, size_t n, struct sb *out)
{
	struct label said = charset_label(charset);
	return decode(charset_choose(said, p, n), p, n, said.cs == CS_JIS, out);
}

const char *text_guess(const void *p, size_t n)
{
	return charset_choose((struct label){ CS_NONE, NULL, NULL }, p, n).name;
}

static bool put_back_cp932(uint32_t cp, struct sb *out)
{
	unsigned rc = jis_of_ucs(cp), row = rc >> 8, cell = rc & 0xFF;
	if (cp >= 0xFF61 && cp <= 0xFF9F) {
		sb_addc(out, (char)(cp - 0xFF61 + 0xA1));
		return true;
	}
	if (!rc)
		return false;
	unsigned trail = row % 2 ? cell + 0x3F : cell + 0x9E;
	sb_addc(out, (char)((row - 1) / 2 + (row <= 62 ? 0x81 : 0xC1)));
	sb_addc(out, (char)(row % 2 && trail >= 0x7F ? trail + 1 : trail));
	return true;
}

static bool put_back_eucjp(uint32_t cp, struct sb *out)
{
	unsigned rc = jis_of_ucs(cp), row = rc >> 8;
	if (cp >= 0xFF61 && cp <= 0xFF9F)
		sb_addc(out, (char)0x8E), sb_addc(out, (char)(cp - 0xFF61 + 0xA1));
	else if (!rc || row > 94)
		return false;
	else
		sb_addc(out, (char)(row + 0xA0)), sb_addc(out, (char)((rc & 0xFF) + 0xA0));
	return true;
}

/* RFC 1468: JIS X 0208 alone, so neither row 13 nor half-width kana. */
static bool put_back_jis(uint32_t cp, bool *two, struct sb *out)
{
	unsigned rc = cp < 0x80 ? 0 : jis_of_ucs(cp), row = rc >> 8;
	if (cp >= 0x80 && (!rc || (row > 8 && row < 16) || row > 84))
		return false;
	if (*two != (rc != 0))
		sb_adds(out, rc ? "\x1B$B" : "\x1B(B");
	*two = rc != 0;
	if (!rc) {
		sb_addc(out, (char)cp);
	} else {
		sb_addc(out, (char)(row + 0x20));
		sb_addc(out, (char)((rc & 0xFF) + 0x20));
	}
	return true;
}

static bool put_back(enum cs cs, uint32_t cp, bool *two, struct sb *out)
{
	if (cs == CS_JIS)
		return put_back_jis(cp, two, out);
	if (cp < 0x80) {
		sb_addc(out, (char)cp);
		return true;
	}
	switch (cs) {
	case CS_CP932: return put_back_cp932(cp, out);
	case CS_EUC: return put_back_eucjp(cp, out);
	case CS_UTF8: utf8_put(out, cp); return true;
	case CS_LATIN: /* only what Latin-1 and windows-1252 agree on */
		sb_addc(out, (char)cp);
		return cp >= 0xA0 && cp <= 0xFF;
	default: return false;
	}
}

bool text_from_utf8(const char *charset, const char *utf8, size_t n, struct sb *out)
{
	enum cs cs = charset_label(charset).cs;
	size_t was = out->len;
	bool two = false;
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		i += utf8_get(utf8 + i, n - i, &cp);
		if (cp == UTF8_BAD || cp == 0 || !put_back(cs, cp, &two, out)) {
			sb_setlen(out, was);
			return false;
		}
	}
	if (two)
		sb_adds(out, "\x1B(B");
	return true;
}
