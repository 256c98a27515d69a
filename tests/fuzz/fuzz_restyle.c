/* A restyled mail parses again, shows the banner where it can be read, and
 * still has every file of the original, byte for byte. */
#include "mail/msg_build.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void need(int ok)
{
	if (!ok)
		abort();
}

static size_t files(const struct msg *m)
{
	size_t k = 0;
	for (const struct msg_part *q = m->root; q; q = msg_part_next(q))
		k += q->kind == PART_LEAF && msg_part_is_file(q) && q->parent;
	return k;
}

static void check(const struct msg *m, const struct sb *out)
{
	struct prescan_limits lim = prescan_default;
	struct sb text = SB_INIT;
	struct msg *again;
	lim.depth += 2, lim.parts += 3, lim.header += 4096, lim.headers += 20, lim.size *= 8;
	need(msg_parse(out->s, out->len, &lim, &again, NULL) == OK);
	need(strcmp(again->subject, "件名") == 0);
	need(msg_field(again, "X-Yorozu-Test") != NULL && msg_field(again, "DKIM-Signature") == NULL);
	msg_read_text(again, &text);
	need(strstr(text.s, "社内") != NULL);
	need(files(again) >= files(m));
	sb_free(&text);
	msg_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const drop[] = { "DKIM-Signature", NULL };
	static const char *const add[] = { "X-Yorozu-Test: 値", "Reply-To: 窓口 <sodan@example.jp>", NULL };
	struct restyle r = { drop, add, "件名", "▼▼ 社内用 ▼▼\n", "<p>社内用</p>" };
	struct msg *m;
	struct sb out = SB_INIT;
	if (msg_parse((const char *)p, n, NULL, &m, NULL) != OK)
		return 0;
	msg_restyle(m, &r, &out);
	check(m, &out);
	sb_free(&out);
	msg_free(&m);
	return 0;
}
