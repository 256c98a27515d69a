/*
 * Dates of mails. The value is read as a run of words and numbers; each is
 * taken for what only it can be (a month name, hh:mm:ss, ±hhmm, a year), so
 * order and junk between do not matter. See maildate.h.
 */
#include "maildate.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { REIWA = 2018, HEISEI = 1988 }; /* the years before their first */

struct when {
	int year, mon, day, hour, min, sec, zone; /* zone in minutes */
	bool has_time, has_zone, pm, am;
	int era;       /* what is added to the next number, a year of it */
	bool long_ago; /* a year of four digits before 1000 */
	int num[3];
	size_t nnum;
};

static int month(const char *w, size_t n)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	if (n >= 3)
		for (int i = 0; i < 12; i++)
			if (strncasecmp(w, names + i * 3, 3) == 0)
				return i + 1;
	return 0;
}

/* RFC 5322 §4.3, and the names that programs elsewhere write. */
static bool zone_name(const char *w, size_t n, int *minutes)
{
	static const struct {
		const char *name;
		int minutes;
	} zones[] = { { "UT", 0 },      { "GMT", 0 },     { "UTC", 0 },     { "Z", 0 },       { "JST", 540 },   { "EST", -300 },
		      { "EDT", -240 },  { "CST", -360 },  { "CDT", -300 },  { "MST", -420 },  { "MDT", -360 },  { "PST", -480 },
		      { "PDT", -420 },  { "KST", 540 },   { "CET", 60 },    { "CEST", 120 },  { "BST", 60 },    { "MET", 60 },
		      { "MEST", 120 },  { "MESZ", 120 },  { "MEZ", 60 },    { "WET", 0 },     { "WEST", 60 },   { "EET", 120 },
		      { "EEST", 180 },  { "MSK", 180 },   { "IST", 330 },   { "PKT", 300 },   { "ICT", 420 },   { "WIB", 420 },
		      { "WITA", 480 },  { "WIT", 540 },   { "SGT", 480 },   { "HKT", 480 },   { "PHT", 480 },   { "MYT", 480 },
		      { "AWST", 480 },  { "ACST", 570 },  { "AEST", 600 },  { "AEDT", 660 },  { "NZST", 720 },  { "NZDT", 780 },
		      { "HST", -600 },  { "AKST", -540 }, { "AKDT", -480 }, { "BRT", -180 } };
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		if (strlen(zones[i].name) == n && strncasecmp(zones[i].name, w, n) == 0) {
			*minutes = zones[i].minutes;
			return true;
		}
	return false;
}

/* Any other name, the military letters too, means nothing: -0000 (RFC 5322 §4.3). */
static bool unknown_zone(const char *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (w[i] < 'A' || w[i] > 'Z')
			return false;
	return n <= 5;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int number(const char **p)
{
	int v = 0;
	for (; digit(**p); (*p)++)
		if (v < 100000000)
			v = v * 10 + (**p - '0');
	return v;
}

/* hh:mm[:ss[.fraction]] with the hour read already. */
static void read_time(struct when *w, int hour, const char **p)
{
	w->hour = hour;
	(*p)++;
	w->min = digit(**p) ? number(p) : 99;
	if (**p == ':') {
		(*p)++;
		w->sec = number(p);
	}
	if (**p == '.' || **p == ',') {
		(*p)++;
		number(p);
	}
	w->has_time = true;
}

static void read_zone(struct when *w, const char **p)
{
	int sign = **p == '-' ? -1 : 1;
	const char *start = ++*p;
	int v = number(p);
	size_t n = (size_t)(*p - start);
	if (**p == ':' && n <= 2) {
		(*p)++;
		v = v * 100 + number(p);
		n = 4;
	}
	if (n <= 2)
		v *= 100;
	if (n >= 1 && n <= 4 && v / 100 <= 15 && v % 100 < 60) {
		w->zone = sign * (v / 100 * 60 + v % 100);
		w->has_zone = true;
	}
}

static void read_word(struct when *w, const char **p)
{
	const char *start = *p;
	while (alpha(**p))
		(*p)++;
	size_t n = (size_t)(*p - start);
	int m = month(start, n);
	if (m && (!w->mon || (w->nnum <= 1 && !w->has_time)))
		w->mon = m; /* "mar" is Tuesday in other countries */
	else if (n == 2 && strncasecmp(start, "pm", 2) == 0)
		w->pm = true;
	else if (n == 2 && strncasecmp(start, "am", 2) == 0)
		w->am = true;
	else if (n == 1 && !w->nnum && digit(**p) && (*start == 'R' || *start == 'H'))
		w->era = *start == 'R' ? REIWA : HEISEI;
	else if (w->has_time && !w->has_zone && zone_name(start, n, &w->zone))
		w->has_zone = true;
	else if (w->has_time && !w->has_zone && unknown_zone(start, n))
		w->has_zone = true, w->zone = 0;
}

/* A word of Japanese that changes what the numbers mean. */
static bool read_japanese(struct when *w, const char **p)
{
	static const struct {
		const char *word;
		int era;
		bool pm, am;
	} words[] = { { "午後", 0, true, false }, { "午前", 0, false, true }, { "令和", REIWA, false, false }, { "平成", HEISEI, false, false } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i].word);
		if (strncmp(*p, words[i].word, n) != 0)
			continue;
		w->pm |= words[i].pm, w->am |= words[i].am;
		w->era = words[i].era ? words[i].era : w->era;
		*p += n;
		return true;
	}
	return false;
}

/* Past a comment, nested ones too, without recursion. */
static void skip_comment(const char **p)
{
	unsigned depth = 0;
	do {
		if (**p == '\\' && (*p)[1])
			(*p)++;
		else if (**p == '(')
			depth++;
		else if (**p == ')')
			depth--;
		(*p)++;
	} while (**p && depth);
}

/* "10.00.00", behind a complete date: in front it would be the date. */
static bool dotted_time(const struct when *w, const char *p)
{
	return *p == '.' && digit(p[1]) && (w->nnum == 3 || (w->mon && w->nnum == 2));
}

/* A zone in numbers, also as "GMT+0900". */
static bool zone_at(const struct when *w, const char *p)
{
	bool named = w->has_zone && w->zone == 0 && alpha(p[-1]);
	return (*p == '+' || *p == '-') && w->has_time && digit(p[1]) && (!w->has_zone || named);
}

static void read_all(struct when *w, const char *p)
{
	while (*p) {
		if (*p == '(') {
			skip_comment(&p);
		} else if (digit(*p)) {
			const char *start = p;
			int v = number(&p);
			w->long_ago |= p - start >= 4 && v < 1000 && w->nnum < (w->mon ? 2 : 3);
			if (!w->has_time && (*p == ':' || dotted_time(w, p)))
				read_time(w, v, &p);
			else if (w->nnum < 3)
				w->num[w->nnum++] = v + w->era, w->era = 0;
		} else if (zone_at(w, p)) {
			read_zone(w, &p);
		} else if (alpha(*p)) {
			read_word(w, &p);
		} else if (!read_japanese(w, &p)) {
			p++;
		}
	}
}

/* RFC 5322 §4.3: 00-49 are 20xx, 50-999 are added to 1900. */
static int full_year(int y)
{
	return y < 50 ? y + 2000 : y < 1000 ? y + 1900 : y;
}

/* "24 Nov 2026", "Nov 24 2026", "2026/11/24", "11/24/2026" */
static bool settle_date(struct when *w)
{
	const int *n = w->num;
	if (w->mon && w->nnum >= 2) {
		bool year_first = n[0] > 31;
		w->day = n[year_first];
		w->year = n[!year_first];
	} else if (!w->mon && w->nnum == 3 && n[0] > 31) {
		w->year = n[0], w->mon = n[1], w->day = n[2];
	} else if (!w->mon && w->nnum == 3) {
		w->mon = n[0], w->day = n[1], w->year = n[2];
		if (w->mon > 12)
			w->mon = n[1], w->day = n[0];
	} else {
		return false;
	}
	w->year = full_year(w->year);
	return true;
}

static int days_in(int year, int mon)
{
	int next = mon == 12 ? 1 : mon + 1;
	return (int)(day_of(mon == 12 ? year + 1 : year, next, 1) - day_of(year, mon, 1));
}

epoch mail_date_parse(const char *s)
{
	struct when w = { .zone = 9 * 60 };
	read_all(&w, s);
	if (!w.has_time || w.long_ago || !settle_date(&w))
		return 0;
	if (w.pm && w.hour < 12)
		w.hour += 12;
	else if (w.am && w.hour == 12)
		w.hour = 0;
	if (w.year < 1971 || w.year > 9999 || w.mon < 1 || w.mon > 12 || w.day < 1 ||
	    w.day > days_in(w.year, w.mon) || w.hour > 23 || w.min > 59 || w.sec > 60)
		return 0;
	return epoch_of(w.year, w.mon, w.day, w.hour, w.min, w.sec) + (9 * 60 - w.zone) * 60;
}
