#ifndef MAIL_NEWS_DRAFT_H
#define MAIL_NEWS_DRAFT_H
/*
 * An editor's mail as the draft of an issue (MAG-04): its text, its HTML twin,
 * pictures of the HTML and attachments; the kinds of its articles, written as
 * numbers in brackets before the subject: "[1,3] 今週のセキュリティ".
 * A first line 修正 is a command, not text.
 * SECURITY: the editor is authenticated, his mail client is not: bounds are
 * msg_parse's, and everything is encoded anew by msg_build.
 */
#include "mail/msg_build.h"

struct news_draft {
	const char *subject;     /* without the numbers */
	unsigned kinds;          /* bits: 1, 2, 4 for 1, 2, 3 */
	const char *text, *html; /* UTF-8; html NULL: none */
	bool text_made;          /* there was no plain text: made from the HTML */
	struct build_file *files;
	size_t nfiles, nattached;
	size_t attached, pictures; /* bytes, decoded */
};

/* A picture of the HTML, which stays with it; everything else is an attachment. */
bool news_draft_is_picture(const struct build_file *f);
/* What it is called, fit to be shown. */
const char *news_draft_name(const struct build_file *f, struct arena *a);
/* Strings and files in `a`: nothing of *d needs the mail any more. */
void news_draft_read(const struct msg *m, struct arena *a, struct news_draft *d);
/* The subject's kinds; returns where the subject itself begins. */
const char *news_draft_kinds(const char *subject, unsigned *kinds_r);

#endif
