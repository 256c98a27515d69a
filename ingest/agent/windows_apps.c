/*
 * Programs in front on Windows. A service has no desktop of its own, so it can
 * not see the window in front: there, what counts is that a program of a
 * person's session runs. Run in that session (`run`), it is the window in front,
 * as long as keyboard or mouse were used in the last 5 minutes.
 */
#include "windows_util.h"
#include "base/xalloc.h"
#include <tlhelp32.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { APPS = 256, TELL_MS = 300000, LOOK_S = 10, IDLE_MS = 300000 };

struct apps {
	struct {
		char name[64];
		int64_t first, ms;
		bool seen;
	} app[APPS];
	size_t n;
	int64_t looked, told;
	bool service;
};

static void count(struct apps *a, struct collect *c, const wchar_t *path, int64_t since)
{
	char *full = narrow(path), *name = strrchr(full, '\\') ? strrchr(full, '\\') + 1 : full;
	size_t i = 0;
	while (i < a->n && _stricmp(a->app[i].name, name) != 0)
		i++;
	if (i == a->n && a->n < APPS && *name) {
		memset(&a->app[i], 0, sizeof a->app[i]);
		snprintf(a->app[i].name, sizeof a->app[i].name, "%s", name);
		a->app[a->n++].first = collect_wall(c);
	}
	if (i < a->n && !a->app[i].seen) {
		a->app[i].seen = true;
		a->app[i].ms += since;
	}
	free(full);
}

static void front(struct apps *a, struct collect *c, int64_t since)
{
	LASTINPUTINFO in = { .cbSize = sizeof in };
	DWORD pid = 0, n = MAX_PATH;
	wchar_t path[MAX_PATH];
	HWND w = GetForegroundWindow();
	if (!w || (GetLastInputInfo(&in) && GetTickCount() - in.dwTime > IDLE_MS) || !GetWindowThreadProcessId(w, &pid))
		return;
	HANDLE h = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
	if (h && QueryFullProcessImageNameW(h, 0, path, &n))
		count(a, c, path, since);
	if (h)
		CloseHandle(h);
}

static void running(struct apps *a, struct collect *c, int64_t since)
{
	PROCESSENTRY32W p = { .dwSize = sizeof p };
	DWORD session;
	HANDLE h = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
	for (BOOL ok = h != INVALID_HANDLE_VALUE && Process32FirstW(h, &p); ok; ok = Process32NextW(h, &p))
		if (ProcessIdToSessionId(p.th32ProcessID, &session) && session != 0)
			count(a, c, p.szExeFile, since);
	if (h != INVALID_HANDLE_VALUE)
		CloseHandle(h);
}

static void tell(struct apps *a, struct collect *c)
{
	struct err e;
	for (size_t i = 0; i < a->n; i++) {
		struct json_put *o = collect_event(c, a->app[i].first, "app", NULL);
		json_put_text_at(o, "n", a->app[i].name);
		json_put_int_at(o, "s", a->app[i].ms / 1000);
	}
	if (a->n && collect_flush(c, NULL, NULL, &e) != OK)
		return;
	a->n = 0;
	a->told = collect_mono(c);
}

static void *apps_open(struct collect *c)
{
	struct apps *a = xcalloc(1, sizeof *a);
	DWORD session = 0;
	a->service = ProcessIdToSessionId(GetCurrentProcessId(), &session) && session == 0;
	a->told = collect_mono(c);
	return a;
}

static void apps_tick(void *self, struct collect *c)
{
	struct apps *a = self;
	int64_t now = collect_mono(c), since = a->looked ? now - a->looked : 0;
	a->looked = now;
	if (since > LOOK_S * 3000)
		since = LOOK_S * 1000;
	for (size_t i = 0; i < a->n; i++)
		a->app[i].seen = false;
	if (a->service)
		running(a, c, since);
	else
		front(a, c, since);
	if (now - a->told >= TELL_MS)
		tell(a, c);
}

const struct collector windows_apps = { "app", LOOK_S, apps_open, apps_tick, free };
