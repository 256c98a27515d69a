/* What all mails of ours have in common. */
#include "build.h"
#include "reply_clean.h"
#include "mail/msg_parse.h"
#include <string.h>

char *build_tagged(const struct build_ctx *b, struct arena *a, int64_t ticket, const char *subject)
{
	struct sb out = SB_INIT;
	if (ticket)
		sb_addf(&out, "[%s #%lld] ", b->cfg->ticket_tag, (long long)ticket);
	while (*subject) {
		size_t n = reply_tag_length(b->cfg->ticket_tag, subject);
		if (n)
			subject += n;
		else
			sb_addc(&out, *subject++);
	}
	char *r = arena_memdup(a, out.s, out.len);
	sb_free(&out);
	return r;
}

const char **build_lines(struct arena *a, const char *lines)
{
	size_t n = 0, cap = 2;
	for (const char *p = lines; *p; p++)
		cap += *p == '\n';
	const char **v = arena_zalloc(a, cap * sizeof *v);
	for (const char *p = lines; *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (strcspn(p, "\n"))
			v[n++] = arena_strndup(a, p, strcspn(p, "\n"));
	return v;
}

struct msg_addr *build_addrs(struct arena *a, const char *lines, size_t *n_r)
{
	const char **l = build_lines(a, lines);
	size_t n = 0;
	while (l[n])
		n++;
	struct msg_addr *v = arena_zalloc(a, (n + 1) * sizeof *v);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct msg_addr){ .name = "", .addr = l[i] };
	*n_r = n;
	return v;
}

enum status build_mail(const struct build_ctx *b, const struct outbox *o, struct arena *a, struct built *r,
                       struct err *e)
{
	*r = (struct built){ .mail = SB_INIT, .rcpts = o->rcpts };
	/* RFC 3834 §3.3: an automatic answer has no sender, so nothing answers it. */
	r->env_from = o->kind == OUT_ACK ? "" : token_bounce_address(&b->token, a, o->id);
	if (!*o->rcpts)
		return err_set(e, ERR_PERM, "no recipient");
	switch (o->kind) {
	case OUT_STAFF_COPY:
		return build_copy(b, o, a, r, e);
	case OUT_REPLY:
		return build_reply(b, o, a, r, e);
	case OUT_ISSUE:
		return build_issue(b, o, a, r, e);
	default:
		return build_templated(b, o, a, r, e);
	}
}
