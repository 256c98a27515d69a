#ifndef MAIL_MSGID_H
#define MAIL_MSGID_H
/* Message-IDs as mailers really write them: junk around, no <>, folded inside,
 * over-long. SECURITY: hostile; an id is 3..998 visible ASCII or UTF-8 bytes
 * without space, <, > or control. */
#include "base/arena.h"
#include "base/strbuf.h"
#include <stdbool.h>

enum { MSGID_MAX = 998, MSGID_REFS = 200 };

struct msgid_list {
	const char **v; /* NULL-terminated, each once, in order */
	size_t n;
};

/* The first id of a value, "" if none. A value without <> counts when it is
 * nothing but one id. */
const char *msgid_first(struct arena *a, const char *raw);

/* All ids of References, then In-Reply-To (either may be NULL); of more than
 * MSGID_REFS the first and the latest stay. */
void msgid_refs(struct arena *a, const char *refs, const char *in_reply_to, struct msgid_list *out);

#endif
