#ifndef BASE_IO_H
#define BASE_IO_H
/* Whole files: bounded reads, durable atomic writes. */
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <sys/types.h>

/* Appends the file's bytes; more than `max` is ERR_LIMIT. "-" is stdin. */
enum status io_read_file(const char *path, size_t max, struct sb *out, struct err *e) must_check;
/* Temporary file beside it, fsync, rename, fsync of the folder. */
enum status io_write_file(const char *path, mode_t mode, const void *p, size_t n, struct err *e) must_check;
enum status io_mkdirs(const char *path, mode_t mode, struct err *e) must_check;
/* Makes a rename or unlink of `path` durable. */
bool io_sync_folder(const char *path);
bool io_exists(const char *path);
/* Loops over short writes and EINTR. */
bool io_write_all(int fd, const void *p, size_t n);

#endif
