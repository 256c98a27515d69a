#ifndef STORE_WRITER_H
#define STORE_WRITER_H
/*
 * Group commit. One writer thread owns one connection; any number of threads
 * hand it jobs and sleep until theirs is durable. Jobs that wait together
 * share one transaction and one fsync; each runs in a savepoint of its own,
 * so one that fails takes nothing else with it.
 */
#include "store/store.h"

struct store_writer;

/* Runs inside the writer's transaction; must not block on anything but the
 * store. May run again from the start when the transaction was lost (busy, or
 * a neighbour met a full disk): a job must not have effects outside the store
 * and its own results, and sets those afresh each time. */
typedef enum status (*store_job)(struct store *s, void *arg, struct err *e);

enum status writer_start(const char *path, const uint8_t *master, unsigned max_batch,
                         struct store_writer **w_r, struct err *e) must_check;
/* The same on a store that is open already, of any kind. *s is taken over. */
void writer_start_on(struct store **s, unsigned max_batch, struct store_writer **w_r);
/* Blocks until committed (OK), or failed: then nothing of the job is stored.
 * Thread-safe; must not be called from a job, nor race with writer_stop. */
enum status writer_run(struct store_writer *w, store_job job, void *arg, struct err *e) must_check;
/* Finishes what was handed in, then ends the thread. */
void writer_stop(struct store_writer **w);

#endif
