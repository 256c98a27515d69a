#ifndef TEXT_JSON_PUT_H
#define TEXT_JSON_PUT_H
/*
 * JSON written to a string buffer; the one way this system does it. Commas come
 * by themselves; that names and values alternate and what was opened is closed
 * is the caller's.
 *
 *	struct json_put o = { &out, false };
 *	json_put_open(&o, '{');
 *	json_put_key(&o, "seq");
 *	json_put_int(&o, 12);
 *	json_put_close(&o, '}');
 *
 * Texts are UTF-8; a byte that is none comes out as U+FFFD, so that the result
 * is always valid. Portable like json.h.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

struct json_put {
	struct sb *out;
	bool comma; /* one is due before the next element */
};

void json_put_open(struct json_put *o, char bracket);  /* '{' or '[' */
void json_put_close(struct json_put *o, char bracket); /* '}' or ']' */
void json_put_key(struct json_put *o, const char *name);
void json_put_text(struct json_put *o, const char *s); /* NULL: null */
void json_put_bytes(struct json_put *o, const char *s, size_t n);
void json_put_int(struct json_put *o, int64_t v);
void json_put_double(struct json_put *o, double v);    /* null when it is no number */
void json_put_bool(struct json_put *o, bool v);
void json_put_null(struct json_put *o);
void json_put_raw(struct json_put *o, const char *s, size_t n); /* JSON already */

/* A name and its value at once. */
void json_put_text_at(struct json_put *o, const char *name, const char *s);
void json_put_int_at(struct json_put *o, const char *name, int64_t v);
void json_put_bool_at(struct json_put *o, const char *name, bool v);

#endif
