/* Hardware facts: see machine.h. */
#include "text/machine.h"
#include <stddef.h>
#include <string.h>

/* In capitals. Seen on boards of many makers. */
static const char *const placeholders[] = {
	"TO BE FILLED BY O.E.M.", "DEFAULT STRING", "SYSTEM SERIAL NUMBER", "BASE BOARD SERIAL NUMBER", "NOT SPECIFIED",
	"NOT APPLICABLE", "NOT AVAILABLE", "NONE", "N/A", "NA", "OEM", "O.E.M.", "UNKNOWN", "INVALID", "EMPTY", "NULL",
	"TYPE2 - BOARD SERIAL NUMBER", "CHASSIS SERIAL NUMBER", "SERIAL NUMBER", "NOT SETTABLE", "1234567890", "123456789",
	"0123456789", "12345678", "1234567",
	"03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009",
	"12345678-1234-5678-90AB-CDDEEFAABBCC", "12345678-1234-1234-1234-123456789012",
	"01234567-89AB-CDEF-0123-456789ABCDEF", "0A0A0A0A-0A0A-0A0A-0A0A-0A0A0A0A0A0A"
};

/* "00000000-0000-…", "FFFF", "XXXX", "." */
static bool one_letter(const char *s)
{
	char first = 0;
	for (; *s; s++) {
		if (strchr("-. :_", *s))
			continue;
		if (first && *s != first)
			return false;
		first = *s;
	}
	return true;
}

static bool is_placeholder(const char *s)
{
	for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++)
		if (strcmp(s, placeholders[i]) == 0)
			return true;
	return one_letter(s);
}

void machine_fact(const char *text, char out[MACHINE_FACT_MAX])
{
	size_t n = 0;
	while (*text == ' ')
		text++;
	for (; *text && n < MACHINE_FACT_MAX - 1; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < ' ' || c > '~')
			continue; /* no part of a number */
		out[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : (char)c;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	if (is_placeholder(out))
		out[0] = '\0';
}
