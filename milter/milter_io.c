/*
 * The milter protocol (libmilter): collecting mails, applying verdicts.
 *
 * Ownership: the connection's state hangs on smfi_setpriv; everything of one
 * mail lives in the arena of its struct collect, freed by mail_reset(), which
 * every end of a mail passes (end of message, abort, close, the next MAIL).
 * Callbacks are reentrant: nothing is shared but the immutable desk and the room.
 * SECURITY: every byte of every callback but Postfix's macros is hostile.
 */
#include "milter_io.h"
#include "auth_authres.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/xalloc.h"
#include "room.h"
#include "text/begins.h"
#include <errno.h>
#include <grp.h>
#include <libmilter/mfapi.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_RCPTS = 2000, MAX_AUTHRES = 100, BIG = 1 << 20 };

static const struct desk *the_desk; /* set before threads start */

struct collect { /* one mail */
	struct arena *arena;
	struct desk_mail mail;
	struct desk_rcpt *rcpts;
	size_t cap;
	struct sb raw;
	int authres;          /* Authentication-Results fields seen */
	size_t room;          /* of what we took */
	bool body, too_big, no_room;
};

struct conn {
	char *client_ip, *client_name, *helo;
	enum desk_side side;
	bool returns;         /* what our own Postfix could not deliver */
	sfsistat go_on;       /* after what we never refuse, see SILENT */
	struct collect *c;    /* NULL between mails */
};

/* To the system: glibc would keep what a rare mail needed. */
static void trim(size_t n)
{
	if (n > BIG)
		malloc_trim(0);
}

static void mail_reset(struct conn *k)
{
	if (!k || !k->c)
		return;
	struct arena *a = k->c->arena;
	size_t room = k->c->room;
	sb_free(&k->c->raw);
	free(k->c->rcpts);
	k->c = NULL;
	arena_free(&a);
	room_give(room);
	trim(room);
}

static void replace(char **slot, const char *s)
{
	free(*slot);
	*slot = xstrndup(s ? s : "", 255);
}

static const char *macro(SMFICTX *ctx, const char *name)
{
	const char *v = smfi_getsymval(ctx, (char *)name);
	return v ? v : "";
}

static sfsistat on_connect(SMFICTX *ctx, char *name, _SOCK_ADDR *addr)
{
	(void)addr;
	struct conn *k = smfi_getpriv(ctx);
	const char *listener = macro(ctx, "{daemon_name}");
	k->side = strcmp(listener, "submission") == 0 ? SIDE_SUBMISSION : SIDE_MX;
	k->returns = strcmp(listener, "returns") == 0;
	replace(&k->client_ip, macro(ctx, "{client_addr}"));
	replace(&k->client_name, name);
	replace(&k->helo, "");
	return k->go_on;
}

static sfsistat on_helo(SMFICTX *ctx, char *helo)
{
	struct conn *k = smfi_getpriv(ctx);
	replace(&k->helo, helo);
	return k->go_on;
}

/* "<a@b>" without the brackets. */
static char *bare(struct arena *a, const char *path)
{
	size_t n = strlen(path);
	if (n >= 2 && path[0] == '<' && path[n - 1] == '>')
		return arena_strndup(a, path + 1, n - 2);
	return arena_strdup(a, path);
}

static sfsistat on_mail(SMFICTX *ctx, char **argv)
{
	struct conn *k = smfi_getpriv(ctx);
	mail_reset(k);
	struct arena *a = arena_new();
	struct collect *c = arena_zalloc(a, sizeof *c);
	c->arena = a;
	c->raw = SB_INIT;
	c->mail = (struct desk_mail){
		.side = k->side,
		.client_ip = k->client_ip,
		.helo = k->helo,
		.login = arena_strdup(a, macro(ctx, "{auth_authen}")),
		.env_from = bare(a, argv[0]),
		.queue_id = "-",
		.raw = "",
		.arena = a,
	};
	k->c = c;
	return k->go_on;
}

static sfsistat reply(SMFICTX *ctx, const char *code, const char *xcode, const char *text)
{
	smfi_setreply(ctx, (char *)code, (char *)xcode, (char *)text);
	return code[0] == '4' ? SMFIS_TEMPFAIL : SMFIS_REJECT;
}

/* Only machines know these addresses, and they don't mistype them. A customer
 * with a damaged address still has his thread; of a staff member nobody can tell
 * whether a damaged address was one for a note, so nothing may go out by it. */
static bool no_such(const struct desk_rcpt *r, enum desk_side side)
{
	if (r->kind == TOKEN_FORGED)
		return side == SIDE_SUBMISSION || text_begins(r->addr, "bounce") || text_begins(r->addr, "news+") || text_begins(r->addr, "stop+");
	return side == SIDE_SUBMISSION && (r->kind == TOKEN_BOUNCE || r->kind == TOKEN_NEWS || r->kind == TOKEN_STOP);
}

/* Notes and commands need a login: a client set up without one hears so at once. */
static bool needs_login(const struct desk_rcpt *r, enum desk_side side)
{
	return side == SIDE_MX && (r->kind == TOKEN_NOTE || r->kind == TOKEN_COMMAND || r->kind == TOKEN_HELD ||
	                           r->kind == TOKEN_EDIT || r->kind == TOKEN_HEALTH || (r->kind == TOKEN_DIAGNOSIS && r->id));
}

static sfsistat on_rcpt(SMFICTX *ctx, char **argv)
{
	struct conn *k = smfi_getpriv(ctx);
	if (!k->c)
		return SMFIS_TEMPFAIL;
	struct collect *c = k->c;
	struct desk_rcpt r = { .addr = bare(c->arena, argv[0]) };
	r.kind = token_classify(&the_desk->token, r.addr, &r.id);
	/* Of a mail without sender: the mail itself says which one it was. */
	if (k->returns && r.kind == TOKEN_FORGED && text_begins(r.addr, "bounce@"))
		r.kind = TOKEN_DESK;
	if (no_such(&r, k->side))
		return reply(ctx, "550", "5.1.1", "No such address");
	if (needs_login(&r, k->side))
		return reply(ctx, "550", "5.7.1", "This address is for staff: send with your login, by the submission port");
	if (c->mail.nrcpts >= MAX_RCPTS)
		return reply(ctx, "452", "4.5.3", "Too many recipients");
	if (c->mail.nrcpts == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 8;
		c->rcpts = xrealloc(c->rcpts, c->cap * sizeof *c->rcpts);
	}
	c->rcpts[c->mail.nrcpts++] = r;
	c->mail.rcpts = c->rcpts;
	return SMFIS_CONTINUE;
}

static void add_printable(struct sb *b, const char *s)
{
	for (; *s; s++)
		sb_addc(b, *s > ' ' && *s < 127 ? *s : '?');
}

/* Postfix hides its own Received field from milters; analysts want the last hop. */
static void add_received(const struct conn *k, struct collect *c)
{
	char date[40];
	struct sb *b = &c->raw;
	sb_adds(b, "Received: from ");
	add_printable(b, *k->helo ? k->helo : "unknown");
	sb_adds(b, " (");
	add_printable(b, *k->client_name && *k->client_name != '[' ? k->client_name : "unknown");
	sb_adds(b, " [");
	add_printable(b, k->client_ip);
	sb_addf(b, "])\r\n\tby %s with ESMTP id %s;\r\n\t%s\r\n", the_desk->cfg->hostname, c->mail.queue_id,
	        clk_rfc5322(c->mail.now, date));
}

static sfsistat on_data(SMFICTX *ctx)
{
	struct conn *k = smfi_getpriv(ctx);
	struct collect *c = k->c;
	if (!c)
		return k->go_on;
	c->mail.now = clk_now();
	c->mail.queue_id = arena_strdup(c->arena, macro(ctx, "i"));
	c->body = desk_wants(&c->mail);
	add_received(k, c);
	return k->go_on;
}

/* It will be asked to come again: others may have its place, at once. Freeing takes
 * a while, in which all others would find no room either, and give up too. */
static void give_up(struct collect *c)
{
	size_t room = c->room;
	c->no_room = true;
	c->room = 0;
	room_give(room);
	sb_free(&c->raw);
	trim(room);
}

/* Bytes over the limit are not kept; the verdict says so at the end. */
static void keep(struct collect *c, const void *p, size_t n)
{
	if (c->raw.len + n > (size_t)the_desk->cfg->message_max + 65536)
		c->too_big = true;
	else if (c->no_room)
		return;
	else if (!room_take(n))
		give_up(c);
	else {
		c->room += n;
		sb_add(&c->raw, p, n);
	}
}

/* libmilter folds with a bare LF; mail folds with CRLF. */
static void keep_value(struct collect *c, const char *v)
{
	for (const char *nl; (nl = strchr(v, '\n')); v = nl + 1) {
		size_t n = (size_t)(nl - v);
		keep(c, v, n && v[n - 1] == '\r' ? n - 1 : n);
		keep(c, "\r\n", 2);
	}
	keep(c, v, strlen(v));
}

/* OpenDKIM's word is the field with the name only it and we know. It is not
 * kept: whoever saw it could forge the next one. */
static bool is_inside(const char *value)
{
	while (*value == ' ' || *value == '\t' || *value == '\n' || *value == '\r')
		value++;
	return text_begins(value, the_desk->cfg->authserv_id);
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
	struct conn *k = smfi_getpriv(ctx);
	struct collect *c = k->c;
	if (!c)
		return k->go_on;
	if (strcasecmp(name, "Authentication-Results") == 0) {
		c->authres++;
		if (is_inside(value)) {
			if (!c->mail.dkim_results)
				c->mail.dkim_results = arena_strdup(c->arena, value);
			return k->go_on;
		}
	}
	if (strcasecmp(name, "DKIM-Signature") == 0 && !auth_signature_plain(value))
		c->mail.odd_signature = true;
	keep(c, name, strlen(name));
	keep(c, ":", 1);
	keep_value(c, value);
	keep(c, "\r\n", 2);
	return k->go_on;
}

static sfsistat on_eoh(SMFICTX *ctx)
{
	struct conn *k = smfi_getpriv(ctx);
	if (k->c)
		keep(k->c, "\r\n", 2);
	return k->go_on;
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *p, size_t n)
{
	struct conn *k = smfi_getpriv(ctx);
	if (!k->c)
		return SMFIS_TEMPFAIL;
	if (!k->c->body || k->c->no_room)
		return SMFIS_SKIP;
	keep(k->c, p, n);
	return SMFIS_CONTINUE;
}

/* The results of others are worth nothing here; ours replace them. From the
 * last to the first, because each deletion renumbers what follows. */
static void replace_authres(SMFICTX *ctx, const struct collect *c, const char *ours)
{
	int n = c->authres < MAX_AUTHRES ? c->authres : MAX_AUTHRES;
	for (int i = n; i > 0; i--)
		smfi_chgheader(ctx, "Authentication-Results", i, NULL);
	if (ours)
		smfi_insheader(ctx, 0, "Authentication-Results", (char *)ours);
}

/* Takes the desk's recipients out; nobody left: Postfix has nothing to do. */
static sfsistat finish(SMFICTX *ctx, const struct collect *c)
{
	size_t left = 0;
	for (size_t i = 0; i < c->mail.nrcpts; i++)
		left += !c->rcpts[i].taken;
	if (!left)
		return SMFIS_DISCARD;
	for (size_t i = 0; i < c->mail.nrcpts; i++) {
		if (!c->rcpts[i].taken)
			continue;
		char *path = arena_printf(c->arena, "<%s>", c->rcpts[i].addr);
		if (smfi_delrcpt(ctx, path) != MI_SUCCESS)
			return SMFIS_TEMPFAIL; /* stored: the repeat is recognised */
	}
	return SMFIS_CONTINUE;
}

static sfsistat judge(SMFICTX *ctx, struct collect *c)
{
	struct desk_verdict v;
	c->mail.raw = c->raw.s;
	c->mail.raw_len = c->raw.len;
	if (c->too_big)
		return reply(ctx, "552", "5.3.4", "Message is too large for the consultation desk");
	if (c->no_room) {
		metrics_add("mails_deferred_total", 1);
		log_warn("no-room", "qid=%s from=%s", c->mail.queue_id, log_quote(c->mail.env_from));
		return reply(ctx, "451", "4.3.2", "The consultation desk is busy with large mails, please try again later");
	}
	desk_handle(the_desk, &c->mail, &v);
	if (v.action == DESK_REFUSE || v.action == DESK_TEMPFAIL) {
		metrics_add(v.action == DESK_REFUSE ? "mails_refused_total" : "mails_deferred_total", 1);
		log_info("refused", "qid=%s code=%s text=%s from=%s", c->mail.queue_id, v.code, log_quote(v.text),
		         log_quote(c->mail.env_from));
		return reply(ctx, v.code, v.xcode, v.text);
	}
	if (c->mail.side == SIDE_MX)
		replace_authres(ctx, c, v.authres);
	return v.action == DESK_TAKEN ? finish(ctx, c) : SMFIS_CONTINUE;
}

static sfsistat on_eom(SMFICTX *ctx)
{
	struct conn *k = smfi_getpriv(ctx);
	if (!k->c)
		return SMFIS_TEMPFAIL;
	sfsistat r = judge(ctx, k->c);
	mail_reset(k);
	return r;
}

static sfsistat on_abort(SMFICTX *ctx)
{
	mail_reset(smfi_getpriv(ctx));
	return SMFIS_CONTINUE;
}

/* Also called for a connection that never said anything: priv may be NULL. */
static sfsistat on_close(SMFICTX *ctx)
{
	struct conn *k = smfi_getpriv(ctx);
	if (!k)
		return SMFIS_CONTINUE;
	mail_reset(k);
	free(k->client_ip);
	free(k->client_name);
	free(k->helo);
	free(k);
	smfi_setpriv(ctx, NULL);
	return SMFIS_CONTINUE;
}

/* Header values as they are (with their leading space); body chunks may be
 * skipped; no unknown commands. Postfix does not wait for our word where it is
 * always "go on": each header would cost both sides a change of process. */
enum { SILENT = SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_DATA | SMFIP_NR_HDR | SMFIP_NR_EOH };

static sfsistat on_negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1, unsigned long f2, unsigned long f3,
                             unsigned long *pf0, unsigned long *pf1, unsigned long *pf2, unsigned long *pf3)
{
	(void)f0, (void)f2, (void)f3;
	*pf0 = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_DELRCPT;
	*pf1 = f1 & (SMFIP_HDR_LEADSPC | SMFIP_SKIP | SMFIP_NOUNKNOWN | ((f1 & SILENT) == SILENT ? SILENT : 0));
	struct conn *k = xcalloc(1, sizeof *k);
	k->go_on = (f1 & SILENT) == SILENT ? SMFIS_NOREPLY : SMFIS_CONTINUE;
	smfi_setpriv(ctx, k);
	*pf2 = *pf3 = 0;
	return SMFIS_CONTINUE;
}

enum status milter_open(const char *path, const char *group, struct err *e)
{
	struct smfiDesc desc = {
		.xxfi_name = "yorozu",
		.xxfi_version = SMFI_VERSION,
		.xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_DELRCPT,
		.xxfi_connect = on_connect,
		.xxfi_helo = on_helo,
		.xxfi_envfrom = on_mail,
		.xxfi_envrcpt = on_rcpt,
		.xxfi_data = on_data,
		.xxfi_header = on_header,
		.xxfi_eoh = on_eoh,
		.xxfi_body = on_body,
		.xxfi_eom = on_eom,
		.xxfi_abort = on_abort,
		.xxfi_close = on_close,
		.xxfi_negotiate = on_negotiate,
	};
	char *spec = xasprintf("unix:%s", path);
	bool ok = smfi_setconn(spec) == MI_SUCCESS && smfi_register(desc) == MI_SUCCESS;
	free(spec);
	mode_t old = umask(0117);
	ok = ok && smfi_opensocket(true) == MI_SUCCESS;
	umask(old);
	if (!ok)
		return err_set(e, ERR_PERM, "can't open milter socket %s", path);
	struct group *gr = getgrnam(group);
	if (geteuid() == 0 && (!gr || chown(path, (uid_t)-1, gr->gr_gid) != 0))
		return err_sys(e, ERR_PERM, "giving %s to group %s", path, group);
	return OK;
}

int milter_run(const struct desk *d)
{
	the_desk = d;
	room_open((size_t)d->cfg->message_max);
	smfi_settimeout(7210);
	return smfi_main() == MI_SUCCESS ? 0 : 1;
}
