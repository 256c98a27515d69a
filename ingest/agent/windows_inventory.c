/* What this machine is, on Windows: the sections. */
#include "windows_util.h"
#include "base/xalloc.h"
#include <winioctl.h>
#include <iphlpapi.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char plat_os[] = "windows";
#define NT "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
#define SMBIOS 0x52534D42 /* RSMB */
#define BIOS "HARDWARE\\DESCRIPTION\\System\\BIOS"
#define UNINSTALL "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"

static void computer_name(char *buf, size_t cap)
{
	wchar_t w[128];
	DWORD n = 128;
	char *s = GetComputerNameExW(ComputerNamePhysicalDnsHostname, w, &n) ? narrow(w) : xstrdup("");
	snprintf(buf, cap, "%s", s);
	free(s);
}

static void put_reg(struct json_put *o, const char *member, HKEY root, const char *key, const char *name)
{
	char v[256];
	if (reg_text(root, key, name, KEY_WOW64_64KEY, v, sizeof v))
		json_put_text_at(o, member, v);
}

/* ProductName still says Windows 10 on 11: from build 22000 on it is 11. */
static void product_name(char *v, size_t cap, long build)
{
	char name[128];
	reg_text(HKEY_LOCAL_MACHINE, NT, "ProductName", KEY_WOW64_64KEY, name, sizeof name);
	if (build >= 22000 && strncmp(name, "Windows 10", 10) == 0)
		snprintf(v, cap, "Windows 11%s", name + 10);
	else
		snprintf(v, cap, "%s", name);
}

/* Hotpatch: the machine is enrolled, and its last boot was into a baseline. */
static bool hotpatch(void)
{
	DWORD v;
	return reg_number(HKEY_LOCAL_MACHINE, NT "\\Update\\TargetingInfo\\DynamicInstalled\\Hotpatch.amd64", "Version", KEY_WOW64_64KEY, &v) ||
	       (reg_number(HKEY_LOCAL_MACHINE, "SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management", "HotPatchTableSize", 0, &v) && v);
}

static bool os_take(const struct collect *c, struct json_put *o)
{
	char v[128], build[16];
	DWORD ubr;
	SYSTEM_INFO i;
	(void)c;
	GetNativeSystemInfo(&i);
	reg_text(HKEY_LOCAL_MACHINE, NT, "CurrentBuildNumber", KEY_WOW64_64KEY, build, sizeof build);
	product_name(v, sizeof v, strtol(build, NULL, 10));
	json_put_open(o, '{');
	json_put_text_at(o, "family", "windows");
	json_put_text_at(o, "name", v);
	put_reg(o, "version", HKEY_LOCAL_MACHINE, NT, "DisplayVersion");
	json_put_int_at(o, "build", strtol(build, NULL, 10));
	if (reg_number(HKEY_LOCAL_MACHINE, NT, "UBR", KEY_WOW64_64KEY, &ubr))
		json_put_int_at(o, "ubr", ubr);
	put_reg(o, "edition", HKEY_LOCAL_MACHINE, NT, "EditionID");
	json_put_text_at(o, "arch", i.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_AMD64 ? "x64" : i.wProcessorArchitecture == 12 ? "arm64" : "x86");
	put_reg(o, "installation", HKEY_LOCAL_MACHINE, NT, "InstallationType");
	json_put_bool_at(o, "hotpatch", hotpatch());
	computer_name(v, sizeof v);
	json_put_text_at(o, "host", v);
	json_put_close(o, '}');
	return true;
}

/* ---- the SMBIOS table: type 1 (system) has serial and UUID, type 2 the board */
static const char *smbios_text(const uint8_t *p, const uint8_t *end, uint8_t header, uint8_t index)
{
	const char *s = (const char *)p + header;
	for (; index > 1 && (const uint8_t *)s < end && *s; index--)
		s += strlen(s) + 1;
	return index && (const uint8_t *)s < end ? s : "";
}

static void smbios_entry(const uint8_t *p, const uint8_t *end, struct hw *h, char *serial, size_t cap)
{
	if (p[0] == 1 && p[1] >= 0x19) {
		const uint8_t *u = p + 8;
		snprintf(serial, cap, "%s", smbios_text(p, end, p[1], p[7]));
		snprintf(h->smbios_uuid, sizeof h->smbios_uuid, "%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X",
		         u[3], u[2], u[1], u[0], u[5], u[4], u[7], u[6], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
	} else if (p[0] == 2 && p[1] >= 8) {
		snprintf(h->board_serial, sizeof h->board_serial, "%s", smbios_text(p, end, p[1], p[7]));
	}
}

static void smbios(struct hw *h, char *serial, size_t cap)
{
	UINT n = GetSystemFirmwareTable(SMBIOS, 0, NULL, 0);
	if (n < 8 || n > 1 << 20)
		return;
	uint8_t *raw = xcalloc(n + 2, 1);
	if (GetSystemFirmwareTable(SMBIOS, 0, raw, n) == n) {
		const uint8_t *end = raw + n; /* two NULs lie behind */
		for (const uint8_t *p = raw + 8; end - p > 4 && p[1] >= 4 && p[1] < end - p;) {
			smbios_entry(p, end, h, serial, cap);
			for (p += p[1]; p + 1 < end && (p[0] || p[1]); p++)
				;
			p += 2;
		}
	}
	free(raw);
}

static void macs(struct hw *h)
{
	ULONG n = 32768;
	IP_ADAPTER_INFO *list = xmalloc(n);
	if (GetAdaptersInfo(list, &n) == ERROR_SUCCESS)
		for (IP_ADAPTER_INFO *a = list; a && h->nmacs < HW_MACS; a = a->Next)
			if (a->AddressLength == 6 && a->Type != 24)
				snprintf(h->macs[h->nmacs++], 18, "%02x:%02x:%02x:%02x:%02x:%02x", a->Address[0], a->Address[1], a->Address[2],
				         a->Address[3], a->Address[4], a->Address[5]);
	free(list);
}

void plat_hw(struct hw *h)
{
	char serial[128];
	memset(h, 0, sizeof *h);
	smbios(h, serial, sizeof serial);
	macs(h);
	computer_name(h->host, sizeof h->host);
	reg_text(HKEY_LOCAL_MACHINE, "SOFTWARE\\Microsoft\\Cryptography", "MachineGuid", KEY_WOW64_64KEY, h->machine_guid, sizeof h->machine_guid);
}

static void put_disks(struct json_put *o)
{
	json_put_key(o, "disks");
	json_put_open(o, '[');
	for (int i = 0; i < 16; i++) {
		char path[64];
		GET_LENGTH_INFORMATION len;
		DWORD n;
		snprintf(path, sizeof path, "\\\\.\\PhysicalDrive%d", i);
		HANDLE h = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
		if (h == INVALID_HANDLE_VALUE)
			continue;
		if (DeviceIoControl(h, IOCTL_DISK_GET_LENGTH_INFO, NULL, 0, &len, sizeof len, &n, NULL)) {
			json_put_open(o, '{');
			json_put_text_at(o, "name", path + 4);
			json_put_int_at(o, "gb", len.Length.QuadPart / 1000000000);
			json_put_close(o, '}');
		}
		CloseHandle(h);
	}
	json_put_close(o, ']');
}

static bool hw_take(const struct collect *c, struct json_put *o)
{
	MEMORYSTATUSEX m = { .dwLength = sizeof m };
	struct hw h = { .nmacs = 0 };
	char serial[128] = "";
	(void)c;
	smbios(&h, serial, sizeof serial);
	macs(&h);
	json_put_open(o, '{');
	put_reg(o, "vendor", HKEY_LOCAL_MACHINE, BIOS, "SystemManufacturer");
	put_reg(o, "model", HKEY_LOCAL_MACHINE, BIOS, "SystemProductName");
	json_put_text_at(o, "serial", serial);
	json_put_text_at(o, "smbios_uuid", h.smbios_uuid);
	json_put_text_at(o, "board_serial", h.board_serial);
	put_reg(o, "cpu", HKEY_LOCAL_MACHINE, "HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0", "ProcessorNameString");
	if (GlobalMemoryStatusEx(&m))
		json_put_int_at(o, "ram_mb", (int64_t)(m.ullTotalPhys >> 20));
	put_disks(o);
	json_put_key(o, "macs");
	json_put_open(o, '[');
	for (size_t i = 0; i < h.nmacs; i++)
		json_put_text(o, h.macs[i]);
	json_put_close(o, ']');
	json_put_close(o, '}');
	return true;
}

/* ---- software: the Uninstall keys, 64 and 32 bits, and of each user whose
 * hive is loaded */
enum { PROGRAMS = 5000 };
struct listing {
	struct json_put *o;
	int n;
	const char *scope, *user;
	REGSAM wow;
};

static void put_program(struct listing *l, HKEY root, const char *key)
{
	char name[256], v[256];
	DWORD hidden;
	if (l->n >= PROGRAMS || !reg_text(root, key, "DisplayName", l->wow, name, sizeof name) || reg_text(root, key, "ParentKeyName", l->wow, v, sizeof v) ||
	    (reg_number(root, key, "SystemComponent", l->wow, &hidden) && hidden))
		return;
	l->n++;
	json_put_open(l->o, '{');
	json_put_text_at(l->o, "name", name);
	if (reg_text(root, key, "DisplayVersion", l->wow, v, sizeof v))
		json_put_text_at(l->o, "version", v);
	if (reg_text(root, key, "Publisher", l->wow, v, sizeof v))
		json_put_text_at(l->o, "vendor", v);
	json_put_text_at(l->o, "scope", l->scope);
	if (l->user)
		json_put_text_at(l->o, "user", l->user);
	if (reg_text(root, key, "InstallDate", l->wow, v, sizeof v) && strlen(v) == 8 && strspn(v, "0123456789") == 8) {
		char day[16];
		snprintf(day, sizeof day, "%.4s-%.2s-%.2s", v, v + 4, v + 6);
		json_put_text_at(l->o, "date", day);
	}
	json_put_close(l->o, '}');
}

static void each_key(HKEY root, const char *path, REGSAM wow, void (*fn)(struct listing *, HKEY, const char *), struct listing *l)
{
	wchar_t *w = wide(path), name[256];
	HKEY h;
	if (RegOpenKeyExW(root, w, 0, KEY_READ | wow, &h) == ERROR_SUCCESS) {
		for (DWORD i = 0, n = 256; RegEnumKeyExW(h, i, name, &n, NULL, NULL, NULL, NULL) == ERROR_SUCCESS; i++, n = 256) {
			char *s = narrow(name), *key = *path ? xasprintf("%s\\%s", path, s) : xstrdup(s);
			fn(l, root, key);
			free(key);
			free(s);
		}
		RegCloseKey(h);
	}
	free(w);
}

/* A hive of HKEY_USERS; its name is a SID. Those of services are left out. */
static void user_hive(struct listing *l, HKEY root, const char *sid)
{
	char name[256];
	wchar_t *w, account[128], domain[128];
	DWORD na = 128, nd = 128;
	PSID id;
	SID_NAME_USE use;
	if (strncmp(sid, "S-1-5-21-", 9) != 0 || strstr(sid, "_Classes"))
		return;
	snprintf(name, sizeof name, "%s", sid);
	w = wide(sid);
	if (ConvertStringSidToSidW(w, &id)) {
		if (LookupAccountSidW(NULL, id, account, &na, domain, &nd, &use)) {
			char *a = narrow(account), *d = narrow(domain);
			snprintf(name, sizeof name, "%s\\%s", d, a);
			free(a);
			free(d);
		}
		LocalFree(id);
	}
	free(w);
	char *path = xasprintf("%s\\" UNINSTALL, sid);
	l->user = name;
	each_key(root, path, 0, put_program, l);
	l->user = NULL;
	free(path);
}

static bool software_take(const struct collect *c, struct json_put *o)
{
	struct listing l = { .o = o, .scope = "machine", .wow = KEY_WOW64_64KEY };
	(void)c;
	json_put_open(o, '[');
	each_key(HKEY_LOCAL_MACHINE, UNINSTALL, l.wow, put_program, &l);
	l.wow = KEY_WOW64_32KEY;
	each_key(HKEY_LOCAL_MACHINE, UNINSTALL, l.wow, put_program, &l);
	l.wow = 0;
	l.scope = "user";
	each_key(HKEY_USERS, "", 0, user_hive, &l);
	json_put_close(o, ']');
	return true;
}

const struct section_source plat_sections[] = {
	{ "os", 3600, os_take },             { "hw", 3600, hw_take },              { "software", 3600, software_take },
	{ "patches", 7200, windows_patches }, { "devices", 300, windows_devices }, { NULL, 0, NULL },
};
