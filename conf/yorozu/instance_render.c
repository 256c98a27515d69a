/* Templates of configuration files: @NAME@ replaced, nothing else. */
#include "instance.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>

static const char *lookup(const struct render_var *v, const char *name, size_t n)
{
	for (; v->name; v++)
		if (strlen(v->name) == n && strncmp(v->name, name, n) == 0)
			return v->value;
	return NULL;
}

/* Length of the capitals behind '@' if a closing '@' follows, else 0. */
static size_t name_length(const char *p)
{
	size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
	return p[n] == '@' ? n : 0;
}

enum status instance_render(const char *path, const struct render_var *vars, struct sb *out, struct err *e)
{
	struct sb text = SB_INIT;
	int line = 1;
	enum status st = io_read_file(path, 1 << 20, &text, e);
	for (const char *p = text.s; st == OK && *p; p++) {
		size_t n = *p == '@' ? name_length(p + 1) : 0;
		line += *p == '\n';
		if (!n) {
			sb_addc(out, *p);
			continue;
		}
		const char *value = lookup(vars, p + 1, n);
		if (value)
			sb_adds(out, value);
		else
			st = err_set(e, ERR_BUG, "%s:%d: unknown name @%.*s@", path, line, (int)n, p + 1);
		p += n + 1;
	}
	sb_free(&text);
	return st;
}

#ifndef CONFDIR
#define CONFDIR "/usr/local/share/yorozu"
#endif

/* Beside the build; where make install put them; or moved as a whole (DESTDIR). */
char *instance_share(const struct front *f, const char *relative)
{
	char *v[] = { xasprintf("%s/../../conf/%s", f->bindir, relative), xasprintf(CONFDIR "/%s", relative),
		      xasprintf("%s/../share/yorozu/%s", f->bindir, relative) };
	char *real = NULL;
	for (int i = 0; i < 3 && !real; i++)
		real = realpath(v[i], NULL);
	if (!real)
		real = xstrdup(v[1]); /* the error that follows names it */
	for (int i = 0; i < 3; i++)
		free(v[i]);
	return real;
}
