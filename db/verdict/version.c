/* See version.h. */
#include "version.h"
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct version {
	uint64_t part[VERSION_PARTS];
	int below; /* -1: a pre-release */
};

static const char *begin(const char *s)
{
	while (*s == ' ')
		s++;
	if (strncasecmp(s, "version ", 8) == 0)
		s += 8;
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

static bool pre_release(const char *s)
{
	static const char *const words[] = { "alpha", "beta", "rc", "pre", "dev", "a", "b" };
	s += strspn(s, "-_. ");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);
		if (strncasecmp(s, words[i], n) == 0 && !isalpha((unsigned char)s[n]))
			return true;
	}
	return false;
}

static struct version read_version(const char *s)
{
	struct version v = { .below = 0 };
	s = begin(s);
	for (int i = 0; i < VERSION_PARTS && *s >= '0' && *s <= '9'; i++) {
		for (; *s >= '0' && *s <= '9'; s++)
			v.part[i] = v.part[i] < UINT32_MAX ? v.part[i] * 10 + (uint64_t)(*s - '0') : v.part[i];
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

int version_cmp(const char *a, const char *b)
{
	struct version x = read_version(a), y = read_version(b);
	for (int i = 0; i < VERSION_PARTS; i++)
		if (x.part[i] != y.part[i])
			return x.part[i] < y.part[i] ? -1 : 1;
	return x.below - y.below;
}
