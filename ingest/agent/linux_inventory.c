/* What this machine is, on Linux: the sections. */
#include "linux_util.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>

const char plat_os[] = "linux";

static bool os_take(const struct collect *c, struct json_put *o)
{
	struct sb b = SB_INIT;
	struct utsname u;
	char name[128] = "", version[64] = "";
	uname(&u);
	if (linux_file(c, &b, "/etc/os-release") || linux_file(c, &b, "/usr/lib/os-release")) {
		linux_value(&b, "PRETTY_NAME", "=", name, sizeof name);
		linux_value(&b, "VERSION_ID", "=", version, sizeof version);
	}
	sb_free(&b);
	json_put_open(o, '{');
	json_put_text_at(o, "family", "linux");
	json_put_text_at(o, "name", name);
	json_put_text_at(o, "version", version);
	json_put_text_at(o, "kernel", u.release);
	json_put_text_at(o, "arch", strcmp(u.machine, "x86_64") == 0 ? "x64" : u.machine);
	json_put_text_at(o, "host", u.nodename);
	json_put_close(o, '}');
	return true;
}

/* Names in a folder of /sys, sorted by nobody. */
static void each(const struct collect *c, const char *dir, void (*fn)(const struct collect *, const char *, void *), void *arg)
{
	char *path = linux_path(c, "%s", dir);
	DIR *d = opendir(path);
	free(path);
	if (!d)
		return;
	for (struct dirent *f; (f = readdir(d));)
		if (f->d_name[0] != '.')
			fn(c, f->d_name, arg);
	closedir(d);
}

static void put_disk(const struct collect *c, const char *name, void *arg)
{
	struct json_put *o = arg;
	char size[32], model[96];
	static const char *const none[] = { "loop", "ram", "dm-", "zram", "sr", "md", "fd", "nbd" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (strncmp(name, none[i], strlen(none[i])) == 0)
			return;
	linux_line(c, size, sizeof size, "/sys/block/%s/size", name);
	linux_line(c, model, sizeof model, "/sys/block/%s/device/model", name);
	json_put_open(o, '{');
	json_put_text_at(o, "name", *model ? model : name);
	json_put_int_at(o, "gb", strtoll(size, NULL, 10) * 512 / 1000000000);
	json_put_close(o, '}');
}

/* Cards that are real; a bridge or a tunnel has no device. */
static void find_mac(const struct collect *c, const char *name, void *arg)
{
	struct hw *h = arg;
	char mac[32], *device = linux_path(c, "/sys/class/net/%s/device", name);
	linux_line(c, mac, sizeof mac, "/sys/class/net/%s/address", name);
	if (strlen(mac) == 17 && strcmp(mac, "00:00:00:00:00:00") != 0 && h->nmacs < HW_MACS && io_exists(device))
		memcpy(h->macs[h->nmacs++], mac, 18);
	free(device);
}

static void find_hw(const struct collect *c, struct hw *h)
{
	struct utsname u;
	memset(h, 0, sizeof *h);
	linux_line(c, h->smbios_uuid, sizeof h->smbios_uuid, "/sys/class/dmi/id/product_uuid");
	linux_line(c, h->board_serial, sizeof h->board_serial, "/sys/class/dmi/id/board_serial");
	linux_line(c, h->machine_guid, sizeof h->machine_guid, "/etc/machine-id");
	uname(&u);
	snprintf(h->host, sizeof h->host, "%s", u.nodename);
	each(c, "/sys/class/net", find_mac, h);
}

void plat_hw(struct hw *h)
{
	find_hw(NULL, h);
}

static bool hw_take(const struct collect *c, struct json_put *o)
{
	static const char *const row[][2] = { { "vendor", "sys_vendor" }, { "model", "product_name" }, { "serial", "product_serial" },
		                              { "smbios_uuid", "product_uuid" }, { "board_serial", "board_serial" } };
	struct sb b = SB_INIT;
	struct hw h;
	char v[160];
	json_put_open(o, '{');
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		json_put_text_at(o, row[i][0], linux_line(c, v, sizeof v, "/sys/class/dmi/id/%s", row[i][1]));
	if (linux_file(c, &b, "/proc/cpuinfo") && linux_value(&b, "model name", ":", v, sizeof v))
		json_put_text_at(o, "cpu", v);
	sb_reset(&b);
	if (linux_file(c, &b, "/proc/meminfo") && linux_value(&b, "MemTotal", ":", v, sizeof v))
		json_put_int_at(o, "ram_mb", strtoll(v, NULL, 10) / 1024);
	sb_free(&b);
	json_put_key(o, "disks");
	json_put_open(o, '[');
	each(c, "/sys/block", put_disk, o);
	json_put_close(o, ']');
	find_hw(c, &h);
	json_put_key(o, "macs");
	json_put_open(o, '[');
	for (size_t i = 0; i < h.nmacs; i++)
		json_put_text(o, h.macs[i]);
	json_put_close(o, ']');
	json_put_close(o, '}');
	return true;
}

/* The day on which a package's list of files was written. */
static void put_date(const struct collect *c, struct json_put *o, const char *name)
{
	char *path = linux_path(c, "/var/lib/dpkg/info/%s.list", name), day[16];
	struct stat f;
	struct tm tm;
	if (stat(path, &f) == 0 && localtime_r(&f.st_mtime, &tm) && strftime(day, sizeof day, "%Y-%m-%d", &tm))
		json_put_text_at(o, "date", day);
	free(path);
}

static bool put_package(const struct collect *c, struct json_put *o, const struct sb *para)
{
	char name[160], version[160], vendor[160], status[64];
	linux_value(para, "Status", ":", status, sizeof status);
	if (!linux_value(para, "Package", ":", name, sizeof name) || !strstr(status, " installed"))
		return false;
	linux_value(para, "Version", ":", version, sizeof version);
	linux_value(para, "Maintainer", ":", vendor, sizeof vendor);
	vendor[strcspn(vendor, "<")] = '\0';
	for (size_t n = strlen(vendor); n && vendor[n - 1] == ' ';)
		vendor[--n] = '\0';
	json_put_open(o, '{');
	json_put_text_at(o, "name", name);
	json_put_text_at(o, "version", version);
	json_put_text_at(o, "vendor", vendor);
	json_put_text_at(o, "scope", "machine");
	put_date(c, o, name);
	json_put_close(o, '}');
	return true;
}

enum { PACKAGES = 5000 }; /* more the server does not take */

/* Read a paragraph at a time: the file may be large, the agent is small. */
static bool software_take(const struct collect *c, struct json_put *o)
{
	char *path = linux_path(c, "/var/lib/dpkg/status"), line[4096];
	int n = 0;
	FILE *f = fopen(path, "re");
	struct sb para = SB_INIT;
	free(path);
	if (!f)
		return false;
	json_put_open(o, '[');
	while (n < PACKAGES && fgets(line, sizeof line, f)) {
		if (line[0] == '\n') {
			n += put_package(c, o, &para);
			sb_reset(&para);
		} else if (line[0] != ' ' && para.len < 65536) {
			sb_adds(&para, line);
		}
	}
	if (n < PACKAGES)
		put_package(c, o, &para);
	json_put_close(o, ']');
	sb_free(&para);
	fclose(f);
	return true;
}

/* What waits to be installed is not asked: that would start apt. */
static bool patches_take(const struct collect *c, struct json_put *o)
{
	char *reboot = linux_path(c, "/run/reboot-required"), *stamp = linux_path(c, "/var/lib/apt/lists");
	struct stat f;
	json_put_open(o, '{');
	json_put_bool_at(o, "reboot", io_exists(reboot));
	if (stat(stamp, &f) == 0)
		json_put_int_at(o, "last_scan", (int64_t)f.st_mtime * 1000);
	json_put_close(o, '}');
	free(reboot);
	free(stamp);
	return true;
}

static bool devices_take(const struct collect *c, struct json_put *o)
{
	struct linux_device *d = xcalloc(LINUX_DEVICES, sizeof *d);
	size_t n = linux_devices(c, d);
	json_put_open(o, '[');
	for (size_t i = 0; i < n; i++) {
		json_put_open(o, '{');
		linux_put_device(o, &d[i]);
		json_put_close(o, '}');
	}
	json_put_close(o, ']');
	free(d);
	return true;
}

const struct section_source plat_sections[] = {
	{ "os", 3600, os_take },           { "hw", 3600, hw_take },          { "software", 3600, software_take },
	{ "patches", 3600, patches_take }, { "devices", 300, devices_take }, { NULL, 0, NULL },
};
