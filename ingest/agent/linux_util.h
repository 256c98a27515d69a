#ifndef AGENT_LINUX_UTIL_H
#define AGENT_LINUX_UTIL_H
/* Small files of /proc and /sys, below the option `root`. */
#include "collect.h"

/* malloc'ed */
char *linux_path(const struct collect *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The file's first line without blanks at its ends; "" when there is none. */
const char *linux_line(const struct collect *c, char *buf, size_t cap, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The whole file, bounded; false: none. */
bool linux_file(const struct collect *c, struct sb *out, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The user's name, or its number. buf >= 64. */
const char *linux_user(unsigned uid, char *buf, size_t cap);
/* `KEY` of text made of "KEY<sep>value" lines, into buf without quotes. */
bool linux_value(const struct sb *text, const char *key, const char *sep, char *buf, size_t cap);

/* USB devices, disks and optical drives that are attached now. */
struct linux_device {
	char id[64]; /* where it is, to recognise it again */
	const char *kind;
	char vid[8], pid[8], serial[64], name[96];
};
enum { LINUX_DEVICES = 128 };
size_t linux_devices(const struct collect *c, struct linux_device *d); /* of LINUX_DEVICES */
void linux_put_device(struct json_put *o, const struct linux_device *d); /* its members */

extern const struct collector linux_logins, linux_apps, linux_dev, linux_watch;

#endif
