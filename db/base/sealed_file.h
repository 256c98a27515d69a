#ifndef BASE_SEALED_FILE_H
#define BASE_SEALED_FILE_H
/*
 * A file on disk that only its key reads (DESK-09): records of
 * crypto_stream.h, nothing else. Written and read as a stream, in constant
 * memory. While it is written it is PATH.part; sealed_finish makes it PATH,
 * whole and durable, or it never becomes PATH.
 *
 * A key seals one file, ever: make it with crypto_random.
 */
#include "base/crypto.h"

struct sealed_sum { /* of what was put in */
	int64_t size;
	uint8_t sha256[SHA256_LEN];
};

struct sealed_out;
/* ERR_EXISTS: such a file is there. ERR_TEMP: the disk. */
enum status sealed_create(const char *path, const uint8_t key[KEY_LEN], struct sealed_out **o_r, struct err *e) must_check;
enum status sealed_put(struct sealed_out *o, const void *p, size_t n, struct err *e) must_check; /* ERR_TEMP */
/* Last record, fsync, rename, fsync of the folder. *o is gone either way, after
 * an error the file too. */
enum status sealed_finish(struct sealed_out **o, struct sealed_sum *sum_r, struct err *e) must_check;
void sealed_abandon(struct sealed_out **o); /* the file goes; accepts NULL */

struct sealed_in;
enum status sealed_open(const char *path, const uint8_t key[KEY_LEN], struct sealed_in **i_r, struct err *e) must_check; /* ERR_NOTFOUND, ERR_PERM */
/* At most max bytes; *n_r = 0: all was read. ERR_PERM: the file was changed;
 * nothing of a changed record is given out. */
enum status sealed_read(struct sealed_in *i, void *p, size_t max, size_t *n_r, struct err *e) must_check;
void sealed_close(struct sealed_in **i); /* accepts NULL */

#endif
