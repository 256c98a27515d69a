#ifndef STORE_SPAM_H
#define STORE_SPAM_H
/* Senders whose ticket was closed as a nuisance (DESK-06): their mails to it are
 * kept, but no longer start a clock or cause an acknowledgement. */
#include "store/store_ticket_op.h"

/* Everyone who takes part. Inside a transaction. */
enum status spam_note(struct store *s, int64_t ticket, const struct ticket_by *by, struct err *e) must_check;
enum status spam_forget(struct store *s, int64_t ticket, struct err *e) must_check;
bool spam_is(struct store *s, int64_t ticket, const char *addr_key);

#endif
