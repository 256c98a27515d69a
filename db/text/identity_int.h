#ifndef TEXT_IDENTITY_INT_H
#define TEXT_IDENTITY_INT_H
/* Shared by identity*.c and call.c only. */
#include "base/arena.h"
#include <stddef.h>

/* identity_name.c: length of a legal form of a company (株式会社, (株) …) at p, 0 = none. */
size_t identity_legal_form(const char *p);

/* identity.c: the number in what was written behind its label, "" = none. */
const char *identity_number(const char *text, struct arena *a);
const char *identity_phone(const char *text, struct arena *a); /* digits, "" = none */

#endif
