/* See mbox.h. SECURITY: mails and senders are hostile; neither can begin a mail
 * of its own in the file. */
#include "mail/mbox.h"
#include <string.h>

/* "Tue Nov 24 01:00:00 2026", in UTC */
static void add_date(struct sb *out, epoch at)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct tm t;
	time_t seconds = at;
	if (!gmtime_r(&seconds, &t))
		t = (struct tm){ .tm_year = 70, .tm_mday = 1 };
	sb_addf(out, "%s %s %2d %02d:%02d:%02d %d", days[t.tm_wday], months[t.tm_mon], t.tm_mday, t.tm_hour, t.tm_min,
	        t.tm_sec, t.tm_year + 1900);
}

static void add_sender(struct sb *out, const char *addr)
{
	if (!*addr)
		sb_adds(out, "MAILER-DAEMON");
	for (; *addr; addr++)
		sb_addc(out, (unsigned char)*addr > 0x20 && *addr != 0x7f ? *addr : '_');
}

static void add_line(struct sb *out, const char *p, size_t n)
{
	size_t marks = 0;
	while (marks < n && p[marks] == '>')
		marks++;
	if (n - marks >= 5 && memcmp(p + marks, "From ", 5) == 0)
		sb_addc(out, '>');
	if (n && p[n - 1] == '\r')
		n--;
	sb_add(out, p, n);
	sb_addc(out, '\n');
}

void mbox_add(struct sb *out, const char *env_from, epoch at, const char *raw, size_t n)
{
	sb_adds(out, "From ");
	add_sender(out, env_from);
	sb_addc(out, ' ');
	add_date(out, at);
	sb_addc(out, '\n');
	for (const char *p = raw, *end = raw + n; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *z = nl ? nl : end;
		add_line(out, p, (size_t)(z - p));
		p = nl ? nl + 1 : end;
	}
	sb_addc(out, '\n');
}
