/*
 * Any bytes as a multipart body, in any pieces: no crash, the same parts
 * whatever the pieces, each begun part ended once; names are fit to be shown.
 * The first byte is the size of the pieces, a line the Content-Type.
 */
#include "fuzz_text.h"
#include "multipart.h"
#include "text/file_name.h"

struct seen {
	struct sb text;
	bool open;
};

static enum status on_begin(void *arg, const struct multipart_head *h, struct err *e)
{
	struct seen *s = arg;
	(void)e;
	FUZZ_CHECK(!s->open);
	s->open = true;
	sb_addf(&s->text, "%s|%s|%s[", h->name, h->filename ? h->filename : "-", h->type);
	if (h->filename) {
		struct sb name = SB_INIT, header = SB_INIT;
		file_name_clean(h->filename, strlen(h->filename), &name);
		check_text(&name);
		FUZZ_CHECK(name.len > 0 && !strpbrk(name.s, "/\\\n\t"));
		file_name_disposition(name.s, &header);
		for (size_t i = 0; i < header.len; i++)
			FUZZ_CHECK(header.s[i] >= ' ' && header.s[i] <= '~');
		sb_free(&name);
		sb_free(&header);
	}
	return OK;
}

static enum status on_data(void *arg, const void *p, size_t n, struct err *e)
{
	struct seen *s = arg;
	(void)e;
	FUZZ_CHECK(s->open && n > 0);
	sb_add(&s->text, p, n);
	return OK;
}

static enum status on_end(void *arg, struct err *e)
{
	struct seen *s = arg;
	(void)e;
	FUZZ_CHECK(s->open);
	s->open = false;
	sb_addc(&s->text, ']');
	return OK;
}

static enum status run(const char *type, const uint8_t *p, size_t n, size_t piece, struct seen *s)
{
	static const struct multipart_sink sink = { on_begin, on_data, on_end };
	struct err e;
	struct multipart *m = multipart_new(type, &sink, s);
	enum status st = m ? OK : ERR_NOTFOUND;
	for (size_t at = 0; st == OK && at < n; at += piece)
		st = multipart_feed(m, p + at, piece < n - at ? piece : n - at, &e);
	if (st == OK)
		st = multipart_finish(m, &e);
	multipart_free(&m);
	return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *line = n > 1 ? memchr(p + 1, '\n', n - 1) : NULL;
	if (!line)
		return 0;
	size_t piece = p[0] ? p[0] : 1, type_len = (size_t)(line - p) - 1;
	struct seen whole = { .text = SB_INIT }, cut = { .text = SB_INIT };
	char *type = malloc(type_len + 1);
	memcpy(type, p + 1, type_len);
	type[type_len] = '\0';
	n -= (size_t)(line + 1 - p);
	enum status a = run(type, line + 1, n, n ? n : 1, &whole), b = run(type, line + 1, n, piece, &cut);
	FUZZ_CHECK((a == OK) == (b == OK));
	if (a == OK)
		FUZZ_CHECK(whole.text.len == cut.text.len && memcmp(whole.text.s, cut.text.s, cut.text.len) == 0);
	sb_free(&whole.text);
	sb_free(&cut.text);
	free(type);
	return 0;
}
