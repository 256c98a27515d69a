#ifndef TEXT_COMMAND_H
#define TEXT_COMMAND_H
/*
 * The grammar of mail commands (DESK-06): one a line, at the beginning of what
 * a staff member wrote. Pure: nothing is looked up and nothing is done here.
 *
 *   担当 suzuki        ＃12　完了        期限：11/27 12:00 ベンダーの回答待ち
 *
 * Japanese and English names, full-width and half-width letters, digits, signs
 * and spaces are the same; a `#12` in front names the ticket. Leading empty
 * lines and quotes are skipped; commands end at the first empty line, quote or
 * signature. What stands below 電話 is its form: no further command.
 *
 * In a mail to a command address every such line is meant as a command, and a
 * wrong one is returned with its fault and the nearest verbs. In a note only
 * lines that are right to the last word are commands, and the first other line
 * begins the note: prose never does anything.
 *
 * SECURITY: the text comes from a mail; all lengths and counts are bounded.
 */
#include "base/arena.h"
#include "base/clk.h"
#include <stdbool.h>
#include <stddef.h>

enum {
	COMMANDS_MAX = 20,       /* in one mail */
	COMMAND_LINE_MAX = 1000, /* bytes */
	COMMAND_NEAR = 3
};

enum command_verb {
	COMMAND_ASSIGN, COMMAND_CATEGORY, COMMAND_CLOSE, COMMAND_REOPEN, COMMAND_MERGE, COMMAND_UNMERGE, COMMAND_SPLIT,
	COMMAND_EXTEND, COMMAND_SNOOZE, COMMAND_RESEND, COMMAND_SPAM, COMMAND_TEMPLATE, COMMAND_HISTORY, COMMAND_SEARCH,
	COMMAND_MBOX, COMMAND_HELP,
	COMMAND_IDENTIFY, COMMAND_CALL, COMMAND_CALLED, COMMAND_QUIET, COMMAND_STATS,
	COMMAND_VERBS /* their number; "no such verb" */
};

enum command_fault {
	COMMAND_RIGHT,
	COMMAND_UNKNOWN,   /* no such verb: see near */
	COMMAND_MISSING,   /* what the verb needs is not there */
	COMMAND_EXTRA,     /* more words than it takes */
	COMMAND_BAD_NUMBER,
	COMMAND_BAD_TIME,
	COMMAND_NO_REASON,
	COMMAND_LONG,      /* the line */
	COMMAND_MANY       /* more commands than COMMANDS_MAX; the last of the list */
};

/* A time as people write it. What is business time is the caller's to know. */
struct command_when {
	enum { WHEN_NONE, WHEN_MOMENT, WHEN_DAY /* its end */, WHEN_HOURS, WHEN_BUSINESS_DAYS } kind;
	epoch at;      /* MOMENT; DAY: its 0:00 */
	int64_t n;     /* HOURS: seconds from then; BUSINESS_DAYS: how many */
};

struct command {
	enum command_verb verb;
	enum command_fault fault;
	size_t line;             /* in the text, from 1 */
	const char *source;      /* the line as written, one line */
	int64_t ticket;          /* of `#12` in front; 0: the address's */
	const char *word;        /* who, which kind, what to search; CALLED: an N-number; "" = none */
	int64_t number;          /* MERGE, UNMERGE: a ticket; SPLIT: a mail; QUIET: days; 0 = none */
	struct command_when when;
	const char *reason;      /* EXTEND, SNOOZE; CALLED: what was said; else "" */
	bool force;              /* MERGE: although the senders differ */
	bool attach;             /* SEARCH: with the mails */
	const char *below;       /* CALL: the rest of the text, its form (text/call.h); else "" */
	enum command_verb near[COMMAND_NEAR]; /* UNKNOWN: nearest first */
	size_t nnear;
};

enum command_mode { COMMAND_MAIL, COMMAND_NOTE };

/* Strings in `a`. *rest_r is where the commands end: the note below them. */
void command_parse(const char *utf8, size_t n, enum command_mode mode, epoch now, struct arena *a,
                   struct command **v_r, size_t *n_r, size_t *rest_r);

/* For help: "担当 名前", what it does, an example, the English name. */
struct command_help {
	enum command_verb verb;
	const char *usage, *does, *example, *english;
};
const struct command_help *command_help(enum command_verb v);
/* The verb a word names, or COMMAND_VERBS. */
enum command_verb command_verb_of(const char *word, struct arena *a);
/* Up to COMMAND_NEAR verbs that look like the word, nearest first; their number. */
size_t command_near(const char *word, struct arena *a, enum command_verb near_r[COMMAND_NEAR]);

#endif
