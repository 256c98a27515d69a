/*
 * Which parts are for reading, and which branch of an alternative is. See
 * msg_impl.h and msg_parse.h.
 */
#include "msg_impl.h"
#include "part_scan.h"
#include "text/utf8.h"
#include <string.h>

enum { BLANK_LOOK = 2048 };

static bool is(const struct msg_part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

bool msg_part_is_enriched(const struct msg_part *p)
{
	return is(p, "text/enriched") || is(p, "text/richtext");
}

/* The types that every reader shows. */
static bool is_known(const struct msg_part *p)
{
	return is(p, "text/plain") || is(p, "text/html") || msg_part_is_enriched(p);
}

/* What is text only by name: data and programs for machines, and the copy of a
 * page that clients with scripts show. */
static bool is_data(const struct msg_part *p)
{
	static const char *const words[] = { "calendar", "vcard", "directory", "rtf", "csv", "css", "script", "separated",
		                             "rfc822-headers", "x-amp-html", NULL };
	for (const char *const *w = words; *w; w++)
		if (strstr(p->type, *w))
			return true;
	return false;
}

/* An unknown kind of text is read as plain text (RFC 2046 §4.1.4); some programs
 * have the words the wrong way round, or those of another field. */
bool msg_part_is_other_text(const struct msg_part *p)
{
	static const char *const types[] = { "plain/text", "html/text", "application/text", "application/html",
		                             "application/xhtml+xml", "application/pgp", NULL };
	if (p->kind != PART_LEAF || is_known(p) || p->filename || (p->disposition && strcmp(p->disposition, "attachment") == 0))
		return false;
	for (const char *const *t = types; *t; t++)
		if (is(p, *t))
			return true;
	return strncmp(p->type, "text/", 5) == 0 && !is_data(p);
}

bool msg_part_is_text(const struct msg_part *p)
{
	return p->kind == PART_LEAF && (is_known(p) || msg_part_is_other_text(p));
}

bool msg_part_is_html(const struct msg_part *p)
{
	return is(p, "text/html") || (msg_part_is_other_text(p) && strstr(p->type, "htm"));
}

/* The first leaf of the mail it is in. */
static bool is_first(const struct msg_part *p)
{
	for (; p->parent && p->parent->kind == PART_MULTIPART; p = p->parent)
		if (p->parent->child != p)
			return false;
	return true;
}

/* A text is for reading unless it is an attachment or, further on, has a name.
 * Some clients name the body as well, some call a mail that is nothing but its
 * text an attachment. */
bool msg_part_is_file(const struct msg_part *p)
{
	if (p->kind != PART_LEAF)
		return p->kind == PART_MESSAGE;
	if (!msg_part_is_text(p))
		return true;
	if (p->disposition && strcmp(p->disposition, "attachment") == 0)
		return p->filename || (p->parent && p->parent->kind != PART_MESSAGE);
	return p->filename && p->parent && !is_first(p) && !is(p->parent, "multipart/alternative");
}

static bool blank(uint32_t cp)
{
	static const uint32_t unseen[] = { ' ', '\t', '\n', '\r', 0xA0, 0xAD, 0x34F, 0x200B, 0x200C, 0x200D, 0x2060, 0x3000, 0xFEFF };
	for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
		if (cp == unseen[i])
			return true;
	return false;
}

bool msg_part_is_blank(const struct msg_part *p)
{
	struct sb b = SB_INIT;
	uint32_t cp;
	size_t i = 0;
	if (p->body_len > BLANK_LOOK)
		return false;
	msg_part_utf8(p, &b);
	for (size_t n; i < b.len; i += n) {
		n = utf8_get(b.s + i, b.len - i, &cp);
		if (!blank(cp))
			break;
	}
	bool all = i == b.len;
	sb_free(&b);
	return all;
}

/* ---- alternatives ----------------------------------------------------------------------- */

/* Shown as text for want of its boundary: no choice beside real ones. */
static bool was_multipart(const struct msg_part *p)
{
	return p->type_raw && part_type_is(p->type_raw, strlen(p->type_raw), "multipart/");
}

/* How good a choice is: the first of the best is taken. */
enum rank { NOTHING, BLANK, BROKEN, OTHER, KNOWN, WANTED };

static enum rank rank(const struct msg_part *leaf, const char *want)
{
	if (!leaf)
		return NOTHING;
	if (leaf->blank)
		return BLANK; /* some send an empty text/plain beside the HTML that says it all */
	if (was_multipart(leaf))
		return BROKEN;
	return is(leaf, want) ? WANTED : is_known(leaf) ? KNOWN : OTHER;
}

/* The leaf that tells what is below p: in an alternative the best, else the first
 * that is not blank. */
static const struct msg_part *best(const struct msg_part *p, const char *want)
{
	const struct msg_part *found = NULL;
	enum rank most = NOTHING;
	if (p->kind == PART_LEAF)
		return msg_part_is_file(p) ? NULL : p;
	for (const struct msg_part *c = p->kind == PART_MESSAGE ? NULL : p->child; c; c = c->next) {
		const struct msg_part *b = best(c, want);
		enum rank r = rank(b, want);
		if (r > BLANK && !is(p, "multipart/alternative"))
			return b;
		if (r > most)
			found = b, most = r;
	}
	return found;
}

const struct msg_part *msg_part_choose(const struct msg_part *alternative, const char *want, const struct msg_part **leaf_r)
{
	const struct msg_part *found = NULL;
	enum rank most = NOTHING;
	*leaf_r = NULL;
	for (const struct msg_part *c = alternative->child; c; c = c->next) {
		const struct msg_part *b = best(c, want);
		enum rank r = rank(b, want);
		if (r > most)
			found = c, *leaf_r = b, most = r;
	}
	return found;
}

bool msg_part_has_text(const struct msg_part *p)
{
	while (p->parent && p->parent->kind != PART_MESSAGE)
		p = p->parent;
	return p->readable;
}

bool msg_part_is_readable(const struct msg_part *root)
{
	return rank(best(root, "text/plain"), "text/plain") > BLANK;
}

struct msg_part *msg_best_text(const struct msg *m)
{
	return (struct msg_part *)best(m->root, "text/plain");
}

struct msg_part *msg_best_html(const struct msg *m)
{
	const struct msg_part *p = best(m->root, "text/html");
	return p && is(p, "text/html") ? (struct msg_part *)p : NULL;
}
