#ifndef BASE_ARENA_H
#define BASE_ARENA_H
/*
 * Arena: everything a message or request needs, freed in one go.
 * Not thread-safe: one arena belongs to one thread at a time. Allocations are
 * aligned for any type and never fail (see xalloc.h).
 */
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena **a); /* accepts NULL, sets NULL */

void *arena_alloc(struct arena *a, size_t n);  /* uninitialised */
void *arena_zalloc(struct arena *a, size_t n); /* zeroed */
void *arena_memdup(struct arena *a, const void *p, size_t n); /* adds a NUL behind */
char *arena_strdup(struct arena *a, const char *s);           /* NULL stays NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Bytes handed out so far, for limits. */
size_t arena_used(const struct arena *a);

#endif
