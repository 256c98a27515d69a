#ifndef INGEST_PAGE_ISSUE_H
#define INGEST_PAGE_ISSUE_H
/* /a/TOKEN: an attachment of the newsletter (MAG-02). */
#include "http.h"
#include "ingest.h"

extern const struct http_page page_issue; /* GET: the file */
/* At the end: what is kept in memory. */
void page_issue_forget(struct ingest *in);

#endif
