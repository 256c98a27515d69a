#ifndef STORE_STORE_DIAGNOSIS_OP_H
#define STORE_STORE_DIAGNOSIS_OP_H
/*
 * What becomes of answers, and what staff may order (DIAG-01 to -04): the same
 * rules for mails (milter) and commands (yorozu diagnosis). Inside a transaction.
 */
#include "cal/cal.h"
#include "store/store_contract.h"
#include "store/store_delivery.h"
#include "store/store_diagnosis.h"
#include "text/survey.h"

enum { DIAGNOSIS_DAYS = 10 /* business days until the report is out */, DIAGNOSIS_OTHERS_LEAST = 5 /* fewer companies are no statistics */ };
/* Kinds of report_job: the report itself, and the next reminder to staff. `what` is
 * the id; of reminders "ID STAGE". */
#define REPORT_DIAGNOSIS     "diagnosis"
#define REPORT_DIAGNOSIS_DUE "diagnosis-due"

struct diagnosis_from {
	int64_t contract;      /* whoever sent it may answer for this one alone; 0 = the rows say for whom (staff) */
	int64_t message_id;    /* 0 = none */
	const char *who;       /* for the audit */
	epoch now;
	const struct cal *cal;
};
enum diagnosis_outcome { DIAGNOSIS_TAKEN, DIAGNOSIS_KNOWN /* it is stored already */, DIAGNOSIS_EARLY /* `next` says from when */ };
struct diagnosis_result {
	size_t row;
	enum diagnosis_outcome outcome;
	int64_t id;            /* TAKEN */
	const char *number, *name; /* of the contract */
	epoch next, due;
};

/* Stores what the sheet holds: all of it that is new, or, where one row is at fault
 * (its contract can't be told), nothing: sheet->faults says why, row by row.
 * v_r: one a row of the sheet, in `a`. OK in both cases. */
enum status diagnosis_take(struct store *s, const struct survey *survey, struct survey_sheet *sheet, const struct diagnosis_from *from,
                           struct arena *a, struct diagnosis_result **v_r, struct err *e) must_check;

struct diagnosis_by {
	const char *who;       /* "staff:suzuki", "operator:root" */
	const char *author;    /* whom to tell when the mail can't go out: an address, or "" */
	epoch now;
	enum delivery delivery; /* contracts without a policy of their own */
};
/* ERR_DENIED: not in this state, or it can't go out; e says why in Japanese. */
enum status diagnosis_approve(struct store *s, struct diagnosis *d, const struct diagnosis_by *by, struct err *e) must_check;
enum status diagnosis_hold(struct store *s, struct diagnosis *d, const char *why, const struct diagnosis_by *by, struct err *e) must_check;
enum status diagnosis_resume(struct store *s, struct diagnosis *d, const struct diagnosis_by *by, struct err *e) must_check;
enum status diagnosis_cancel(struct store *s, struct diagnosis *d, const struct diagnosis_by *by, struct err *e) must_check;

/* The invitation at opening: the form's address ("" = none yet) and the sheet. */
struct diagnosis_invite {
	const char *form;
	const void *sheet;
	size_t n;
	const char *sheet_name, *sheet_type;
	const char *to;        /* NULL: the contact */
};
enum status diagnosis_invite(struct store *s, const struct contract *c, const struct diagnosis_invite *i, const struct diagnosis_by *by,
                             struct arena *a, const char **to_r, struct err *e) must_check;

/* Stage k of the reminders: its time, 0 = there is none. */
epoch diagnosis_remind_at(const struct cal *cal, const struct diagnosis *d, int stage);

#endif
