#ifndef MAIL_MSG_STRIP_H
#define MAIL_MSG_STRIP_H
/*
 * A mail without its files (DESK-09): byte for byte the mail that came, except
 * that each file is replaced by a few lines that say what stood there. Files
 * are what msg_part_is_file says, also inside forwarded mails; and what only
 * looks like text: uuencode in a text, programs, documents and archives under a
 * text label, a mail's broken base64 left in its text.
 *
 * What stays: texts, headers, forwarded mails (those attached as .eml become
 * message/rfc822, so that staff can look at them), delivery reports, signatures
 * while they are small, and pictures as far as the rules allow. A wrapping (opaque
 * S/MIME, winmail.dat) goes: what was in it stands in its place.
 *
 * SECURITY: hostile bytes; linear in the mail, recursion only into encoded
 * forwarded mails, STRIP_ENCODED deep at most. No file's bytes reach `out`.
 */
#include "base/crypto.h"
#include "msg_parse.h"

struct strip_rules {
	size_t inline_image_max; /* pictures of the HTML part (cid) up to so many bytes stay */
	bool keep_images;        /* all pictures stay */
};

struct strip_file {
	const char *name;   /* safe to show; "" if it had none */
	const char *type;   /* as declared */
	const char *found;  /* what its first bytes say, Japanese, "" if nothing */
	size_t size;        /* decoded */
	uint8_t sha256[SHA256_LEN];
	unsigned depth;     /* 0: of this mail; 1: of a mail forwarded in it; … */
};

struct stripped {
	struct strip_file *v; /* in the order of the mail, at most STRIP_FILES_MAX */
	size_t n, more;     /* more: taken out as well, but not listed */
	bool changed;       /* out differs from the mail */
};

enum { STRIP_ENCODED = 3, STRIP_FILES_MAX = 500 };
/* Begins the lines left where a file was; the lines below begin with a
 * full-width space. The part has this field too, with the file's name. */
#define STRIP_MARK "［添付ファイルを取り除きました］"
#define STRIP_FIELD "X-Yorozu-File"

/* Strings and list live in `a`. Nothing is appended to out unless changed. */
void msg_strip(const struct msg *m, const struct strip_rules *rules, struct arena *a, struct stripped *r,
               struct sb *out);

/* "840 バイト", "12.3 KB", "1.2 MB". */
void strip_size(size_t bytes, struct sb *out);

#endif
