#ifndef AGENT_OPTIONS_H
#define AGENT_OPTIONS_H
/*
 * DIR/agent.conf: `name = value` a line, `#` begins a comment. All have a
 * default; the server's configuration adds folders and turns collectors off.
 *
 *	watch = /srv/share      a folder whose files are watched; may come often
 *	spool_mb = 200          most that the spool takes
 *	web_log = FILE          visits, one a line: TIME-MS HOST SECONDS [USER]
 *	print_log = FILE        CUPS page_log (default /var/log/cups/page_log)
 *	wtmp = FILE             logins (default /var/log/wtmp)
 *	app_uid_min = 1000      programs of users from this number on
 *	clock = FILE            a private instance's moved clock (base/clk.h)
 *	root = DIR              where / is looked for, for tests
 */
#include "base/err.h"
#include <stddef.h>

struct options;
/* No such file: all defaults. ERR_PERM names the line. */
enum status options_load(const char *path, struct options **o_r, struct err *e) must_check;
void options_free(struct options **o);
const char *options_get(const struct options *o, const char *name);            /* NULL: not set */
const char *options_nth(const struct options *o, const char *name, size_t i); /* of one that may come often */

#endif
