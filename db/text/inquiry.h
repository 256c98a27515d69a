#ifndef TEXT_INQUIRY_H
#define TEXT_INQUIRY_H
/*
 * Which mails are bound by specification §4.5: questions about the service,
 * failures of what it delivers, applications. Who writes one has to prove that
 * he may; for a security consultation nobody has to.
 *
 * The words are data, in inquiry.txt beside categories.txt and in its format
 * (text/category.h): 1 service, 2 failure, 3 application, 0 anything else.
 * A person who is asked for his number in the middle of an incident is worse
 * off than staff who must ask for it themselves: silence beats a wrong guess.
 */
#include "text/category.h"

enum inquiry { INQUIRY_NONE, INQUIRY_SERVICE, INQUIRY_FAILURE, INQUIRY_APPLICATION };

const char *inquiry_ja(enum inquiry k); /* "サービスのお問い合わせ" */

/* DIR/inquiry.txt. ERR_PERM: a fault, as categories_load. */
enum status inquiry_load(const char *dir, struct categories **set_r, struct err *e) must_check;

/* `kinds`: of consultations, NULL = not known; a mail that is as much one of
 * those is none of these. *reason_r as of a suggestion. */
enum inquiry inquiry_of(const struct categories *set, const struct categories *kinds,
                        const struct category_evidence *ev, struct arena *a, const char **reason_r);

#endif
