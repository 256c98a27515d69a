#ifndef CAL_WEEKLY_H
#define CAL_WEEKLY_H
/* When the newsletter goes out (MAG-02): every week on the same day at the same
 * time; what happens on a day off is the configuration's say. */
#include "base/cfg.h"
#include "cal/cal.h"

/* The first such moment behind `t`. */
epoch weekly_next(const struct cfg *c, const struct cal *cal, epoch t);
/* That of the week that `day` lies in, as it is moved. */
epoch weekly_of(const struct cfg *c, const struct cal *cal, int64_t day);

#endif
