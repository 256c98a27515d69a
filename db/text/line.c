/* Lines of data files. See line.h. */
#include "text/line.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

char *line_trim(char *s)
{
	s += strspn(s, " \t\r");
	size_t n = strlen(s);
	while (n && strchr(" \t\r", s[n - 1]))
		n--;
	s[n] = '\0';
	return s;
}

bool line_number(const char *s, long lo, long hi, int *n_r)
{
	char *end;
	long n = strtol(s, &end, 10);
	if (end == s || *end || isspace((unsigned char)*s) || n < lo || n > hi)
		return false;
	*n_r = (int)n;
	return true;
}
