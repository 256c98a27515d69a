#ifndef INGEST_PAGE_H
#define INGEST_PAGE_H
/* Pages for people, from the templates in conf/web. */
#include "http.h"
#include "ingest.h"
#include "text/tmpl.h"

/* Renders NAME.html within frame.html as the answer. `vars` ends with
 * {NULL, NULL}; every page also knows desk_name and desk_address. */
void page_send(struct http_req *q, int status, const char *name, const struct tmpl_var *vars);

/* A page that only says what is the matter, with what can be done. */
void page_fault(struct http_req *q, int status, const char *name);
/* The page for a link that can't be used (any more). */
void page_link_fault(struct http_req *q, enum link_verdict v);
/* ERR_NOTFOUND is 404, everything else 503 and a line in the log. */
void page_store_fault(struct http_req *q, enum status st, const struct err *e);

/* A part of a page, such as the rows of a table, for {{&name}}. */
void page_part(const struct http_req *q, const char *name, const struct tmpl_var *vars, struct sb *out);

/* A row of a table of files. fetched: it can't be had (again) by this link. */
void page_file_row(const struct http_req *q, const char *part, const struct stored_file *f, bool fetched,
                   struct sb *out);

/* "12.3 MB", "512 バイト". buf >= 32. */
const char *size_words(int64_t size, char buf[32]);

static inline const struct ingest *page_ingest(const struct http_req *q)
{
	return q->app;
}

#endif
