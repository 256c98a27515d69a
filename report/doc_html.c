/*
 * The HTML form: plain tables with the colours of the reader's own client, so
 * that they can be read on a dark page as on a white one.
 */
#include "doc.h"
#include "text/html.h"
#include <string.h>

static void escaped(const char *s, struct sb *out)
{
	text_html_escape(s, strlen(s), out);
}

/* align: for clients that drop the page's style. */
static void cell(const char *tag, const char *align, const char *text, struct sb *out)
{
	sb_addf(out, "<%s align=\"%s\">", tag, align);
	escaped(text, out);
	sb_addf(out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

static void section(const struct doc_section *s, struct sb *out)
{
	char buf[48];
	sb_adds(out, "<h2>");
	escaped(s->title, out);
	sb_adds(out, "</h2>\n");
	if (s->note) {
		sb_adds(out, "<p>");
		escaped(s->note, out);
		sb_adds(out, "</p>\n");
	}
	sb_adds(out, "<table cellspacing=\"0\">\n<tr><td></td>");
	for (size_t c = 0; c < s->cols; c++)
		cell("th scope=\"col\"", "right", s->head[c], out);
	sb_adds(out, "</tr>\n");
	for (size_t i = 0; i < s->n; i++) {
		sb_adds(out, "<tr>");
		cell("th scope=\"row\"", "left", s->rows[i].label, out);
		for (size_t c = 0; c < s->cols; c++)
			cell("td", "right", doc_value(s->rows[i].v[c], s->rows[i].unit[c], buf), out);
		sb_adds(out, "</tr>\n");
	}
	sb_adds(out, "</table>\n");
}

void doc_html_begin(const char *title, struct sb *out)
{
	sb_adds(out, "<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\">"
	             "<meta name=\"color-scheme\" content=\"light dark\"><title>");
	escaped(title, out);
	sb_adds(out, "</title><style>\n"
	             "body { font-family: sans-serif; font-size: 14px; line-height: 1.5 }\n"
	             "h1 { font-size: 20px; margin: 0 0 8px } h2 { font-size: 16px; margin: 24px 0 4px } p { margin: 0 0 4px }\n"
	             "th, td { padding: 3px 0 3px 20px; border-bottom: 1px solid #8886; font-weight: normal; white-space: nowrap }\n"
	             "th[scope=row] { padding-left: 0; min-width: 14em; white-space: normal }\n"
	             "img { max-width: 100%; height: auto }\n"
	             "</style></head>\n<body>\n<h1>");
	escaped(title, out);
	sb_adds(out, "</h1>\n");
}

void doc_html(const struct doc *d, size_t from, size_t to, struct sb *out)
{
	for (size_t i = from; i < to && i < d->n; i++)
		section(&d->v[i], out);
}
