/*
 * The summary of a health check as the body of a mail: HTML for wide and narrow
 * screens (one column, no fixed widths, the reader's own colours), and text.
 */
#include "checkup.h"
#include "text/html.h"
#include "text/layout.h"
#include <string.h>

enum { COLS = 70 };

static void escaped(const char *s, struct sb *out)
{
	text_html_escape(s, strlen(s), out);
}

/* Each line of the text in an element of its own. */
static void lines(const char *text, const char *open, const char *close, struct sb *out)
{
	for (const char *p = text, *end; *p; p = end + (*end == '\n')) {
		end = strchrnul(p, '\n');
		if (end == p)
			continue;
		sb_adds(out, open);
		text_html_escape(p, (size_t)(end - p), out);
		sb_adds(out, close);
	}
}

/* "1. " is the list's own. */
static void todo(const char *text, struct sb *out)
{
	sb_adds(out, "<ol style=\"padding-left:1.4em;margin:4px 0\">\n");
	for (const char *p = text, *end; *p; p = end + (*end == '\n')) {
		end = strchrnul(p, '\n');
		size_t n = strspn(p, "0123456789");
		const char *from = n && p[n] == '.' ? p + n + 1 + strspn(p + n + 1, " ") : p;
		sb_adds(out, "<li style=\"margin:4px 0\">");
		text_html_escape(from, from < end ? (size_t)(end - from) : 0, out);
		sb_adds(out, "</li>\n");
	}
	sb_adds(out, "</ol>\n");
}

static void item(const struct checkup *c, const struct health_words *w, enum health_item i, struct sb *out)
{
	static const char *const edge[HEALTH_MARKS] = { "#777777", "#009977", "#009977", "#cc5500", "#aa0022" };
	sb_addf(out, "<div style=\"border-left:5px solid %s;padding:2px 0 2px 12px;margin:14px 0\">\n<h3 style=\"font-size:16px;margin:0\">",
	        edge[w->mark[i]]);
	escaped(health_sign(w->mark[i]), out);
	sb_adds(out, "　");
	escaped(health_title(i), out);
	sb_adds(out, "</h3>\n");
	lines(w->text[i], "<p style=\"margin:4px 0\">", "</p>\n", out);
	if (c->npast) {
		struct arena *a = arena_new();
		sb_addf(out, "<p style=\"margin:4px 0;font-size:13px\">前月：%s（%s）</p>\n", health_sign(c->past[0].mark[i]),
		        checkup_amount(a, i, c->past[0].number[i]));
		arena_free(&a);
	}
	sb_adds(out, "</div>\n");
}

void checkup_html(const struct checkup *c, const struct health_words *w, const char *intro, struct sb *out)
{
	char month[48];
	sb_adds(out, "<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\">"
	             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
	             "<meta name=\"color-scheme\" content=\"light dark\"><title>セキュリティヘルスチェックレポート</title></head>\n"
	             "<body style=\"font-family:sans-serif;font-size:15px;line-height:1.6;max-width:42em;margin:0 auto;padding:8px\">\n");
	lines(intro, "<p style=\"margin:0 0 8px\">", "</p>\n", out);
	sb_adds(out, "<h2 style=\"font-size:19px;margin:20px 0 4px\">");
	escaped(checkup_month(c->month, month), out);
	sb_adds(out, "の健康診断</h2>\n<h3 style=\"font-size:16px;margin:12px 0 0\">今月の対応</h3>\n");
	todo(w->text[HEALTH_DO], out);
	for (int i = 0; i < HEALTH_ITEMS; i++)
		item(c, w, (enum health_item)i, out);
	sb_adds(out, "</body></html>\n");
}

static void wrapped(const char *text, struct sb *out)
{
	text_wrap(text, strlen(text), COLS, out);
	sb_addc(out, '\n');
}

void checkup_plain(const struct checkup *c, const struct health_words *w, struct sb *out)
{
	(void)c;
	sb_addf(out, "■ %s\n", health_title(HEALTH_DO));
	wrapped(w->text[HEALTH_DO], out);
	for (int i = 0; i < HEALTH_ITEMS; i++) {
		sb_addf(out, "\n■ %s：%s\n", health_title((enum health_item)i), health_sign(w->mark[i]));
		wrapped(w->text[i], out);
	}
}
