#ifndef MAIL_MSG_PARSE_H
#define MAIL_MSG_PARSE_H
/*
 * A raw mail (RFC 5322, MIME) as a tree of decoded parts and the fields this
 * system decides on, behind mail_prescan. Address grammar is libetpan's; the
 * MIME structure is found by the gate's own scanner (part_scan.h says why), so
 * that it is linear and the same mail can't look different to gate and parser.
 * Broken dates, raw 8-bit headers, RFC 2231, malformed words, missing
 * boundaries and blank lines are read as well as they can be.
 *
 * Ownership: everything lives in the arena of `struct msg`; `raw` is borrowed
 * and must outlive it. Strings are valid UTF-8, one line, without controls,
 * unless named raw. Thread-safe across distinct messages.
 * SECURITY: hostile bytes enter here.
 */
#include "base/arena.h"
#include "base/clk.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "mail/prescan.h"

struct msg_addr {
	const char *name; /* decoded display name, "" if none */
	const char *addr; /* local@domain as written, domain in lower case */
};

struct msg_addrs {
	struct msg_addr *v;
	size_t n;
};

struct msg_field {
	const char *name;  /* as written */
	const char *raw;   /* value as received, still folded (LF), may be 8-bit */
	const char *text;  /* the same, raw 8-bit bytes made UTF-8 where the mail's text tells how */
	const char *value; /* unfolded and decoded */
};

enum part_kind {
	PART_LEAF, PART_MULTIPART,
	PART_MESSAGE, /* message/rfc822 */
	PART_WRAP     /* opaque S/MIME, winmail.dat, … (wrap.h): what was in it is `child`, outside of the raw mail */
};

struct msg_part {
	enum part_kind kind;
	const char *type;        /* "text/plain", lower case */
	const char *charset;     /* declared, lower case, or NULL */
	const char *disposition; /* "attachment", "inline" or NULL */
	const char *filename;    /* decoded, path stripped, or NULL */
	const char *content_id;  /* without <>, or NULL */
	const char *encoding;    /* transfer encoding, lower case */
	const char *type_raw;    /* whole Content-Type value, raw, or NULL */
	bool flowed, delsp;      /* RFC 3676 */
	bool readable;           /* of a mail's root: there is something to read in it */
	bool blank;              /* a text without anything to read */
	bool sealed;             /* encrypted, and nobody here has the key */
	const char *body;        /* raw body bytes, borrowed from raw; still encoded */
	size_t body_len;
	const char *head;        /* raw header block of the part, borrowed */
	size_t head_len;
	unsigned depth, index;   /* 0-based, preorder */
	struct msg_part *parent, *child, *next;
	struct msg *embedded;    /* PART_MESSAGE, PART_WRAP: its fields; parts are `child` */
};

struct msg {
	struct arena *arena;
	const char *raw;
	size_t raw_len, header_len;
	struct prescan scan;
	struct msg_field *fields; /* top header, in order */
	size_t nfields;
	struct msg_addrs from, sender, reply_to, to, cc;
	const char *subject;      /* "" if none */
	const char *message_id;   /* without <>, "" if none or unusable */
	const char **references;  /* ids of References then In-Reply-To, without <>, oldest first, NULL-terminated, ≤ 200 */
	const char *in_reply_to;  /* first id, or "" */
	epoch date;               /* 0 if missing or unreadable */
	const char *list_id, *auto_submitted, *precedence; /* "" if none */
	bool from_is_broken;      /* no From, several, or not parsable */
	struct msg_part *root;
	bool mime_broken;         /* the tree is a best guess */
};

/* Parses behind the prescan (lim NULL: prescan_default). ERR_LIMIT: over a limit, nothing built.
 * Anything else that SMTP accepts yields a message, however poor. */
enum status msg_parse(const char *raw, size_t n, const struct prescan_limits *lim,
		      struct msg **m_r, struct err *e) must_check;
void msg_free(struct msg **m);

/* First field of that name, or NULL. msg_field_next continues after `f`. */
const struct msg_field *msg_field(const struct msg *m, const char *name);
const struct msg_field *msg_field_next(const struct msg *m, const struct msg_field *f);

/* Preorder walk over all parts; NULL at the end. */
struct msg_part *msg_part_next(const struct msg_part *p);

/* Decoded bytes of a leaf (transfer encoding undone), at most `max`;
 * ERR_LIMIT when there are more (out holds the first max). */
enum status msg_part_bytes(const struct msg_part *p, size_t max, struct sb *out, struct err *e) must_check;
/* Text leaf as UTF-8 with LF line ends; flowed text unflowed; HTML stays HTML. */
void msg_part_text(const struct msg_part *p, struct sb *out);

/* The leaf to read (text/plain before text/html in an alternative), and the
 * HTML twin; NULL if none. */
struct msg_part *msg_best_text(const struct msg *m);
struct msg_part *msg_best_html(const struct msg *m);
/* The text a person reads: all inline text parts in order, HTML made text. */
void msg_read_text(const struct msg *m, struct sb *out);
/* A leaf that a person would call a file: attachment, has a name, or is not
 * an inline text; message/rfc822 counts as one. */
bool msg_part_is_file(const struct msg_part *p);

#endif
