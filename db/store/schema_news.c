/* The newsletter's migrations (schema.c). */
#include "store/schema.h"

/* The newsletter: its readers, its issues, and the ledger: one row a reader and
 * issue. Counters of the ledger stand beside it and change with it. */
const char schema_news[] =
	"CREATE TABLE reader ("
	"  id INTEGER PRIMARY KEY,"
	"  addr_key TEXT NOT NULL UNIQUE,"
	"  name TEXT NOT NULL,"
	"  contract_id INTEGER REFERENCES contract(id),"
	"  source INTEGER NOT NULL CHECK (source BETWEEN 0 AND 1),"
	"  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),"
	"  added_at INTEGER NOT NULL,"
	"  changed_at INTEGER NOT NULL,"
	"  why TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX reader_of_contract ON reader(contract_id) WHERE contract_id IS NOT NULL;"
	"CREATE TABLE reader_count ("
	"  state INTEGER PRIMARY KEY,"
	"  n INTEGER NOT NULL CHECK (n >= 0)"
	") STRICT;"
	"INSERT INTO reader_count (state, n) VALUES (0, 0), (1, 0), (2, 0), (3, 0);"
	/* What was learnt of a reader: soft bounces count for a while, all is his history. */
	"CREATE TABLE reader_event ("
	"  reader_id INTEGER NOT NULL REFERENCES reader(id),"
	"  at INTEGER NOT NULL,"
	"  seq INTEGER NOT NULL,"
	"  what INTEGER NOT NULL,"
	"  issue_id INTEGER NOT NULL," /* 0 = none */
	"  detail TEXT NOT NULL,"
	"  PRIMARY KEY (reader_id, at, seq)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE issue ("
	"  id INTEGER PRIMARY KEY,"
	"  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),"
	"  created_at INTEGER NOT NULL,"
	"  editor_id INTEGER REFERENCES staff(id),"
	"  draft_id INTEGER NOT NULL REFERENCES message(id),"
	"  subject TEXT NOT NULL,"
	"  kinds INTEGER NOT NULL," /* bits: 1, 2, 4 for the kinds 1, 2, 3 */
	"  size INTEGER NOT NULL,"
	"  send_at INTEGER,"
	"  approver_id INTEGER REFERENCES staff(id)," /* the first of two, or the only one */
	"  started_at INTEGER,"
	"  ended_at INTEGER,"
	"  expand_after INTEGER," /* readers up to this id stand in the ledger; NULL = all do */
	"  told INTEGER NOT NULL DEFAULT 0," /* bits of what the editor was told */
	"  why TEXT NOT NULL DEFAULT ''" /* it is paused or held */
	") STRICT;"
	"CREATE INDEX issue_open ON issue(state, send_at) WHERE state < 5;"
	"CREATE INDEX issue_started ON issue(started_at) WHERE started_at IS NOT NULL;"
	"CREATE TABLE issue_rcpt ("
	"  issue_id INTEGER NOT NULL REFERENCES issue(id),"
	"  reader_id INTEGER NOT NULL REFERENCES reader(id),"
	"  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 7),"
	"  at INTEGER NOT NULL,"
	"  queue_id TEXT,"
	"  detail TEXT,"
	"  PRIMARY KEY (issue_id, reader_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE issue_count ("
	"  issue_id INTEGER NOT NULL REFERENCES issue(id),"
	"  state INTEGER NOT NULL,"
	"  n INTEGER NOT NULL CHECK (n >= 0),"
	"  PRIMARY KEY (issue_id, state)"
	") STRICT, WITHOUT ROWID;"
	/* How far Postfix's log was read, and what of the list was saved as CSV. */
	"CREATE TABLE bulk_mark ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1),"
	"  log_inode INTEGER NOT NULL,"
	"  log_offset INTEGER NOT NULL,"
	"  list_changed INTEGER NOT NULL,"
	"  list_saved INTEGER NOT NULL,"
	"  warned_at INTEGER NOT NULL"
	") STRICT;"
	"INSERT INTO bulk_mark (id, log_inode, log_offset, list_changed, list_saved, warned_at) VALUES (1, 0, 0, 0, 0, 0);";

/* Links to an issue's attachments name its draft. */
const char schema_news_link[] =
	"CREATE INDEX issue_draft ON issue(draft_id);";

/* Domains that get no more of an issue until a person says so. */
const char schema_news_stop[] =
	"CREATE TABLE bulk_stop ("
	"  domain TEXT PRIMARY KEY,"
	"  issue_id INTEGER NOT NULL REFERENCES issue(id)," /* during which it was stopped; gone with its end */
	"  at INTEGER NOT NULL,"
	"  why TEXT NOT NULL,"
	"  told_at INTEGER" /* NULL = the editors do not know yet */
	") STRICT, WITHOUT ROWID;";

/* An issue that waits for a person's word: since when, and when it was asked for last. */
const char schema_news_wait[] =
	"ALTER TABLE issue ADD COLUMN waits_since INTEGER;"
	"ALTER TABLE issue ADD COLUMN asked_at INTEGER;";
