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

static const char *const main_migrations[] = {
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
	schema_terminal,
	schema_news_link,
	schema_answer,
	schema_news_stop,
	schema_health,
	schema_diagnosis,
	schema_terminal_deletion,
	schema_news_wait,
	schema_terminal_key,
	schema_merge_contract,
	/* append here */
};
static const char *const agent_migrations[] = { schema_agent };
static const char *const month_migrations[] = { schema_month };

#define COUNT(v) ((int)(sizeof v / sizeof *v))
const struct store_schema store_schemas[STORE_KINDS] = {
	[STORE_MAIN] = { 0x59525A31 /* "YRZ1" */, main_migrations, COUNT(main_migrations) },
	[STORE_AGENT] = { 0x59525A41 /* "YRZA" */, agent_migrations, COUNT(agent_migrations) },
	[STORE_MONTH] = { 0x59525A4D /* "YRZM" */, month_migrations, COUNT(month_migrations) },
};
