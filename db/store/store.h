#ifndef STORE_STORE_H
#define STORE_STORE_H
/*
 * The store: DIR/store/yorozu.db, SQLite in WAL mode with synchronous=FULL,
 * foreign keys and STRICT tables. The only layer that includes sqlite3.h.
 *
 * A `struct store` is one connection and belongs to one thread at a time.
 * Many processes may have the file open. Writes happen between store_begin
 * (BEGIN IMMEDIATE) and store_commit; functions of the table groups
 * (store_ticket.h, …) that change something must be called inside one, and
 * leave the transaction usable when they fail (statement-level rollback).
 * Where SQLite had to give up the whole transaction (disk full, I/O error), the
 * rest of it and its commit fail with ERR_TEMP: never half of it is stored.
 *
 * Errors: ERR_TEMP = busy, disk full, I/O error (the caller answers 4xx and
 * tries again); ERR_BUG = broken SQL, a write outside a transaction; ERR_PERM =
 * not a store, a newer one than this program, or an id that names nothing.
 */
#include "base/clk.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/strbuf.h"

struct store;

/* Opens, creates when absent, migrates forward. `master` is the instance's
 * master key, from which the keys of sealed columns are derived; it is never
 * written. NULL: sealed columns can't be read or written (ERR_DENIED). */
enum status store_open(const char *path, const uint8_t *master, struct store **s_r, struct err *e) must_check;
/* The same to look only: nothing is made, migrated or written (SQLite may make
 * its -wal and -shm). *behind_r: how many migrations store_open would run; where it is not
 * 0, only store_check is sure to work. ERR_NOTFOUND: there is no such file. */
enum status store_open_look(const char *path, const uint8_t *master, struct store **s_r, int *behind_r,
                            struct err *e) must_check;
void store_close(struct store **s);

enum status store_begin(struct store *s, struct err *e) must_check;
/* The transaction is over either way; after an error nothing of it is stored,
 * or (I/O error in the last step, then a crash) all of it. */
enum status store_commit(struct store *s, struct err *e) must_check;
void store_rollback(struct store *s);

/* A part of a transaction that can be taken back by itself: all of it is kept
 * (release) or none (rollback_to). Parts nest. */
enum status store_savepoint(struct store *s, struct err *e) must_check;
enum status store_release(struct store *s, struct err *e) must_check;
void store_rollback_to(struct store *s);

/* Integrity and foreign keys. ERR_PERM: damaged, and text says how, one line each. */
enum status store_check(struct store *s, struct sb *text, struct err *e) must_check;

#endif
