/*
 * The reader of json.h. It holds a place in the input, how deep it is and, in
 * one bit a level, whether that level is an object. Strings are looked through
 * 16 bytes at a time: they are most of what logs are made of.
 */
#include "text/json.h"
#include "base/arena.h"
#include "text/utf8.h"
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

bool json_fail(struct json *j, enum status st, const char *what)
{
	if (j->st == OK) {
		j->st = st;
		j->what = what;
		j->at = json_offset(j);
		j->end = j->p; /* nothing more to be read */
		j->pending = false;
	}
	return false;
}

size_t json_offset(const struct json *j)
{
	return (size_t)(j->p - j->start);
}

void json_init(struct json *j, const void *p, size_t n, unsigned depth_max)
{
	*j = (struct json){ .start = p, .p = p, .end = (const char *)p + n, .pending = true };
	j->depth_max = depth_max < JSON_DEPTH_MAX ? depth_max : JSON_DEPTH_MAX;
	if (n > JSON_BYTES_MAX)
		json_fail(j, ERR_LIMIT, "too large");
	else if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		j->p += 3;
}

/* The next byte that is no white space, or -1 at the end. */
static inline int next_byte(struct json *j)
{
	const char *p = j->p;
	if (p < j->end && (unsigned char)*p > ' ') /* nearly always */
		return (unsigned char)*p;
	while (p < j->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	j->p = p;
	return p < j->end ? (unsigned char)*p : -1;
}

enum json_type json_peek(struct json *j)
{
	int c = next_byte(j);
	switch (c) {
	case '"':
		return JSON_STRING;
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case 't':
	case 'f':
		return JSON_BOOL;
	case 'n':
		return JSON_NULL;
	default:
		return c == '-' || (c >= '0' && c <= '9') ? JSON_NUMBER : JSON_NONE;
	}
}

/* ---- strings ---- */

static int hex4(const char *p)
{
	int v = 0;
	for (int i = 0; i < 4; i++) {
		int c = (unsigned char)p[i], low = c | 0x20;
		int d = c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

/* The length of the escape at p, 0 if it is none. */
static inline size_t escape_len(const char *p, const char *end)
{
	if (end - p < 2)
		return 0;
	switch (p[1]) {
	case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
		return 2;
	case 'u':
		break;
	default:
		return 0;
	}
	int hi = end - p >= 6 ? hex4(p + 2) : -1;
	if (hi < 0 || (hi >= 0xDC00 && hi <= 0xDFFF))
		return 0;
	if (hi < 0xD800 || hi > 0xDBFF)
		return 6;
	int lo = end - p >= 12 && p[6] == '\\' && p[7] == 'u' ? hex4(p + 8) : -1;
	return lo >= 0xDC00 && lo <= 0xDFFF ? 12 : 0;
}

/* Past what needs no look: everything but quotes, backslashes, control
 * characters and bytes of UTF-8 beyond ASCII. */
static inline const char *plain(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
	while (end - p >= 16) {
		__m128i v = _mm_loadu_si128((const void *)p);
		__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash));
		hit = _mm_or_si128(hit, _mm_cmplt_epi8(v, space)); /* signed: also 80..FF */
		unsigned mask = (unsigned)_mm_movemask_epi8(hit);
		if (mask)
			return p + __builtin_ctz(mask);
		p += 16;
	}
#endif
	while (p < end && (signed char)*p >= ' ' && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* Past characters beyond ASCII; NULL: malformed. Kana and kanji (three bytes)
 * take the short way. */
static inline const char *beyond_ascii(const char *p, const char *end)
{
	while (p < end && (unsigned char)*p >= 0x80) {
		unsigned char c = (unsigned char)*p;
		uint32_t cp;
		if (end - p >= 3 && c > 0xE0 && c < 0xED && ((unsigned char)p[1] & 0xC0) == 0x80 && ((unsigned char)p[2] & 0xC0) == 0x80) {
			p += 3;
			continue;
		}
		p += utf8_get(p, (size_t)(end - p), &cp);
		if (cp == UTF8_BAD)
			return NULL;
	}
	return p;
}

/* j->p is at the opening quote. */
static bool take_string(struct json *j, struct json_str *s_r)
{
	const char *p = j->p + 1, *from = p, *q;
	bool escaped = false;
	for (;;) {
		p = plain(p, j->end);
		if (p < j->end && *p == '"')
			break;
		j->p = p;
		if (p == j->end)
			return json_fail(j, ERR_PERM, "a string has no end");
		if (*p == '\\') {
			size_t n = escape_len(p, j->end);
			if (!n)
				return json_fail(j, ERR_PERM, "an escape that is none");
			escaped = true;
			p += n;
		} else if ((unsigned char)*p < ' ') {
			return json_fail(j, ERR_PERM, "a control character in a string");
		} else if ((q = beyond_ascii(p, j->end)) == NULL) {
			return json_fail(j, ERR_PERM, "a string is not UTF-8");
		} else {
			p = q;
		}
	}
	*s_r = (struct json_str){ from, (size_t)(p - from), escaped };
	j->p = p + 1;
	return true;
}

/* One decoded character of a checked string; returns its bytes in out. */
static size_t decode_one(const char **at, const char *end, char out[4])
{
	static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
	const char *p = *at;
	if (*p != '\\') {
		size_t n = 1;
		while (p + n < end && ((unsigned char)p[n] & 0xC0) == 0x80 && n < 4)
			n++;
		memcpy(out, p, n);
		*at = p + n;
		return n;
	}
	if (p[1] != 'u') {
		const char *hit = strchr(names, p[1]);
		*at = p + 2;
		out[0] = hit ? values[hit - names] : p[1];
		return 1;
	}
	uint32_t cp = (uint32_t)hex4(p + 2);
	*at = p + 6;
	if (cp >= 0xD800 && cp <= 0xDBFF) {
		cp = 0x10000 + ((cp - 0xD800) << 10) + ((uint32_t)hex4(p + 8) - 0xDC00);
		*at = p + 12;
	}
	return utf8_bytes(cp, out);
}

bool json_eq_decoded(const struct json_str *s, const char *text)
{
	char c[4];
	for (const char *p = s->s, *end = p + s->n; p < end;) {
		size_t n = decode_one(&p, end, c);
		if (strncmp(text, c, n) != 0)
			return false;
		text += n;
	}
	return *text == '\0';
}

bool json_copy(const struct json_str *s, char *buf, size_t cap)
{
	size_t used = 0;
	if (!s->escaped) {
		used = utf8_head(s->s, s->n, cap - 1);
		memcpy(buf, s->s, used);
		buf[used] = '\0';
		return used == s->n;
	}
	char c[4];
	for (const char *p = s->s, *end = p + s->n; p < end;) {
		size_t n = decode_one(&p, end, c);
		if (n >= cap - used) {
			buf[used] = '\0';
			return false;
		}
		memcpy(buf + used, c, n);
		used += n;
	}
	buf[used] = '\0';
	return true;
}

char *json_dup(const struct json_str *s, struct arena *a)
{
	char *to = arena_alloc(a, s->n + 1); /* decoding never lengthens */
	json_copy(s, to, s->n + 1);
	return to;
}

/* ---- values ---- */

static bool wrong(struct json *j, const char *what)
{
	return json_fail(j, ERR_PERM, json_peek(j) == JSON_NONE ? "a value is missing" : what);
}

static bool enter(struct json *j, bool object)
{
	if (j->depth >= j->depth_max)
		return json_fail(j, ERR_LIMIT, "too deep");
	j->p++;
	j->depth++;
	j->kinds = j->kinds << 1 | object;
	j->first = true;
	j->pending = false;
	return true;
}

bool json_object(struct json *j)
{
	return next_byte(j) == '{' ? enter(j, true) : wrong(j, "an object is expected");
}

bool json_array(struct json *j)
{
	return next_byte(j) == '[' ? enter(j, false) : wrong(j, "an array is expected");
}

/* To the next element of the innermost container; false when it is closed. */
static bool advance(struct json *j, bool object)
{
	if (j->st == OK && (!j->depth || (j->kinds & 1) != object))
		return json_fail(j, ERR_BUG, "read as another kind of container");
	if (j->pending && !json_skip(j))
		return false;
	int c = next_byte(j);
	if (c == (object ? '}' : ']')) {
		j->p++;
		j->depth--;
		j->kinds >>= 1;
		j->first = false;
		return false;
	}
	if (!j->first && c != ',')
		return json_fail(j, ERR_PERM, "a comma or the end of a list is expected");
	j->p += !j->first;
	j->first = false;
	return j->st == OK;
}

bool json_key(struct json *j, struct json_str *key_r)
{
	if (!advance(j, true))
		return false;
	if (next_byte(j) != '"')
		return json_fail(j, ERR_PERM, "a member's name is expected");
	if (!take_string(j, key_r))
		return false;
	if (next_byte(j) != ':')
		return json_fail(j, ERR_PERM, "a colon is expected");
	j->p++;
	j->pending = true;
	return true;
}

bool json_item(struct json *j)
{
	if (!advance(j, false))
		return false;
	j->pending = true;
	return true;
}

bool json_string(struct json *j, struct json_str *s_r)
{
	if (next_byte(j) != '"')
		return wrong(j, "a string is expected");
	if (!take_string(j, s_r))
		return false;
	j->pending = false;
	return true;
}

char *json_text(struct json *j, struct arena *a)
{
	struct json_str s;
	return json_string(j, &s) ? json_dup(&s, a) : NULL;
}

static bool take_word(struct json *j, const char *word, size_t n)
{
	if ((size_t)(j->end - j->p) < n || memcmp(j->p, word, n) != 0)
		return json_fail(j, ERR_PERM, "a word that is none");
	j->p += n;
	j->pending = false;
	return true;
}

bool json_bool(struct json *j, bool *v_r)
{
	if (json_peek(j) != JSON_BOOL)
		return wrong(j, "true or false is expected");
	bool v = *j->p == 't';
	if (!(v ? take_word(j, "true", 4) : take_word(j, "false", 5)))
		return false;
	*v_r = v;
	return true;
}

bool json_null(struct json *j)
{
	return json_peek(j) == JSON_NULL && take_word(j, "null", 4);
}

bool json_skip(struct json *j)
{
	unsigned floor = j->depth;
	struct json_str s;
	bool b;
	do {
		if (j->depth > floor && !(j->kinds & 1 ? json_key(j, &s) : json_item(j)))
			continue;
		switch (json_peek(j)) {
		case JSON_STRING:
			json_string(j, &s);
			break;
		case JSON_NUMBER:
			json_number(j, &s);
			break;
		case JSON_OBJECT:
			json_object(j);
			break;
		case JSON_ARRAY:
			json_array(j);
			break;
		case JSON_BOOL:
			json_bool(j, &b);
			break;
		case JSON_NULL:
			json_null(j);
			break;
		case JSON_NONE:
			wrong(j, "");
		}
	} while (j->st == OK && j->depth > floor);
	return j->st == OK;
}

bool json_raw(struct json *j, struct json_str *raw_r)
{
	next_byte(j);
	const char *from = j->p;
	if (!json_skip(j))
		return false;
	*raw_r = (struct json_str){ from, (size_t)(j->p - from), false };
	return true;
}

enum status json_end(struct json *j, struct err *e)
{
	if (j->st == OK && j->depth)
		json_fail(j, ERR_BUG, "a container was not read to its end");
	if (j->pending)
		json_skip(j);
	if (j->st == OK && next_byte(j) >= 0)
		json_fail(j, ERR_PERM, "something behind the value");
	if (j->st == OK)
		return OK;
	return err_set(e, j->st, "JSON, byte %llu: %s", (unsigned long long)j->at, j->what);
}
