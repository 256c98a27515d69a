/* Device instance ids of Windows: see devid.h. */
#include "devid.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
	while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b))
		a++, b++;
	return tolower((unsigned char)*a) == tolower((unsigned char)*b);
}

static void hex4(const char *id, const char *key, char out[8])
{
	const char *p = strstr(id, key);
	size_t n = 0;
	for (p = p ? p + strlen(key) : ""; n < 4 && isxdigit((unsigned char)p[n]); n++)
		out[n] = (char)tolower((unsigned char)p[n]);
	out[n == 4 ? 4 : 0] = '\0';
}

/* Behind the last backslash. What Windows made up has an & as second character. */
static void serial_of(const char *id, char out[64])
{
	const char *p = strrchr(id, '\\');
	p = p ? p + 1 : "";
	snprintf(out, 64, "%s", strlen(p) > 1 && p[1] == '&' ? "" : p);
	out[strcspn(out, "&")] = '\0';
}

static const char *kind_of(const char *id, const char *service)
{
	if (strncmp(id, "USB\\", 4) != 0)
		return same(service, "cdrom") ? "optical" : same(service, "disk") && strncmp(id, "USBSTOR\\", 8) != 0 ? "disk" : NULL;
	if (strstr(id, "&MI_") || same(service, "usbccgp") || same(service, "USBHUB3") || same(service, "usbhub") || strncmp(id, "USB\\ROOT", 8) == 0)
		return NULL;
	if (same(service, "USBSTOR") || same(service, "UASPStor"))
		return "usb_storage";
	return same(service, "WpdMtp") || same(service, "WUDFWpdMtp") || same(service, "WUDFRd") ? "phone" : "other";
}

bool devid_read(const char *id, const char *service, struct devid *d)
{
	memset(d, 0, sizeof *d);
	if (!(d->kind = kind_of(id, service)))
		return false;
	hex4(id, "VID_", d->vid);
	hex4(id, "PID_", d->pid);
	serial_of(id, d->serial);
	return true;
}
