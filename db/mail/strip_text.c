/*
 * Files inside a text. See strip_text.h.
 * SECURITY: hostile bytes; each line is looked at a bounded number of times.
 */
#include "strip_text.h"
#include "hdr.h"
#include "xfer.h"
#include <ctype.h>
#include <string.h>

enum { B64_LINE = 60, B64_LINE_MAX = 80, UU_NAME_MAX = 255 };

/* ---- uuencode ------------------------------------------------------------------- */

/* "begin 644 name" */
static bool uu_begin(const struct line *l, struct text_file *f)
{
	if (l->n < 11 || memcmp(l->p, "begin ", 6) != 0)
		return false;
	size_t i = 6, digits = 0;
	while (i < l->n && l->p[i] >= '0' && l->p[i] <= '7')
		i++, digits++;
	if (digits < 3 || digits > 4 || i + 1 >= l->n || l->p[i] != ' ')
		return false;
	f->name = l->p + i + 1;
	f->name_len = l->n - i - 1 < UU_NAME_MAX ? l->n - i - 1 : UU_NAME_MAX;
	return true;
}

/* A first letter that says how many there are, and as many, give or take the
 * spaces that mailers cut or add. */
static bool uu_line(const struct line *l)
{
	if (!l->n || l->p[0] < 32 || l->p[0] > 96)
		return false;
	size_t bytes = (size_t)(l->p[0] - 32) & 63, want = (bytes + 2) / 3 * 4 + 1;
	if (l->n > want + 2)
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (l->p[i] < 32 || l->p[i] > 96)
			return false;
	return true;
}

/* Lines behind "begin" to "end", or to the first that is none of it. */
static const char *uu_end(const char *p, const char *end)
{
	struct line l;
	for (; hdr_line(p, end, false, &l); p = l.next) {
		if (l.n == 3 && memcmp(l.p, "end", 3) == 0)
			return l.next;
		if (!uu_line(&l))
			break;
	}
	return p;
}

/* ---- base64 ----------------------------------------------------------------------- */

static bool b64_line(const struct line *l)
{
	if (!l->n || l->n > B64_LINE_MAX)
		return false;
	for (size_t i = 0; i < l->n; i++) {
		unsigned char c = (unsigned char)l->p[i];
		if (c >= 0x80 || (!isalnum(c) && c != '+' && c != '/' && c != '='))
			return false;
	}
	return true;
}

static bool known_file(const struct line *l)
{
	struct sb head = SB_INIT;
	xfer_decode("base64", l->p, l->n, FILE_KIND_BYTES, &head);
	bool known = file_kind_of(head.s, head.len) != NULL;
	sb_free(&head);
	return known;
}

static const char *b64_end(const char *p, const char *end)
{
	struct line l;
	for (bool full = true; full && hdr_line(p, end, false, &l) && b64_line(&l); p = l.next)
		full = l.n >= B64_LINE;
	return p;
}

bool strip_text_next(const char **pos, const char *end, struct text_file *f)
{
	struct line l, next;
	bool in_block = false; /* of base64 that is no file we know */
	for (const char *p = *pos; hdr_line(p, end, false, &l); p = l.next) {
		*f = (struct text_file){ .from = p, .name = "" };
		bool long_line = l.n >= B64_LINE && b64_line(&l);
		if (uu_begin(&l, f) && hdr_line(l.next, end, false, &next) && uu_line(&next)) {
			f->encoding = "x-uuencode";
			f->to = *pos = uu_end(l.next, end);
			return true;
		}
		if (long_line && !in_block && known_file(&l)) {
			f->encoding = "base64";
			f->to = *pos = b64_end(p, end);
			return true;
		}
		in_block = long_line;
	}
	*pos = end;
	return false;
}
