/* An invitation for those who get no calendar. See strip_invite.h. */
#include "strip_invite.h"
#include "msg_impl.h"
#include "text/charset.h"
#include "text/utf8.h"
#include <string.h>
#include <strings.h>

enum { LINE_LETTERS = 80 };

static bool is_alternative(const struct msg_part *p)
{
	return p && strcmp(p->type, "multipart/alternative") == 0;
}

/* As a file somewhere in the mail. */
static bool is_filed(const struct msg_part *p)
{
	struct sb one = SB_INIT;
	bool found = !is_alternative(p->parent) && msg_part_invitation(p, &one);
	sb_free(&one);
	for (const struct msg_part *c = p->kind == PART_MESSAGE ? NULL : p->child; c && !found; c = c->next)
		found = is_filed(c);
	return found;
}

bool strip_invited(const struct msg_part *alternative, unsigned *left, struct sb *out)
{
	struct sb all = SB_INIT;
	const struct msg_part *root = alternative;
	for (const struct msg_part *c = alternative->child; c; c = c->next)
		(void)msg_part_invitation(c, &all);
	while (root->parent && root->parent->kind != PART_MESSAGE)
		root = root->parent;
	if (all.len && *left && ((*left)--, !is_filed(root)))
		text_visible(all.s, all.len, out);
	sb_free(&all);
	return out->len;
}

static size_t end_of_page(const struct sb *html)
{
	for (size_t i = html->len < 6 ? 0 : html->len - 5; i-- > 0;)
		if (html->s[i] == '<' && strncasecmp(html->s + i, "</body", 6) == 0)
			return i;
	return html->len;
}

/* A line of a mail has 998 bytes at most: the source's lines end where they do not
 * show. */
static void put_page(const struct sb *words, const char *eol, struct sb *out)
{
	size_t letters = 0;
	sb_adds(out, "<hr><div>");
	for (size_t i = 0; i < words->len;) {
		uint32_t cp;
		i += utf8_get(words->s + i, words->len - i, &cp);
		if (cp == '\n')
			sb_adds(out, "<br>");
		else if (cp < 0x80 && !strchr("<>&\"'", (int)cp))
			sb_addc(out, (char)cp);
		else
			sb_addf(out, "&#%u;", (unsigned)(cp == UTF8_BAD ? 0xFFFD : cp));
		letters = cp == '\n' ? 0 : letters + 1;
		if (letters % LINE_LETTERS == LINE_LETTERS - 1)
			sb_addf(out, "<wbr%s>", eol);
	}
	sb_adds(out, "</div>");
}

void strip_invite_html(const struct sb *words, const char *eol, struct sb *html)
{
	size_t at = end_of_page(html);
	struct sb rest = SB_INIT;
	sb_add(&rest, html->s + at, html->len - at);
	sb_setlen(html, at);
	put_page(words, eol, html);
	sb_add(html, rest.s, rest.len);
	sb_free(&rest);
}
