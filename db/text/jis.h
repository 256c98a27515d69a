#ifndef TEXT_JIS_H
#define TEXT_JIS_H
/*
 * The double-byte tables of Japanese mail, read once from iconv(3) and then
 * immutable, so decoding has no iconv state, no locks and full control of
 * errors. Internal to db/text.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

enum jis_set {
	JIS_X0208,   /* as CP932 has it: with NEC row 13, NEC/IBM rows 89-92,
	              * user-defined rows 95-114 (private use), IBM rows 115-120 */
	JIS_X0212,   /* as eucJP-ms has it */
	JIS_X0213_1, JIS_X0213_2, JIS_GB2312, JIS_KS5601,
	JIS_SETS
};

/* Appends the character at row, cell (from 1); false if there is none. */
bool jis_put(enum jis_set set, unsigned row, unsigned cell, struct sb *out);
/* Its code point, 0 if none. */
uint32_t jis_ucs(enum jis_set set, unsigned row, unsigned cell);

/* CP932 lead and trail to row << 8 | cell; 0 if not a pair. */
unsigned jis_of_sjis(unsigned lead, unsigned trail);
/* row << 8 | cell of a character in CP932's double-byte part, else 0. The
 * Unicode twins (WAVE DASH and FULLWIDTH TILDE, …) are both found. */
unsigned jis_of_ucs(uint32_t cp);

#endif
