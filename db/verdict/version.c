/* See version.h. */
#include "version.h"
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

static const char *begin(const char *s)
{
	while (*s == ' ')
		s++;
	if (strncasecmp(s, "version ", 8) == 0)
		s += 8;
	else if (strncasecmp(s, "ad ", 3) == 0) /* AnyDesk */
		s += 3;
	else if (strncasecmp(s, "ver", 3) == 0)
		s += 3;
	else if (*s == 'v' || *s == 'V')
		s++;
	return s + strspn(s, ". ");
}

bool version_known(const char *s)
{
	s = begin(s);
	return *s >= '0' && *s <= '9';
}

/* 2.0b2 comes before 2.0; but 19.210.04b is a later 19.210.04. */
static bool pre_release(const char *s)
{
	static const char *const words[] = { "alpha", "beta", "rc", "pre", "dev" };
	s += strspn(s, "-_. ");
	if ((*s == 'a' || *s == 'A' || *s == 'b' || *s == 'B') && isdigit((unsigned char)s[1]))
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);
		if (strncasecmp(s, words[i], n) == 0 && !isalpha((unsigned char)s[n]))
			return true;
	}
	return false;
}

struct version version_read(const char *s)
{
	struct version v = { .below = 0 };
	s = begin(s);
	for (int i = 0; i < VERSION_PARTS && *s >= '0' && *s <= '9'; i++) {
		uint64_t n = 0;
		for (; *s >= '0' && *s <= '9'; s++)
			n = n < UINT32_MAX ? n * 10 + (uint64_t)(*s - '0') : n;
		v.part[i] = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
		if ((*s == '.' || *s == ',' || *s == '_' || *s == '-') && s[1] >= '0' && s[1] <= '9')
			s++;
		else if (*s == 'u' && s[1] >= '0' && s[1] <= '9') /* Java: 8u471 */
			s++;
		else
			break;
	}
	v.below = pre_release(s) ? -1 : 0;
	return v;
}

int version_order(const struct version *a, const struct version *b)
{
	for (int i = 0; i < VERSION_PARTS; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return a->below - b->below;
}

int version_cmp(const char *a, const char *b)
{
	struct version x = version_read(a), y = version_read(b);
	return version_order(&x, &y);
}
