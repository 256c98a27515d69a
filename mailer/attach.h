#ifndef MAILER_ATTACH_H
#define MAILER_ATTACH_H
/*
 * The files of an answer on their way to a customer (DESK-17): by the delivery
 * policy of the ticket's contract, under the password of its opening notice,
 * without the author doing anything. What can't go out that way does not go out.
 *
 *   zip    all in one ZIP             pdf    PDFs one by one, the rest in a ZIP
 *   link   a page to fetch them from  plain  as they are
 *
 * An archive is never put into another (receivers refuse what they can't look
 * into twice): it goes by link, with all that is beside it; so does more than
 * attach_max_mb.
 *
 * SECURITY: names are cleaned of folders, staff and machines. What is inside a
 * file (authors in a document's properties, say) is the author's business.
 * Mails, Outlook's winmail.dat and business cards are refused: they hold what
 * is not for customers.
 */
#include "build.h"
#include "reply_clean.h"
#include "mail/msg_build.h"
#include "mail/msg_parse.h"
#include "store/store_delivery.h"

struct attach_file {
	const char *name, *type;
	const char *p; /* in the arena */
	size_t n;
};

struct attach {
	/* from the caller, borrowed */
	const struct build_ctx *b;
	const struct outbox *o;
	const struct reply_ctx *clean;
	struct arena *a;
	bool report;               /* under the contract's password for reports, where it has one */
	bool pdf;                  /* PDFs stay PDFs, each under the password, also where all would go into a ZIP */
	/* what was found */
	struct attach_file *in;
	size_t nin;
	int64_t ticket, contract;  /* the ticket that it is part of now; contract 0 = none */
	/* what goes along with the mail */
	struct build_file *out;
	size_t nout;
	struct sb note;            /* what the mail says of them; "" if there are none */
};

/* Fills in; out and note. `text` is what the mail will say: it must not hold the
 * password, files or no files. attach_free in any case.
 * ERR_DENIED: must not go out; e->msg tells the author in Japanese. ERR_TEMP. */
enum status attach_files(struct attach *t, const struct msg *m, const struct sb *text, struct err *e) must_check;
/* The same for files that are ours: v[0..n), named as they are. */
enum status attach_given(struct attach *t, const struct attach_file *v, size_t n, const char *subject, const struct sb *text,
                         struct err *e) must_check;
void attach_free(struct attach *t);

/* Puts the note where it is read: before the signature, else before what is
 * quoted below the answer, else at the end. */
void attach_insert(const struct sb *note, struct sb *text);

/* attach_part.c: the files of a mail, decoded, with fit names. ERR_DENIED. */
enum status attach_collect(struct attach *t, const struct msg *m, struct err *e) must_check;
/* attach_note.c: which go how. */
struct attach_told {
	const char *zip;            /* the archive's name, or NULL */
	struct sb in_zip, pdfs, plain, linked; /* "・name (12 KB)" lines */
	const char *url, *until;    /* of the link, or NULL */
	bool report;                /* under the password for reports */
};
void attach_tell(struct sb *list, const struct attach_file *f);
/* attach_link.c: the files go by link. The one place where building a mail
 * writes to the store, in a transaction of its own. ERR_DENIED, ERR_TEMP. */
enum status attach_link(struct attach *t, struct attach_told *k, struct err *e) must_check;
enum status attach_note(struct attach *t, struct attach_told *k, struct err *e) must_check;

#endif
