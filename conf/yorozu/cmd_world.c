/*
 * NAME
 *	yorozu world - the people outside of a private instance
 * SYNOPSIS
 *	yorozu -C DIR world deliver ADDRESS < MAIL
 * DESCRIPTION
 *	Postfix's pipe(8) calls it for addresses that are not ASCII (RFC 6531),
 *	which Dovecot's LMTP does not take: the mail goes into the Maildir
 *	DIR/world/ADDRESS. Exit codes are those of sysexits.h.
 * SECURITY
 *	The address comes from strangers: it is one name below DIR/world, or
 *	refused. Runs as run_user.
 */
#include "front.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "mail/addr.h"
#include "text/charset.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { MAIL_MAX = 256 << 20 };

static bool is_a_name(const char *addr)
{
	return addr_is_sane(addr) && *addr != '.' && !strchr(addr, '/') && text_is_utf8(addr, strlen(addr));
}

/* As Dovecot names the folders of the others: in lower case, as far as ASCII goes. */
static char *maildir_of(const struct cfg *c, const char *addr)
{
	char *path = xasprintf("%s/world/%s", c->dir, addr);
	for (char *p = path + strlen(c->dir) + strlen("/world/"); *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	return path;
}

static enum status make_maildir(const char *dir, struct err *e)
{
	static const char *const parts[] = { "tmp", "new", "cur" };
	enum status st = OK;
	for (int i = 0; i < 3 && st == OK; i++) {
		char *path = xasprintf("%s/%s", dir, parts[i]);
		st = io_mkdirs(path, 0700, e);
		free(path);
	}
	return st;
}

/* A name of its own in new/; io_write_file brings it there whole. */
static enum status deliver(const struct cfg *c, const char *addr, struct err *e)
{
	struct sb mail = SB_INIT;
	struct timespec t;
	char *dir = maildir_of(c, addr);
	enum status st = io_read_file("-", MAIL_MAX, &mail, e);
	if (st == OK)
		st = make_maildir(dir, e);
	clock_gettime(CLOCK_REALTIME, &t);
	char *path = xasprintf("%s/new/%lld.M%09ldP%d.%s", dir, (long long)t.tv_sec, t.tv_nsec, (int)getpid(), c->hostname);
	if (st == OK)
		st = io_write_file(path, 0600, mail.s, mail.len, e);
	free(path), free(dir);
	sb_free(&mail);
	return st;
}

static int run_world(int argc, char **argv, const struct front *f)
{
	struct err e;
	if (argc != 3 || strcmp(argv[1], "deliver") != 0)
		return front_usage(&cmd_world);
	struct cfg *c = front_cfg("world", f);
	if (!c)
		return EX_TEMPFAIL;
	int rc = !cfg_is_private(c) ? EX_NOPERM : !is_a_name(argv[2]) ? EX_NOUSER : EX_OK;
	if (rc == EX_OK && deliver(c, argv[2], &e) != OK) {
		front_fail("world", &e);
		rc = EX_TEMPFAIL;
	}
	cfg_free(&c);
	return rc;
}

const struct front_cmd cmd_world = { "world", run_world, "world deliver ADDRESS", "private instance: a mail for somebody outside (for Postfix)" };
