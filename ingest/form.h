#ifndef INGEST_FORM_H
#define INGEST_FORM_H
/* Fields of a small form (application/x-www-form-urlencoded) or a query.
 * SECURITY: hostile input of bounded size. */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/* The first field of that name, decoded; UTF-8, faults become U+FFFD. False:
 * absent, or it holds a NUL. */
bool form_field(const char *form, size_t n, const char *name, struct sb *out);

/* A whole number from 1, or 0. */
long long form_number(const char *form, size_t n, const char *name);

#endif
