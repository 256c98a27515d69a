#ifndef YOROZU_TICKET_DUE_H
#define YOROZU_TICKET_DUE_H
/* yorozu ticket due: whose answer is due when, soonest first. */
#include "base/cfg.h"
#include "base/clk.h"
#include "store/store.h"
#include <stdbool.h>

enum status ticket_due(struct store *s, const struct cfg *c, epoch now, int limit, bool tsv, struct err *e) must_check;

#endif
