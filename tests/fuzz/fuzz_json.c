/*
 * Any bytes as JSON: no crash; walking and skipping agree; what was read and
 * written again is JSON and stays the same when that is done once more; every
 * decoded text is UTF-8.
 */
#include "text/charset.h"
#include "text/json.h"
#include "text/json_put.h"
#include <stdlib.h>
#include <string.h>

enum { DEEP = 16 };

static void must(int ok)
{
	if (!ok)
		abort();
}

static char *decoded(const struct json_str *s)
{
	char *to = malloc(s->n + 1), part[5];
	must(to && json_copy(s, to, s->n + 1));
	must(text_is_utf8(to, strlen(to)) && json_eq(s, to));
	json_copy(s, part, sizeof part);
	must(strncmp(to, part, strlen(part)) == 0 && text_is_utf8(part, strlen(part)));
	return to;
}

static void put_string(struct json_put *o, const struct json_str *s, void (*put)(struct json_put *, const char *))
{
	char *t = decoded(s);
	put(o, t);
	free(t);
}

static void copy_value(struct json *j, struct json_put *o)
{
	struct json_str s;
	bool b = false;
	switch (json_peek(j)) {
	case JSON_OBJECT:
		json_put_open(o, '{');
		for (json_object(j); json_key(j, &s); copy_value(j, o))
			put_string(o, &s, json_put_key);
		json_put_close(o, '}');
		break;
	case JSON_ARRAY:
		json_put_open(o, '[');
		for (json_array(j); json_item(j);)
			copy_value(j, o);
		json_put_close(o, ']');
		break;
	case JSON_STRING:
		if (json_string(j, &s))
			put_string(o, &s, json_put_text);
		break;
	case JSON_NUMBER:
		if (json_number(j, &s))
			json_put_raw(o, s.s, s.n);
		break;
	case JSON_BOOL:
		if (json_bool(j, &b))
			json_put_bool(o, b);
		break;
	default:
		if (json_null(j))
			json_put_null(o);
		else
			json_skip(j);
	}
}

/* Every number as every type: only that nothing breaks. */
static void numbers(const void *p, size_t n)
{
	struct json j, i;
	int64_t v;
	double d;
	json_init(&j, p, n, DEEP);
	for (json_array(&j); json_item(&j);) {
		i = j;
		json_int(&i, &v);
		i = j;
		json_double(&i, &d);
	}
	struct err e;
	(void)!json_end(&j, &e);
}

static enum status again(const void *p, size_t n, struct sb *out)
{
	struct json_put o = { out, false };
	struct json j, skip;
	struct err e, f;
	json_init(&j, p, n, DEEP);
	json_init(&skip, p, n, DEEP);
	copy_value(&j, &o);
	enum status st = json_end(&j, &e);
	must(json_end(&skip, &f) == st);
	must(st == OK ? json_offset(&j) == json_offset(&skip) : strcmp(e.msg, f.msg) == 0);
	return st;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	struct sb once = SB_INIT, twice = SB_INIT;
	if (again(data, n, &once) == OK) {
		must(again(once.s, once.len, &twice) == OK);
		must(once.len == twice.len && memcmp(once.s, twice.s, once.len) == 0);
	}
	numbers(data, n);
	sb_free(&once);
	sb_free(&twice);
	return 0;
}
