#ifndef MAILER_BULK_ALARM_H
#define MAILER_BULK_ALARM_H
/*
 * The one mail that does not come from the outbox (MAG-09): while the store can't
 * be written nothing can stand there, and that the newsletter does not go out
 * is what operators must hear. Straight to Postfix, some minutes after it began,
 * and again every few hours. In memory only: a restart may say it once more.
 */
#include "build.h"

struct bulk_alarm {
	epoch since, last, tried, told; /* it began, was seen; 0 = all is well; not yet */
	char *rcpts;              /* who was to be told when the store was last read; owned */
};

/* It goes on: over, once it did for a minute. */
void bulk_alarm_off(struct bulk_alarm *al, epoch now);
/* Now and then: who is to be told. */
void bulk_alarm_whom(struct bulk_alarm *al, const char *rcpts);
/* The newsletter stands still, because of `why`. Takes as long as Postfix does. */
void bulk_alarm_on(struct bulk_alarm *al, const struct build_ctx *c, const char *why, epoch now);
void bulk_alarm_free(struct bulk_alarm *al);

#endif
