#ifndef TEXT_IDENTITY_H
#define TEXT_IDENTITY_H
/*
 * Who is asking (DESK-10; specification §4.5): what a mail says about its
 * sender, from a form filled in or from prose, and whether that is what the
 * contract says. Pure: what a contract holds is the caller's to look up.
 *
 * SECURITY: everything said is hostile and proves nothing but knowledge. The
 * verdict and its reasons are for staff alone: who asks is never told which of
 * the items did not match.
 */
#include "base/arena.h"
#include "text/inquiry.h"
#include <stdbool.h>
#include <stddef.h>

enum identity_item {
	ITEM_NUMBER,  /* N123456789 */
	ITEM_COMPANY, /* of the contract */
	ITEM_CONTENT,
	ITEM_SINCE,   /* when it broke */
	ITEM_PERSON,
	ITEM_MAIL,
	ITEM_PHONE,
	ITEM_DEVICE,  /* never required */
	IDENTITY_ITEMS
};

struct identity {
	const char *v[IDENTITY_ITEMS]; /* "" = not said */
};

/* Bits of the items that §4.5 requires. */
unsigned identity_required(enum inquiry kind);
/* Of those the ones that were not said. */
unsigned identity_missing(enum inquiry kind, const struct identity *said);
const char *identity_item_ja(enum identity_item i); /* "お客様番号(N番)" */
/* "お客様番号(N番)、電話番号" */
void identity_items_ja(unsigned items, struct sb *out);

/* `own`: the sender's own words, without quotes; `full`: all that is read, for
 * a form of ours that he filled in where it was quoted. NFKC, bounded, in `a`. */
void identity_extract(const char *own, const char *full, struct arena *a, struct identity *r);
/* What `later` says replaces what `r` has. */
void identity_merge(struct identity *r, const struct identity *later);

/* 株式会社さくら商事 = ㈱さくら商事 = さくら商事（株） = ｻｸﾗ…; a department behind the
 * name, or a missing legal form, is no difference; another legal form is. */
bool identity_same_company(const char *said, const char *name, struct arena *a);
/* The name stands somewhere in a text, not as a part of another. */
bool identity_names_company(const char *text, const char *name, struct arena *a);
bool identity_same_phone(const char *x, const char *y);
/* 田中 = 田中 太郎 = 田中太郎様 */
bool identity_same_person(const char *said, const char *name, struct arena *a);

/* ---- the verdict ------------------------------------------------------------------ */

enum identity_state { IDENTITY_OPEN, IDENTITY_AUTHORISED, IDENTITY_REFUSED };
const char *identity_state_ja(enum identity_state st); /* 未 済 否 */

enum { IDENTITY_KNOWN_MAX = 8 };
struct identity_contract {
	const char *number, *name;
	const char *persons[IDENTITY_KNOWN_MAX], *phones[IDENTITY_KNOWN_MAX]; /* NULL-terminated unless full */
};

struct identity_case {
	enum inquiry kind;
	const struct identity *said;
	const char *doubt;        /* why the sender is not believed, Japanese; NULL: he is */
	const struct identity_contract *sender; /* the contract of his address; NULL = none */
	bool by_address;          /* the address itself is registered, not only its domain */
	const struct identity_contract *numbered; /* that of the number he gave; NULL = none */
};

struct identity_verdict {
	enum identity_state state;
	const char *why; /* Japanese, one line, in `a` */
};
void identity_judge(const struct identity_case *c, struct arena *a, struct identity_verdict *r);

#endif
