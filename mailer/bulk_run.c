/*
 * Issues in memory: who waits, by domain. Eight bytes a reader; names of
 * domains once for all issues.
 */
#include "bulk_impl.h"
#include "base/clk.h"
#include "base/xalloc.h"
#include "mail/addr.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000, FIRST_INDEX = 1024 };

/* ---- domains --------------------------------------------------------------------- */

static size_t place(const char *s, size_t cap)
{
	uint64_t h = 1469598103934665603u;
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (size_t)(h ^ h >> 32) & (cap - 1);
}

static uint32_t *domain_slot(const struct bulk *b, uint32_t *index, size_t cap, const char *name)
{
	size_t i = place(name, cap);
	while (index[i] && strcmp(b->domains[index[i] - 1].name, name) != 0)
		i = (i + 1) & (cap - 1);
	return &index[i];
}

static void grow_index(struct bulk *b)
{
	size_t cap = b->index_cap ? b->index_cap * 2 : FIRST_INDEX;
	uint32_t *index = xcalloc(cap, sizeof *index);
	for (size_t i = 0; i < b->ndomains; i++)
		*domain_slot(b, index, cap, b->domains[i].name) = (uint32_t)i + 1;
	free(b->domain_index);
	b->domain_index = index;
	b->index_cap = cap;
}

uint32_t bulk_domain(struct bulk *b, const char *addr)
{
	const char *name = addr_domain(addr);
	if (b->ndomains * 2 >= b->index_cap)
		grow_index(b);
	uint32_t *slot = domain_slot(b, b->domain_index, b->index_cap, name);
	if (*slot)
		return *slot - 1;
	if (b->ndomains == b->domains_cap) {
		b->domains_cap = b->domains_cap ? b->domains_cap * 2 : 256;
		b->domains = xrealloc(b->domains, b->domains_cap * sizeof *b->domains);
	}
	b->domains[b->ndomains++] = (struct bulk_domain){ .name = xstrdup(name) };
	*slot = (uint32_t)b->ndomains;
	return *slot - 1;
}

/* ---- who waits ---------------------------------------------------------------------- */

static struct bulk_lane *lane(struct bulk_run *r, uint32_t domain)
{
	if (domain >= r->lane_of_cap) {
		size_t cap = r->lane_of_cap ? r->lane_of_cap * 2 : 256;
		while (cap <= domain)
			cap *= 2;
		r->lane_of = xrealloc(r->lane_of, cap * sizeof *r->lane_of);
		memset(r->lane_of + r->lane_of_cap, 0, (cap - r->lane_of_cap) * sizeof *r->lane_of);
		r->lane_of_cap = cap;
	}
	if (!r->lane_of[domain]) {
		if (r->nlanes == r->lanes_cap) {
			r->lanes_cap = r->lanes_cap ? r->lanes_cap * 2 : 64;
			r->lanes = xrealloc(r->lanes, r->lanes_cap * sizeof *r->lanes);
		}
		r->lanes[r->nlanes] = (struct bulk_lane){ .domain = domain };
		r->lane_of[domain] = (uint32_t)++r->nlanes;
	}
	return &r->lanes[r->lane_of[domain] - 1];
}

static uint32_t a_link(struct bulk_run *r)
{
	uint32_t at = r->unused;
	if (at) {
		r->unused = r->waits[at - 1].next;
		return at;
	}
	if (r->nwaits == r->cap) {
		r->cap = r->cap ? r->cap * 2 : PAGE;
		r->waits = xrealloc(r->waits, r->cap * sizeof *r->waits);
	}
	return (uint32_t)++r->nwaits;
}

void bulk_wait_add(struct bulk_run *r, uint32_t domain, int64_t reader)
{
	struct bulk_lane *l = lane(r, domain);
	uint32_t at = a_link(r);
	r->waits[at - 1].reader = (uint32_t)reader;
	r->waits[at - 1].next = l->head;
	l->head = at;
	r->nwaiting++;
}

/* An empty lane gives its place to the last. */
static void drop_lane(struct bulk_run *r, size_t i)
{
	r->lane_of[r->lanes[i].domain] = 0;
	r->lanes[i] = r->lanes[--r->nlanes];
	if (i < r->nlanes)
		r->lane_of[r->lanes[i].domain] = (uint32_t)i + 1;
}

bool bulk_wait_take(struct bulk *b, struct bulk_run *r, int64_t now_ms, int64_t *reader_r, uint32_t *domain_r)
{
	for (size_t tried = 0; tried < r->nlanes; tried++) {
		r->turn = r->turn + 1 < r->nlanes ? r->turn + 1 : 0;
		struct bulk_lane *l = &r->lanes[r->turn];
		if (!pace_take(&b->rules, &b->domains[l->domain].pace, now_ms))
			continue;
		uint32_t at = l->head;
		*reader_r = r->waits[at - 1].reader;
		*domain_r = l->domain;
		l->head = r->waits[at - 1].next;
		r->waits[at - 1].next = r->unused;
		r->unused = at;
		r->nwaiting--;
		if (!l->head)
			drop_lane(r, r->turn);
		return true;
	}
	return false;
}

void bulk_wait_clear(struct bulk_run *r)
{
	while (r->nlanes)
		drop_lane(r, r->nlanes - 1);
	r->nwaits = r->nwaiting = 0;
	r->unused = 0;
}

/* ---- runs ------------------------------------------------------------------------------ */

struct bulk_run *bulk_run_of(const struct bulk *b, int64_t issue)
{
	for (size_t i = 0; i < b->nruns; i++)
		if (b->runs[i]->issue.id == issue)
			return b->runs[i];
	return NULL;
}

int64_t bulk_mail_bytes(const struct bulk_run *r)
{
	enum { HEAD = 8192 }; /* one's own header, signatures, Postfix's records */
	return r ? (int64_t)r->body.head.len + (int64_t)r->body.body.len + HEAD : HEAD;
}

void bulk_doubt(struct bulk *b, int64_t issue, int64_t reader)
{
	if (b->ndoubts == b->doubts_cap) {
		b->doubts_cap = b->doubts_cap ? b->doubts_cap * 2 : 64;
		b->doubts = xrealloc(b->doubts, b->doubts_cap * sizeof *b->doubts);
	}
	b->doubts[b->ndoubts++] = (struct bulk_doubt){ issue, reader, clk_mono_ms() };
}

static void take_row(struct bulk *b, struct bulk_run *r, const struct rcpt *row)
{
	struct token_news who = { row->issue_id, row->reader_id };
	if (row->state == RCPT_PENDING)
		bulk_wait_add(r, bulk_domain(b, row->addr), row->reader_id);
	else if (row->state == RCPT_CLAIMED)
		bulk_doubt(b, row->issue_id, row->reader_id);
	else if (row->state == RCPT_QUEUED && *row->queue_id && strlen(row->queue_id) < sizeof ((struct bulk_mail *)0)->queue_id) {
		struct bulk_mail *m = bulk_queue_add(&b->queue, row->queue_id, who, bulk_mail_bytes(r), row->at);
		if (*row->detail)
			bulk_queue_defer(&b->queue, m);
	}
	if (row->state == RCPT_DELIVERED || row->state == RCPT_BOUNCED) {
		/* a few that are put off now are not all that this domain has been sent */
		uint32_t domain = bulk_domain(b, row->addr); /* may move b->domains */
		b->domains[domain].pace.results++;
		r->results++;
	}
}

static enum status take_rows(struct bulk *b, struct bulk_run *r, struct err *e)
{
	int64_t after = 0;
	size_t n = PAGE;
	enum status st = OK;
	while (st == OK && n == PAGE) {
		struct arena *a = arena_new();
		struct rcpt *v;
		st = ledger_list(b->build.s, r->issue.id, after, PAGE, a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++)
			take_row(b, r, &v[i]);
		if (st == OK && n)
			after = v[n - 1].reader_id;
		arena_free(&a);
	}
	return st;
}

enum status bulk_run_load(struct bulk *b, const struct issue *i, struct err *e)
{
	if (b->nruns == BULK_RUNS || bulk_run_of(b, i->id))
		return OK;
	for (size_t k = 0; !b->nruns && k < b->ndomains; k++) /* the last issue was a while ago */
		b->domains[k].pace = (struct pace){ 0 };
	struct bulk_run *r = xcalloc(1, sizeof *r);
	r->a = arena_new();
	enum status st = issue_get(b->build.s, i->id, r->a, &r->issue, e);
	if (st == OK)
		st = bulk_render_issue(&b->build, &r->issue, r->issue.started_at, &r->body, e);
	if (st == OK)
		st = take_rows(b, r, e);
	r->tail = SB_INIT;
	if (st == OK)
		smtp_stuff(r->body.body.s, r->body.body.len, &r->tail);
	r->paused = r->issue.state != ISSUE_SENDING;
	b->runs[b->nruns++] = r;
	if (st != OK)
		bulk_run_free(b, r);
	return st;
}

void bulk_run_free(struct bulk *b, struct bulk_run *r)
{
	for (size_t i = 0; i < b->nruns; i++)
		if (b->runs[i] == r)
			b->runs[i] = b->runs[--b->nruns];
	bulk_body_free(&r->body);
	sb_free(&r->tail);
	free(r->waits);
	free(r->lanes);
	free(r->lane_of);
	arena_free(&r->a);
	free(r);
}

void bulk_drop(struct bulk *b)
{
	bulk_take_back(b);
	while (b->nruns)
		bulk_run_free(b, b->runs[0]);
	bulk_queue_free(&b->queue);
	b->ndoubts = 0;
	b->started_ms = 0;
	if (b->log_ready)
		blog_close(&b->log);
	b->log_ready = false;
	b->looked_ms = 0;
}
