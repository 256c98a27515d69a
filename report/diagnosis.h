#ifndef REPORT_DIAGNOSIS_H
#define REPORT_DIAGNOSIS_H
/*
 * The report of a diagnosis (DIAG-02, -03): its numbers, its pages, and the mails
 * to staff, who approve it or are reminded.
 */
#include "report_job.h"
#include "store/store_diagnosis_op.h"
#include "text/survey.h"

enum { DIAGNOSIS_HISTORY = 6 /* earlier ones that are shown */, DIAGNOSIS_FIRST = 3 /* things to do now */ };

struct diagnosis_facts {
	const struct survey *survey;
	struct diagnosis d;
	struct contract contract;
	struct survey_score score;
	/* all others who answered the same questionnaire; n_others 0: fewer than DIAGNOSIS_OTHERS_LEAST */
	size_t n_others;
	double others_score, others_area[SURVEY_AREAS_MAX];
	double others_full[SURVEY_ITEMS_MAX]; /* share that does all of it, 0 to 1 */
	/* the company's earlier ones, the newest first */
	struct diagnosis *before;
	size_t nbefore;
	struct survey_score before_score;     /* of the newest, if it was of the same questionnaire */
	bool comparable;
	size_t advice[SURVEY_ITEMS_MAX], nadvice;
};

/* Reads only. ERR_PERM: the questionnaire has changed since. */
enum status diagnosis_facts(struct store *s, const struct survey *survey, int64_t id, struct arena *a, struct diagnosis_facts *r,
                            struct err *e) must_check;
/* Statistics from the others' newest answers; pure. */
void diagnosis_compare(struct diagnosis_facts *f, const struct diagnosis *others, size_t n);

/* diagnosis_paper.c: the PDF, appended. ERR_TEMP. */
enum status diagnosis_paper(const struct diagnosis_facts *f, const char *desk_name, epoch made, struct arena *a, struct sb *pdf,
                            struct err *e) must_check;

/* diagnosis_job.c: carries out rows of REPORT_DIAGNOSIS and REPORT_DIAGNOSIS_DUE. *outbox_r 0: nobody is told. */
enum status diagnosis_make(const struct reports *r, const struct report_job *j, epoch now, int64_t *outbox_r, struct err *e) must_check;
enum status diagnosis_remind(const struct reports *r, const struct report_job *j, epoch now, int64_t *outbox_r, struct err *e) must_check;

#endif
