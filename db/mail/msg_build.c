/*
 * Building mails of our own. See msg_build.h.
 * SECURITY: values may be hostile: every one goes through an encoder that
 * turns controls and line breaks into spaces.
 */
#include "msg_build.h"
#include "addr.h"
#include "base/crypto.h"
#include "build_util.h"
#include "msgid.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include "xfer.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LINE_MAX_7BIT = 900 };

static void mailbox(const char *field, const char *name, const char *addr, struct sb *out)
{
	if (!addr || !addr_is_sane(addr))
		return;
	sb_addf(out, "%s: ", field);
	addr_format(name, addr, strlen(field) + 2, out);
	sb_adds(out, "\r\n");
}

static void mailboxes(const char *field, const struct msg_addr *v, size_t n, struct sb *out)
{
	size_t done = 0;
	for (size_t i = 0; i < n; i++) {
		if (!addr_is_sane(v[i].addr))
			continue;
		if (done++)
			sb_adds(out, ",\r\n ");
		else
			sb_addf(out, "%s: ", field);
		addr_format(v[i].name, v[i].addr, done > 1 ? 1 : strlen(field) + 2, out);
	}
	if (done)
		sb_adds(out, "\r\n");
}

/* An id that can't break out of its <>. */
static bool id_ok(const char *id)
{
	size_t n = strlen(id);
	for (const unsigned char *p = (const unsigned char *)id; *p; p++)
		if (*p <= 32 || *p == 127 || *p == '<' || *p == '>')
			return false;
	return n >= 3 && n <= MSGID_MAX - 4;
}

static void ids(const char *field, const char *const *v, struct sb *out)
{
	size_t done = 0;
	for (; v && *v; v++) {
		if (!id_ok(*v))
			continue;
		sb_addf(out, "%s%s<%s>", done ? "\r\n" : field, done ? " " : ": ", *v);
		done++;
	}
	if (done)
		sb_adds(out, "\r\n");
}

static bool is_address_field(const char *name, size_t n)
{
	static const char *const names[] = { "From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Resent-From", "Resent-To",
					     "Disposition-Notification-To" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == n && strncasecmp(names[i], name, n) == 0)
			return true;
	return false;
}

static void address_line(const char *name, const char *value, struct sb *out)
{
	struct arena *a = arena_new();
	struct msg_addrs l;
	addr_list_parse(a, value, &l);
	mailboxes(name, l.v, l.n, out);
	arena_free(&a);
}

void build_line(const char *line, struct sb *out)
{
	char name[80];
	const char *colon = strchr(line, ':');
	size_t n = colon ? (size_t)(colon - line) : 0;
	if (!n || n >= sizeof name)
		return;
	for (size_t i = 0; i < n; i++)
		if (line[i] <= 32 || line[i] >= 127)
			return;
	memcpy(name, line, n);
	name[n] = '\0';
	const char *value = colon + 1 + strspn(colon + 1, " \t");
	if (is_address_field(name, n)) {
		address_line(name, value, out);
		return;
	}
	sb_addf(out, "%s: ", name);
	text_encode_header(value, strlen(value), n + 2, out);
	sb_adds(out, "\r\n");
}

bool build_is_7bit(const char *p, size_t n)
{
	size_t col = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		if (c > 126 || (c < 32 && c != '\n' && c != '\t' && c != '\r') || ++col > LINE_MAX_7BIT)
			return false;
		if (c == '\n')
			col = 0;
		else if (col == 1 && c == '-' && n - i > 3 && p[i + 1] == '-' && !strchr("\r\n", p[i + 2]) && memcmp(p + i, "-- \n", 4) != 0)
			return false; /* might be a boundary of a multipart around it */
		else if (col == 1 && (c == '.' || (c == 'F' && n - i >= 5 && memcmp(p + i, "From ", 5) == 0)))
			return false;
	}
	return true;
}

void build_eol(const char *p, size_t n, const char *eol, struct sb *out)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n')
			sb_adds(out, eol);
		else if (p[i] != '\r' || i + 1 == n || p[i + 1] != '\n')
			sb_addc(out, p[i]);
	}
}

/* Text in canonical form (CRLF) for base64. */
static void base64_text(const char *p, size_t n, const char *eol, struct sb *out)
{
	struct sb b = SB_INIT;
	build_eol(p, n, "\r\n", &b);
	xfer_base64(b.s, b.len, eol, out);
	sb_free(&b);
}

const char *build_text(const char *p, size_t n, const char *eol, struct sb *out)
{
	struct sb qp = SB_INIT, b64 = SB_INIT;
	const char *enc = "7bit";
	if (build_is_7bit(p, n)) {
		build_eol(p, n, eol, out);
		return enc;
	}
	xfer_qp(p, n, eol, &qp);
	base64_text(p, n, eol, &b64);
	bool use_qp = qp.len <= b64.len;
	sb_add(out, use_qp ? qp.s : b64.s, use_qp ? qp.len : b64.len);
	sb_free(&qp);
	sb_free(&b64);
	return use_qp ? "quoted-printable" : "base64";
}

void build_text_part(const char *subtype, const char *p, size_t n, const char *eol, struct sb *out)
{
	struct sb body = SB_INIT;
	const char *enc = build_text(p, n, eol, &body);
	sb_addf(out, "Content-Type: text/%s; charset=utf-8%s", subtype, eol);
	sb_addf(out, "Content-Transfer-Encoding: %s%s%s", enc, eol, eol);
	sb_add(out, body.s, body.len);
	if (body.len && body.s[body.len - 1] != '\n')
		sb_adds(out, eol);
	sb_free(&body);
}

void build_boundary(const char *seed, size_t n, int which, char out[BUILD_BOUNDARY])
{
	uint8_t sum[SHA256_LEN];
	char b32[32];
	crypto_sha256(seed, n, sum);
	b32_encode(sum, 15, b32);
	/* "=_" can't stand in quoted-printable or base64 (RFC 2045 §6.7) */
	snprintf(out, BUILD_BOUNDARY, "=_%d_%.24s", which, b32);
}

/* ---- the body ----
 * mixed( alternative( text, related( HTML, pictures ) ), files ), with each
 * multipart only where it holds more than one part. */

static void multipart(const char *subtype, const char *boundary, struct sb *out)
{
	sb_addf(out, "Content-Type: multipart/%s;\r\n boundary=\"%s\"\r\n\r\n", subtype, boundary);
}

static void boundary_of(const struct build *b, int which, char out[BUILD_BOUNDARY])
{
	const char *seed = b->message_id ? b->message_id : "";
	build_boundary(seed, strlen(seed), which, out);
}

/* A type of letters, digits and -+./ only, or the default. */
static const char *safe_type(const char *type)
{
	size_t slashes = 0;
	if (!type || !*type || strlen(type) > 127)
		return "application/octet-stream";
	for (const char *p = type; *p; p++) {
		slashes += *p == '/';
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+./_", *p))
			return "application/octet-stream";
	}
	return slashes == 1 ? type : "application/octet-stream";
}

static bool is_inline(const struct build_file *f)
{
	return f->content_id && *f->content_id;
}

static size_t count_files(const struct build *b, bool inline_ones)
{
	size_t n = 0;
	for (size_t i = 0; i < b->nfiles; i++)
		n += is_inline(&b->files[i]) == inline_ones;
	return n;
}

/* message/rfc822 may not be encoded (RFC 2046 §5.2.1): it goes as it is when
 * it is 7-bit and can't hold our boundary, else as a plain file. */
static bool goes_plain(const struct build_file *f, const char *boundary)
{
	return f->type && strcmp(f->type, "message/rfc822") == 0 && build_is_7bit(f->p, f->n) &&
	       !memmem(f->p, f->n, boundary, strlen(boundary));
}

static void file_part(const struct build_file *f, const char *boundary, struct sb *out)
{
	bool plain = goes_plain(f, boundary);
	const char *type = safe_type(f->type), *id[2] = { f->content_id, NULL };
	if (!plain && strncmp(type, "message/", 8) == 0)
		type = "application/octet-stream";
	sb_addf(out, "\r\n--%s\r\n", boundary);
	if (is_inline(f))
		ids("Content-ID", id, out);
	sb_addf(out, "Content-Type: %s", type);
	if (f->filename)
		text_encode_param("name", f->filename, out);
	sb_addf(out, "\r\nContent-Transfer-Encoding: %s\r\nContent-Disposition: %s", plain ? "7bit" : "base64",
	        is_inline(f) ? "inline" : "attachment");
	if (f->filename)
		text_encode_param("filename", f->filename, out);
	sb_adds(out, "\r\n\r\n");
	if (plain)
		build_eol(f->p, f->n, "\r\n", out);
	else
		xfer_base64(f->p, f->n, "\r\n", out);
}

static void add_files(const struct build *b, bool inline_ones, const char *boundary, struct sb *out)
{
	for (size_t i = 0; i < b->nfiles; i++)
		if (is_inline(&b->files[i]) == inline_ones)
			file_part(&b->files[i], boundary, out);
	sb_addf(out, "\r\n--%s--\r\n", boundary);
}

static void html_and_pictures(const struct build *b, struct sb *out)
{
	char boundary[BUILD_BOUNDARY];
	if (!count_files(b, true)) {
		build_text_part("html", b->html, strlen(b->html), "\r\n", out);
		return;
	}
	boundary_of(b, 3, boundary);
	multipart("related", boundary, out);
	sb_addf(out, "--%s\r\n", boundary);
	build_text_part("html", b->html, strlen(b->html), "\r\n", out);
	add_files(b, true, boundary, out);
}

static void text_and_html(const struct build *b, struct sb *out)
{
	char boundary[BUILD_BOUNDARY];
	const char *text = b->text ? b->text : "";
	if (!b->html) {
		build_text_part("plain", text, strlen(text), "\r\n", out);
		return;
	}
	boundary_of(b, 2, boundary);
	multipart("alternative", boundary, out);
	sb_addf(out, "--%s\r\n", boundary);
	build_text_part("plain", text, strlen(text), "\r\n", out);
	sb_addf(out, "\r\n--%s\r\n", boundary);
	html_and_pictures(b, out);
	sb_addf(out, "\r\n--%s--\r\n", boundary);
}

static void body(const struct build *b, struct sb *out)
{
	char boundary[BUILD_BOUNDARY];
	if (!count_files(b, false)) {
		text_and_html(b, out);
		return;
	}
	boundary_of(b, 1, boundary);
	multipart("mixed", boundary, out);
	sb_addf(out, "--%s\r\n", boundary);
	text_and_html(b, out);
	add_files(b, false, boundary, out);
}

void msg_build(const struct build *b, struct sb *out)
{
	char date[40];
	const char *one[2] = { NULL, NULL };
	sb_addf(out, "Date: %s\r\n", clk_rfc5322(b->date, date));
	mailbox("From", b->from_name, b->from_addr, out);
	mailboxes("To", b->to, b->nto, out);
	mailboxes("Cc", b->cc, b->ncc, out);
	mailbox("Reply-To", NULL, b->reply_to, out);
	sb_adds(out, "Subject: ");
	text_encode_header(b->subject ? b->subject : "", b->subject ? strlen(b->subject) : 0, 9, out);
	sb_adds(out, "\r\n");
	one[0] = b->message_id;
	ids("Message-ID", one, out);
	one[0] = b->in_reply_to;
	ids("In-Reply-To", one, out);
	ids("References", b->references, out);
	if (b->auto_submitted)
		sb_addf(out, "Auto-Submitted: %s\r\n", b->auto_submitted);
	for (const char *const *x = b->extra; x && *x; x++)
		build_line(*x, out);
	sb_adds(out, "MIME-Version: 1.0\r\n");
	body(b, out);
}
