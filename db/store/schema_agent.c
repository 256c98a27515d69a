/* Terminals: who they are (in yorozu.db), what they have, what they did. */
#include "store/schema.h"

const char schema_terminal[] =
	"CREATE TABLE terminal ("
	"  id INTEGER PRIMARY KEY,"
	"  agent_id BLOB NOT NULL UNIQUE,"
	"  contract_id INTEGER NOT NULL REFERENCES contract(id),"
	"  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),"
	"  replaced_by INTEGER REFERENCES terminal(id),"
	"  host TEXT NOT NULL,"
	"  os TEXT NOT NULL,"
	"  agent TEXT NOT NULL,"
	"  smbios_uuid TEXT NOT NULL,"
	"  board_serial TEXT NOT NULL,"
	"  machine_guid TEXT NOT NULL,"
	"  macs TEXT NOT NULL,"
	"  pub BLOB NOT NULL UNIQUE,"
	"  server_pub BLOB NOT NULL,"
	"  root BLOB," /* sealed; NULL = no longer active */
	"  enrolled_at INTEGER NOT NULL,"
	"  ended_at INTEGER,"
	"  cloned_at INTEGER"
	") STRICT;"
	"CREATE INDEX terminal_contract ON terminal(contract_id, id);"
	"CREATE INDEX terminal_replaced ON terminal(replaced_by) WHERE replaced_by IS NOT NULL;"
	"CREATE TABLE terminal_token ("
	"  id INTEGER PRIMARY KEY,"
	"  contract_id INTEGER NOT NULL REFERENCES contract(id),"
	"  hash BLOB NOT NULL UNIQUE,"
	"  uses_left INTEGER NOT NULL CHECK (uses_left >= 0),"
	"  created_at INTEGER NOT NULL,"
	"  expires_at INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX terminal_token_contract ON terminal_token(contract_id);"
	"CREATE TABLE terminal_notice ("
	"  kind INTEGER NOT NULL,"
	"  contract_id INTEGER NOT NULL," /* 0 = about all */
	"  day INTEGER NOT NULL,"
	"  PRIMARY KEY (kind, contract_id)"
	") STRICT, WITHOUT ROWID;";

/* Keys that took the place of the one of the enrolment, which is number 1 and
 * stays in `terminal`, where it also says that the terminal is active. */
const char schema_terminal_key[] =
	"CREATE TABLE terminal_key ("
	"  id INTEGER PRIMARY KEY,"
	"  terminal_id INTEGER NOT NULL REFERENCES terminal(id),"
	"  key_id INTEGER NOT NULL CHECK (key_id > 1),"
	"  pub BLOB NOT NULL,"
	"  server_pub BLOB NOT NULL,"
	"  root BLOB," /* sealed */
	"  made_at INTEGER NOT NULL,"
	"  used_at INTEGER," /* NULL: the terminal may not know of it */
	"  UNIQUE (terminal_id, key_id)"
	") STRICT;";

/* Begun deletions at the end of contracts: what there was before, however often
 * a crash makes it begin again. */
const char schema_terminal_deletion[] =
	"CREATE TABLE terminal_deletion ("
	"  contract_id INTEGER PRIMARY KEY REFERENCES contract(id),"
	"  begun_at INTEGER NOT NULL,"
	"  batches INTEGER NOT NULL,"
	"  rows INTEGER NOT NULL,"
	"  inventory INTEGER NOT NULL"
	") STRICT;";

/* terminal: the id in yorozu.db. */
const char schema_agent[] =
	"CREATE TABLE section ("
	"  terminal INTEGER NOT NULL,"
	"  name TEXT NOT NULL,"
	"  sha256 BLOB NOT NULL,"
	"  taken_ms INTEGER NOT NULL,"
	"  received_at INTEGER NOT NULL,"
	"  confirmed_at INTEGER NOT NULL,"
	"  epoch INTEGER NOT NULL," /* of the batch it came in */
	"  seq INTEGER NOT NULL,"
	"  size INTEGER NOT NULL,"
	"  body BLOB NOT NULL," /* zstd */
	"  PRIMARY KEY (terminal, name)"
	") STRICT;"
	"CREATE TABLE software ("
	"  id INTEGER PRIMARY KEY,"
	"  terminal INTEGER NOT NULL,"
	"  name TEXT NOT NULL,"
	"  version TEXT NOT NULL,"
	"  vendor TEXT NOT NULL,"
	"  scope TEXT NOT NULL,"
	"  user TEXT NOT NULL,"
	"  date TEXT NOT NULL,"
	"  first_at INTEGER NOT NULL,"
	"  last_at INTEGER NOT NULL,"
	"  gone INTEGER NOT NULL CHECK (gone IN (0, 1))"
	") STRICT;"
	"CREATE UNIQUE INDEX software_item ON software(terminal, name, version, scope, user);";

/* Everything that a batch brings is in one file, so that one COMMIT makes all
 * of it durable: what came (batch), what was counted from it (rday, rmon, tday,
 * low, gap), and how far the terminal is (term), which a new month's file takes
 * over from the one before. Times are as in agent_month.h. */
const char schema_month[] =
	"CREATE TABLE month ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1),"
	"  month INTEGER NOT NULL,"
	"  made_at INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE term ("
	"  terminal INTEGER PRIMARY KEY,"
	"  contract INTEGER NOT NULL,"
	"  epoch INTEGER NOT NULL," /* highest, and the highest seq in it */
	"  seq INTEGER NOT NULL,"
	"  strays INTEGER NOT NULL," /* news from lower epochs since this one began */
	"  have BLOB NOT NULL," /* numbers that came or were given up: pairs of 8 octets */
	"  last_at INTEGER NOT NULL,"
	"  skew_ms INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE batch ("
	"  id INTEGER PRIMARY KEY,"
	"  terminal INTEGER NOT NULL,"
	"  epoch INTEGER NOT NULL,"
	"  seq INTEGER NOT NULL,"
	"  ulid BLOB NOT NULL,"
	"  received_ms INTEGER NOT NULL,"
	"  q_from INTEGER NOT NULL,"
	"  q_to INTEGER NOT NULL,"
	"  had BLOB," /* numbers of it that were there before; NULL = none */
	"  size INTEGER NOT NULL," /* of the JSON */
	"  body BLOB NOT NULL" /* as it came out of the envelope: zstd or zlib */
	") STRICT;"
	"CREATE UNIQUE INDEX batch_seq ON batch(terminal, epoch, seq);"
	"CREATE UNIQUE INDEX batch_ulid ON batch(terminal, ulid);"
	"CREATE TABLE site ("
	"  id INTEGER PRIMARY KEY,"
	"  name TEXT NOT NULL UNIQUE"
	") STRICT;"
	"CREATE TABLE rday ("
	"  terminal INTEGER NOT NULL,"
	"  day INTEGER NOT NULL,"
	"  site INTEGER NOT NULL,"
	"  times INTEGER NOT NULL,"
	"  seconds INTEGER NOT NULL,"
	"  PRIMARY KEY (terminal, day, site)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE rmon ("
	"  contract INTEGER NOT NULL,"
	"  month INTEGER NOT NULL,"
	"  site INTEGER NOT NULL,"
	"  times INTEGER NOT NULL,"
	"  seconds INTEGER NOT NULL,"
	"  PRIMARY KEY (contract, month, site)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE tday ("
	"  terminal INTEGER NOT NULL,"
	"  day INTEGER NOT NULL,"
	"  batches INTEGER NOT NULL,"
	"  events INTEGER NOT NULL,"
	"  sites INTEGER NOT NULL," /* rows in rday, but for the one of the rest */
	"  PRIMARY KEY (terminal, day)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE low ("
	"  terminal INTEGER NOT NULL,"
	"  q INTEGER NOT NULL,"
	"  at_ms INTEGER NOT NULL,"
	"  moved INTEGER NOT NULL,"
	"  kind INTEGER NOT NULL,"
	"  user TEXT NOT NULL,"
	"  op TEXT NOT NULL,"
	"  class TEXT NOT NULL,"
	"  name TEXT NOT NULL,"
	"  detail TEXT NOT NULL,"
	"  n INTEGER NOT NULL,"
	"  PRIMARY KEY (terminal, q)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE gap ("
	"  terminal INTEGER NOT NULL,"
	"  q_from INTEGER NOT NULL,"
	"  q_to INTEGER NOT NULL,"
	"  reason TEXT NOT NULL,"
	"  created_ms INTEGER NOT NULL,"
	"  received_at INTEGER NOT NULL,"
	"  PRIMARY KEY (terminal, q_from)"
	") STRICT, WITHOUT ROWID;";
