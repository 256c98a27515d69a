#ifndef YOROZU_TICKET_SEARCH_H
#define YOROZU_TICKET_SEARCH_H
/* yorozu ticket search WORDS…: a part of cmd_ticket.c. */
#include "base/clk.h"
#include "base/err.h"
#include "text/search_query.h"
#include <stdbool.h>

struct store;
struct ticket;

struct ticket_search {
	bool tsv;
	int64_t limit, page;          /* page from 1 */
	char words[QUERY_BYTES + 2];  /* longer ones fail as too long */
};

/* argv: what stands behind `search`. A word may begin with one hyphen. */
bool ticket_search_args(int argc, char **argv, struct ticket_search *r);
enum status ticket_search(struct store *s, const struct ticket_search *what, epoch now, struct err *e) must_check;

/* cmd_ticket.c: 未対応 対応済 完了 超過. */
const char *ticket_state_word(const struct ticket *t, epoch now);

#endif
