#ifndef MAIL_MAILDATE_H
#define MAIL_MAILDATE_H
/* Dates of mails, as they come: RFC 5322 §3.3 with its obsolete zones and
 * two-digit years, comments, missing seconds or zone, ISO 8601 and its slashes,
 * asctime, Japanese weekdays in between. SECURITY: hostile, linear. */
#include "base/clk.h"

/* 0 when it makes no sense. Without a zone the time counts as JST. */
epoch mail_date_parse(const char *s);

#endif
