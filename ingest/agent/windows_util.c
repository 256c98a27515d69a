/* See windows_util.h. */
#include "windows_util.h"
#include "base/xalloc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

wchar_t *wide(const char *s)
{
	int n = MultiByteToWideChar(CP_UTF8, 0, s, -1, NULL, 0);
	wchar_t *w = xcalloc((size_t)(n > 0 ? n : 1), sizeof *w);
	if (n > 0)
		MultiByteToWideChar(CP_UTF8, 0, s, -1, w, n);
	return w;
}

char *narrow(const wchar_t *s)
{
	int n = s ? WideCharToMultiByte(CP_UTF8, 0, s, -1, NULL, 0, NULL, NULL) : 0;
	char *p = xcalloc((size_t)(n > 0 ? n : 1), 1);
	if (n > 0)
		WideCharToMultiByte(CP_UTF8, 0, s, -1, p, n, NULL, NULL);
	return p;
}

enum status err_win(struct err *e, enum status code, const char *what, DWORD error)
{
	return err_set(e, code, "%s: error %lu", what, (unsigned long)error);
}

static LSTATUS query(HKEY root, const char *key, const char *name, REGSAM wow, DWORD flags, void *p, DWORD *n)
{
	wchar_t *k = wide(key), *v = wide(name);
	HKEY h;
	LSTATUS rc = RegOpenKeyExW(root, k, 0, KEY_READ | wow, &h);
	if (rc == ERROR_SUCCESS) {
		rc = RegGetValueW(h, NULL, v, flags, NULL, p, n);
		RegCloseKey(h);
	}
	free(k);
	free(v);
	return rc;
}

bool reg_text(HKEY root, const char *key, const char *name, REGSAM wow, char *buf, size_t cap)
{
	wchar_t w[512];
	DWORD n = sizeof w;
	buf[0] = '\0';
	if (query(root, key, name, wow, RRF_RT_REG_SZ, w, &n) != ERROR_SUCCESS)
		return false;
	char *s = narrow(w);
	snprintf(buf, cap, "%s", s); /* may cut a character: json_put makes U+FFFD of it */
	free(s);
	return *buf != '\0';
}

bool reg_number(HKEY root, const char *key, const char *name, REGSAM wow, DWORD *v)
{
	DWORD n = sizeof *v;
	return query(root, key, name, wow, RRF_RT_REG_DWORD, v, &n) == ERROR_SUCCESS;
}

int64_t filetime_ms(const FILETIME *t)
{
	uint64_t v = (uint64_t)t->dwHighDateTime << 32 | t->dwLowDateTime;
	return (int64_t)(v / 10000) - 11644473600000;
}
