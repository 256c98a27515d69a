/*
 * The end of a packed log. It has to be read from its beginning; no more than
 * twice what is wanted is held.
 */
#include "pack.h"
#include <string.h>
#include <zlib.h>

enum { CHUNK = 256 << 10 };

static void keep_tail(struct sb *b, size_t most)
{
	if (b->len <= most)
		return;
	memmove(b->s, b->s + b->len - most, most);
	sb_setlen(b, most);
}

enum status pack_gunzip_tail(const char *path, size_t most, struct sb *out, struct err *e)
{
	struct sb text = SB_INIT;
	int n;
	gzFile f = gzopen(path, "rbe");
	if (!f)
		return err_sys(e, ERR_TEMP, "%s", path);
	do {
		sb_grow(&text, CHUNK);
		n = gzread(f, text.s + text.len, CHUNK);
		text.len += n > 0 ? (size_t)n : 0;
		text.s[text.len] = '\0';
		if (text.len > 2 * most)
			keep_tail(&text, most);
	} while (n > 0);
	gzclose(f);
	keep_tail(&text, most);
	sb_add(out, text.s, text.len);
	sb_free(&text);
	return OK;
}
