#ifndef INGEST_PAGE_STOP_H
#define INGEST_PAGE_STOP_H
/* The newsletter's one-click unsubscription (RFC 8058): /n/TOKEN. */
#include "http.h"

extern const struct http_page page_stop_show, page_stop;

#endif
