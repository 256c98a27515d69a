#ifndef TEXT_BEGINS_H
#define TEXT_BEGINS_H
/* What a string begins or ends with: a word (ASCII case does not count, of either), blanks. */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Long lists of words are tried on each line of a mail: most fail at the first
 * byte, which differs in more than what makes a letter small. */
static inline bool text_begins(const char *s, const char *with)
{
	return ((*s ^ *with) & ~0x20) == 0 && strncasecmp(s, with, strlen(with)) == 0;
}

/* s may be NULL: no. */
static inline bool text_ends(const char *s, const char *with)
{
	size_t n = s ? strlen(s) : 0, k = strlen(with);
	return s && n >= k && strcasecmp(s + n - k, with) == 0;
}

/* Behind blanks, tabs, CR and wide blanks; a line of nothing else: end. */
static inline const char *text_skip_blank(const char *p, const char *end)
{
	for (;;) {
		if (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
			p++;
		else if (end - p >= 3 && memcmp(p, "　", 3) == 0)
			p += 3;
		else
			return p;
	}
}

#endif
