#ifndef YOROZU_CHECKUP_H
#define YOROZU_CHECKUP_H
/*
 * yorozu check: everything an operator wants to know before and after a start,
 * one line an item. Nothing is changed. Each check_*() below looks at one
 * matter and says what it found through check_say(), at least one line.
 */
#include "instance.h"

enum check_state { CHECK_OK, CHECK_WARN, CHECK_FAIL, CHECK_STATES };

struct check {
	const struct front *f;
	const struct cfg *c;
	bool json;
	int *counts; /* by state; shared with children */
};

/* The text of a warning or failure says what to do. */
void check_say(struct check *k, enum check_state state, const char *item, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Runs argv and appends what it prints, stdout and stderr. Exit status or -1. */
int check_run(char *const argv[], struct sb *out);
/* The first line of a program's output, at most 200 bytes, made safe; "" if none. */
const char *check_first_line(const struct sb *out, char buf[208]);
/* The value of a Postfix parameter, expanded; "" if it has none. malloc'ed. */
char *check_postconf(const struct check *k, const char *name);

void check_files(struct check *k);    /* check_files.c: keys, folders, disk */
void check_tls(struct check *k);
void check_store(struct check *k);    /* check_store.c: store, clock */
void check_texts(struct check *k);    /* check_texts.c: calendar, templates, categories */
void check_postfix(struct check *k);  /* check_mta.c */
void check_dovecot(struct check *k);
void check_opendkim(struct check *k);
void check_dns(struct check *k);      /* check_dns.c: what the world asks about us */
void check_parts(struct check *k);    /* check_parts.c: ports, daemons */

#endif
