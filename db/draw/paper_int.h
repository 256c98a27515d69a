#ifndef DRAW_PAPER_INT_H
#define DRAW_PAPER_INT_H
/* Inside db/draw only: the pages and the typesetting of paper.h. */
#include "draw/paper.h"
#include "draw/draw_int.h"

/* A4, and the edges of what is printed. */
#define PAPER_W 595.276
#define PAPER_H 841.89
enum { PAPER_LEFT = 48, PAPER_TOP = 48, PAPER_BOTTOM = 784, PAPER_KEPT_MAX = 6 };

/* Sizes and distances of the kinds of text. */
enum paper_face { FACE_BODY, FACE_SMALL, FACE_LEAD, FACE_STRONG, FACE_TITLE, FACE_H1, FACE_H2, FACE_SMALL_STRONG, FACE_VALUE, FACE_FOOT, FACES };
struct paper_type {
	double size, advance; /* of the letters; from line to line */
	bool bold;
};
extern const struct paper_type paper_types[FACES];

struct paper {
	struct draw *d;
	struct sb out; /* the file, as it is written */
	char *footer;
	PangoFontDescription *font[FACES];
	PangoLayout *cell[PAPER_COLS_MAX];
	PangoAttrList *as_it_is; /* no hyphens of Pango's own: serial numbers are torn, too */
	double ascii[96]; /* how wide ' ' … are, in letters' sizes */
	struct paper_kept {
		int level; /* 0: a note */
		char *text;
	} kept[PAPER_KEPT_MAX]; /* waiting for what follows */
	size_t nkept;
	double y;
	int page;
	bool fresh; /* nothing is on this page yet */
	bool full;  /* the last page is over */
	bool lf;    /* paper_set keeps line feeds */
	int outline; /* the last bookmark of level 1 */
};

/* ---- paper.c: room
 * Where h points begin that are not to be torn, below all that waited for them.
 * *y_r: their top. False: no page is left, draw nothing. */
bool paper_place(struct paper *p, double h, double *y_r);
void paper_turn(struct paper *p);
void paper_tag(struct paper *p, const char *name);
void paper_untag(struct paper *p, const char *name);

/* ---- paper_text.c
 * Sets a layout: width 0 = one line as long as it is; lines 0 = all. How many lines. */
int paper_set(struct paper *p, PangoLayout *l, enum paper_face f, double width, int lines, const char *text);
/* Draws lines [from, to) below y, justified to width (0: not). */
void paper_lines(struct paper *p, PangoLayout *l, enum paper_face f, double x, double y, double width, int from, int to);
double paper_line_width(PangoLayout *l);
void paper_measure_ascii(struct paper *p);
/* What waits: how high it is, and drawing it at y. */
double paper_kept_height(struct paper *p);
void paper_kept_draw(struct paper *p);
/* One line at x, or ending at x when right. */
void paper_one(struct paper *p, enum paper_face f, double x, double y, bool right, const char *text);

#endif
