/* Small files of /proc and /sys: see linux_util.h. */
#include "linux_util.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 16 << 20 };

static char *vpath(const struct collect *c, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static char *vpath(const struct collect *c, const char *fmt, va_list ap)
{
	const char *root = c ? collect_option(c, "root") : NULL;
	struct sb b = SB_INIT;
	if (root)
		sb_adds(&b, root);
	sb_vaddf(&b, fmt, ap);
	return sb_detach(&b, NULL);
}

char *linux_path(const struct collect *c, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *p = vpath(c, fmt, ap);
	va_end(ap);
	return p;
}

const char *linux_line(const struct collect *c, char *buf, size_t cap, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *path = vpath(c, fmt, ap);
	va_end(ap);
	FILE *f = fopen(path, "re");
	free(path);
	if (!f || !fgets(buf, (int)cap, f))
		buf[0] = '\0';
	if (f)
		fclose(f);
	size_t lead = strspn(buf, " \t"), n = strcspn(buf, "\n");
	while (n > lead && (buf[n - 1] == ' ' || buf[n - 1] == '\t'))
		n--;
	memmove(buf, buf + lead, n - (n < lead ? n : lead));
	buf[n - (n < lead ? n : lead)] = '\0';
	return buf;
}

bool linux_file(const struct collect *c, struct sb *out, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *path = vpath(c, fmt, ap);
	va_end(ap);
	bool ok = io_exists(path) && io_read_file(path, FILE_MAX, out, NULL) == OK;
	free(path);
	return ok;
}

const char *linux_user(unsigned uid, char *buf, size_t cap)
{
	struct passwd *p = getpwuid(uid);
	if (p)
		snprintf(buf, cap, "%s", p->pw_name);
	else
		snprintf(buf, cap, "%u", uid);
	return buf;
}

bool linux_value(const struct sb *text, const char *key, const char *sep, char *buf, size_t cap)
{
	size_t nkey = strlen(key);
	for (const char *p = text->s, *eol; *p; p = *eol ? eol + 1 : eol) {
		eol = p + strcspn(p, "\n");
		if (strncmp(p, key, nkey) != 0)
			continue;
		const char *v = p + nkey;
		v += strspn(v, " \t");
		if (strncmp(v, sep, strlen(sep)) != 0)
			continue;
		v += strlen(sep);
		v += strspn(v, " \t\"");
		size_t n = (size_t)(eol - v);
		while (n && strchr("\" \t\r", v[n - 1]))
			n--;
		snprintf(buf, cap, "%.*s", (int)n, v);
		return true;
	}
	buf[0] = '\0';
	return false;
}
