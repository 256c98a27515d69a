#ifndef YOROZU_INSTANCE_H
#define YOROZU_INSTANCE_H
/*
 * What an instance consists of: its ports, its files, its daemons. In production
 * Postfix, Dovecot and OpenDKIM are the system's.
 * Only the front command's instance_*.c and the commands on instances use it.
 */
#include "base/cfg.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "front.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { PORT_MX = 25, PORT_INJECT = 26, PORT_BULK = 27, PORT_RETURNS = 28, PORT_DNS = 53, PORT_IMAP = 143, PORT_HTTPS = 443, PORT_SUBMISSION = 587 };

/* A value for the @NAME@ of a template. */
struct render_var {
	const char *name, *value;
};

/* instance_render.c: the file's text with each @NAME@ replaced; an unknown name
 * is an error that names file and line. vars ends with {NULL, NULL}. */
enum status instance_render(const char *path, const struct render_var *vars, struct sb *out, struct err *e) must_check;
/* Where the templates and mail texts are: beside the build, or installed. */
char *instance_share(const struct front *f, const char *relative);

/* instance_etc.c: the mail servers' files in root/etc. */
enum status instance_write_etc(const char *root, const struct cfg *c, const struct front *f, struct err *e) must_check;
/* The same for a private instance, if yorozu.conf or the templates were changed
 * since: what was edited by hand stays until then. */
enum status instance_refresh_etc(const struct cfg *c, const struct front *f, struct err *e) must_check;

/* cmd_init.c: the folders of an instance; the last has no path. */
struct instance_place {
	const char *path, *user, *group; /* "" user: run_user */
	mode_t mode;
	bool private_only;
};
extern const struct instance_place instance_places[];

/* instance_keys.c: everything under DIR/keys. `root` is where it is being made
 * (not yet at its final place). */
enum status instance_make_keys(const char *root, const struct cfg *c, struct err *e) must_check;
/* The DKIM public key as a TXT value ("v=DKIM1; …"). */
enum status instance_dkim_record(const char *root, struct sb *out, struct err *e) must_check;

/* The newsletter's second key, Ed25519 (selector yorozu-ed). */
enum status instance_dkim_ed25519(const char *root, struct sb *out, struct err *e) must_check;

/* instance_maps.c: who can receive mail here and log in. Written from the store
 * by `yorozu staff`; atomic, and Postfix and Dovecot notice by themselves. */
struct map_staff {
	const char *login, *address, *hash; /* hash: crypt(3) text; NULL or "": no login */
	bool editor;                        /* of the newsletter */
};
/* Postfix's configuration folder. malloc'ed. */
char *instance_postfix_dir(const struct cfg *c);
enum status instance_write_maps(const struct cfg *c, const struct map_staff *v, size_t n, struct err *e) must_check;

/* instance_edge.c: the web server's files, in root/etc/nginx, from the
 * configuration as it is now; in production only what its site includes. */
enum status instance_write_edge(const char *root, const struct cfg *c, const struct front *f, struct err *e) must_check;

/* instance_parts.c: the daemons. */
enum part_id { PART_DNS, PART_OPENDKIM, PART_DOVECOT, PART_MILTER, PART_POSTFIX, PART_MAILER, PART_BULK, PART_INGEST, PART_EDGE, PARTS };
enum { PART_PORTS = 5 };
struct part_state {
	const char *name, *does;
	pid_t pid;      /* 0: not running */
	bool ready;     /* answers on its socket or port */
	bool present;   /* its program is installed */
	int ports[PART_PORTS];   /* 0 = none */
	long uptime;    /* seconds */
};
int part_by_name(const char *name); /* -1: unknown */
void part_look(const struct cfg *c, const struct front *f, enum part_id id, struct part_state *r);
/* Starts it unless it runs, and waits until it is ready. */
enum status part_start(const struct cfg *c, const struct front *f, enum part_id id, struct err *e) must_check;
pid_t part_terminate(const struct cfg *c, enum part_id id); /* asks it to leave; 0: it did not run */
void part_wait_gone(pid_t pid);                             /* and makes sure */
bool instance_port_answers(int port);                       /* on loopback, whoever it is */

#endif
