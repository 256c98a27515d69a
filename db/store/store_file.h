#ifndef STORE_FILE_H
#define STORE_FILE_H
/*
 * Files of tickets (DESK-09): what a customer uploaded, what staff hand out.
 * The bytes are in DIR/spool-files under a random name, sealed under a key of
 * their own (base/sealed_file.h); the row has the key, sealed under the master
 * key, and all that people may know: name, size, SHA-256. A deleted file keeps
 * its row and loses its key.
 *
 * To store a file, from any process: file_spool_name, sealed_create and
 * sealed_finish, then file_add in the transaction that makes it known. A file
 * without a row is swept away by yorozu-ingest an hour later.
 */
#include "base/arena.h"
#include "store/store.h"

enum file_state { FILE_STORED, FILE_DELETED };

struct stored_file {
	int64_t id;
	int64_t ticket_id, link_id; /* link_id: the upload link it came by, 0 = none */
	enum file_state state;
	const char *name;     /* as it is shown: file_name_clean */
	const char *type;     /* as declared, "" if not; never believed */
	int64_t size;
	uint8_t sha256[SHA256_LEN];
	const char *spool;    /* name in DIR/spool-files */
	epoch created_at, delete_at, deleted_at;
};

enum { FILE_SPOOL_SIZE = 27 };
#define FILE_SPOOL_DIR "spool-files" /* below the instance's folder */
void file_spool_name(char out[FILE_SPOOL_SIZE]);

/* All of that but the row, from a descriptor: seals what it reads into `folder`
 * and sets f->spool (in a), f->size and f->sha256, and key_r for file_add.
 * ERR_LIMIT: more than max bytes. */
enum status file_spool_fd(const char *folder, int fd, int64_t max, struct arena *a, struct stored_file *f,
                          uint8_t key_r[KEY_LEN], struct err *e) must_check;

/* f->id is set. ERR_EXISTS: this upload link has the same file already (a
 * repeated request), f->id is that one; the caller drops its bytes. */
enum status file_add(struct store *s, struct stored_file *f, const uint8_t key[KEY_LEN], struct err *e) must_check;
enum status file_get(struct store *s, int64_t id, struct arena *a, struct stored_file *f_r, struct err *e) must_check;
/* ERR_NOTFOUND: deleted. The caller wipes the key. */
enum status file_key(struct store *s, int64_t id, uint8_t key_r[KEY_LEN], struct err *e) must_check;

/* Of a ticket or of an upload link, oldest first, deleted ones too. */
enum status file_of_ticket(struct store *s, int64_t ticket, struct arena *a, struct stored_file **v_r, size_t *n_r, struct err *e) must_check;
enum status file_of_link(struct store *s, int64_t link, struct arena *a, struct stored_file **v_r, size_t *n_r, struct err *e) must_check;
/* Newest first. */
enum status file_recent(struct store *s, size_t max, struct arena *a, struct stored_file **v_r, size_t *n_r, struct err *e) must_check;
/* How many came by the link and their bytes, deleted ones too. */
enum status file_link_sums(struct store *s, int64_t link, int64_t *n_r, int64_t *bytes_r, struct err *e) must_check;

/* Stored files whose time is over by `now`, the oldest first. */
enum status file_due(struct store *s, epoch now, size_t max, struct arena *a, struct stored_file **v_r, size_t *n_r, struct err *e) must_check;
/* After its bytes are gone. Again = OK. */
enum status file_deleted(struct store *s, int64_t id, epoch now, struct err *e) must_check;
/* Stored files with ids above `after`, in order: to look whether their bytes are there. */
enum status file_stored(struct store *s, int64_t after, size_t max, struct arena *a, struct stored_file **v_r, size_t *n_r, struct err *e) must_check;
/* ERR_NOTFOUND: no stored file has these bytes. */
enum status file_by_spool(struct store *s, const char *spool, int64_t *id_r, struct err *e) must_check;

#endif
