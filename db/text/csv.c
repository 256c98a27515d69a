/*
 * CSV reader and writer: see csv.h for what is taken and what is refused.
 *
 * The text is decoded once and then cut up in place: a cell never grows by
 * unquoting, so each ends (with a NUL) at or before the separator it had.
 */
#include "text/csv.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include "text/utf8.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct csv {
	struct sb text;
	char *p;            /* next byte to read */
	size_t line, rows;  /* line of *p */
	char sep;
	bool open;          /* the last cell ended with the file */
	const char *charset;
	char *cells[CSV_FIELDS_MAX];
};

/* The line, from 1, that p[at] stands in. */
static size_t line_at(const void *p, size_t at)
{
	const char *s = p;
	size_t line = 1;
	for (size_t i = 0; i < at; i++)
		line += s[i] == '\n' || (s[i] == '\r' && s[i + 1] != '\n');
	return line;
}

/* UTF-8 in which a few characters are broken, as by a program that cuts values by bytes? CP932 has hardly any three
 * bytes that could be UTF-8, and much besides. *at_r: the first broken byte. */
static bool is_broken_utf8(const unsigned char *p, size_t n, size_t *at_r)
{
	size_t good = 0, bad = 0;
	*at_r = 0;
	for (size_t i = 0, len; i < n; i += len) {
		uint32_t cp;
		len = utf8_get(p + i, n - i, &cp);
		if (cp != UTF8_BAD)
			good += len >= 3;
		else if (!bad++)
			*at_r = i;
	}
	return bad && good >= 2 && bad <= 1 + good / 10;
}

/* Excel writes UTF-8 with BOM, UTF-16 with BOM, or CP932; other programs UTF-8
 * without BOM. Valid UTF-8 that is meant as CP932 does not happen in practice. */
static const char *charset_of(const unsigned char *p, size_t n, size_t *skip_r)
{
	*skip_r = 0;
	if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		return *skip_r = 3, "utf-8";
	if (n >= 2 && p[0] == 0xFF && p[1] == 0xFE)
		return *skip_r = 2, "utf-16le";
	if (n >= 2 && p[0] == 0xFE && p[1] == 0xFF)
		return *skip_r = 2, "utf-16be";
	return text_is_utf8(p, n) ? "utf-8" : "cp932";
}

static void add_utf8(struct sb *out, uint32_t c)
{
	if (c < 0x80) {
		sb_addc(out, (char)c);
	} else if (c < 0x800) {
		sb_addc(out, (char)(0xC0 | c >> 6));
		sb_addc(out, (char)(0x80 | (c & 63)));
	} else if (c < 0x10000) {
		sb_addc(out, (char)(0xE0 | c >> 12));
		sb_addc(out, (char)(0x80 | (c >> 6 & 63)));
		sb_addc(out, (char)(0x80 | (c & 63)));
	} else {
		sb_addc(out, (char)(0xF0 | c >> 18));
		sb_addc(out, (char)(0x80 | (c >> 12 & 63)));
		sb_addc(out, (char)(0x80 | (c >> 6 & 63)));
		sb_addc(out, (char)(0x80 | (c & 63)));
	}
}

/* No mail is UTF-16, so the charset module need not know it; Excel's "Unicode
 * text" is. Half a pair or an odd byte becomes U+FFFD. */
static void from_utf16(const unsigned char *p, size_t n, bool big, struct sb *out)
{
	for (size_t i = 0; i + 1 < n; i += 2) {
		uint32_t c = (uint32_t)(p[i + !big] << 8 | p[i + big]);
		if (c >= 0xD800 && c < 0xDC00 && i + 3 < n) {
			uint32_t low = (uint32_t)(p[i + 2 + !big] << 8 | p[i + 2 + big]);
			if (low >= 0xDC00 && low < 0xE000) {
				add_utf8(out, 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
				i += 2;
				continue;
			}
		}
		add_utf8(out, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
	}
	if (n % 2)
		add_utf8(out, 0xFFFD);
}

static enum status not_utf8(const unsigned char *p, size_t n, bool bom, struct err *e)
{
	size_t at;
	bool nearly = is_broken_utf8(p, n, &at);
	if (bom)
		return err_set(e, ERR_PERM, "%zu行目: UTF-8 の印 (BOM) がありますが UTF-8 として読めません", line_at(p, at));
	return nearly ? err_set(e, ERR_PERM, "UTF-8 のファイルですが、%zu行目に読めない文字があります", line_at(p, at)) : OK;
}

/* What no charset explains stands as U+FFFD in the text. */
static enum status all_read(const struct sb *text, struct err *e)
{
	const char *at = memmem(text->s, text->len, UTF8_FFFD, 3);
	return at ? err_set(e, ERR_PERM, "%zu行目: 文字コードが読めません (UTF-8 か Shift_JIS (CP932) で保存してください)",
	                    line_at(text->s, (size_t)(at - text->s))) : OK;
}

static enum status decode(struct csv *c, const unsigned char *p, size_t n, struct err *e)
{
	size_t skip;
	c->charset = charset_of(p, n, &skip);
	p += skip;
	n -= skip;
	if (strncmp(c->charset, "utf-16", 6) == 0)
		from_utf16(p, n, c->charset[6] == 'b', &c->text);
	else if (n && memchr(p, '\0', n))
		return err_set(e, ERR_PERM, "CSV ファイルではありません (NUL バイトがあります)");
	else if (text_is_utf8(p, n))
		sb_add(&c->text, p, n);
	else if (not_utf8(p, n, skip > 0, e) != OK)
		return ERR_PERM;
	else
		text_to_utf8("cp932", p, n, &c->text);
	if (c->text.len && memchr(c->text.s, '\0', c->text.len))
		return err_set(e, ERR_PERM, "CSV ファイルではありません (NUL 文字があります)");
	return strcmp(c->charset, "utf-8") != 0 ? all_read(&c->text, e) : OK;
}

/* The separator that is most frequent in the first record. */
static char guess_sep(const char *s)
{
	size_t comma = 0, semi = 0, tab = 0;
	bool quoted = false;
	for (; *s && (quoted || (*s != '\r' && *s != '\n')); s++) {
		quoted ^= *s == '"';
		if (quoted)
			continue;
		comma += *s == ',';
		semi += *s == ';';
		tab += *s == '\t';
	}
	if (tab > comma && tab >= semi)
		return '\t';
	return semi > comma ? ';' : ',';
}

static void skip_newline(struct csv *c)
{
	c->p += c->p[0] == '\r' && c->p[1] == '\n' ? 2 : 1;
	c->line++;
}

enum status csv_open(const void *p, size_t n, struct csv **c_r, struct err *e)
{
	*c_r = NULL;
	if (n > CSV_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "CSV ファイルが大きすぎます (%d MB まで)", CSV_BYTES_MAX >> 20);
	struct csv *c = xcalloc(1, sizeof *c);
	c->text = SB_INIT;
	enum status st = decode(c, p, n, e);
	if (st != OK) {
		csv_free(&c);
		return st;
	}
	sb_grow(&c->text, 1); /* own memory even when empty: cells are cut in place */
	c->p = c->text.s;
	c->line = 1;
	if (strncasecmp(c->p, "sep=", 4) == 0 && c->p[4] && strchr(",;\t", c->p[4]) &&
	    (c->p[5] == '\r' || c->p[5] == '\n')) {
		c->sep = c->p[4];
		c->p += 5;
		skip_newline(c);
	} else {
		c->sep = guess_sep(c->p);
	}
	*c_r = c;
	return OK;
}

void csv_free(struct csv **c)
{
	if (!c || !*c)
		return;
	sb_free(&(*c)->text);
	free(*c);
	*c = NULL;
}

const char *csv_charset(const struct csv *c)
{
	return c->charset;
}

static bool at_end(const struct csv *c)
{
	return *c->p == '\0' || *c->p == c->sep || *c->p == '\r' || *c->p == '\n';
}

/* From behind the opening quote to behind the closing one; *to is the end of
 * the unquoted text. Line ends inside become LF. */
static enum status read_quoted(struct csv *c, char **to, struct err *e)
{
	size_t began = c->line;
	for (c->p++; *c->p; ) {
		if (*c->p == '"' && c->p[1] != '"') {
			c->p++;
			return at_end(c) ? OK : err_set(e, ERR_PERM,
				"%zu行目: 閉じる引用符 (\") の後に文字があります", c->line);
		}
		if (*c->p == '\r' || *c->p == '\n') {
			skip_newline(c);
			*(*to)++ = '\n';
			continue;
		}
		c->p += *c->p == '"';
		*(*to)++ = *c->p++;
	}
	return err_set(e, ERR_PERM, "%zu行目: 引用符 (\") が閉じられていません", began);
}

static enum status read_plain(struct csv *c, char **to, struct err *e)
{
	for (; !at_end(c); *(*to)++ = *c->p++)
		if (*c->p == '"')
			return err_set(e, ERR_PERM, "%zu行目: 値の途中に引用符 (\") があります (値全体を \" で囲み、"
				"中の \" は \"\" と書きます)", c->line);
	return OK;
}

/* One cell; *more_r: a separator follows, so there is another one. */
static enum status read_cell(struct csv *c, char **cell_r, bool *more_r, struct err *e)
{
	char *to = *cell_r = c->p;
	enum status st = *c->p == '"' ? read_quoted(c, &to, e) : read_plain(c, &to, e);
	if (st != OK)
		return st;
	if (to - *cell_r > CSV_FIELD_MAX)
		return err_set(e, ERR_LIMIT, "%zu行目: 値が長すぎます (%d バイトまで)", c->line, CSV_FIELD_MAX);
	*more_r = *c->p == c->sep;
	c->open = !*c->p;
	if (*more_r)
		c->p++;
	else if (*c->p)
		skip_newline(c);
	*to = '\0'; /* last: `to` may be where the separator stood */
	return OK;
}

static enum status read_row(struct csv *c, struct csv_row *row, struct err *e)
{
	bool more = true;
	*row = (struct csv_row){ .line = c->line, .v = c->cells };
	while (more) {
		if (row->n == CSV_FIELDS_MAX)
			return err_set(e, ERR_LIMIT, "%zu行目: 列が多すぎます (%d 列まで)", row->line, CSV_FIELDS_MAX);
		enum status st = read_cell(c, &c->cells[row->n], &more, e);
		if (st != OK)
			return st;
		row->n++;
	}
	row->open = c->open;
	return OK;
}

static bool is_blank(const struct csv_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (row->v[i][0])
			return false;
	return true;
}

enum status csv_next(struct csv *c, struct csv_row *row_r, struct err *e)
{
	while (*c->p) {
		enum status st = read_row(c, row_r, e);
		if (st != OK)
			return st;
		if (is_blank(row_r))
			continue; /* Excel leaves rows of commas behind */
		if (++c->rows > CSV_ROWS_MAX)
			return err_set(e, ERR_LIMIT, "%zu行目: 行が多すぎます (%d 行まで)", row_r->line, CSV_ROWS_MAX);
		return OK;
	}
	return err_set(e, ERR_NOTFOUND, "end of file");
}

static bool is_formula(const char *s)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };
	if (*s && strchr("=+-@\t\r", *s))
		return true;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strncmp(s, wide[i], strlen(wide[i])) == 0)
			return true;
	return false;
}

/* Is it '*FORMULA: a formula behind any number of guards? */
static bool needs_guard(const char *s)
{
	return is_formula(s + strspn(s, "'"));
}

void csv_put(struct sb *out, const char *cell, int first)
{
	bool quote = cell[strcspn(cell, "\",;\t\r\n")] != '\0' || *cell == ' ' || (*cell && cell[strlen(cell) - 1] == ' ');
	if (!first)
		sb_addc(out, ',');
	if (quote)
		sb_addc(out, '"');
	if (needs_guard(cell))
		sb_addc(out, '\'');
	for (; *cell; cell++) {
		if (*cell == '"')
			sb_addc(out, '"');
		sb_addc(out, *cell);
	}
	if (quote)
		sb_addc(out, '"');
}

void csv_unguard(char *cell)
{
	if (*cell == '\'' && needs_guard(cell + 1))
		memmove(cell, cell + 1, strlen(cell));
}
