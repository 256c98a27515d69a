#ifndef STORE_FILE_IMPL_H
#define STORE_FILE_IMPL_H
/* A row of the table `file`, for the two table groups that read it. */
#include "store/store_file.h"
#include "store/store_impl.h"

#define FILE_COLS(t) \
	t "id, " t "ticket_id, " t "link_id, " t "state, " t "name, " t "type, " t "size, " t "sha256, " \
	t "spool, " t "created_at, " t "delete_at, " t "deleted_at"
enum { FILE_NCOLS = 12 };
void file_take(sqlite3_stmt *st, struct arena *a, void *row); /* sql_row of a struct stored_file */

#endif
