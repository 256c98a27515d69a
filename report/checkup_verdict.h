#ifndef REPORT_CHECKUP_VERDICT_H
#define REPORT_CHECKUP_VERDICT_H
/*
 * The rules on patches and software, as the health check needs them. One
 * terminal at a time: its sections as it sent them, then the verdict.
 */
#include "checkup.h"
#include "base/cfg.h"

struct verdicts;
/* The tables of DIR/feed and those that were shipped. ERR_NOTFOUND: there are none. */
enum status verdicts_open(const struct cfg *cfg, struct verdicts **v_r, struct err *e) must_check;
void verdicts_close(struct verdicts **v);
const char *verdicts_as_of(const struct verdicts *v); /* "2026-10-30" */

struct verdict_section {
	const char *name, *json;
	size_t len;
	epoch confirmed_at; /* it is so still */
};
/* A program that more is known of than that it is there. */
struct verdict_finding {
	const char *name, *version, *fixed, *cves;
	enum checkup_severity severity;
	bool kev, ended, check;
};
/* Fills t's patch, critical, important, kev, action, cves, evidence, and the
 * findings; *until_r as checkup.until, where t is CHECKUP_DATED. cutoff: the
 * month's end. Strings are the arena's; names are as sent. */
enum status verdicts_judge(const struct verdicts *v, const struct verdict_section *s, size_t n, epoch cutoff, struct arena *a,
                           struct checkup_terminal *t, const char **until_r, struct verdict_finding **found_r, size_t *n_r, struct err *e) must_check;

#endif
