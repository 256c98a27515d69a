#ifndef MAILER_SMTP_CLIENT_H
#define MAILER_SMTP_CLIENT_H
/*
 * Handing mail to our own Postfix (RFC 5321, pipelined by RFC 2920). One
 * connection, kept open between mails; not thread-safe. Replies are parsed
 * strictly and bounded, although the peer is ours.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

struct smtp;

struct smtp *smtp_new(const char *host_port, const char *helo, int timeout_ms); /* no connection yet */
void smtp_free(struct smtp **s);
/* Takes leave; the next mail gets a connection of its own. */
void smtp_close(struct smtp *s);
/* Opens the connection if it is not open. ERR_TEMP: Postfix does not answer. */
enum status smtp_connect(struct smtp *s, struct err *e) must_check;

struct smtp_result {
	char queue_id[64];    /* of the mail Postfix took, or "" */
	int rejected;         /* recipients refused for good */
	char rejects[400];    /* "addr: 550 …" of the first few */
	bool unsure;          /* the connection broke after the final dot */
};

/* rcpts: addresses, one a line. OK: taken for all recipients but the rejected
 * ones. ERR_TEMP: not now (4xx, or no connection). ERR_PERM: refused (5xx). */
enum status smtp_send(struct smtp *s, const char *env_from, const char *rcpts, const char *mail, size_t n,
                      struct smtp_result *r, struct err *e) must_check;

/* The same for many mails with one body: `head` (7-bit, no line begins with a dot) and `tail`, which
 * smtp_stuff made, end of data and all, leave in one write. */
enum status smtp_send_parts(struct smtp *s, const char *env_from, const char *rcpt, const char *head, size_t head_n,
                            const char *tail, size_t tail_n, struct smtp_result *r, struct err *e) must_check;
/* Dots doubled (RFC 5321 §4.5.2), and the end of data. */
void smtp_stuff(const char *mail, size_t n, struct sb *out);

#endif
