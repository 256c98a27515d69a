/* Files, clocks and the cost of the agent on Linux. See plat.h. */
#include "plat.h"
#include "base/clk.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum status plat_protect(const void *p, size_t n, struct sb *out, struct err *e)
{
	(void)e;
	sb_add(out, p, n);
	return OK;
}

enum status plat_unprotect(const void *p, size_t n, struct sb *out, struct err *e)
{
	return plat_protect(p, n, out, e);
}

enum status plat_read_file(const char *path, size_t max, struct sb *out, struct err *e)
{
	if (!io_exists(path))
		return err_set(e, ERR_NOTFOUND, "%s does not exist", path);
	return io_read_file(path, max, out, e);
}

enum status plat_write_file(const char *path, const void *p, size_t n, struct err *e)
{
	return io_write_file(path, 0600, p, n, e);
}

enum status plat_mkdirs(const char *path, struct err *e)
{
	return io_mkdirs(path, 0700, e);
}

bool plat_unlink(const char *path)
{
	return unlink(path) == 0 || errno == ENOENT;
}

enum status plat_list(const char *dir, plat_name_fn fn, void *arg, struct err *e)
{
	DIR *d = opendir(dir);
	if (!d)
		return err_sys(e, errno == ENOENT ? ERR_NOTFOUND : ERR_TEMP, "%s", dir);
	for (struct dirent *f; (f = readdir(d));)
		if (f->d_name[0] != '.')
			fn(arg, f->d_name);
	closedir(d);
	return OK;
}

enum status plat_read_from(const char *path, uint64_t *id, uint64_t offset, size_t max, struct sb *out, uint64_t *size_r,
                           struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat f;
	if (fd < 0)
		return err_sys(e, errno == ENOENT ? ERR_NOTFOUND : ERR_TEMP, "%s", path);
	if (fstat(fd, &f) != 0 || !S_ISREG(f.st_mode) || (*id && *id != f.st_ino)) {
		close(fd);
		return err_set(e, ERR_NOTFOUND, "%s is another file now", path);
	}
	*id = f.st_ino;
	*size_r = (uint64_t)f.st_size;
	sb_grow(out, max);
	ssize_t n = max ? pread(fd, out->s + out->len, max, (off_t)offset) : 0;
	close(fd);
	if (n < 0)
		return err_sys(e, ERR_TEMP, "%s", path);
	out->len += (size_t)n;
	out->s[out->len] = '\0';
	return OK;
}

struct plat_file {
	int fd;
	char *path;
	bool in_folder; /* its name is durable */
};

enum status plat_create(const char *path, struct plat_file **f_r, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(e, ERR_TEMP, "%s", path);
	*f_r = xcalloc(1, sizeof **f_r);
	(*f_r)->fd = fd;
	(*f_r)->path = xstrdup(path);
	return OK;
}

enum status plat_append(struct plat_file *f, const void *p, size_t n, struct err *e)
{
	return io_write_all(f->fd, p, n) ? OK : err_sys(e, ERR_TEMP, "%s", f->path);
}

enum status plat_sync(struct plat_file *f, struct err *e)
{
	if (fdatasync(f->fd) != 0)
		return err_sys(e, ERR_TEMP, "%s", f->path);
	if (!f->in_folder && !io_sync_folder(f->path))
		return err_sys(e, ERR_TEMP, "the folder of %s", f->path);
	f->in_folder = true;
	return OK;
}

void plat_close(struct plat_file **f)
{
	if (*f) {
		close((*f)->fd);
		free((*f)->path);
		free(*f);
	}
	*f = NULL;
}

static int lock_fd = -1;

enum status plat_lock(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(e, ERR_TEMP, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return err_set(e, ERR_EXISTS, "another agent has %s", path);
	}
	lock_fd = fd;
	return OK;
}

void plat_unlock(void)
{
	if (lock_fd >= 0)
		close(lock_fd);
	lock_fd = -1;
}

/* A private instance's clock moves both. */
static int64_t moved_ms(void)
{
	return ((int64_t)clk_now() - (int64_t)time(NULL)) * 1000;
}

static int64_t ms_of(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t plat_wall_ms(void)
{
	return ms_of(CLOCK_REALTIME) + moved_ms();
}

int64_t plat_mono_ms(void)
{
	return ms_of(CLOCK_BOOTTIME) + moved_ms();
}

int plat_tz_minutes(void)
{
	time_t now = time(NULL);
	struct tm tm;
	return localtime_r(&now, &tm) ? (int)(tm.tm_gmtoff / 60) : 0;
}

void plat_cost(struct plat_cost *c)
{
	struct rusage u;
	struct sb b = SB_INIT;
	long pages = 0;
	memset(c, 0, sizeof *c);
	getrusage(RUSAGE_SELF, &u);
	c->cpu_ms = (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
	if (io_read_file("/proc/self/statm", 4096, &b, NULL) == OK && sscanf(b.s, "%*d %ld", &pages) == 1)
		c->resident_kb = pages * (sysconf(_SC_PAGESIZE) / 1024);
	sb_free(&b);
}
