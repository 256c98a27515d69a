#ifndef MAILER_REPLY_CLEAN_H
#define MAILER_REPLY_CLEAN_H
/*
 * What a staff member wrote, made fit for the customer: the note on top of the
 * desk's copy taken out of the quotes, staff addresses and internal names
 * replaced. Pure functions; nothing is written or looked up.
 * SECURITY: this is the last gate before a customer. What is left of a mark of
 * the inside is an error, not a guess.
 */
#include "base/err.h"
#include "base/strbuf.h"
#include <stddef.h>
#include <stdint.h>

/* Around the note (build_copy.c). */
#define BANNER_BEGIN "▼▼ 社内用 (お客さまには送信されません) ▼▼"
#define BANNER_END   "▲▲ 社内用ここまで ▲▲"
/* Above a note of staff. Never cut: what was quoted from a note may not go out,
 * so an answer in which this is left is held. */
#define NOTE_MARK    "▼▼ 社内メモ (お客さまには送信されません) ▼▼"
/* Below its head: a client that quotes a selection may leave out the first line. */
#define NOTE_RULE    "▲▲ 以下、社内メモ ▲▲"

struct reply_staff {
	const char *address, *name;
};

struct reply_ctx { /* borrowed */
	const char *desk_address, *desk_name, *desk_localpart, *domain;
	const struct reply_staff *staff;
	size_t nstaff;
	const char *internal_names; /* comma list */
	const char *ticket_tag;     /* "YOROZU" */
};

/* UTF-8 with LF in, the same out. ERR_DENIED: a mark of the inside is left over;
 * e->msg says so in Japanese, for the author. */
enum status reply_clean_text(const struct reply_ctx *c, const char *utf8, size_t n, struct sb *out,
                             struct err *e) must_check;

/* The text without the notes of the desk's copies, for whoever reads inside: where
 * one has no end, it stays. */
void reply_cut_notes(const char *utf8, size_t n, struct sb *out);

/* Length of "[TAG #12] " of any number at p, or 0. */
size_t reply_tag_length(const char *tag, const char *p);
/* "Re: [YOROZU #12] …": one tag, one "Re:", one line, at most 200 columns. */
void reply_clean_subject(const struct reply_ctx *c, int64_t ticket, const char *subject, struct sb *out);

#endif
