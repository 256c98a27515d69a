/* One person's answers, from wherever they are read. See survey_impl.h. */
#include "text/survey_impl.h"
#include "text/begins.h"
#include "text/charset.h"
#include "text/form.h"
#include "text/layout.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_COLS = 24, KEY_LEAST = 12 /* bytes by which a question is known from its beginning */ };

char *survey_flat(struct arena *a, const char *utf8, size_t n)
{
	struct sb flat = SB_INIT, seen = SB_INIT;
	form_flat(utf8, n, &flat);
	text_visible(flat.s, flat.len, &seen);
	for (char *p = seen.s; *p; p++)
		if ((unsigned char)*p <= ' ')
			*p = ' ';
	size_t from = strspn(seen.s, " "), len = seen.len;
	while (len > from && seen.s[len - 1] == ' ')
		len--;
	char *r = arena_strndup(a, seen.s + from, len - from);
	sb_free(&flat);
	sb_free(&seen);
	return r;
}

/* ---- headings ------------------------------------------------------------------------- */

static size_t any_of(const char *p, const char *const *v)
{
	for (; *v; v++)
		if (text_begins(p, *v))
			return strlen(*v);
	return 0;
}

static size_t skip_all(const char *p, const char *const *v)
{
	size_t all = 0;
	for (size_t n; (n = any_of(p + all, v)); all += n)
		;
	return all;
}

size_t survey_numbered(const char *flat, int *num_r)
{
	static const char *const open[] = { "【", "[", "(", "「", "<", " ", NULL };
	static const char *const marks[] = { "question", "設問", "質問", "問題", "項目", "問", "no.", "no", "q.", "q", NULL };
	static const char *const close[] = { "】", "]", ")", "」", ">", ".", ":", "、", "。", ",", "-", "=", "→", "⇒", "|", "/", " ", NULL };
	size_t at = skip_all(flat, open), mark = any_of(flat + at, marks), digits;
	at += mark;
	at += strspn(flat + at, " ");
	digits = strspn(flat + at, "0123456789");
	if (!digits || digits > 3)
		return 0;
	*num_r = (int)strtol(flat + at, NULL, 10);
	at += digits;
	size_t end = skip_all(flat + at, close);
	return mark || end || !flat[at] ? at + end : 0;
}

static bool is_question(const struct survey_item *q, const char *key)
{
	size_t n = strlen(q->key);
	return n >= KEY_LEAST ? strncmp(key, q->key, n) == 0 : strcmp(key, q->key) == 0;
}

int survey_question_told(const struct survey *s, struct arena *a, const char *cell)
{
	const char *flat = survey_flat(a, cell, strlen(cell)), *whole = survey_key(a, flat, strlen(flat));
	int num;
	size_t n = survey_numbered(flat, &num);
	const char *rest = n ? survey_key(a, flat + n, strlen(flat + n)) : whole;
	for (size_t i = 0; i < s->nitems; i++)
		if (is_question(&s->items[i], whole) || is_question(&s->items[i], rest))
			return (int)i;
	return -1;
}

int survey_question(const struct survey *s, struct arena *a, const char *cell)
{
	int num = 0, told = survey_question_told(s, a, cell);
	if (told >= 0)
		return told;
	size_t n = survey_numbered(survey_flat(a, cell, strlen(cell)), &num);
	return n && num >= 1 && (size_t)num <= s->nitems ? num - 1 : -1;
}

/* The first n bytes of it, or SURVEY_FIELDS. */
static enum survey_field field_named(const struct survey *s, const char *key, size_t n)
{
	for (int f = 0; f < SURVEY_FIELDS; f++)
		for (const char *const *k = s->columns[f]; *k; k++)
			if (strncmp(*k, key, n) == 0 && !(*k)[n])
				return (enum survey_field)f;
	return SURVEY_FIELDS;
}

/* Forms' table has a 名前 of its own: a question of that name becomes 名前2. */
enum survey_field survey_field_of(const struct survey *s, const char *key)
{
	size_t n = strlen(key);
	const enum survey_field whole = field_named(s, key, n);
	while (n && key[n - 1] >= '0' && key[n - 1] <= '9')
		n--;
	return whole != SURVEY_FIELDS || !n ? whole : field_named(s, key, n);
}

const struct survey_choice *survey_choice_of(const struct survey *s, struct arena *a, const char *cell)
{
	const struct survey_choice *c = survey_choice_by_key(s, survey_key(a, cell, strlen(cell)));
	int num;
	if (c)
		return c;
	const char *flat = survey_flat(a, cell, strlen(cell));
	size_t n = survey_numbered(flat, &num);
	return n ? survey_choice_by_key(s, survey_key(a, flat + n, strlen(flat + n))) : NULL;
}

/* ---- time ----------------------------------------------------------------------------------- */

enum { SERIAL_1900 = 25569 /* 1970-01-01 as Excel counts */, SERIAL_1904 = 24107, SERIAL_LEAST = 30000, SERIAL_MOST = 80000, DAY = 86400, LEAST_YEAR = 2020 /* older answers are mistakes */ };

static epoch of_serial(const char *flat, bool date1904)
{
	char *end;
	double v = strtod(flat, &end);
	if (end == flat || *end || !(v >= SERIAL_LEAST - (date1904 ? 1462 : 0) && v <= SERIAL_MOST))
		return 0;
	return (epoch)((v - (date1904 ? SERIAL_1904 : SERIAL_1900)) * DAY + 0.5) - 9 * 3600;
}

static bool fits(const int v[6], bool zulu, epoch *t_r)
{
	if (v[0] < 2000 || v[0] > 2100 || v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31 || v[3] > 23 || v[4] > 59 || v[5] > 60)
		return false;
	*t_r = epoch_of(v[0], v[1], v[2], v[3], v[4], v[5]) + (zulu ? 9 * 3600 : 0);
	return civil_of(epoch_of(v[0], v[1], v[2], 0, 0, 0)).day == v[2];
}

/* "R8", "令和8年", "平成元年" at the beginning: by how much its years are less than ours; *p moves behind it. 0: no era. */
static int era_of(const char **p)
{
	static const struct { const char *name; int before; } eras[] = { { "令和", 2018 }, { "平成", 1988 }, { "r", 2018 }, { "h", 1988 } };
	for (size_t i = 0; i < sizeof eras / sizeof *eras; i++) {
		size_t n = strlen(eras[i].name);
		const char *year = *p + n;
		if (strncasecmp(*p, eras[i].name, n) != 0)
			continue;
		year += strspn(year, " .");
		size_t digits = strspn(year, "0123456789");
		bool first = !digits && text_begins(year, "元");
		if (!first && (!digits || digits > 2))
			return 0;
		*p = first ? year + strlen("元") : year;
		return first ? -eras[i].before : eras[i].before;
	}
	return 0;
}

/* Up to six numbers, whatever is between; 0: one of them is too long. */
static int numbers_of(const char *p, int v[6], int n)
{
	while (*p && n < 6) {
		size_t digits = strspn(p, "0123456789");
		if (digits > 4)
			return 0;
		if (digits)
			v[n++] = (int)strtol(p, NULL, 10);
		p += digits ? digits : 1;
	}
	return n;
}

/* 11/24/26, as Forms writes it in English; 24/11/2026, as others do, where it can't be a month. */
static void year_first(int v[6])
{
	int a = v[0], b = v[1];
	bool month = a <= 12 && v[2] >= 20, day = a > 12 && a <= 31 && v[2] >= 1000;
	if (!month && !day)
		return;
	v[0] = v[2] < 100 ? 2000 + v[2] : v[2];
	v[1] = month ? a : b;
	v[2] = month ? b : a;
}

epoch survey_time(const char *flat, bool date1904)
{
	int v[6] = { 0 };
	const char *p = flat;
	epoch t = of_serial(flat, date1904);
	if (t)
		return t;
	int era = era_of(&p);
	v[0] = era < 0; /* 元年 */
	int n = numbers_of(p, v, era < 0);
	if (era)
		v[0] += abs(era);
	else if (n >= 3)
		year_first(v);
	if (v[3] < 12 && (strcasestr(flat, "pm") || strstr(flat, "午後")))
		v[3] += 12;
	else if (v[3] == 12 && (strcasestr(flat, "am") || strstr(flat, "午前")))
		v[3] = 0;
	size_t len = strlen(flat);
	return n >= 3 && fits(v, len && (flat[len - 1] == 'Z' || flat[len - 1] == 'z'), &t) ? t : 0;
}

/* ---- a person --------------------------------------------------------------------------------- */

void survey_fault(struct survey_reading *x, size_t row, const char *fmt, ...)
{
	va_list ap;
	struct sb *out = &x->r->faults;
	if (x->r->nfaults++ >= SURVEY_FAULTS_MAX)
		return;
	if (row)
		sb_addf(out, "%zu行目 ", row);
	va_start(ap, fmt);
	sb_vaddf(out, fmt, ap);
	va_end(ap);
	sb_addc(out, '\n');
}

void survey_begin(struct survey_reading *x, size_t row)
{
	x->now = (struct survey_answers){ .row = row };
	x->answered = 0;
	memset(x->bad, 0, sizeof x->bad);
	for (int f = 0; f < SURVEY_FIELDS; f++)
		x->now.field[f] = "";
}

const char *survey_shown(struct arena *a, const char *written)
{
	struct sb shown = SB_INIT;
	text_fit(survey_flat(a, written, strlen(written)), SHOWN_COLS, false, &shown);
	const char *r = arena_memdup(a, shown.s, shown.len);
	sb_free(&shown);
	return r;
}

void survey_answer_bad(struct survey_reading *x, size_t item, const char *written)
{
	x->r->any = true;
	x->bad[item] = survey_shown(x->a, written);
}

void survey_answer(struct survey_reading *x, size_t item, const char *cell)
{
	const struct survey_choice *c = survey_choice_of(x->s, x->a, cell);
	if (c) {
		x->r->any = true;
		x->answered += !x->now.code[item];
		x->now.code[item] = c->code;
	} else if (cell[strspn(cell, " \t\r\n")]) {
		survey_answer_bad(x, item, cell);
	}
}

/* What Forms writes for who need not sign in. */
static bool is_nobody(const char *flat)
{
	return strcasecmp(flat, "anonymous") == 0 || strcmp(flat, "匿名") == 0;
}

void survey_field_set(struct survey_reading *x, enum survey_field f, const char *value, bool date1904)
{
	const char *flat = survey_flat(x->a, value, strlen(value));
	if (!*flat || *x->now.field[f] || is_nobody(flat))
		return;
	x->now.field[f] = flat;
	if (f == SURVEY_TIME)
		x->now.at = survey_time(flat, date1904);
	if (f == SURVEY_TIME && x->now.at && x->now.at < epoch_of(LEAST_YEAR, 1, 1, 0, 0, 0))
		survey_fault(x, x->now.row, "%s「%s」が古すぎます", x->s->column[f], survey_shown(x->a, flat));
}

void survey_end(struct survey_reading *x)
{
	const struct survey *s = x->s;
	size_t row = x->now.row;
	bool any_bad = false;
	for (size_t i = 0; i < s->nitems; i++)
		any_bad = any_bad || x->bad[i];
	if (!x->answered && !any_bad) {
		survey_fault(x, row, "回答が一つもありません");
		return;
	}
	size_t before = x->r->nfaults;
	for (size_t i = 0; i < s->nitems; i++) {
		if (x->now.code[i])
			continue;
		if (x->bad[i])
			survey_fault(x, row, "Q%zu %s：「%s」は選択肢にありません", i + 1, s->items[i].label, x->bad[i]);
		else
			survey_fault(x, row, "Q%zu %s：回答がありません", i + 1, s->items[i].label);
	}
	if (x->r->nfaults != before)
		return;
	if (x->r->n == SURVEY_SHEET_MAX)
		survey_fault(x, row, "一度に受け付けられるのは %d 件までです", SURVEY_SHEET_MAX);
	else
		x->r->v[x->r->n++] = x->now;
}

void survey_close(struct survey_reading *x)
{
	struct survey_sheet *r = x->r;
	if (r->nfaults > SURVEY_FAULTS_MAX)
		sb_addf(&r->faults, "ほか %zu 件\n", r->nfaults - SURVEY_FAULTS_MAX);
	if (r->nfaults)
		r->n = 0;
}
