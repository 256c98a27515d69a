/* Base64 of keys: see b64.h. */
#include "b64.h"
#include <string.h>

static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void b64_of(const uint8_t *p, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16 | (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) | (i + 2 < n ? p[i + 2] : 0);
		sb_addc(out, digit[v >> 18]);
		sb_addc(out, digit[v >> 12 & 63]);
		sb_addc(out, i + 1 < n ? digit[v >> 6 & 63] : '=');
		sb_addc(out, i + 2 < n ? digit[v & 63] : '=');
	}
}

bool b64_to(const char *s, size_t len, uint8_t *p, size_t n)
{
	uint32_t v = 0;
	size_t k = 0;
	if (len != (n + 2) / 3 * 4)
		return false;
	for (size_t i = 0; i < len; i++) {
		const char *d = s[i] ? strchr(digit, s[i]) : NULL;
		if (!d && !(s[i] == '=' && i + 2 >= len))
			return false;
		v = v << 6 | (d ? (uint32_t)(d - digit) : 0);
		if (i % 4 != 3 && !(i == len - 1))
			continue;
		for (int b = 2; b >= 0 && k < n; b--)
			p[k++] = (uint8_t)(v >> (8 * b));
		v = 0;
	}
	return k == n;
}
