/*
 * Text as it may be shown: on terminals, in our own mails. See charset.h.
 *
 * SECURITY: what moves a terminal's cursor, turns or hides text is named instead.
 */
#include "text/charset.h"
#include "text/charset_int.h"
#include "text/utf8.h"
#include <ctype.h>

/* Carriers' pictures and gaiji: nobody else's fonts have them. Carriers themselves
 * write 〓 for those of the others. */
static bool is_private(uint32_t cp)
{
	return (cp >= 0xE000 && cp <= 0xF8FF) || (cp >= 0xF0000 && cp <= 0x10FFFD);
}

/* Characters that reorder, hide or break the line they are shown in. */
static bool tricky(uint32_t cp)
{
	return (cp >= 0x80 && cp < 0xA0) || cp == 0x061C || cp == 0x200F ||
	       (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) ||
	       (cp >= 0xFFF9 && cp <= 0xFFFB) || (cp >= 0xE0000 && cp <= 0xE007F);
}

static bool is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return isalnum((int)cp);
	return cp != UTF8_BAD && cp >= 0xC0 && !(cp >= 0x2000 && cp < 0x2C00) && !(cp >= 0x3000 && cp < 0x3041) &&
	       cp != 0x3164 && !(cp >= 0xFE00 && cp < 0xFF10) && cp < 0x1F000;
}

/* What is not seen, inside of a word that is then another one: letters stand on both
 * sides. Other scripts need joiners, and rows of them only fill a line. */
static bool splits(uint32_t before, uint32_t cp, uint32_t after)
{
	bool joiner = cp == 0x200C || cp == 0x200D, latin = before < 0x250 && after < 0x250;
	bool unseen = cp == 0x200B || cp == 0x200E || cp == 0x2060 || cp == 0xFEFF || cp == 0x3164 || (joiner && latin);
	return unseen && is_letter(before) && is_letter(after);
}

void text_visible(const char *utf8, size_t n, struct sb *out)
{
	uint32_t cp, before = 0, after;
	for (size_t i = 0, len; i < n; i += len, before = cp) {
		len = utf8_get(utf8 + i, n - i, &cp);
		after = 0;
		if (i + len < n)
			utf8_get(utf8 + i + len, n - i - len, &after);
		if (cp == '\r' && after == '\n')
			;
		else if (cp == '\t' || cp == '\n')
			sb_addc(out, (char)cp);
		else if (cp < 0x20)
			utf8_put(out, 0x2400 + cp);
		else if (cp == 0x7F)
			utf8_put(out, 0x2421);
		else if (tricky(cp) || splits(before, cp, after))
			sb_addf(out, "[U+%04X]", (unsigned)cp);
		else if (is_private(cp))
			sb_adds(out, GETA);
		else
			utf8_put(out, cp);
	}
}
