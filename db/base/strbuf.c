/* Growable byte string. */
#include "base/strbuf.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char sb_empty[1]; /* never written: every growth replaces it first */

void sb_more(struct sb *b, size_t extra)
{
	if (extra > SIZE_MAX / 4)
		log_bug("strbuf", "bytes=%zu", extra);
	size_t want = b->len + extra + 1;
	size_t cap = b->cap ? b->cap + b->cap / 2 : 64;
	if (cap < want)
		cap = want;
	char *s = xrealloc(b->cap ? b->s : NULL, cap);
	if (!b->cap)
		s[0] = '\0';
	b->s = s;
	b->cap = cap;
}

void sb_add(struct sb *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	sb_grow(b, n);
	memcpy(b->s + b->len, p, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void sb_adds(struct sb *b, const char *s)
{
	sb_add(b, s, strlen(s));
}

void sb_vaddf(struct sb *b, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		log_bug("strbuf", "format=%s", fmt);
	sb_grow(b, (size_t)n);
	vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
	b->len += (size_t)n;
	va_end(again);
}

void sb_addf(struct sb *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	sb_vaddf(b, fmt, ap);
	va_end(ap);
}

void sb_setlen(struct sb *b, size_t len)
{
	if (len > b->len)
		log_bug("strbuf", "len=%zu of=%zu", len, b->len);
	if (b->cap) {
		b->len = len;
		b->s[len] = '\0';
	}
}

void sb_reset(struct sb *b)
{
	sb_setlen(b, 0);
}

void sb_free(struct sb *b)
{
	if (b->cap)
		free(b->s);
	*b = SB_INIT;
}

char *sb_detach(struct sb *b, size_t *len_r)
{
	sb_grow(b, 0);
	char *s = b->s;
	if (len_r)
		*len_r = b->len;
	*b = SB_INIT;
	return s;
}
