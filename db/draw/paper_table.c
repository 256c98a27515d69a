/*
 * Tables: columns as wide as their contents want, rows that stay whole, a head
 * on each page. See paper.h.
 *
 * How wide a text is is added up letter by letter for the columns (thousands of
 * rows cost nothing then) and measured for the lines.
 */
#include "draw/paper_int.h"
#include <string.h>

enum { PAD_X = 5, PAD_Y = 3, LINES = 2, LINES_MAX = 20, SIGN = 15, SIGN_PAD = 6 };
#define HEAD_WIDER 1.05 /* bold */
#define SLACK 1.03      /* letters added up one by one come out a little short */
#define WIDEST 3.0 /* times the fair share: more no column asks for */

struct grid {
	struct paper *p;
	const struct paper_table *t;
	enum paper_face face, head;
	double x[PAPER_COLS_MAX], w[PAPER_COLS_MAX];
	size_t ncol;
};

static const char *cell(const struct paper_table *t, size_t row, size_t col)
{
	const char *s = t->cell[row * t->ncol + col];
	return s ? s : "";
}

/* ---- columns ---------------------------------------------------------------------- */

/* In letters' widths: ASCII as measured, Japanese as a full one, which is the most it has. */
static double guess(const struct paper *p, const char *s)
{
	double w = 0;
	for (; *s && w < 400; s++) {
		unsigned char c = (unsigned char)*s;
		if (c >= 0x80)
			w += c >= 0xE0 ? 1 : c >= 0xC0 ? 0.7 : 0; /* by its first octet */
		else if (c > ' ' - 1)
			w += p->ascii[c - ' '];
	}
	return w;
}

static double wanted(const struct grid *g, size_t c)
{
	const struct paper_table *t = g->t;
	const double size = paper_types[g->face].size;
	double w = guess(g->p, t->col[c].head ? t->col[c].head : "") * size * HEAD_WIDER;
	for (size_t r = 0; r < t->nrow; r++) {
		double x = guess(g->p, cell(t, r, c)) * size * SLACK;
		w = x > w ? x : w;
	}
	double most = t->col[c].kind == PAPER_COL_TEXT ? PAPER_WIDTH * WIDEST / (double)g->ncol : PAPER_WIDTH;
	return (w < most ? w : most) + 2 * PAD_X + 1;
}

static bool is_soft(const struct grid *g, size_t c)
{
	return g->t->col[c].width <= 0 && g->t->col[c].kind == PAPER_COL_TEXT;
}

/* Too wide: the soft columns share what the others leave; who wants less than a share, has it. */
static void shrink(struct grid *g)
{
	bool settled[PAPER_COLS_MAX] = { false };
	double room = PAPER_WIDTH;
	size_t soft = 0;
	for (size_t c = 0; c < g->ncol; c++) {
		settled[c] = !is_soft(g, c);
		room -= settled[c] ? g->w[c] : 0;
		soft += !settled[c];
	}
	for (bool again = true; again && soft;) {
		again = false;
		for (size_t c = 0; c < g->ncol; c++)
			if (!settled[c] && soft && g->w[c] <= room / (double)soft) {
				settled[c] = again = true;
				room -= g->w[c];
				soft--;
			}
	}
	for (size_t c = 0; c < g->ncol; c++)
		if (!settled[c])
			g->w[c] = room / (double)soft;
}

/* Too narrow: the soft columns take the rest, the wide ones more of it. */
static void spread(struct grid *g, double rest)
{
	double soft = 0;
	for (size_t c = 0; c < g->ncol; c++)
		soft += is_soft(g, c) ? g->w[c] : 0;
	for (size_t c = 0; c < g->ncol; c++)
		if (soft <= 0)
			g->w[c] += rest / (double)g->ncol;
		else if (is_soft(g, c))
			g->w[c] += rest * g->w[c] / soft;
}

static void columns(struct grid *g)
{
	double sum = 0, x = PAPER_LEFT;
	for (size_t c = 0; c < g->ncol; c++) {
		g->w[c] = g->t->col[c].width > 0 ? g->t->col[c].width : wanted(g, c);
		sum += g->w[c];
	}
	if (sum > PAPER_WIDTH)
		shrink(g);
	else
		spread(g, PAPER_WIDTH - sum);
	for (size_t c = 0; c < g->ncol; c++) {
		g->x[c] = x;
		x += g->w[c];
	}
}

/* ---- rows -------------------------------------------------------------------------- */

/* Sets the cells' layouts; how high the row is. */
static double set_row(struct grid *g, size_t r)
{
	const struct paper_table *t = g->t;
	const int lines = t->lines > 0 ? t->lines < LINES_MAX ? t->lines : LINES_MAX : LINES;
	double h = 0;
	g->p->lf = t->paragraphs;
	for (size_t c = 0; c < g->ncol; c++) {
		const char *text = cell(t, r, c);
		const double w = g->w[c] - 2 * PAD_X, advance = paper_types[g->face].advance;
		double own;
		if (t->col[c].kind == PAPER_COL_SIGN) {
			draw_sign_of(text, &text);
			own = paper_set(g->p, g->p->cell[c], FACE_SMALL, w, 1, text ? text : "") * paper_types[FACE_SMALL].advance + SIGN + SIGN_PAD;
		} else
			own = paper_set(g->p, g->p->cell[c], g->face, w, t->col[c].kind == PAPER_COL_NUMBER ? 1 : lines, text) * advance;
		h = own > h ? own : h;
	}
	g->p->lf = false;
	return h + 2 * PAD_Y;
}

static void rule(struct paper *p, double y, double width, enum draw_colour colour)
{
	draw_colour(p->d, colour);
	cairo_set_line_width(p->d->cr, width);
	cairo_move_to(p->d->cr, PAPER_LEFT, y);
	cairo_line_to(p->d->cr, PAPER_LEFT + PAPER_WIDTH, y);
	cairo_stroke(p->d->cr);
}

static void sign_cell(struct grid *g, size_t c, double y, const char *text)
{
	const double middle = g->x[c] + g->w[c] / 2;
	draw_sign(g->p->d, middle, y + PAD_Y + SIGN_PAD / 2.0 + SIGN / 2.0, SIGN, draw_sign_of(text, NULL));
	draw_colour(g->p->d, DRAW_INK);
	paper_lines(g->p, g->p->cell[c], FACE_SMALL, middle - paper_line_width(g->p->cell[c]) / 2, y + PAD_Y + SIGN_PAD + SIGN, 0, 0, 1);
}

static double cell_x(const struct grid *g, size_t c)
{
	return g->t->col[c].kind == PAPER_COL_NUMBER ? g->x[c] + g->w[c] - PAD_X - paper_line_width(g->p->cell[c]) : g->x[c] + PAD_X;
}

static void draw_row(struct grid *g, size_t r, double y, double h)
{
	paper_tag(g->p, "TR");
	for (size_t c = 0; c < g->ncol; c++) {
		paper_tag(g->p, "TD");
		draw_colour(g->p->d, DRAW_INK);
		if (g->t->col[c].kind == PAPER_COL_SIGN)
			sign_cell(g, c, y, cell(g->t, r, c));
		else
			paper_lines(g->p, g->p->cell[c], g->face, cell_x(g, c), y + PAD_Y, 0, 0, LINES_MAX);
		paper_untag(g->p, "TD");
	}
	paper_untag(g->p, "TR");
	rule(g->p, y + h, 0.5, DRAW_GRID);
}

static double head_height(const struct grid *g)
{
	return paper_types[g->head].advance + 2 * PAD_Y;
}

static void draw_head(struct grid *g, double y)
{
	const double h = head_height(g);
	draw_colour(g->p->d, DRAW_TINT);
	cairo_rectangle(g->p->d->cr, PAPER_LEFT, y, PAPER_WIDTH, h);
	cairo_fill(g->p->d->cr);
	paper_tag(g->p, "TR");
	for (size_t c = 0; c < g->ncol; c++) {
		const char *text = g->t->col[c].head;
		paper_tag(g->p, "TH");
		paper_set(g->p, g->p->cell[c], g->head, g->w[c] - 2 * PAD_X, 1, text ? text : "");
		draw_colour(g->p->d, DRAW_INK);
		paper_lines(g->p, g->p->cell[c], g->head, cell_x(g, c), y + PAD_Y, 0, 0, 1);
		paper_untag(g->p, "TH");
	}
	paper_untag(g->p, "TR");
	rule(g->p, y + h, 0.8, DRAW_GREY);
}

/* What has to be on this page with row r: the next one, if this is the first or
 * that is the last. */
static double together(struct grid *g, size_t r)
{
	return r + 1 < g->t->nrow && (r == 0 || r + 2 == g->t->nrow) ? set_row(g, r + 1) : 0;
}

static struct grid grid_of(struct paper *p, const struct paper_table *t)
{
	const bool small = t->style == PAPER_SMALL;
	struct grid g = { .p = p, .t = t, .face = small ? FACE_SMALL : FACE_BODY, .head = small ? FACE_SMALL_STRONG : FACE_STRONG,
	                  .ncol = t->ncol < PAPER_COLS_MAX ? t->ncol : PAPER_COLS_MAX };
	columns(&g);
	return g;
}

double paper_table_height(struct paper *p, const struct paper_table *t)
{
	struct grid g = grid_of(p, t);
	double h = head_height(&g);
	for (size_t r = 0; r < t->nrow; r++)
		h += set_row(&g, r);
	return h;
}

void paper_table(struct paper *p, const struct paper_table *t)
{
	struct grid g = grid_of(p, t);
	double y;
	paper_tag(p, "Table");
	for (size_t r = 0; r < t->nrow && !p->full; r++) {
		double more = together(&g, r), h = set_row(&g, r);
		bool begins = r == 0 || p->y + h + more > PAPER_BOTTOM;
		if (begins) {
			if (r)
				paper_turn(p);
			if (!paper_place(p, head_height(&g) + (r ? 0 : h + more), &y))
				break;
			p->y -= r ? 0 : h + more;
			draw_head(&g, y);
			set_row(&g, r); /* the head used the layouts */
		}
		draw_row(&g, r, p->y, h);
		p->y += h;
	}
	paper_untag(p, "Table");
	p->y += 8;
}
