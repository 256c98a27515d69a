/*
 * yorozu metrics: what a monitoring system asks, as Prometheus text: whether
 * each daemon answers, what waits, what was counted. For node_exporter's text
 * collector, or any cron job.
 */
#include "instance.h"
#include "base/clk.h"
#include "base/metrics.h"
#include "base/xalloc.h"
#include "store/store.h"
#include "store/store_outbox.h"
#include "store/store_ticket.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void parts(const struct cfg *c, const struct front *f, struct sb *out)
{
	sb_adds(out, "# TYPE yorozu_up gauge\n");
	for (int i = 0; i < PARTS; i++) {
		struct part_state p;
		part_look(c, f, (enum part_id)i, &p);
		if (p.present)
			sb_addf(out, "yorozu_up{part=\"%s\"} %d\n", p.name, p.ready);
	}
}

static void counters(const struct cfg *c, const char *name, struct sb *out)
{
	char *path = xasprintf("%s/run/%s.metrics", c->dir, name), *prefix = xasprintf("yorozu_%s", name);
	metrics_print(path, prefix, out);
	free(path), free(prefix);
}

static void store_size(const struct cfg *c, struct sb *out)
{
	struct stat st;
	char *path = cfg_path(c, "store/yorozu.db");
	if (stat(path, &st) == 0)
		sb_addf(out, "# TYPE yorozu_store_bytes gauge\nyorozu_store_bytes %lld\n", (long long)st.st_size);
	free(path);
}

static enum status waiting(struct store *s, epoch now, struct sb *out, struct err *e)
{
	int64_t v[OUT_STATES], open = 0, overdue = 0;
	epoch next = 0;
	enum status st = outbox_counts(s, v, e);
	if (st == OK)
		st = outbox_next(s, &next, e);
	if (st == OK)
		st = ticket_count(s, now, &open, &overdue, e);
	if (st != OK)
		return st;
	sb_adds(out, "# TYPE yorozu_outbox gauge\n");
	for (int i = 0; i < OUT_STATES; i++)
		sb_addf(out, "yorozu_outbox{state=\"%s\"} %lld\n", outbox_state_name((enum outbox_state)i), (long long)v[i]);
	sb_addf(out, "# TYPE yorozu_outbox_late_seconds gauge\nyorozu_outbox_late_seconds %lld\n",
	        (long long)(next && next < now ? now - next : 0));
	sb_addf(out, "# TYPE yorozu_tickets gauge\nyorozu_tickets{state=\"open\"} %lld\nyorozu_tickets{state=\"overdue\"} %lld\n",
	        (long long)open, (long long)overdue);
	return OK;
}

static int run_metrics(int argc, char **argv, const struct front *f)
{
	struct err e;
	struct sb out = SB_INIT;
	(void)argv;
	if (argc != 1)
		return front_usage(&cmd_metrics);
	struct cfg *c = front_cfg("metrics", f), *again = NULL;
	if (!c)
		return 1;
	parts(c, f, &out);
	counters(c, "milter", &out);
	counters(c, "mailer", &out);
	counters(c, "ingest", &out);
	store_size(c, &out);
	struct store *s = front_store("metrics", f, &again);
	enum status st = s ? waiting(s, clk_now(), &out, &e) : OK;
	fputs(out.s, stdout);
	int rc = !s ? 1 : st == OK ? 0 : front_fail("metrics", &e);
	store_close(&s);
	cfg_free(&again);
	cfg_free(&c);
	sb_free(&out);
	return rc;
}

const struct front_cmd cmd_metrics = { "metrics", run_metrics, "metrics", "health and counters as Prometheus text" };
