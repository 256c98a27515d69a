/* What the statistics say, as sections of rows. See stats_mail.h. */
#include "stats_mail.h"

static int64_t share(int64_t part, int64_t all)
{
	return all ? (part * 1000 + all / 2) / all : DOC_UNKNOWN;
}


static struct doc_section *compared(struct doc *d, struct stats *r, const char *title)
{
	static const char *const year[STATS_COLS] = { "", "", "前年" };
	struct doc_section *s = doc_section(d, title);
	for (enum stats_col c = 0; c < STATS_COLS; c++) {
		const struct stats_month *m = stats_col_month(r, c);
		doc_col(s, arena_printf(d->a, "%s%d月", year[c], m->mon), arena_printf(d->a, "%d年%d月", m->year, m->mon));
	}
	return s;
}

/* v[i] for the columns whose month is known. */
static void row(struct doc *d, struct doc_section *s, struct stats *r, const char *label, enum doc_unit unit, const int64_t v[STATS_COLS])
{
	struct doc_row *x = doc_row(d, s, label);
	for (enum stats_col c = 0; c < STATS_COLS; c++)
		doc_set(x, c, unit, stats_col_month(r, c)->known ? v[c] : DOC_UNKNOWN);
}

enum value { OPENED, ANSWERED, IN_TIME, IN_PROMISE, LATE, UNANSWERED, MEDIAN, P90, LONGEST };

static int64_t of(const struct stats_month *m, enum value what)
{
	switch (what) {
	case OPENED: return m->opened;
	case ANSWERED: return m->answered;
	case IN_TIME: return share(m->in_time, m->answered);
	case IN_PROMISE: return share(m->in_promise, m->answered);
	case LATE: return m->answered - m->in_time;
	case UNANSWERED: return m->unanswered;
	case MEDIAN: return m->answered ? m->median : DOC_UNKNOWN;
	case P90: return m->answered ? m->p90 : DOC_UNKNOWN;
	case LONGEST: return m->answered ? m->longest : DOC_UNKNOWN;
	}
	return DOC_UNKNOWN;
}

static void month_row(struct doc *d, struct doc_section *s, struct stats *r, const char *label, enum doc_unit unit, enum value what)
{
	int64_t v[STATS_COLS];
	for (enum stats_col c = 0; c < STATS_COLS; c++)
		v[c] = of(stats_col_month(r, c), what);
	row(d, s, r, label, unit, v);
}

static void by_month(struct doc *d, struct stats *r)
{
	static const struct { const char *head; enum doc_unit unit; enum value what; } cols[] = {
		{ "新しい相談", DOC_COUNT, OPENED }, { "期限内", DOC_PERMILLE, IN_TIME }, { "中央値", DOC_SPAN, MEDIAN },
	};
	struct doc_section *s = doc_section(d, "月ごとの推移");
	s->bars = 1;
	for (size_t k = 0; k < sizeof cols / sizeof *cols; k++)
		doc_col(s, cols[k].head, cols[k].head);
	for (int i = 0; i < STATS_MONTHS; i++) {
		const struct stats_month *m = &r->m[i];
		if (!m->known)
			continue;
		struct doc_row *x = doc_row(d, s, arena_printf(d->a, "%d年%2d月", m->year, m->mon));
		for (size_t k = 0; k < sizeof cols / sizeof *cols; k++)
			doc_set(x, k, cols[k].unit, of(m, cols[k].what));
	}
}

static void event_row(struct doc *d, struct doc_section *s, struct stats *r, const char *label, enum stats_event k, enum stats_event less)
{
	int64_t v[STATS_COLS];
	for (enum stats_col c = 0; c < STATS_COLS; c++)
		v[c] = r->events[c][k] - (less < STATS_EVENTS ? r->events[c][less] : 0);
	row(d, s, r, label, DOC_COUNT, v);
}

static void counts(struct doc *d, struct stats *r)
{
	struct doc_section *s = compared(d, r, "相談の件数");
	month_row(d, s, r, "新しい相談", DOC_COUNT, OPENED);
	month_row(d, s, r, "回答 (お客さまの待ちが終わったもの)", DOC_COUNT, ANSWERED);
	event_row(d, s, r, "完了", STATS_CLOSED, STATS_EVENTS);
	event_row(d, s, r, "　うち迷惑メールとして完了", STATS_SPAM, STATS_EVENTS);
	event_row(d, s, r, "再開", STATS_REOPENED, STATS_EVENTS);
	event_row(d, s, r, "ほかの相談に統合", STATS_MERGED, STATS_UNMERGED);
}

static void times(struct doc *d, struct stats *r)
{
	struct doc_section *s = compared(d, r, "回答までの時間");
	s->note = "回答時間 (営業日の 9:30～12:00、13:00～17:30) で数えています。";
	month_row(d, s, r, "期限内の回答 (1営業日以内)", DOC_PERMILLE, IN_TIME);
	month_row(d, s, r, "お知らせした期限内の回答", DOC_PERMILLE, IN_PROMISE);
	month_row(d, s, r, "1営業日を超えた回答 (件)", DOC_COUNT, LATE);
	month_row(d, s, r, "回答せずに完了 (件)", DOC_COUNT, UNANSWERED);
	month_row(d, s, r, "中央値", DOC_SPAN, MEDIAN);
	month_row(d, s, r, "90%がこの時間以内", DOC_SPAN, P90);
	month_row(d, s, r, "最長", DOC_SPAN, LONGEST);
}

#define OF_BACKLOG(r, field) \
	((const int64_t[STATS_COLS]){ (r)->backlog[0].field, (r)->backlog[1].field, (r)->backlog[2].field })

static void backlog(struct doc *d, struct stats *r)
{
	static const char *const ages[STATS_AGES] = { "待ち 1営業日以内", "待ち 2営業日以内", "待ち 3営業日以内", "待ち 5営業日以内", "待ち 5営業日超" };
	struct doc_section *s = compared(d, r, r->whole ? "月末に回答を待っていた相談" : "回答を待っている相談");
	row(d, s, r, "回答待ち", DOC_COUNT, OF_BACKLOG(r, n));
	row(d, s, r, "　うち期限を過ぎたもの", DOC_COUNT, OF_BACKLOG(r, overdue));
	for (int i = 0; i < STATS_AGES; i++)
		row(d, s, r, ages[i], DOC_COUNT, OF_BACKLOG(r, age[i]));
	row(d, s, r, "最も長い待ち", DOC_SPAN, OF_BACKLOG(r, longest));
}

static void items(struct doc *d, struct stats *r, const char *title, const struct stats_item *v, size_t n)
{
	struct doc_section *s = compared(d, r, title);
	s->bars = 1;
	for (size_t i = 0; i < n; i++)
		row(d, s, r, v[i].name, DOC_COUNT, v[i].n);
}

/* Monday first. */
static void weekdays(struct doc *d, struct stats *r)
{
	static const char *const names[7] = { "日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日" };
	struct stats_item v[7];
	for (int i = 0; i < 7; i++) {
		v[i] = r->weekday[(i + 1) % 7];
		v[i].name = names[(i + 1) % 7];
	}
	items(d, r, "曜日別 (新しい相談)", v, 7);
}

/* From the first hour in which anything came to the last. */
static void hours(struct doc *d, struct stats *r)
{
	struct stats_item v[24];
	int first = 24, last = -1;
	for (int i = 0; i < 24; i++) {
		v[i] = r->hour[i];
		v[i].name = arena_printf(d->a, "%2d時台", i);
		if (v[i].n[STATS_THIS] + v[i].n[STATS_BEFORE] + v[i].n[STATS_YEAR_AGO] > 0) {
			first = i < first ? i : first;
			last = i;
		}
	}
	if (last >= 0)
		items(d, r, "時刻別 (新しい相談)", v + first, (size_t)(last - first) + 1);
}

static void group(struct doc *d, struct stats *r, const char *title, const struct stats_group *g)
{
	if (g->n)
		items(d, r, title, g->v, g->n);
}

void stats_doc(struct stats *r, bool staff, struct doc *d)
{
	by_month(d, r);
	counts(d, r);
	times(d, r);
	backlog(d, r);
	group(d, r, "分類別 (新しい相談)", &r->category);
	group(d, r, "受付方法別 (新しい相談)", &r->channel);
	group(d, r, "契約別 (新しい相談)", &r->contract);
	weekdays(d, r);
	hours(d, r);
	if (staff)
		group(d, r, "担当者別 (回答)", &r->staff);
}
