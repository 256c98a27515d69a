#ifndef YOROZU_STAFF_MAPS_H
#define YOROZU_STAFF_MAPS_H
/*
 * From the store's staff to Postfix's and Dovecot's maps, across the border
 * between run_user, who may read the store, and root, who may write the maps:
 *
 *     staff_maps_begin   (root)      lock, so that the last change wins
 *     staff_maps_dump    (run_user)  in the child, once the change is committed
 *     staff_maps_write   (root)      checks what the child says, and writes
 */
#include "base/cfg.h"
#include "store/store.h"
#include <stdbool.h>

struct staff_maps {
	const struct cfg *cfg;
	int lock, fd; /* fd: a file in memory that the child fills */
};

/* A SASL name and a folder of DIR/mail: [a-z0-9._-], at most 32, no "..". */
bool staff_login_ok(const char *login);

/* ERR_DENIED: this caller may not write the maps. */
enum status staff_maps_begin(struct staff_maps *m, const struct cfg *c, struct err *e) must_check;
enum status staff_maps_dump(const struct staff_maps *m, struct store *s, struct err *e) must_check;
enum status staff_maps_write(const struct staff_maps *m, struct err *e) must_check;
void staff_maps_end(struct staff_maps *m);

#endif
