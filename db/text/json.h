#ifndef TEXT_JSON_H
#define TEXT_JSON_H
/*
 * JSON (RFC 8259), pulled: the caller walks, nothing is built, nothing is
 * allocated but what a caller's arena takes. One reader on the stack, one pass.
 *
 *	struct json j;
 *	struct json_str key;
 *	json_init(&j, p, n, 8);
 *	json_object(&j);
 *	while (json_key(&j, &key)) {
 *		if (json_eq(&key, "seq"))
 *			json_int(&j, &seq);
 *		else if (json_eq(&key, "list"))
 *			for (json_array(&j); json_item(&j);)
 *				json_string(&j, &s);
 *	}                                   a value nobody read is skipped
 *	return json_end(&j, e);
 *
 * The first error stays: every later call returns false, loops end by
 * themselves, json_end tells it with its offset. So a walk needs no check but
 * the last, as long as it acts on values only when the call said true.
 *
 * Strict: UTF-8 without surrogates or overlong forms, \uD83D only with its
 * second half, no control characters in strings, no trailing commas, nothing
 * behind the value. What was skipped is held to the same. Tolerated: a UTF-8
 * BOM in front. A name that comes twice is returned twice. \u0000 decodes to
 * U+FFFD, so that a decoded text is a C string.
 *
 * SECURITY: input is hostile. Depth is bounded by the caller and JSON_DEPTH_MAX,
 * size by JSON_BYTES_MAX, a number's text by JSON_NUMBER_MAX; there is no
 * recursion. Time is linear. Portable: libc and db/base only, also for Windows.
 */
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

#define JSON_BYTES_MAX ((size_t)1 << 30)
enum {
	JSON_DEPTH_MAX = 64,
	JSON_NUMBER_MAX = 64 /* bytes of a number as written */
};

enum json_type { JSON_NONE, JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_OBJECT, JSON_ARRAY };

/* A string between its quotes as it is written, or a value's raw text; points
 * into the input. */
struct json_str {
	const char *s;
	size_t n;
	bool escaped; /* holds backslashes: decode before use */
};

struct json { /* the reader's own; no field is for callers */
	const char *start, *p, *end;
	uint64_t kinds; /* bit 0: the innermost container is an object */
	unsigned depth, depth_max;
	bool first;   /* just entered: no comma yet */
	bool pending; /* a value is to be read */
	enum status st;
	const char *what;
	size_t at;
};

/* p[0..n) stays the caller's and must outlive the reader. depth_max counts
 * containers within one another (1: one flat object). */
void json_init(struct json *j, const void *p, size_t n, unsigned depth_max);

/* What comes next. JSON_NONE: no value (or an error before). */
enum json_type json_peek(struct json *j);

/* Into the container that comes next; false (an error) if it is none. Leave it
 * by calling json_key or json_item until they say false. */
bool json_object(struct json *j);
bool json_array(struct json *j);
/* The next member's name, the next item; false at the container's end, which
 * is then left. */
bool json_key(struct json *j, struct json_str *key_r);
bool json_item(struct json *j);

/* The value that comes next. Another type, or a number that does not fit, is an
 * error: whoever tolerates others peeks first. Nothing is written on false. */
bool json_string(struct json *j, struct json_str *s_r);
bool json_int(struct json *j, int64_t *v_r);   /* no fraction, no exponent */
bool json_double(struct json *j, double *v_r);
bool json_number(struct json *j, struct json_str *raw_r);
bool json_bool(struct json *j, bool *v_r);
bool json_null(struct json *j);                /* true: it was null. Else nothing happened */
bool json_skip(struct json *j);
bool json_raw(struct json *j, struct json_str *raw_r); /* skipped, with its bytes */
/* A string, decoded into the arena; NULL on error. */
char *json_text(struct json *j, struct arena *a);

/* Decoded: equal to a C string? Inline: a literal costs a few instructions. */
bool json_eq_decoded(const struct json_str *s, const char *text);
static inline bool json_eq(const struct json_str *s, const char *text)
{
	size_t n = strlen(text);
	return s->escaped ? json_eq_decoded(s, text) : s->n == n && memcmp(s->s, text, n) == 0;
}
/* Decoded into buf with a NUL, cut between characters if it must; false when
 * it was cut. cap > 0; n + 1 always suffices. */
bool json_copy(const struct json_str *s, char *buf, size_t cap);
char *json_dup(const struct json_str *s, struct arena *a);

/* An error of the caller's own at this place (a limit, a value that can't be);
 * `what` must live on. Returns false. */
bool json_fail(struct json *j, enum status st, const char *what);
/* Reads an unread root, then: was everything well and is nothing behind it?
 * ERR_PERM: no JSON; ERR_LIMIT: too deep or too large; what json_fail was told. */
enum status json_end(struct json *j, struct err *e) must_check;
/* Bytes read so far. */
size_t json_offset(const struct json *j);

#endif
