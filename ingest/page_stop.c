/*
 * /n/TOKEN: GET shows who is about to leave and asks; only a POST unsubscribes,
 * so that no virus scanner that follows links does (RFC 8058 §3.2). What the
 * POST's body says does not matter: mail systems send List-Unsubscribe=One-Click,
 * the button sends nothing.
 * SECURITY: the token's MAC is all the proof; the page names no address, so that
 * a forwarded mail tells nobody who it was for.
 */
#include "page_stop.h"
#include "page.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/store_reader.h"
#include <string.h>

enum { BODY_MAX = 4096 };

struct stop {
	struct token_news who;
	epoch now;
};

static bool token(struct http_req *q, struct stop *x)
{
	x->now = clk_now();
	if (token_parse_stop_link(&page_ingest(q)->token, q->rest, &x->who))
		return true;
	metrics_add("links_wrong_total", 1);
	page_fault(q, 404, "fault-missing");
	return false;
}

static void show(struct http_req *q)
{
	struct stop x;
	if (!token(q, &x))
		return;
	const struct tmpl_var vars[] = {
		{ "token", arena_strdup(q->a, q->rest) }, { "name", page_ingest(q)->cfg->news_name }, { NULL, NULL },
	};
	page_send(q, 200, "stop", vars);
}

static enum status unsubscribe(struct store *s, void *arg, struct err *e)
{
	const struct stop *x = arg;
	return reader_unsubscribe(s, x->who.reader, x->who.issue, "ワンクリックでの停止", x->now, e);
}

static void take(struct http_req *q)
{
	struct stop x;
	struct err e;
	if (!token(q, &x))
		return;
	enum status st = writer_run(page_ingest(q)->writer, unsubscribe, &x, &e);
	if (st != OK) {
		page_store_fault(q, st, &e);
		return;
	}
	log_info("unsubscribed", "issue=%lld reader=%lld ip=%s", (long long)x.who.issue, (long long)x.who.reader, q->ip);
	metrics_add("unsubscribed_total", 1);
	const struct tmpl_var vars[] = { { "name", page_ingest(q)->cfg->news_name }, { NULL, NULL } };
	page_send(q, 200, "stop-done", vars);
}

const struct http_page page_stop_show = { .answer = show };
const struct http_page page_stop = { .answer = take, .body_max = BODY_MAX };
