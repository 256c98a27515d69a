/* Reports that go out as letters. See store_letter.h. */
#include "store/store_letter.h"
#include "store/store_audit.h"
#include "store/store_diagnosis.h"
#include "store/store_health.h"
#include "store/store_impl.h"
#include <stdio.h>
#include <stdlib.h>

/* A later row of the outbox may be the same letter once more, never an earlier one. */
#define HELD(table, state) "UPDATE " table " SET state = " state ", why = ?, changed_at = ?, outbox_id = NULL WHERE id = ? AND outbox_id <= ? AND state = 3"
SQL(q_health, HELD("health", "1"));
SQL(q_diagnosis, HELD("diagnosis", "2"));
_Static_assert(HEALTH_HELD == 1 && HEALTH_SENT == 3 && DIAGNOSIS_HELD == 2 && DIAGNOSIS_SENT == 3, "as the statements have them");

bool letter_is_report(const struct outbox *o)
{
	return outbox_var(o, LETTER_HEALTH) || outbox_var(o, LETTER_DIAGNOSIS);
}

static enum status record(struct store *s, const struct outbox *o, bool health, const char *id, epoch now, struct err *e)
{
	char detail[80];
	snprintf(detail, sizeof detail, "%.20s, outbox %lld did not arrive", id, (long long)o->id);
	const struct audit row = { .at = now, .who = "system", .what = health ? "health.held" : "diagnosis.hold", .ticket_id = o->ticket_id, .detail = detail };
	return audit_add(s, &row, e);
}

enum status letter_undelivered(struct store *s, const struct outbox *o, const char *why, epoch now, struct sb *vars, struct err *e)
{
	const char *health = outbox_var(o, LETTER_HEALTH), *id = health ? health : outbox_var(o, LETTER_DIAGNOSIS);
	enum status st = !id ? OK : sql_run(s, health ? &q_health : &q_diagnosis, BIND(B_TEXT(why), B_INT(now), B_INT(strtoll(id, NULL, 10)), B_INT(o->id)), e);
	bool held = st == OK && id && sql_changes(s) > 0;
	outbox_var_add(vars, "held", held ? "1" : "");
	if (!held)
		return st;
	outbox_var_add(vars, health ? "reply_health" : "diagnosis", id);
	return record(s, o, health, id, now, e);
}
