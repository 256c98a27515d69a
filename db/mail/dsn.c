/*
 * Bounces: RFC 3464 reports, and the letters that MTAs write in their own
 * words (qmail, Exim, Sendmail, Exchange, Notes, mobile carriers). Only the
 * first recipient is told. See dsn.h.
 * SECURITY: hostile text; linear, bounded.
 */
#include "dsn.h"
#include "addr.h"
#include "base/strbuf.h"
#include "msg_impl.h"
#include "msgid.h"
#include "part_scan.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include <string.h>
#include <strings.h>

enum { REPORT_MAX = 256 << 10, DIAG_MAX = 500 };

static struct msg_part *find_type(const struct msg *m, const char *type)
{
	for (struct msg_part *p = m->root; p; p = msg_part_next(p))
		if (strcmp(p->type, type) == 0)
			return p;
	return NULL;
}

/* One clean line of UTF-8, bounded. */
static const char *one_line(struct arena *a, const char *p, size_t n)
{
	struct sb b = SB_INIT;
	text_decode_header(p, n > 4 * DIAG_MAX ? 4 * DIAG_MAX : n, &b);
	size_t k = b.len;
	if (k > DIAG_MAX)
		for (k = DIAG_MAX; k && ((unsigned char)b.s[k] & 0xC0) == 0x80; k--)
			;
	while (k && (b.s[k - 1] == ' ' || b.s[k - 1] == '\t'))
		k--;
	const char *s = arena_memdup(a, b.s, k);
	sb_free(&b);
	return s;
}

/* The value behind "type;" as in "rfc822; user@example.jp". */
static const char *typed(struct arena *a, const struct hdr_field *f)
{
	const char *semi = memchr(f->val, ';', f->val_len), *p = semi ? semi + 1 : f->val;
	const char *end = f->val + f->val_len;
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	return one_line(a, p, (size_t)(end - p));
}

static const char *bare_addr(struct arena *a, const char *s)
{
	struct msg_addrs l;
	addr_list_parse(a, s, &l);
	return l.n ? l.v[0].addr : s;
}

/* d.d{1,3}.d{1,3} at p, with nothing of a number around (an IP address). */
static size_t status_len(const char *p, const char *begin)
{
	size_t n = 2, k;
	if (!strchr("245", p[0]) || !p[0] || p[1] != '.' ||
	    (p > begin && (strchr("0123456789.", p[-1]) != NULL)))
		return 0;
	for (int part = 0; part < 2; part++) {
		for (k = 0; k < 4 && p[n + k] >= '0' && p[n + k] <= '9'; k++)
			;
		if (k < 1 || k > 3)
			return 0;
		n += k;
		if (part == 0 && p[n++] != '.')
			return 0;
	}
	return p[n] == '.' && p[n + 1] >= '0' && p[n + 1] <= '9' ? 0 : n;
}

static const char *find_status(struct arena *a, const char *s)
{
	for (const char *p = s; *p; p++) {
		size_t n = status_len(p, s);
		if (n)
			return arena_memdup(a, p, n);
	}
	return "";
}

/* ---- RFC 3464 ---- */

static void report_field(struct arena *a, const struct hdr_field *f, struct dsn *r, const char **original)
{
	if (hdr_is(f, "Final-Recipient") && !r->recipient[0])
		r->recipient = bare_addr(a, typed(a, f));
	else if (hdr_is(f, "Original-Recipient") && !(*original)[0])
		*original = bare_addr(a, typed(a, f));
	else if (hdr_is(f, "Action") && !r->action[0])
		r->action = addr_key(a, one_line(a, f->val, strcspn(f->val, " \t\r\n(;")));
	else if (hdr_is(f, "Status") && !r->status[0])
		r->status = find_status(a, one_line(a, f->val, f->val_len));
	else if (hdr_is(f, "Diagnostic-Code") && !r->diagnostic[0])
		r->diagnostic = typed(a, f);
}

/* Blocks are separated by blank lines; the first with a recipient counts. */
static bool read_report(const struct msg *m, const struct msg_part *p, struct dsn *r)
{
	struct sb b = SB_INIT;
	struct hdr_field f;
	const char *original = "";
	bool more = msg_part_bytes(p, REPORT_MAX, &b, NULL) == OK || b.len;
	const char *pos = b.s, *end = b.s + b.len;
	while (more && hdr_next(&pos, end, false, &f)) {
		bool recipient = hdr_is(&f, "Final-Recipient") || hdr_is(&f, "Original-Recipient");
		bool blank_before = f.start > b.s + 1 && f.start[-1] == '\n' && (f.start[-2] == '\n' ||
				    (f.start[-2] == '\r' && f.start > b.s + 2 && f.start[-3] == '\n'));
		if ((r->recipient[0] || original[0]) && blank_before)
			break;
		if (recipient || r->recipient[0] || original[0] || !hdr_is(&f, "Arrival-Date"))
			report_field(m->arena, &f, r, &original);
	}
	if (!strchr(r->recipient, '@') && original[0])
		r->recipient = original;
	sb_free(&b);
	return r->recipient[0] || r->status[0] || r->action[0];
}

/* ---- the mail that came back ---- */

static const char *id_in_head(struct arena *a, const char *p, size_t n)
{
	struct hdr_field f;
	if (!hdr_find(p, n, false, "Message-ID", &f))
		return "";
	return msgid_first(a, arena_memdup(a, f.val, f.val_len));
}

static const char *original_id(const struct msg *m, const char *text)
{
	const char *id = "";
	for (const struct msg_part *p = m->root->child; p && !*id; p = msg_part_next(p)) {
		if (p->kind == PART_MESSAGE && p->embedded) {
			id = p->embedded->message_id;
		} else if (strcmp(p->type, "text/rfc822-headers") == 0 || strcmp(p->type, "message/rfc822-headers") == 0) {
			struct sb b = SB_INIT;
			if (msg_part_bytes(p, REPORT_MAX, &b, NULL) == OK || b.len)
				id = id_in_head(m->arena, b.s, b.len);
			sb_free(&b);
		}
	}
	if (!*id)
		id = id_in_head(m->arena, text, strlen(text));
	return *id ? id : m->in_reply_to;
}

/* ---- free-form letters ---- */

/* An address in this text up to `stop`, ours left aside. */
static const char *find_addr(struct arena *a, const char *p, const char *stop, const char *not)
{
	for (const char *at = p; at < stop && (at = memchr(at, '@', (size_t)(stop - at))); at++) {
		const char *b = at, *e = at + 1;
		while (b > p && at - b < 65 && (unsigned char)b[-1] > 32 && (unsigned char)b[-1] < 127 && !strchr("<>()[],;:\"'", b[-1]))
			b--;
		while (e < stop && e - at < 256 && (strchr(".-", *e) || (*e >= '0' && *e <= '9') || ((*e | 32) >= 'a' && (*e | 32) <= 'z')))
			e++;
		while (e > at && (e[-1] == '.' || e[-1] == '-'))
			e--;
		char *s = arena_memdup(a, b, (size_t)(e - b));
		if (addr_is_sane(s) && strchr(addr_domain(s), '.') && strcasecmp(s, not) != 0 &&
		    strncasecmp(s, "mailer-daemon@", 14) != 0 && strncasecmp(s, "postmaster@", 11) != 0)
			return s;
	}
	return "";
}

/* Where the letter ends and the returned mail begins. */
static const char *end_of_letter(const char *text)
{
	static const char *const marks[] = {
		"--- Below this line is a copy", "------ This is a copy of the message", "--- The header of the original",
		"----- Original message", "--- Original message", "-----Original Message", "Original message follows",
		"----- Message header follows", "\nReceived: ", "\nReturn-Path: ", "以下、送信されたメール",
	};
	const char *end = text + strlen(text);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *p = strstr(text, marks[i]);
		if (p && p < end)
			end = p;
	}
	return end;
}

/* Reply codes and phrases, from the definite to the vague. */
static const char *status_by_words(const char *text, const char **words_r)
{
	static const struct {
		const char *words, *status;
	} table[] = {
		{ "user unknown", "5.1.1" },      { "unknown user", "5.1.1" },       { "no such user", "5.1.1" },
		{ "does not exist", "5.1.1" },    { "no mailbox here by that name", "5.1.1" },
		{ "not listed in", "5.1.1" },     { "mailbox unavailable", "5.1.1" }, { "invalid recipient", "5.1.1" },
		{ "recipient unknown", "5.1.1" }, { "宛先が見つかりません", "5.1.1" }, { "存在しません", "5.1.1" },
		{ "見つかりませんでした", "5.1.1" }, { "mailbox full", "5.2.2" },     { "mailbox is full", "5.2.2" },
		{ "quota", "5.2.2" },             { "容量", "5.2.2" },               { "too large", "5.3.4" },
		{ "host unknown", "5.1.2" },      { "host not found", "5.1.2" },     { "connection timed out", "4.4.1" },
		{ "could not send message for past", "4.4.7" }, { "spam", "5.7.1" },  { "blocked", "5.7.1" },
		{ "unrouteable address", "5.1.2" }, { "unroutable", "5.1.2" },
		{ "\n550", "5.0.0" },             { " 550 ", "5.0.0" },              { " 554 ", "5.0.0" },
		{ "permanent error", "5.0.0" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if ((*words_r = strcasestr(text, table[i].words)))
			return table[i].status;
	return "";
}

/* The line that says why: the one with the code or the telling words, else the
 * one behind the recipient. */
static const char *why(struct arena *a, const char *text, const char *recipient, const char *mark)
{
	const char *begin = mark;
	if (!mark) {
		const char *p = *recipient ? strcasestr(text, recipient) : NULL, *next = p ? strchr(p, '\n') : NULL;
		if (!p)
			return "";
		begin = next && next[1] && next[1] != '\n' ? next + 1 : p;
	}
	begin += *begin == '\n';
	while (begin > text && begin[-1] != '\n')
		begin--;
	while (*begin == ' ' || *begin == '\t')
		begin++;
	return one_line(a, begin, strcspn(begin, "\n"));
}

static bool read_letter(const struct msg *m, char *text, struct dsn *r)
{
	char *end = text + (end_of_letter(text) - text), kept = *end;
	const struct msg_field *f = msg_field(m, "X-Failed-Recipients");
	const char *us = m->to.n ? m->to.v[0].addr : "", *code, *mark = NULL;
	*end = '\0';
	if (!r->recipient[0] && f)
		r->recipient = find_addr(m->arena, f->value, f->value + strlen(f->value), us);
	if (!r->recipient[0])
		r->recipient = find_addr(m->arena, text, end, us);
	code = find_status(m->arena, text);
	if (*code)
		mark = strstr(text, code);
	else
		code = status_by_words(text, &mark);
	if (!r->status[0])
		r->status = code;
	if (!r->diagnostic[0])
		r->diagnostic = why(m->arena, text, r->recipient, mark);
	*end = kept;
	if (!r->action[0] && r->status[0])
		r->action = r->status[0] == '4' ? "delayed" : "failed";
	return r->recipient[0] || r->status[0];
}

bool mail_dsn(const struct msg *m, struct dsn *r)
{
	struct msg_part *report = find_type(m, "message/delivery-status");
	struct sb text = SB_INIT;
	*r = (struct dsn){ "", "", "", "", "" };
	if (!report)
		report = find_type(m, "message/global-delivery-status");
	bool is = report && read_report(m, report, r);
	if (!is && msg_is_bounce_letter(m)) {
		msg_read_text(m, &text);
		if (text.len > REPORT_MAX)
			sb_setlen(&text, REPORT_MAX);
		sb_grow(&text, 1);
		is = read_letter(m, text.s, r);
	}
	if (is)
		r->original_id = original_id(m, text.s);
	sb_free(&text);
	return is;
}
