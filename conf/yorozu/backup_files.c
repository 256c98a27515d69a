/* Files of backups: see backup_files.h. */
#include "backup_files.h"
#include "base/crypto_stream.h"
#include "base/io.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 16 };

bool backup_is_store(const char *name)
{
	if (strcmp(name, "yorozu.db") == 0 || strcmp(name, "agent.db") == 0)
		return true;
	return strlen(name) == 15 && strncmp(name, "agent-", 6) == 0 && strspn(name + 6, "0123456789") == 6 &&
	       strcmp(name + 12, ".db") == 0;
}

bool backup_any_file(const char *name)
{
	const char *dot = strrchr(name, '.');
	return name[0] != '.' && !(dot && strcmp(dot, ".part") == 0);
}

static int by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

enum status backup_names(const char *folder, bool (*want)(const char *name), struct arena *a, const char ***v_r, size_t *n_r,
                         struct err *e)
{
	size_t n = 0, cap = 64;
	const char **v = arena_alloc(a, cap * sizeof *v);
	DIR *d = opendir(folder);
	*v_r = v;
	*n_r = 0;
	if (!d)
		return errno == ENOENT ? OK : err_sys(e, ERR_TEMP, "%s", folder);
	for (struct dirent *x; (x = readdir(d));) {
		if (!want(x->d_name))
			continue;
		if (n == cap) {
			const char **more = arena_alloc(a, 2 * cap * sizeof *v);
			memcpy(more, v, n * sizeof *v);
			v = more;
			cap *= 2;
		}
		v[n++] = arena_strdup(a, x->d_name);
	}
	closedir(d);
	qsort(v, n, sizeof *v, by_name);
	*v_r = v;
	*n_r = n;
	return OK;
}

enum status backup_hash(const char *path, int64_t *size_r, char hex_r[2 * SHA256_LEN + 1], struct err *e)
{
	uint8_t sum[SHA256_LEN];
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return err_sys(e, errno == ENOENT ? ERR_NOTFOUND : ERR_TEMP, "%s", path);
	struct crypto_hash *h = crypto_hash_new();
	char *block = malloc(BLOCK);
	*size_r = 0;
	while (block && (n = read(fd, block, BLOCK)) > 0) {
		crypto_hash_add(h, block, (size_t)n);
		*size_r += n;
	}
	bool ok = block && n == 0;
	crypto_hash_end(&h, sum);
	hex_encode(sum, sizeof sum, hex_r);
	free(block);
	close(fd);
	return ok ? OK : err_sys(e, ERR_TEMP, "%s", path);
}

static bool pump(int in, int out)
{
	ssize_t n = -1;
	char *block = malloc(BLOCK);
	while (block && (n = read(in, block, BLOCK)) > 0)
		if (!io_write_all(out, block, (size_t)n))
			break;
	free(block);
	return n == 0 && fsync(out) == 0;
}

enum status backup_copy(const char *from, const char *to, struct err *e)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (in < 0)
		return err_sys(e, errno == ENOENT ? ERR_NOTFOUND : ERR_TEMP, "%s", from);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	bool ok = out >= 0 && pump(in, out);
	enum status st = ok ? OK : err_sys(e, ERR_TEMP, "%s", to);
	if (out >= 0)
		close(out);
	close(in);
	return st;
}

enum status backup_link(const char *from, const char *to, struct err *e)
{
	if (link(from, to) == 0 || errno == EEXIST)
		return OK;
	return errno == ENOENT ? err_sys(e, ERR_NOTFOUND, "%s", from) : backup_copy(from, to, e);
}

static bool any(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static void remove_files(const char *folder, struct arena *a, bool deeper)
{
	const char **v;
	size_t n = 0;
	struct stat st;
	if (backup_names(folder, any, a, &v, &n, NULL) != OK)
		return;
	for (size_t i = 0; i < n; i++) {
		char *path = arena_printf(a, "%s/%s", folder, v[i]);
		if (deeper && lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			remove_files(path, a, false);
		else
			unlink(path);
	}
	rmdir(folder);
}

void backup_remove(const char *folder)
{
	struct arena *a = arena_new();
	remove_files(folder, a, true);
	arena_free(&a);
}
