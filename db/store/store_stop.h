#ifndef STORE_STOP_H
#define STORE_STOP_H
/*
 * Domains that get no more of the newsletter: too many dead addresses, too many
 * mails put off (MAG-02). A stop holds for all issues under way, also over a
 * restart, until a person frees the domain or the issue that met it ends.
 *
 * Everything that changes: inside a transaction.
 */
#include "base/arena.h"
#include "store/store.h"

struct domain_stop {
	const char *domain;
	int64_t issue_id;
	epoch at, told_at;  /* told_at 0: the editors do not know yet */
	const char *why;    /* Japanese */
};

/* Stopped already: nothing. */
enum status stop_add(struct store *s, const struct domain_stop *d, struct err *e) must_check;
/* By name. */
enum status stop_list(struct store *s, struct arena *a, struct domain_stop **v_r, size_t *n_r, struct err *e) must_check;
enum status stop_told(struct store *s, int64_t issue, epoch now, struct err *e) must_check;
/* ERR_NOTFOUND: it is not stopped. */
enum status stop_free(struct store *s, const char *domain, struct err *e) must_check;
/* The issue ended. */
enum status stop_free_all(struct store *s, int64_t issue, struct err *e) must_check;

#endif
