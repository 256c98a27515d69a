#ifndef YOROZU_FEED_PLACE_H
#define YOROZU_FEED_PLACE_H
/* Where the tables are: those that came with the program, and DIR/feed. */
#include "front.h"
#include "verdict/feed.h"

struct feed_place {
	struct cfg *cfg;        /* NULL without an instance */
	char *shipped, *own;    /* own: NULL without an instance */
};

/* Reads the configuration and opens the instance's clock. */
enum status feed_place_open(const struct front *f, struct feed_place *p, struct err *e) must_check;
void feed_place_close(struct feed_place *p);
/* The shipped tables of an instance: as configured, or beside the program when an
 * instance from before has no such setting and nothing is installed. malloc'ed. */
char *feed_shipped(const struct front *f, const struct cfg *c);
/* Both at once. */
enum status feed_open(const struct front *f, struct feed **feed_r, struct err *e) must_check;

#endif
