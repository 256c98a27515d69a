/*
 * yorozu-agent on Windows: a service, and the command that installs it.
 *
 *	yorozu-agent enrol --server URL --code N000123 --token TOKEN    once
 *	yorozu-agent install      copies itself to the program folder, makes the
 *	                          service (automatic start, restarted when it fails) and starts it
 *	yorozu-agent uninstall    ends and removes the service; DIR stays
 *	yorozu-agent service      what the service manager starts
 *	yorozu-agent run          the same in a window, for trying
 *
 * DIR is %ProgramData%\Yorozu Agent.
 */
#include "command.h"
#include "collect_logs.h"
#include "windows_util.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <shellapi.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct collector *const plat_collectors[] = { &windows_events, &windows_apps, &windows_dev, &windows_watch, &collector_web, NULL };

#define NAME L"YorozuAgent"
static const struct agent_clock clocks = { plat_wall_ms, plat_mono_ms };
static HANDLE ending;
static struct command command;
static SERVICE_STATUS_HANDLE service;

static int run(void)
{
	struct plat_cost cost;
	struct agent *a;
	struct err e;
	if (agent_begin(command.dir, &clocks, &a, &e) != OK) {
		log_error("start", "error=%s", log_quote(e.msg));
		return 1;
	}
	log_info("start", "version=%s", AGENT_VERSION);
	for (;;) {
		int64_t wait = agent_step(a);
		if (WaitForSingleObject(ending, (DWORD)(wait < 1000 ? wait : 1000)) == WAIT_OBJECT_0)
			break;
	}
	agent_end(&a);
	plat_cost(&cost);
	log_info("cost", "resident_kb=%" PRId64 " cpu_ms=%" PRId64, cost.resident_kb, cost.cpu_ms);
	return 0;
}

/* ---- as a service */
static void tell(DWORD state, DWORD code)
{
	SERVICE_STATUS s = { .dwServiceType = SERVICE_WIN32_OWN_PROCESS, .dwCurrentState = state, .dwWin32ExitCode = code,
		             .dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0,
		             .dwWaitHint = 30000 };
	SetServiceStatus(service, &s);
}

static DWORD WINAPI on_control(DWORD control, DWORD type, void *data, void *arg)
{
	(void)type;
	(void)data;
	(void)arg;
	if (control == SERVICE_CONTROL_STOP || control == SERVICE_CONTROL_SHUTDOWN) {
		tell(SERVICE_STOP_PENDING, 0);
		SetEvent(ending);
	}
	return NO_ERROR;
}

static void WINAPI service_main(DWORD argc, wchar_t **argv)
{
	(void)argc;
	(void)argv;
	if (!(service = RegisterServiceCtrlHandlerExW(NAME, on_control, NULL)))
		return;
	tell(SERVICE_RUNNING, 0);
	char *path = xasprintf("%s\\agent.log", command.dir);
	log_open("yorozu-agent", path, LOG_LV_INFO);
	int rc = run();
	free(path);
	tell(SERVICE_STOPPED, rc ? ERROR_SERVICE_SPECIFIC_ERROR : 0);
}

static int serve(void)
{
	SERVICE_TABLE_ENTRYW t[] = { { NAME, service_main }, { NULL, NULL } };
	return StartServiceCtrlDispatcherW(t) ? 0 : 1;
}

/* ---- installed, and away again */
static int failed(const char *what)
{
	fprintf(stderr, "yorozu-agent: %s: error %lu\n", what, (unsigned long)GetLastError());
	return 1;
}

/* Where it lies for good: %ProgramFiles%\Yorozu Agent\yorozu-agent.exe. */
static bool copy_self(wchar_t to[MAX_PATH])
{
	wchar_t from[MAX_PATH], dir[MAX_PATH];
	if (!GetModuleFileNameW(NULL, from, MAX_PATH) || !ExpandEnvironmentStringsW(L"%ProgramFiles%\\Yorozu Agent", dir, MAX_PATH))
		return false;
	if (!CreateDirectoryW(dir, NULL) && GetLastError() != ERROR_ALREADY_EXISTS)
		return false;
	_snwprintf(to, MAX_PATH, L"%ls\\yorozu-agent.exe", dir);
	return _wcsicmp(from, to) == 0 || CopyFileW(from, to, FALSE);
}

static void restart_when_it_fails(SC_HANDLE s)
{
	SC_ACTION a[] = { { SC_ACTION_RESTART, 60000 }, { SC_ACTION_RESTART, 300000 }, { SC_ACTION_RESTART, 900000 } };
	SERVICE_FAILURE_ACTIONSW f = { .dwResetPeriod = 86400, .cActions = 3, .lpsaActions = a };
	SERVICE_DESCRIPTIONW d = { (wchar_t *)L"端末の状態と操作を記録し、15 分ごとに送信します。" };
	ChangeServiceConfig2W(s, SERVICE_CONFIG_FAILURE_ACTIONS, &f);
	ChangeServiceConfig2W(s, SERVICE_CONFIG_DESCRIPTION, &d);
}

static int install(void)
{
	wchar_t exe[MAX_PATH], line[2 * MAX_PATH + 64], *dir = wide(command.dir);
	int rc = 0;
	if (!copy_self(exe)) {
		free(dir);
		return failed("the program can't be copied");
	}
	_snwprintf(line, sizeof line / sizeof *line, L"\"%ls\" -C \"%ls\" service", exe, dir);
	free(dir);
	SC_HANDLE m = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
	SC_HANDLE s = m ? CreateServiceW(m, NAME, L"Yorozu Agent", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
	                                 SERVICE_ERROR_NORMAL, line, NULL, NULL, NULL, NULL, NULL) : NULL;
	if (m && !s && GetLastError() == ERROR_SERVICE_EXISTS)
		s = OpenServiceW(m, NAME, SERVICE_ALL_ACCESS);
	if (!s) {
		rc = failed("the service can't be made");
	} else {
		restart_when_it_fails(s);
		if (!StartServiceW(s, 0, NULL) && GetLastError() != ERROR_SERVICE_ALREADY_RUNNING)
			rc = failed("the service can't be started");
		CloseServiceHandle(s);
	}
	if (m)
		CloseServiceHandle(m);
	return rc;
}

static int uninstall(void)
{
	SERVICE_STATUS st = { .dwCurrentState = 0 };
	SC_HANDLE m = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS), s = m ? OpenServiceW(m, NAME, SERVICE_ALL_ACCESS) : NULL;
	int rc = 0;
	if (!s)
		return failed("there is no service");
	ControlService(s, SERVICE_CONTROL_STOP, &st);
	for (int i = 0; i < 300 && QueryServiceStatus(s, &st) && st.dwCurrentState != SERVICE_STOPPED; i++)
		Sleep(100);
	if (!DeleteService(s))
		rc = failed("the service can't be removed");
	CloseServiceHandle(s);
	CloseServiceHandle(m);
	return rc;
}

/* The words of the command line in UTF-8: main() has them in the code page. */
static char **words(int *argc)
{
	wchar_t **w = CommandLineToArgvW(GetCommandLineW(), argc);
	char **v = xcalloc((size_t)*argc + 1, sizeof *v);
	for (int i = 0; i < *argc; i++)
		v[i] = narrow(w[i]);
	LocalFree(w);
	return v;
}

int main(void)
{
	static const struct {
		const char *verb;
		int (*run)(void);
	} verbs[] = { { "run", run }, { "service", serve }, { "install", install }, { "uninstall", uninstall } };
	wchar_t w[MAX_PATH];
	int argc, rc = -1;
	char **argv = words(&argc);
	ExpandEnvironmentStringsW(L"%ProgramData%\\Yorozu Agent", w, MAX_PATH);
	if (!cli_parse(argc, argv, narrow(w), "  yorozu-agent install | uninstall\n", &command))
		return 2;
	ending = CreateEventW(NULL, TRUE, FALSE, NULL);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(command.verb, verbs[i].verb) == 0)
			return verbs[i].run();
	if ((rc = cli_run(&command, &clocks)) < 0)
		fprintf(stderr, "yorozu-agent: no such verb: %s\n", command.verb);
	return rc < 0 ? 2 : rc;
}
