/*
 * Complaints: feedback reports (RFC 5965, redacted as RFC 6650 has it), and
 * Microsoft's older ones, which are the mail with a field of theirs.
 * SECURITY: hostile mail; bounded.
 */
#include "addr.h"
#include "msg_impl.h"
#include "ret_impl.h"
#include <string.h>
#include <strings.h>

static bool redacted(const char *addr)
{
	return !*addr || strcasestr(addr, "redacted") || strcasestr(addr, "undisclosed");
}

static void complain(struct ret_job *j, const struct hdr_field *f, const struct ret_reason *r)
{
	struct msg_addrs l;
	const char *semi = memchr(f->val, ';', f->val_len), *p = semi ? semi + 1 : f->val;
	addr_list_parse(j->a, arena_memdup(j->a, p, (size_t)(f->val + f->val_len - p)), &l);
	for (size_t i = 0; i < l.n && j->out->n < RET_RCPTS_MAX; i++)
		if (!redacted(l.v[i].addr) && !ret_is_told(j->out, l.v[i].addr))
			ret_put(j, l.v[i].addr, r, "");
}

static void complain_by_original(struct ret_job *j, const struct ret_reason *r)
{
	const char *to = !redacted(j->orig_rcpt) ? j->orig_rcpt : j->orig_to.n ? j->orig_to.v[0].addr : "";
	if (!j->out->n)
		ret_put(j, redacted(to) ? "" : to, r, "");
}

static const char *first_of(struct arena *a, const struct hdr_field *f)
{
	struct msg_addrs l;
	addr_list_parse(a, arena_memdup(a, f->val, f->val_len), &l);
	return l.n ? l.v[0].addr : "";
}

static const struct ret_reason *feedback_reason(const struct ret_job *j)
{
	const char *f = j->out->feedback;
	if (strncmp(f, "opt-out", 7) == 0 || strncmp(f, "unsubscribe", 11) == 0)
		return j->t->builtin[RETR_UNSUBSCRIBE];
	if (strncmp(f, "auth-failure", 12) == 0)
		return j->t->builtin[RETR_AUTHREPORT]; /* RFC 6591: of nobody's opinion */
	if (strncmp(f, "not-spam", 8) == 0)
		return NULL;
	return j->t->builtin[RETR_FEEDBACK];
}

/* RFC 5965 §3; RFC 6650 on what is redacted. */
bool ret_feedback_read(struct ret_job *j, const struct msg_part *p)
{
	static const char *const names[] = { "Original-Rcpt-To", "Removal-Recipient" };
	struct sb b = SB_INIT;
	struct hdr_field f;
	ret_part_lines(p, RET_TEXT_MAX, &b);
	if (hdr_find(b.s, b.len, false, "Feedback-Type", &f))
		j->out->feedback = addr_key(j->a, ret_line(j->a, f.val, f.val_len));
	if (hdr_find(b.s, b.len, false, "Original-Mail-From", &f))
		j->out->return_path = first_of(j->a, &f);
	const struct ret_reason *r = feedback_reason(j);
	for (size_t i = 0; r && i < sizeof names / sizeof *names && !j->out->n; i++)
		for (const char *pos = b.s; hdr_next(&pos, b.s + b.len, false, &f);)
			if (hdr_is(&f, names[i]))
				complain(j, &f, r);
	sb_free(&b);
	ret_orig_read(j);
	if (r)
		complain_by_original(j, r);
	return r != NULL;
}

/* Microsoft's: no report, but the mail with a field of theirs. */
bool ret_old_complaint_read(struct ret_job *j)
{
	if (!j->returned || strncasecmp(j->subject, "complaint about message", 23) != 0)
		return false;
	ret_orig_read(j);
	complain_by_original(j, j->t->builtin[RETR_FEEDBACK]);
	return true;
}
