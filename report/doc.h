#ifndef REPORT_DOC_H
#define REPORT_DOC_H
/*
 * A report as sections of rows, and its three forms: text for any client, HTML,
 * CSV. What a section says is made once; the forms can't differ.
 * SECURITY: labels may be from outside (names of contracts); each form makes
 * them harmless in its own way.
 */
#include "base/arena.h"
#include "base/strbuf.h"
#include <stdint.h>

enum { DOC_COLS_MAX = 5, DOC_TEXT_COLS = 76 };
enum doc_unit { DOC_COUNT, DOC_PERMILLE /* shown as percent */, DOC_SPAN /* seconds of reply time */ };
#define DOC_UNKNOWN INT64_MIN

struct doc_row {
	const char *label;
	enum doc_unit unit[DOC_COLS_MAX];
	int64_t v[DOC_COLS_MAX];
};
struct doc_section {
	const char *title;
	const char *note;                /* a line below the title, or NULL */
	const char *head[DOC_COLS_MAX];  /* over the columns: short ones */
	const char *full[DOC_COLS_MAX];  /* the same, to be understood alone: for the CSV */
	size_t cols;
	int bars;                        /* text: a bar of the first column behind each row; 0: none */
	struct doc_row *rows;
	size_t n, cap;
};
struct doc {
	struct arena *a;
	struct doc_section *v;
	size_t n, cap;
};

/* The pointer is good until the next section is added. */
struct doc_section *doc_section(struct doc *d, const char *title);
void doc_col(struct doc_section *s, const char *head, const char *full);
/* All its values are counts, and unknown at first. Good until the next row. */
struct doc_row *doc_row(struct doc *d, struct doc_section *s, const char *label);
void doc_set(struct doc_row *r, size_t col, enum doc_unit unit, int64_t v);

/* "41", "95.1%", "2時間30分", "－". buf >= 48. */
const char *doc_value(int64_t v, enum doc_unit unit, char buf[48]);

/* Lines of at most DOC_TEXT_COLS columns. Sections [from, to). */
void doc_text(const struct doc *d, size_t from, size_t to, struct sb *out); /* doc_text.c */
void doc_html(const struct doc *d, size_t from, size_t to, struct sb *out); /* doc_html.c: the tables */
void doc_html_begin(const char *title, struct sb *out); /* the page's head and title; it ends with </body></html> */
/* For a spreadsheet: BOM, then 区分,項目,列,値,単位, a row a value; unknown ones are empty. */
void doc_csv(const struct doc *d, struct sb *out); /* doc_csv.c */

#endif
