#ifndef MAIL_RET_H
#define MAIL_RET_H
/*
 * Return mails: what comes back after a mail of ours went out, told for every
 * recipient (MAG-07, DESK-12). Delivery reports by RFC 3464, 6533 and the
 * letters that mail systems write in their own words; delay warnings; notices
 * of success; vacation answers; complaints (ARF, RFC 5965); read receipts;
 * challenges; people who want off a list.
 *
 * Which words mean what is data: conf/mail/bounce-reasons.tsv (ret_table.c says
 * its format). What wins: the receiver's specific words > the enhanced status >
 * the SMTP code > vague words. Words that fit us as well are passed over where
 * the status or other words say that it was us; a letter's general advice kills
 * nobody whom the server's own answer spared. What a class does to the address
 * is data too: policy refusals are `keep`, they never blame the address; what is
 * `count`ed forgets after `days`.
 *
 * Who keeps a ledger does for each struct ret:
 *   STOP   write no more to .recipient, show .why
 *   COUNT  note (recipient, time); `limit` of them within `days` are a STOP
 *   KEEP   nothing; RET_DELIVERED may clear the counts
 * .recipient is "" when nobody could be named: then the VERP address (sent_to)
 * or original_id tell.
 *
 * SECURITY: hostile mail. Linear, bounded; strings are one line of clean UTF-8
 * in the arena of the struct msg. Whoever trusts a return must know by a MAC in
 * sent_to or original_id (token.h) that it answers a mail of ours: anybody can
 * write "550 user unknown". A struct ret_table is immutable and thread-safe.
 */
#include "base/arena.h"
#include "base/err.h"
#include "mail/msg_parse.h"

enum ret_class {
	RET_NONE,        /* no return mail */
	RET_HARD,        /* the address is dead */
	RET_SOFT,        /* failed for now */
	RET_FULL,        /* the mailbox is full */
	RET_POLICY,      /* we, or what we wrote, were refused; says nothing about the address */
	RET_SIZE,        /* the mail is too large for them */
	RET_SUSPENDED,   /* the mailbox is disabled */
	RET_MOVED,       /* the person has another address now */
	RET_NETWORK,     /* their host could not be reached */
	RET_DELAYED,     /* still being tried */
	RET_DELIVERED,   /* it arrived, or went on where no report comes from */
	RET_VACATION,    /* a machine answers for the person */
	RET_COMPLAINT,   /* the person called it spam */
	RET_UNSUBSCRIBE, /* the person wants no more */
	RET_CHALLENGE,   /* a machine wants to be convinced that we are people */
	RET_UNKNOWN,     /* a return, but why can't be told */
	RET_CLASSES
};

enum ret_effect { RET_KEEP, RET_COUNT, RET_STOP };

struct ret_rule {
	enum ret_effect effect;
	int limit, days; /* RET_COUNT */
};

struct ret {
	const char *recipient;  /* the address we wrote to as far as can be told, else where it went, or "" */
	const char *final;      /* where it went in the end (forwarding), "" if the same */
	enum ret_class class;
	const char *reason;     /* a name of the table: "userunknown" */
	const char *action;     /* failed | delayed | delivered | relayed | expanded, "" if no report */
	const char *status;     /* "5.1.1": as told, else the reason's own; "" if neither */
	bool status_told;
	const char *code;       /* SMTP reply "550", or "" */
	const char *diagnostic; /* their words, or "" */
	const char *remote_mta; /* who said so, or "" */
	const char *why;        /* a Japanese sentence for a person */
};

struct rets {
	struct ret *v;           /* ≥ 1 when ret_read is true */
	size_t n;
	const char *original_id; /* Message-ID of the mail that came back, or "" */
	const char *sent_to;     /* where the return went: our envelope sender (VERP), or "" */
	const char *return_path; /* the envelope sender as the returned mail shows it, or "" */
	const char *feedback;    /* ARF: "abuse", "opt-out", …, or "" */
};

/* The reason of the table that says: encrypted files are not taken there. */
#define RET_ENCRYPTED "encrypted"

struct ret_table;
/* Reads and checks DIR/bounce-reasons.tsv. ERR_PERM: "PATH:12: …". */
enum status ret_table_load(const char *dir, struct ret_table **t_r, struct err *e) must_check;
enum status ret_table_parse(const char *name, const char *text, size_t n, struct ret_table **t_r, struct err *e) must_check;
void ret_table_free(struct ret_table **t); /* accepts NULL, sets NULL */

const char *ret_class_name(enum ret_class c);
const struct ret_rule *ret_rule(const struct ret_table *t, enum ret_class c);

/* The same for a refusal that Postfix logged: `status` is its dsn=, `words` what the other side said.
 * Strings in `a`. */
void ret_of_words(const struct ret_table *t, const char *recipient, const char *status, const char *words, const char *host,
		  struct arena *a, struct ret *out);

/* False (and out is empty) if m is no return mail. `sender`: the envelope's, without <>,
 * "" for the null sender, NULL where nobody knows: a milter reads mails that have no
 * Return-Path yet, so no field of the mail is asked for it. */
bool ret_read(const struct ret_table *t, const struct msg *m, const char *sender, struct rets *out);

#endif
