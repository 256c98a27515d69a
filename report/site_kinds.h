#ifndef REPORT_SITE_KINDS_H
#define REPORT_SITE_KINDS_H
/* What sites are for, as far as it is generally known: conf/mail/health-sites.tsv. */
#include "base/err.h"
#include <stdbool.h>

struct site_kinds;
struct site_kind {
	const char *kind;
	bool own, danger;
};
/* ERR_PERM: unreadable, or a broken line, which is named. */
enum status site_kinds_load(const char *path, struct site_kinds **k_r, struct err *e) must_check;
void site_kinds_free(struct site_kinds **k);
/* By registrable domain; NULL: nothing is known. */
const struct site_kind *site_kind(const struct site_kinds *k, const char *domain);

#endif
