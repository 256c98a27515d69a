/*
 * Addresses. Plain ASCII lists go through libetpan's RFC 5322 grammar; what it
 * rejects, and anything with comments (it recurses on them), raw 8-bit or
 * escape bytes, is read by our own lenient reader. See addr.h.
 * SECURITY: hostile; linear, no recursion.
 */
#include "addr.h"
#include "base/crypto.h"
#include "base/strbuf.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include "text/utf8.h"
#include <libetpan/mailimf.h>
#include <string.h>

enum { ADDRS_MAX = 1000, ETPAN_MAX = 16384, NAME_MAX_BYTES = 500 };

struct list {
	struct arena *a;
	struct msg_addrs *out;
	size_t cap;
};

bool addr_is_sane(const char *addr)
{
	const char *at = strchr(addr, '@');
	size_t n = strlen(addr);
	if (!at || at == addr || !at[1] || strchr(at + 1, '@') || at - addr > 64 || n - (size_t)(at - addr) - 1 > 255)
		return false;
	for (const unsigned char *p = (const unsigned char *)addr; *p; p++)
		if (*p <= 32 || *p == 127 || strchr("<>()[],;:\\\"", *p))
			return false;
	return at[1] != '.' && addr[n - 1] != '.' && !strstr(at, "..");
}

const char *addr_domain(const char *addr)
{
	const char *at = strrchr(addr, '@');
	return at ? at + 1 : "";
}

static void lower(char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + 32);
}

char *addr_key(struct arena *a, const char *addr)
{
	char *s = arena_strdup(a, addr);
	lower(s);
	return s;
}

/* A name as people read it: decoded, one line, outer quotes off. */
static const char *display_name(struct arena *a, const char *p, size_t n)
{
	struct sb b = SB_INIT;
	text_decode_header(p, n, &b);
	char *s = b.s, *end = b.s + b.len;
	while (end > s && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	if (end - s >= 2 && ((*s == '"' && end[-1] == '"') || (*s == '\'' && end[-1] == '\'')))
		s++, end--;
	if (s < end)
		end = s + utf8_head(s, (size_t)(end - s), NAME_MAX_BYTES);
	const char *name = s < end ? arena_memdup(a, s, (size_t)(end - s)) : "";
	sb_free(&b);
	return name;
}

/* Takes local@domain if it can be one; spaces and controls inside can't. */
static void add(struct list *l, const char *name, size_t name_n, const char *addr, size_t n)
{
	const char *at = NULL;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)addr[i] < 32 || addr[i] == 127 || addr[i] == '<' || addr[i] == '>')
			return;
		if (addr[i] == '@')
			at = addr + i;
	}
	if (!at || at == addr || at + 1 == addr + n || n > 1000 || l->out->n >= ADDRS_MAX)
		return;
	if (memchr(at, ' ', n - (size_t)(at - addr)) || (addr[0] != '"' && memchr(addr, ' ', n)))
		return;
	if (l->out->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 4;
		struct msg_addr *v = arena_alloc(l->a, cap * sizeof *v);
		if (l->out->n)
			memcpy(v, l->out->v, l->out->n * sizeof *v);
		l->out->v = v;
		l->cap = cap;
	}
	char *s = arena_memdup(l->a, addr, n);
	lower(s + (at + 1 - addr));
	l->out->v[l->out->n++] = (struct msg_addr){ display_name(l->a, name, name_n), s };
}

/* ---- libetpan ---- */

static void add_mailbox(struct list *l, const struct mailimf_mailbox *mb)
{
	const char *name = mb->mb_display_name ? mb->mb_display_name : "";
	add(l, name, strlen(name), mb->mb_addr_spec, strlen(mb->mb_addr_spec));
}

static void add_group(struct list *l, const struct mailimf_group *g)
{
	if (!g->grp_mb_list)
		return;
	for (clistiter *i = clist_begin(g->grp_mb_list->mb_list); i; i = clist_next(i))
		add_mailbox(l, clist_content(i));
}

/* True when the grammar took the value whole. */
static bool by_grammar(struct list *l, const char *s, size_t n)
{
	struct mailimf_address_list *al = NULL;
	size_t at = 0;
	if (mailimf_address_list_parse(s, n, &at, &al) != MAILIMF_NO_ERROR)
		return false;
	while (at < n && strchr(" \t\r\n", s[at]))
		at++;
	if (at == n)
		for (clistiter *i = clist_begin(al->ad_list); i; i = clist_next(i)) {
			const struct mailimf_address *ad = clist_content(i);
			if (ad->ad_type == MAILIMF_ADDRESS_MAILBOX)
				add_mailbox(l, ad->ad_data.ad_mailbox);
			else
				add_group(l, ad->ad_data.ad_group);
		}
	size_t entries = (size_t)clist_count(al->ad_list);
	mailimf_address_list_free(al);
	return at == n && l->out->n >= entries; /* it takes words without "@" for mailboxes too */
}

/* ---- the lenient reader ---- */

struct entry {
	struct sb words;   /* outside <>, quotes kept off */
	struct sb raw;     /* the same with quotes, for a bare address */
	struct sb angle, comment;
	bool has_angle;
	size_t joined;     /* in raw, behind the last comma that was taken as part of a name */
};

static void entry_reset(struct entry *t)
{
	sb_reset(&t->words);
	sb_reset(&t->raw);
	sb_reset(&t->angle);
	sb_reset(&t->comment);
	t->has_angle = false;
	t->joined = 0;
}

static const char *read_quoted(const char *p, const char *end, struct entry *t)
{
	const char *start = p++;
	for (; p < end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		sb_addc(&t->words, *p);
	}
	p += p < end;
	sb_add(&t->raw, start, (size_t)(p - start));
	return p;
}

static const char *read_comment(const char *p, const char *end, struct sb *out)
{
	unsigned depth = 0;
	sb_reset(out);
	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end) {
			sb_addc(out, *++p);
			continue;
		}
		if (*p == '(' && depth++ == 0)
			continue;
		if (*p == ')' && --depth == 0)
			return p + 1;
		sb_addc(out, *p);
	}
	return p;
}

static const char *read_angle(const char *p, const char *end, struct entry *t)
{
	bool quoted = false;
	sb_reset(&t->angle);
	t->has_angle = true;
	for (p++; p < end && (quoted || *p != '>'); p++) {
		if (*p == '"')
			quoted = !quoted;
		if (*p == '<' && !quoted)
			sb_reset(&t->angle); /* "<<a@b>" */
		else if (quoted || !strchr(" \t\r\n", *p))
			sb_addc(&t->angle, *p);
	}
	return p < end ? p + 1 : p;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "@relay,@relay2:user@host" (RFC 5322 §4.4) */
static const char *after_route(const char *s)
{
	const char *colon = *s == '@' ? strchr(s, ':') : NULL;
	return colon ? colon + 1 : s;
}

/* No <>: the last word with an @ is the address, the rest its name. */
static void take_bare(struct list *l, struct entry *t)
{
	const char *s = t->raw.s + t->joined, *end = t->raw.s + t->raw.len;
	const char *at = memrchr(s, '@', (size_t)(end - s));
	if (!at)
		return;
	const char *b = at, *e = at;
	if (b > s && b[-1] == '"') {
		for (b--; b > s && b[-1] != '"'; b--)
			;
		b -= b > s;
	} else {
		while (b > s && !is_space(b[-1]))
			b--;
	}
	while (e < end && !is_space(*e))
		e++;
	if (t->comment.len)
		add(l, t->comment.s, t->comment.len, b, (size_t)(e - b));
	else
		add(l, s, (size_t)(b - s), b, (size_t)(e - b));
}

static void entry_done(struct list *l, struct entry *t)
{
	if (t->has_angle && t->joined && t->raw.s[t->joined + strspn(t->raw.s + t->joined, " \t\r\n")] == '\0')
		sb_reset(&t->words); /* "nobody, <a@b>": two entries after all */
	const struct sb *name = t->words.len ? &t->words : &t->comment;
	if (t->has_angle) {
		const char *addr = after_route(t->angle.s);
		size_t n = strlen(addr);
		if (n > 7 && strncasecmp(addr, "mailto:", 7) == 0)
			addr += 7, n -= 7;
		add(l, name->s, name->len, addr, n);
	} else {
		take_bare(l, t);
	}
	entry_reset(t);
}

/* At a comma: "Tanaka, Taro <t@example.jp>" without the quotes it needs. What
 * stands before is a name as long as no address was seen. */
static bool joins(struct entry *t)
{
	if (t->has_angle || !t->words.len || memchr(t->raw.s, '@', t->raw.len) || t->raw.len > NAME_MAX_BYTES)
		return false;
	sb_addc(&t->words, ',');
	sb_addc(&t->raw, ',');
	t->joined = t->raw.len;
	return true;
}

static void by_hand(struct list *l, const char *p, size_t n)
{
	const char *end = p + n;
	struct entry t = { SB_INIT, SB_INIT, SB_INIT, SB_INIT, false, 0 };
	while (p < end && l->out->n < ADDRS_MAX) {
		if (*p == '"') {
			p = read_quoted(p, end, &t);
		} else if (*p == '(') {
			p = read_comment(p, end, &t.comment);
		} else if (*p == '<') {
			p = read_angle(p, end, &t);
		} else if (*p == ',' || *p == ';') {
			if (*p == ';' || !joins(&t))
				entry_done(l, &t);
			p++;
		} else if (*p == ':' && !memchr(t.raw.s, '@', t.raw.len) && !t.has_angle) {
			entry_reset(&t); /* a group's name */
			p++;
		} else {
			if (!t.has_angle) {
				sb_addc(&t.words, *p);
				sb_addc(&t.raw, *p);
			}
			p++;
		}
	}
	entry_done(l, &t);
	sb_free(&t.words);
	sb_free(&t.raw);
	sb_free(&t.angle);
	sb_free(&t.comment);
}

void addr_list_parse(struct arena *a, const char *raw, struct msg_addrs *out)
{
	*out = (struct msg_addrs){ 0 };
	struct list l = { a, out, 0 };
	size_t n = strlen(raw);
	if (!text_is_ascii(raw, n) || strchr(raw, 033)) {
		/* first to UTF-8: charsets of Japan have , " @ \ inside characters. The
		 * space keeps two bytes at the start from counting as UTF-16's mark. */
		struct sb b = SB_INIT, spaced = SB_INIT;
		sb_addf(&spaced, " %s", raw);
		text_to_utf8(NULL, spaced.s, spaced.len, &b);
		by_hand(&l, b.s, b.len);
		sb_free(&spaced);
		sb_free(&b);
		return;
	}
	/* it would decode encoded words itself, by iconv's idea of ISO-2022-JP, and take the
	 * blank out of "Taro Yamada/Sales/Example@Example" */
	bool notes = strchr(raw, '/') && !strpbrk(raw, "<\"");
	if (n <= ETPAN_MAX && !notes && !strchr(raw, '(') && !strstr(raw, "=?") && by_grammar(&l, raw, n))
		return;
	*out = (struct msg_addrs){ 0 };
	l.cap = 0;
	by_hand(&l, raw, n);
}

/* ---- building ---- */

static bool atom_text(const char *s)
{
	for (; *s; s++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~ ", *s))
			return false;
	return true;
}

static void put_quoted(const char *s, struct sb *out)
{
	sb_addc(out, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			sb_addc(out, '\\');
		sb_addc(out, (unsigned char)*s < 32 || *s == 127 ? ' ' : *s);
	}
	sb_addc(out, '"');
}

/* Column behind the last line break of `out`, given that it began at col. */
static size_t column(const struct sb *out, size_t from, size_t col)
{
	const char *nl = memrchr(out->s + from, '\n', out->len - from);
	return nl ? (size_t)(out->s + out->len - nl - 1) : col + out->len - from;
}

/* Plain text that a reader would take for encoded words, as true ones. */
static void put_words(const char *s, struct sb *out)
{
	for (size_t n = strlen(s), k; n; s += k, n -= k) {
		k = n < 42 ? n : 42;
		sb_adds(out, "=?UTF-8?B?");
		b64_encode(s, k, out);
		sb_adds(out, n > k ? "?=\r\n " : "?=");
	}
}

void addr_format(const char *name, const char *addr, size_t col, struct sb *out)
{
	size_t from = out->len;
	if (!name || !*name) {
		sb_adds(out, addr);
		return;
	}
	if (!text_is_ascii(name, strlen(name)))
		text_encode_header(name, strlen(name), col, out);
	else if (strstr(name, "=?"))
		put_words(name, out);
	else if (atom_text(name))
		sb_adds(out, name);
	else
		put_quoted(name, out);
	sb_adds(out, column(out, from, col) + strlen(addr) + 3 > 76 ? "\r\n <" : " <");
	sb_adds(out, addr);
	sb_addc(out, '>');
}
