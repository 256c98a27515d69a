/*
 * Patches on Windows: what is installed (QFE, from the registry of component
 * servicing), and what Windows Update says waits, was installed and needs a
 * reboot, by its COM interface. Its search is offline: it answers from the last
 * scan and asks no server, so it takes seconds, not minutes.
 */
#define COBJMACROS
#include "windows_util.h"
#include "base/xalloc.h"
#include <initguid.h>
#include <wuapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERVICING "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing"
enum { KBS = 512 };

static bool exists(const char *key)
{
	wchar_t *w = wide(key);
	HKEY h;
	bool ok = RegOpenKeyExW(HKEY_LOCAL_MACHINE, w, 0, KEY_READ | KEY_WOW64_64KEY, &h) == ERROR_SUCCESS;
	if (ok)
		RegCloseKey(h);
	free(w);
	return ok;
}

/* Package_for_KB5058411~31bf3856ad364e35~amd64~~26100.4061.1.9, CurrentState 112: installed. */
static void put_qfe(struct json_put *o)
{
	wchar_t *w = wide(SERVICING "\\Packages"), name[256];
	HKEY h;
	int n = 0;
	json_put_key(o, "qfe");
	json_put_open(o, '[');
	if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, w, 0, KEY_READ | KEY_WOW64_64KEY, &h) == ERROR_SUCCESS) {
		for (DWORD i = 0, k = 256; n < KBS && RegEnumKeyExW(h, i, name, &k, NULL, NULL, NULL, NULL) == ERROR_SUCCESS; i++, k = 256) {
			char *s = narrow(name), *kb = strstr(s, "Package_for_KB"), *key = xasprintf(SERVICING "\\Packages\\%s", s);
			DWORD state;
			if (kb && reg_number(HKEY_LOCAL_MACHINE, key, "CurrentState", KEY_WOW64_64KEY, &state) && state == 112) {
				json_put_bytes(o, kb + 12, 2 + strspn(kb + 14, "0123456789"));
				n++;
			}
			free(key);
			free(s);
		}
		RegCloseKey(h);
	}
	json_put_close(o, ']');
	free(w);
}

static void put_kbs(struct json_put *o, IUpdate *u)
{
	IStringCollection *kbs = NULL;
	LONG n = 0;
	if (FAILED(IUpdate_get_KBArticleIDs(u, &kbs)) || !kbs)
		return;
	IStringCollection_get_Count(kbs, &n);
	for (LONG i = 0; i < n && i < 16; i++) {
		BSTR text = NULL;
		if (SUCCEEDED(IStringCollection_get_Item(kbs, i, &text)) && text) {
			char *s = narrow(text), *kb = xasprintf("KB%s", s);
			json_put_text(o, kb);
			free(kb);
			free(s);
			SysFreeString(text);
		}
	}
	IStringCollection_Release(kbs);
}

/* KBs that the criterion finds; false: Windows Update does not answer. */
static HRESULT put_search(struct json_put *o, IUpdateSearcher *s, const char *member, const wchar_t *criterion)
{
	ISearchResult *r = NULL;
	IUpdateCollection *all = NULL;
	BSTR text = SysAllocString(criterion);
	LONG n = 0;
	HRESULT rc = IUpdateSearcher_Search(s, text, &r);
	SysFreeString(text);
	json_put_key(o, member);
	json_put_open(o, '[');
	if (SUCCEEDED(rc) && r && SUCCEEDED(rc = ISearchResult_get_Updates(r, &all)) && all) {
		IUpdateCollection_get_Count(all, &n);
		for (LONG i = 0; i < n && i < KBS; i++) {
			IUpdate *u = NULL;
			if (SUCCEEDED(IUpdateCollection_get_Item(all, i, &u)) && u) {
				put_kbs(o, u);
				IUpdate_Release(u);
			}
		}
		IUpdateCollection_Release(all);
	}
	json_put_close(o, ']');
	if (r)
		ISearchResult_Release(r);
	return rc;
}

static HRESULT ask_update(struct json_put *o)
{
	IUpdateSession *session = NULL;
	IUpdateSearcher *s = NULL;
	HRESULT rc = CoCreateInstance(&CLSID_UpdateSession, NULL, CLSCTX_INPROC_SERVER, &IID_IUpdateSession, (void **)&session);
	if (FAILED(rc))
		return rc;
	if (SUCCEEDED(rc = IUpdateSession_CreateUpdateSearcher(session, &s)) && s) {
		IUpdateSearcher_put_Online(s, VARIANT_FALSE);
		rc = put_search(o, s, "pending", L"IsInstalled=0 and IsHidden=0");
		if (SUCCEEDED(rc))
			rc = put_search(o, s, "installed", L"IsInstalled=1");
		IUpdateSearcher_Release(s);
	}
	IUpdateSession_Release(session);
	return rc;
}

/* "2026-11-24 01:02:03", UTC */
static int64_t last_scan(void)
{
	char v[64];
	SYSTEMTIME t = { 0 };
	FILETIME f;
	if (!reg_text(HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\Results\\Detect",
	              "LastSuccessTime", KEY_WOW64_64KEY, v, sizeof v) ||
	    sscanf(v, "%4hu-%2hu-%2hu %2hu:%2hu:%2hu", &t.wYear, &t.wMonth, &t.wDay, &t.wHour, &t.wMinute, &t.wSecond) != 6 ||
	    !SystemTimeToFileTime(&t, &f))
		return 0;
	return filetime_ms(&f);
}

bool windows_patches(const struct collect *c, struct json_put *o)
{
	char error[32] = "";
	(void)c;
	HRESULT init = CoInitializeEx(NULL, COINIT_MULTITHREADED);
	json_put_open(o, '{');
	put_qfe(o);
	HRESULT rc = ask_update(o);
	if (FAILED(rc))
		snprintf(error, sizeof error, "0x%08lX", (unsigned long)rc);
	json_put_bool_at(o, "reboot", exists(SERVICING "\\RebootPending") ||
	                              exists("SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired"));
	int64_t at = last_scan();
	if (at > 0)
		json_put_int_at(o, "last_scan", at);
	json_put_text_at(o, "error", error);
	json_put_close(o, '}');
	if (SUCCEEDED(init))
		CoUninitialize();
	return true;
}
