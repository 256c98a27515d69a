/*
 * The Cabinet Office's 国民の祝日・休日.csv: `1955/1/1,元日`, CRLF, Shift_JIS; as
 * UTF-8 too, with or without BOM. The years in it replace the computed ones
 * wholly, or, at the first fault, nothing is changed.
 *
 * SECURITY: a file of the operator's, but names reach mails and terminals:
 * whatever could steer one is refused. Size and number of names are bounded.
 * BUGS: a file cut off in the middle of a year can't be told from a whole one.
 */
#include "cal_impl.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES_MAX = 120 };

/* True if all of p[0..n) is `charset`; then appended as UTF-8. db/text does
 * this better for mail, but lies beside db/cal, not below. */
static bool decode(const char *charset, const char *p, size_t n, struct sb *out)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return false;
	size_t room = 3 * n + 16; /* no byte of either grows to more than 3 */
	char *buf = xmalloc(room), *in = (char *)p, *to = buf;
	bool ok = iconv(cd, &in, &n, &to, &room) == 0 && n == 0;
	iconv_close(cd);
	if (ok)
		sb_add(out, buf, (size_t)(to - buf));
	free(buf);
	return ok;
}

/* Controls, and U+2000–206F (bidi overrides, line separators, invisible marks). */
static bool is_plain(const char *s)
{
	for (const unsigned char *p = (const unsigned char *)s; *p; p++)
		if (*p < 0x20 || *p == 0x7f || (p[0] == 0xc2 && p[1] < 0xa0) ||
		    (p[0] == 0xe2 && (p[1] == 0x80 || (p[1] == 0x81 && p[2] < 0xb0))))
			return false;
	return true;
}

/* Cuts the next cell off *s in place, with blanks and plain quotes around it. */
static char *next_cell(char **s)
{
	char *cell = *s, *end = cell + strcspn(cell, ",");
	*s = *end ? end + 1 : end;
	while (end > cell && (end[-1] == ' ' || end[-1] == '\r'))
		end--;
	while (cell < end && *cell == ' ')
		cell++;
	if (end - cell >= 2 && *cell == '"' && end[-1] == '"')
		cell++, end--;
	*end = '\0';
	return cell;
}

static bool number(const char **s, size_t digits_max, int *out)
{
	size_t n = strspn(*s, "0123456789");
	*out = 0;
	if (n == 0 || n > digits_max)
		return false;
	for (; n > 0; n--)
		*out = *out * 10 + (*(*s)++ - '0');
	return true;
}

/* "1955/1/1", "1955/01/01", "1955-01-01". */
static bool parse_day(const char *s, int64_t *day_r)
{
	int y, m, d;
	if (!number(&s, 4, &y) || (*s != '/' && *s != '-'))
		return false;
	char sep = *s++;
	if (!number(&s, 2, &m) || *s++ != sep || !number(&s, 2, &d) || *s)
		return false;
	*day_r = day_of(y, m, d);
	struct civil c = civil_of_day(*day_r);
	return c.year == y && c.mon == m && c.day == d;
}

/* The computed holidays of a year go when its first row comes. */
static void clear_year(struct cal *c, int year)
{
	int64_t from = day_of(year, 1, 1), to = day_of(year + 1, 1, 1);
	memset(c->name + (from - c->first), 0, (size_t)(to - from));
}

struct reader {
	struct cal *c;   /* a copy, not yet in force */
	size_t line, rows;
	bool seen[CAL_LAST_YEAR + 1];
};

static enum status add_holiday(struct reader *r, int64_t day, const char *name, struct err *e)
{
	int year = civil_of_day(day).year;
	if (year < CAL_FIRST_YEAR || year > CAL_LAST_YEAR)
		return err_set(e, ERR_PERM, "line %zu: the year is not in %d-%d", r->line, CAL_FIRST_YEAR,
		               CAL_LAST_YEAR);
	if (!r->seen[year])
		clear_year(r->c, year);
	r->seen[year] = true;
	uint8_t *slot = &r->c->name[day - r->c->first];
	if (*slot)
		return err_set(e, ERR_PERM, "line %zu: that day was given before", r->line);
	if ((*slot = (uint8_t)cal_intern(r->c, name)) == 0)
		return err_set(e, ERR_LIMIT, "line %zu: more than %d different names", r->line, CAL_NAMES_MAX);
	r->rows++;
	return OK;
}

/* A first line whose first cell has no digit, full-width ones (U+FF10–FF19) included. */
static bool is_heading(const char *cell)
{
	for (const char *p = cell; *p; p++)
		if ((*p >= '0' && *p <= '9') || (strncmp(p, "\xef\xbc", 2) == 0 && (unsigned char)p[2] >= 0x90 && (unsigned char)p[2] <= 0x99))
			return false;
	return true;
}

static enum status read_row(struct reader *r, char *s, struct err *e)
{
	int64_t day;
	char *date = next_cell(&s), *name = next_cell(&s);
	bool more = false;
	while (*s)
		more = *next_cell(&s) || more;
	if (!*date && !*name && !more)
		return OK;
	if (!parse_day(date, &day)) {
		if (r->line == 1 && is_heading(date))
			return OK; /* the heading */
		return err_set(e, ERR_PERM, "line %zu: no date like 2026/1/1 in the first column", r->line);
	}
	if (!*name || strlen(name) > NAME_BYTES_MAX || !is_plain(name) || strchr(name, '"'))
		return err_set(e, ERR_PERM, "line %zu: no name of a holiday in the second column", r->line);
	if (more)
		return err_set(e, ERR_PERM, "line %zu: more than two columns", r->line);
	return add_holiday(r, day, name, e);
}

static enum status read_rows(struct reader *r, char *text, struct err *e)
{
	enum status st = OK;
	for (char *end; st == OK && *text; text = end) {
		end = text + strcspn(text, "\n");
		if (*end)
			*end++ = '\0';
		r->line++;
		st = read_row(r, text, e);
	}
	if (st == OK && r->rows == 0)
		return err_set(e, ERR_PERM, "line %zu: the file ends without any holiday", r->line + 1);
	return st;
}

static size_t line_of(const char *csv, const char *at)
{
	size_t line = 1;
	for (; csv < at; csv++)
		line += *csv == '\n';
	return line;
}

static enum status to_text(const char *csv, size_t n, struct sb *text, struct err *e)
{
	if (n > CAL_CSV_MAX)
		return err_set(e, ERR_LIMIT, "line 1: the file is larger than %d bytes", CAL_CSV_MAX);
	if (n >= 3 && memcmp(csv, "\xef\xbb\xbf", 3) == 0)
		csv += 3, n -= 3;
	const char *nul = n ? memchr(csv, '\0', n) : NULL;
	if (nul)
		return err_set(e, ERR_PERM, "line %zu: a NUL byte", line_of(csv, nul));
	if (!decode("UTF-8", csv, n, text) && !decode("CP932", csv, n, text))
		return err_set(e, ERR_PERM, "line 1: the file is neither UTF-8 nor Shift_JIS");
	return OK;
}

/* What was entered while reading goes again, names included. */
static void give_up(struct cal *copy, const struct cal *c)
{
	while (copy->n_names > c->n_names)
		free(copy->names[copy->n_names--]);
	free(copy);
}

enum status cal_override(struct cal *c, const char *csv, size_t n, struct err *e)
{
	struct sb text = SB_INIT;
	struct reader r = { .c = xmemdup(c, sizeof *c) };
	enum status st = to_text(csv, n, &text, e);
	if (st == OK)
		st = read_rows(&r, text.s, e);
	sb_free(&text);
	if (st != OK) {
		give_up(r.c, c);
		return st;
	}
	cal_close_days(r.c);
	*c = *r.c;
	free(r.c);
	return OK;
}
