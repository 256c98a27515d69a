#ifndef BASE_HEX_H
#define BASE_HEX_H
/* Octets as lower-case hex and back; digits of either case are read. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline void hex_encode(const void *from, size_t n, char *out) /* 2n + 1 */
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *p = from;
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digit[p[i] >> 4];
		out[2 * i + 1] = digit[p[i] & 15];
	}
	out[2 * n] = '\0';
}

static inline int hex_digit(char c) /* -1: none */
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Exactly n octets from 2n digits. */
static inline bool hex_to(const char *s, size_t len, uint8_t *p, size_t n)
{
	if (len != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int a = hex_digit(s[2 * i]), b = hex_digit(s[2 * i + 1]);
		if (a < 0 || b < 0)
			return false;
		p[i] = (uint8_t)(a << 4 | b);
	}
	return true;
}

#endif
