#ifndef VERDICT_VERDICT_IMPL_H
#define VERDICT_VERDICT_IMPL_H
/* What the parts of a verdict share. Internal to db/verdict. */
#include "base/arena.h"
#include "feed_impl.h"
#include "verdict.h"

struct judge {
	const struct feed *f;
	const struct facts *x;
	struct arena *a;
	int64_t today;    /* of the cut-off, JST */
	struct verdict *v;
};

void verdict_patch(struct judge *j);
void verdict_software(struct judge *j);

/* Adds one; the exploited and the worst stay when there is no room for all. */
struct cve_list {
	struct verdict_cves out;
	uint8_t rank[VERDICT_CVES_MAX];
	uint64_t last; /* rows come by CVE: one with several ranges counts once */
};
void cve_list_add(struct cve_list *l, uint64_t cve, enum severity s, bool exploited);

/* "2025年6月10日" */
const char *day_ja(int64_t day, struct arena *a);

#endif
