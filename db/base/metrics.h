#ifndef BASE_METRICS_H
#define BASE_METRICS_H
/*
 * Counters that outlive nothing and cost nothing: a daemon counts in a small
 * mapped file (DIR/run/NAME.metrics), `yorozu metrics` prints it as Prometheus
 * text while the daemon goes on. A restart begins at 0, as Prometheus expects.
 * Thread-safe; without metrics_open counting is a no-op.
 */
#include "base/err.h"
#include "base/strbuf.h"
#include <stdint.h>

/* Creates or empties the file, 0644. Before threads start. */
enum status metrics_open(const char *path, struct err *e) must_check;

/* Adds to the counter; `name` must be a literal such as "mails_taken_total". */
void metrics_add(const char *name, uint64_t n);

/* "PREFIX_name value" lines of a file, for another process. Missing: nothing. */
void metrics_print(const char *path, const char *prefix, struct sb *out);

#endif
