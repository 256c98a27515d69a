/* The leak-risk diagnosis (DIAG-01 to -03): store_diagnosis.h. */
#include "store/schema.h"

const char schema_diagnosis[] =
	"CREATE TABLE diagnosis ("
	"  id INTEGER PRIMARY KEY,"
	"  contract_id INTEGER NOT NULL REFERENCES contract(id),"
	"  message_id INTEGER REFERENCES message(id)," /* it came by; NULL = imported */
	"  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),"
	"  version INTEGER NOT NULL,"
	"  code TEXT NOT NULL," /* a letter a question */
	"  score INTEGER NOT NULL,"
	"  person TEXT NOT NULL,"
	"  answered_at INTEGER NOT NULL,"
	"  received_at INTEGER NOT NULL,"
	"  due_at INTEGER NOT NULL,"
	"  changed_at INTEGER NOT NULL,"
	"  latest INTEGER NOT NULL," /* 1: the newest of its contract that counts */
	"  why TEXT NOT NULL,"
	"  who TEXT NOT NULL,"
	"  ticket_id INTEGER REFERENCES ticket(id),"
	"  outbox_id INTEGER REFERENCES outbox(id)"
	") STRICT;"
	"CREATE INDEX diagnosis_of ON diagnosis(contract_id, answered_at, id);"
	"CREATE UNIQUE INDEX diagnosis_latest ON diagnosis(contract_id) WHERE latest = 1;"
	"CREATE INDEX diagnosis_compared ON diagnosis(version, contract_id) WHERE latest = 1;"
	"CREATE INDEX diagnosis_open ON diagnosis(due_at) WHERE state < 3;"
	/* what staff approve is what the contact gets */
	"CREATE TABLE diagnosis_pdf ("
	"  diagnosis_id INTEGER PRIMARY KEY REFERENCES diagnosis(id),"
	"  pdf BLOB NOT NULL"
	") STRICT;";
