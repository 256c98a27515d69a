/* The pages for terminals: see page_agent.h. */
#include "page_agent.h"
#include "agents.h"
#include "page.h"

static void send_answer(struct http_req *q, struct agent_answer *r)
{
	http_answer(q, r->status, "application/json", &r->json);
}

/* An address that only begins like ours is none. */
static bool whole_path(struct http_req *q)
{
	struct agent_answer r = { .json = SB_INIT };
	if (!*q->rest)
		return true;
	agent_refuse(&r, 404, "missing");
	send_answer(q, &r);
	return false;
}

static void enroll(struct http_req *q)
{
	struct agent_answer r = { .json = SB_INIT };
	if (!whole_path(q))
		return;
	agent_enroll(page_ingest(q), q->body.s, q->body.len, clk_now(), &r);
	send_answer(q, &r);
}

/* The instance's clock counts seconds. */
static void batch(struct http_req *q)
{
	struct agent_answer r = { .json = SB_INIT };
	if (!whole_path(q))
		return;
	agent_batch(page_ingest(q), q->body.s, q->body.len, clk_now() * 1000, &r);
	send_answer(q, &r);
}

void page_agent_large(struct http_req *q)
{
	struct agent_answer r = { .json = SB_INIT };
	agent_refuse(&r, 413, "large");
	send_answer(q, &r);
}

const struct http_page page_agent_enroll = { .answer = enroll, .body_max = HC1_ENROLL_MAX };
const struct http_page page_agent_batch = { .answer = batch, .body_max = HC1_WIRE_MAX };
