/* Sentences of reports: see words.h. */
#include "words.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 << 10, SECTIONS_MAX = 200 };

struct words {
	struct sb file;
	struct { char *name, *text; } v[SECTIONS_MAX];
	size_t n;
};

/* Cuts the file in place: each section's text ends where the next one begins. */
static enum status cut(struct words *w, const char *path, struct err *e)
{
	char *next;
	for (char *p = w->file.s; *p; p = next) {
		char *end = strchrnul(p, '\n');
		next = end + (*end == '\n');
		if (*p != '[') {
			if (!w->n && *p != '#' && *p != '\n') /* above the first section: comments */
				return err_set(e, ERR_PERM, "%s: text before the first section", path);
			continue;
		}
		char *close = memchr(p, ']', (size_t)(end - p));
		if (!close || w->n == SECTIONS_MAX)
			return err_set(e, ERR_PERM, "%s: a broken section, or too many", path);
		*p = *close = '\0';
		w->v[w->n].name = p + 1;
		w->v[w->n++].text = next;
	}
	return w->n ? OK : err_set(e, ERR_PERM, "%s: no sections", path);
}

enum status words_load(const char *path, struct words **w_r, struct err *e)
{
	struct words *w = xcalloc(1, sizeof *w);
	w->file = SB_INIT;
	enum status st = io_read_file(path, FILE_MAX, &w->file, e);
	if (st == OK)
		st = cut(w, path, e);
	if (st != OK)
		words_free(&w);
	*w_r = w;
	return st == OK ? OK : ERR_PERM;
}

void words_free(struct words **w)
{
	if (*w) {
		sb_free(&(*w)->file);
		free(*w);
	}
	*w = NULL;
}

const char *words_section(const struct words *w, size_t i)
{
	return i < w->n ? w->v[i].name : NULL;
}

static void add_lines(const char *text, struct sb *out)
{
	size_t from = out->len;
	for (const char *p = text, *end; *p; p = end + (*end == '\n')) {
		end = strchrnul(p, '\n');
		if (end == p)
			continue;
		if (out->len > from)
			sb_addc(out, '\n');
		sb_add(out, p, (size_t)(end - p));
	}
}

enum status words_say(const struct words *w, const char *section, const struct tmpl_var *vars, struct sb *out, struct err *e)
{
	for (size_t i = 0; i < w->n; i++) {
		if (strcmp(w->v[i].name, section) != 0)
			continue;
		struct sb text = SB_INIT, subject = SB_INIT, body = SB_INIT;
		sb_addf(&text, "Subject: -\n\n%s", w->v[i].text);
		enum status st = tmpl_render(text.s, vars, &subject, &body, e);
		if (st == OK)
			add_lines(body.s, out);
		sb_free(&text);
		sb_free(&subject);
		sb_free(&body);
		return st == OK ? OK : ERR_PERM;
	}
	return err_set(e, ERR_NOTFOUND, "no section [%s]", section);
}
