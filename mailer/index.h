#ifndef MAILER_INDEX_H
#define MAILER_INDEX_H
/*
 * Makes mail findable (db/store/store_search.h) while there is nothing to send.
 * Mails are read and taken apart without a transaction; a short one then adds
 * them and notes how far it came, so a crash costs only the work in hand.
 */
#include "store/store.h"
#include <stdbool.h>
#include <stddef.h>

/*
 * Indexes up to `max` messages that came after the last indexed one, fewer when
 * they are big or slow to read (a round stays below about a tenth of a second,
 * one huge mail apart). *n_r: how many; 0 = none is left. Commands to the desk
 * are passed over: a search must not find the searches.
 * ERR_TEMP: the store is busy or full; nothing is lost, try again later. A
 * message whose body can't be read in READ_TRIES rounds is indexed by its
 * sender and subject.
 */
enum status search_index_some(struct store *s, size_t max, size_t *n_r, struct err *e) must_check;

/* A round, for a loop that has nothing else to do; trouble is logged once.
 * False: there is nothing to index, now. */
bool index_idle(struct store *s);

#endif
