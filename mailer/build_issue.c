/*
 * An issue of the newsletter to one address, outside of any ledger: the proof for its
 * editor, a test, a copy for somebody who missed it. The bytes are those that
 * readers get, but reader 0 unsubscribes nobody, and OpenDKIM signs it.
 */
#include "bulk_render.h"
#include <stdlib.h>

enum status build_issue(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *r, struct err *e)
{
	const char *number = outbox_var(o, "issue");
	struct bulk_body body;
	struct issue i;
	enum status st = issue_get(b->s, number ? strtoll(number, NULL, 10) : 0, a, &i, e);
	if (st != OK)
		return st == ERR_NOTFOUND ? ERR_PERM : st;
	st = bulk_render_issue(b, &i, o->created_at, &body, e);
	if (st == OK) {
		bulk_head(b, NULL, &body, i.id, 0, o->created_at, a, &r->mail);
		sb_add(&r->mail, body.body.s, body.body.len);
	}
	bulk_body_free(&body);
	return st;
}
