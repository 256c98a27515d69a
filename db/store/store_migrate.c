/* Brings a store forward to the schema of this program (schema.c). */
#include "store/store_impl.h"
#include <stdio.h>

SQL(q_version, "SELECT user_version FROM pragma_user_version");
SQL(q_app_id, "SELECT application_id FROM pragma_application_id");
SQL(q_tables, "SELECT count(*) FROM sqlite_schema");

/* OK: version_r is set, and 0 means an empty file. */
static enum status version_of(struct store *s, int64_t *version_r, struct err *e)
{
	int64_t app = 0, tables = 0;
	enum status st = sql_number(s, &q_version, BIND_NONE, version_r, e);
	if (st == OK)
		st = sql_number(s, &q_app_id, BIND_NONE, &app, e);
	if (st == OK)
		st = sql_number(s, &q_tables, BIND_NONE, &tables, e);
	if (st != OK)
		return st;
	if (app != store_schemas[s->kind].app_id && (app != 0 || *version_r != 0 || tables != 0))
		return err_set(e, ERR_PERM, "this is a database, but not a Yorozu store");
	if (*version_r > store_schemas[s->kind].version)
		return err_set(e, ERR_PERM,
		               "the store is of version %lld, this program knows up to %d: "
		               "install the newer program", (long long)*version_r, store_schemas[s->kind].version);
	return OK;
}

static enum status step_forward(struct store *s, int64_t from, struct err *e)
{
	char pragmas[96];
	snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
	         store_schemas[s->kind].app_id, (int)from + 1);
	enum status st = sql_script(s, store_schemas[s->kind].migrations[from], e);
	return st == OK ? sql_script(s, pragmas, e) : st;
}

/* Others may be opening the same store: the version is looked at again once
 * the write lock is ours. */
static enum status migrate_once(struct store *s, struct err *e)
{
	int64_t version = 0;
	enum status st = store_begin(s, e);
	if (st != OK)
		return st;
	st = version_of(s, &version, e);
	if (st == OK && version < store_schemas[s->kind].version)
		st = step_forward(s, version, e);
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

enum status store_behind(struct store *s, int *behind_r, struct err *e)
{
	int64_t version = 0;
	enum status st = version_of(s, &version, e);
	*behind_r = (int)(store_schemas[s->kind].version - version);
	return st;
}

enum status store_migrate(struct store *s, struct err *e)
{
	int64_t version = 0;
	for (;;) {
		enum status st = version_of(s, &version, e);
		if (st != OK || version == store_schemas[s->kind].version)
			return st;
		st = migrate_once(s, e);
		if (st != OK)
			return st;
	}
}
