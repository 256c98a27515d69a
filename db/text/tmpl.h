#ifndef TEXT_TMPL_H
#define TEXT_TMPL_H
/*
 * Templates of mails and pages. Mails are files in conf/mail (NAME.ja.txt, UTF-8): the first
 * lines are "Subject: …", a blank line follows, then the body.
 * `{{name}}` is a value; `{{?name}}…{{/name}}` stays only when the value is
 * set and not empty. An unknown name is an error: a customer never sees
 * "{{due}}". Values are text and are not expanded again.
 */
#include "base/err.h"
#include "base/strbuf.h"

struct tmpl_var {
	const char *name, *value; /* value NULL = not set */
};

/* `vars` ends with {NULL, NULL}. Subject and body are appended apart. */
enum status tmpl_render(const char *text, const struct tmpl_var *vars, struct sb *subject,
                        struct sb *body, struct err *e) must_check;

/* A page: "Title: …" instead of the subject, and every value escaped for HTML,
 * in text and in quoted attributes. `{{&name}}` puts in what is HTML already. */
enum status tmpl_render_html(const char *text, const struct tmpl_var *vars, struct sb *title,
                             struct sb *body, struct err *e) must_check;

/* Reads DIR/NAME.html and renders it. */
enum status tmpl_render_html_file(const char *dir, const char *name, const struct tmpl_var *vars,
                                  struct sb *title, struct sb *body, struct err *e) must_check;

/* Reads DIR/NAME.ja.txt and renders it. NAME is ours, [a-z0-9-]. */
enum status tmpl_render_file(const char *dir, const char *name, const struct tmpl_var *vars,
                             struct sb *subject, struct sb *body, struct err *e) must_check;

#endif
