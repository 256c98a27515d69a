/* Keys, folders, room on the disk, the TLS certificate. */
#include "checkup.h"
#include "base/xalloc.h"
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { ROOM_MAILS = 4, INODES_MIN = 1000, TLS_WARN_DAYS = 21 };
#define ROOM_WARN ((int64_t)1 << 30)

static const char *name_of(uid_t uid, char buf[32])
{
	struct passwd *pw = getpwuid(uid);
	snprintf(buf, 32, "%s", pw ? pw->pw_name : "nobody we know");
	return buf;
}

static bool belongs(uid_t uid, const char *user)
{
	struct passwd *pw = getpwnam(user);
	return pw && pw->pw_uid == uid;
}

/* ---- keys -------------------------------------------------------------------- */

/* owner: who may have it besides root. False, and said why, if anybody else can
 * read it. */
static bool secret_ok(struct check *k, const char *path, const char *owner)
{
	struct stat st;
	char who[32];
	if (stat(path, &st) != 0)
		check_say(k, CHECK_FAIL, "keys", "%s: %s. Put it back from its copy", path, strerror(errno));
	else if (st.st_mode & 077)
		check_say(k, CHECK_FAIL, "keys", "%s has mode %03o, so others can read it: chmod 600 %s", path,
		          (unsigned)st.st_mode & 0777, path);
	else if (st.st_uid != 0 && !belongs(st.st_uid, owner))
		check_say(k, CHECK_FAIL, "keys", "%s belongs to %s: chown %s %s", path, name_of(st.st_uid, who), owner, path);
	else
		return true;
	return false;
}

static void keys(struct check *k)
{
	const struct { const char *path, *owner; bool private_only; } v[] = {
		{ "keys/master.key", k->c->run_user, false }, { "keys/dkim.private", "opendkim", false },
		{ "keys/tls.key", "root", false }, { "keys/world.password", "root", true },
		{ "etc/dovecot/dovecot.conf", "root", true },
	};
	int good = 0, n = 0;
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		if (v[i].private_only && !cfg_is_private(k->c))
			continue;
		char *path = cfg_path(k->c, v[i].path);
		n++;
		good += secret_ok(k, path, v[i].owner);
		free(path);
	}
	if (good == n)
		check_say(k, CHECK_OK, "keys", "%d secret files, each its owner's alone", n);
}

/* ---- folders ------------------------------------------------------------------- */

static bool folder_ok(struct check *k, const struct instance_place *p)
{
	struct stat st;
	char who[32], *path = cfg_path(k->c, p->path);
	const char *owner = *p->user ? p->user : k->c->run_user;
	bool good = false;
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		check_say(k, CHECK_FAIL, "folders", "%s is missing: mkdir it, owner %s, mode %03o", path, owner,
		          (unsigned)p->mode & 0777);
	else if (!belongs(st.st_uid, owner))
		check_say(k, CHECK_FAIL, "folders", "%s belongs to %s: chown %s %s", path, name_of(st.st_uid, who), owner, path);
	else if (st.st_mode & ~p->mode & 022)
		check_say(k, CHECK_FAIL, "folders", "%s can be written to by others: chmod %03o %s", path,
		          (unsigned)p->mode & 07777, path);
	else
		good = true;
	free(path);
	return good;
}

static void folders(struct check *k)
{
	int good = 0, n = 0;
	if (!getpwnam(k->c->run_user)) {
		check_say(k, CHECK_FAIL, "folders", "user %s (run_user) does not exist: see conf/INSTALL.md", k->c->run_user);
		return;
	}
	for (const struct instance_place *p = instance_places; p->path; p++) {
		if (p->private_only && !cfg_is_private(k->c))
			continue;
		n++;
		good += folder_ok(k, p);
	}
	if (good == n)
		check_say(k, CHECK_OK, "folders", "%d folders below %s", n, k->c->dir);
}

/* ---- room ---------------------------------------------------------------------- */

static bool room_ok(struct check *k, const char *path)
{
	struct statvfs v;
	if (statvfs(path, &v) != 0)
		return true; /* a missing folder was told already */
	int64_t room = (int64_t)v.f_bavail * (int64_t)v.f_frsize, least = ROOM_MAILS * k->c->message_max;
	if (room >= ROOM_WARN && (!v.f_files || v.f_favail >= INODES_MIN))
		return true;
	if (v.f_files && v.f_favail < INODES_MIN)
		check_say(k, CHECK_FAIL, "disk", "%s: only %lld more files fit: make room", path, (long long)v.f_favail);
	else
		check_say(k, room < least ? CHECK_FAIL : CHECK_WARN, "disk", "%s: %lld MB free: make room", path,
		          (long long)(room >> 20));
	return false;
}

static void disk(struct check *k)
{
	static const char *const ours[] = { "store", "log", "mail" };
	char *paths[4] = { NULL };
	dev_t seen[4] = { 0 };
	int n = 0, good = 0;
	for (int i = 0; i < 4; i++) {
		struct stat st;
		paths[i] = i < 3 ? cfg_path(k->c, ours[i]) : check_postconf(k, "queue_directory");
		bool again = stat(paths[i], &st) != 0;
		for (int j = 0; j < n && !again; j++)
			again = seen[j] == st.st_dev;
		if (again)
			continue;
		seen[n++] = st.st_dev;
		good += room_ok(k, paths[i]);
	}
	if (good == n)
		check_say(k, CHECK_OK, "disk", "more than %lld MB free", (long long)(ROOM_WARN >> 20));
	for (int i = 0; i < 4; i++)
		free(paths[i]);
}

void check_files(struct check *k)
{
	keys(k);
	folders(k);
	disk(k);
}

/* ---- TLS ----------------------------------------------------------------------- */

static bool lasts(const char *crt, int days)
{
	char *seconds = xasprintf("%d", days * 86400);
	struct sb out = SB_INIT;
	char *argv[] = { "openssl", "x509", "-noout", "-in", (char *)crt, "-checkend", seconds, NULL };
	bool yes = check_run(argv, &out) == 0;
	sb_free(&out);
	free(seconds);
	return yes;
}

static bool names(const char *crt, const char *host)
{
	struct sb out = SB_INIT;
	char *argv[] = { "openssl", "x509", "-noout", "-in", (char *)crt, "-checkhost", (char *)host, NULL };
	bool yes = check_run(argv, &out) == 0 && strstr(out.s, "does match");
	sb_free(&out);
	return yes;
}

static bool belong_together(const char *crt, const char *key)
{
	struct sb a = SB_INIT, b = SB_INIT;
	char *of_crt[] = { "openssl", "x509", "-noout", "-in", (char *)crt, "-pubkey", NULL };
	char *of_key[] = { "openssl", "pkey", "-in", (char *)key, "-pubout", NULL };
	bool yes = check_run(of_crt, &a) == 0 && check_run(of_key, &b) == 0 && strcmp(a.s, b.s) == 0;
	sb_free(&a), sb_free(&b);
	return yes;
}

/* The certificate that Postfix shows; by the real date, as clients see it. */
void check_tls(struct check *k)
{
	char *crt = check_postconf(k, "smtpd_tls_cert_file"), *key = check_postconf(k, "smtpd_tls_key_file");
	if (!*crt || !*key)
		check_say(k, CHECK_FAIL, "tls", "Postfix has no smtpd_tls_cert_file and smtpd_tls_key_file: staff can't log in");
	else if (!belong_together(crt, key))
		check_say(k, CHECK_FAIL, "tls", "%s and %s can't be read or don't belong together", crt, key);
	else if (!lasts(crt, 0))
		check_say(k, CHECK_FAIL, "tls", "%s has expired: renew it", crt);
	else if (!lasts(crt, TLS_WARN_DAYS))
		check_say(k, CHECK_WARN, "tls", "%s expires within %d days: renew it", crt, TLS_WARN_DAYS);
	else if (!names(crt, k->c->hostname))
		check_say(k, CHECK_WARN, "tls", "%s is not for %s: senders and mail clients will complain", crt, k->c->hostname);
	else
		check_say(k, CHECK_OK, "tls", "%s is for %s and lasts", crt, k->c->hostname);
	free(crt), free(key);
}
