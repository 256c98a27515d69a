#ifndef TEXT_FORM_H
#define TEXT_FORM_H
/*
 * Forms that people fill in inside a mail: lines 「項目：値」, in any order, with
 * bullets, numbers, 【】, remarks in brackets, full-width or half-width, quoted
 * with ">" when they answer a form of ours. Pure.
 *
 * A value ends with its line; a field of `multi` goes on until the next item, a
 * rule, a signature or a change of quoting. An item whose line is empty may
 * have its value on the next line. The first value that says something counts,
 * and one that is quoted only if nothing unquoted does.
 *
 * SECURITY: the text comes from a mail; linear, everything is bounded.
 */
#include "base/arena.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

enum {
	FORM_TEXT_MAX = 256 * 1024, /* bytes that are looked at */
	FORM_FIELDS_MAX = 16,
	FORM_VALUE_MAX = 400,       /* bytes of a value of one line */
	FORM_MULTI_MAX = 16 * 1024
};

struct form_item {
	const char *label; /* as form_label makes it */
	unsigned field;
};
struct form {
	const struct form_item *items; /* ends with a label NULL */
	unsigned nfields;
	unsigned multi; /* bits of the fields that may have several lines */
};

/* v_r[nfields]: NFKC, visible, "" = not filled in; in `a`. Returns how many
 * lines were items. `rest` (or NULL) gets the unquoted lines that belong to
 * no item, up to a signature. */
size_t form_read(const struct form *f, const char *utf8, size_t n, struct arena *a, const char **v_r, struct sb *rest);

/* NFKC of at most FORM_TEXT_MAX bytes; line ends stay. */
void form_flat(const char *utf8, size_t n, struct sb *out);

#endif
