/* Names of files from outside: see file_name.h. */
#include "text/file_name.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include "text/utf8.h"
#include <stdbool.h>
#include <string.h>

enum { ENDING_CHARS = 16 };
#define NAMELESS "名称なし"

static size_t chars(const char *s, size_t n)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += (s[i] & 0xC0) != 0x80;
	return count;
}

/* Bytes of the first `count` characters. */
static size_t bytes_of(const char *s, size_t n, size_t count)
{
	size_t i = 0;
	while (i < n) {
		if ((s[i] & 0xC0) != 0x80 && count-- == 0)
			break;
		i++;
	}
	return i;
}

/* ".tar.gz" of a long name matters more to a reader than its middle. */
static void shorten(const char *s, size_t n, struct sb *out)
{
	size_t all = chars(s, n);
	if (all <= FILE_NAME_CHARS) {
		sb_add(out, s, n);
		return;
	}
	const char *dot = memrchr(s, '.', n);
	size_t tail = dot ? chars(dot, n - (size_t)(dot - s)) : 0;
	if (tail > ENDING_CHARS)
		tail = 0;
	sb_add(out, s, bytes_of(s, n, FILE_NAME_CHARS - 1 - tail));
	sb_adds(out, "…");
	size_t from = bytes_of(s, n, all - tail);
	sb_add(out, s + from, n - from);
}

/* Behind the last separator of either kind. UTF-8 first: in CP932 a backslash
 * may be the second half of a character. */
static const char *last_component(const char *s, size_t *n)
{
	const char *from = s;
	for (size_t i = 0; i < *n; i++)
		if (s[i] == '/' || s[i] == '\\')
			from = s + i + 1;
	*n -= (size_t)(from - s);
	return from;
}

void file_name_clean(const char *raw, size_t n, struct sb *out)
{
	struct sb utf8 = SB_INIT, line = SB_INIT, seen = SB_INIT;
	text_to_utf8(NULL, raw, n < 4096 ? n : 4096, &utf8);
	text_one_line(utf8.s, utf8.len, &line);
	size_t len = line.len;
	const char *name = last_component(line.s, &len);
	text_visible(name, len, &seen);
	bool empty = strspn(seen.s, " .") == seen.len;
	shorten(empty ? NAMELESS : seen.s, empty ? strlen(NAMELESS) : seen.len, out);
	sb_free(&utf8), sb_free(&line), sb_free(&seen);
}

/* attr-char of RFC 8187 §3.2.1. */
static bool is_attr_char(unsigned char c)
{
	return c && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~", c);
}

void file_name_disposition(const char *name, struct sb *out)
{
	sb_adds(out, "attachment; filename=\"");
	for (const char *p = name; *p; p++)
		if ((*p & 0xC0) != 0x80)
			sb_addc(out, is_attr_char((unsigned char)*p) || *p == ' ' ? *p : '_');
	sb_adds(out, "\"; filename*=UTF-8''");
	for (const char *p = name; *p; p++)
		if (is_attr_char((unsigned char)*p))
			sb_addc(out, *p);
		else
			sb_addf(out, "%%%02X", (unsigned char)*p);
}
