/* Every template of a mail is listed in conf/mail/names.txt, and uses no name
 * that the list does not give it: `yorozu check` would call it a fault. */
#include "base/arena.h"
#include "base/io.h"
#include "text/tmpl.h"
#include "unit.h"
#include <glob.h>
#include <string.h>

enum { NAMES_MAX = 64 };

static struct arena *a;

/* The names of "TEMPLATE: a b c", each set; NULL if there is no such row. */
static const struct tmpl_var *row_of(const char *names, const char *tmpl)
{
	struct tmpl_var *v = arena_zalloc(a, (NAMES_MAX + 1) * sizeof *v);
	char *head = arena_printf(a, "\n%s:", tmpl);
	const char *p = strstr(names, head);
	if (!p)
		return NULL;
	p += strlen(head);
	for (size_t n = 0; n < NAMES_MAX && *(p += strspn(p, " ")) && *p != '\n'; n++) {
		size_t len = strcspn(p, " \n");
		v[n] = (struct tmpl_var){ arena_strndup(a, p, len), "1" };
		p += len;
	}
	return v;
}

START_TEST(each_is_listed_and_uses_what_it_is_given)
{
	struct sb names = SB_INIT, subject = SB_INIT, body = SB_INIT;
	struct err e;
	glob_t g;
	a = arena_new();
	ck_assert_int_eq(io_read_file("conf/mail/names.txt", 1 << 20, &names, &e), OK);
	ck_assert_int_eq(glob("conf/mail/*.ja.txt", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		const char *file = strrchr(g.gl_pathv[i], '/') + 1;
		char *name = arena_strndup(a, file, strlen(file) - strlen(".ja.txt"));
		const struct tmpl_var *v = row_of(names.s, name);
		ck_assert_msg(v != NULL, "%s is not in names.txt", name);
		enum status st = tmpl_render_file("conf/mail", name, v, &subject, &body, &e);
		ck_assert_msg(st == OK, "%s", e.msg);
	}
	globfree(&g);
	sb_free(&names);
	sb_free(&subject);
	sb_free(&body);
	arena_free(&a);
}
END_TEST

UNIT_SUITE("templates", each_is_listed_and_uses_what_it_is_given)
