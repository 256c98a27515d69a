#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H
/*
 * A door bell between processes: one-byte datagrams on a unix socket. It only
 * saves waiting; whoever listens also looks by itself once a second, so a lost
 * ring costs a moment and nothing else.
 */
#include "base/err.h"

/* Creates the socket (0660), replacing a stale one; returns the fd in *fd_r. */
enum status notify_open(const char *path, int *fd_r, struct err *e) must_check;
/* Waits up to ms for a ring and takes all that are there. */
void notify_wait(int fd, int ms);
/* Never blocks, never fails: nobody listening is fine. Thread-safe. */
void notify_send(const char *path);

#endif
