#ifndef MILTER_DESK_IMPL_H
#define MILTER_DESK_IMPL_H
/* Shared by the desk_*.c files only: one mail on its way through the desk. */
#include "auth_authres.h"
#include "desk.h"
#include "mail/auto_kind.h"
#include "mail/msg_strip.h"
#include "store/store_merge.h"
#include "store/store_message.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include "store/store_ticket.h"
#include "text/identity.h"
#include "text/survey.h"

/* What a staff member's mail is, by the address it went to. A note or a command
 * never reaches a customer, whatever other addresses stand beside it. */
enum errand { ERRAND_NONE, ERRAND_REPLY, ERRAND_NOTE, ERRAND_COMMAND, ERRAND_HELD, ERRAND_EDIT /* the newsletter */, ERRAND_DIAGNOSIS, ERRAND_HEALTH };

/* Facts about one mail, gathered before the transaction. */
struct intake {
	const struct desk *d;
	struct desk_mail *m;
	struct msg *msg;
	struct arena *a;             /* the mail's */
	enum auto_kind auto_kind;
	struct rets returns;         /* what a bounce says; empty for other mail */
	const char *from_key;        /* From address in key form, "" if broken */
	const char *from_name;
	struct auth_result auth;
	struct authres_dkim dkim;
	uint8_t dedupe[SHA256_LEN];
	enum errand errand;          /* a staff member's mail: what it is */
	int64_t errand_id;           /* the ticket, message or issue its address names */
	struct stripped files;       /* a customer's mail: its files, which are not stored */
	struct sb rest;              /* the mail without them; empty: it is stored as it came */
	enum inquiry inquiry;        /* a customer's mail: §4.5 binds it */
	const char *own_words;       /* its beginning, without quotes */
	const char *refused;         /* why Postfix is to refuse it (ASCII), or NULL */

	bool answers;                /* answers to the questionnaire, in a file or the text: */
	struct survey_sheet sheet;   /* what they are, or what is wrong with them */

	/* results of the transaction */
	struct ticket ticket;        /* id 0: none */
	int64_t message_id;
	bool duplicate, new_ticket, reopened, acked;
	int64_t answered_id;         /* staff's answer: the mail that it names and we know, 0 = none */
	const struct outbox *follows;/* that is an answer, which went so; else NULL */
	bool newcomer;               /* whom an address led to a ticket that knows nobody like him */
	const char *why;             /* how the ticket was found, for log and audit */
	const char *identity;        /* who is asking, for staff; "" = it does not matter */
	enum inquiry ask_kind;
	unsigned ask;                /* items that the customer is asked for now */
	const char *ask_to;
};

/* desk.c: the facts but the sender checks; then the transaction and the words
 * for Postfix. */
void desk_gather(const struct desk *d, struct desk_mail *m, struct msg *msg, struct intake *in);
void desk_commit(struct intake *in, struct desk_verdict *v);

/* desk_thread.c: finds the ticket this mail belongs to, inside the
 * transaction. Sets in->ticket (id 0: open a new one), in->why; *note_r is a
 * warning for staff or "". ERR_TEMP: the store. */
enum status desk_thread_find(struct store *s, struct intake *in, const char **note_r, struct err *e) must_check;

/* A notice without more to say to the one who wrote: the template tells what became of his mail. */
enum status desk_tell_author(struct store *s, const struct intake *in, const struct staff *who, const char *tmpl,
                             struct err *e) must_check;

/* desk_sender.c: true when nothing speaks against the sender being who he says he is. */
bool desk_auth_credible(const struct auth_result *r);
/* True when something speaks for From: DMARC, a signature or an envelope of its domain. */
bool desk_sender_vouched(const struct intake *in);

/* desk_ack.c: may this mail be answered by a machine (RFC 3834), and to whom?
 * NULL and *why_r if not. Rate limits are asked of the store. */
const char *desk_ack_recipient(struct store *s, const struct intake *in, const char **why_r);

/* desk_files.c: files don't come by mail (DESK-09). Before the transaction they
 * are taken out; inside it, what they were is stored and their sender shown the
 * way: by the acknowledgement, or by a letter, which is short on the same day. */
void desk_take_files_out(struct intake *in);
enum status desk_record_files(struct store *s, const struct intake *in, struct err *e) must_check;
/* May he be sent a link, and to which address? NULL and *why_r if not. */
const char *desk_guide_recipient(struct store *s, const struct intake *in, const char **why_r);
/* The values of a mail that shows the way; makes the link. */
enum status desk_guide_vars(struct store *s, const struct intake *in, struct sb *vars, struct err *e) must_check;
enum status desk_guide(struct store *s, struct intake *in, const char *to, struct err *e) must_check;

/* desk_identity.c: what the mail says of its sender; then, in the transaction of
 * the stored mail, the verdict: sets in->identity, ask. `note`: the mail's warning. */
void desk_identity_gather(struct intake *in);
enum status desk_identify(struct store *s, struct intake *in, const char *note, struct err *e) must_check;
/* The variables of a form that asks for `items` (0: none); `again`: what was said could not be confirmed. */
void desk_identity_vars(enum inquiry kind, unsigned items, bool again, struct sb *vars);
/* The acknowledgement asks; or a letter of its own does. Nothing when in->ask is 0. */
enum status desk_identity_asked(struct store *s, struct intake *in, struct err *e) must_check;
enum status desk_identity_letter(struct store *s, struct intake *in, struct err *e) must_check;

/* desk_record.c: the steps every kind of mail shares, inside a transaction. */
void desk_fill_message(const struct intake *in, enum message_kind kind, const char *note, struct message *m);
enum status desk_seen_before(struct store *s, struct intake *in, struct err *e) must_check; /* ERR_EXISTS: this delivery is stored already */
/* The id under which Outlook's conversation (Thread-Index) is kept in the index of
 * Message-IDs, "" if the mail has none. */
const char *desk_conversation_id(const struct intake *in);
enum status desk_record(struct store *s, struct intake *in, struct message *m, struct err *e) must_check;
enum status desk_audit(struct store *s, const struct intake *in, const char *who, const char *what, const char *detail, struct err *e) must_check;
enum status desk_staff_rcpts(struct store *s, struct arena *a, const char **lines_r, struct err *e) must_check;
/* An outbox row about this mail, due now. */
enum status desk_send(struct store *s, const struct intake *in, enum outbox_kind kind, const char *tmpl,
                      const char *rcpts, const struct sb *vars, struct err *e) must_check;
bool desk_is_our_address(const struct desk *d, struct store *s, struct arena *a, const char *addr);

/* "staff:suzuki", for the audit. */
const char *desk_who(const struct intake *in, const struct staff *who);

/* Active staff of the desk but the author and those Postfix hands the mail to,
 * one a line. */
enum status desk_colleagues(struct store *s, const struct intake *in, const struct staff *author, struct sb *lines,
                            struct err *e) must_check;
/* desk_moved.c: which mail an answer to in->ticket answers: sets in->answered_id, follows;
 * in->ticket, why where that mail is on another ticket now. */
enum status desk_find_answered(struct store *s, struct intake *in, struct err *e) must_check;
/* What becomes of it; ticket and recipients are known, the mail is recorded. */
enum status desk_answer(struct store *s, struct intake *in, const struct staff *who, struct err *e) must_check;
/* desk_health.c: about a health check (errand_id; below 0: about those of a month, -YYYYMM). */
enum status desk_health(struct store *s, struct intake *in, const struct staff *who, struct err *e) must_check;
enum status desk_held(struct store *s, struct intake *in, const struct staff *who, struct err *e) must_check;
/* desk_quoted.c: lines of the answer that are a note's, as written; `run` stays
 * empty: there are none. `v`: the ticket's mails. */
enum status desk_quotes_note(struct store *s, const struct intake *in, const struct message *v, size_t n, struct sb *run,
                             struct err *e) must_check;
/* An answer goes out, `message` by `author`: the record has it, colleagues see what
 * the customer is told. The clock is the caller's. */
enum status desk_answer_told(struct store *s, struct intake *in, const struct staff *author, int64_t message,
                             struct err *e) must_check;
enum status desk_note(struct store *s, struct intake *in, const struct staff *who, struct err *e) must_check;

/* desk_bounce.c: the outbox row this bounce is about, 0 if that can't be proved. */
int64_t desk_bounced_row(const struct intake *in);

/* desk_refused.c: a bounced answer whose encrypted files the other side does not
 * take (DESK-17): from now on this contract's files go by link, and so does this
 * answer, again, to those who refused it; staff are told. */
enum refused {
	REFUSED_NOT,     /* it is not that, or they have it again: nothing was done */
	REFUSED_AGAIN,   /* those of desk_is_refusal are seen to */
	REFUSED_NO_LINK  /* the contract lacks the password that links ask for: nothing was sent, nobody told */
};
enum status desk_refused(struct store *s, struct intake *in, const struct outbox *o, enum refused *how_r, struct err *e) must_check;
bool desk_is_refusal(const struct ret *r);

/* desk_answer.c: who is written to in answer to a customer's mail (one a line),
 * and the References of such an answer. */
enum status desk_addressees(struct store *s, struct intake *in, const struct message *orig, struct sb *lines,
                            struct sb *refs, struct err *e) must_check;

/* desk_command.c: the commands of a mail to a command address, and their answer. */
enum status desk_command(struct store *s, struct intake *in, const struct staff *who, struct err *e) must_check;
/* It begins with 電話, in its subject or its text: the log of a call, wherever it was sent. */
bool desk_is_call(const struct intake *in);
/* Those on the first lines of a note. *note_r: something stands below them. */
enum status desk_note_commands(struct store *s, struct intake *in, const struct staff *who, bool *note_r, struct err *e) must_check;

/* desk_news.c: what a mail to one of the newsletter's addresses is, and by whom. */
enum news_errand { NEWS_NOTHING /* an ordinary mail */, NEWS_STOPS, NEWS_ASKS /* the same, by his From: who_r names nobody */, NEWS_RETURNS };
enum news_errand desk_news_errand(const struct intake *in, struct token_news *who_r);
/* desk_edit.c: an editor's mail about an issue (errand_id, 0 = a new one). ERR_LIMIT, ERR_DENIED, ERR_PERM with in->refused. */
enum status desk_edit(struct store *s, struct intake *in, const struct staff *who, struct err *e) must_check;

/* desk_diagnosis.c: before the transaction, what a mail to the diagnosis holds. */
void desk_diagnosis_gather(struct intake *in);
/* A staff member's: answers of others (an export of the form). */
enum status desk_diagnosis_import(struct store *s, struct intake *in, const struct staff *who, struct err *e) must_check;
/* desk_diagnosis_order.c: that, or his word on a report (errand_id). ERR_PERM with in->refused. */
enum status desk_diagnosis_staff(struct store *s, struct intake *in, const struct staff *who, struct err *e) must_check;

/* The transactions (store_job): arg is a struct intake. */
enum status desk_customer_tx(struct store *s, void *arg, struct err *e); /* desk_customer.c */
enum status desk_staff_tx(struct store *s, void *arg, struct err *e);    /* desk_staff.c */
enum status desk_bounce_tx(struct store *s, void *arg, struct err *e);   /* desk_bounce.c */
enum status desk_news_tx(struct store *s, void *arg, struct err *e);     /* desk_news.c: NEWS_STOPS, NEWS_RETURNS */
enum status desk_news_asked_tx(struct store *s, void *arg, struct err *e); /* NEWS_ASKS; of one who gets none: a customer's mail */
enum status desk_diagnosis_tx(struct store *s, void *arg, struct err *e); /* desk_diagnosis.c */

#endif
