/* Which page takes what: see routes.h. */
#include "routes.h"
#include "download.h"
#include "page.h"
#include "page_issue.h"
#include "page_agent.h"
#include "page_stop.h"
#include "page_upload.h"

const struct http_route routes[] = {
	{ "GET", "/u/", &page_upload_form },
	{ "POST", "/u/", &page_upload },
	{ "GET", "/d/", &page_download_show },
	{ "POST", "/d/", &page_download },
	{ "GET", "/a/", &page_issue },
	{ "GET", "/n/", &page_stop_show },
	{ "POST", "/n/", &page_stop },
	{ "POST", "/v1/enroll", &page_agent_enroll },
	{ "POST", "/v1/batch", &page_agent_batch },
	{ NULL, NULL, NULL },
};

static void missing(struct http_req *q)
{
	page_fault(q, 404, "fault-missing");
}

static void not_allowed(struct http_req *q)
{
	page_fault(q, 405, "fault-missing");
}

static void too_large(struct http_req *q)
{
	if (q->page == &page_agent_enroll || q->page == &page_agent_batch)
		page_agent_large(q);
	else
		page_fault(q, 413, "fault-missing");
}

const struct http_page page_missing = { .answer = missing };
const struct http_page page_not_allowed = { .answer = not_allowed };
const struct http_page page_too_large = { .answer = too_large };
