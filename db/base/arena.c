/*
 * Arena: a chain of blocks, bump allocation, one free. Large requests get a
 * block of their own so that the current one keeps its room.
 */
#include "base/arena.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>

enum { BLOCK = 16 * 1024 };

struct block {
	struct block *next;
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *blocks;
	char *at, *end; /* free room in the newest bump block */
	size_t used;
};

struct arena *arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

void arena_free(struct arena **a)
{
	if (!a || !*a)
		return;
	for (struct block *b = (*a)->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(*a);
	*a = NULL;
}

static char *add_block(struct arena *a, size_t n)
{
	struct block *b = xmalloc(sizeof *b + n);
	b->next = a->blocks;
	a->blocks = b;
	return b->data;
}

void *arena_alloc(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 4)
		log_bug("arena", "bytes=%zu", n);
	size_t want = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	a->used += want;
	if (want > BLOCK / 4)
		return add_block(a, want);
	if ((size_t)(a->end - a->at) < want) {
		a->at = add_block(a, BLOCK);
		a->end = a->at + BLOCK;
	}
	void *p = a->at;
	a->at += want;
	return p;
}

void *arena_zalloc(struct arena *a, size_t n)
{
	return memset(arena_alloc(a, n), 0, n);
}

void *arena_memdup(struct arena *a, const void *p, size_t n)
{
	char *q = arena_alloc(a, n + 1);
	if (n)
		memcpy(q, p, n);
	q[n] = '\0';
	return q;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_memdup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	return arena_memdup(a, s, strnlen(s, n));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		log_bug("arena", "format=%s", fmt);
	char *s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
