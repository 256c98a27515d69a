#ifndef MAIL_MSG_TWIN_H
#define MAIL_MSG_TWIN_H
/* A plain text and the HTML (as text) that stands beside it in an alternative. Pure,
 * linear. For db/mail only. */
#include "base/strbuf.h"
#include <stdbool.h>

enum twin {
	TWIN_SAME,   /* the plain text will do */
	TWIN_NOTICE, /* the plain text only says that there is HTML, or is its source */
	TWIN_OTHER   /* two different mails */
};

/* Both UTF-8. `all`: for who wants to see everything; else the plain text gives way only
 * to HTML that has nothing of it, and is never one of two. */
enum twin msg_twin(const struct sb *plain, const struct sb *html, bool all);

#endif
