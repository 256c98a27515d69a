#ifndef STORE_MESSAGE_H
#define STORE_MESSAGE_H
/*
 * Every mail that came in or went out on a ticket, whole (raw, compressed), and
 * the index of every Message-ID ever seen, ours or theirs (DESK-01, -02).
 */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

enum message_kind {
	MSG_CUSTOMER, MSG_STAFF_REPLY, MSG_NOTE, MSG_BOUNCE, MSG_AUTO /* vacation… */,
	MSG_ACK, MSG_COMMAND, MSG_OTHER, MSG_HELD /* a reply that waits for its author's word */
};

struct message {
	int64_t id, ticket_id;   /* ticket_id 0 = none */
	enum message_kind kind;
	epoch at;                /* received, or written by us */
	int64_t staff_id;        /* author, 0 = not staff */
	const char *envelope_from, *from_addr, *from_name, *subject;
	const char *message_id;  /* without <>, "" if none */
	const char *client_ip, *helo;
	const char *spf, *dkim, *dmarc; /* "pass" "fail" "none" "temperror" … or "" */
	const char *auto_kind;   /* auto_kind_name */
	const char *note;        /* why it is shown with a warning, "" if it is not */
	int64_t size;
	uint8_t dedupe[SHA256_LEN]; /* same delivery = same value; unique */
};
const char *message_kind_name(enum message_kind k);

/* ERR_EXISTS: that dedupe value is stored; m->id and m->ticket_id are set to it. */
enum status message_insert(struct store *s, struct message *m, const void *raw, size_t n, struct err *e) must_check;
/* By dedupe value. ERR_NOTFOUND: this delivery is new. */
enum status message_find(struct store *s, const uint8_t dedupe[SHA256_LEN], struct arena *a, struct message *m_r, struct err *e) must_check;
/* Mails since then that belong to no ticket. */
enum status message_count_stray(struct store *s, epoch since, int64_t *n_r, struct err *e) must_check;
enum status message_get(struct store *s, int64_t id, struct arena *a, struct message *m_r, struct err *e) must_check;
/* A held reply that is sent after all, or the other way round. */
enum status message_set_kind(struct store *s, int64_t id, enum message_kind kind, struct err *e) must_check;
/* To another ticket. */
enum status message_move(struct store *s, int64_t id, int64_t ticket, struct err *e) must_check;
enum status message_raw(struct store *s, int64_t id, struct sb *out, struct err *e) must_check;
/* Those of a ticket, oldest first. */
enum status message_list(struct store *s, int64_t ticket, struct arena *a,
                         struct message **v_r, size_t *n_r, struct err *e) must_check;
/* The oldest mail of a customer on the ticket that came at or after `since`. ERR_NOTFOUND. */
enum status message_waiting(struct store *s, int64_t ticket, epoch since, struct arena *a, struct message *m_r, struct err *e) must_check;
/* Answers of staff in [from, to). */
enum status message_count_replies(struct store *s, epoch from, epoch to, int64_t *n_r, struct err *e) must_check;
/* Up to `max` of those that came after `id`, of all tickets and none, in order. */
enum status message_after(struct store *s, int64_t id, size_t max, struct arena *a,
                          struct message **v_r, size_t *n_r, struct err *e) must_check;

/* How a Message-ID got into the index. */
enum msgid_how {
	MSGID_REFERENCED = 0, /* only quoted by a mail we have: weakest */
	MSGID_SEEN = 1,       /* a mail from outside bore it */
	MSGID_OURS = 2        /* we made it; carries our token */
};
enum status msgid_add(struct store *s, const char *msgid, enum msgid_how how, int64_t ticket, struct err *e) must_check; /* keeps the strongest how */
struct msgid_hit { int64_t ticket; enum msgid_how how; };
/* Up to `max` tickets that know this id, strongest and newest first; returns the count. */
size_t msgid_find(struct store *s, const char *msgid, struct msgid_hit *hits, size_t max);

#endif
