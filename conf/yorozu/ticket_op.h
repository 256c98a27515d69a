#ifndef YOROZU_TICKET_OP_H
#define YOROZU_TICKET_OP_H
/* yorozu ticket assign|close|reopen|merge|unmerge|mbox: what mail commands do,
 * from the shell (db/store/store_ticket_op.h, store_merge.h). Nobody is mailed. */
#include "front.h"
#include <stdbool.h>

bool ticket_op_known(const char *word);
int ticket_op(int argc, char **argv, const struct front *f); /* argv[1] is the word */

#endif
