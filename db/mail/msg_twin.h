#ifndef MAIL_MSG_TWIN_H
#define MAIL_MSG_TWIN_H
/* A plain text and the HTML (as text) that stands beside it in an alternative. Pure,
 * linear. For db/mail only. */
#include "base/strbuf.h"

enum twin {
	TWIN_SAME,   /* the plain text will do */
	TWIN_NOTICE, /* the plain text only says that there is HTML, or is its source */
	TWIN_OTHER   /* two different mails */
};

/* Both UTF-8. */
enum twin msg_twin(const struct sb *plain, const struct sb *html);

#endif
