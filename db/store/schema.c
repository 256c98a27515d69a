/*
 * The schema, as forward-only migrations: entry n brings user_version from n
 * to n + 1, in a transaction of its own. Never change an entry that was
 * released; append. Table groups' tables are all here, so that the shape of
 * the whole store can be read in one place.
 *
 * Habits: ids are INTEGER PRIMARY KEY and rows that carry one outside (ticket,
 * outbox) are never deleted, so no number is ever given twice; a reference
 * that is not there is NULL (0 in C); time is epoch seconds; enums are the
 * numbers of the headers.
 */
#include "store/store_impl.h"

static const char schema_1[] =
	/* ---- which master key the sealed columns are under (store_key.c) */
	"CREATE TABLE key_check ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1),"
	"  mac BLOB NOT NULL"
	") STRICT;"
	/* ---- contracts: the items of specification 4.2.2, columns named as in text/contract_field.c */
	"CREATE TABLE contract ("
	"  id INTEGER PRIMARY KEY,"
	"  created_at INTEGER NOT NULL DEFAULT 0,"
	"  updated_at INTEGER NOT NULL DEFAULT 0,"
	"  started_at INTEGER," /* 0:00 of the first day; NULL = not known */
	"  ended_at INTEGER,"   /* 0:00 of the day after the last; NULL = runs on */
	"  applied_on TEXT NOT NULL DEFAULT '',"
	"  wish_on TEXT NOT NULL DEFAULT '',"
	"  n_number TEXT UNIQUE," /* NULL until it is given */
	"  customer_id TEXT NOT NULL DEFAULT '',"
	"  name_kana TEXT NOT NULL DEFAULT '',"
	"  name TEXT NOT NULL DEFAULT '',"
	"  zip TEXT NOT NULL DEFAULT '',"
	"  town TEXT NOT NULL DEFAULT '',"
	"  lot TEXT NOT NULL DEFAULT '',"
	"  building TEXT NOT NULL DEFAULT '',"
	"  floor TEXT NOT NULL DEFAULT '',"
	"  contact_name TEXT NOT NULL DEFAULT '',"
	"  contact_phone TEXT NOT NULL DEFAULT '',"
	"  contact_mail TEXT NOT NULL DEFAULT '',"
	"  bill_zip TEXT NOT NULL DEFAULT '',"
	"  bill_town TEXT NOT NULL DEFAULT '',"
	"  bill_lot TEXT NOT NULL DEFAULT '',"
	"  bill_building TEXT NOT NULL DEFAULT '',"
	"  bill_floor TEXT NOT NULL DEFAULT '',"
	"  bill_addressee TEXT NOT NULL DEFAULT '',"
	"  billing_org TEXT NOT NULL DEFAULT '',"
	"  billing_name TEXT NOT NULL DEFAULT '',"
	"  billing_phone TEXT NOT NULL DEFAULT '',"
	"  billing_mail TEXT NOT NULL DEFAULT '',"
	"  opening_mail TEXT NOT NULL DEFAULT '',"
	"  opening_password BLOB," /* sealed */
	"  opening_phone TEXT NOT NULL DEFAULT '',"
	"  opening_company TEXT NOT NULL DEFAULT '',"
	"  opening_name TEXT NOT NULL DEFAULT '',"
	"  request TEXT NOT NULL DEFAULT '',"
	"  change_ids TEXT NOT NULL DEFAULT '',"
	"  change_filter TEXT NOT NULL DEFAULT '',"
	"  change_ticket TEXT NOT NULL DEFAULT '',"
	"  change_officer TEXT NOT NULL DEFAULT '',"
	"  plan TEXT NOT NULL DEFAULT '',"
	"  ids_option TEXT NOT NULL DEFAULT '',"
	"  ids_change TEXT NOT NULL DEFAULT '',"
	"  filter TEXT NOT NULL DEFAULT '',"
	"  ids_added INTEGER NOT NULL DEFAULT 0,"
	"  ids_after INTEGER NOT NULL DEFAULT 0,"
	"  ticket_order TEXT NOT NULL DEFAULT '',"
	"  ticket_count INTEGER NOT NULL DEFAULT 0,"
	"  officer_kana TEXT NOT NULL DEFAULT '',"
	"  officer_name TEXT NOT NULL DEFAULT '',"
	"  officer_dept TEXT NOT NULL DEFAULT '',"
	"  officer_phone TEXT NOT NULL DEFAULT '',"
	"  officer_mail TEXT NOT NULL DEFAULT '',"
	"  report_password BLOB" /* sealed */
	") STRICT;"
	/* Who writes for a contract: registered addresses, then company domains. */
	"CREATE TABLE contract_address ("
	"  addr_key TEXT PRIMARY KEY,"
	"  contract_id INTEGER NOT NULL REFERENCES contract(id),"
	"  name TEXT NOT NULL DEFAULT '',"
	"  added_at INTEGER NOT NULL DEFAULT 0"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX contract_address_of ON contract_address(contract_id);"
	"CREATE TABLE contract_domain ("
	"  domain TEXT PRIMARY KEY,"
	"  contract_id INTEGER NOT NULL REFERENCES contract(id),"
	"  added_at INTEGER NOT NULL DEFAULT 0"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX contract_domain_of ON contract_domain(contract_id);"
	/* ---- staff */
	"CREATE TABLE staff ("
	"  id INTEGER PRIMARY KEY,"
	"  login TEXT NOT NULL UNIQUE,"
	"  name TEXT NOT NULL,"
	"  address TEXT NOT NULL UNIQUE,"
	"  roles INTEGER NOT NULL,"
	"  active INTEGER NOT NULL,"
	"  password_hash TEXT NOT NULL DEFAULT ''" /* as Dovecot reads it; '' = no login */
	") STRICT;"
	/* ---- tickets */
	"CREATE TABLE ticket ("
	"  id INTEGER PRIMARY KEY,"
	"  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),"
	"  channel TEXT NOT NULL,"
	"  contract_id INTEGER REFERENCES contract(id),"
	"  assignee_id INTEGER REFERENCES staff(id),"
	"  previous_id INTEGER REFERENCES ticket(id),"
	"  category INTEGER NOT NULL,"
	"  subject TEXT NOT NULL,"
	"  opened_at INTEGER NOT NULL,"
	"  closed_at INTEGER,"
	"  last_at INTEGER,"
	"  waiting_since INTEGER,"
	"  due_at INTEGER"
	") STRICT;"
	"CREATE INDEX ticket_by_state ON ticket(state);"
	"CREATE INDEX ticket_by_contract ON ticket(contract_id) WHERE contract_id IS NOT NULL;"
	"CREATE TABLE ticket_party ("
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  addr_key TEXT NOT NULL,"
	"  name TEXT NOT NULL,"
	"  added_at INTEGER NOT NULL,"
	"  PRIMARY KEY (ticket_id, addr_key)"
	") STRICT, WITHOUT ROWID;"
	/* ---- messages; bodies apart, so that lists of messages read few pages */
	"CREATE TABLE message ("
	"  id INTEGER PRIMARY KEY,"
	"  ticket_id INTEGER REFERENCES ticket(id),"
	"  kind INTEGER NOT NULL,"
	"  at INTEGER NOT NULL,"
	"  staff_id INTEGER REFERENCES staff(id),"
	"  envelope_from TEXT NOT NULL,"
	"  from_addr TEXT NOT NULL,"
	"  from_name TEXT NOT NULL,"
	"  subject TEXT NOT NULL,"
	"  message_id TEXT NOT NULL,"
	"  client_ip TEXT NOT NULL,"
	"  helo TEXT NOT NULL,"
	"  spf TEXT NOT NULL,"
	"  dkim TEXT NOT NULL,"
	"  dmarc TEXT NOT NULL,"
	"  auto_kind TEXT NOT NULL,"
	"  note TEXT NOT NULL,"
	"  size INTEGER NOT NULL,"
	"  dedupe BLOB NOT NULL UNIQUE CHECK (length(dedupe) = 32)"
	") STRICT;"
	"CREATE INDEX message_of_ticket ON message(ticket_id) WHERE ticket_id IS NOT NULL;"
	"CREATE INDEX message_stray ON message(at) WHERE ticket_id IS NULL;"
	"CREATE TABLE message_body ("
	"  message_id INTEGER PRIMARY KEY REFERENCES message(id),"
	"  data BLOB NOT NULL" /* one zstd frame */
	") STRICT;"
	/* Every Message-ID ever seen. key: first 16 bytes of SHA-256(id), so that
	 * rows are small and an id can be as long and strange as it likes. The
	 * order of the key's columns makes `best hits first` a walk of the index. */
	"CREATE TABLE msgid ("
	"  key BLOB NOT NULL,"
	"  how INTEGER NOT NULL CHECK (how BETWEEN 0 AND 2),"
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  PRIMARY KEY (key, how, ticket_id)"
	") STRICT, WITHOUT ROWID;"
	/* ---- outbox */
	"CREATE TABLE outbox ("
	"  id INTEGER PRIMARY KEY,"
	"  kind INTEGER NOT NULL,"
	"  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5),"
	"  ticket_id INTEGER REFERENCES ticket(id),"
	"  message_id INTEGER REFERENCES message(id),"
	"  rcpts TEXT NOT NULL,"
	"  tmpl TEXT NOT NULL,"
	"  vars BLOB NOT NULL,"
	"  created_at INTEGER NOT NULL,"
	"  due_at INTEGER NOT NULL,"
	"  next_at INTEGER NOT NULL,"
	"  attempts INTEGER NOT NULL,"
	"  queue_id TEXT NOT NULL,"
	"  last_error TEXT NOT NULL,"
	"  done_at INTEGER" /* sent, failed or bounced */
	") STRICT;"
	"CREATE INDEX outbox_pending ON outbox(next_at) WHERE state = 0;"
	"CREATE INDEX outbox_claimed ON outbox(id) WHERE state = 1;"
	/* How many rows are in each state: counting them would read them all. */
	"CREATE TABLE outbox_count ("
	"  state INTEGER PRIMARY KEY,"
	"  n INTEGER NOT NULL CHECK (n >= 0)"
	") STRICT;"
	"INSERT INTO outbox_count (state, n) VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0);"
	"CREATE TABLE ack_log ("
	"  id INTEGER PRIMARY KEY,"
	"  at INTEGER NOT NULL,"
	"  addr_key TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX ack_log_at ON ack_log(at);"
	"CREATE INDEX ack_log_addr ON ack_log(addr_key, at);"
	/* ---- audit */
	"CREATE TABLE audit ("
	"  id INTEGER PRIMARY KEY,"
	"  at INTEGER NOT NULL,"
	"  who TEXT NOT NULL,"
	"  what TEXT NOT NULL,"
	"  ticket_id INTEGER REFERENCES ticket(id),"
	"  detail TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX audit_of_ticket ON audit(ticket_id);";

/* What goes along with an outbox row: bytes of its own, or a stored mail. */
static const char schema_2[] =
	"CREATE TABLE outbox_file ("
	"  outbox_id INTEGER NOT NULL REFERENCES outbox(id),"
	"  seq INTEGER NOT NULL," /* in this order */
	"  filename TEXT NOT NULL,"
	"  type TEXT NOT NULL,"
	"  content_id TEXT NOT NULL," /* '' = an attachment, else an inline picture of the HTML part */
	"  message_id INTEGER REFERENCES message(id)," /* its bytes are this mail's */
	"  data BLOB NOT NULL,"
	"  PRIMARY KEY (outbox_id, seq)"
	") STRICT, WITHOUT ROWID;";

/* The reply clock's consequences (store_due.h). */
static const char schema_due[] =
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
static const char schema_search[] =
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
static const char schema_merge[] =
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

/* Files of tickets, and the links by which they come in and go out. */
static const char schema_files[] =
	"CREATE TABLE upload_link ("
	"  id INTEGER PRIMARY KEY,"
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  created_at INTEGER NOT NULL,"
	"  expires_at INTEGER NOT NULL,"
	"  ended_at INTEGER,"
	"  files_max INTEGER NOT NULL,"
	"  bytes_max INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE file ("
	"  id INTEGER PRIMARY KEY,"
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  link_id INTEGER REFERENCES upload_link(id)," /* it came by; NULL = not by one */
	"  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 1),"
	"  name TEXT NOT NULL,"
	"  type TEXT NOT NULL,"
	"  size INTEGER NOT NULL,"
	"  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
	"  spool TEXT NOT NULL UNIQUE,"
	"  key BLOB NOT NULL," /* sealed; empty when deleted */
	"  created_at INTEGER NOT NULL,"
	"  delete_at INTEGER NOT NULL,"
	"  deleted_at INTEGER"
	") STRICT;"
	"CREATE INDEX file_of_ticket ON file(ticket_id);"
	"CREATE INDEX file_of_link ON file(link_id) WHERE link_id IS NOT NULL;"
	"CREATE INDEX file_due ON file(delete_at) WHERE state = 0;"
	"CREATE TABLE download_link ("
	"  id INTEGER PRIMARY KEY,"
	"  kind INTEGER NOT NULL,"
	"  ticket_id INTEGER NOT NULL REFERENCES ticket(id),"
	"  staff_id INTEGER REFERENCES staff(id),"
	"  contract_id INTEGER REFERENCES contract(id),"
	"  created_at INTEGER NOT NULL,"
	"  expires_at INTEGER NOT NULL,"
	"  uses_max INTEGER NOT NULL,"
	"  fails INTEGER NOT NULL" /* wrong passwords so far */
	") STRICT;"
	"CREATE TABLE download_file ("
	"  link_id INTEGER NOT NULL REFERENCES download_link(id),"
	"  file_id INTEGER NOT NULL REFERENCES file(id),"
	"  uses INTEGER NOT NULL,"
	"  PRIMARY KEY (link_id, file_id)"
	") STRICT, WITHOUT ROWID;";

/* What is known of the files that were taken out of mails. */
static const char schema_attachment[] =
	"CREATE TABLE attachment ("
	"  message_id INTEGER NOT NULL REFERENCES message(id),"
	"  seq INTEGER NOT NULL,"
	"  filename TEXT NOT NULL,"
	"  type TEXT NOT NULL,"
	"  found TEXT NOT NULL," /* by its first bytes */
	"  size INTEGER NOT NULL,"
	"  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
	"  depth INTEGER NOT NULL," /* how many forwarded mails it is inside of */
	"  PRIMARY KEY (message_id, seq)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX attachment_by_sum ON attachment(sha256, message_id);";

/* Who is asking: tickets that bind their senders to identify themselves
 * (store_identity.h), and the calls that were logged (store_call.h). */
static const char schema_who[] =
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

/* How files reach a customer (store_delivery.h). */
static const char schema_delivery[] =
	"CREATE TABLE contract_delivery ("
	"  contract_id INTEGER PRIMARY KEY REFERENCES contract(id),"
	"  policy INTEGER NOT NULL CHECK (policy BETWEEN 0 AND 3),"
	"  set_at INTEGER NOT NULL,"
	"  learned_at INTEGER," /* NULL = set by a person */
	"  reason TEXT NOT NULL"
	") STRICT;"
	"CREATE TABLE outbox_link ("
	"  outbox_id INTEGER PRIMARY KEY REFERENCES outbox(id),"
	"  link_id INTEGER NOT NULL REFERENCES download_link(id)"
	") STRICT;";

/* How long customers waited, and reports that are asked for (store_period.h, store_report.h). */
static const char schema_report[] =
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

/* The newsletter: its readers, its issues, and the ledger: one row a reader and
 * issue. Counters of the ledger stand beside it and change with it. */
static const char schema_issue[] =
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
/* What the mailboxes of staff are to show (store_imap.h). */
static const char schema_imap[] =
	"CREATE TABLE imap_state ("
	"  ticket_id INTEGER PRIMARY KEY REFERENCES ticket(id),"
	"  changes INTEGER NOT NULL,"
	"  fresh INTEGER NOT NULL,"
	"  shown INTEGER NOT NULL,"
	"  look_at INTEGER" /* NULL = when it changes */
	") STRICT;"
	"INSERT INTO imap_state (ticket_id, changes, fresh, shown, look_at) SELECT id, 0, 0, 0, 0 FROM ticket WHERE state = 0;"
	"CREATE INDEX imap_state_look ON imap_state(look_at) WHERE look_at IS NOT NULL;";

const char *const store_migrations[] = {
	schema_1,
	schema_2,
	schema_due,
	schema_search,
	schema_merge,
	schema_files,
	schema_attachment,
	schema_who,
	schema_delivery,
	schema_report,
	schema_issue,
	schema_imap,
};
const int store_schema_version = sizeof store_migrations / sizeof *store_migrations;
