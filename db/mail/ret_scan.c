/*
 * Small readers of return mails: codes, addresses, clean lines.
 * SECURITY: hostile bytes; bounded, linear.
 */
#include "addr.h"
#include "ret_impl.h"
#include "text/hdrword.h"
#include "text/utf8.h"
#include <string.h>
#include <strings.h>

enum { LOCAL_MAX = 64, DOMAIN_MAX = 255 };

const char *ret_line(struct arena *a, const char *p, size_t n)
{
	struct sb b = SB_INIT, line = SB_INIT;
	text_decode_header(p, n > 4 * RET_DIAG_MAX ? 4 * RET_DIAG_MAX : n, &b);
	text_one_line(b.s, b.len, &line);
	size_t k = utf8_head(line.s, line.len, RET_DIAG_MAX);
	while (k && line.s[k - 1] == ' ')
		k--;
	const char *s = arena_memdup(a, line.s, k);
	sb_free(&b);
	sb_free(&line);
	return s;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool alnum(char c)
{
	return digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* ---- codes ---- */

size_t ret_status_len(const char *p, const char *begin, const char *end)
{
	size_t left = (size_t)(end - p), n = 4;
	if (left < 5 || !strchr("245", p[0]) || p[1] != '.' || !digit(p[2]) || p[2] > '7' || p[3] != '.' || !digit(p[4]))
		return 0;
	if (p > begin && (alnum(p[-1]) || p[-1] == '.'))
		return 0;
	while (n < left && n < 8 && digit(p[n]))
		n++;
	if (n > 7 || (n < left && (alnum(p[n]) || p[n] == '_')))
		return 0;
	return n + 1 < left && p[n] == '.' && digit(p[n + 1]) ? 0 : n;
}

/* A reply code at p: 4yz or 5yz that SMTP servers give, no number of anything. */
static bool is_code(const char *p, const char *begin, const char *end)
{
	static const char *const units[] = { "kb", "mb", "byte", "sec", "min", "hour", "day", "%" };
	const char *q = p + 3;
	if (end - p < 3 || (*p != '4' && *p != '5') || p[1] < '0' || p[1] > '7' || !digit(p[2]))
		return false;
	if (p > begin && (alnum(p[-1]) || strchr(".@/_$", p[-1])))
		return false;
	if (q < end && (alnum(*q) || *q == '_' || *q == '/' || *q == '@' || ((*q == '.' || *q == ',') && q + 1 < end && digit(q[1]) && !ret_status_len(q + 1, q + 1, end))))
		return false;
	while (q < end && *q == ' ')
		q++;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if ((size_t)(end - q) >= strlen(units[i]) && strncasecmp(q, units[i], strlen(units[i])) == 0)
			return false;
	return p[1] <= '5' || memcmp(p + 1, "71", 2) == 0;
}

static void keep(char to[RET_CODE], const char *p, size_t n)
{
	memcpy(to, p, n);
	to[n] = '\0';
}

static bool generic(const char *status)
{
	return strcmp(status + 1, ".0.0") == 0;
}

void ret_codes(const char *text, size_t n, char code[RET_CODE], char status[RET_CODE])
{
	const char *end = text + n, *code_at = NULL;
	bool beside = false;
	code[0] = status[0] = '\0';
	for (const char *p = text; p < end; p++) {
		size_t k;
		if (*p != '4' && *p != '5')
			continue;
		if ((k = ret_status_len(p, text, end))) {
			bool next_to_code = code_at && p - code_at <= 6 && p[0] == code_at[0];
			if (!*status || (generic(status) && !beside) || (next_to_code && !beside)) {
				keep(status, p, k);
				if (next_to_code)
					keep(code, code_at, 3);
				beside = next_to_code;
			}
			p += k - 1;
		} else if (is_code(p, text, end)) {
			code_at = p;
			if (!*code)
				keep(code, p, 3);
			p += 2;
		}
	}
}

void ret_part_lines(const struct msg_part *p, size_t max, struct sb *out)
{
	size_t at = out->len;
	(void)!msg_part_bytes(p, max, out, NULL); /* what fits is enough */
	if (out->len > at && !memchr(out->s + at, '\n', out->len - at))
		for (size_t i = at; i < out->len; i++)
			if (out->s[i] == '\r')
				out->s[i] = '\n';
}

/* ---- names ---- */

/* "mx.example.jp", not "5.1.1" and not the end of a sentence. */
static bool is_name(const char *p, const char *end)
{
	if (memchr(p, '@', (size_t)(end - p)) || memmem(p, (size_t)(end - p), "://", 3))
		return true;
	for (const char *q = p + 1; q + 1 < end; q++)
		if (*q == '.' && alnum(q[-1]) && alnum(q[1]) && !digit(q[1]))
			return true;
	return false;
}

void ret_blank_names(struct sb *folded)
{
	static const char gaps[] = " <>()[]\"',;";
	const char *end = folded->s + folded->len;
	for (char *p = folded->s, *e; p < end; p = e + 1) {
		for (e = p; e < end && (!*e || !strchr(gaps, *e));)
			e++;
		if (is_name(p, e))
			memset(p, ' ', (size_t)(e - p));
	}
}

/* ---- addresses ---- */

static bool local_char(char c)
{
	return (unsigned char)c > 32 && (unsigned char)c < 127 && !strchr("<>()[],;:\"\\@", c);
}

/* "SMTP=user@…" in an X.400 name, "to=user@…" in a log line. */
static size_t label_len(const char *b, const char *at)
{
	static const char *const labels[] = { "smtp=", "to=", "rfc822=", "orig_to=", "recipient=", "rcpt=", "email=", "address=" };
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		size_t n = strlen(labels[i]);
		if ((size_t)(at - b) > n && strncasecmp(b, labels[i], n) == 0)
			return n;
	}
	return 0;
}

static const char *local_begin(const char *at, const char *pos)
{
	const char *b = at;
	if (b > pos && b[-1] == '"') { /* "a b"@example.jp */
		for (b--; b > pos && at - b < LOCAL_MAX && b[-1] != '"' && b[-1] != '\n'; b--)
			;
		return b > pos && b[-1] == '"' ? b - 1 : at;
	}
	while (b > pos && at - b < LOCAL_MAX && local_char(b[-1]))
		b--;
	while (b < at && strchr("'`*=|", *b)) /* quoting, lists: no address begins so */
		b++;
	return b + label_len(b, at);
}

static const char *domain_end(const char *at, const char *end)
{
	const char *e = at + 1;
	while (e < end && e - at <= DOMAIN_MAX && (alnum(*e) || *e == '.' || *e == '-'))
		e++;
	while (e > at && (e[-1] == '.' || e[-1] == '-'))
		e--;
	return e;
}

bool ret_addr_next(const char *pos, const char *end, const char **b_r, const char **e_r)
{
	for (const char *at = pos; at < end && (at = memchr(at, '@', (size_t)(end - at))); at++) {
		const char *b = local_begin(at, pos), *e = domain_end(at, end);
		if (b < at && memchr(at, '.', (size_t)(e - at))) {
			*b_r = b;
			*e_r = e;
			return true;
		}
	}
	return false;
}

char *ret_addr(struct arena *a, const char *p, size_t n)
{
	char *s = arena_memdup(a, p, n), *at = strrchr(s, '@');
	for (char *c = at ? at : s + n; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	return s;
}

bool ret_is_daemon(const char *addr)
{
	static const char *const names[] = { "mailer-daemon", "mailer_daemon", "mailerdaemon", "mail-daemon", "maildaemon",
					     "postmaster", "post_master", "mail.daemon", "mmdf", "mdaemon", "double-bounce" };
	size_t n = strcspn(addr, "@\\");
	if (strncasecmp(addr, "microsoftexchange", 17) == 0) /* and 32 digits of its own */
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == n && strncasecmp(addr, names[i], n) == 0)
			return true;
	return false;
}
