/* How fast one domain gets the newsletter. See bulk_pace.h. */
#include "bulk_pace.h"

enum { CREDIT = 1000 };

void pace_rules_load(const struct cfg *c, struct pace_rules *r)
{
	*r = (struct pace_rules){
		.start = c->bulk_domain_start, .max = c->bulk_domain_max, .double_ms = c->bulk_domain_double * 1000,
		.hard = c->bulk_stop_hard, .deferred = c->bulk_stop_deferred,
	};
}

int64_t pace_rate(const struct pace_rules *r, const struct pace *p, int64_t now_ms)
{
	int64_t rate = r->start, doublings = (now_ms - p->since_ms) / r->double_ms;
	while (doublings-- > 0 && rate < r->max)
		rate *= 2;
	return rate < r->max ? rate : r->max;
}

static void begin(struct pace *p, int64_t now_ms)
{
	p->at_ms = p->since_ms = now_ms;
	p->credit = CREDIT;
}

bool pace_take(const struct pace_rules *r, struct pace *p, int64_t now_ms)
{
	if (p->stopped)
		return false;
	if (!p->at_ms)
		begin(p, now_ms);
	int64_t rate = pace_rate(r, p, now_ms), most = rate / 5 > 1 ? rate / 5 * CREDIT : CREDIT; /* a fifth of a second at once */
	p->credit += (now_ms - p->at_ms) * rate;
	p->at_ms = now_ms;
	if (p->credit > most)
		p->credit = most;
	if (p->credit < CREDIT)
		return false;
	p->credit -= CREDIT;
	return true;
}

bool pace_over(int64_t n, int64_t of, int64_t percent)
{
	return percent < PACE_NEVER && n * 100 >= of * percent;
}

static enum pace_turn defer(const struct pace_rules *r, struct pace *p, int64_t now_ms)
{
	p->deferrals++;
	if (p->results >= PACE_LEAST_DEFERRED && pace_over(p->deferrals, p->results, r->deferred)) {
		p->stopped = true;
		return PACE_STOPS;
	}
	if (now_ms - p->slowed_ms >= PACE_SLOW_MS) {
		int64_t later = p->since_ms + r->double_ms;
		p->since_ms = later < now_ms ? later : now_ms;
		p->slowed_ms = now_ms;
	}
	return PACE_GOES_ON;
}

enum pace_turn pace_result(const struct pace_rules *r, struct pace *p, enum pace_word w, int64_t now_ms)
{
	p->results++;
	if (p->stopped || w == PACE_SENT || w == PACE_FAILED)
		return PACE_GOES_ON;
	if (w == PACE_DEFERRED)
		return defer(r, p, now_ms);
	p->hard++;
	if (p->results < PACE_LEAST_HARD || p->hard < PACE_HARD_MIN || !pace_over(p->hard, p->results, r->hard))
		return PACE_GOES_ON;
	p->stopped = true;
	return PACE_STOPS;
}
