/*
 * The files that Postfix, Dovecot, OpenDKIM and Unbound read, below DIR/etc,
 * made from yorozu.conf and the templates in conf/instance. In production only
 * what the operator adds to the system's own.
 */
#include "instance.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static enum status read_world_password(const char *root, const struct cfg *c, struct sb *out, struct err *e)
{
	if (!cfg_is_private(c))
		return OK;
	char *path = xasprintf("%s/keys/world.password", root);
	enum status st = io_read_file(path, 256, out, e);
	free(path);
	return st;
}

static char *world_transport(const struct cfg *c)
{
	if (strcmp(c->world, "discard") == 0)
		return xstrdup("discard:");
	if (strncmp(c->world, "relay:", 6) == 0)
		return xasprintf("smtp:%s", c->world + 6);
	return xstrdup(strcmp(c->world, "direct") == 0 ? "smtp:" : "lmtp:unix:private/dovecot-lmtp");
}

/* Only Dovecot's LMTP can't take them: a relay says itself what it can. */
static char *world_intl(const struct cfg *c)
{
	bool maildir = cfg_is_private(c) && strcmp(c->world, "maildir") == 0;
	return maildir ? xasprintf("regexp:%s/etc/postfix/world_utf8, ", c->dir) : xstrdup("");
}

struct file {
	const char *from, *to; /* below conf/instance, below DIR/etc */
	mode_t mode;
	bool production, private;
};

static const struct file files[] = {
	{ "main.cf", "postfix/main.cf", 0644, false, true },
	{ "master.cf", "postfix/master.cf", 0644, false, true },
	{ "milter_header_checks", "postfix/milter_header_checks", 0640, true, true },
	{ "world_utf8", "postfix/world_utf8", 0644, false, true },
	{ "dovecot.conf", "dovecot/dovecot.conf", 0600, false, true },
	{ "opendkim.conf", "opendkim/opendkim.conf", 0644, false, true },
	{ "unbound.conf", "unbound/unbound.conf", 0644, false, true },
	{ "production/postfix-setup", "postfix/setup", 0755, true, false },
	{ "production/dovecot.conf", "dovecot/yorozu.conf", 0644, true, false },
	{ "production/opendkim.conf", "opendkim/opendkim.conf", 0644, true, false },
};

static enum status render_one(const char *root, const struct front *f, const struct render_var *vars, const struct file *file,
                              struct err *e)
{
	struct sb out = SB_INIT;
	char *relative = xasprintf("instance/%s", file->from), *src = instance_share(f, relative);
	char *dst = xasprintf("%s/etc/%s", root, file->to);
	enum status st = instance_render(src, vars, &out, e);
	if (st == OK)
		st = io_write_file(dst, file->mode, out.s, out.len, e);
	sb_free(&out);
	free(relative), free(src), free(dst);
	return st;
}

/* "HOST:PORT" as Postfix wants it where no MX is asked for: "[HOST]:PORT". */
static char *next_hop(const char *where)
{
	const char *colon = strrchr(where, ':');
	return colon ? xasprintf("[%.*s]%s", (int)(colon - where), where, colon) : xasprintf("[%s]", where);
}

enum status instance_write_etc(const char *root, const struct cfg *c, const struct front *f, struct err *e)
{
	char num[9][24];
	struct sb password = SB_INIT;
	const int offsets[] = { PORT_MX, PORT_SUBMISSION, PORT_INJECT, PORT_IMAP, PORT_DNS, PORT_BULK, PORT_RETURNS };
	for (int i = 0; i < 7; i++)
		snprintf(num[i], sizeof num[i], "%d", (int)c->base_port + offsets[i]);
	snprintf(num[7], sizeof num[7], "%lld", (long long)c->message_max);
	snprintf(num[8], sizeof num[8], "%lld", (long long)c->header_max);
	enum status st = read_world_password(root, c, &password, e);
	char *world = world_transport(c), *intl = world_intl(c), *desk = xasprintf("%s@%s", c->desk_localpart, c->domain), *returns = next_hop(c->smtp_returns);
	const struct render_var vars[] = {
		{ "DIR", c->dir }, { "HOSTNAME", c->hostname }, { "DOMAIN", c->domain }, { "DESK", desk },
		{ "USER", c->run_user }, { "WORLD", world }, { "WORLD_INTL", intl }, { "BIN", f->bindir }, { "AUTHSERV_ID", c->authserv_id },
		{ "WORLD_PASSWORD", password.s }, { "PORT_MX", num[0] }, { "PORT_SUBMISSION", num[1] },
		{ "PORT_INJECT", num[2] }, { "PORT_IMAP", num[3] }, { "PORT_DNS", num[4] },
		{ "INJECT", c->smtp_inject }, { "BULK", c->smtp_bulk }, { "PORT_BULK", num[5] }, { "PORT_RETURNS", num[6] },
		{ "RETURNS", c->smtp_returns }, { "RETURNS_NEXT", returns },
		{ "NEWS_FROM", c->news_from }, { "NEWS_TO", c->news_to }, { "NEWS_EDIT", c->news_edit }, { "DIAGNOSIS", c->diagnosis_localpart },
		{ "MAIL_LOG", c->mail_log }, { "POSTFIX_DIR", c->postfix_dir },
		{ "MESSAGE_MAX", num[7] }, { "HEADER_MAX", num[8] }, { NULL, NULL },
	};
	for (size_t i = 0; st == OK && i < sizeof files / sizeof *files; i++)
		if (!cfg_is_private(c) ? files[i].production : files[i].private)
			st = render_one(root, f, vars, &files[i], e);
	sb_free(&password);
	free(world), free(intl), free(desk), free(returns);
	return st;
}

static bool newer(const char *a, const char *b)
{
	struct stat x, y;
	if (stat(a, &x) != 0 || stat(b, &y) != 0)
		return true;
	return x.st_mtim.tv_sec > y.st_mtim.tv_sec ||
	       (x.st_mtim.tv_sec == y.st_mtim.tv_sec && x.st_mtim.tv_nsec > y.st_mtim.tv_nsec);
}

/* This program knows more than the one that wrote it. */
static bool older_than_ours(const char *written, const struct front *f)
{
	bool old = false;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *relative = xasprintf("instance/%s", files[i].from), *src = instance_share(f, relative);
		old = old || (files[i].private && newer(src, written));
		free(relative), free(src);
	}
	return old;
}

enum status instance_refresh_etc(const struct cfg *c, const struct front *f, struct err *e)
{
	char *conf = cfg_path(c, "yorozu.conf"), *first = xasprintf("%s/etc/%s", c->dir, files[0].to);
	bool stale = cfg_is_private(c) && (newer(conf, first) || older_than_ours(first, f));
	free(conf), free(first);
	return stale ? instance_write_etc(c->dir, c, f, e) : OK;
}
