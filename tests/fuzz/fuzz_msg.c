/* The parser and everything that reads its tree: text, files, what is shown. */
#include "mail/show.h"
#include "text/charset.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void need(int ok)
{
	if (!ok)
		abort();
}

static void clean(const char *s)
{
	need(text_is_utf8(s, strlen(s)));
	for (; *s; s++)
		need((unsigned char)*s >= 32 && *s != 127);
}

static void check_part(const struct msg *m, const struct msg_part *q, unsigned index)
{
	need(q->index == index && q->depth <= prescan_default.depth && q->type && q->encoding);
	need(q->body_len <= 32 * m->raw_len + 4096); /* compressed RTF in winmail.dat */
	clean(q->type);
	if (q->filename)
		clean(q->filename);
	if (q->kind == PART_MESSAGE)
		need(!q->embedded || q->embedded->root == q->child);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct msg *m;
	struct sb out = SB_INIT;
	if (msg_parse((const char *)p, n, NULL, &m, NULL) != OK)
		return 0;
	clean(m->subject);
	for (size_t i = 0; i < m->nfields; i++)
		clean(m->fields[i].value);
	for (size_t i = 0; i < m->from.n; i++) {
		clean(m->from.v[i].name);
		clean(m->from.v[i].addr);
	}
	unsigned index = 0;
	for (const struct msg_part *q = m->root; q; q = msg_part_next(q))
		check_part(m, q, index++);
	mail_show(m, &out);
	need(text_is_utf8(out.s, out.len));
	sb_free(&out);
	msg_free(&m);
	return 0;
}
