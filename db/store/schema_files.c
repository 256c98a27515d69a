/*
 * The migrations of files: links, files on the spool, what was taken out of mails,
 * and how files reach a customer (schema.c).
 */
#include "store/schema.h"

/* Files of tickets, and the links by which they come in and go out. */
const char schema_files[] =
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
const char schema_attachment[] =
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

/* How files reach a customer (store_delivery.h). */
const char schema_delivery[] =
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
