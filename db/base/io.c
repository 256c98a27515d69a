/* Whole files: bounded reads, durable atomic writes. */
#include "base/io.h"
#include "base/xalloc.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool io_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool io_write_all(int fd, const void *p, size_t n)
{
	const char *b = p;
	while (n) {
		ssize_t k = write(fd, b, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return false;
		b += k;
		n -= (size_t)k;
	}
	return true;
}

static enum status read_fd(int fd, const char *path, size_t max, struct sb *out, struct err *e)
{
	size_t start = out->len;
	for (;;) {
		sb_grow(out, 65536);
		ssize_t k = read(fd, out->s + out->len, 65536);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_sys(e, ERR_TEMP, "%s", path);
		if (k == 0)
			return OK;
		out->len += (size_t)k;
		out->s[out->len] = '\0';
		if (out->len - start > max)
			return err_set(e, ERR_LIMIT, "%s: larger than %zu bytes", path, max);
	}
}

enum status io_read_file(const char *path, size_t max, struct sb *out, struct err *e)
{
	if (strcmp(path, "-") == 0)
		return read_fd(0, "standard input", max, out, e);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno == ENOENT ? ERR_NOTFOUND : ERR_PERM, "%s", path);
	enum status st = read_fd(fd, path, max, out, e);
	close(fd);
	return st;
}

/* The rename is durable only when the folder is. */
bool io_sync_folder(const char *path)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0)
		return false;
	bool ok = fsync(fd) == 0;
	close(fd);
	return ok;
}

enum status io_write_file(const char *path, mode_t mode, const void *p, size_t n, struct err *e)
{
	char *tmp = xasprintf("%s.tmp.%d", path, (int)getpid());
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	bool ok = fd >= 0 && fchmod(fd, mode) == 0 && io_write_all(fd, p, n) && fsync(fd) == 0;
	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	ok = ok && rename(tmp, path) == 0 && io_sync_folder(path);
	enum status st = ok ? OK : err_sys(e, ERR_TEMP, "%s", path);
	if (!ok)
		unlink(tmp);
	free(tmp);
	return st;
}

enum status io_mkdirs(const char *path, mode_t mode, struct err *e)
{
	char *copy = xstrdup(path);
	enum status st = OK;
	for (char *p = copy + 1; st == OK; p++) {
		if (*p && *p != '/')
			continue;
		char keep = *p;
		*p = '\0';
		if (mkdir(copy, keep ? 0755 : mode) != 0 && errno != EEXIST)
			st = err_sys(e, ERR_PERM, "%s", copy);
		*p = keep;
		if (!keep)
			break;
	}
	free(copy);
	return st;
}
