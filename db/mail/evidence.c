/* A mail as evidence for its category: see evidence.h. */
#include "mail/evidence.h"
#include "mail/addr.h"
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 1 << 20, FILES_MAX = 64, URLS_MAX = 128, URL_MAX = 300, HEAD_LINES = 5 };

/* ---- own words ---------------------------------------------------------------- */

static bool begins(const char *line, const char *with)
{
	return strncasecmp(line, with, strlen(with)) == 0;
}

static bool begins_any(const char *line, const char *const *v)
{
	for (; *v; v++)
		if (begins(line, *v))
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

/* "-----Original Message-----" and what other clients write. */
static bool is_divider(const char *line)
{
	static const char *const words[] = {
		"Original Message", "Forwarded message", "Forwarded by", "元のメッセージ", "転送メッセージ",
		"転送されたメッセージ", "Begin forwarded message", NULL
	};
	const char *p = line + strspn(line, "- _\t");
	return (p - line >= 4 || begins(p, "Begin ")) && begins_any(p, words);
}

/* A mail's header pasted in: From with a date or subject close behind. */
static bool is_pasted_head(const char *line)
{
	static const char *const from[] = { "From:", "差出人:", "差出人：", "送信者:", "*From:*", NULL };
	static const char *const more[] = { "Sent:", "Date:", "Subject:", "送信日時:", "日時:", "日付:", "件名:", "送信日時：",
		                            "件名：", "*Sent:*", "*Date:*", NULL };
	if (!begins_any(line, from))
		return false;
	for (int i = 0; i < HEAD_LINES && *line; i++) {
		line = next_line(line);
		if (begins_any(line + strspn(line, " \t"), more))
			return true;
	}
	return false;
}

/* Keeps what the sender wrote above; true if a mail is pasted in below. */
static bool own_words(const char *text, struct sb *out)
{
	for (const char *p = text, *next; *p; p = next) {
		const char *line = p + strspn(p, " \t");
		next = next_line(p);
		if (is_divider(line) || is_pasted_head(line))
			return true;
		if (!is_quoted(line))
			sb_add(out, p, (size_t)(next - p));
	}
	return false;
}

/* ---- links and files -------------------------------------------------------------- */

static size_t url_length(const char *p)
{
	size_t n = 0;
	while (n < URL_MAX && (unsigned char)p[n] > ' ' && (unsigned char)p[n] < 0x7F && !strchr("<>\"')]}", p[n]))
		n++;
	return n;
}

/* http, https, and hxxp as careful people write it. */
static bool is_url(const char *p)
{
	const char *s = p + 4;
	if (strncasecmp(p, "http", 4) != 0 && strncasecmp(p, "hxxp", 4) != 0)
		return false;
	s += *s == 's' || *s == 'S';
	return strncmp(s, "://", 3) == 0 || strncmp(s, "[:]//", 5) == 0;
}

static void collect_urls(const char *text, struct sb *out)
{
	int n = 0;
	for (const char *p = text; n < URLS_MAX && (p = strpbrk(p, "hH")); p++) {
		if (!is_url(p))
			continue;
		size_t len = url_length(p);
		sb_add(out, p, len);
		sb_adds(out, "\n\n");
		p += len - 1;
		n++;
	}
}

static void collect_files(const struct msg *m, struct sb *out, bool *forwarded)
{
	int n = 0;
	for (const struct msg_part *p = m->root; p && n < FILES_MAX; p = msg_part_next(p)) {
		*forwarded |= p->kind == PART_MESSAGE;
		if (p->kind != PART_LEAF || !msg_part_is_file(p) || !p->filename)
			continue;
		sb_addf(out, "%s\n\n", p->filename);
		n++;
	}
}

static const char *keep(struct arena *a, struct sb *b)
{
	const char *s = arena_memdup(a, b->s, b->len);
	sb_free(b);
	return s;
}

void mail_evidence(const struct msg *m, struct arena *a, struct category_evidence *ev_r)
{
	struct sb text = SB_INIT, own = SB_INIT, urls = SB_INIT, files = SB_INIT;
	struct category_evidence ev = { .subject = m->subject };
	msg_read_text(m, &text);
	if (text.len > TEXT_MAX)
		sb_setlen(&text, TEXT_MAX);
	ev.forwarded = own_words(text.s, &own);
	collect_urls(text.s, &urls);
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
