/* External devices on Windows, by SetupDi: what is present is compared with
 * what was before. devid.h takes the names apart. */
#include "devid.h"
#include "windows_util.h"
#include "base/xalloc.h"
#include <setupapi.h>
#include <stdlib.h>
#include <string.h>

enum { DEVICES = 128 };
struct device {
	char id[200], name[128];
	struct devid d;
};
struct watching {
	struct device before[DEVICES], now[DEVICES];
	size_t nbefore;
	bool begun;
};

static void property(HDEVINFO set, SP_DEVINFO_DATA *i, DWORD which, char *buf, size_t cap)
{
	wchar_t w[256] = L"";
	char *s;
	SetupDiGetDeviceRegistryPropertyW(set, i, which, NULL, (BYTE *)w, sizeof w - sizeof *w, NULL);
	s = narrow(w);
	strncpy(buf, s, cap - 1);
	buf[cap - 1] = '\0';
	free(s);
}

static size_t look(struct device *v)
{
	HDEVINFO set = SetupDiGetClassDevsW(NULL, NULL, NULL, DIGCF_ALLCLASSES | DIGCF_PRESENT);
	SP_DEVINFO_DATA i = { .cbSize = sizeof i };
	size_t n = 0;
	if (set == INVALID_HANDLE_VALUE)
		return 0;
	for (DWORD k = 0; n < DEVICES && SetupDiEnumDeviceInfo(set, k, &i); k++) {
		struct device *d = &v[n];
		wchar_t id[200];
		char service[64];
		if (!SetupDiGetDeviceInstanceIdW(set, &i, id, 200, NULL))
			continue;
		char *s = narrow(id);
		memset(d, 0, sizeof *d);
		strncpy(d->id, s, sizeof d->id - 1);
		free(s);
		property(set, &i, SPDRP_SERVICE, service, sizeof service);
		if (!devid_read(d->id, service, &d->d))
			continue;
		property(set, &i, SPDRP_FRIENDLYNAME, d->name, sizeof d->name);
		if (!*d->name)
			property(set, &i, SPDRP_DEVICEDESC, d->name, sizeof d->name);
		n++;
	}
	SetupDiDestroyDeviceInfoList(set);
	return n;
}

static void put(struct json_put *o, const struct device *d)
{
	json_put_text_at(o, "class", d->d.kind);
	if (*d->d.vid)
		json_put_text_at(o, "vid", d->d.vid);
	if (*d->d.pid)
		json_put_text_at(o, "pid", d->d.pid);
	if (*d->d.serial)
		json_put_text_at(o, "serial", d->d.serial);
	json_put_text_at(o, "n", *d->name ? d->name : d->id);
}

bool windows_devices(const struct collect *c, struct json_put *o)
{
	struct device *v = xcalloc(DEVICES, sizeof *v);
	size_t n = look(v);
	(void)c;
	json_put_open(o, '[');
	for (size_t i = 0; i < n; i++) {
		json_put_open(o, '{');
		put(o, &v[i]);
		json_put_close(o, '}');
	}
	json_put_close(o, ']');
	free(v);
	return true;
}

static void tell_missing(struct collect *c, const char *op, const struct device *a, size_t na, const struct device *b, size_t nb)
{
	for (size_t i = 0; i < na; i++) {
		size_t k = 0;
		while (k < nb && strcmp(a[i].id, b[k].id) != 0)
			k++;
		if (k < nb)
			continue;
		struct json_put *o = collect_event(c, collect_wall(c), "dev", NULL);
		json_put_text_at(o, "op", op);
		put(o, &a[i]);
	}
}

static void *dev_open(struct collect *c)
{
	(void)c;
	return xcalloc(1, sizeof(struct watching));
}

static void dev_tick(void *self, struct collect *c)
{
	struct watching *w = self;
	struct err e;
	size_t n = look(w->now);
	if (w->begun) {
		tell_missing(c, "attach", w->now, n, w->before, w->nbefore);
		tell_missing(c, "detach", w->before, w->nbefore, w->now, n);
	}
	if (collect_waiting(c) && collect_flush(c, NULL, NULL, &e) != OK)
		return;
	memcpy(w->before, w->now, n * sizeof *w->now);
	w->nbefore = n;
	w->begun = true;
}

const struct collector windows_dev = { "dev", 15, dev_open, dev_tick, free };
