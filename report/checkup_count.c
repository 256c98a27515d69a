/* What is counted for a health check, and how numbers are written. See checkup.h. */
#include "checkup.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SILENT_DAYS = 3 /* business days in a row that are worth a word */, ROUGH = 600 /* minutes: from here on in hours */ };

const char *checkup_patch_ja(enum checkup_patch p)
{
	static const char *const names[CHECKUP_PATCHES] = { "判定不能", "適用済み", "再起動待ち", "未適用", "サポート終了", "情報が古い", "最新分は未確認" };
	return names[p];
}

const char *checkup_unit(enum health_item i)
{
	static const char *const units[HEALTH_ITEMS] = { "台", "件", "回", "分", "日" };
	return units[i];
}

const char *checkup_amount(struct arena *a, enum health_item i, int64_t n)
{
	char buf[48];
	if (i == HEALTH_WEB && n >= ROUGH)
		return arena_printf(a, "%lld時間", (long long)(n + 30) / 60);
	if (i == HEALTH_WEB && n)
		return arena_strdup(a, clk_span_ja(n * 60, buf));
	return arena_printf(a, "%lld%s", (long long)n, checkup_unit(i));
}

const char *checkup_when(epoch t, char buf[48])
{
	const struct civil c = civil_of(t);
	snprintf(buf, 48, "%d/%d(%s) %d:%02d", c.mon, c.day, clk_wday_ja(c.wday), c.hour, c.min);
	return buf;
}

const char *checkup_month(int month, char buf[48])
{
	snprintf(buf, 48, "%d年%d月", month / 100, month % 100);
	return buf;
}

const char *checkup_span(int64_t seconds, char buf[48])
{
	snprintf(buf, 48, "%lld:%02d", (long long)(seconds / 3600), (int)(seconds / 60 % 60));
	return buf;
}

/* ---- counting ---------------------------------------------------------------------------- */

static bool bit(uint32_t days, int d)
{
	return days >> (d - 1) & 1;
}

/* The end of the days from d on of which nothing came; *work_r: how many of them were worked on. */
static int missing_until(const struct checkup *c, const struct checkup_terminal *t, int d, int *work_r)
{
	*work_r = 0;
	for (; d <= t->to && !bit(t->days, d); d++)
		*work_r += bit(c->workdays, d);
	return d;
}

bool checkup_silent(const struct checkup *c, const struct checkup_terminal *t)
{
	int work;
	for (int d = t->from; d > 0 && d <= t->to; d++) {
		d = missing_until(c, t, d, &work);
		if (work >= SILENT_DAYS)
			return true;
	}
	return t->lost > 0;
}

static void count_days(const struct checkup *c, const struct checkup_terminal *t, struct checkup_counts *n)
{
	for (int d = t->from; d > 0 && d <= t->to; d++) {
		n->days_expected += bit(c->workdays, d);
		n->days += bit(c->workdays, d) && bit(t->days, d);
	}
	n->heard += t->days != 0;
}

static void count_terminal(const struct checkup *c, const struct checkup_terminal *t, struct checkup_counts *n)
{
	n->terminals++;
	n->patched += t->patch == CHECKUP_PATCHED;
	n->reboot += t->patch == CHECKUP_REBOOT;
	n->lacking += t->patch == CHECKUP_LACKING;
	n->ended += t->patch == CHECKUP_ENDED;
	n->stale += t->patch == CHECKUP_STALE;
	n->unknown += t->patch == CHECKUP_UNKNOWN;
	n->dated += t->patch == CHECKUP_DATED;
	n->critical += t->critical > 0;
	n->important += !t->critical && t->important > 0;
	n->kev += t->kev;
	n->silent += checkup_silent(c, t);
	count_days(c, t, n);
}

static void count_software(const struct checkup_software *s, struct checkup_counts *n)
{
	n->products++;
	n->sw_check += s->check;
	if (s->check)
		return;
	n->sw_critical += s->severity == CHECKUP_CRITICAL;
	n->sw_high += s->severity == CHECKUP_HIGH;
	n->sw_low += s->severity == CHECKUP_LOW;
	n->sw_kev += s->kev;
	n->sw_ended += s->ended;
	n->vulnerable += s->severity != CHECKUP_FINE;
}

/* A terminal on one day, so that each pair counts once. */
struct spot {
	const char *terminal;
	int64_t day;
	int night, holiday;
};

static int by_spot(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;
	int c = strcmp(x->terminal, y->terminal);
	return c ? c : (x->day > y->day) - (x->day < y->day);
}

static int64_t day_in(epoch t)
{
	const struct civil c = civil_of(t);
	return day_of(c.year, c.mon, c.day);
}

static void count_off(const struct checkup *c, struct arena *a, struct checkup_counts *n)
{
	struct spot *v = arena_alloc(a, (c->noff + 1) * sizeof *v);
	for (size_t i = 0; i < c->noff; i++)
		v[i] = (struct spot){ c->off[i].terminal, day_in(c->off[i].at), c->off[i].night, c->off[i].holiday };
	qsort(v, c->noff, sizeof *v, by_spot);
	for (size_t i = 0, next; i < c->noff; i = next) {
		int night = 0, holiday = 0;
		for (next = i; next < c->noff && by_spot(&v[i], &v[next]) == 0; next++) {
			night |= v[next].night;
			holiday |= v[next].holiday;
		}
		n->off_days++;
		n->nights += night;
		n->holidays += holiday;
		n->off_terminals += i == 0 || strcmp(v[i].terminal, v[i - 1].terminal) != 0;
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void count_media(const struct checkup *c, struct arena *a, struct checkup_counts *n)
{
	const char **v = arena_alloc(a, (c->nmedia + 1) * sizeof *v);
	for (size_t i = 0; i < c->nmedia; i++) {
		n->media += c->media[i].times;
		v[i] = c->media[i].terminal;
	}
	qsort(v, c->nmedia, sizeof *v, by_name);
	for (size_t i = 0; i < c->nmedia; i++)
		n->media_terminals += i == 0 || strcmp(v[i], v[i - 1]) != 0;
}

void checkup_count(const struct checkup *c, struct arena *a, struct checkup_counts *n)
{
	*n = (struct checkup_counts){ 0 };
	for (size_t i = 0; i < c->nterminal; i++)
		count_terminal(c, &c->terminal[i], n);
	for (size_t i = 0; i < c->nsoftware; i++)
		count_software(&c->software[i], n);
	for (size_t i = 0; i < c->nbad; i++)
		n->dangers += c->bad[i].danger;
	count_media(c, a, n);
	count_off(c, a, n);
}

int64_t checkup_number(const struct checkup *c, const struct checkup_counts *n, enum health_item i)
{
	const int64_t v[HEALTH_ITEMS] = { n->lacking + n->ended + n->reboot, n->vulnerable, n->media, c->own_seconds / 60, n->off_days };
	return v[i];
}

void checkup_numbers(const struct checkup *c, const struct checkup_counts *n, struct sb *out)
{
	for (int i = 0; i < HEALTH_ITEMS; i++)
		sb_addf(out, "%lld ", (long long)checkup_number(c, n, (enum health_item)i));
	sb_addf(out, "%lld", (long long)n->terminals);
}

void checkup_past_read(const char *numbers, struct checkup_past *p)
{
	char *end;
	for (int i = 0; i <= HEALTH_ITEMS; i++, numbers = end) {
		int64_t v = strtoll(numbers, &end, 10);
		*(i < HEALTH_ITEMS ? &p->number[i] : &p->terminals) = v;
	}
}

void checkup_missing_days(const struct checkup *c, const struct checkup_terminal *t, struct sb *out)
{
	const int mon = c->month % 100;
	const size_t from = out->len;
	int work;
	for (int d = t->from; d > 0 && d <= t->to; d++) {
		int first = d;
		d = missing_until(c, t, d, &work);
		if (work >= SILENT_DAYS)
			sb_addf(out, "%s%d/%d–%d/%d", out->len > from ? "、" : "", mon, first, mon, d - 1);
	}
}
