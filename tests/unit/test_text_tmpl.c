/* Templates: what renders, and what each fault says. */
#include "text_util.h"
#include "text/tmpl.h"
#include <stdio.h>
#include <unistd.h>

static const struct tmpl_var vars[] = {
	{ "name", "山田" }, { "due", "11月25日(水) 15:00" }, { "evil", "a\r\nBcc: x@example.com" }, { "nested", "{{due}}" },
	{ "lines", "一\r\n二\n" }, { "empty", "" }, { "unset", NULL }, { NULL, NULL }
};

static void ck_render(const char *text, const char *subject, const char *body)
{
	struct sb s = SB_INIT, b = SB_INIT;
	struct err e = { OK, "" };
	ck_assert_msg(tmpl_render(text, vars, &s, &b, &e) == OK, "%s", e.msg);
	ck_assert_str_eq(s.s, subject);
	ck_assert_str_eq(b.s, body);
	sb_free(&s);
	sb_free(&b);
}

START_TEST(test_values)
{
	ck_render("Subject: {{name}}様\n\n{{due}}まで\n", "山田様", "11月25日(水) 15:00まで\n");
	ck_render("Subject: {{evil}}\n\n{{evil}}", "a  Bcc: x@example.com", "a\nBcc: x@example.com");
	ck_render("Subject: x\n\n{{nested}}{{empty}}{{unset}}.", "x", "{{due}}.");
	ck_render("Subject: x\n\n{{lines}}", "x", "一\n二\n");
	ck_render("\xEF\xBB\xBFSubject:x\r\n\r\n一\r\n", "x", "一\n");
	ck_render("Subject: x\n\na } b { c }} d", "x", "a } b { c }} d");
	ck_render("Subject: x\n\n", "x", "");
}
END_TEST

START_TEST(test_conditions)
{
	ck_render("Subject: a{{?name}}b{{/name}}{{?empty}}c{{/empty}}\n\nx", "ab", "x");
	ck_render("Subject: x\n\na\n{{?name}}\nb {{name}}\n{{/name}}\nc\n", "x", "a\nb 山田\nc\n");
	ck_render("Subject: x\n\na\n{{?unset}}\nb {{due}}\n{{/unset}}\nc\n", "x", "a\nc\n");
	ck_render("Subject: x\n\n{{?name}}1{{?unset}}2{{?due}}3{{/due}}{{/unset}}4{{/name}}", "x", "14");
}
END_TEST

START_TEST(test_faults)
{
	static const struct { const char *text, *says; } bad[] = {
		{ "", "line 1: does not begin with \"Subject:\"" },
		{ "Hello\n", "line 1: does not begin with \"Subject:\"" },
		{ "Subject: x", "line 2: must be blank" },
		{ "Subject: x\nbody", "line 2: must be blank" },
		{ "Subject: {{nobody}}\n\n", "line 1: unknown name {{nobody}}" },
		{ "Subject: x\n\na\n{{nobody}}", "line 4: unknown name {{nobody}}" },
		{ "Subject: x\n\n{{?unset}}{{nobody}}{{/unset}}", "line 3: unknown name {{nobody}}" },
		{ "Subject: x\n\n{{due", "line 3: \"{{\" without \"}}\"" },
		{ "Subject: x\n\n{{due\n}}", "line 3: \"{{\" without \"}}\"" },
		{ "Subject: x\n\n{{ due }}", "line 3: bad name" },
		{ "Subject: x\n\n{{}}", "line 3: bad name" },
		{ "Subject: x\n\n\n{{?due}}", "line 4: {{?due}} is not closed" },
		{ "Subject: x\n\n{{/due}}", "line 3: {{/due}} closes nothing" },
		{ "Subject: x\n\n{{?due}}{{?name}}{{/due}}{{/name}}", "line 3: {{/due}} closes nothing" },
		{ "Subject: {{?due}}x\n\n{{/due}}", "line 1: {{?due}} is not closed" },
		{ "Subject: x\n\n\xFF", "is not UTF-8" },
		{ "Subject: x\n\n{{?due}}{{?due}}{{?due}}{{?due}}{{?due}}{{?due}}{{?due}}{{?due}}{{?due}}", "nested deeper than 8" },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct sb s = SB_INIT, b = SB_INIT;
		struct err e = { OK, "" };
		sb_adds(&s, "old");
		ck_assert_int_eq(tmpl_render(bad[i].text, vars, &s, &b, &e), ERR_PERM);
		ck_assert_msg(strstr(e.msg, bad[i].says) != NULL, "got \"%s\", want \"%s\"", e.msg, bad[i].says);
		ck_assert_str_eq(s.s, "old");
		ck_assert_uint_eq(b.len, 0);
		sb_free(&s);
		sb_free(&b);
	}
}
END_TEST

START_TEST(test_files)
{
	char dir[] = "/tmp/test_tmpl.XXXXXX", path[64];
	ck_assert(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/ack.ja.txt", dir);
	FILE *f = fopen(path, "w");
	fputs("Subject: 受付\n\n{{name}}様\n{{oops}}\n", f);
	fclose(f);
	struct sb s = SB_INIT, b = SB_INIT;
	struct err e = { OK, "" };
	ck_assert_int_eq(tmpl_render_file(dir, "ack", vars, &s, &b, &e), ERR_PERM);
	ck_assert(strstr(e.msg, "/ack.ja.txt: line 4: unknown name {{oops}}"));
	ck_assert_int_ne(tmpl_render_file(dir, "missing", vars, &s, &b, &e), OK);
	ck_assert_int_eq(tmpl_render_file(dir, "../ack", vars, &s, &b, &e), ERR_BUG);
	ck_assert_int_eq(tmpl_render_file(dir, "", vars, &s, &b, &e), ERR_BUG);
	f = fopen(path, "w");
	fputs("Subject: 受付\n\n{{name}}様\n", f);
	fclose(f);
	ck_assert_int_eq(tmpl_render_file(dir, "ack", vars, &s, &b, &e), OK);
	ck_assert_str_eq(s.s, "受付");
	ck_assert_str_eq(b.s, "山田様\n");
	sb_free(&s);
	sb_free(&b);
	unlink(path);
	rmdir(dir);
}
END_TEST

START_TEST(test_pages)
{
	static const struct tmpl_var page[] = { { "name", "<b>\"a\" & 'b'</b>" }, { "rows", "<li>x</li>" }, { "set", "1" },
		{ "unset", NULL }, { NULL, NULL } };
	struct sb title = SB_INIT, body = SB_INIT;
	struct err e = { OK, "" };
	ck_assert_int_eq(tmpl_render_html("Title: {{name}}\n\n<p title=\"{{name}}\">{{?set}}{{&rows}}{{/set}}{{?unset}}y{{/unset}}", page,
	                                  &title, &body, &e), OK);
	ck_assert_str_eq(title.s, "<b>\"a\" & 'b'</b>"); /* goes into the frame as a value */
	ck_assert_ptr_null(strstr(body.s, "<b>"));
	ck_assert_ptr_null(strstr(body.s, "=\"<"));
	ck_assert_ptr_nonnull(strstr(body.s, "&lt;b&gt;&quot;a&quot; &amp; "));
	ck_assert_ptr_nonnull(strstr(body.s, "<li>x</li>"));
	ck_assert_int_eq(tmpl_render_html("Subject: x\n\n", page, &title, &body, &e), ERR_PERM);
	ck_assert_int_eq(tmpl_render("Subject: x\n\n{{&rows}}", page, &title, &body, &e), ERR_PERM); /* in pages only */
	sb_free(&title);
	sb_free(&body);
}
END_TEST

UNIT_SUITE("text_tmpl", test_values, test_conditions, test_faults, test_files, test_pages)
