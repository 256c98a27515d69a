/* Files that only their key reads: see sealed_file.h. */
#include "base/sealed_file.h"
#include "base/crypto_stream.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct sealed_out {
	int fd;
	char *path, *part;
	struct crypto_stream *stream;
	struct crypto_hash *hash;
	int64_t size;
	size_t held; /* bytes in plain: a full record waits, for it may be the last */
	uint8_t plain[STREAM_RECORD], sealed[STREAM_SEALED];
};

struct sealed_in {
	int fd;
	struct crypto_stream *stream;
	int64_t left;    /* sealed bytes not yet read */
	size_t at, held; /* what of plain is still to be given out */
	bool done;
	uint8_t plain[STREAM_RECORD], sealed[STREAM_SEALED];
};

/* ---- writing -------------------------------------------------------------------- */

enum status sealed_create(const char *path, const uint8_t key[KEY_LEN], struct sealed_out **o_r, struct err *e)
{
	char *part = xasprintf("%s.part", path);
	int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	*o_r = NULL;
	if (fd < 0) {
		enum status st = err_sys(e, errno == EEXIST ? ERR_EXISTS : ERR_TEMP, "%s", part);
		free(part);
		return st;
	}
	struct sealed_out *o = xcalloc(1, sizeof *o);
	o->fd = fd;
	o->part = part;
	o->path = xstrdup(path);
	o->stream = crypto_stream_new(key);
	o->hash = crypto_hash_new();
	*o_r = o;
	return OK;
}

static enum status write_record(struct sealed_out *o, bool last, struct err *e)
{
	crypto_stream_seal(o->stream, o->plain, o->held, last, o->sealed);
	if (!io_write_all(o->fd, o->sealed, o->held + STREAM_TAG))
		return err_sys(e, ERR_TEMP, "%s", o->part);
	o->held = 0;
	return OK;
}

enum status sealed_put(struct sealed_out *o, const void *p, size_t n, struct err *e)
{
	const uint8_t *b = p;
	crypto_hash_add(o->hash, p, n);
	o->size += (int64_t)n;
	while (n) {
		enum status st = o->held == STREAM_RECORD ? write_record(o, false, e) : OK;
		if (st != OK)
			return st;
		size_t k = STREAM_RECORD - o->held;
		k = k < n ? k : n;
		memcpy(o->plain + o->held, b, k);
		o->held += k;
		b += k;
		n -= k;
	}
	return OK;
}

static void release(struct sealed_out **op)
{
	struct sealed_out *o = *op;
	if (o->fd >= 0)
		close(o->fd);
	crypto_stream_free(&o->stream);
	crypto_hash_free(&o->hash);
	crypto_wipe(o->plain, sizeof o->plain);
	free(o->path), free(o->part);
	free(o);
	*op = NULL;
}

/* link(2), unlike rename(2), never replaces a file that is there. */
static bool publish(struct sealed_out *o)
{
	bool ok = fsync(o->fd) == 0;
	ok = close(o->fd) == 0 && ok;
	o->fd = -1;
	if (!ok || link(o->part, o->path) != 0)
		return false;
	if (unlink(o->part) == 0 && io_sync_folder(o->path))
		return true;
	unlink(o->path);
	return false;
}

enum status sealed_finish(struct sealed_out **op, struct sealed_sum *sum_r, struct err *e)
{
	struct sealed_out *o = *op;
	enum status st = write_record(o, true, e);
	sum_r->size = o->size;
	crypto_hash_end(&o->hash, sum_r->sha256);
	if (st == OK && !publish(o))
		st = err_sys(e, ERR_TEMP, "%s", o->path);
	if (st != OK)
		sealed_abandon(op);
	else
		release(op);
	return st;
}

void sealed_abandon(struct sealed_out **o)
{
	if (!*o)
		return;
	unlink((*o)->part);
	release(o);
}

/* ---- reading -------------------------------------------------------------------- */

enum status sealed_open(const char *path, const uint8_t key[KEY_LEN], struct sealed_in **i_r, struct err *e)
{
	struct stat st;
	*i_r = NULL;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno == ENOENT ? ERR_NOTFOUND : ERR_PERM, "%s", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, ERR_PERM, "%s is no file", path);
	}
	struct sealed_in *i = xcalloc(1, sizeof *i);
	i->fd = fd;
	i->left = st.st_size;
	i->stream = crypto_stream_new(key);
	*i_r = i;
	return OK;
}

static bool read_all(int fd, uint8_t *p, size_t n)
{
	while (n) {
		ssize_t k = read(fd, p, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

static enum status read_record(struct sealed_in *i, struct err *e)
{
	size_t n = i->left > STREAM_SEALED ? STREAM_SEALED : (size_t)i->left;
	bool last = i->left <= STREAM_SEALED;
	if (!read_all(i->fd, i->sealed, n))
		return err_set(e, ERR_TEMP, "a sealed file can't be read");
	enum status st = crypto_stream_open(i->stream, i->sealed, n, last, i->plain, e);
	if (st != OK)
		return st;
	i->left -= (int64_t)n;
	i->at = 0;
	i->held = n - STREAM_TAG;
	i->done = last;
	return OK;
}

enum status sealed_read(struct sealed_in *i, void *p, size_t max, size_t *n_r, struct err *e)
{
	*n_r = 0;
	if (i->at == i->held && !i->done) {
		enum status st = read_record(i, e);
		if (st != OK)
			return st;
	}
	size_t n = i->held - i->at;
	n = n < max ? n : max;
	memcpy(p, i->plain + i->at, n);
	i->at += n;
	*n_r = n;
	return OK;
}

void sealed_close(struct sealed_in **ip)
{
	struct sealed_in *i = *ip;
	if (!i)
		return;
	close(i->fd);
	crypto_stream_free(&i->stream);
	crypto_wipe(i->plain, sizeof i->plain);
	free(i);
	*ip = NULL;
}
