/*
 * Double-byte tables, filled from glibc's iconv on first use.
 *
 * The Microsoft reading is used throughout: 0x8160 is U+FF5E, 0x817C is
 * U+FF0D and so on, whether the bytes came as CP932, EUC-JP or ISO-2022-JP.
 * A text thus has one spelling; on the way back both twins are accepted.
 */
#include "text/jis.h"
#include "text/utf8.h"
#include <iconv.h>
#include <pthread.h>
#include <string.h>

#define ROWS 120 /* JIS_X0208 beyond 94: what CP932 has at F0-FC */
#define CELLS 94

static uint32_t tab[JIS_SETS][ROWS * CELLS];
static uint16_t back[0x10000];

/* The few two-character entries of JIS X 0213: second character by index. */
static const uint32_t second[] = { 0, 0x309A, 0x0300, 0x0301, 0x02E5, 0x02E9 };

static size_t pair_bytes(enum jis_set set, unsigned row, unsigned cell, char b[3])
{
	if (set == JIS_X0208) {
		unsigned lead = (row - 1) / 2 + (row <= 62 ? 0x81 : 0xC1);
		unsigned trail = row % 2 ? cell + 0x3F : cell + 0x9E;
		b[0] = (char)lead;
		b[1] = (char)(row % 2 && trail >= 0x7F ? trail + 1 : trail);
		return 2;
	}
	size_t n = 0;
	if (set == JIS_X0212 || set == JIS_X0213_2)
		b[n++] = (char)0x8F;
	b[n++] = (char)(0xA0 + row);
	b[n++] = (char)(0xA0 + cell);
	return n;
}

static uint32_t ask(iconv_t cd, char *b, size_t n)
{
	uint32_t u[4] = { 0 };
	char *out = (char *)u;
	size_t room = sizeof u;
	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &b, &n, &out, &room) != 0 || n != 0)
		return 0;
	iconv(cd, NULL, NULL, &out, &room);
	size_t got = (sizeof u - room) / 4;
	if (got == 1)
		return u[0];
	for (size_t i = 1; got == 2 && i < sizeof second / sizeof *second; i++)
		if (u[1] == second[i])
			return u[0] | (uint32_t)i << 24;
	return 0;
}

static void fill(enum jis_set set)
{
	static const char *const name[JIS_SETS] = {
		"CP932", "EUC-JP-MS", "EUC-JISX0213", "EUC-JISX0213", "EUC-CN", "EUC-KR"
	};
	iconv_t cd = iconv_open("UTF-32LE", name[set]);
	if (cd == (iconv_t)-1)
		return; /* all characters read as U+FFFD; the unit test notices */
	unsigned rows = set == JIS_X0208 ? ROWS : CELLS;
	for (unsigned row = 1; row <= rows; row++)
		for (unsigned cell = 1; cell <= CELLS; cell++) {
			char b[3];
			size_t n = pair_bytes(set, row, cell, b);
			tab[set][(row - 1) * CELLS + cell - 1] = ask(cd, b, n);
		}
	iconv_close(cd);
}

static void learn(unsigned from, unsigned to)
{
	for (unsigned row = from; row <= to; row++)
		for (unsigned cell = 1; cell <= CELLS; cell++) {
			uint32_t u = tab[JIS_X0208][(row - 1) * CELLS + cell - 1];
			if (u && u < 0x10000 && !back[u])
				back[u] = (uint16_t)(row << 8 | cell);
		}
}

static void fill_x0208(void)
{
	static const uint16_t twin[][2] = {
		{ 0x301C, 0xFF5E }, { 0x2016, 0x2225 }, { 0x2212, 0xFF0D }, { 0x2014, 0x2015 },
		{ 0x00A2, 0xFFE0 }, { 0x00A3, 0xFFE1 }, { 0x00AC, 0xFFE2 }, { 0x00A6, 0xFFE4 },
	};
	fill(JIS_X0208);
	/* Windows' preference where a character has several places. */
	learn(1, 12);
	learn(14, 84);
	learn(13, 13);
	learn(115, 120);
	learn(89, 92);
	learn(95, 114);
	for (size_t i = 0; i < sizeof twin / sizeof *twin; i++) {
		uint16_t a = twin[i][0], b = twin[i][1];
		if (!back[a])
			back[a] = back[b];
		else if (!back[b])
			back[b] = back[a];
	}
}
static void fill_x0212(void) { fill(JIS_X0212); }
static void fill_x0213_1(void) { fill(JIS_X0213_1); }
static void fill_x0213_2(void) { fill(JIS_X0213_2); }
static void fill_gb(void) { fill(JIS_GB2312); }
static void fill_ks(void) { fill(JIS_KS5601); }

static pthread_once_t once[JIS_SETS] = {
	PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT,
	PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT,
};

static uint32_t entry(enum jis_set set, unsigned row, unsigned cell)
{
	static void (*const init[JIS_SETS])(void) = {
		fill_x0208, fill_x0212, fill_x0213_1, fill_x0213_2, fill_gb, fill_ks
	};
	if (row < 1 || cell < 1 || row > ROWS || cell > CELLS)
		return 0;
	pthread_once(&once[set], init[set]);
	return tab[set][(row - 1) * CELLS + cell - 1];
}

bool jis_put(enum jis_set set, unsigned row, unsigned cell, struct sb *out)
{
	uint32_t e = entry(set, row, cell);
	if (e == 0)
		return false;
	utf8_put(out, e & 0xFFFFFF);
	if (e >> 24)
		utf8_put(out, second[e >> 24]);
	return true;
}

uint32_t jis_ucs(enum jis_set set, unsigned row, unsigned cell)
{
	return entry(set, row, cell) & 0xFFFFFF;
}

unsigned jis_of_sjis(unsigned lead, unsigned trail)
{
	if (!((lead >= 0x81 && lead <= 0x9F) || (lead >= 0xE0 && lead <= 0xFC)))
		return 0;
	if (trail < 0x40 || trail == 0x7F || trail > 0xFC)
		return 0;
	unsigned row = (lead - (lead >= 0xE0 ? 0xC1 : 0x81)) * 2 + 1;
	if (trail >= 0x9F)
		return (row + 1) << 8 | (trail - 0x9E);
	return row << 8 | (trail - (trail >= 0x80 ? 0x40 : 0x3F));
}

unsigned jis_of_ucs(uint32_t cp)
{
	if (cp >= 0x10000 || cp < 0x80)
		return 0;
	entry(JIS_X0208, 1, 1);
	return back[cp];
}
