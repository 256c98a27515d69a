/* Monthly health checks (HEALTH-06). */
#include "store/schema.h"

const char schema_health[] =
	"CREATE TABLE health ("
	" id INTEGER PRIMARY KEY,"
	" contract_id INTEGER NOT NULL REFERENCES contract (id),"
	" month INTEGER NOT NULL,"                          /* YYYYMM */
	" state INTEGER NOT NULL,"
	" made_at INTEGER NOT NULL, due_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,"
	" version INTEGER NOT NULL,"
	" marks TEXT NOT NULL,"                             /* a digit an item, enum health_mark */
	" words TEXT NOT NULL,"                             /* the texts, \\f between */
	" numbers TEXT NOT NULL, why TEXT NOT NULL, who TEXT NOT NULL,"
	" outbox_id INTEGER REFERENCES outbox (id),"
	" facts_size INTEGER NOT NULL,"
	" UNIQUE (contract_id, month)"
	") STRICT;"
	"CREATE INDEX health_month ON health (month, state);"
	"CREATE TABLE health_facts (health_id INTEGER PRIMARY KEY REFERENCES health (id), z BLOB NOT NULL) STRICT;";
