/*
 * The mail that came back: whole (message/rfc822), its head alone
 * (text/rfc822-headers), or pasted behind the letter. From it: Message-ID, whom
 * it was for, its envelope sender.
 * SECURITY: hostile; nothing here is proof, see ret.h.
 */
#include "addr.h"
#include "msg_impl.h"
#include "msgid.h"
#include "ret_impl.h"
#include <string.h>
#include <strings.h>

enum { PASTED_MAX = 64 << 10 };

static const char *value(struct arena *a, const struct hdr_field *f)
{
	return arena_memdup(a, f->val, f->val_len);
}

static const char *first_addr(struct arena *a, const struct hdr_field *f)
{
	struct msg_addrs l;
	addr_list_parse(a, value(a, f), &l);
	return l.n ? l.v[0].addr : "";
}

/* Fields that name the one recipient: complaints of Microsoft, our own. */
static bool names_rcpt(const struct hdr_field *f)
{
	return hdr_is(f, "X-HmXmrOriginalRecipient") || hdr_is(f, "X-Original-To") || hdr_is(f, "X-Envelope-To");
}

static void read_field(struct ret_job *j, const struct hdr_field *f)
{
	if (hdr_is(f, "Message-ID") && !*j->out->original_id)
		j->out->original_id = msgid_first(j->a, value(j->a, f));
	else if (hdr_is(f, "To") && !j->orig_to.n)
		addr_list_parse(j->a, value(j->a, f), &j->orig_to);
	else if (hdr_is(f, "From") && !*j->orig_from)
		j->orig_from = first_addr(j->a, f);
	else if ((hdr_is(f, "Return-Path") || hdr_is(f, "X-Envelope-From")) && !*j->out->return_path)
		j->out->return_path = first_addr(j->a, f);
	else if (names_rcpt(f) && !*j->orig_rcpt)
		j->orig_rcpt = first_addr(j->a, f);
}

static void read_head(struct ret_job *j, const char *p, size_t n)
{
	struct hdr_field f;
	bool cr = n && !memchr(p, '\n', n); /* as the whole mail then */
	for (const char *pos = p; hdr_next(&pos, p + n, cr, &f);)
		read_field(j, &f);
}

/* A header pasted into text: from the first line that is a known field, up to
 * the blank line behind it; `> ` and white space in front are passed over. */
static void read_pasted(struct ret_job *j, const char *p, const char *end)
{
	struct sb b = SB_INIT;
	struct line l;
	if (end - p > PASTED_MAX)
		end = p + PASTED_MAX;
	for (bool in = false; hdr_line(p, end, false, &l); p = l.next) {
		const char *s = l.p, *e = l.p + l.n;
		while (!in && s < e && strchr("> \t", *s))
			s++;
		struct line t = { s, (size_t)(e - s), l.next };
		if (in && hdr_blank(&t))
			break;
		in = in || hdr_is_known(&t);
		if (in) {
			sb_add(&b, s, (size_t)(e - s));
			sb_addc(&b, '\n');
		}
	}
	read_head(j, b.s, b.len);
	sb_free(&b);
}

static const char *by_reference(const struct msg *m)
{
	if (*m->in_reply_to)
		return m->in_reply_to;
	size_t n = 0;
	while (m->references[n])
		n++;
	return n ? m->references[n - 1] : "";
}

void ret_orig_read(struct ret_job *j)
{
	const struct msg_part *p = j->returned;
	struct hdr_field f;
	struct sb b = SB_INIT;
	if (p && p->kind == PART_MESSAGE && p->child) {
		read_head(j, p->child->head, p->child->head_len);
	} else if (p && p->kind != PART_MESSAGE && hdr_find(p->head, p->head_len, false, "Received", &f)) {
		read_head(j, p->head, p->head_len);
	} else if (p) {
		ret_part_lines(p, RET_TEXT_MAX, &b);
		read_head(j, b.s, b.len);
	}
	if (!p || (!*j->out->original_id && !j->orig_to.n))
		read_pasted(j, j->text.s + j->text_end, j->text.s + j->text.len);
	if (!*j->out->original_id)
		j->out->original_id = by_reference(j->m);
	sb_free(&b);
}
