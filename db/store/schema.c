/*
 * The schema, as forward-only migrations: entry n brings user_version from n
 * to n + 1, in a transaction of its own. The order is here, the text in the
 * schema_*.c of its table group.
 *
 * The next migration: write its text as `const char schema_NAME[]` at the end
 * of the group's file (a new group: a file of its own), declare it in schema.h,
 * and append it to the array below. Never change an entry that was released.
 *
 * Habits: ids are INTEGER PRIMARY KEY and rows that carry one outside (ticket,
 * outbox) are never deleted, so no number is ever given twice; a reference
 * that is not there is NULL (0 in C); time is epoch seconds; enums are the
 * numbers of the headers.
 */
#include "store/schema.h"
#include "store/store_impl.h"

const char *const store_migrations[] = {
	schema_first,
	schema_outbox_file,
	schema_due,
	schema_search,
	schema_merge,
	schema_files,
	schema_attachment,
	schema_who,
	schema_delivery,
	schema_report,
	schema_news,
	schema_imap,
	/* append here */
};
const int store_schema_version = sizeof store_migrations / sizeof *store_migrations;
