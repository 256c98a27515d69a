/*
 * The fields of a delivery report (RFC 3464 §2, RFC 6533), as mail systems
 * really write them: blank lines inside a block, none between two, fields
 * missing, types missing, continuations without their white space.
 * SECURITY: hostile bytes; linear, at most RET_RCPTS_MAX recipients.
 */
#include "addr.h"
#include "ret_impl.h"
#include <string.h>
#include <strings.h>

struct block {
	const char *original, *final, *actual, *action, *status, *diag, *remote;
};

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Behind "type;" as in "rfc822; user@example.jp". */
static const char *behind_type(const char *p, const char *end)
{
	const char *q = p;
	while (q < end && q - p < 24 && *q != ';' && *q != '@' && *q != ' ' && *q != '<')
		q++;
	while (q < end && blank(*q))
		q++;
	if (q < end && *q == ';')
		p = q + 1;
	while (p < end && blank(*p))
		p++;
	return p;
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* xtext of RFC 3461 §4: only what it must have encoded, "+" and "="; more could
 * be somebody's own +20. \x{HEX} of RFC 6533 stays as it is read. */
static const char *un_xtext(struct arena *a, const char *s)
{
	char *o = arena_strdup(a, s), *k = o;
	for (const char *p = s; *p; p++) {
		int c = *p == '+' && hex(p[1]) >= 0 && hex(p[2]) >= 0 ? hex(p[1]) * 16 + hex(p[2]) : 0;
		*k++ = c == '+' || c == '=' ? (char)c : *p;
		p += c == '+' || c == '=' ? 2 : 0;
	}
	*k = '\0';
	return o;
}

/* The address of a recipient field, or "" if it names none. */
static const char *address(struct arena *a, const struct hdr_field *f)
{
	const char *end = f->val + f->val_len, *p = behind_type(f->val, end), *b, *e;
	const char *open = memchr(p, '<', (size_t)(end - p));
	const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
	if (close && close - open > 1 && close - open < 320)
		p = open + 1, end = close;
	const char *s = ret_line(a, p, (size_t)(end - p));
	const char *last = s + strlen(s);
	if (ret_addr_next(s, last, &b, &e))
		return ret_addr(a, b, (size_t)(e - b));
	if (strncasecmp(s, "mailto:", 7) == 0)
		s += 7;
	/* "鈴木@例え.テスト", "user@localhost": no plain address, but one */
	return addr_is_sane(s) ? ret_addr(a, s, strlen(s)) : "";
}

static const char *action_of(const char *v, size_t n)
{
	static const struct {
		const char *begins, *action;
	} t[] = {
		{ "fail", "failed" },       { "delay", "delayed" },   { "deliverable", "delivered" }, { "delivered", "delivered" },
		{ "relay", "relayed" },     { "expand", "expanded" }, { "undeliver", "failed" },      { "error", "failed" },
		{ "expire", "failed" },     { "reject", "failed" },   { "bounce", "failed" },         { "transient", "delayed" },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		if (n >= strlen(t[i].begins) && strncasecmp(v, t[i].begins, strlen(t[i].begins)) == 0)
			return t[i].action;
	return "";
}

static const char *status_of(struct arena *a, const char *v, size_t n)
{
	for (const char *p = v; p < v + n; p++) {
		size_t k = ret_status_len(p, v, v + n);
		if (k)
			return arena_memdup(a, p, k);
	}
	return "";
}

/* Lines that belong to the value, but lost their white space in front. */
static const char *value_end(const struct hdr_field *f, const char *end)
{
	struct line l;
	const char *e = f->end;
	while (hdr_line(e, end, false, &l) && !hdr_blank(&l) && !hdr_looks_like(&l))
		e = l.next;
	return e > f->end ? e : f->val + f->val_len;
}

static void read_field(struct arena *a, const struct hdr_field *f, const char *end, struct block *b)
{
	if (hdr_is(f, "Final-Recipient"))
		b->final = address(a, f);
	else if (hdr_is(f, "Original-Recipient"))
		b->original = address(a, f);
	else if (hdr_is(f, "X-Actual-Recipient"))
		b->actual = address(a, f);
	else if (hdr_is(f, "Action") && !b->action)
		b->action = action_of(f->val, f->val_len);
	else if (hdr_is(f, "Status") && !b->status)
		b->status = status_of(a, f->val, f->val_len);
	else if (hdr_is(f, "Remote-MTA") && !b->remote)
		b->remote = ret_line(a, behind_type(f->val, f->val + f->val_len), (size_t)(f->val + f->val_len - behind_type(f->val, f->val + f->val_len)));
	else if ((hdr_is(f, "Diagnostic-Code") || hdr_is(f, "X-Supplementary-Info")) && (!b->diag || !*b->diag)) {
		const char *last = value_end(f, end), *p = behind_type(f->val, last);
		b->diag = ret_line(a, p, (size_t)(last - p));
	}
}

static bool blank_before(const struct hdr_field *f, const char *begin)
{
	const char *p = f->start;
	if (p < begin + 2 || p[-1] != '\n')
		return false;
	return p[-2] == '\n' || (p[-2] == '\r' && p >= begin + 3 && p[-3] == '\n');
}

/* The recipient comes first, or last (Amazon, Facebook): then a field that was
 * there before tells. A blank line alone doesn't, some have them inside. */
static bool begins_block(const struct hdr_field *f, const struct block *b, const char *begin)
{
	if (b->final && blank_before(f, begin) &&
	    ((b->action && hdr_is(f, "Action")) || (b->status && hdr_is(f, "Status")) || (b->diag && hdr_is(f, "Diagnostic-Code"))))
		return true;
	if (hdr_is(f, "Final-Recipient"))
		return b->final || (b->original && blank_before(f, begin) && b->action);
	return hdr_is(f, "Original-Recipient") && (b->original || (b->final && blank_before(f, begin)));
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static void put_block(struct arena *a, const struct block *b, struct ret_blocks *o)
{
	const char *original = or_empty(b->original), *final = or_empty(b->final), *actual = or_empty(b->actual);
	if ((!b->original && !b->final && !b->status && !b->action && !b->diag) || o->n == RET_RCPTS_MAX)
		return;
	if (*original && strcasecmp(original, final) != 0)
		original = un_xtext(a, original);
	const char *went = *actual ? actual : final;
	const char *to = *original ? original : *final ? final : actual;
	if (o->n == o->cap) {
		size_t cap = o->cap ? o->cap * 2 : 4;
		struct ret_evidence *v = arena_alloc(a, cap * sizeof *v);
		if (o->n)
			memcpy(v, o->v, o->n * sizeof *v);
		o->v = v;
		o->cap = cap;
	}
	o->v[o->n++] = (struct ret_evidence){
		.recipient = to,
		.final = strcasecmp(went, to) == 0 ? "" : went,
		.action = or_empty(b->action),
		.status = or_empty(b->status),
		.remote_mta = or_empty(b->remote),
		.diag = or_empty(b->diag),
		.words = "",
		.delay_told = b->action && *b->action,
	};
}

void ret_dsn_read(struct arena *a, const char *p, size_t n, struct ret_blocks *o)
{
	struct block b = { 0 };
	struct hdr_field f;
	const char *pos = p, *end = p + n;
	*o = (struct ret_blocks){ .reporting_mta = "" };
	while (hdr_next(&pos, end, false, &f)) {
		if (begins_block(&f, &b, p)) {
			put_block(a, &b, o);
			b = (struct block){ 0 };
		}
		if (hdr_is(&f, "Reporting-MTA") && !*o->reporting_mta) {
			const char *v = behind_type(f.val, f.val + f.val_len);
			o->reporting_mta = ret_line(a, v, (size_t)(f.val + f.val_len - v));
		} else {
			read_field(a, &f, end, &b);
		}
	}
	put_block(a, &b, o);
	for (size_t i = 0; i < o->n; i++)
		o->v[i].reporting_mta = o->reporting_mta;
}
