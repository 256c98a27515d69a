#ifndef TEXT_COMMAND_INT_H
#define TEXT_COMMAND_INT_H
/* Shared by command*.c only. */
#include "text/command.h"

/* What stands behind a verb. */
enum command_arg { ARG_NONE, ARG_WORD, ARG_WORD_OR_NONE, ARG_NUMBER, ARG_NUMBER_OR_NONE, ARG_WHEN, ARG_QUERY, ARG_MERGE, ARG_CALLED };
enum command_arg command_arg(enum command_verb v);

/* NFKC and case folding of a word; final 。 and . dropped. */
char *command_fold(struct arena *a, const char *p, size_t n);

/* command_when.c: reads a time off the words w[0..n) (folded); returns how many
 * of them it took, 0 if they begin with none. */
size_t command_when(char *const *w, size_t n, epoch now, struct command_when *r);

#endif
