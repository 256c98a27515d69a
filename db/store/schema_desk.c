/*
 * The desk's migrations: the reply clock, search, merging, who is asking, calls,
 * statistics, and the marks in the mailboxes of staff (schema.c).
 */
#include "store/schema.h"

/* The reply clock's consequences (store_due.h). */
const char schema_due[] =
	"ALTER TABLE ticket ADD COLUMN look_at INTEGER;" /* the clock is to be looked at then; NULL = never */
	"UPDATE ticket SET look_at = waiting_since WHERE due_at IS NOT NULL;"
	"CREATE INDEX ticket_look ON ticket(look_at) WHERE look_at IS NOT NULL;"
	"CREATE INDEX ticket_due ON ticket(due_at) WHERE due_at IS NOT NULL;"
	"CREATE INDEX ticket_unassigned ON ticket(due_at) WHERE due_at IS NOT NULL AND assignee_id IS NULL;"
	"CREATE INDEX message_reply_at ON message(at) WHERE kind = 1;"
	"CREATE TABLE due_stage ("
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  due_at INTEGER NOT NULL,"
	"  stage INTEGER NOT NULL,"
	"  at INTEGER NOT NULL,"
	"  PRIMARY KEY (ticket_id, due_at, stage)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE due_round ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1),"
	"  digest_day INTEGER NOT NULL,"
	"  held INTEGER NOT NULL,"
	"  held_since INTEGER"
	") STRICT;";

/* Search (store_search.h): the index knows a message by its id and holds no text. */
const char schema_search[] =
	"CREATE VIRTUAL TABLE search USING fts5(t, content='', columnsize=0, detail=full, tokenize='ascii');"
	"CREATE TABLE search_text ("
	"  message_id INTEGER PRIMARY KEY REFERENCES message(id),"
	"  size INTEGER NOT NULL,"
	"  data BLOB NOT NULL" /* one zstd frame */
	") STRICT;"
	/* Latin words there are: by their first letters, short ones first. */
	"CREATE TABLE search_word ("
	"  stem BLOB NOT NULL,"
	"  size INTEGER NOT NULL,"
	"  word BLOB NOT NULL,"
	"  PRIMARY KEY (stem, size, word)"
	") STRICT, WITHOUT ROWID;"
	/* Which messages are of a day. */
	"CREATE TABLE search_day ("
	"  day INTEGER PRIMARY KEY,"
	"  first_id INTEGER NOT NULL,"
	"  last_id INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE search_state ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1),"
	"  done_id INTEGER NOT NULL"
	") STRICT;"
	"INSERT INTO search_state (id, done_id) VALUES (1, 0);";

/* Tickets joined by a command, and all that is needed to take it back exactly. */
const char schema_merge[] =
	"CREATE TABLE ticket_merge ("
	"  id INTEGER PRIMARY KEY,"
	"  source_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  target_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  at INTEGER NOT NULL,"
	"  who TEXT NOT NULL,"
	"  undone_at INTEGER," /* NULL = it holds */
	/* both as they were */
	"  source_state INTEGER NOT NULL,"
	"  source_closed_at INTEGER,"
	"  source_waiting_since INTEGER,"
	"  source_due_at INTEGER,"
	"  target_state INTEGER NOT NULL,"
	"  target_closed_at INTEGER,"
	"  target_waiting_since INTEGER,"
	"  target_due_at INTEGER"
	") STRICT;"
	"CREATE UNIQUE INDEX ticket_merge_of ON ticket_merge(source_id) WHERE undone_at IS NULL;"
	"CREATE INDEX ticket_merge_into ON ticket_merge(target_id) WHERE undone_at IS NULL;"
	/* what moved */
	"CREATE TABLE ticket_merge_message ("
	"  merge_id INTEGER NOT NULL REFERENCES ticket_merge(id),"
	"  message_id INTEGER NOT NULL REFERENCES message(id),"
	"  PRIMARY KEY (merge_id, message_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE ticket_merge_party ("
	"  merge_id INTEGER NOT NULL REFERENCES ticket_merge(id),"
	"  addr_key TEXT NOT NULL,"
	"  PRIMARY KEY (merge_id, addr_key)"
	") STRICT, WITHOUT ROWID;"
	/* Senders whose ticket was closed as a nuisance. */
	"CREATE TABLE ticket_spam ("
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  addr_key TEXT NOT NULL,"
	"  at INTEGER NOT NULL,"
	"  who TEXT NOT NULL,"
	"  PRIMARY KEY (ticket_id, addr_key)"
	") STRICT, WITHOUT ROWID;"
	/* What a customer was sent, for sending it again. */
	"CREATE INDEX outbox_to_customer ON outbox(ticket_id) WHERE kind IN (1, 4);";

/* Who is asking: tickets that bind their senders to identify themselves
 * (store_identity.h), and the calls that were logged (store_call.h). */
const char schema_who[] =
	"CREATE TABLE ticket_identity ("
	"  ticket_id INTEGER PRIMARY KEY REFERENCES ticket(id),"
	"  kind INTEGER NOT NULL,"
	"  bound_at INTEGER NOT NULL,"
	"  asked_at INTEGER"
	") STRICT;"
	"CREATE TABLE ticket_identity_sender ("
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  addr_key TEXT NOT NULL,"
	"  contract_id INTEGER REFERENCES contract(id),"
	"  message_id INTEGER REFERENCES message(id),"
	"  at INTEGER NOT NULL,"
	"  state INTEGER NOT NULL,"
	"  why TEXT NOT NULL,"
	"  number TEXT NOT NULL,"
	"  company TEXT NOT NULL,"
	"  content TEXT NOT NULL,"
	"  since TEXT NOT NULL,"
	"  person TEXT NOT NULL,"
	"  mail TEXT NOT NULL,"
	"  phone TEXT NOT NULL,"
	"  device TEXT NOT NULL,"
	"  PRIMARY KEY (ticket_id, addr_key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE ticket_call ("
	"  message_id INTEGER PRIMARY KEY REFERENCES message(id)," /* the log as staff wrote it */
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  staff_id INTEGER NOT NULL REFERENCES staff(id),"
	"  started_at INTEGER NOT NULL,"
	"  ended_at INTEGER," /* NULL = not said */
	"  company TEXT NOT NULL,"
	"  person TEXT NOT NULL,"
	"  phone TEXT NOT NULL,"
	"  callback_at INTEGER," /* NULL = none was promised */
	"  done_at INTEGER" /* the call-back was made, or put off by another call */
	") STRICT;"
	"CREATE INDEX ticket_call_of ON ticket_call(ticket_id);"
	"CREATE TABLE outbound_round ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1),"
	"  month INTEGER NOT NULL" /* year * 12 + month - 1 of the last list */
	") STRICT;";

/* How long customers waited, and reports that are asked for (store_period.h, store_report.h). */
const char schema_report[] =
	"CREATE TABLE reply_period ("
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  since INTEGER NOT NULL,"
	"  due_at INTEGER NOT NULL," /* as it was promised last */
	"  ended_at INTEGER NOT NULL,"
	"  how INTEGER NOT NULL,"
	"  staff_id INTEGER REFERENCES staff(id),"
	"  PRIMARY KEY (ticket_id, since)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX reply_period_ended ON reply_period(ended_at);"
	"CREATE INDEX ticket_opened ON ticket(opened_at);"
	"CREATE INDEX audit_counted ON audit(what, at) WHERE what IN "
	"('ticket.close', 'ticket.reopen', 'ticket.merge', 'ticket.unmerge', 'ticket.spam');"
	"CREATE TABLE report_job ("
	"  id INTEGER PRIMARY KEY,"
	"  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),"
	"  kind TEXT NOT NULL,"
	"  what TEXT NOT NULL,"
	"  rcpts TEXT NOT NULL," /* '' = the regular one */
	"  who TEXT NOT NULL,"
	"  in_reply_to TEXT NOT NULL,"
	"  asked_at INTEGER NOT NULL,"
	"  due_at INTEGER NOT NULL,"
	"  attempts INTEGER NOT NULL,"
	"  last_error TEXT NOT NULL,"
	"  done_at INTEGER,"
	"  outbox_id INTEGER REFERENCES outbox(id)"
	") STRICT;"
	"CREATE INDEX report_job_pending ON report_job(due_at) WHERE state = 0;"
	"CREATE INDEX report_job_what ON report_job(kind, what);"
	"CREATE UNIQUE INDEX report_job_regular ON report_job(kind, what) WHERE rcpts = '';";

/* What the mailboxes of staff are to show (store_imap.h). */
const char schema_imap[] =
	"CREATE TABLE imap_state ("
	"  ticket_id INTEGER PRIMARY KEY REFERENCES ticket(id),"
	"  changes INTEGER NOT NULL,"
	"  fresh INTEGER NOT NULL,"
	"  shown INTEGER NOT NULL,"
	"  look_at INTEGER" /* NULL = when it changes */
	") STRICT;"
	"INSERT INTO imap_state (ticket_id, changes, fresh, shown, look_at) SELECT id, 0, 0, 0, 0 FROM ticket WHERE state = 0;"
	"CREATE INDEX imap_state_look ON imap_state(look_at) WHERE look_at IS NOT NULL;";

/* Which rows a mail went out by: an answer that failed is none. */
const char schema_answer[] =
	"CREATE INDEX outbox_of_message ON outbox(message_id) WHERE kind IN (1, 4);";

/* The contract that the target has by this merge alone: it had none. */
const char schema_merge_contract[] =
	"ALTER TABLE ticket_merge ADD COLUMN gave_contract_id INTEGER REFERENCES contract(id);";
