#ifndef BASE_DAEMON_H
#define BASE_DAEMON_H
/* How every daemon `yorozu-NAME -C DIR` begins. */
#include "base/cfg.h"
#include "base/err.h"

/* Wrong usage: says so and exits 2. Else loads the configuration, opens
 * DIR/log/NAME.log and the instance's clock, and takes DIR/run/NAME.pid; dies
 * (log_fatal) where that can't be. */
struct cfg *daemon_open(int argc, char **argv, const char *name);
/* At startup only: anything but OK is the end. */
void daemon_need(enum status st, const struct err *e);

#endif
