/*
 * Keys of an instance: master key, DKIM, TLS, and the one password under which
 * a developer reads the outside world's mailboxes.
 * SECURITY: everything here is 0600 and belongs to the daemon that reads it.
 */
#include "instance.h"
#include "base/crypto.h"
#include "base/crypto_sign.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status openssl(const char *what, char *const argv[], struct err *e)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int rc = proc_run(argv, null, e);
	close(null);
	return rc == 0 ? OK : err_set(e, ERR_PERM, "openssl could not make the %s (status %d)", what, rc);
}

static enum status make_tls(const char *root, const struct cfg *c, struct err *e)
{
	char *key = xasprintf("%s/keys/tls.key", root), *crt = xasprintf("%s/keys/tls.crt", root);
	char *subject = xasprintf("/CN=%s", c->hostname);
	char *alt = xasprintf("subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1", c->hostname);
	char *argv[] = { "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", subject,
		         "-addext", alt, "-keyout", key, "-out", crt, NULL };
	enum status st = openssl("TLS certificate", argv, e);
	if (st == OK && (chmod(key, 0600) != 0 || chmod(crt, 0644) != 0))
		st = err_sys(e, ERR_PERM, "%s", key);
	free(key), free(crt), free(subject), free(alt);
	return st;
}

static enum status make_dkim(const char *root, struct err *e)
{
	char *key = xasprintf("%s/keys/dkim.private", root), *pub = xasprintf("%s/keys/dkim.public", root);
	char *ed = xasprintf("%s/keys/dkim-ed25519.private", root);
	char *make_ed[] = { "openssl", "genpkey", "-algorithm", "ed25519", "-out", ed, NULL };
	char *make[] = { "openssl", "genrsa", "-out", key, "2048", NULL };
	char *publish[] = { "openssl", "rsa", "-in", key, "-pubout", "-out", pub, NULL };
	enum status st = openssl("DKIM key", make, e);
	if (st == OK)
		st = openssl("DKIM public key", publish, e);
	if (st == OK)
		st = openssl("Ed25519 key", make_ed, e);
	if (st == OK && (chmod(key, 0600) != 0 || chmod(ed, 0600) != 0))
		st = err_sys(e, ERR_PERM, "%s", key);
	free(key), free(pub), free(ed);
	return st;
}

static enum status make_world_password(const char *root, struct err *e)
{
	uint8_t bytes[10];
	char text[18];
	char *path = xasprintf("%s/keys/world.password", root);
	crypto_random(bytes, sizeof bytes);
	b32_encode(bytes, sizeof bytes, text);
	enum status st = io_write_file(path, 0600, text, strlen(text), e);
	free(path);
	return st;
}

enum status instance_make_keys(const char *root, const struct cfg *c, struct err *e)
{
	char *master = xasprintf("%s/keys/master.key", root);
	enum status st = crypto_key_create(master, e);
	free(master);
	if (st == OK)
		st = make_dkim(root, e);
	if (st == OK)
		st = make_tls(root, c, e);
	return st == OK && cfg_is_private(c) ? make_world_password(root, e) : st;
}

enum status instance_dkim_record(const char *root, struct sb *out, struct err *e)
{
	char *path = xasprintf("%s/keys/dkim.public", root);
	struct sb pem = SB_INIT;
	enum status st = io_read_file(path, 1 << 16, &pem, e);
	free(path);
	sb_adds(out, "v=DKIM1; k=rsa; p=");
	for (const char *p = pem.s; st == OK && *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (*p != '-')
			sb_add(out, p, strcspn(p, "\r\n"));
	sb_free(&pem);
	return st;
}

enum status instance_dkim_ed25519(const char *root, struct sb *out, struct err *e)
{
	char *path = xasprintf("%s/keys/dkim-ed25519.private", root);
	struct sign_key *k;
	struct sb raw = SB_INIT;
	enum status st = sign_key_load(path, &k, e);
	if (st == OK) {
		sign_public(k, &raw);
		sb_adds(out, "v=DKIM1; k=ed25519; p=");
		b64_encode(raw.s, raw.len, out);
	}
	sign_key_free(&k);
	sb_free(&raw);
	free(path);
	return st;
}
