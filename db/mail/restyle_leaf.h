#ifndef MAIL_RESTYLE_LEAF_H
#define MAIL_RESTYLE_LEAF_H
/* One text leaf of a mail with the banner in it; a part of msg_restyle. */
#include "msg_build.h"

enum { RESTYLE_LEAF_MAX = 16 << 20 }; /* encoded bytes of a leaf that is changed */

struct restyled_leaf {
	const struct msg_part *p;
	struct sb body;   /* encoded; the caller frees it */
	bool in_body;     /* HTML: behind its <body> */
	const char *type; /* new Content-Type and -Transfer-Encoding, or NULL: as they were */
	const char *encoding;
};

void restyle_leaf(const struct msg_part *p, const struct restyle *r, const char *eol, struct restyled_leaf *c);

#endif
