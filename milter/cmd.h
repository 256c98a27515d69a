#ifndef MILTER_CMD_H
#define MILTER_CMD_H
/*
 * Mail commands (DESK-06): desk_command.c carries out the commands of one mail,
 * all of them or none; each cmd_*.c has one group of them.
 */
#include "desk_impl.h"
#include "store/store_ticket_op.h"
#include "text/command.h"

struct cmd_run {
	struct store *s;
	struct intake *in;
	const struct staff *who;
	struct ticket_by by;
	struct ticket t;  /* what this command is about; id 0: none was named */
	int64_t named;    /* the number it was named by, before any merge */
	bool help;        /* the table of commands goes along */
	bool refused;     /* the command can't be carried out, `say` tells why */
	struct sb say;    /* what was done, or why not: Japanese, for its author */
	struct sb want;   /* outbox variables for what the mailer adds to the answer */
	struct sb form;   /* of a call: empty, or to be corrected */
};

/* OK; or cmd_refuse: nothing of the mail is done; or what the store says.
 * r->t is written back by whoever changes it. */
typedef enum status cmd_fn(struct cmd_run *r, const struct command *c, struct err *e);

enum status cmd_refuse(struct cmd_run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cmd_say(struct cmd_run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What somebody wrote, short enough to be quoted. */
const char *cmd_fit(struct arena *a, const char *s);
bool cmd_is_one_of(const char *word, const char *const *list /* NULL-terminated */);
/* A row about r->t. */
enum status cmd_audit(struct cmd_run *r, const char *what, const char *detail, struct err *e) must_check;
/* "鈴木 一郎", "なし" */
const char *cmd_staff_name(struct cmd_run *r, int64_t id);
const char *cmd_state_ja(const struct ticket *t);

cmd_fn cmd_assign, cmd_close, cmd_reopen; /* cmd_ticket.c */
cmd_fn cmd_merge, cmd_unmerge, cmd_split; /* cmd_merge.c */
cmd_fn cmd_spam;                          /* cmd_ticket.c */
cmd_fn cmd_extend, cmd_snooze;            /* cmd_due.c */
cmd_fn cmd_resend;                        /* cmd_letter.c */
cmd_fn cmd_category, cmd_template;        /* cmd_category.c */
cmd_fn cmd_history, cmd_mbox, cmd_search; /* cmd_report.c */
cmd_fn cmd_stats;                         /* cmd_stats.c */
cmd_fn cmd_help;                          /* cmd_help.c */
cmd_fn cmd_identify;                      /* cmd_identify.c */
cmd_fn cmd_call, cmd_called;              /* cmd_call.c */
cmd_fn cmd_quiet;                         /* cmd_report.c */

/* cmd_due.c: the moment that was meant, counted from `from`; a time at which staff answer (17:30 too). */
epoch cmd_moment(const struct cal *cal, epoch from, const struct command_when *w);
bool cmd_in_hours(const struct cal *cal, epoch t);

/* cmd_ticket.c: the active staff member whom a word means. Refused: nobody, or several. */
enum status cmd_staff_meant(struct cmd_run *r, const char *word, struct staff *st_r, struct err *e) must_check;

/* cmd_letter.c: a templated mail to the customer about r->t, in the thread of his
 * newest mail. `vars` are the template's own; *to_r: its recipients, to be shown. */
enum status cmd_letter(struct cmd_run *r, const char *tmpl, struct sb *vars, const char **to_r, struct err *e) must_check;

/* cmd_help.c: the table of all commands, ≤ 76 columns; what is wrong with a
 * line, with the nearest right ones. */
void cmd_help_table(struct sb *out);
void cmd_fault_words(const struct command *c, struct sb *out);

#endif
