/*
 * The rules of the order forms' fields: see field_rule.h.
 *
 * SECURITY: values come from strangers. A value that is shown back is bounded
 * and made visible first; a password's never is.
 */
#include "text/field_rule.h"
#include "base/clk.h"
#include "text/charset.h"
#include "text/layout.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>

enum { SHOWN_COLS = 40, NO_CHAR = 0 /* uc_composition's "none" */ };

struct range { uint32_t from, to; };

/* The double-width characters of JIS X 0208 and the NEC/IBM rows of CP932,
 * as blocks; and all kanji, because names have more of them than JIS X 0208. */
static const struct range full_width[] = {
	{ 0xA7, 0xA8 }, { 0xB0, 0xB1 }, { 0xB4, 0xB4 }, { 0xB6, 0xB6 }, { 0xD7, 0xD7 }, { 0xF7, 0xF7 },
	{ 0x391, 0x3C9 }, { 0x401, 0x401 }, { 0x410, 0x44F }, { 0x451, 0x451 },
	{ 0x2010, 0x2010 }, { 0x2014, 0x2016 }, { 0x2018, 0x2019 }, { 0x201C, 0x201D }, { 0x2020, 0x2021 },
	{ 0x2025, 0x2026 }, { 0x2030, 0x2030 }, { 0x2032, 0x2033 }, { 0x203B, 0x203B },
	{ 0x2103, 0x2103 }, { 0x2116, 0x2116 }, { 0x2121, 0x2121 }, { 0x212B, 0x212B },
	{ 0x2160, 0x2169 }, { 0x2170, 0x2179 }, { 0x2190, 0x2193 }, { 0x21D2, 0x21D4 },
	{ 0x2200, 0x22FF }, { 0x2312, 0x2312 }, { 0x2460, 0x2473 }, { 0x2500, 0x257F },
	{ 0x25A0, 0x25EF }, { 0x2605, 0x2606 }, { 0x2640, 0x2642 }, { 0x266A, 0x266F },
	{ 0x3000, 0x3003 }, { 0x3005, 0x301F }, { 0x3041, 0x3096 }, { 0x309B, 0x309E },
	{ 0x30A1, 0x30FE }, { 0x3231, 0x3239 }, { 0x32A4, 0x32A8 }, { 0x3300, 0x33FF },
	{ 0x3400, 0x4DBF }, { 0x4E00, 0x9FFF }, { 0xF900, 0xFAFF },
	{ 0xFF01, 0xFF5E }, { 0xFFE0, 0xFFE6 }, { 0x20000, 0x323AF },
};
static const struct range full_kana[] = { { 0x3000, 0x3000 }, { 0x30A1, 0x30FA }, { 0x30FB, 0x30FE } };

static bool in_ranges(uint32_t c, const struct range *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c >= v[i].from && c <= v[i].to)
			return true;
	return false;
}

/* Every character in the ranges, at most max of them. */
static bool all_in(const char *s, const struct range *v, size_t nv, int max)
{
	const uint8_t *p = (const uint8_t *)s;
	ucs4_t c;
	int count = 0;
	while ((p = u8_next(&c, p)))
		if (++count > max || !in_ranges(c, v, nv))
			return false;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool digits_ok(const char *s, int count)
{
	return (int)strlen(s) == count && (int)strspn(s, "0123456789") == count;
}

/* 0312345678 and 09012345678 as a spreadsheet writes them that takes them for numbers. */
static bool lost_zero(const char *s)
{
	size_t n = strlen(s);
	return (n == 9 || n == 10) && s[0] != '0' && strspn(s, "0123456789") == n;
}

static bool phone_ok(const char *s, int max)
{
	size_t n = strlen(s);
	return n >= 1 && n <= (size_t)max && strspn(s, "0123456789-") == n && is_digit(s[0]) && is_digit(s[n - 1]) &&
	       !strstr(s, "--") && !lost_zero(s);
}

bool field_domain_ok(const char *d, size_t n)
{
	size_t label = 0, dots = 0;
	if (n < 3 || n > 253)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (d[i] == '.') {
			if (label == 0 || d[i - 1] == '-')
				return false;
			dots++;
			label = 0;
			continue;
		}
		if (!isalnum((unsigned char)d[i]) && (d[i] != '-' || label == 0))
			return false;
		if (++label > 63)
			return false;
	}
	return dots > 0 && label > 1 && d[n - 1] != '-';
}

bool field_mail_ok(const char *a, size_t n, size_t max)
{
	const char *at = memchr(a, '@', n);
	if (n > max || !at || at == a || at - a > 64 || *a == '.')
		return false;
	for (const char *p = a; p < at; p++)
		if (!isalnum((unsigned char)*p) && (!*p || !strchr(".!#$%&'*+-/=?^_`{|}~", *p)))
			return false;
	return field_domain_ok(at + 1, n - (size_t)(at + 1 - a));
}

static bool list_ok(const char *s, const struct field_rule *r)
{
	int count = 0;
	for (;;) {
		size_t n = strcspn(s, ",");
		if (++count > r->min)
			return false;
		if (r->kind == FIELD_DOMAINS ? !field_domain_ok(s, n) : !field_mail_ok(s, n, (size_t)r->max))
			return false;
		if (!s[n])
			return true;
		s += n + 1;
	}
}

static bool password_ok(const char *s, const struct field_rule *r)
{
	size_t n = strlen(s);
	bool lower = false, upper = false, digit = false;
	for (const char *p = s; *p; p++) {
		if (*p >= 'a' && *p <= 'z')
			lower = true;
		else if (*p >= 'A' && *p <= 'Z')
			upper = true;
		else if (is_digit(*p))
			digit = true;
		else
			return false;
	}
	return n >= (size_t)r->min && n <= (size_t)r->max && lower && upper && digit;
}

static bool choice_ok(const char *s, const char *choices)
{
	size_t n = strlen(s), len;
	for (const char *p = choices; *p; p += len + (p[len] == '|')) {
		len = strcspn(p, "|");
		if (len == n && memcmp(p, s, n) == 0)
			return true;
	}
	return false;
}

static bool number_ok(const char *s, const struct field_rule *r)
{
	if (strlen(s) > 9 || s[strspn(s, "0123456789")] || (s[0] == '0' && s[1]))
		return false;
	int64_t v = field_number(s);
	return v == 0 || (v >= r->min && v <= r->max);
}

bool field_date(const char *s, int64_t *day_r)
{
	int y, m, d, end = 0;
	size_t n = strlen(s);
	if (n > 10 || strspn(s, "0123456789/") != n || sscanf(s, "%4d/%2d/%2d%n", &y, &m, &d, &end) != 3 || s[end])
		return false;
	if (s[4] != '/' || m < 1 || d < 1 || y < 1900)
		return false;
	*day_r = day_of(y, m, d);
	struct civil c = civil_of_day(*day_r);
	return c.year == y && c.mon == m && c.day == d;
}

/* C0 and C1 controls (but TAB and LF) and U+FFFD are nobody's text. */
static bool text_ok(const char *s, int max)
{
	const uint8_t *p = (const uint8_t *)s;
	ucs4_t c;
	int count = 0;
	while ((p = u8_next(&c, p)))
		if (++count > max || (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0) || c == 0xFFFD)
			return false;
	return true;
}

bool field_ok(const struct field_rule *r, const char *v)
{
	int64_t day;
	if (!*v)
		return true;
	if (!text_is_utf8(v, strlen(v)))
		return false;
	switch (r->kind) {
	case FIELD_ZEN: return all_in(v, full_width, sizeof full_width / sizeof *full_width, r->max);
	case FIELD_ZEN_KANA: return all_in(v, full_kana, sizeof full_kana / sizeof *full_kana, r->max);
	case FIELD_DIGITS: return digits_ok(v, r->max);
	case FIELD_LETTER: return strchr(r->choices, *v) && digits_ok(v + 1, r->max);
	case FIELD_PHONE: return phone_ok(v, r->max);
	case FIELD_MAIL: return field_mail_ok(v, strlen(v), (size_t)r->max);
	case FIELD_MAILS:
	case FIELD_DOMAINS: return list_ok(v, r);
	case FIELD_PASSWORD: return password_ok(v, r);
	case FIELD_CHOICE: return choice_ok(v, r->choices);
	case FIELD_NUMBER: return number_ok(v, r);
	case FIELD_DATE: return field_date(v, &day);
	case FIELD_TEXT: return text_ok(v, r->max);
	}
	return false;
}

int64_t field_number(const char *value)
{
	return strtoll(value, NULL, 10);
}

/* ---- cleaning ------------------------------------------------------------- */

static size_t space_at(const char *s)
{
	if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
		return 1;
	if (strncmp(s, "\xC2\xA0", 2) == 0) /* NBSP */
		return 2;
	return strncmp(s, "\xE3\x80\x80", 3) == 0 ? 3 : 0; /* U+3000 */
}

static const char *skip_space(const char *s)
{
	size_t n;
	while ((n = space_at(s)))
		s += n;
	return s;
}

static size_t trimmed_len(const char *s, size_t n)
{
	for (;;) {
		if (n >= 1 && space_at(s + n - 1) == 1)
			n--;
		else if (n >= 2 && space_at(s + n - 2) == 2)
			n -= 2;
		else if (n >= 3 && space_at(s + n - 3) == 3)
			n -= 3;
		else
			return n;
	}
}

/* Joins a kana with the combining (semi-)voiced mark behind it. Not whole NFC:
 * that would also replace the compatibility kanji that some names are written
 * with (神 U+FA19). */
static void add_composed(const char *s, struct sb *out)
{
	const uint8_t *p = (const uint8_t *)s, *next;
	ucs4_t c, mark;
	uint8_t utf8[6];
	for (; (next = u8_next(&c, p)); p = next) {
		const uint8_t *behind = u8_next(&mark, next);
		ucs4_t joined = behind && (mark == 0x3099 || mark == 0x309A) ? uc_composition(c, mark) : NO_CHAR;
		if (joined == NO_CHAR) {
			sb_add(out, p, (size_t)(next - p));
			continue;
		}
		sb_add(out, utf8, (size_t)u8_uctomb(utf8, joined, sizeof utf8));
		next = behind;
	}
}

static void clean_list(const char *s, struct sb *out)
{
	for (;;) {
		s = skip_space(s);
		size_t n = strcspn(s, ",");
		sb_add(out, s, trimmed_len(s, n));
		if (!s[n])
			return;
		sb_addc(out, ',');
		s += n + 1;
	}
}

static void clean_lines(const char *s, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != '\r')
			sb_addc(out, s[i]);
		else if (i + 1 == n || s[i + 1] != '\n')
			sb_addc(out, '\n');
}

static void add_date(int64_t day, struct sb *out)
{
	struct civil c = civil_of_day(day);
	sb_addf(out, "%d/%d/%d", c.year, c.mon, c.day);
}

void field_clean(const struct field_rule *r, const char *raw, struct sb *out)
{
	int64_t day;
	struct sb s = SB_INIT;
	raw = skip_space(raw);
	sb_add(&s, raw, trimmed_len(raw, strlen(raw)));
	if (r->kind == FIELD_DATE && field_date(s.s, &day))
		add_date(day, out);
	else if (r->kind == FIELD_MAILS || r->kind == FIELD_DOMAINS)
		clean_list(s.s, out);
	else if (r->kind == FIELD_TEXT)
		clean_lines(s.s, s.len, out);
	else if (r->kind == FIELD_ZEN || r->kind == FIELD_ZEN_KANA)
		add_composed(s.s, out);
	else
		sb_add(out, s.s, s.len);
	if (s.cap)
		explicit_bzero(s.s, s.len); /* it may be a password */
	sb_free(&s);
}

/* ---- words ---------------------------------------------------------------- */

static void expect_choice(const char *choices, struct sb *out)
{
	for (; *choices; choices++)
		if (*choices == '|')
			sb_adds(out, "」か「");
		else
			sb_addc(out, *choices);
}

static void expect_letter(const struct field_rule *r, struct sb *out)
{
	for (const char *p = r->choices; *p; p++)
		sb_addf(out, "%s%c", p == r->choices ? "" : " か ", *p);
	sb_addf(out, " と半角数字%d桁で", r->max);
}

void field_expect(const struct field_rule *r, struct sb *out)
{
	switch (r->kind) {
	case FIELD_ZEN: sb_addf(out, "全角%d文字以内で", r->max); break;
	case FIELD_ZEN_KANA: sb_addf(out, "全角カナ%d文字以内で", r->max); break;
	case FIELD_DIGITS: sb_addf(out, "半角数字%d桁 (ハイフンなし) で", r->max); break;
	case FIELD_LETTER: expect_letter(r, out); break;
	case FIELD_PHONE: sb_addf(out, "半角の数字とハイフン、%d桁以内で", r->max); break;
	case FIELD_MAIL: sb_addf(out, "メールアドレス1つを半角%d文字以内で", r->max); break;
	case FIELD_MAILS:
		sb_addf(out, "メールアドレスを半角%d文字以内で (複数はカンマ区切り、%d件まで) ", r->max, r->min);
		break;
	case FIELD_DOMAINS: sb_addf(out, "ドメイン名 (例: example.co.jp) を半角で (複数はカンマ区切り、%d件まで) ", r->min); break;
	case FIELD_PASSWORD:
		sb_addf(out, "半角英数字%d~%d文字、英小文字・英大文字・数字の3種類をすべて使って", r->min, r->max);
		break;
	case FIELD_CHOICE: sb_adds(out, "「"); expect_choice(r->choices, out); sb_adds(out, "」と"); break;
	case FIELD_NUMBER:
		if (r->min > 1)
			sb_addf(out, "0 か %d~%d の半角数字で", r->min, r->max);
		else
			sb_addf(out, "0~%d の半角数字で", r->max);
		break;
	case FIELD_DATE: sb_adds(out, "実在する日付を YYYY/M/D の半角で"); break;
	case FIELD_TEXT: sb_addf(out, "%d文字以内の文字列で", r->max); break;
	}
}

void field_shown(const char *value, struct sb *out)
{
	struct sb seen = SB_INIT;
	text_visible(value, strlen(value), &seen);
	for (size_t i = 0; i < seen.len; i++)
		if (seen.s[i] == '\n' || seen.s[i] == '\t')
			seen.s[i] = ' '; /* one line a fault */
	text_fit(seen.s, SHOWN_COLS, false, out);
	sb_free(&seen);
}

void field_fault(const struct field_rule *r, size_t row, const char *header, const char *value, struct sb *out)
{
	if (row)
		sb_addf(out, "%zu行目 ", row);
	sb_addf(out, "「%s」: ", header);
	field_expect(r, out);
	sb_adds(out, "入力してください");
	if (r->kind == FIELD_PASSWORD)
		return;
	sb_adds(out, " (入力値: ");
	field_shown(value, out);
	sb_adds(out, r->kind == FIELD_PHONE && lost_zero(value) ? "。先頭の 0 が失われていませんか)" : ")");
}
