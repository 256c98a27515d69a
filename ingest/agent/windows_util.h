#ifndef AGENT_WINDOWS_UTIL_H
#define AGENT_WINDOWS_UTIL_H
/*
 * What the files for Windows share: UTF-8 to UTF-16 and back, errors, registry.
 *
 * Tried under wine 8 (make check-windows): start, files, registry, BCrypt,
 * DPAPI, WinHTTP, service installed, started, stopped and removed, folders
 * watched, enrolment and uploads. NOT tried, for wine has nothing behind it:
 * the event log (EvtQuery gives nothing; what reads its XML is tested with
 * texts in its form), Windows Update, USB devices (SetupDi lists none), the
 * window in front, TLS 1.3. These need a run on a real Windows.
 */
#include "collect.h"
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

wchar_t *wide(const char *s);                                 /* malloc'ed */
char *narrow(const wchar_t *s);                               /* malloc'ed; NULL: "" */
/* ": the error of Windows" behind the text. */
enum status err_win(struct err *e, enum status code, const char *what, DWORD error);
/* Registry: false: not there. `wow` is 0, KEY_WOW64_64KEY or KEY_WOW64_32KEY. */
bool reg_text(HKEY root, const char *key, const char *name, REGSAM wow, char *buf, size_t cap);
bool reg_number(HKEY root, const char *key, const char *name, REGSAM wow, DWORD *v);
int64_t filetime_ms(const FILETIME *t); /* ms since 1970 */

extern const struct collector windows_events, windows_apps, windows_dev, windows_watch;
/* Sections of files of their own. */
bool windows_patches(const struct collect *c, struct json_put *o);
bool windows_devices(const struct collect *c, struct json_put *o);

#endif
