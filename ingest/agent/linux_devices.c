/* External devices on Linux: what /sys shows is compared with what it showed
 * before. A device that comes and goes between two looks (10 s) is not seen. */
#include "linux_util.h"
#include "base/xalloc.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct finding {
	const struct collect *c;
	struct linux_device *d;
	size_t n;
};

static struct linux_device *found(struct finding *f, const char *id, const char *kind)
{
	if (f->n == LINUX_DEVICES)
		return NULL;
	struct linux_device *d = &f->d[f->n++];
	memset(d, 0, sizeof *d);
	snprintf(d->id, sizeof d->id, "%s", id);
	d->kind = kind;
	return d;
}

/* By the class of its interfaces: 08 storage, 06 pictures (phones, cameras). */
static const char *usb_kind(const struct collect *c, const char *name)
{
	char cls[8];
	const char *kind = "other";
	for (int i = 0; i < 8; i++) {
		linux_line(c, cls, sizeof cls, "/sys/bus/usb/devices/%s:1.%d/bInterfaceClass", name, i);
		if (strcmp(cls, "08") == 0)
			return "usb_storage";
		if (strcmp(cls, "06") == 0)
			kind = "phone";
	}
	return kind;
}

/* 1-1.4 is a device; usb1 a root hub, 1-1:1.0 an interface; class 09 a hub. */
static void usb_device(struct finding *f, const char *name)
{
	char cls[8];
	if (strchr(name, ':') || strncmp(name, "usb", 3) == 0 || strlen(name) > 40)
		return;
	linux_line(f->c, cls, sizeof cls, "/sys/bus/usb/devices/%s/bDeviceClass", name);
	if (!*cls || strcmp(cls, "09") == 0)
		return;
	struct linux_device *d = found(f, name, usb_kind(f->c, name));
	if (!d)
		return;
	linux_line(f->c, d->vid, sizeof d->vid, "/sys/bus/usb/devices/%s/idVendor", name);
	linux_line(f->c, d->pid, sizeof d->pid, "/sys/bus/usb/devices/%s/idProduct", name);
	linux_line(f->c, d->serial, sizeof d->serial, "/sys/bus/usb/devices/%s/serial", name);
	linux_line(f->c, d->name, sizeof d->name, "/sys/bus/usb/devices/%s/product", name);
}

/* Disks and optical drives; an optical drive counts while a disc is in it. */
static void block_device(struct finding *f, const char *name)
{
	bool optical = strncmp(name, "sr", 2) == 0;
	char size[32];
	if (strlen(name) > 40 || !(optical || strncmp(name, "sd", 2) == 0 || strncmp(name, "nvme", 4) == 0 || strncmp(name, "vd", 2) == 0))
		return;
	linux_line(f->c, size, sizeof size, "/sys/block/%s/size", name);
	if (strcmp(size, "0") == 0)
		return;
	struct linux_device *d = found(f, name, optical ? "optical" : "disk");
	if (!d)
		return;
	linux_line(f->c, d->serial, sizeof d->serial, "/sys/block/%s/device/serial", name);
	linux_line(f->c, d->name, sizeof d->name, "/sys/block/%s/device/model", name);
}

static void each(struct finding *f, const char *dir, void (*fn)(struct finding *, const char *))
{
	char *path = linux_path(f->c, "%s", dir);
	DIR *d = opendir(path);
	free(path);
	if (!d)
		return;
	for (struct dirent *x; (x = readdir(d));)
		if (x->d_name[0] != '.')
			fn(f, x->d_name);
	closedir(d);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct linux_device *)a)->id, ((const struct linux_device *)b)->id);
}

size_t linux_devices(const struct collect *c, struct linux_device *d)
{
	struct finding f = { c, d, 0 };
	each(&f, "/sys/bus/usb/devices", usb_device);
	each(&f, "/sys/block", block_device);
	qsort(d, f.n, sizeof *d, by_id);
	return f.n;
}

void linux_put_device(struct json_put *o, const struct linux_device *d)
{
	json_put_text_at(o, "class", d->kind);
	if (*d->vid)
		json_put_text_at(o, "vid", d->vid);
	if (*d->pid)
		json_put_text_at(o, "pid", d->pid);
	if (*d->serial)
		json_put_text_at(o, "serial", d->serial);
	json_put_text_at(o, "n", *d->name ? d->name : d->id);
}

/* ---- what came and went */
struct watching {
	struct linux_device *before, *now;
	size_t nbefore;
	bool begun;
};

static bool same(const struct linux_device *a, const struct linux_device *b)
{
	return strcmp(a->id, b->id) == 0 && strcmp(a->vid, b->vid) == 0 && strcmp(a->pid, b->pid) == 0 && strcmp(a->serial, b->serial) == 0;
}

static void tell(struct collect *c, const char *op, const struct linux_device *d)
{
	struct json_put *o = collect_event(c, collect_wall(c), "dev", NULL);
	json_put_text_at(o, "op", op);
	linux_put_device(o, d);
}

/* Those of a that are not in b. */
static void tell_missing(struct collect *c, const char *op, const struct linux_device *a, size_t na, const struct linux_device *b, size_t nb)
{
	for (size_t i = 0; i < na; i++) {
		size_t k = 0;
		while (k < nb && !same(&a[i], &b[k]))
			k++;
		if (k == nb)
			tell(c, op, &a[i]);
	}
}

static void *dev_open(struct collect *c)
{
	struct watching *w = xcalloc(1, sizeof *w);
	(void)c;
	w->before = xcalloc(LINUX_DEVICES, sizeof *w->before);
	w->now = xcalloc(LINUX_DEVICES, sizeof *w->now);
	return w;
}

static void dev_tick(void *self, struct collect *c)
{
	struct watching *w = self;
	struct err e;
	size_t n = linux_devices(c, w->now);
	if (w->begun) { /* what was there at the start is in the section */
		tell_missing(c, "attach", w->now, n, w->before, w->nbefore);
		tell_missing(c, "detach", w->before, w->nbefore, w->now, n);
	}
	if (collect_waiting(c) && collect_flush(c, NULL, NULL, &e) != OK)
		return;
	struct linux_device *old = w->before;
	w->before = w->now;
	w->nbefore = n;
	w->now = old;
	w->begun = true;
}

static void dev_close(void *self)
{
	struct watching *w = self;
	free(w->before);
	free(w->now);
	free(w);
}

const struct collector linux_dev = { "dev", 10, dev_open, dev_tick, dev_close };
