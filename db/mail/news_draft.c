/* An editor's mail as the draft of an issue. See news_draft.h. */
#include "mail/news_draft.h"
#include "mail/msg_parse.h"
#include "text/file_name.h"
#include <string.h>
#include <strings.h>

enum { FILES_MAX = 100, FILE_BYTES_MAX = 64 << 20 };
#define CORRECTION "修正"

/* A bracket or digit in either width; its length, 0 if there is none. */
static size_t one_of(const char *p, const char *const *v, size_t n, size_t *which_r)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(p, v[i], strlen(v[i])) == 0) {
			*which_r = i;
			return strlen(v[i]);
		}
	return 0;
}

const char *news_draft_kinds(const char *subject, unsigned *kinds_r)
{
	static const char *const opens[] = { "[", "［", "【" }, *const closes[] = { "]", "］", "】" };
	static const char *const digits[] = { "1", "2", "3", "１", "２", "３" }, *const gaps[] = { ",", " ", "、", "，", "・", "　" };
	unsigned kinds = 0;
	size_t which, n;
	*kinds_r = 0;
	const char *p = subject + strspn(subject, " ");
	if (!(n = one_of(p, opens, 3, &which)))
		return subject;
	for (p += n; *p && !one_of(p, closes, 3, &which); p += n) {
		if ((n = one_of(p, digits, 6, &which)))
			kinds |= 1u << which % 3;
		else if (!(n = one_of(p, gaps, 6, &which)))
			return subject;
	}
	if (!kinds || !*p)
		return subject;
	*kinds_r = kinds;
	p += one_of(p, closes, 3, &which);
	while (*p == ' ' || strncmp(p, "　", 3) == 0)
		p += *p == ' ' ? 1 : 3;
	return p;
}

static char *kept(struct arena *a, struct sb *b)
{
	char *r = arena_memdup(a, b->s, b->len);
	sb_free(b);
	return r;
}

/* Outlook names a picture in the text where it stands in the page; a line that is nothing else goes whole. */
static void without_pictures(struct sb *text)
{
	for (char *p = text->s; text->len && (p = strstr(p, "[cid:"));) {
		size_t n = strcspn(p, "]\n"), begin = (size_t)(p - text->s);
		if (p[n] != ']') {
			p += n;
			continue;
		}
		n++;
		bool whole = (!begin || p[-1] == '\n') && p[n] == '\n';
		n += whole;
		memmove(p, p + n, text->len - begin - n + 1);
		sb_setlen(text, text->len - n);
	}
}

/* Behind a first line that is nothing but 修正. */
static const char *without_command(const char *text, bool *found_r)
{
	const char *p = text + strspn(text, " \t\n");
	*found_r = strncmp(p, CORRECTION, strlen(CORRECTION)) == 0;
	if (!*found_r)
		return text;
	p += strlen(CORRECTION);
	p += strspn(p, " \t");
	*found_r = *p == '\n' || !*p;
	return *found_r ? p + strspn(p, "\n") : text;
}

/* The same word in the HTML, where it stands first. */
static void take_out(char *html)
{
	char *p = strstr(html, CORRECTION);
	if (p)
		memmove(p, p + strlen(CORRECTION), strlen(p + strlen(CORRECTION)) + 1);
}

/* It is sent as UTF-8, and must not say that it is anything else: some clients believe the page, not the mail. */
static void declare_utf8(const char *p, const char *end, struct sb *out)
{
	for (const char *meta; (meta = strcasestr(p, "<meta")) && meta < end;) {
		const char *close = strchrnul(meta, '>'), *label = strcasestr(meta, "charset");
		label = label && label < close ? label + strlen("charset") : close;
		label += strspn(label, " \t\n=\"'");
		size_t n = label < close ? strcspn(label, " \t\n\"'/>;") : 0;
		sb_add(out, p, (size_t)(label - p));
		if (n)
			sb_adds(out, "utf-8");
		p = label + n;
	}
	sb_add(out, p, (size_t)(end - p));
}

/* One page of what may be several: what stands between the bodies of two is left out. */
static void add_page(const struct msg_part *html, struct sb *out)
{
	struct sb b = SB_INIT;
	msg_part_text(html, &b);
	const char *p = b.s, *body = out->len ? strcasestr(b.s, "<body") : NULL;
	if (body && strchr(body, '>'))
		p = strchr(body, '>') + 1;
	for (const char *at = out->s; out->len && (at = strcasestr(at, "</body")); at++)
		if (!strcasestr(at + 1, "</body"))
			sb_setlen(out, (size_t)(at - out->s));
	declare_utf8(p, b.s + b.len, out);
	sb_free(&b);
}

/* Apple Mail makes a page of what is before a picture, and another of what is behind it. */
static void read_html(const struct msg *m, struct sb *out)
{
	const struct msg_part *html = msg_best_html(m);
	if (!html || msg_part_is_file(html))
		return;
	add_page(html, out);
	if (!html->parent || strcmp(html->parent->type, "multipart/alternative") == 0)
		return;
	for (const struct msg_part *p = html->next; p; p = p->next)
		if (strcmp(p->type, "text/html") == 0 && !msg_part_is_file(p))
			add_page(p, out);
}

static void read_texts(const struct msg *m, struct arena *a, struct news_draft *d)
{
	const struct msg_part *plain = msg_best_text(m);
	struct sb b = SB_INIT;
	bool command;
	read_html(m, &b);
	if (b.len)
		d->html = kept(a, &b);
	d->text_made = d->html && (!plain || strcmp(plain->type, "text/plain") != 0);
	msg_read_text(m, &b);
	without_pictures(&b);
	d->text = without_command(kept(a, &b), &command);
	if (command && d->html)
		take_out((char *)d->html);
}

static bool is_picture(const struct msg_part *p, const char *html)
{
	if (!p->content_id || !*p->content_id || !html)
		return false;
	const size_t n = strlen(p->content_id);
	for (const char *at = html; (at = strcasestr(at, "cid:")); at += 4)
		if (strncmp(at + 4, p->content_id, n) == 0 && (!at[4 + n] || strchr("\"' )>;&", at[4 + n])))
			return true;
	return false;
}

bool news_draft_is_picture(const struct build_file *f)
{
	return f->content_id && *f->content_id;
}

const char *news_draft_name(const struct build_file *f, struct arena *a)
{
	struct sb b = SB_INIT;
	const char *raw = f->filename ? f->filename : "";
	file_name_clean(raw, strlen(raw), &b);
	return kept(a, &b);
}

static void take_file(const struct msg_part *p, struct arena *a, struct news_draft *d)
{
	struct sb b = SB_INIT;
	struct build_file *f = &d->files[d->nfiles++];
	bool picture = is_picture(p, d->html);
	if (msg_part_bytes(p, FILE_BYTES_MAX, &b, NULL) != OK)
		d->attached += b.len; /* over any limit */
	*f = (struct build_file){ .filename = arena_strdup(a, p->filename), .type = arena_strdup(a, p->type),
	                          .content_id = picture ? arena_strdup(a, p->content_id) : "", .n = b.len };
	f->p = kept(a, &b);
	d->nattached += !picture;
	*(picture ? &d->pictures : &d->attached) += f->n;
}

void news_draft_read(const struct msg *m, struct arena *a, struct news_draft *d)
{
	*d = (struct news_draft){ .text = "" };
	d->subject = news_draft_kinds(arena_strdup(a, m->subject), &d->kinds);
	read_texts(m, a, d);
	d->files = arena_zalloc(a, FILES_MAX * sizeof *d->files);
	for (const struct msg_part *p = m->root; p && d->nfiles < FILES_MAX; p = msg_part_next(p))
		if (p->kind == PART_LEAF && (msg_part_is_file(p) || is_picture(p, d->html)))
			take_file(p, a, d);
}
