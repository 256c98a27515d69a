#ifndef MAILER_DUE_H
#define MAILER_DUE_H
/*
 * What a reply clock causes, and when (DESK-04). Pure: from the rules, one
 * clock and the time comes what is to be done now and when to look again.
 *
 * Everything is counted in reply time: "80 percent" of a clock that began on
 * Friday evening lies on Monday afternoon. A stage that falls on a break, a
 * night or a day off is told at the next opening; nothing is told outside the
 * reply hours but that the target is missed, which may be at the closing second.
 */
#include "base/cfg.h"
#include "cal/cal.h"

enum { DUE_GRACE = 600 /* reply seconds: a stage told later than that is late */ };

struct due_rules {
	const struct cal *cal; /* borrowed */
	int64_t remind[CFG_NUMS_MAX]; /* percent, rising */
	int nremind;
	int alert;             /* percent, 0 = never */
	int64_t notice_before; /* reply seconds, 0 = never */
	int notice_days;
};

struct due_clock {
	epoch since, due; /* it runs from then, and the target */
	int told;         /* staff were told at so many percent, 0 = not yet */
	bool noticed;     /* that for the customer is done with */
};

enum due_word { DUE_REMINDER, DUE_ALERT, DUE_OVERDUE };

struct due_plan {
	int stage;          /* tell staff that so many percent are over; 0 = nothing to tell now */
	enum due_word word; /* in these words */
	epoch stage_at;     /* that was the time for it */
	bool late;          /* by more than the grace */
	bool notice;        /* tell the customer */
	epoch next;         /* when to look again; 0 = there is nothing left */
};

void due_rules_load(const struct cfg *cfg, const struct cal *cal, struct due_rules *r);
void due_plan(const struct due_rules *r, const struct due_clock *c, epoch now, struct due_plan *plan_r);

/* When the customer is told, if no answer goes out before. */
epoch due_notice_at(const struct due_rules *r, const struct due_clock *c);
/* Until when he is promised an answer then. */
epoch due_notice_until(const struct due_rules *r, epoch due, epoch now);

#endif
