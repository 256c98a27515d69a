#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H
/*
 * Sentences of reports as data: a file of sections, "[os.bad]" and the text
 * below it, with {{name}} and {{?name}}…{{/name}} as in mails (text/tmpl.h).
 * Lines that come out empty are left out; each other one is a paragraph.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "text/tmpl.h"

struct words;
/* ERR_PERM: unreadable. Lives until words_free. */
enum status words_load(const char *path, struct words **w_r, struct err *e) must_check;
void words_free(struct words **w);
/* Appends the section, rendered; paragraphs with LF between. ERR_NOTFOUND: no such section; ERR_PERM: a fault in it. */
enum status words_say(const struct words *w, const char *section, const struct tmpl_var *vars, struct sb *out, struct err *e) must_check;
/* The i-th section's name, or NULL. */
const char *words_section(const struct words *w, size_t i);

#endif
