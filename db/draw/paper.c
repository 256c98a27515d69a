/*
 * Pages: where a piece goes, footers, bookmarks, the file's own data. See paper.h.
 *
 * cairo writes the file as the pages come; what it can't say itself, the
 * document's language, is put into the catalogue afterwards.
 */
#include "draw/paper_int.h"
#include "base/xalloc.h"
#include <cairo/cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOOT_Y = 806, FOOT_LINE = 800 };
#define CHART_SCALE 0.78

const struct paper_type paper_types[FACES] = {
	[FACE_BODY] = { 9.5, 15.5, false },  [FACE_SMALL] = { 8, 12, false },   [FACE_LEAD] = { 11.5, 19, false },
	[FACE_STRONG] = { 9.5, 15.5, true }, [FACE_TITLE] = { 20, 28, true },   [FACE_H1] = { 14, 20, true },
	[FACE_H2] = { 11, 17, true },        [FACE_SMALL_STRONG] = { 8, 12, true }, [FACE_VALUE] = { 21, 28, true },
	[FACE_FOOT] = { 7.5, 11, false },
};

static cairo_status_t take(void *out, const unsigned char *p, unsigned n)
{
	sb_add(out, p, n);
	return CAIRO_STATUS_SUCCESS;
}

static void set_metadata(cairo_surface_t *s, const struct paper_info *info)
{
	char made[40];
	const struct civil c = civil_of(info->made);
	snprintf(made, sizeof made, "%04d-%02d-%02dT%02d:%02d:%02d+09:00", c.year, c.mon, c.day, c.hour, c.min, c.sec);
	const struct {
		cairo_pdf_metadata_t what;
		const char *text;
	} v[] = { { CAIRO_PDF_METADATA_TITLE, info->title },   { CAIRO_PDF_METADATA_AUTHOR, info->author },
		  { CAIRO_PDF_METADATA_SUBJECT, info->subject }, { CAIRO_PDF_METADATA_CREATOR, "Yorozu" },
		  { CAIRO_PDF_METADATA_CREATE_DATE, made },    { CAIRO_PDF_METADATA_MOD_DATE, made } };
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		if (v[i].text)
			cairo_pdf_surface_set_metadata(s, v[i].what, v[i].text);
}

static void set_fonts(struct paper *p)
{
	p->as_it_is = pango_attr_list_new();
	pango_attr_list_insert(p->as_it_is, pango_attr_insert_hyphens_new(FALSE));
	for (int i = 0; i < FACES; i++) {
		p->font[i] = pango_font_description_from_string(draw_font);
		pango_font_description_set_absolute_size(p->font[i], paper_types[i].size * PANGO_SCALE);
		pango_font_description_set_weight(p->font[i], paper_types[i].bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	}
	for (int i = 0; i < PAPER_COLS_MAX; i++)
		p->cell[i] = pango_layout_new(pango_layout_get_context(p->d->layout));
}

struct paper *paper_new(const struct paper_info *info)
{
	struct paper *p = xcalloc(1, sizeof *p);
	p->out = SB_INIT;
	cairo_surface_t *s = cairo_pdf_surface_create_for_stream(take, &p->out, PAPER_W, PAPER_H);
	cairo_pdf_surface_restrict_to_version(s, CAIRO_PDF_VERSION_1_5);
	set_metadata(s, info);
	p->d = draw_on(s);
	set_fonts(p);
	paper_measure_ascii(p);
	p->footer = info->footer ? xstrdup(info->footer) : NULL;
	p->page = 1;
	p->y = PAPER_TOP;
	p->fresh = true;
	paper_tag(p, "Document");
	return p;
}

void paper_tag(struct paper *p, const char *name)
{
	cairo_tag_begin(p->d->cr, name, NULL);
}

void paper_untag(struct paper *p, const char *name)
{
	cairo_tag_end(p->d->cr, name);
}

/* ---- room ------------------------------------------------------------------------ */

static void foot(struct paper *p)
{
	char number[40];
	snprintf(number, sizeof number, p->full ? "以降は省略しました　%d ページ" : "%d ページ", p->page);
	draw_colour(p->d, DRAW_GRID);
	cairo_set_line_width(p->d->cr, 0.6);
	cairo_move_to(p->d->cr, PAPER_LEFT, FOOT_LINE);
	cairo_line_to(p->d->cr, PAPER_LEFT + PAPER_WIDTH, FOOT_LINE);
	cairo_stroke(p->d->cr);
	draw_colour(p->d, DRAW_GREY);
	if (p->footer)
		paper_one(p, FACE_FOOT, PAPER_LEFT, FOOT_Y, false, p->footer);
	paper_one(p, FACE_FOOT, PAPER_LEFT + PAPER_WIDTH, FOOT_Y, true, number);
}

void paper_turn(struct paper *p)
{
	if (p->page >= PAPER_PAGES_MAX) {
		p->full = true;
		return;
	}
	foot(p);
	cairo_show_page(p->d->cr);
	p->page++;
	p->y = PAPER_TOP;
	p->fresh = true;
}

double paper_room(struct paper *p)
{
	return p->full ? 0 : PAPER_BOTTOM - p->y - paper_kept_height(p);
}

bool paper_place(struct paper *p, double h, double *y_r)
{
	if (!p->fresh && p->y + paper_kept_height(p) + h > PAPER_BOTTOM)
		paper_turn(p);
	if (p->full)
		return false;
	paper_kept_draw(p);
	*y_r = p->y;
	p->y += h;
	p->fresh = false;
	return true;
}

void paper_gap(struct paper *p, double h)
{
	if (!p->fresh)
		p->y += h;
}

void paper_break(struct paper *p)
{
	if (!p->fresh && !p->full)
		paper_turn(p);
}

struct draw *paper_chart(struct paper *p, double h, struct draw_box *box_r)
{
	double y = PAPER_TOP;
	bool placed = paper_place(p, h, &y);
	*box_r = (struct draw_box){ 0, 0, PAPER_WIDTH / CHART_SCALE, h / CHART_SCALE };
	paper_tag(p, "Figure");
	cairo_save(p->d->cr);
	cairo_translate(p->d->cr, PAPER_LEFT, y);
	cairo_rectangle(p->d->cr, 0, 0, placed ? PAPER_WIDTH : 0, placed ? h : 0); /* no page left: into nothing */
	cairo_clip(p->d->cr);
	cairo_scale(p->d->cr, CHART_SCALE, CHART_SCALE);
	return p->d;
}

void paper_chart_end(struct paper *p)
{
	cairo_restore(p->d->cr);
	paper_untag(p, "Figure");
	/* The charts have set it as they like. */
	pango_layout_set_ellipsize(p->d->layout, PANGO_ELLIPSIZE_NONE);
	pango_layout_set_single_paragraph_mode(p->d->layout, FALSE);
	p->y += 6;
}

/* ---- the end ---------------------------------------------------------------------- */

/* The catalogue is the last object of the file, so that only the place of the
 * cross-reference table moves. A file of another shape is left as it is. */
static void add_language(struct sb *out, size_t from)
{
	static const char mark[] = "<< /Type /Catalog\n", add[] = "   /Lang (ja)\n   /ViewerPreferences << /DisplayDocTitle true >>\n";
	struct sb copy = SB_INIT;
	char *start = out->s + from, *end = out->s + out->len;
	char *catalog = memmem(start, (size_t)(end - start), mark, sizeof mark - 1);
	char *xref = catalog ? memmem(catalog, (size_t)(end - catalog), "endobj\nxref\n", 12) : NULL;
	char *at = xref ? memmem(xref, (size_t)(end - xref), "startxref\n", 10) : NULL;
	if (!at || memmem(catalog, (size_t)(xref - catalog), "endobj", 6))
		return;
	sb_add(&copy, start, (size_t)(catalog + sizeof mark - 1 - start));
	sb_adds(&copy, add);
	sb_add(&copy, catalog + sizeof mark - 1, (size_t)(at + 10 - (catalog + sizeof mark - 1)));
	sb_addf(&copy, "%zu\n%%%%EOF\n", (size_t)(xref + 7 - start) + sizeof add - 1);
	sb_setlen(out, from);
	sb_add(out, copy.s, copy.len);
	sb_free(&copy);
}

static void free_paper(struct paper **pp)
{
	struct paper *p = *pp;
	*pp = NULL;
	for (size_t i = 0; i < p->nkept; i++)
		free(p->kept[i].text);
	for (int i = 0; i < FACES; i++)
		pango_font_description_free(p->font[i]);
	for (int i = 0; i < PAPER_COLS_MAX; i++)
		g_object_unref(p->cell[i]);
	pango_attr_list_unref(p->as_it_is);
	free(p->footer);
	draw_free(&p->d);
	sb_free(&p->out);
	free(p);
}

enum status paper_end(struct paper **pp, struct sb *pdf, int *pages_r, struct err *e)
{
	struct paper *p = *pp;
	enum status st = OK;
	const size_t from = pdf->len;
	foot(p);
	paper_untag(p, "Document");
	cairo_show_page(p->d->cr);
	cairo_status_t rc = cairo_status(p->d->cr);
	cairo_surface_finish(p->d->surface);
	if (rc == CAIRO_STATUS_SUCCESS)
		rc = cairo_surface_status(p->d->surface);
	if (pages_r)
		*pages_r = p->page;
	if (rc != CAIRO_STATUS_SUCCESS)
		st = err_set(e, ERR_TEMP, "PDF: %s", cairo_status_to_string(rc));
	else {
		sb_add(pdf, p->out.s, p->out.len);
		add_language(pdf, from);
	}
	free_paper(pp);
	return st;
}
