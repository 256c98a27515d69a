#ifndef MAIL_MSG_EDIT_H
#define MAIL_MSG_EDIT_H
/*
 * A mail with some of its parts replaced and every other byte as it was: a list
 * of changes in the order of the mail, then one copy. For db/mail only.
 */
#include "msg_parse.h"

struct msg_edits {
	const char *raw, *end; /* of the mail, or of the message in an encoded part */
	bool cr;               /* lines end with CR alone */
	const char *eol;
	struct msg_edit {
		const char *from, *to;
		size_t at, len;    /* what takes its place, in text */
	} *v;
	size_t n, cap;
	struct sb text;
};

/* raw: the bytes that the parts to be changed lie in. */
void edits_init(struct msg_edits *e, const char *raw, size_t n);
void edits_free(struct msg_edits *e);

/* Each change must lie behind the one before. */

/* Bytes by bytes; NULL takes them out. */
void edit_bytes(struct msg_edits *e, const char *from, const char *to, const char *by, size_t n);
/* A part becomes UTF-8 text; of its header all but the Content fields stays,
 * and `field` ("Name: value", UTF-8) is added unless NULL. */
void edit_part(struct msg_edits *e, const struct msg_part *p, const char *subtype, const char *text, size_t n,
               const char *field);
/* A part becomes another with this header ("Content-…: …" lines, LF) and body. */
void edit_whole(struct msg_edits *e, const struct msg_part *p, const char *head, const char *body, size_t n);
/* A part goes, and the boundary line between it and the one before. */
void edit_drop(struct msg_edits *e, const struct msg_part *before, const struct msg_part *p);

void edits_apply(const struct msg_edits *e, struct sb *out);

#endif
