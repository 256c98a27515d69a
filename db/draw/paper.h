#ifndef DRAW_PAPER_H
#define DRAW_PAPER_H
/*
 * A document on A4 pages, as PDF: title, headings with bookmarks, paragraphs in
 * Japanese typesetting, tables that break well, charts of draw.h as vectors.
 *
 * It flows: each call puts its piece below the one before, on a new page where
 * it does not fit. Headings and kept notes wait for what follows and never end a
 * page; no paragraph or table leaves a single line behind. Text can be selected
 * in reading order and is tagged (heading, paragraph, table, figure); the fonts
 * are embedded as far as they are used. Nothing is told by colour alone.
 *
 * Lengths are points (1/72 inch). Strings are UTF-8 and not kept after the call.
 * The same input gives the same bytes on a machine with the same fonts.
 * SECURITY: texts may be from outside: what can't be shown is replaced, nothing
 * is markup, long ones are cut as each function says. Pages are bounded: what
 * comes after the last one is left out, and the last page says so.
 */
#include "base/clk.h"
#include "draw/draw.h"
#include <stdbool.h>

enum { PAPER_PAGES_MAX = 60, PAPER_WIDTH = 499 /* of the text */, PAPER_COLS_MAX = 9, PAPER_FIGURES_MAX = 6 };

struct paper;
struct paper_info {
	const char *title, *author, *subject; /* of the file */
	const char *footer;                   /* at the left of each page's foot; the number is at the right */
	epoch made;
};

struct paper *paper_new(const struct paper_info *info);
/* Ends it: the PDF is appended. Sets *p NULL either way. ERR_TEMP: no memory.
 * pages_r: how many, or NULL. */
enum status paper_end(struct paper **p, struct sb *pdf, int *pages_r, struct err *e) must_check;

/* ---- text */
enum paper_style { PAPER_BODY, PAPER_SMALL, PAPER_LEAD /* larger */, PAPER_STRONG };
/* The document's own title, and a line in grey below it (or NULL). Once, at the top. */
void paper_title(struct paper *p, const char *title, const char *below);
/* level 1 or 2; it becomes a bookmark. One line. */
void paper_heading(struct paper *p, int level, const char *text);
/* Paragraphs, one a line of the text, justified. */
void paper_text(struct paper *p, enum paper_style style, const char *text);
/* A note that stays with what follows it: below a heading, above a table. */
void paper_keep(struct paper *p, const char *text);
/* n items with hanging numbers (or points) in a box with a title. It does not break: keep it short. */
void paper_panel(struct paper *p, const char *title, const char *const *items, size_t n, bool numbered);
void paper_gap(struct paper *p, double h);
/* The next piece begins a page. */
void paper_break(struct paper *p);
/* What is left of this page, below what waits. */
double paper_room(struct paper *p);

/* ---- large numbers side by side */
struct paper_figure {
	const char *label, *value, *unit;
	const char *note; /* small, below: "前月 12台"; or NULL */
};
void paper_figures(struct paper *p, const struct paper_figure *v, size_t n);

/* ---- tables */
enum paper_col_kind {
	PAPER_COL_TEXT,
	PAPER_COL_NUMBER, /* at the right; never wrapped */
	PAPER_COL_SIGN    /* "△ 注意": the sign of draw_sign_of large, its word below */
};
struct paper_col {
	const char *head;
	enum paper_col_kind kind;
	double width; /* 0: by its content */
};
struct paper_table {
	const struct paper_col *col;
	size_t ncol;
	const char *const *cell; /* row by row; NULL = empty */
	size_t nrow;
	int lines; /* of a cell, at most; the rest is cut with an ellipsis. 0 = 2 */
	bool paragraphs; /* LF in a cell begins one, of so many lines each: for texts of ours */
	enum paper_style style;  /* PAPER_BODY or PAPER_SMALL */
};
/* The head is repeated on each page, rows are never torn, no page has one row alone. */
void paper_table(struct paper *p, const struct paper_table *t);

/* How high it is where nothing tears it. */
double paper_table_height(struct paper *p, const struct paper_table *t);

/* ---- charts and the like: h points of the whole width are yours between the two
 * calls; a table has to say the same to who can't see it. The box has the units
 * draw.h draws in (its fonts come out smaller, fit for paper). */
struct draw *paper_chart(struct paper *p, double h, struct draw_box *box_r);
void paper_chart_end(struct paper *p);

#endif
