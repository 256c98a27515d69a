#ifndef INGEST_PAGE_UPLOAD_H
#define INGEST_PAGE_UPLOAD_H
/* The pages of an upload link: page_upload.c and upload.c. */
#include "http.h"
#include <stdbool.h>

extern const struct http_page page_upload_form; /* GET  /u/TOKEN */
extern const struct http_page page_upload;      /* POST /u/TOKEN and /u/TOKEN/end */

/* The number in the link's token; answers itself (404) when it is none of ours. */
bool upload_page_link(struct http_req *q, int64_t *id_r);
/* The form, above it what went wrong: NULL, "too-big", "too-many", "none",
 * "broken". Answers that the link is over when it is. */
void upload_page_form(struct http_req *q, int status, const char *fault);
void upload_page_end(struct http_req *q);

#endif
