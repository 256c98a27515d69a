/*
 * yorozu -C DIR init: makes an instance in one piece. Everything is written to
 * DIR.init and renamed at the end, so there is a whole instance or none.
 */
#include "instance.h"
#include "base/clk.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include "store/store.h"
#include <arpa/inet.h>
#include <errno.h>
#include <ftw.h>
#include <grp.h>
#include <libgen.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IMAP_PORT = 143 };

struct init {
	const struct front *f;
	struct cfg *c;
	char *root;           /* DIR.init */
	const char *base_port, *domain, *hostname, *world;
	bool production;
};

static bool parse_args(int argc, char **argv, struct init *in)
{
	in->base_port = "20000";
	in->domain = "example.jp";
	in->world = NULL;
	for (int i = 1; i < argc; i++) {
		const char **slot = strcmp(argv[i], "--base-port") == 0 ? &in->base_port
		                    : strcmp(argv[i], "--domain") == 0  ? &in->domain
		                    : strcmp(argv[i], "--hostname") == 0 ? &in->hostname
		                    : strcmp(argv[i], "--world") == 0   ? &in->world
		                                                        : NULL;
		if (strcmp(argv[i], "--production") == 0)
			in->production = true;
		else if (slot && i + 1 < argc)
			*slot = argv[++i];
		else
			return false;
	}
	return true;
}

/* A domain goes into a dozen configuration files: letters, digits, dots, hyphens. */
static bool domain_is_plain(const char *d)
{
	return *d && *d != '.' && *d != '-' && strlen(d) <= 200 &&
	       strspn(d, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(d) && strchr(d, '.') && !strstr(d, "..");
}

/* The chosen values go through the parser, so they meet the same bounds as a
 * file written by hand. */
static enum status make_cfg(struct init *in, struct err *e)
{
	uint8_t bytes[15];
	char random[25];
	struct sb t = SB_INIT;
	if (!domain_is_plain(in->domain))
		return err_set(e, ERR_PERM, "\"%s\" is no mail domain in lower case", in->domain);
	if (in->hostname && !domain_is_plain(in->hostname))
		return err_set(e, ERR_PERM, "\"%s\" is no host name in lower case", in->hostname);
	crypto_random(bytes, sizeof bytes);
	b32_encode(bytes, sizeof bytes, random);
	long port = strtol(in->base_port, NULL, 10);
	sb_addf(&t, "mode = %s\ndomain = %s\nbase_port = %s\n", in->production ? "production" : "private", in->domain,
	        in->base_port);
	sb_addf(&t, "hostname = %s%s\n", in->hostname ? "" : "mx.", in->hostname ? in->hostname : in->domain);
	sb_addf(&t, "smtp_inject = 127.0.0.1:%ld\nsmtp_bulk = 127.0.0.1:%ld\nsmtp_returns = 127.0.0.1:%ld\n", port + PORT_INJECT,
	        port + PORT_BULK, port + PORT_RETURNS);
	sb_addf(&t, "authserv_id = auth-%s\nmail_log = %s\n", random, in->production ? "/var/log/postfix.log" : "");
	sb_addf(&t, "world = %s\n", in->world ? in->world : in->production ? "direct" : "maildir");
	sb_addf(&t, "imap = 127.0.0.1:%ld\n", in->production ? IMAP_PORT : port + PORT_IMAP);
	if (in->production)
		sb_adds(&t, "dns = system\npostfix_dir = /etc/postfix\n");
	else
		sb_addf(&t, "dns = 127.0.0.1:%ld\nbackup_hour = 24\n", port + PORT_DNS);
	char *mail = instance_share(in->f, "mail"), *desk = instance_share(in->f, "desk"), *web = instance_share(in->f, "web"),
	     *feed = instance_share(in->f, "feed"), *diagnosis = instance_share(in->f, "diagnosis");
	sb_addf(&t, "templates = %s\ncategories = %s\nweb_templates = %s\nfeed_tables = %s\ndiagnosis = %s\n", mail, desk, web, feed,
	        diagnosis);
	if (in->production)
		sb_addf(&t, "web_host = %s%s\n", in->hostname ? "" : "mx.", in->hostname ? in->hostname : in->domain);
	free(mail), free(desk), free(web), free(feed), free(diagnosis);
	enum status st = cfg_parse("init", t.s, in->f->dir, &in->c, e);
	sb_free(&t);
	return st;
}

/* Postfix works as user postfix and must be able to walk to its queue; OpenDKIM
 * refuses keys below a folder that others may write to. */
static enum status check_place(const char *dir, struct err *e)
{
	char *path = xstrdup(dir);
	enum status st = OK;
	for (char *up = dirname(path); st == OK; up = dirname(up)) {
		struct stat s;
		bool there = stat(up, &s) == 0;
		if (there && !(s.st_mode & S_IXOTH))
			st = err_set(e, ERR_PERM, "%s is closed to other users, so Postfix can't work below it; "
			             "choose a folder below /var/lib or /srv", up);
		else if (there && (s.st_mode & S_IWOTH))
			st = err_set(e, ERR_PERM, "%s may be written to by anybody, so OpenDKIM refuses keys below it; "
			             "choose a folder below /var/lib or /srv", up);
		if (strcmp(up, "/") == 0)
			break;
	}
	free(path);
	return st;
}

static enum status check_ports(const struct cfg *c, struct err *e)
{
	static const int offsets[] = { PORT_MX, PORT_INJECT, PORT_BULK, PORT_RETURNS, PORT_DNS, PORT_IMAP, PORT_HTTPS, PORT_SUBMISSION };
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
		int one = 1, port = (int)c->base_port + offsets[i];
		struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
			                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
		bool is_free = bind(fd, (struct sockaddr *)&sa, sizeof sa) == 0;
		close(fd);
		if (!is_free)
			return err_set(e, ERR_EXISTS, "port %d is in use; choose another --base-port", port);
	}
	return OK;
}

static enum status check_first(struct init *in, struct err *e)
{
	const char *dir = in->f->dir;
	if (!dir)
		return err_set(e, ERR_PERM, "where? Say yorozu -C DIR init");
	if (geteuid() != 0)
		return err_set(e, ERR_DENIED, "an instance has its own Postfix, which needs root");
	if (in->production && !io_exists("/etc/postfix/main.cf"))
		return err_set(e, ERR_PERM, "the system's Postfix has no /etc/postfix/main.cf: see conf/INSTALL.md");
	if (strlen(dir) > 70 || strspn(dir, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") != strlen(dir))
		return err_set(e, ERR_PERM, "%s: a path of at most 70 plain letters, please (sockets live below it)", dir);
	if (io_exists(dir) && rmdir(dir) != 0)
		return err_set(e, ERR_EXISTS, "%s exists already and is not empty; nothing was changed", dir);
	enum status st = make_cfg(in, e);
	if (st == OK)
		st = check_place(dir, e);
	return st == OK && !in->production ? check_ports(in->c, e) : st;
}

/* The sockets below run/ are Postfix's to use: they inherit its group. */
const struct instance_place instance_places[] = {
	{ "keys", "root", "root", 0755, false },
	{ "store", "", "", 0750, false },
	{ "run", "", "postfix", 02755, false },
	{ "run/postfix", "postfix", "root", 0700, true },
	{ "run/opendkim", "opendkim", "postfix", 0750, false },
	{ "run/dovecot", "root", "root", 0755, true },
	{ "log", "", "", 0750, false },
	{ "mail", "", "", 0750, false },
	{ "world", "", "", 0750, true },
	{ "etc/postfix", "root", "root", 0755, false },
	{ "etc/dovecot", "root", "root", 0755, false },
	{ "etc/opendkim", "root", "root", 0755, false },
	{ "etc/unbound", "", "", 0755, true },
	{ "spool", "root", "root", 0755, true },
	{ "spool/private", "postfix", "root", 0700, true },
	{ "spool-files", "", "", 0700, false },
	{ "backup", "", "", 0700, false },
	{ "feed", "", "", 0750, false },
	{ NULL, NULL, NULL, 0, false },
};

static enum status give(const char *path, const char *user, const char *group, mode_t mode, struct err *e)
{
	struct passwd *pw = getpwnam(user);
	struct group *gr = getgrnam(group);
	if (!pw || !gr)
		return err_set(e, ERR_PERM, "user %s or group %s does not exist (make deps creates it)", user, group);
	if (chown(path, pw->pw_uid, gr->gr_gid) != 0 || chmod(path, mode) != 0)
		return err_sys(e, ERR_PERM, "%s", path);
	return OK;
}

static enum status make_folders(const struct init *in, struct err *e)
{
	enum status st = io_mkdirs(in->root, 0755, e);
	for (const struct instance_place *p = instance_places; st == OK && p->path; p++) {
		if (p->private_only && in->production)
			continue;
		const char *user = *p->user ? p->user : in->c->run_user, *group = *p->group ? p->group : in->c->run_user;
		char *path = xasprintf("%s/%s", in->root, p->path);
		st = io_mkdirs(path, p->mode, e);
		if (st == OK)
			st = give(path, user, group, p->mode, e);
		free(path);
	}
	return st;
}

/* DNS strings hold at most 255 bytes. */
static void txt_record(struct sb *b, const char *name, const char *value)
{
	sb_addf(b, "local-data: '%s. 60 IN TXT", name);
	for (size_t n = strlen(value); n; value += n < 250 ? n : 250, n -= n < 250 ? n : 250)
		sb_addf(b, " \"%.250s\"", value);
	sb_adds(b, "'\n");
}

static enum status make_zone(const struct init *in, struct err *e)
{
	const struct cfg *c = in->c;
	struct sb zone = SB_INIT, dkim = SB_INIT, ed = SB_INIT;
	char *path = xasprintf("%s/etc/unbound/zone.conf", in->root);
	char *selector = xasprintf("yorozu._domainkey.%s", c->domain), *dmarc = xasprintf("_dmarc.%s", c->domain);
	char *ed_selector = xasprintf("yorozu-ed._domainkey.%s", c->domain);
	enum status st = instance_dkim_record(in->root, &dkim, e);
	sb_addf(&zone, "local-data: '%s. 60 IN A 127.0.0.1'\nlocal-data: '%s. 60 IN MX 10 %s.'\n", c->hostname, c->domain,
	        c->hostname);
	txt_record(&zone, c->domain, "v=spf1 ip4:127.0.0.1 -all");
	txt_record(&zone, selector, dkim.s);
	if (st == OK)
		st = instance_dkim_ed25519(in->root, &ed, e);
	txt_record(&zone, ed_selector, ed.s);
	txt_record(&zone, dmarc, "v=DMARC1; p=reject; adkim=s; aspf=s");
	if (st == OK)
		st = io_write_file(path, 0644, zone.s, zone.len, e);
	sb_free(&zone), sb_free(&dkim), sb_free(&ed);
	free(path), free(selector), free(ed_selector), free(dmarc);
	return st;
}

static enum status give_keys(const struct init *in, struct err *e)
{
	char *dkim = xasprintf("%s/keys/dkim.private", in->root);
	enum status st = give(dkim, "opendkim", "opendkim", 0600, e);
	free(dkim);
	return st;
}

static enum status write_cfg(const struct init *in, struct err *e)
{
	struct sb text = SB_INIT;
	char *path = xasprintf("%s/yorozu.conf", in->root);
	cfg_print(in->c, &text);
	enum status st = io_write_file(path, 0644, text.s, text.len, e);
	sb_free(&text);
	free(path);
	return st;
}

static enum status make_clock(const struct init *in, struct err *e)
{
	if (in->production)
		return OK;
	char *path = xasprintf("%s/clock", in->root);
	enum status st = clk_set_offset(path, 0, e);
	free(path);
	return st;
}

static enum status build(const struct init *in, struct err *e)
{
	enum status st = make_folders(in, e);
	if (st == OK)
		st = write_cfg(in, e);
	if (st == OK)
		st = instance_make_keys(in->root, in->c, e);
	if (st == OK)
		st = give_keys(in, e);
	if (st == OK)
		st = instance_write_etc(in->root, in->c, in->f, e);
	if (st == OK)
		st = instance_write_edge(in->root, in->c, in->f, e);
	if (st == OK && !in->production)
		st = make_zone(in, e);
	return st == OK ? make_clock(in, e) : st;
}

/* The store is made by the user who will use it. */
static int make_store(void *arg)
{
	const struct front *f = arg;
	struct cfg *c = NULL;
	struct store *s = front_store("init", f, &c);
	if (!s)
		return 1;
	store_close(&s);
	cfg_free(&c);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static enum status finish(const struct init *in, struct err *e)
{
	if (rename(in->root, in->f->dir) != 0)
		return err_sys(e, ERR_PERM, "%s", in->f->dir);
	if (front_fork("init", make_store, (void *)in->f) != 0)
		return err_set(e, ERR_PERM, "the store in %s could not be made", in->f->dir);
	return instance_write_maps(in->c, NULL, 0, e);
}

static int run_init(int argc, char **argv, const struct front *f)
{
	struct err e;
	struct init in = { .f = f };
	if (!parse_args(argc, argv, &in))
		return front_usage(&cmd_init);
	enum status st = check_first(&in, &e);
	if (st == OK) {
		in.root = xasprintf("%s.init", f->dir);
		nftw(in.root, remove_one, 16, FTW_DEPTH | FTW_PHYS); /* left over from one that was cut off */
		st = build(&in, &e);
		if (st == OK)
			st = finish(&in, &e);
		if (st != OK)
			nftw(in.root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
	if (st == OK)
		printf("Instance %s (%s, %s) is ready.\n%s%s%s\n", f->dir, in.c->domain, in.c->mode,
		       in.production ? "Next: conf/INSTALL.md, then yorozu -C " : "Start it: yorozu -C ", f->dir,
		       in.production ? " check" : " start");
	free(in.root);
	cfg_free(&in.c);
	return st == OK ? 0 : front_fail("init", &e);
}

const struct front_cmd cmd_init = {
	"init", run_init, "init [--production] [--domain D] [--hostname H] [--base-port N] [--world maildir|discard|direct|relay:[H]:P]",
	"make an instance in DIR"
};
