/* The writer of json_put.h. */
#include "text/json_put.h"
#include "text/utf8.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void before(struct json_put *o)
{
	if (o->comma)
		sb_addc(o->out, ',');
	o->comma = true;
}

void json_put_open(struct json_put *o, char bracket)
{
	before(o);
	sb_addc(o->out, bracket);
	o->comma = false;
}

void json_put_close(struct json_put *o, char bracket)
{
	sb_addc(o->out, bracket);
	o->comma = true;
}

static void escape(struct sb *out, unsigned char c)
{
	static const char plain[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
	const char *hit = c ? strchr(plain, c) : NULL;
	char text[7];
	if (hit) {
		text[0] = '\\';
		text[1] = names[hit - plain];
		sb_add(out, text, 2);
	} else {
		sb_add(out, text, (size_t)snprintf(text, sizeof text, "\\u%04x", (unsigned)c));
	}
}

static void quoted(struct sb *out, const char *s, size_t n)
{
	const char *end = s + n, *from = s;
	sb_addc(out, '"');
	while (s < end) {
		uint32_t cp;
		size_t len = utf8_get(s, (size_t)(end - s), &cp);
		if (cp >= ' ' && cp != '"' && cp != '\\' && cp != UTF8_BAD) {
			s += len;
			continue;
		}
		sb_add(out, from, (size_t)(s - from));
		if (cp == UTF8_BAD)
			sb_adds(out, UTF8_FFFD);
		else
			escape(out, (unsigned char)cp);
		from = s += len;
	}
	sb_add(out, from, (size_t)(s - from));
	sb_addc(out, '"');
}

void json_put_key(struct json_put *o, const char *name)
{
	before(o);
	quoted(o->out, name, strlen(name));
	sb_addc(o->out, ':');
	o->comma = false;
}

void json_put_bytes(struct json_put *o, const char *s, size_t n)
{
	before(o);
	quoted(o->out, s, n);
}

void json_put_text(struct json_put *o, const char *s)
{
	if (s)
		json_put_bytes(o, s, strlen(s));
	else
		json_put_null(o);
}

void json_put_raw(struct json_put *o, const char *s, size_t n)
{
	before(o);
	sb_add(o->out, s, n);
}

void json_put_int(struct json_put *o, int64_t v)
{
	char text[24];
	json_put_raw(o, text, (size_t)snprintf(text, sizeof text, "%" PRId64, v));
}

/* Shortest of the two forms that reads back as the same number. */
void json_put_double(struct json_put *o, double v)
{
	char text[40];
	if (!isfinite(v)) {
		json_put_null(o);
		return;
	}
	int n = snprintf(text, sizeof text, "%.15g", v);
	double back = strtod(text, NULL);
	if (memcmp(&back, &v, sizeof v) != 0)
		n = snprintf(text, sizeof text, "%.17g", v);
	json_put_raw(o, text, (size_t)n);
}

void json_put_bool(struct json_put *o, bool v)
{
	json_put_raw(o, v ? "true" : "false", v ? 4 : 5);
}

void json_put_null(struct json_put *o)
{
	json_put_raw(o, "null", 4);
}

void json_put_text_at(struct json_put *o, const char *name, const char *s)
{
	json_put_key(o, name);
	json_put_text(o, s);
}

void json_put_int_at(struct json_put *o, const char *name, int64_t v)
{
	json_put_key(o, name);
	json_put_int(o, v);
}

void json_put_bool_at(struct json_put *o, const char *name, bool v)
{
	json_put_key(o, name);
	json_put_bool(o, v);
}
