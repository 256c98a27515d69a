/* What a program holds under wine that only loads the agent's DLLs: the floor under
 * the agent's own figure (AGENT-04), for on Windows those pages are the system's. */
#include <windows.h>
#include <psapi.h>
#include <stdio.h>

int main(void)
{
	static const char *const names[] = { "winhttp", "bcrypt", "crypt32", "advapi32", "setupapi", "wevtapi", "ole32", "oleaut32", "iphlpapi", "shell32" };
	PROCESS_MEMORY_COUNTERS m = { .cb = sizeof m };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		LoadLibraryA(names[i]);
	GetProcessMemoryInfo(GetCurrentProcess(), &m, sizeof m);
	printf("%lu\n", (unsigned long)(m.WorkingSetSize / 1024));
	return 0;
}
