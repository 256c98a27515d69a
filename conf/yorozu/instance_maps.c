/*
 * Postfix's lists of who can receive mail here and who may send as whom, and
 * Dovecot's of who can log in, written from the store's staff table; and the desk's own login.
 */
#include "instance.h"
#include "base/io.h"
#include "base/password.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The desk's addresses are accepted, but only the milter can take them. */
static void recipients(const struct cfg *c, const struct map_staff *v, size_t n, struct sb *out)
{
	const char *const ours[] = { c->desk_localpart, "bounce", "news", "stop", c->news_from, c->news_to, c->news_edit,
	                             c->diagnosis_localpart };
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		sb_addf(out, "%s@%s desk\n", ours[i], c->domain);
	for (size_t i = 0; i < n; i++)
		sb_addf(out, "%s %s\n", v[i].address, v[i].login);
	if (n)
		sb_addf(out, "postmaster@%s %s\n", c->domain, v[0].login);
}

/* Which login may send as what: his own address, and the role's: postmaster whose
 * mail is in his mailbox, the newsletter's if he edits it. The desk's own is
 * nobody's: answers go by their ticket. */
static void senders(const struct cfg *c, const struct map_staff *v, size_t n, struct sb *out)
{
	bool any = false;
	for (size_t i = 0; i < n; i++)
		if (v[i].editor) {
			if (!any)
				sb_addf(out, "%s@%s ", c->news_from, c->domain);
			sb_addf(out, "%s%s", any ? "," : "", v[i].login);
			any = true;
		}
	sb_adds(out, any ? "\n" : "");
	for (size_t i = 0; i < n; i++)
		sb_addf(out, "%s %s\n", v[i].address, v[i].login);
	if (n)
		sb_addf(out, "postmaster@%s %s\n", c->domain, v[0].login);
}

/* One line for the login, one for the address (as LMTP names it): one mailbox.
 * "!" is no hash of any password. */
static enum status logins(const struct cfg *c, const struct map_staff *v, size_t n, struct sb *out, struct err *e)
{
	struct passwd *pw = getpwnam(c->run_user);
	if (!pw)
		return err_set(e, ERR_PERM, "user %s does not exist (make deps creates it)", c->run_user);
	for (size_t i = 0; i < 2 * n; i++) {
		const struct map_staff *s = &v[i / 2];
		const char *hash = s->hash && *s->hash ? s->hash : "!";
		sb_addf(out, "%s:%s:%d:%d::%s/mail/%s::userdb_mail=maildir:%s/mail/%s\n", i % 2 ? s->address : s->login,
		        hash, (int)pw->pw_uid, (int)pw->pw_gid, c->dir, s->login, c->dir, s->login);
	}
	return OK;
}

char *instance_postfix_dir(const struct cfg *c)
{
	return *c->postfix_dir ? xstrdup(c->postfix_dir) : cfg_path(c, "etc/postfix");
}

static enum status postmap(const struct cfg *c, const char *path, struct err *e)
{
	char *dir = instance_postfix_dir(c);
	char *spec = xasprintf("hash:%s", path);
	char *argv[] = { "postmap", "-c", dir, spec, NULL };
	int rc = proc_run(argv, -1, e);
	free(dir), free(spec);
	return rc == 0 ? OK : err_set(e, ERR_PERM, "postmap of %s failed (status %d)", path, rc);
}

/* Dovecot's auth process reads the logins; nobody else needs the hashes. */
static enum status give_to_dovecot(const char *path, struct err *e)
{
	struct passwd *pw = getpwnam("dovecot");
	if (geteuid() != 0 || !pw)
		return OK;
	return chown(path, 0, pw->pw_gid) == 0 ? OK : err_sys(e, ERR_PERM, "%s", path);
}

/* Who marks the mails of all mailboxes (mailer/imap_state.h): from this machine only. */
static enum status write_master(const struct cfg *c, struct err *e)
{
	uint8_t master[KEY_LEN];
	char password[DESK_PASSWORD_SIZE], *key = cfg_path(c, "keys/master.key"), *path = cfg_path(c, "etc/dovecot/master");
	struct sb b = SB_INIT;
	enum status st = crypto_key_load(key, master, e);
	if (st == OK) {
		password_of_desk(master, password);
		sb_adds(&b, DESK_LOGIN ":");
		st = password_hash(password, &b, e);
		sb_adds(&b, "::::::allow_nets=127.0.0.1/32,::1/128\n");
	}
	if (st == OK)
		st = io_write_file(path, 0640, b.s, b.len, e);
	if (st == OK)
		st = give_to_dovecot(path, e);
	crypto_wipe(master, sizeof master);
	crypto_wipe(password, sizeof password);
	sb_free(&b);
	free(key), free(path);
	return st;
}

static enum status write_postfix_map(const struct cfg *c, const char *relative, const struct sb *text, struct err *e)
{
	char *path = cfg_path(c, relative);
	enum status st = io_write_file(path, 0644, text->s, text->len, e);
	if (st == OK)
		st = postmap(c, path, e);
	free(path);
	return st;
}

enum status instance_write_maps(const struct cfg *c, const struct map_staff *v, size_t n, struct err *e)
{
	struct sb rcpt = SB_INIT, send = SB_INIT, login = SB_INIT;
	char *login_path = cfg_path(c, "etc/dovecot/staff");
	recipients(c, v, n, &rcpt);
	senders(c, v, n, &send);
	enum status st = logins(c, v, n, &login, e);
	if (st == OK)
		st = io_write_file(login_path, 0640, login.s, login.len, e);
	if (st == OK)
		st = give_to_dovecot(login_path, e);
	if (st == OK)
		st = write_master(c, e);
	if (st == OK)
		st = write_postfix_map(c, "etc/postfix/recipients", &rcpt, e);
	if (st == OK)
		st = write_postfix_map(c, "etc/postfix/senders", &send, e);
	sb_free(&rcpt);
	sb_free(&send);
	sb_free(&login);
	free(login_path);
	return st;
}
