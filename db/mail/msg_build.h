#ifndef MAIL_MSG_BUILD_H
#define MAIL_MSG_BUILD_H
/*
 * Building mails of our own. Output: CRLF line ends, 7-bit safe, lines ≤ 78
 * columns in headers and ≤ 998 bytes in bodies; text in UTF-8, quoted-printable
 * or base64, whichever is shorter. Values may be hostile: no value can break
 * out of its header. (RFC 5322, 2045-2047, 2231)
 */
#include "base/clk.h"
#include "base/strbuf.h"
#include "mail/msg_parse.h"

struct build_file {
	const char *filename, *type;
	const char *content_id; /* NULL or "" = attachment; else a picture of the HTML part, by cid: (needs html) */
	const void *p;
	size_t n;
};

struct build {
	const char *from_name, *from_addr;
	const struct msg_addr *to;  size_t nto;
	const struct msg_addr *cc;  size_t ncc;
	const char *reply_to;        /* address or NULL */
	const char *subject;         /* UTF-8 */
	const char *message_id;      /* without <> */
	const char *in_reply_to;     /* or NULL */
	const char *const *references; /* NULL-terminated or NULL */
	epoch date;
	const char *auto_submitted;  /* "auto-replied", "auto-generated" or NULL */
	const char *const *extra;    /* "Name: value" lines, UTF-8, NULL-terminated or NULL */
	const char *text;            /* UTF-8, LF */
	const char *html;            /* UTF-8 or NULL: multipart/alternative */
	const struct build_file *files; size_t nfiles;
};

void msg_build(const struct build *b, struct sb *out);

/* A copy of a raw mail with header and text changes, for passing on in its
 * original form: fields in `drop` (names, NULL-terminated) left out, `add`
 * ("Name: value" UTF-8, NULL-terminated) put on top, subject replaced when not
 * NULL, `banner` (UTF-8 text) and `banner_html` put at the beginning of the
 * readable text (plain and HTML twin; in a multipart without one, as a new
 * first part; inside its own charset if that can hold it, else the part is
 * re-encoded as UTF-8). Everything else stays byte for byte. A mail whose
 * MIME is broken gets the banner as a text part before the untouched original
 * (message/rfc822). */
struct restyle {
	const char *const *drop;
	const char *const *add;
	const char *subject;
	const char *banner, *banner_html;
};
void msg_restyle(const struct msg *m, const struct restyle *r, struct sb *out);

#endif
