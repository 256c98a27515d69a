#ifndef MAIL_RET_IMPL_H
#define MAIL_RET_IMPL_H
/* What the ret*.c share; not for others. */
#include "auto_kind.h"
#include "base/arena.h"
#include "base/strbuf.h"
#include "hdr.h"
#include "ret.h"
#include "text/patset.h"

enum {
	RET_TEXT_MAX = 256 << 10, /* of a letter or report is looked at */
	RET_FOLDED_MAX = 64 << 10,
	RET_DIAG_MAX = 500,
	RET_RCPTS_MAX = 500
};

/* ---- the table (ret_table.c) ---- */

/* Reasons that the programs themselves give; the table must have them. */
enum ret_builtin {
	RETR_UNDEFINED, RETR_DELAYED, RETR_DELIVERED, RETR_RELAYED, RETR_EXPANDED,
	RETR_FEEDBACK, RETR_AUTHREPORT, RETR_UNSUBSCRIBE, RETR_VACATION, RETR_RECEIPT, RETR_BUILTINS
};

/* Kinds of pattern. */
enum ret_words {
	RETW_TEXT,    /* specific: decides before any code does */
	RETW_VAGUE,   /* decides where nothing else did */
	RETW_LETTER,  /* words that only a return letter has */
	RETW_END,     /* a line behind which the returned mail begins */
	RETW_DELAY,   /* it is still being tried */
	RETW_FINAL,   /* it is tried no more, whatever else is said */
	RETW_OURS,    /* words for the sender's side: who is unknown, is us */
	RETW_SUBJECT, /* subjects of mails that are no bounces */
	RETW_BODY,    /* the same, in the body */
	RETW_KINDS
};

struct ret_reason {
	const char *name, *status, *sentence;
	enum ret_class class;
};

struct ret_pattern {
	bool loose;          /* fits the sender's side as well as the recipient's */
	const char *where;   /* "" or domains, by comma: only these receivers mean it */
	const struct ret_reason *reason; /* NULL: plain, without one */
	const char *sentence; /* "" : the reason's own */
};

struct ret_code {
	const char *code; /* "5.1.1" or "552" */
	const struct ret_reason *reason;
};

struct ret_table {
	struct arena *a;
	struct ret_rule rules[RET_CLASSES];
	struct ret_reason *reasons;
	struct ret_code *codes;
	size_t nreasons, ncodes;
	const struct ret_reason *builtin[RETR_BUILTINS];
	struct ret_words_set {
		struct patset *set;
		struct ret_pattern *v;
		size_t n;
	} words[RETW_KINDS];
};

const struct ret_reason *ret_by_code(const struct ret_table *t, const char *code); /* NULL: none */
/* Which rows count; NULL: all that are not bound to a receiver. */
struct ret_asked {
	const char *const *hosts; /* who spoke, NULL-terminated, or NULL */
	bool firm;                /* no loose ones */
	enum ret_class only, spare; /* RET_NONE: any, none */
};
/* The first row of that kind that the folded text has. */
const struct ret_pattern *ret_by_words(const struct ret_table *t, enum ret_words k, const struct sb *folded,
				       const struct ret_asked *asked);
bool ret_has_words(const struct ret_table *t, enum ret_words k, const char *utf8, size_t n);

/* ---- small readers (ret_scan.c) ---- */

/* A part's decoded bytes, at most max, appended; lines that end with CR alone end with LF. */
void ret_part_lines(const struct msg_part *p, size_t max, struct sb *out);

/* One clean line of UTF-8 out of raw header bytes, bounded. */
const char *ret_line(struct arena *a, const char *p, size_t n);

/* The reply code and the enhanced status in a text ("" if none): a code next
 * to a status wins, then the first status that says more than X.0.0. Buffers of RET_CODE. */
enum { RET_CODE = 12 };
void ret_codes(const char *text, size_t n, char code[RET_CODE], char status[RET_CODE]);
/* Length of d.d.d at p, with nothing of a number around it; 0 if none. */
size_t ret_status_len(const char *p, const char *begin, const char *end);

/* Addresses, hosts and URLs in a folded text become blanks: a name says nothing of why. */
void ret_blank_names(struct sb *folded);

/* The next address at or behind *pos; false at the end. *b..*e is the address. */
bool ret_addr_next(const char *pos, const char *end, const char **b_r, const char **e_r);
/* p[0..n) as an address, its domain in lower case. */
char *ret_addr(struct arena *a, const char *p, size_t n);
bool ret_is_daemon(const char *addr); /* mailer-daemon@, postmaster@, … */

/* ---- one return mail on its way (ret.c) ---- */

struct ret_job {
	const struct ret_table *t;
	const struct msg *m;
	struct arena *a;
	struct rets *out;
	const char *sender;              /* of the envelope, NULL: unknown */
	const struct msg_part *report;   /* delivery-status or feedback-report, or NULL */
	const struct msg_part *returned; /* message/rfc822 or headers that came back, or NULL */
	const struct msg_part *letter;   /* below it lies the letter */
	const struct msg_field *fields;  /* of the letter: the mail's own, or a forwarded one's */
	size_t nfields;
	const char *subject;
	struct sb text;                  /* the letter, UTF-8 */
	size_t text_end;                 /* where the returned mail begins in it */
	struct sb folded;                /* the letter's beginning, folded, for patterns */
	bool delay;                      /* it says that it is still being tried */
	bool final;                      /* it says that it is tried no more */
	bool returns;                    /* by its subject it returns the mail */
	bool alone;                      /* only one recipient: all that is said is said of him */
	struct sb shared;                /* folded: what is said of everybody */
	struct msg_addrs orig_to;        /* whom the returned mail was for */
	const char *orig_from, *orig_rcpt; /* orig_rcpt: by a field of its own, or "" */
};

/* The letter's field of that name, or NULL. */
const struct msg_field *ret_field(const struct ret_job *j, const char *name);
bool ret_null_sender(const struct ret_job *j); /* or a daemon's name there */
/* What mail_auto_kind says of the mail. */
enum auto_kind ret_auto_kind(const struct ret_job *j);
/* The report of that kind (RFC 6522) at or below root, or NULL. */
const struct msg_part *ret_find_report(const struct msg_part *root, const char *kind);
bool ret_is_told(const struct rets *out, const char *recipient);

/* ret_complaint.c, ret_other.c: false: it is none of theirs. */
bool ret_feedback_read(struct ret_job *j, const struct msg_part *p);
bool ret_old_complaint_read(struct ret_job *j);
bool ret_other_read(struct ret_job *j);

/* What is known of one recipient before the reason is found. */
struct ret_evidence {
	const char *recipient, *final, *action, *status, *remote_mta, *reporting_mta;
	const char *diag;      /* clean line */
	const char *words;     /* the letter's part about this recipient */
	size_t words_n;
	bool delay_told;       /* action is certain */
};

/* ret_reason.c: decides, and appends to out. */
void ret_add(struct ret_job *j, const struct ret_evidence *e);
void ret_put(struct ret_job *j, const char *recipient, const struct ret_reason *r, const char *sentence);

/* ret_dsn.c: the blocks of a report. Returns how many recipients. */
struct ret_blocks {
	struct ret_evidence *v;
	size_t n, cap;
	const char *reporting_mta;
};
void ret_dsn_read(struct arena *a, const char *p, size_t n, struct ret_blocks *out);

/* ret_letter.c: recipients and what is said of each. */
struct ret_who {
	const char *addr;
	const char *from; /* the address it was forwarded from, or NULL */
	unsigned rank;
	bool beside; /* on the line of the one before */
	struct sb words;
};
struct ret_letter {
	struct ret_who *v;
	size_t n;
	struct sb common; /* said of nobody in particular */
	unsigned best;    /* highest rank; those below don't count */
};
void ret_letter_read(struct ret_job *j, struct ret_letter *l);
void ret_letter_free(struct ret_letter *l);
struct ret_who *ret_letter_find(struct ret_letter *l, const char *addr);

/* ret_orig.c: the mail that came back. */
void ret_orig_read(struct ret_job *j);

/* ret_sign.c: what kind of mail a letter is, by its look (auto_kind.c asks too). */
bool ret_from_daemon(const struct msg_field *f, size_t n, const char *from);
bool ret_bounce_subject(const char *subject);
bool ret_is_about(const char *subject); /* a person writes about something: "…について" */
bool ret_report_kind(const char *type_raw, const char *kind); /* multipart/report of that report-type */

#endif
