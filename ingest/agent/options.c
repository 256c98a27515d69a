/* DIR/agent.conf: see options.h. */
#include "options.h"
#include "plat.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 64, FILE_MAX = 64 << 10 };
static const char *const known[] = { "watch", "spool_mb", "web_log", "print_log", "wtmp", "app_uid_min", "clock", "root" };

struct options {
	char *text;
	struct {
		const char *name, *value;
	} row[OPTIONS_MAX];
	size_t n;
};

static char *trim(char *s)
{
	s += strspn(s, " \t\r");
	size_t n = strlen(s);
	while (n && strchr(" \t\r", s[n - 1]))
		s[--n] = '\0';
	return s;
}

static bool is_known(const char *name)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

static enum status take_line(struct options *o, char *line, int number, struct err *e)
{
	char *eq;
	line = trim(line);
	if (!*line || *line == '#')
		return OK;
	if (!(eq = strchr(line, '=')))
		return err_set(e, ERR_PERM, "line %d: no `name = value`", number);
	*eq = '\0';
	line = trim(line);
	if (!is_known(line))
		return err_set(e, ERR_PERM, "line %d: no option is called that", number);
	if (o->n == OPTIONS_MAX)
		return err_set(e, ERR_LIMIT, "line %d: too many options", number);
	o->row[o->n].name = line;
	o->row[o->n++].value = trim(eq + 1);
	return OK;
}

enum status options_load(const char *path, struct options **o_r, struct err *e)
{
	struct options *o = xcalloc(1, sizeof *o);
	struct sb b = SB_INIT;
	enum status st = plat_read_file(path, FILE_MAX, &b, e);
	int number = 0;
	if (st == ERR_NOTFOUND)
		st = OK;
	sb_grow(&b, 1);
	o->text = sb_detach(&b, NULL);
	for (char *line = o->text, *next; line && st == OK; line = next) {
		if ((next = strchr(line, '\n')))
			*next++ = '\0';
		st = take_line(o, line, ++number, e);
	}
	if (st == OK)
		*o_r = o;
	else
		options_free(&o);
	return st;
}

void options_free(struct options **o)
{
	if (*o) {
		free((*o)->text);
		free(*o);
	}
	*o = NULL;
}

const char *options_nth(const struct options *o, const char *name, size_t k)
{
	for (size_t i = 0; o && i < o->n; i++)
		if (strcmp(o->row[i].name, name) == 0 && k-- == 0)
			return o->row[i].value;
	return NULL;
}

const char *options_get(const struct options *o, const char *name)
{
	return options_nth(o, name, 0);
}
