/*
 * Numbers of json.h: the grammar of RFC 8259 §6, and what they come to. Exact
 * where a double is exact; else strtod, which needs the C locale (no program
 * here sets another).
 */
#include "text/json.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* The end of the number at p; NULL: none. */
static const char *number_end(const char *p, const char *end)
{
	const char *from;
	p += p < end && *p == '-';
	from = p;
	p = digits(p, end);
	if (p == from || (*from == '0' && p - from > 1))
		return NULL;
	if (p < end && *p == '.') {
		from = ++p;
		if ((p = digits(p, end)) == from)
			return NULL;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		p += p < end && (*p == '+' || *p == '-');
		from = p;
		if ((p = digits(p, end)) == from)
			return NULL;
	}
	return p;
}

bool json_number(struct json *j, struct json_str *raw_r)
{
	if (json_peek(j) != JSON_NUMBER)
		return json_fail(j, ERR_PERM, "a number is expected");
	const char *end = number_end(j->p, j->end);
	if (!end)
		return json_fail(j, ERR_PERM, "a number that is none");
	if (end - j->p > JSON_NUMBER_MAX)
		return json_fail(j, ERR_LIMIT, "a number is too long");
	*raw_r = (struct json_str){ j->p, (size_t)(end - j->p), false };
	j->p = end;
	j->pending = false;
	return true;
}

/* At most 18 digits and nothing behind that belongs to a number: most that come. */
static bool short_int(struct json *j, int64_t *v_r)
{
	const char *p = j->p, *end = j->end - j->p > 19 ? p + 19 : j->end;
	bool minus = p < end && *p == '-';
	uint64_t v = 0; /* 19 digits fit */
	const char *from = p += minus;
	for (; p < end && *p >= '0' && *p <= '9'; p++)
		v = v * 10 + (unsigned)(*p - '0');
	if (p == from || p == end || (*from == '0' && p - from > 1) || *p == '.' || (*p | 0x20) == 'e')
		return false;
	*v_r = minus ? -(int64_t)v : (int64_t)v;
	j->p = p;
	j->pending = false;
	return true;
}

bool json_int(struct json *j, int64_t *v_r)
{
	struct json_str s;
	uint64_t v = 0;
	if (json_peek(j) == JSON_NUMBER && short_int(j, v_r))
		return true;
	if (!json_number(j, &s))
		return false;
	bool minus = *s.s == '-';
	for (size_t i = minus; i < s.n; i++) {
		unsigned d = (unsigned)(s.s[i] - '0');
		if (d > 9)
			return json_fail(j, ERR_PERM, "a whole number is expected");
		if (v > (UINT64_MAX - d) / 10)
			return json_fail(j, ERR_PERM, "a number is out of range");
		v = v * 10 + d;
	}
	if (v > (uint64_t)INT64_MAX + minus)
		return json_fail(j, ERR_PERM, "a number is out of range");
	*v_r = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

bool json_double(struct json *j, double *v_r)
{
	struct json_str s;
	char text[JSON_NUMBER_MAX + 1];
	if (!json_number(j, &s))
		return false;
	memcpy(text, s.s, s.n);
	text[s.n] = '\0';
	double v = strtod(text, NULL);
	if (!isfinite(v))
		return json_fail(j, ERR_PERM, "a number is out of range");
	*v_r = v;
	return true;
}
