#ifndef MAIL_MAILDATE_H
#define MAIL_MAILDATE_H
/* Dates of mails, as they come: RFC 5322 §3.3 with its obsolete zones and
 * two-digit years, comments, missing seconds or zone, ISO 8601 and its slashes,
 * asctime, Japanese weekdays in between, eras and 午後 (UTF-8). SECURITY: hostile,
 * linear. */
#include "base/clk.h"

/* 0 when it makes no sense. Without a zone the time counts as JST, with one
 * that nobody knows as UTC. */
epoch mail_date_parse(const char *s);

#endif
