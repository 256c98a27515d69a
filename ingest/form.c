/* Fields of a small form: see form.h. */
#include "form.h"
#include "text/charset.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* '+' is a space, %XX a byte; a '%' that is neither stays. */
static void decode(const char *p, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i++) {
		int hi = p[i] == '%' && i + 2 < n ? hex(p[i + 1]) : -1;
		int lo = hi >= 0 ? hex(p[i + 2]) : -1;
		if (lo >= 0) {
			sb_addc(out, (char)(hi << 4 | lo));
			i += 2;
		} else {
			sb_addc(out, p[i] == '+' ? ' ' : p[i]);
		}
	}
}

static bool is_name(const char *p, size_t n, const char *name)
{
	struct sb b = SB_INIT;
	decode(p, n, &b);
	bool same = b.len == strlen(name) && memcmp(b.s, name, b.len) == 0;
	sb_free(&b);
	return same;
}

bool form_field(const char *form, size_t n, const char *name, struct sb *out)
{
	const char *end = form + n;
	for (const char *p = form; p < end;) {
		const char *amp = memchr(p, '&', (size_t)(end - p)), *stop = amp ? amp : end;
		const char *eq = memchr(p, '=', (size_t)(stop - p));
		if (eq && is_name(p, (size_t)(eq - p), name)) {
			struct sb raw = SB_INIT;
			decode(eq + 1, (size_t)(stop - eq - 1), &raw);
			bool good = !memchr(raw.s, '\0', raw.len);
			if (good)
				text_valid(raw.s, raw.len, out);
			sb_free(&raw);
			return good;
		}
		p = amp ? amp + 1 : end;
	}
	return false;
}

long long form_number(const char *form, size_t n, const char *name)
{
	struct sb v = SB_INIT;
	char *end;
	long long number = 0;
	if (form_field(form, n, name, &v) && isdigit((unsigned char)v.s[0]) && v.len <= 18) {
		number = strtoll(v.s, &end, 10);
		if (*end)
			number = 0;
	}
	sb_free(&v);
	return number;
}
