/*
 * Times as people write them: 11/27 12:00, 11月27日(金)15時半まで, 明日 午後3時,
 * 金曜, +2h, 3営業日. Words are folded, so digits and signs are ASCII. A day
 * without a year is the nearest one to come, unless it has just passed.
 */
#include "text/command_int.h"
#include <string.h>

enum { FIRST_YEAR = 1900, MAX_HOURS = 999, MAX_DAYS = 99, HALF_YEAR = 183 /* days */ };

static bool lit(const char **p, const char *s)
{
	size_t n = strlen(s);
	if (strncmp(*p, s, n) != 0)
		return false;
	*p += n;
	return true;
}

static bool any_of(const char **p, const char *const *words, int *which_r)
{
	for (int i = 0; words[i]; i++)
		if (lit(p, words[i])) {
			*which_r = i;
			return true;
		}
	return false;
}

static bool number(const char **p, size_t most, int *r)
{
	size_t n = strspn(*p, "0123456789");
	if (n < 1 || n > most)
		return false;
	*r = 0;
	for (; n > 0; n--, (*p)++)
		*r = *r * 10 + (**p - '0');
	return true;
}

/* The day may be followed by its name in brackets; nobody checks it. */
static void skip_brackets(const char **p)
{
	if (**p == '(' && strchr(*p, ')'))
		*p = strchr(*p, ')') + 1;
}

static int64_t today(epoch now)
{
	struct civil c = civil_of(now);
	return day_of(c.year, c.mon, c.day);
}

static bool real_day(int y, int m, int d, int64_t *day_r)
{
	*day_r = day_of(y, m, d);
	struct civil c = civil_of_day(*day_r);
	return m >= 1 && m <= 12 && d >= 1 && c.mon == m && c.day == d;
}

static bool day_without_year(int m, int d, epoch now, int64_t *day_r)
{
	int64_t next, t = today(now);
	int y = civil_of(now).year;
	bool ok = real_day(y, m, d, day_r);
	if ((!ok || *day_r < t) && real_day(y + 1, m, d, &next) && next - t <= HALF_YEAR) {
		*day_r = next;
		return true;
	}
	return ok;
}

/* 月27日, 年11月27日 behind the first number */
static bool kanji_rest(const char **p, int v[3], int *n)
{
	const char *q = *p;
	*n = 1;
	if (lit(&q, "年") && !number(&q, 2, &v[(*n)++]))
		return false;
	if (!lit(&q, "月") || !number(&q, 2, &v[(*n)++]) || !lit(&q, "日"))
		return false;
	*p = q;
	return true;
}

/* /27, -11-27 behind the first number */
static bool sign_rest(const char **p, int v[3], int *n)
{
	const char *q = *p, sep = *q;
	*n = 1;
	if (sep != '/' && sep != '-')
		return false;
	while (*q == sep && *n < 3) {
		q++;
		if (!number(&q, 2, &v[(*n)++]))
			return false;
	}
	*p = q;
	return true;
}

static bool numeric_day(const char **at, epoch now, int64_t *day_r)
{
	const char *p = *at;
	int v[3], n;
	if (!number(&p, 4, &v[0]) || !(kanji_rest(&p, v, &n) || sign_rest(&p, v, &n)))
		return false;
	*at = p;
	return n == 3 ? v[0] >= FIRST_YEAR && real_day(v[0], v[1], v[2], day_r) : day_without_year(v[0], v[1], now, day_r);
}

static bool named_day(const char **p, epoch now, int64_t *day_r)
{
	static const char *const near[] = { "今日", "本日", "today", "明日", "あす", "あした", "tomorrow", "明後日",
		                            "あさって", NULL };
	static const int ahead[] = { 0, 0, 0, 1, 1, 1, 1, 2, 2 };
	static const char *const week[] = { "日曜", "月曜", "火曜", "水曜", "木曜", "金曜", "土曜", NULL };
	int i;
	int64_t t = today(now);
	if (any_of(p, near, &i)) {
		*day_r = t + ahead[i];
		return true;
	}
	if (!any_of(p, week, &i))
		return false;
	lit(p, "日");
	int days = (i - civil_of_day(t).wday + 7) % 7;
	*day_r = t + (days ? days : 7);
	return true;
}

static bool day(const char **p, epoch now, int64_t *day_r)
{
	if (!named_day(p, now, day_r) && !numeric_day(p, now, day_r))
		return false;
	skip_brackets(p);
	return true;
}

/* 12:00, 15時, 15時半, 午後3時30分, 正午: seconds of the day */
static bool clock_time(const char **at, int *sec_r)
{
	const char *p = *at;
	int h, m = 0;
	*sec_r = 12 * 3600;
	if (lit(at, "正午"))
		return true;
	bool pm = lit(&p, "午後"), am = !pm && lit(&p, "午前");
	if (!number(&p, 2, &h))
		return false;
	if (lit(&p, "時")) {
		if (lit(&p, "半"))
			m = 30;
		else if (number(&p, 2, &m) && !lit(&p, "分"))
			return false;
	} else if (!lit(&p, ":") || !number(&p, 2, &m))
		return false;
	if (h > ((am || pm) ? 12 : 23) || m > 59)
		return false;
	if (am || pm)
		h = h % 12 + (pm ? 12 : 0);
	*at = p;
	*sec_r = h * 3600 + m * 60;
	return true;
}

static bool over(const char *p)
{
	if (!lit(&p, "まで"))
		lit(&p, "迄");
	return !*p;
}

/* +2h, 2時間, +3d, 3営業日, 3日後 */
static bool distance(const char *p, struct command_when *r)
{
	int n;
	bool plus = lit(&p, "+");
	if (!number(&p, 3, &n) || n < 1)
		return false;
	bool hours = lit(&p, "時間") || lit(&p, "hours") || lit(&p, "hour") || (plus && lit(&p, "h"));
	bool days = !hours && (lit(&p, "営業日") || lit(&p, "bd") || lit(&p, "日後") ||
	                       (plus && (lit(&p, "days") || lit(&p, "day") || lit(&p, "d") || lit(&p, "日"))));
	lit(&p, "後");
	if (!over(p) || !(hours || days) || n > (hours ? MAX_HOURS : MAX_DAYS))
		return false;
	r->kind = hours ? WHEN_HOURS : WHEN_BUSINESS_DAYS;
	r->n = hours ? (int64_t)n * 3600 : n;
	return true;
}

static epoch midnight(int64_t d)
{
	struct civil c = civil_of_day(d);
	return epoch_of(c.year, c.mon, c.day, 0, 0, 0);
}

/* "15 時", "午後 3時", "3pm", "24:00": a time, but none that is read. "3件の調査" is none. */
static bool half_a_time(char *const *w, size_t n)
{
	const char *p = n ? w[0] : "";
	size_t digits = strspn(p, "0123456789");
	if (!*p)
		return false;
	if (strcmp(p, "am") == 0 || strcmp(p, "pm") == 0 || strncmp(p, "午前", 6) == 0 || strncmp(p, "午後", 6) == 0)
		return true;
	p += digits;
	if (digits && (*p == ':' || strncmp(p, "時", 3) == 0 || strcmp(p, "am") == 0 || strcmp(p, "pm") == 0))
		return strncmp(p, "時間", 6) != 0;
	return digits && !*p && n > 1 && strncmp(w[1], "時", 3) == 0;
}

static bool is_bracketed_weekday(const char *p)
{
	size_t n = strlen(p);
	return n == 5 && p[0] == '(' && p[4] == ')';
}

/* What stands behind a day: a bracketed weekday, then a time, either or both or
 * neither. False: something that is meant for a time and is not read as one. */
static bool time_behind(char *const *w, size_t n, bool *has_r, int *sec_r, size_t *took_r)
{
	size_t i = n && is_bracketed_weekday(w[0]);
	const char *p = i < n ? w[i] : "";
	*has_r = clock_time(&p, sec_r);
	*took_r += i + *has_r;
	if (*has_r && !over(p))
		return false;
	i += *has_r;
	return !half_a_time(w + i, n - i);
}

size_t command_when(char *const *w, size_t n, epoch now, struct command_when *r)
{
	int64_t d;
	int sec;
	size_t took = 1;
	if (!n)
		return 0;
	if (distance(w[0], r))
		return 1;
	const char *p = w[0];
	bool has_day = day(&p, now, &d), has_time;
	if (!has_day)
		d = today(now);
	if (has_day && !*p) {
		if (!time_behind(w + 1, n - 1, &has_time, &sec, &took))
			return 0;
	} else {
		has_time = clock_time(&p, &sec);
		if (!over(p) || half_a_time(w + 1, n - 1))
			return 0;
	}
	if (!has_day && !has_time)
		return 0;
	r->kind = has_time ? WHEN_MOMENT : WHEN_DAY;
	r->at = midnight(d) + (has_time ? sec : 0);
	return took;
}
