/* A mail as evidence for its category: see evidence.h. */
#include "mail/evidence.h"
#include "mail/addr.h"
#include "mail/forward.h"
#include "mail/hdr.h"
#include "mail/msg_strip.h"
#include "text/begins.h"
#include "text/defang.h"
#include "text/hdrword.h"
#include "text/utf8.h"
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 32 << 10, FILES_MAX = 64, URLS_MAX = 128, URL_MAX = 300 };

/* ---- own words ---------------------------------------------------------------- */

static bool begins_any(const char *line, const char *const *v)
{
	for (; *v; v++)
		if (text_begins(line, *v))
			return true;
	return false;
}

static bool is_quoted(const char *line)
{
	static const char *const marks[] = { ">", "＞", "|", NULL };
	return begins_any(line, marks);
}

static const char *next_line(const char *p)
{
	p += strcspn(p, "\n");
	return p + (*p == '\n');
}

/* Our lines where a file was. */
static bool is_removed(const char *line, bool *notice)
{
	*notice = text_begins(line, STRIP_MARK) || (*notice && text_begins(line, "　"));
	return *notice;
}

/* Keeps what the sender wrote above; true if a mail is pasted in below. */
static bool own_words(const char *text, struct sb *out)
{
	bool notice = false;
	for (const char *p = text, *next; *p; p = next) {
		const char *line = p + strspn(p, " \t");
		next = next_line(p);
		if (fwd_is_divider(line) || fwd_is_head(line))
			return true;
		if (!is_removed(p, &notice) && !is_quoted(line))
			sb_add(out, p, (size_t)(next - p));
	}
	return false;
}

/* ---- links and files -------------------------------------------------------------- */

static void collect_urls(const char *text, size_t len, struct sb *out)
{
	size_t pos = 0, at, n;
	for (int i = 0; i < URLS_MAX && text_url_next(text, len, &pos, &at, &n); i++) {
		sb_add(out, text + at, n < URL_MAX ? n : URL_MAX);
		sb_adds(out, "\n\n");
	}
}

/* Files are gone by the time staff read the mail; their names were left. */
static const char *removed_name(const struct msg_part *p, struct sb *name)
{
	struct hdr_field f;
	sb_reset(name);
	if (!hdr_find(p->head, p->head_len, false, STRIP_FIELD, &f))
		return NULL;
	text_decode_header(f.val, f.val_len, name);
	return name->s;
}

static void collect_files(const struct msg *m, struct sb *out, bool *forwarded)
{
	int n = 0;
	struct sb removed = SB_INIT;
	for (const struct msg_part *p = m->root; p && n < FILES_MAX; p = msg_part_next(p)) {
		*forwarded |= p->kind == PART_MESSAGE;
		if (p->kind != PART_LEAF)
			continue;
		const char *name = msg_part_is_file(p) ? p->filename : removed_name(p, &removed);
		if (name && *name) {
			sb_addf(out, "%s\n\n", name);
			n++;
		}
	}
	sb_free(&removed);
}

static const char *keep(struct arena *a, struct sb *b)
{
	const char *s = arena_memdup(a, b->s, b->len);
	sb_free(b);
	return s;
}

void mail_evidence(const struct msg *m, struct arena *a, struct category_evidence *ev_r)
{
	mail_evidence_head(m, TEXT_MAX, a, ev_r);
}

void mail_evidence_head(const struct msg *m, size_t most, struct arena *a, struct category_evidence *ev_r)
{
	struct sb text = SB_INIT, own = SB_INIT, urls = SB_INIT, files = SB_INIT;
	struct category_evidence ev = { .subject = m->subject };
	msg_read_text(m, &text);
	sb_setlen(&text, utf8_head(text.s, text.len, most));
	ev.forwarded = own_words(text.s, &own);
	collect_urls(text.s, text.len, &urls);
	collect_files(m, &files, &ev.forwarded);
	sb_free(&text);
	ev.text = keep(a, &own);
	ev.urls = keep(a, &urls);
	ev.files = keep(a, &files);
	ev.from_domain = m->from.n ? addr_domain(addr_key(a, m->from.v[0].addr)) : NULL;
	ev.bulk = *m->list_id || msg_field(m, "List-Unsubscribe") || strcasecmp(m->precedence, "bulk") == 0 ||
	          strcasecmp(m->precedence, "list") == 0;
	ev.automatic = *m->auto_submitted && strcasecmp(m->auto_submitted, "no") != 0;
	*ev_r = ev;
}
