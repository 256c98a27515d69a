#ifndef TEXT_CATEGORY_H
#define TEXT_CATEGORY_H
/*
 * The kinds of consultation (DESK-08; specification §3.4.1 (5)–(7)): names,
 * standard texts, and what in a mail speaks for each. All of it is data, in one
 * folder: categories.txt (its head explains the format), text/NAME.ja.txt (the
 * standard texts) and text/frame.ja.txt (greeting and signature around them).
 *
 * A set is immutable once loaded: any number of threads may use it. Strings of
 * a category belong to the set.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

enum category_group {
	CATEGORY_NONE,     /* number 0: mail that is no consultation; never suggested, never listed */
	CATEGORY_CONSULT,  /* (5)  1–6:   consultable */
	CATEGORY_DECLINED, /* (6) 11–19:  not taken */
	CATEGORY_PUBLIC,   /* (6) 21–24:  guided to a public desk */
	CATEGORY_UNSOLVED, /* (7) 31–36:  may stay unsolved */
	CATEGORY_BOUND     /* of inquiry.txt (text/inquiry.h): the sender must identify himself; has no text */
};

struct category {
	int number;               /* ticket.category; stable */
	enum category_group group;
	const char *name;         /* "ランサムウェア" */
	const char *text;         /* its standard text's NAME */
	const char *const *aliases; /* what staff may type, NULL-terminated */
};

struct categories;

/* Reads DIR and checks all of it, standard texts included. ERR_PERM: a fault,
 * "DIR/categories.txt:12: unknown key …". */
enum status categories_load(const char *dir, struct categories **set_r, struct err *e) must_check;
/* For a daemon, which does its work without them as well: NULL, and the log says why. */
typedef enum status categories_reader(const char *dir, struct categories **set_r, struct err *e);
struct categories *categories_open(const char *dir, categories_reader *load);
void categories_free(struct categories **set); /* accepts NULL, sets NULL */

/* In order of number, without CATEGORY_NONE. */
const struct category *categories_list(const struct categories *set, size_t *n_r);
const struct category *category_by_number(const struct categories *set, int number); /* or NULL */
const char *category_group_ja(enum category_group g); /* "回答可能な相談" … */

/* What staff typed: the number, the name, an alias (no two kinds share one), or
 * else the beginning of one if only one kind begins so (width, case and
 * long-vowel marks do not matter). NULL: none, or several. */
const struct category *category_find(const struct categories *set, const char *typed);
/* For "did you mean": up to CATEGORY_NEAR kinds, nearest first. Their number. */
enum { CATEGORY_NEAR = 3 };
size_t category_near(const struct categories *set, const char *typed, const struct category *near_r[CATEGORY_NEAR]);

/* Who a standard text goes to. NULL = not set; name, subject and note may be. */
struct category_letter {
	const char *name;     /* the customer's */
	const char *ticket;   /* "12" */
	const char *subject;  /* of the customer's mail; NULL or "": the text's own */
	const char *note;     /* a paragraph of the engineer's before the text */
	const char *desk_name, *desk_address, *domain;
};
enum status category_text(const struct categories *set, const struct category *c, const struct category_letter *l,
                          struct sb *subject, struct sb *body, struct err *e) must_check;

/* What is known of a mail; NULL = nothing. SECURITY: hostile. */
struct category_evidence {
	const char *subject;
	const char *text;        /* the sender's own words: no quotes, no forwarded mail */
	const char *from_domain; /* lower case */
	const char *files;       /* names of attachments, one a line */
	const char *urls;        /* one a line */
	bool forwarded;          /* a mail is attached or pasted in */
	bool bulk, automatic;    /* of a list or a campaign; not written by a person */
};

struct category_suggestion {
	const struct category *best, *second; /* NULL: none; best NULL: nothing is suggested */
	int score, second_score;
	const char *reason; /* Japanese, our words only: 件名に「…」、本文に「…」 */
};

/* Linear in the evidence. r->reason lives in `a`. */
void category_suggest(const struct categories *set, const struct category_evidence *ev, struct arena *a,
                      struct category_suggestion *r);

#endif
