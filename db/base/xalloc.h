#ifndef BASE_XALLOC_H
#define BASE_XALLOC_H
/*
 * Allocation that succeeds or does not return (it logs and aborts).
 * SECURITY: cap sizes taken from outside before they come here.
 */
#include <stddef.h>

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size); /* overflow-checked */
void *xrealloc(void *p, size_t n);
void *xmemdup(const void *p, size_t n);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
