/*
 * Names of companies and people, as they are written and as they are meant:
 * width, case, spaces, the place and the spelling of a legal form. Folding is
 * text_fold's, so ァ and ア, サーバー and サーバ are the same as well.
 */
#include "text/fold.h"
#include "text/identity.h"
#include "text/identity_int.h"
#include "text/utf8.h"
#include <ctype.h>
#include <string.h>

/* Behind NFKC; the first spelling of a kind is the name of it. */
static const struct { const char *word; int kind; } forms[] = {
	{ "株式会社", 1 }, { "(株)", 1 }, { "株)", 1 }, { "有限会社", 2 }, { "(有)", 2 }, { "有)", 2 },
	{ "合同会社", 3 }, { "(同)", 3 }, { "合資会社", 4 }, { "(資)", 4 }, { "合名会社", 5 }, { "(名)", 5 },
	{ "一般社団法人", 6 }, { "(一社)", 6 }, { "公益社団法人", 7 }, { "(公社)", 7 }, { "一般財団法人", 8 }, { "(一財)", 8 },
	{ "公益財団法人", 9 }, { "(公財)", 9 }, { "医療法人", 10 }, { "(医)", 10 }, { "学校法人", 11 }, { "(学)", 11 },
	{ "社会福祉法人", 12 }, { "(福)", 12 }, { "特定非営利活動法人", 13 }, { "npo法人", 13 }, { "NPO法人", 13 },
	{ "税理士法人", 14 }, { "弁護士法人", 15 }, { "協同組合", 16 },
};
enum { NFORMS = sizeof forms / sizeof *forms };

static size_t form_at(const char *p, int *kind_r)
{
	for (size_t i = 0; i < NFORMS; i++) {
		size_t n = strlen(forms[i].word);
		if (strncmp(p, forms[i].word, n) == 0) {
			*kind_r = forms[i].kind;
			return n;
		}
	}
	return 0;
}

size_t identity_legal_form(const char *p)
{
	int kind;
	return form_at(p, &kind);
}

static char *folded(struct arena *a, const char *s, size_t n)
{
	struct sb b = SB_INIT;
	text_fold(s, n, &b);
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

/* A name without its legal form. kind 0: it has none. */
struct company {
	char *core;
	int kind;
};

static void cut_form(char *s, struct company *r)
{
	size_t len = strlen(s), n = form_at(s, &r->kind);
	r->core = s + n;
	if (n)
		return;
	for (size_t i = 0; i < NFORMS; i++) {
		size_t k = strlen(forms[i].word);
		if (k < len && strcmp(s + len - k, forms[i].word) == 0) {
			r->kind = forms[i].kind;
			s[len - k] = '\0';
			return;
		}
	}
}

static void company_of(const char *s, size_t n, struct arena *a, struct company *r)
{
	*r = (struct company){ .core = folded(a, s, n) };
	for (char *p = r->core, *q = p;; p++) { /* Sakura Trading = SakuraTrading */
		if (*p != ' ' && *p != '\n')
			*q++ = *p;
		if (!*p)
			break;
	}
	cut_form(r->core, r);
}

static bool same(const struct company *x, const struct company *y)
{
	return *x->core && strcmp(x->core, y->core) == 0 && (!x->kind || !y->kind || x->kind == y->kind);
}

static size_t space_at(const char *p)
{
	return *p == ' ' || *p == '\t' ? 1 : strncmp(p, "　", 3) == 0 ? 3 : 0;
}

/* With a department behind the name, the first words are the company. */
bool identity_same_company(const char *said, const char *name, struct arena *a)
{
	struct company is, want;
	company_of(name, strlen(name), a, &want);
	company_of(said, strlen(said), a, &is);
	bool hit = same(&is, &want);
	int words = 0;
	for (const char *p = said; *p && !hit && words < 8; p++)
		if (space_at(p)) {
			company_of(said, (size_t)(p - said), a, &is);
			hit = same(&is, &want);
			words++;
		}
	return hit;
}

/* ---- in a text ------------------------------------------------------------------ */

enum script { NO_LETTER, HAN, HIRA, KATA, ASCII };

static enum script script_of(uint32_t c)
{
	if (c < 0x80)
		return isalnum((int)c) ? ASCII : NO_LETTER;
	if (c >= 0x3041 && c <= 0x309F)
		return HIRA;
	if (c >= 0x30A1 && c <= 0x30FF)
		return KATA;
	return c >= 0x3400 && c != UTF8_BAD ? HAN : NO_LETTER;
}

static enum script first_script(const char *p)
{
	uint32_t c = 0;
	if (*p)
		utf8_get(p, strlen(p), &c);
	return *p ? script_of(c) : NO_LETTER;
}

static enum script last_script(const char *text, const char *end)
{
	uint32_t c;
	const char *q = end;
	if (end == text)
		return NO_LETTER;
	do
		q--;
	while (q > text && ((unsigned char)*q & 0xC0) == 0x80);
	utf8_get(q, (size_t)(end - q), &c);
	return script_of(c);
}

/* The legal form that ends at `end`, 0 = none. */
static int form_before(const char *text, const char *end)
{
	for (size_t i = 0; i < NFORMS; i++) {
		size_t n = strlen(forms[i].word);
		if ((size_t)(end - text) >= n && memcmp(end - n, forms[i].word, n) == 0)
			return forms[i].kind;
	}
	return 0;
}

/* The name at p is the whole of a name: a legal form beside it must be its own,
 * else the letters beside it are of another script. */
static bool stands_alone(const char *text, const char *p, const struct company *c)
{
	const char *end = p + strlen(c->core);
	int left = form_before(text, p), right = 0;
	if (!left)
		form_at(end, &right);
	if (left || right)
		return !c->kind || c->kind == (left ? left : right);
	enum script first = first_script(p), last = last_script(text, end);
	bool opens = p == text || last_script(text, p) != first, closes = first_script(end) != last;
	return opens && closes;
}

bool identity_names_company(const char *text, const char *name, struct arena *a)
{
	struct company want;
	company_of(name, strlen(name), a, &want);
	char *t = folded(a, text, strlen(text));
	size_t n = strlen(want.core);
	if (n < 3)
		return false;
	for (const char *p = t; (p = strstr(p, want.core)); p += n)
		if (stands_alone(t, p, &want))
			return true;
	return false;
}

/* ---- phones and people ------------------------------------------------------------ */

bool identity_same_phone(const char *x, const char *y)
{
	bool any = false;
	for (;;) {
		while (*x && !isdigit((unsigned char)*x))
			x++;
		while (*y && !isdigit((unsigned char)*y))
			y++;
		if (!*x || !*y || *x != *y)
			return any && !*x && !*y;
		any = true;
		x++;
		y++;
	}
}

static void drop_title(char *s)
{
	static const char *const titles[] = { "様", "さま", "さん", "殿", "氏" };
	size_t n = strlen(s);
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		size_t k = strlen(titles[i]);
		if (n > k && strcmp(s + n - k, titles[i]) == 0) {
			s[n - k] = '\0';
			return;
		}
	}
}

bool identity_same_person(const char *said, const char *name, struct arena *a)
{
	char *is = folded(a, said, strlen(said)), *want = folded(a, name, strlen(name));
	drop_title(is);
	if (!*is || !*want)
		return false;
	size_t family = 0;
	while (name[family] && !space_at(name + family))
		family++;
	return strcmp(is, want) == 0 || (name[family] && strcmp(is, folded(a, name, family)) == 0);
}
