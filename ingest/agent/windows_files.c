/* Files, clocks and the cost of the agent on Windows. See plat.h. The folder
 * is made for the system and administrators alone. */
#include "windows_util.h"
#include "base/xalloc.h"
#include <aclapi.h>
#include <psapi.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static HANDLE open_file(const char *path, DWORD access, DWORD how, DWORD flags)
{
	wchar_t *w = wide(path);
	HANDLE h = CreateFileW(w, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, how, flags, NULL);
	free(w);
	return h;
}

static enum status failed(struct err *e, const char *path)
{
	DWORD error = GetLastError();
	bool none = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
	return err_win(e, none ? ERR_NOTFOUND : ERR_TEMP, path, error);
}

enum status plat_read_file(const char *path, size_t max, struct sb *out, struct err *e)
{
	HANDLE h = open_file(path, GENERIC_READ, OPEN_EXISTING, 0);
	LARGE_INTEGER size;
	DWORD n = 0;
	if (h == INVALID_HANDLE_VALUE)
		return failed(e, path);
	enum status st = OK;
	if (!GetFileSizeEx(h, &size))
		st = failed(e, path);
	else if (size.QuadPart > (LONGLONG)max)
		st = err_set(e, ERR_LIMIT, "%s is too large", path);
	if (st == OK) {
		sb_grow(out, (size_t)size.QuadPart);
		if (!ReadFile(h, out->s + out->len, (DWORD)size.QuadPart, &n, NULL))
			st = failed(e, path);
		out->len += n;
		out->s[out->len] = '\0';
	}
	CloseHandle(h);
	return st;
}

static enum status write_all(HANDLE h, const char *path, const void *p, size_t n, struct err *e)
{
	for (const char *at = p; n;) {
		DWORD k = 0;
		if (!WriteFile(h, at, n > 1 << 20 ? 1 << 20 : (DWORD)n, &k, NULL) || !k)
			return failed(e, path);
		at += k;
		n -= k;
	}
	return OK;
}

enum status plat_write_file(const char *path, const void *p, size_t n, struct err *e)
{
	char *part = xasprintf("%s.part", path);
	HANDLE h = open_file(part, GENERIC_WRITE, CREATE_ALWAYS, 0);
	enum status st = h == INVALID_HANDLE_VALUE ? failed(e, part) : write_all(h, part, p, n, e);
	if (st == OK && !FlushFileBuffers(h))
		st = failed(e, part);
	if (h != INVALID_HANDLE_VALUE)
		CloseHandle(h);
	wchar_t *from = wide(part), *to = wide(path);
	if (st == OK && !MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
		st = failed(e, path);
	free(from);
	free(to);
	free(part);
	return st;
}

/* Each part of the path; what is made is for SYSTEM and administrators. */
enum status plat_mkdirs(const char *path, struct err *e)
{
	SECURITY_ATTRIBUTES sa = { .nLength = sizeof sa };
	char *p = xstrdup(path);
	enum status st = OK;
	bool acl = ConvertStringSecurityDescriptorToSecurityDescriptorA("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", SDDL_REVISION_1, &sa.lpSecurityDescriptor, NULL);
	for (size_t i = 3; st == OK && i <= strlen(path); i++) {
		if (p[i] && p[i] != '\\' && p[i] != '/')
			continue;
		char c = p[i];
		p[i] = '\0';
		wchar_t *w = wide(p);
		if (!CreateDirectoryW(w, acl ? &sa : NULL) && GetLastError() != ERROR_ALREADY_EXISTS)
			st = failed(e, p);
		free(w);
		p[i] = c;
	}
	if (acl)
		LocalFree(sa.lpSecurityDescriptor);
	free(p);
	return st;
}

bool plat_unlink(const char *path)
{
	wchar_t *w = wide(path);
	bool ok = DeleteFileW(w) || GetLastError() == ERROR_FILE_NOT_FOUND;
	free(w);
	return ok;
}

enum status plat_list(const char *dir, plat_name_fn fn, void *arg, struct err *e)
{
	char *pattern = xasprintf("%s\\*", dir);
	wchar_t *w = wide(pattern);
	WIN32_FIND_DATAW f;
	HANDLE h = FindFirstFileW(w, &f);
	enum status st = h == INVALID_HANDLE_VALUE ? failed(e, dir) : OK;
	free(w);
	free(pattern);
	if (st != OK)
		return st;
	do {
		char *name = narrow(f.cFileName);
		if (name[0] != '.')
			fn(arg, name);
		free(name);
	} while (FindNextFileW(h, &f));
	FindClose(h);
	return OK;
}

enum status plat_read_from(const char *path, uint64_t *id, uint64_t offset, size_t max, struct sb *out, uint64_t *size_r,
                           struct err *e)
{
	HANDLE h = open_file(path, GENERIC_READ, OPEN_EXISTING, 0);
	BY_HANDLE_FILE_INFORMATION i;
	LARGE_INTEGER at = { .QuadPart = (LONGLONG)offset };
	DWORD n = 0;
	if (h == INVALID_HANDLE_VALUE)
		return failed(e, path);
	uint64_t got = GetFileInformationByHandle(h, &i) ? (uint64_t)i.nFileIndexHigh << 32 | i.nFileIndexLow : 0;
	if (!got || (*id && *id != got)) {
		CloseHandle(h);
		return err_set(e, ERR_NOTFOUND, "%s is another file now", path);
	}
	*id = got;
	*size_r = (uint64_t)i.nFileSizeHigh << 32 | i.nFileSizeLow;
	sb_grow(out, max);
	bool ok = !max || (SetFilePointerEx(h, at, NULL, FILE_BEGIN) && ReadFile(h, out->s + out->len, (DWORD)max, &n, NULL));
	enum status st = ok ? OK : failed(e, path);
	CloseHandle(h);
	out->len += n;
	out->s[out->len] = '\0';
	return st;
}

struct plat_file {
	HANDLE h;
	char *path;
};

enum status plat_create(const char *path, struct plat_file **f_r, struct err *e)
{
	HANDLE h = open_file(path, FILE_APPEND_DATA | SYNCHRONIZE, CREATE_NEW, 0);
	if (h == INVALID_HANDLE_VALUE)
		return failed(e, path);
	*f_r = xcalloc(1, sizeof **f_r);
	(*f_r)->h = h;
	(*f_r)->path = xstrdup(path);
	return OK;
}

enum status plat_append(struct plat_file *f, const void *p, size_t n, struct err *e)
{
	return write_all(f->h, f->path, p, n, e);
}

enum status plat_sync(struct plat_file *f, struct err *e)
{
	return FlushFileBuffers(f->h) ? OK : failed(e, f->path);
}

void plat_close(struct plat_file **f)
{
	if (*f) {
		CloseHandle((*f)->h);
		free((*f)->path);
		free(*f);
	}
	*f = NULL;
}

static HANDLE lock = INVALID_HANDLE_VALUE;

enum status plat_lock(const char *path, struct err *e)
{
	wchar_t *w = wide(path);
	lock = CreateFileW(w, GENERIC_WRITE, 0, NULL, OPEN_ALWAYS, 0, NULL);
	free(w);
	if (lock != INVALID_HANDLE_VALUE)
		return OK;
	return GetLastError() == ERROR_SHARING_VIOLATION ? err_set(e, ERR_EXISTS, "another agent has %s", path) : failed(e, path);
}

void plat_unlock(void)
{
	if (lock != INVALID_HANDLE_VALUE)
		CloseHandle(lock);
	lock = INVALID_HANDLE_VALUE;
}

int64_t plat_wall_ms(void)
{
	FILETIME t;
	GetSystemTimeAsFileTime(&t);
	return filetime_ms(&t);
}

int64_t plat_mono_ms(void)
{
	return (int64_t)GetTickCount64();
}

int plat_tz_minutes(void)
{
	TIME_ZONE_INFORMATION z;
	DWORD k = GetTimeZoneInformation(&z);
	return (int)-(z.Bias + (k == TIME_ZONE_ID_DAYLIGHT ? z.DaylightBias : 0));
}

void plat_cost(struct plat_cost *c)
{
	PROCESS_MEMORY_COUNTERS m = { .cb = sizeof m };
	FILETIME a, b, k, u;
	memset(c, 0, sizeof *c);
	if (GetProcessMemoryInfo(GetCurrentProcess(), &m, sizeof m))
		c->resident_kb = (int64_t)m.WorkingSetSize / 1024;
	if (GetProcessTimes(GetCurrentProcess(), &a, &b, &k, &u))
		c->cpu_ms = (int64_t)(((uint64_t)k.dwHighDateTime << 32 | k.dwLowDateTime) + ((uint64_t)u.dwHighDateTime << 32 | u.dwLowDateTime)) / 10000;
}
