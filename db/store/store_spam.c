/* Senders whose ticket was closed as a nuisance: see store_spam.h. */
#include "store/store_spam.h"
#include "base/log.h"
#include "store/store_impl.h"

SQL(q_note, "INSERT INTO ticket_spam (ticket_id, addr_key, at, who) "
            "SELECT ticket_id, addr_key, ?, ? FROM ticket_party WHERE ticket_id = ? "
            "ON CONFLICT (ticket_id, addr_key) DO NOTHING");
SQL(q_forget, "DELETE FROM ticket_spam WHERE ticket_id = ?");
SQL(q_is, "SELECT 1 FROM ticket_spam WHERE ticket_id = ? AND addr_key = ?");

enum status spam_note(struct store *s, int64_t ticket, const struct ticket_by *by, struct err *e)
{
	return sql_run(s, &q_note, BIND(B_INT(by->now), B_TEXT(by->who), B_INT(ticket)), e);
}

enum status spam_forget(struct store *s, int64_t ticket, struct err *e)
{
	return sql_run(s, &q_forget, BIND(B_INT(ticket)), e);
}

bool spam_is(struct store *s, int64_t ticket, const char *addr_key)
{
	int64_t one;
	struct err e;
	enum status st = sql_number(s, &q_is, BIND(B_INT(ticket), B_TEXT(addr_key)), &one, &e);
	if (st != OK && st != ERR_NOTFOUND) {
		log_error("spam_is", "why=%s", log_quote(e.msg));
		s->doubt = true;
	}
	return st == OK;
}
