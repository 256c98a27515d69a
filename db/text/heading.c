/* Headings as they are meant. See heading.h. */
#include "text/heading.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

enum { HEADING_MAX = 1000 }; /* bytes; each is compared with every name */

void heading_key(const char *utf8, struct sb *out)
{
	size_t len = 0;
	ucs4_t c;
	uint8_t *flat = u8_casefold((const uint8_t *)utf8, strlen(utf8), NULL, UNINORM_NFKC, NULL, &len);
	for (size_t i = 0, n; flat && i < len; i += n) {
		n = (size_t)u8_mbtoucr(&c, flat + i, len - i);
		if (!uc_is_property_white_space(c) && !uc_is_property_default_ignorable_code_point(c))
			sb_add(out, flat + i, n);
	}
	free(flat);
}

int heading_is(const char *cell, const char *name)
{
	struct sb a = SB_INIT, b = SB_INIT;
	if (strlen(cell) > HEADING_MAX)
		return 0;
	heading_key(cell, &a);
	heading_key(name, &b);
	int same = strcmp(a.s, b.s) == 0;
	sb_free(&a);
	sb_free(&b);
	return same;
}
