/* Lines of logs: see logs.h. */
#include "logs.h"
#include <string.h>

/* The next word between blanks. */
static bool word(const char **p, const char *end, struct log_word *w)
{
	while (*p < end && (**p == ' ' || **p == '\t'))
		++*p;
	w->s = *p;
	while (*p < end && **p != ' ' && **p != '\t' && **p != '\r' && **p != '\n')
		++*p;
	w->n = (size_t)(*p - w->s);
	return w->n > 0;
}

static bool number(const struct log_word *w, int64_t max, int64_t *v)
{
	*v = 0;
	for (size_t i = 0; i < w->n; i++) {
		if (w->s[i] < '0' || w->s[i] > '9' || *v > max / 10)
			return false;
		*v = *v * 10 + (w->s[i] - '0');
	}
	return w->n > 0 && *v <= max;
}

static bool host_ok(const struct log_word *w)
{
	for (size_t i = 0; i < w->n; i++) {
		char c = w->s[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr(".-_:[]", c)) || !c)
			return false;
	}
	return w->n > 0 && w->n <= 253;
}

bool web_line(const char *p, size_t n, struct web_line *w)
{
	const char *end = p + n;
	struct log_word t, s;
	memset(w, 0, sizeof *w);
	if (!word(&p, end, &t) || !number(&t, (int64_t)1 << 52, &w->t) || !word(&p, end, &w->host) || !host_ok(&w->host) ||
	    !word(&p, end, &s) || !number(&s, 86400, &w->seconds))
		return false;
	word(&p, end, &w->user);
	return w->user.n <= 128;
}

/* [20/Aug/2026:09:00:00 +0900] */
static bool print_time(const char **p, const char *end, int64_t *t)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *s = *p, *m = NULL;
	int64_t v[6] = { 0 };
	static const struct {
		int at, n;
	} part[] = { { 1, 2 }, { 8, 4 }, { 13, 2 }, { 16, 2 }, { 19, 2 }, { 23, 4 } };
	while (s < end && *s == ' ')
		s++;
	if (end - s < 28 || s[0] != '[' || s[27] != ']')
		return false;
	for (int i = 0; i < 6; i++)
		if (!number(&(struct log_word){ s + part[i].at, (size_t)part[i].n }, 9999, &v[i]))
			return false;
	for (m = months; *m && strncmp(m, s + 4, 3) != 0; m += 3)
		;
	if (!*m)
		return false;
	int64_t mon = (m - months) / 3 + 1, y = v[1] - (mon <= 2), era = y / 400, yoe = y - era * 400;
	int64_t doy = (153 * (mon + (mon > 2 ? -3 : 9)) + 2) / 5 + v[0] - 1, doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	int64_t zone = (v[5] / 100 * 60 + v[5] % 100) * 60 * (s[22] == '-' ? -1 : 1);
	*t = ((era * 146097 + doe - 719468) * 86400 + v[2] * 3600 + v[3] * 60 + v[4] - zone) * 1000;
	*p = s + 28;
	return true;
}

/* The name may hold blanks; media and sides stand behind it. */
static struct log_word name_part(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	while (end > p && (end[-1] == '\n' || end[-1] == '\r' || end[-1] == ' '))
		end--;
	for (int i = 0; i < 2; i++) {
		const char *q = end;
		while (q > p && q[-1] != ' ')
			q--;
		if (q == p)
			break;
		for (end = q; end > p && end[-1] == ' ';)
			end--;
	}
	return (struct log_word){ p, (size_t)(end - p) };
}

bool print_line(const char *p, size_t n, struct print_line *l)
{
	const char *end = p + n;
	struct log_word w, copies;
	int64_t page;
	memset(l, 0, sizeof *l);
	if (!word(&p, end, &l->printer) || !word(&p, end, &l->user) || !word(&p, end, &w) || !number(&w, INT32_MAX, &l->job) ||
	    !print_time(&p, end, &l->t) || !word(&p, end, &w) || !word(&p, end, &copies) || !number(&copies, 1000000, &l->pages))
		return false;
	l->total = w.n == 5 && memcmp(w.s, "total", 5) == 0;
	if (!l->total && !number(&w, INT32_MAX, &page))
		return false;
	if (word(&p, end, &w) && word(&p, end, &w))
		l->doc = name_part(p, end);
	return l->printer.n <= 128 && l->user.n <= 128 && l->doc.n <= 512;
}
