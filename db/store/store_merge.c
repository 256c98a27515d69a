/* Tickets joined into others: see store_merge.h. */
#include "store/store_merge.h"
#include "store/store_audit.h"
#include "store/store_impl.h"
#include <stdio.h>

#define STATES \
	"source_state, source_closed_at, source_waiting_since, source_due_at, " \
	"target_state, target_closed_at, target_waiting_since, target_due_at"
#define ALL "SELECT id, source_id, target_id, at, " STATES ", gave_contract_id FROM ticket_merge "

enum { CHAIN_MAX = 1000 };

SQL(q_next, "SELECT target_id FROM ticket_merge WHERE source_id = ? AND undone_at IS NULL");
SQL(q_add, "INSERT INTO ticket_merge (source_id, target_id, at, who, " STATES ", gave_contract_id) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
SQL(q_of, ALL "WHERE source_id = ? AND undone_at IS NULL");
SQL(q_into, ALL "WHERE target_id = ? AND undone_at IS NULL ORDER BY id");
SQL(q_gave, "UPDATE ticket_merge SET gave_contract_id = ? WHERE id = ?");
SQL(q_undone, "UPDATE ticket_merge SET undone_at = ? WHERE id = ?");

SQL(q_note_mails, "INSERT INTO ticket_merge_message (merge_id, message_id) "
                  "SELECT ?, id FROM message WHERE ticket_id = ?");
SQL(q_move_mails, "UPDATE message SET ticket_id = ? WHERE ticket_id = ?");
SQL(q_back_mails, "UPDATE message SET ticket_id = ? WHERE ticket_id = ? AND id IN "
                  "(SELECT message_id FROM ticket_merge_message WHERE merge_id = ?)");
/* Those who are new to the target, or there only by another merge. */
SQL(q_note_parties, "INSERT INTO ticket_merge_party (merge_id, addr_key) "
                    "SELECT ?, addr_key FROM ticket_party WHERE ticket_id = ? AND (addr_key NOT IN "
                    "(SELECT addr_key FROM ticket_party WHERE ticket_id = ?) OR addr_key IN "
                    "(SELECT p.addr_key FROM ticket_merge m JOIN ticket_merge_party p ON p.merge_id = m.id "
                    "WHERE m.target_id = ? AND m.undone_at IS NULL))");
SQL(q_copy_parties, "INSERT INTO ticket_party (ticket_id, addr_key, name, added_at) "
                    "SELECT ?, p.addr_key, p.name, p.added_at FROM ticket_party p "
                    "JOIN ticket_merge_party m ON m.merge_id = ? AND m.addr_key = p.addr_key WHERE p.ticket_id = ? "
                    "ON CONFLICT (ticket_id, addr_key) DO NOTHING");
/* One who takes part by another merge as well stays. */
SQL(q_drop_parties, "DELETE FROM ticket_party WHERE ticket_id = ? AND addr_key IN "
                    "(SELECT addr_key FROM ticket_merge_party WHERE merge_id = ?) AND addr_key NOT IN "
                    "(SELECT p.addr_key FROM ticket_merge m JOIN ticket_party p ON p.ticket_id = m.source_id "
                    "WHERE m.target_id = ? AND m.undone_at IS NULL)");

SQL(q_parties, "SELECT count(*) FROM ticket_party WHERE ticket_id = ?");
SQL(q_shared, "SELECT count(*) FROM ticket_party a JOIN ticket_party b ON b.addr_key = a.addr_key AND b.ticket_id = ?2 "
              "WHERE a.ticket_id = ?1");

enum status merge_fit(struct store *s, const struct ticket *source, const struct ticket *target, enum merge_fit *r, struct err *e)
{
	int64_t here = 0, there = 0, both = 0;
	*r = MERGE_FITS;
	if (source->contract_id && target->contract_id) {
		*r = source->contract_id == target->contract_id ? MERGE_FITS : MERGE_OTHER_CONTRACT;
		return OK;
	}
	enum status st = sql_number(s, &q_parties, BIND(B_INT(source->id)), &here, e);
	if (st == OK)
		st = sql_number(s, &q_parties, BIND(B_INT(target->id)), &there, e);
	if (st == OK)
		st = sql_number(s, &q_shared, BIND(B_INT(source->id), B_INT(target->id)), &both, e);
	if (here && there && !both)
		*r = MERGE_OTHER_SENDER;
	return st;
}

enum status ticket_current(struct store *s, int64_t id, struct arena *a, struct ticket *t_r, struct err *e)
{
	int64_t next = 0;
	enum status st = OK;
	for (int i = 0; i < CHAIN_MAX && (st = sql_number(s, &q_next, BIND(B_INT(id)), &next, e)) == OK; i++)
		id = next;
	return st == ERR_NOTFOUND ? ticket_get(s, id, a, t_r, e) : st == OK ? err_set(e, ERR_BUG, "merges in a circle") : st;
}

static enum status tell(struct store *s, int64_t ticket, int64_t other, const char *what, const struct ticket_by *by,
                        struct err *e)
{
	char detail[32];
	snprintf(detail, sizeof detail, "#%lld", (long long)other);
	struct audit row = { .at = by->now, .who = by->who, .what = what, .ticket_id = ticket, .detail = detail };
	return audit_add(s, &row, e);
}

static epoch earlier(epoch a, epoch b)
{
	return !a || (b && b < a) ? b : a;
}

/* What the target's clock is after the merge, and its contract. */
static struct ticket joined(const struct ticket *source, const struct ticket *target)
{
	struct ticket t = *target;
	t.waiting_since = earlier(source->waiting_since, target->waiting_since);
	t.due_at = earlier(source->due_at, target->due_at);
	if (!t.contract_id)
		t.contract_id = source->contract_id;
	if (source->state == TICKET_OPEN || target->state == TICKET_OPEN) {
		t.state = TICKET_OPEN;
		t.closed_at = 0;
	}
	return t;
}

static enum status move(struct store *s, int64_t id, int64_t source, int64_t target, int64_t *mails_r, struct err *e)
{
	enum status st = sql_run(s, &q_note_mails, BIND(B_INT(id), B_INT(source)), e);
	if (st == OK)
		st = sql_run(s, &q_move_mails, BIND(B_INT(target), B_INT(source)), e);
	*mails_r = sql_changes(s);
	if (st == OK)
		st = sql_run(s, &q_note_parties, BIND(B_INT(id), B_INT(source), B_INT(target), B_INT(target)), e);
	if (st == OK)
		st = sql_run(s, &q_copy_parties, BIND(B_INT(target), B_INT(id), B_INT(source)), e);
	return st;
}

static enum status write_both(struct store *s, struct ticket *source, struct ticket *target, epoch now, struct err *e)
{
	struct ticket t = joined(source, target);
	t.last_at = source->last_at > target->last_at ? source->last_at : target->last_at;
	*target = t;
	source->state = TICKET_CLOSED;
	source->closed_at = now;
	source->waiting_since = source->due_at = 0;
	enum status st = ticket_update(s, target, e);
	return st == OK ? ticket_update(s, source, e) : st;
}

enum status ticket_merge(struct store *s, struct ticket *source, struct ticket *target, const struct ticket_by *by,
                         int64_t *mails_r, struct err *e)
{
	int64_t id;
	if (source->id == target->id)
		return err_set(e, ERR_PERM, "ticket %lld can't be merged into itself", (long long)source->id);
	enum status st = sql_insert(s, &q_add,
	                            BIND(B_INT(source->id), B_INT(target->id), B_INT(by->now), B_TEXT(by->who),
	                                 B_INT(source->state), B_ID(source->closed_at), B_ID(source->waiting_since),
	                                 B_ID(source->due_at), B_INT(target->state), B_ID(target->closed_at),
	                                 B_ID(target->waiting_since), B_ID(target->due_at),
	                                 B_ID(target->contract_id ? 0 : source->contract_id)), &id, e);
	if (st == OK)
		st = move(s, id, source->id, target->id, mails_r, e);
	if (st == OK)
		st = write_both(s, source, target, by->now, e);
	if (st == OK)
		st = tell(s, source->id, target->id, "ticket.merge", by, e);
	return st == OK ? tell(s, target->id, source->id, "ticket.merged", by, e) : st;
}

/* ---- taking it back ------------------------------------------------------------ */

static void take_states(sqlite3_stmt *st, int col, struct ticket *t)
{
	t->state = (enum ticket_state)sql_int(st, col);
	t->closed_at = sql_int(st, col + 1);
	t->waiting_since = sql_int(st, col + 2);
	t->due_at = sql_int(st, col + 3);
}

static void take_merge(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct merge *m = row;
	(void)a;
	m->id = sql_int(st, 0);
	m->source_id = sql_int(st, 1);
	m->target_id = sql_int(st, 2);
	m->at = sql_int(st, 3);
	take_states(st, 4, &m->source);
	take_states(st, 8, &m->target);
	m->gave_contract = sql_int(st, 12);
}

enum status merge_of(struct store *s, int64_t source, struct merge *m_r, struct err *e)
{
	*m_r = (struct merge){ 0 };
	enum status st = sql_one(s, &q_of, BIND(B_INT(source)), take_merge, NULL, m_r, e);
	return st == ERR_NOTFOUND ? err_set(e, st, "ticket %lld is not merged", (long long)source) : st;
}

enum status merges_into(struct store *s, int64_t target, struct arena *a, struct merge **v_r, size_t *n_r, struct err *e)
{
	return sql_list(s, &q_into, BIND(B_INT(target)), take_merge, sizeof **v_r, a, v_r, n_r, e);
}

static void put_states(struct ticket *t, const struct ticket *was)
{
	t->state = was->state;
	t->closed_at = was->closed_at;
	t->waiting_since = was->waiting_since;
	t->due_at = was->due_at;
}

/* Only the clock the merge gave it, and not while a mail that came since waits. */
static enum status clock_back(struct store *s, const struct merge *m, struct ticket *target, struct err *e)
{
	const struct ticket after = joined(&m->source, &m->target);
	epoch waiting = 0;
	bool untouched = target->state == after.state && target->waiting_since == after.waiting_since &&
	                 target->due_at == after.due_at && target->closed_at == after.closed_at;
	enum status st = ticket_unanswered(s, target->id, &waiting, e);
	if (st != OK || !untouched || (waiting && !m->target.waiting_since))
		return st;
	put_states(target, &m->target);
	return ticket_update(s, target, e);
}

/* Only what the merge gave it; it keeps that as long as another one that holds would have. */
static enum status contract_back(struct store *s, const struct merge *m, struct ticket *target, struct arena *a, struct err *e)
{
	struct merge *v;
	struct ticket source;
	size_t n = 0;
	if (!m->gave_contract || target->contract_id != m->gave_contract)
		return OK;
	enum status st = merges_into(s, target->id, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++) {
		st = ticket_get(s, v[i].source_id, a, &source, e);
		if (st == OK && source.contract_id == m->gave_contract)
			return sql_run(s, &q_gave, BIND(B_ID(m->gave_contract), B_INT(v[i].id)), e);
	}
	target->contract_id = 0;
	return st == OK ? ticket_update(s, target, e) : st;
}

static enum status put_back(struct store *s, const struct merge *m, struct arena *a, struct err *e)
{
	struct ticket source, target;
	enum status st = ticket_get(s, m->source_id, a, &source, e);
	if (st == OK)
		st = ticket_get(s, m->target_id, a, &target, e);
	if (st != OK)
		return st;
	put_states(&source, &m->source);
	st = ticket_update(s, &source, e);
	if (st == OK)
		st = contract_back(s, m, &target, a, e);
	return st == OK ? clock_back(s, m, &target, e) : st;
}

enum status ticket_unmerge(struct store *s, const struct merge *m, const struct ticket_by *by, struct arena *a,
                           int64_t *mails_r, struct err *e)
{
	int64_t further;
	enum status st = sql_number(s, &q_next, BIND(B_INT(m->target_id)), &further, e);
	if (st == OK)
		return err_set(e, ERR_PERM, "ticket %lld is merged itself", (long long)m->target_id);
	if (st != ERR_NOTFOUND)
		return st;
	st = sql_run(s, &q_undone, BIND(B_INT(by->now), B_INT(m->id)), e);
	if (st == OK)
		st = sql_run(s, &q_back_mails, BIND(B_INT(m->source_id), B_INT(m->target_id), B_INT(m->id)), e);
	*mails_r = sql_changes(s);
	if (st == OK)
		st = sql_run(s, &q_drop_parties, BIND(B_INT(m->target_id), B_INT(m->id), B_INT(m->target_id)), e);
	if (st == OK)
		st = put_back(s, m, a, e);
	if (st == OK)
		st = tell(s, m->source_id, m->target_id, "ticket.unmerge", by, e);
	return st == OK ? tell(s, m->target_id, m->source_id, "ticket.unmerged", by, e) : st;
}
