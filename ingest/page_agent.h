#ifndef INGEST_PAGE_AGENT_H
#define INGEST_PAGE_AGENT_H
/* The two addresses that terminals post to (PROTOCOL.md); answers are JSON. */
#include "http.h"

extern const struct http_page page_agent_enroll, page_agent_batch;
void page_agent_large(struct http_req *q); /* 413 */

#endif
