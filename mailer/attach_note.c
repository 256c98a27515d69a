/* What the customer reads about the files that go along. See attach.h. */
#include "attach.h"
#include "text/tmpl.h"
#include <string.h>

enum { KB = 1000 };

void attach_tell(struct sb *list, const struct attach_file *f)
{
	if (f->n < 10 * KB)
		sb_addf(list, "　・%s (%zu バイト)\n", f->name, f->n);
	else if (f->n < (size_t)1000 * KB)
		sb_addf(list, "　・%s (%zu KB)\n", f->name, (f->n + KB / 2) / KB);
	else
		sb_addf(list, "　・%s (%.1f MB)\n", f->name, (double)f->n / (KB * KB));
}

/* A list's last line end is the template's business. */
static const char *lines(struct sb *list)
{
	if (list->len)
		sb_setlen(list, list->len - 1);
	return list->len ? list->s : NULL;
}

enum status attach_note(struct attach *t, struct attach_told *k, struct err *e)
{
	const char *locked = k->in_zip.len || k->pdfs.len || k->linked.len ? "1" : NULL;
	const struct tmpl_var v[] = {
		{ "zip", k->zip }, { "zip_files", lines(&k->in_zip) }, { "pdf_files", lines(&k->pdfs) },
		{ "plain_files", lines(&k->plain) }, { "link_files", lines(&k->linked) }, { "download_url", k->url },
		{ "download_until", k->until }, { "password", locked },
		{ "report_password", locked && k->report ? "1" : NULL }, { "opening_password", locked && !k->report ? "1" : NULL },
		{ "desk_name", t->b->cfg->desk_name }, { NULL, NULL },
	};
	struct sb subject = SB_INIT;
	enum status st = tmpl_render_file(t->b->cfg->templates, "attachment", v, &subject, &t->note, e);
	sb_free(&subject);
	return st == OK || st == ERR_TEMP ? st : ERR_PERM;
}

/* ---- where it stands --------------------------------------------------------------- */

static bool is_line(const char *s, size_t n, const char *what)
{
	return n == strlen(what) && memcmp(s, what, n) == 0;
}

/* What clients put above the mail they quote whole. */
static bool is_divider(const char *s, size_t n)
{
	return n >= 10 && (memcmp(s, "-----", 5) == 0 || memcmp(s, "________", 8) == 0);
}

static size_t line_len(const struct sb *t, size_t at)
{
	const char *nl = memchr(t->s + at, '\n', t->len - at);
	return nl ? (size_t)(nl - t->s) - at : t->len - at;
}

/* Back over the paragraph "On … Tanaka wrote:" that stands right above a quote. */
static size_t with_attribution(const struct sb *t, size_t at)
{
	size_t from = at;
	for (int lines_left = 3; lines_left-- && from;) {
		size_t prev = from - 1;
		while (prev && t->s[prev - 1] != '\n')
			prev--;
		if (from - 1 - prev == 0)
			break;
		from = prev;
	}
	bool ends_so = at >= 2 && (t->s[at - 2] == ':' || (at >= 4 && memcmp(t->s + at - 4, "：", 3) == 0));
	return ends_so ? from : at;
}

static size_t place(const struct sb *t)
{
	size_t quote = t->len; /* where nothing but quotes comes any more */
	bool quoting = false;
	for (size_t at = 0; at < t->len;) {
		size_t n = line_len(t, at);
		if (is_line(t->s + at, n, "-- ") || is_line(t->s + at, n, "--") || is_divider(t->s + at, n))
			return quoting ? with_attribution(t, quote) : at;
		if (n && t->s[at] == '>') {
			quote = quoting ? quote : at;
			quoting = true;
		} else if (n) {
			quoting = false;
		}
		at += n + 1;
	}
	return quoting ? with_attribution(t, quote) : t->len;
}

void attach_insert(const struct sb *note, struct sb *text)
{
	struct sb out = SB_INIT;
	if (!note->len)
		return;
	size_t at = place(text);
	sb_add(&out, text->s, at);
	while (out.len && out.s[out.len - 1] == '\n')
		sb_setlen(&out, out.len - 1);
	sb_adds(&out, out.len ? "\n\n" : "");
	sb_add(&out, note->s, note->len);
	if (at < text->len)
		sb_adds(&out, "\n");
	sb_add(&out, text->s + at, text->len - at);
	sb_free(text);
	*text = out;
}
