#ifndef INGEST_DOWNLOAD_H
#define INGEST_DOWNLOAD_H
/* /d/TOKEN: files by link. */
#include "http.h"
#include "ingest.h"

extern const struct http_page page_download_show; /* GET: what there is, and a button for each */
extern const struct http_page page_download;      /* POST: one file */

/* download_auth.c: who may see the link. */
enum download_auth {
	AUTH_YES,
	AUTH_ASK,   /* nothing was said yet */
	AUTH_WRONG  /* counted against the link */
};
/* password: what the form had, NULL = nothing; for customers' links. ERR_TEMP. */
enum status download_auth(const struct http_req *q, const struct download_link *l, const char *password,
                          enum download_auth *r, const char **who_r, struct err *e) must_check;

#endif
