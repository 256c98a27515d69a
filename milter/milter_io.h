#ifndef MILTER_IO_H
#define MILTER_IO_H
/*
 * The milter protocol: the only file with libmilter. Collects one mail at a
 * time per connection, asks desk_handle(), and applies the verdict.
 */
#include "desk.h"

/* Creates the unix socket (mode 0660, group `group`), before privileges drop. */
enum status milter_open(const char *path, const char *group, struct err *e) must_check;

/* Serves until SIGTERM; one thread a connection. 0, or 1 if libmilter failed. */
int milter_run(const struct desk *d);

#endif
