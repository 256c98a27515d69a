/*
 * Postfix, Dovecot and OpenDKIM: does each accept its configuration, and is the
 * desk wired into it, so that no mail gets past it? In production these are the
 * system's; the same lines are asked of them.
 */
#include "checkup.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LOG_MAX = 1 << 20 };

/* ---- Postfix: does it like its files? ---------------------------------------------- */

static int run_postfix(const struct check *k, const char *program, const char *arg, struct sb *out)
{
	char *dir = instance_postfix_dir(k->c);
	char *argv[] = { (char *)program, "-c", dir, (char *)arg, NULL };
	int rc = check_run(argv, out);
	free(dir);
	return rc;
}

static off_t log_size(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? st.st_size : 0;
}

/* Without a terminal `postfix check` complains to Postfix's log only. */
static void new_complaint(const char *path, off_t from, struct sb *out)
{
	struct sb log = SB_INIT;
	if (log_size(path) <= LOG_MAX * 64 && io_read_file(path, LOG_MAX * 64, &log, NULL) == OK && (off_t)log.len > from)
		for (const char *p = log.s + from; *p; p += strcspn(p, "\n"), p += *p == '\n') {
			const char *at = strstr(p, "postfix-script"), *end = p + strcspn(p, "\n");
			const char *what = at && at < end ? strstr(at, "]: ") : NULL;
			if (what && what < end && (strncmp(what + 3, "warning", 7) == 0 || strncmp(what + 3, "fatal", 5) == 0 ||
			                           strncmp(what + 3, "error", 5) == 0))
				sb_addf(out, "%.*s\n", (int)(end - what - 3), what + 3);
		}
	sb_free(&log);
}

static bool files_ok(struct check *k)
{
	char line[208];
	struct sb said = SB_INIT, out = SB_INIT;
	char *log = *k->c->mail_log ? xstrdup(k->c->mail_log) : cfg_path(k->c, "log/mail.log");
	off_t before = log_size(log);
	int rc = run_postfix(k, "postfix", "check", &out);
	new_complaint(log, before, &said);
	sb_add(&said, out.s, out.len);
	bool good = rc == 0 && !said.len;
	if (!good)
		check_say(k, rc ? CHECK_FAIL : CHECK_WARN, "postfix", "postfix check: %s",
		          said.len ? check_first_line(&said, line) : "failed; see Postfix's log");
	sb_free(&said), sb_free(&out);
	free(log);
	return good;
}

/* postconf warns of parameters that nobody reads, on standard error. */
static bool parameters_ok(struct check *k)
{
	char line[208];
	struct sb out = SB_INIT;
	int rc = run_postfix(k, "postconf", "-n", &out);
	const char *warned = strstr(out.s, ": warning: ");
	if (warned) {
		struct sb w = SB_INIT;
		sb_adds(&w, warned + 11);
		check_say(k, CHECK_WARN, "postfix", "%s", check_first_line(&w, line));
		sb_free(&w);
	} else if (rc != 0) {
		check_say(k, CHECK_FAIL, "postfix", "postconf: %s", check_first_line(&out, line));
	}
	sb_free(&out);
	return rc == 0 && !warned;
}

/* ---- Postfix: the desk's place in it ------------------------------------------------- */

static bool listed(const char *list, const char *word)
{
	size_t len = strlen(word);
	for (const char *p = list; *p;) {
		size_t n = strcspn(p, ", \t");
		if (n == len && strncasecmp(p, word, n) == 0)
			return true;
		p += n;
		p += strspn(p, ", \t");
	}
	return false;
}

/* Value of SERVICE/inet/NAME in the output of postconf -P; "" if none. */
static char *service_value(const char *params, const char *service, const char *name)
{
	char *key = xasprintf("%s/inet/%s = ", service, name), *value = NULL;
	for (const char *p = params; *p && !value; p += strcspn(p, "\n"), p += *p == '\n')
		if (strncmp(p, key, strlen(key)) == 0)
			value = xstrndup(p + strlen(key), strcspn(p + strlen(key), "\n"));
	free(key);
	return value ? value : xstrdup("");
}

static bool tempfails(const char *action)
{
	return strcmp(action, "tempfail") == 0;
}

/* One listener that hands its mail to the desk. */
static bool listener_ok(struct check *k, const char *params, const char *service, const char *milters)
{
	char *action = service_value(params, service, "milter_default_action");
	const char *inner = strstr(milters, "default_action");
	bool good = (!*action || tempfails(action)) && !inner;
	if (!good)
		check_say(k, CHECK_FAIL, "milter", "%s has a milter_default_action of its own: take it out, or mail passes "
		          "unseen when the milter is away", service);
	free(action);
	return good;
}

struct wiring {
	bool mx, submission, good;
};

static void look_at_services(struct check *k, const char *params, struct wiring *w)
{
	static const char tail[] = "/inet/smtpd_milters = ";
	char *sock = cfg_path(k->c, "run/milter.sock");
	for (const char *p = params; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		const char *at = strstr(p, tail);
		if (!at || at > p + strcspn(p, "\n"))
			continue;
		char *service = xstrndup(p, (size_t)(at - p));
		char *milters = service_value(params, service, "smtpd_milters");
		char *side = service_value(params, service, "milter_macro_daemon_name");
		if (strstr(milters, sock)) {
			w->mx = w->mx || strcmp(side, "mx") == 0;
			w->submission = w->submission || strcmp(side, "submission") == 0;
			w->good = listener_ok(k, params, service, milters) && w->good;
			if (strcmp(service, k->c->smtp_inject) == 0) {
				check_say(k, CHECK_FAIL, "milter", "the mailer's own door %s hands mail to the desk: it would go "
				          "round; take the desk out of its smtpd_milters", service);
				w->good = false;
			}
		}
		free(service), free(milters), free(side);
	}
	free(sock);
}

static void milters(struct check *k)
{
	struct sb params = SB_INIT;
	struct wiring w = { .good = true };
	char *action = check_postconf(k, "milter_default_action");
	run_postfix(k, "postconf", "-P", &params);
	look_at_services(k, params.s, &w);
	char *door = service_value(params.s, k->c->smtp_inject, "milter_macro_daemon_name");
	char *bulk = service_value(params.s, k->c->smtp_bulk, "milter_macro_daemon_name");
	if (!tempfails(action))
		check_say(k, CHECK_FAIL, "milter", "milter_default_action = %s: set it to tempfail, or mail passes unseen "
		          "when the milter is away", action);
	else if (!w.mx || !w.submission)
		check_say(k, CHECK_FAIL, "milter", "no %s listener hands its mail to %s/run/milter.sock (smtpd_milters and "
		          "milter_macro_daemon_name in master.cf)", w.mx ? "submission" : "mx", k->c->dir);
	else if (strcmp(door, "inject") != 0)
		check_say(k, CHECK_FAIL, "milter", "master.cf has no inject listener on %s (smtp_inject)", k->c->smtp_inject);
	else if (strcmp(bulk, "bulk") != 0)
		check_say(k, CHECK_FAIL, "milter", "master.cf has no bulk listener on %s (smtp_bulk)", k->c->smtp_bulk);
	else if (w.good)
		check_say(k, CHECK_OK, "milter", "on the mx and submission listeners; tempfail when it is away");
	sb_free(&params);
	free(action), free(door), free(bulk);
}

static bool older(const char *a, const char *b)
{
	struct stat x, y;
	return stat(a, &x) == 0 && stat(b, &y) == 0 &&
	       (x.st_mtim.tv_sec < y.st_mtim.tv_sec ||
	        (x.st_mtim.tv_sec == y.st_mtim.tv_sec && x.st_mtim.tv_nsec < y.st_mtim.tv_nsec));
}

/* Is our domain delivered by our maps, and by nothing before them? */
static void recipients(struct check *k)
{
	char *local = check_postconf(k, "mydestination"), *virtual = check_postconf(k, "virtual_mailbox_domains");
	char *maps = check_postconf(k, "virtual_mailbox_maps"), *transport = check_postconf(k, "transport_maps");
	char *ours = cfg_path(k->c, "etc/postfix/recipients"), *db = xasprintf("%s.db", ours);
	char *desk = xasprintf("%s@%s=", k->c->desk_localpart, k->c->domain), *returns = xasprintf("bounce@%s=desk-returns:", k->c->domain);
	if (listed(local, k->c->domain))
		check_say(k, CHECK_FAIL, "recipients", "mydestination names %s, so mail goes to system users: take it out",
		          k->c->domain);
	else if (!listed(virtual, k->c->domain) || !strstr(maps, ours))
		check_say(k, CHECK_FAIL, "recipients", "virtual_mailbox_domains needs %s, virtual_mailbox_maps hash:%s",
		          k->c->domain, ours);
	else if (!strstr(transport, desk))
		check_say(k, CHECK_FAIL, "recipients", "transport_maps must keep %.*s for the desk alone (etc/postfix)",
		          (int)strlen(desk) - 1, desk);
	else if (!strstr(transport, returns))
		check_say(k, CHECK_FAIL, "recipients", "transport_maps must hand %.*s to the desk by desk-returns, or nobody learns "
		          "what this Postfix could not deliver (etc/postfix)", (int)strcspn(returns, "="), returns);
	else if (!io_exists(db) || older(db, ours))
		check_say(k, CHECK_FAIL, "recipients", "%s is missing or old: yorozu -C %s staff maps", db, k->c->dir);
	else
		check_say(k, CHECK_OK, "recipients", "%s", ours);
	free(local), free(virtual), free(maps), free(transport), free(ours), free(db), free(desk), free(returns);
}

/* Without the list nobody can send; an old one lets a login that is gone. */
static void senders(struct check *k)
{
	char *ours = cfg_path(k->c, "etc/postfix/senders"), *db = xasprintf("%s.db", ours);
	if (!io_exists(db) || older(db, ours))
		check_say(k, CHECK_FAIL, "senders", "%s is missing or old: yorozu -C %s staff maps", db, k->c->dir);
	else
		check_say(k, CHECK_OK, "senders", "%s", ours);
	free(ours), free(db);
}

void check_postfix(struct check *k)
{
	bool files = files_ok(k), parameters = parameters_ok(k);
	if (files && parameters)
		check_say(k, CHECK_OK, "postfix", "accepts its configuration");
	milters(k);
	recipients(k);
	senders(k);
}

/* ---- Dovecot and OpenDKIM ------------------------------------------------------------ */

void check_dovecot(struct check *k)
{
	char line[208];
	struct sb out = SB_INIT;
	char *conf = cfg_path(k->c, "etc/dovecot/dovecot.conf"), *staff = cfg_path(k->c, "etc/dovecot/staff");
	/* -x reads the files that are named too (certificates); nothing of it is told. */
	char *ours[] = { "doveconf", "-c", conf, "-nx", NULL }, *systems[] = { "doveconf", "-nx", NULL };
	int rc = check_run(cfg_is_private(k->c) ? ours : systems, &out);
	const char *why = strstr(out.s, "Error: ");
	if (!why)
		why = strstr(out.s, "Fatal: ");
	struct sb first = SB_INIT;
	sb_adds(&first, why ? why + 7 : out.s);
	if (rc != 0 || why)
		check_say(k, CHECK_FAIL, "dovecot", "%s", check_first_line(&first, line));
	else if (!strstr(out.s, staff))
		check_say(k, CHECK_FAIL, "dovecot", "has no passdb and userdb for %s: include %s/etc/dovecot/yorozu.conf in "
		          "/etc/dovecot/local.conf", staff, k->c->dir);
	else if (!strstr(out.s, "private/dovecot-lmtp") || !strstr(out.s, "private/auth"))
		check_say(k, CHECK_FAIL, "dovecot", "has no lmtp and auth sockets in Postfix's queue folder");
	else if (*k->c->imap && !strstr(out.s, "etc/dovecot/master"))
		check_say(k, CHECK_WARN, "dovecot", "has no passdb for %s/etc/dovecot/master: mails are not marked with the state "
		          "of their ticket; see conf/INSTALL.md, or empty imap", k->c->dir);
	else
		check_say(k, CHECK_OK, "dovecot", "accepts its configuration; staff log in by %s", staff);
	sb_free(&out), sb_free(&first);
	free(conf), free(staff);
}

void check_opendkim(struct check *k)
{
	char line[208];
	struct sb out = SB_INIT, text = SB_INIT;
	char *conf = cfg_is_private(k->c) ? cfg_path(k->c, "etc/opendkim/opendkim.conf") : xstrdup("/etc/opendkim.conf");
	char *key = cfg_path(k->c, "keys/dkim.private");
	char *argv[] = { "opendkim", "-n", "-x", conf, NULL };
	int rc = check_run(argv, &out);
	if (rc != 0)
		check_say(k, CHECK_FAIL, "opendkim", "%s", check_first_line(&out, line));
	else if (io_read_file(conf, 1 << 20, &text, NULL) != OK || !strstr(text.s, k->c->authserv_id) || !strstr(text.s, key))
		check_say(k, CHECK_FAIL, "opendkim", "%s must have KeyFile %s and AuthservID as authserv_id in yorozu.conf", conf,
		          key);
	else
		check_say(k, CHECK_OK, "opendkim", "accepts its configuration; signs with %s", key);
	sb_free(&out), sb_free(&text);
	free(conf), free(key);
}
