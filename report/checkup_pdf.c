/*
 * A health check on paper (HEALTH-01, -07): the first page is for who has one
 * minute; checkup_detail.c has the others. See checkup.h.
 */
#include "checkup.h"
#include "draw/paper.h"
#include <stdio.h>
#include <string.h>

static const char *number(struct arena *a, int64_t n)
{
	return arena_printf(a, "%lld", (long long)n);
}

static int marked(const struct health_words *w, enum health_mark m)
{
	int n = 0;
	for (int i = 0; i < HEALTH_ITEMS; i++)
		n += w->mark[i] == m;
	return n;
}

static void figures(struct paper *p, const struct checkup *c, const struct health_words *w, const struct checkup_counts *n, struct arena *a)
{
	const struct checkup_past *last = c->npast ? &c->past[0] : NULL;
	int last_bad = 0, last_warn = 0;
	for (int i = 0; last && i < HEALTH_ITEMS; i++) {
		last_bad += last->mark[i] == HEALTH_BAD;
		last_warn += last->mark[i] == HEALTH_WARN;
	}
	paper_figures(p, (struct paper_figure[]){
		{ "対象端末", number(a, n->terminals), "台", last ? arena_printf(a, "前月 %lld台", (long long)last->terminals) : NULL },
		{ "要対応 ×", number(a, marked(w, HEALTH_BAD)), "項目", last ? arena_printf(a, "前月 %d項目", last_bad) : NULL },
		{ "注意 △", number(a, marked(w, HEALTH_WARN)), "項目", last ? arena_printf(a, "前月 %d項目", last_warn) : NULL },
		{ "データの届いた営業日", n->days_expected ? number(a, n->days * 100 / n->days_expected) : "－", n->days_expected ? "%" : "",
		  n->silent ? arena_printf(a, "未受信のある端末 %lld台", (long long)n->silent) : NULL } }, 4);
}

static void todo(struct paper *p, const char *text, struct arena *a)
{
	const char *v[CHECKUP_DOS + 3];
	size_t n = 0;
	for (const char *s = text; *s && n < sizeof v / sizeof *v; s += strcspn(s, "\n"), s += *s == '\n') {
		char *line = arena_strndup(a, s, strcspn(s, "\n"));
		size_t digits = strspn(line, "0123456789");
		v[n++] = digits && line[digits] == '.' ? line + digits + 1 + strspn(line + digits + 1, " ") : line;
	}
	paper_panel(p, health_title(HEALTH_DO), v, n, true);
}

/* "△ 3台" of the month before. */
static const char *before(const struct checkup *c, enum health_item i, struct arena *a)
{
	if (!c->npast)
		return "－";
	const char *sign = health_sign(c->past[0].mark[i]);
	return arena_printf(a, "%.*s\n%s", (int)strcspn(sign, " "), sign, checkup_amount(a, i, c->past[0].number[i]));
}

/* What was found; what is advised stands on the item's own page. */
static const char *finding(const char *text, struct arena *a)
{
	const char *advice = strstr(text, "\n※");
	return advice ? arena_strndup(a, text, (size_t)(advice - text)) : text;
}

/* In small letters, if that keeps it on the first page. False: it goes on on the next. */
static bool summary(struct paper *p, const struct checkup *c, const struct health_words *w, struct arena *a)
{
	static const char *const names[HEALTH_ITEMS] = { "OS脆弱性情報\nWindows\nアップデート", "ソフトウェア\n脆弱性情報", "記憶媒体の\n接続", "業務外・\n危険サイト",
		                                         "土日祝・\n深夜帯の利用" };
	static const struct paper_col col[] = { { "判定", PAPER_COL_SIGN, 60 }, { "項目", PAPER_COL_TEXT, 82 }, { "所見", PAPER_COL_TEXT, 0 },
		                                { "前月", PAPER_COL_TEXT, 54 } };
	const char *cell[4 * HEALTH_ITEMS];
	for (int i = 0; i < HEALTH_ITEMS; i++) {
		cell[4 * i] = health_sign(w->mark[i]);
		cell[4 * i + 1] = names[i];
		cell[4 * i + 2] = finding(w->text[i], a);
		cell[4 * i + 3] = before(c, (enum health_item)i, a);
	}
	struct paper_table t = { .col = col, .ncol = 4, .cell = cell, .nrow = HEALTH_ITEMS, .lines = 12, .paragraphs = true };
	paper_heading(p, 1, "健康診断サマリ");
	if (paper_table_height(p, &t) > paper_room(p))
		t.style = PAPER_SMALL;
	const bool fits = paper_table_height(p, &t) <= paper_room(p);
	paper_table(p, &t);
	return fits;
}

static void legend(struct paper *p, const struct checkup *c, const struct words *words, struct arena *a)
{
	static const char *const items[HEALTH_ITEMS] = { "os", "software", "media", "web", "hours" };
	static const struct paper_col col[] = { { "項目", PAPER_COL_TEXT, 120 }, { "基準", PAPER_COL_TEXT, 0 } };
	const struct tmpl_var none[] = { { NULL, NULL } };
	const char *cell[2 * HEALTH_ITEMS];
	struct err e;
	for (int i = 0; i < HEALTH_ITEMS; i++) {
		struct sb b = SB_INIT;
		if (words_say(words, arena_printf(a, "legend.%s", items[i]), none, &b, &e) != OK)
			sb_reset(&b);
		cell[2 * i] = health_title((enum health_item)i);
		cell[2 * i + 1] = arena_memdup(a, b.s, b.len);
		sb_free(&b);
	}
	paper_heading(p, 1, "判定の見方");
	paper_keep(p, "－ は、判定に必要な情報がそろっていないことを表します。判定は、確認にあたった担当者が変更することがあります。");
	paper_table(p, &(struct paper_table){ .col = col, .ncol = 2, .cell = cell, .nrow = HEALTH_ITEMS, .lines = 5, .style = PAPER_SMALL });
	int year, mon, day;
	if (sscanf(c->feed, "%d-%d-%d", &year, &mon, &day) == 3)
		paper_text(p, PAPER_SMALL, arena_printf(a, "脆弱性の情報は、%d年%d月%d日時点のものです。", year, mon, day));
}

enum status checkup_pdf(const struct checkup *c, const struct health_words *w, const struct checkup_look *look, struct sb *pdf, int *pages_r,
                        struct err *e)
{
	char month[48];
	struct checkup_counts n;
	struct arena *a = arena_new();
	checkup_count(c, a, &n);
	checkup_month(c->month, month);
	struct paper *p = paper_new(&(struct paper_info){
		.title = arena_printf(a, "セキュリティヘルスチェックレポート %s", month), .author = look->author,
		.subject = arena_printf(a, "%s 様", c->company), .made = c->made_at,
		.footer = arena_printf(a, "%s%s 様　セキュリティヘルスチェックレポート　%s", look->draft ? "【原稿】" : "", c->company, month) });
	paper_title(p, "セキュリティヘルスチェックレポート", arena_printf(a, "%s 様　%s分（%s）", c->company, month, c->number));
	figures(p, c, w, &n, a);
	todo(p, w->text[HEALTH_DO], a);
	const bool alone = summary(p, c, w, a), charted = alone && checkup_trend(p, c, w, &n, a);
	if (alone)
		paper_break(p);
	checkup_details(p, c, w, &n, charted, a);
	legend(p, c, look->words, a);
	enum status st = paper_end(&p, pdf, pages_r, e);
	arena_free(&a);
	return st;
}
