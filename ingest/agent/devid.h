#ifndef AGENT_DEVID_H
#define AGENT_DEVID_H
/* Device instance ids of Windows, taken apart; portable, for the tests:
 * USB\VID_0781&PID_5583\4C530001231120115184, USBSTOR\DISK&VEN_SANDISK&…\…&0 */
#include <stdbool.h>

struct devid {
	char vid[8], pid[8], serial[64];
	const char *kind; /* as in PROTOCOL.md */
};
/* service: what drives it ("USBSTOR", "WpdMtp", "disk", "cdrom", "WUDFWpdMtp", "usbhub"…).
 * false: nothing that a person attaches (hubs, parts of a device). */
bool devid_read(const char *id, const char *service, struct devid *d);

#endif
