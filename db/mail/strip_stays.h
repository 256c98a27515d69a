#ifndef MAIL_STRIP_STAYS_H
#define MAIL_STRIP_STAYS_H
/* Which parts stay in a mail without its files. For msg_strip.c. */
#include "msg_parse.h"
#include "msg_strip.h"

bool strip_stays(const struct strip_rules *r, const struct msg_part *p);

#endif
