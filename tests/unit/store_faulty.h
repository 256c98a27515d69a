#ifndef TESTS_STORE_FAULTY_H
#define TESTS_STORE_FAULTY_H
/*
 * A VFS that lies between SQLite and the real one and fails on order: a full
 * disk, an I/O error, half of a write, a failing fsync, a busy lock. Register
 * it before the store is opened; it becomes the default. Everything else
 * passes through.
 */
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

enum fault {
	FAULT_NONE,
	FAULT_FULL,  /* write: nothing is written */
	FAULT_IO,    /* write: I/O error, nothing is written */
	FAULT_SHORT, /* write: half of it, then the disk is full */
	FAULT_SYNC,  /* fsync: I/O error */
	FAULT_BUSY   /* another process has the write lock */
};

static struct {
	enum fault kind;
	long at;            /* the call that fails, from 1 */
	bool lasting;       /* and all after it */
	_Atomic long calls; /* of that kind */
	_Atomic long failed;
} fault;

struct file {
	sqlite3_file base;
	sqlite3_file *real;
};
static sqlite3_vfs *real_vfs;
static sqlite3_io_methods faulty_io;

static void set_fault(enum fault kind, long at, bool lasting)
{
	fault.kind = kind;
	fault.at = at;
	fault.lasting = lasting;
	fault.calls = fault.failed = 0;
}

static bool strikes(bool of_this_kind)
{
	if (!of_this_kind)
		return false;
	long n = ++fault.calls;
	bool now = fault.at && (n == fault.at || (fault.lasting && n > fault.at));
	fault.failed += now;
	return now;
}

static sqlite3_file *real_of(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

static int f_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 off)
{
	sqlite3_file *r = real_of(f);
	if (!strikes(fault.kind == FAULT_FULL || fault.kind == FAULT_IO || fault.kind == FAULT_SHORT))
		return r->pMethods->xWrite(r, p, n, off);
	if (fault.kind == FAULT_SHORT)
		(void)r->pMethods->xWrite(r, p, n / 2, off);
	return fault.kind == FAULT_IO ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

static int f_sync(sqlite3_file *f, int flags)
{
	sqlite3_file *r = real_of(f);
	return strikes(fault.kind == FAULT_SYNC) ? SQLITE_IOERR_FSYNC : r->pMethods->xSync(r, flags);
}

static int f_shmlock(sqlite3_file *f, int off, int n, int flags)
{
	sqlite3_file *r = real_of(f);
	bool write_lock = off == 0 && (flags & SQLITE_SHM_LOCK) && (flags & SQLITE_SHM_EXCLUSIVE);
	return strikes(fault.kind == FAULT_BUSY && write_lock) ? SQLITE_BUSY : r->pMethods->xShmLock(r, off, n, flags);
}

static int f_close(sqlite3_file *f)
{
	sqlite3_file *r = real_of(f);
	int rc = r->pMethods ? r->pMethods->xClose(r) : SQLITE_OK;
	sqlite3_free(r);
	return rc;
}

/* The rest passes through. */
#define PASS(name, xName, args, call)                     \
	static int name args                              \
	{                                                 \
		sqlite3_file *r = real_of(f);             \
		return r->pMethods->xName call;           \
	}
PASS(f_read, xRead, (sqlite3_file *f, void *p, int n, sqlite3_int64 o), (r, p, n, o))
PASS(f_truncate, xTruncate, (sqlite3_file *f, sqlite3_int64 n), (r, n))
PASS(f_size, xFileSize, (sqlite3_file *f, sqlite3_int64 *n), (r, n))
PASS(f_lock, xLock, (sqlite3_file *f, int k), (r, k))
PASS(f_unlock, xUnlock, (sqlite3_file *f, int k), (r, k))
PASS(f_reserved, xCheckReservedLock, (sqlite3_file *f, int *k), (r, k))
PASS(f_control, xFileControl, (sqlite3_file *f, int op, void *p), (r, op, p))
PASS(f_sector, xSectorSize, (sqlite3_file *f), (r))
PASS(f_device, xDeviceCharacteristics, (sqlite3_file *f), (r))
PASS(f_shmmap, xShmMap, (sqlite3_file *f, int i, int n, int x, void volatile **p), (r, i, n, x, p))
PASS(f_shmunmap, xShmUnmap, (sqlite3_file *f, int del), (r, del))

static void f_barrier(sqlite3_file *f)
{
	sqlite3_file *r = real_of(f);
	r->pMethods->xShmBarrier(r);
}

static sqlite3_io_methods faulty_io = {
	2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock, f_reserved, f_control,
	f_sector, f_device, f_shmmap, f_shmlock, f_barrier, f_shmunmap, NULL, NULL
};

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct file *file = (struct file *)f;
	(void)v;
	file->base.pMethods = NULL;
	file->real = sqlite3_malloc(real_vfs->szOsFile);
	memset(file->real, 0, (size_t)real_vfs->szOsFile);
	int rc = real_vfs->xOpen(real_vfs, name, file->real, flags, out);
	if (rc == SQLITE_OK)
		file->base.pMethods = &faulty_io;
	else
		sqlite3_free(file->real);
	return rc;
}

static void register_faulty(void)
{
	static sqlite3_vfs vfs;
	if (vfs.zName)
		return;
	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "faulty";
	vfs.szOsFile = sizeof(struct file);
	vfs.pNext = NULL;
	vfs.xOpen = v_open;
	sqlite3_vfs_register(&vfs, 1);
}

#endif
