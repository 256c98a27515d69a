#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H
/*
 * Growable byte string. `s` is never NULL and always NUL-terminated; `len`
 * excludes that NUL and bytes may include NULs. Start with SB_INIT; the only
 * way to keep the bytes beyond sb_free is sb_detach.
 */
#include <stdarg.h>
#include <stddef.h>

struct sb {
	char *s;
	size_t len;
	size_t cap; /* 0: `s` is the shared empty string */
};

extern char sb_empty[1];
#define SB_INIT ((struct sb){ sb_empty, 0, 0 })

void sb_more(struct sb *b, size_t extra); /* sb_grow, where there is no room */
/* Room for `extra` bytes and the NUL behind them. */
static inline void sb_grow(struct sb *b, size_t extra)
{
	if (extra >= b->cap - b->len) /* len < cap, or both are 0 */
		sb_more(b, extra);
}
void sb_add(struct sb *b, const void *p, size_t n);
void sb_adds(struct sb *b, const char *s);
static inline void sb_addc(struct sb *b, char c)
{
	sb_grow(b, 1);
	b->s[b->len++] = c;
	b->s[b->len] = '\0';
}
void sb_addf(struct sb *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void sb_vaddf(struct sb *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
void sb_setlen(struct sb *b, size_t len); /* shorten only */
void sb_reset(struct sb *b);              /* length 0, keeps memory */
void sb_free(struct sb *b);               /* back to SB_INIT */
char *sb_detach(struct sb *b, size_t *len_r); /* caller frees; len_r may be NULL */

#endif
