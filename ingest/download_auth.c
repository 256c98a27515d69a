/*
 * Who may use a download link. A staff link: its owner, by login and password
 * (HTTP Basic, over TLS only). A customer's link: whoever has the password of
 * the opening notice (specification 4.10.2). A wrong answer counts against the
 * link, so that a link that got into wrong hands is worth DOWNLOAD_FAILS_MAX
 * guesses; nobody's login can be locked by it.
 */
#include "base/log.h"
#include "base/metrics.h"
#include "base/password.h"
#include "download.h"
#include "page.h"
#include "store/store_contract.h"
#include "store/store_people.h"
#include <string.h>
#include <strings.h>

struct check {
	struct arena *a;
	const struct download_link *l;
	struct staff staff;
	const char *hash;
	struct sb password; /* the contract's */
};

static enum status load_staff(struct store *s, void *arg, struct err *e)
{
	struct check *c = arg;
	enum status st = staff_by_id(s, c->l->staff_id, c->a, &c->staff, e);
	return st == OK ? staff_password_get(s, c->l->staff_id, c->a, &c->hash, e) : st;
}

static enum status load_contract(struct store *s, void *arg, struct err *e)
{
	struct check *c = arg;
	return contract_password(s, c->l->contract_id, CF_OPENING_PASSWORD, &c->password, e);
}

static enum status count_failure(struct store *s, void *arg, struct err *e)
{
	const struct check *c = arg;
	return download_failed(s, c->l->id, e);
}

/* "Basic base64(login:password)" (RFC 7617). False: something else. */
static bool basic(const char *value, struct sb *login, struct sb *password)
{
	struct sb plain = SB_INIT;
	bool good = value && strncasecmp(value, "Basic ", 6) == 0 && strlen(value) < 1024 &&
	            b64_decode(value + 6, strlen(value + 6), &plain) && !memchr(plain.s, '\0', plain.len);
	const char *colon = good ? strchr(plain.s, ':') : NULL;
	if (colon) {
		sb_add(login, plain.s, (size_t)(colon - plain.s));
		sb_adds(password, colon + 1);
	}
	if (plain.len)
		crypto_wipe(plain.s, plain.len);
	sb_free(&plain);
	return colon != NULL;
}

/* The hash is worked through for a wrong login too: it takes the same time. */
static bool staff_matches(const struct check *c, const char *login, const char *password)
{
	bool right = password_matches(password, c->hash);
	return right && c->staff.active && strcmp(login, c->staff.login) == 0;
}

static enum status ask_staff(const struct http_req *q, struct check *c, enum download_auth *r, struct err *e)
{
	struct sb login = SB_INIT, password = SB_INIT;
	enum status st = OK;
	if (basic(q->authorization, &login, &password)) {
		st = ingest_read(page_ingest(q), load_staff, c, e);
		if (st == OK)
			*r = staff_matches(c, login.s, password.s) ? AUTH_YES : AUTH_WRONG;
	}
	if (password.len)
		crypto_wipe(password.s, password.len);
	sb_free(&login);
	sb_free(&password);
	return st;
}

static enum status ask_customer(const struct http_req *q, struct check *c, const char *password,
                                enum download_auth *r, struct err *e)
{
	if (!password || !*password)
		return OK;
	enum status st = ingest_read(page_ingest(q), load_contract, c, e);
	if (st == ERR_NOTFOUND) /* it was taken off the contract: no answer is right */
		st = OK;
	*r = c->password.len && strlen(password) == c->password.len &&
	     crypto_equal(password, c->password.s, c->password.len) ? AUTH_YES : AUTH_WRONG;
	if (c->password.len)
		crypto_wipe(c->password.s, c->password.len);
	sb_free(&c->password);
	return st;
}

enum status download_auth(const struct http_req *q, const struct download_link *l, const char *password,
                          enum download_auth *r, const char **who_r, struct err *e)
{
	struct check c = { .a = q->a, .l = l, .password = SB_INIT };
	*r = AUTH_ASK;
	enum status st = l->kind == DOWNLOAD_STAFF ? ask_staff(q, &c, r, e) : ask_customer(q, &c, password, r, e);
	if (st == OK && *r == AUTH_WRONG) {
		metrics_add("passwords_wrong_total", 1);
		log_warn("password_wrong", "link=%lld fails=%lld ip=%s", (long long)l->id, (long long)l->fails + 1, q->ip);
		st = writer_run(page_ingest(q)->writer, count_failure, &c, e);
	}
	*who_r = l->kind == DOWNLOAD_STAFF && c.staff.login ? arena_printf(q->a, "staff:%s", c.staff.login) : "customer";
	return st;
}
