/*
 * Compressed RTF of Exchange (MS-OXRTFCP): a dictionary of 4096 bytes that
 * begins with common words of RTF; eight times in turn a byte or a reference of
 * 12 bits of place and 4 of length.
 * SECURITY: every read and write is bounded; the checksum is not asked, a part
 * that was cut off is read as far as it goes.
 */
#include "text/rtf.h"
#include <stdint.h>
#include <string.h>

enum { DICT = 4096, HEADER = 16 };

static const char first_words[] =
	"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
	"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
	"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

struct unpacker {
	unsigned char dict[DICT];
	size_t at; /* where the next byte goes */
	struct sb *out;
	size_t most;
};

static bool put(struct unpacker *u, unsigned char c)
{
	u->dict[u->at] = c;
	u->at = (u->at + 1) % DICT;
	sb_addc(u->out, (char)c);
	return u->out->len < u->most;
}

/* False at the end: a reference to the place of the next byte. */
static bool refer(struct unpacker *u, unsigned token)
{
	size_t from = token >> 4, n = (token & 15) + 2;
	if (from == u->at)
		return false;
	for (; n; n--, from = (from + 1) % DICT)
		if (!put(u, u->dict[from]))
			return false;
	return true;
}

static void unpack(struct unpacker *u, const unsigned char *p, const unsigned char *end)
{
	while (p < end) {
		unsigned flags = *p++;
		for (unsigned i = 0; i < 8; i++, flags >>= 1) {
			if (flags & 1) {
				if (end - p < 2 || !refer(u, (unsigned)p[0] << 8 | p[1]))
					return;
				p += 2;
			} else if (p == end || !put(u, *p++)) {
				return;
			}
		}
	}
}

bool rtf_unpack(const void *p, size_t n, struct sb *out)
{
	const unsigned char *c = p;
	if (n < HEADER)
		return false;
	if (memcmp(c + 8, "MELA", 4) == 0) {
		sb_add(out, c + HEADER, n - HEADER < RTF_UNPACKED_MAX ? n - HEADER : RTF_UNPACKED_MAX);
		return true;
	}
	if (memcmp(c + 8, "LZFu", 4) != 0)
		return false;
	struct unpacker u = { .out = out, .most = out->len + RTF_UNPACKED_MAX };
	u.at = sizeof first_words - 1;
	memset(u.dict, ' ', sizeof u.dict);
	memcpy(u.dict, first_words, u.at);
	unpack(&u, c + HEADER, c + n);
	return true;
}
