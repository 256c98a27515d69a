/*
 * The calendar's CSV, the mail templates, the kinds of consultation. Which templates there have to be,
 * and which names each may use, is said by conf/mail/names.txt.
 */
#include "checkup.h"
#include "feed_place.h"
#include "base/arena.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "cal/cal.h"
#include "text/survey.h"
#include "text/category.h"
#include "text/inquiry.h"
#include "text/tmpl.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 64 };

static void calendar(struct check *k)
{
	struct err e;
	struct cal *cal = NULL;
	if (cal_load(k->c->holidays_csv, &cal, &e) != OK)
		check_say(k, CHECK_FAIL, "calendar", "holidays_csv: %s", e.msg);
	else if (*k->c->holidays_csv)
		check_say(k, CHECK_OK, "calendar", "%s", k->c->holidays_csv);
	else
		check_say(k, CHECK_OK, "calendar", "holidays by law");
	cal_free(&cal);
}

/* "ack: due name" renders, with every name set. */
static bool render_line(struct check *k, char *line, struct arena *a)
{
	struct err e;
	struct tmpl_var v[NAMES_MAX + 1] = { { NULL, NULL } };
	struct sb subject = SB_INIT, body = SB_INIT;
	size_t n = 0;
	char *rest = line + strcspn(line, ":");
	if (*rest)
		*rest++ = '\0';
	for (size_t len; n < NAMES_MAX && *(rest += strspn(rest, " ")); rest += len) {
		len = strcspn(rest, " ");
		v[n++] = (struct tmpl_var){ arena_strndup(a, rest, len), "1" };
	}
	enum status st = tmpl_render_file(k->c->templates, line, v, &subject, &body, &e);
	if (st != OK)
		check_say(k, CHECK_FAIL, "templates", "%s", e.msg);
	sb_free(&subject), sb_free(&body);
	return st == OK;
}

/* A template that names.txt does not know is looked at by nobody. */
static int unlisted(struct check *k, const char *names)
{
	static const char end[] = ".ja.txt";
	int found = 0;
	DIR *d = opendir(k->c->templates);
	for (struct dirent *f; d && (f = readdir(d));) {
		size_t n = strlen(f->d_name);
		if (n < sizeof end || strcmp(f->d_name + n - (sizeof end - 1), end) != 0)
			continue;
		char *line = xasprintf("\n%.*s:", (int)(n - (sizeof end - 1)), f->d_name);
		if (!strstr(names, line)) {
			check_say(k, CHECK_WARN, "templates", "%s/%s is used by nothing: take it away", k->c->templates, f->d_name);
			found++;
		}
		free(line);
	}
	if (d)
		closedir(d);
	return found;
}

static void templates(struct check *k)
{
	struct err e;
	struct sb text = SB_INIT;
	struct arena *a = arena_new();
	char *path = instance_share(k->f, "mail/names.txt");
	int n = 0, good = 0;
	if (io_read_file(path, 1 << 16, &text, &e) != OK)
		check_say(k, CHECK_FAIL, "templates", "%s", e.msg);
	int strange = unlisted(k, text.s);
	for (char *p = text.s; *p;) {
		char *line = p;
		p += strcspn(p, "\n");
		if (*p)
			*p++ = '\0';
		if (!*line || *line == '#')
			continue;
		n++;
		good += render_line(k, line, a);
	}
	if (n && good == n && !strange)
		check_say(k, CHECK_OK, "templates", "%d in %s", n, k->c->templates);
	sb_free(&text);
	free(path);
	arena_free(&a);
}

static void tables(struct check *k)
{
	struct err e;
	struct feed *f = NULL;
	char *shipped = feed_shipped(k->f, k->c), *own = cfg_path(k->c, "feed");
	if (feed_load(shipped, own, &f, &e) == OK)
		check_say(k, CHECK_OK, "feed", "%zu Windows releases, %zu products, tables of %s", feed_rows(f, "release"), feed_rows(f, "product"), feed_version(f));
	else
		check_say(k, CHECK_FAIL, "feed", "%s", e.msg);
	feed_free(&f);
	free(shipped);
	free(own);
}

static void categories(struct check *k)
{
	struct err e;
	struct categories *set = NULL;
	size_t n = 0;
	if (categories_load(k->c->categories, &set, &e) != OK) {
		check_say(k, CHECK_FAIL, "categories", "%s", e.msg);
	} else {
		categories_list(set, &n);
		check_say(k, CHECK_OK, "categories", "%zu in %s", n, k->c->categories);
	}
	categories_free(&set);
	if (inquiry_load(k->c->categories, &set, &e) != OK)
		check_say(k, CHECK_FAIL, "inquiries", "%s", e.msg);
	else
		check_say(k, CHECK_OK, "inquiries", "inquiry.txt in %s", k->c->categories);
	categories_free(&set);
}

static void questionnaire(struct check *k)
{
	struct err e;
	struct survey *s = NULL;
	enum status st = survey_load(k->c->diagnosis, &s, &e);
	if (st == ERR_NOTFOUND) /* a configuration from before there was one */
		check_say(k, CHECK_WARN, "questionnaire", "none in %s: there is no diagnosis", k->c->diagnosis);
	else if (st != OK)
		check_say(k, CHECK_FAIL, "questionnaire", "%s", e.msg);
	else
		check_say(k, CHECK_OK, "questionnaire", "version %d, %zu questions in %s", s->version, s->nitems, k->c->diagnosis);
	survey_free(&s);
}

static void folders(struct check *k)
{
	struct err e;
	if (cfg_folders(k->c, &e) != OK)
		check_say(k, CHECK_FAIL, "folders", "%s", e.msg);
}

void check_texts(struct check *k)
{
	calendar(k);
	folders(k);
	templates(k);
	categories(k);
	questionnaire(k);
	tables(k);
}
