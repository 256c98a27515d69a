#ifndef TEXT_SURVEY_IMPL_H
#define TEXT_SURVEY_IMPL_H
/* Shared by survey_read.c, survey_mail.c and survey_answer.c: one person's answers while they are read. */
#include "text/survey.h"
#include <stdbool.h>

struct survey_reading {
	const struct survey *s;
	struct arena *a;
	struct survey_sheet *r;
	struct survey_answers now;              /* whose answers are being read */
	const char *bad[SURVEY_ITEMS_MAX];      /* what was written where no choice was meant, or NULL */
	size_t answered;
};

/* NFKC, visible, one line, without white space around it. */
char *survey_flat(struct arena *a, const char *utf8, size_t n);
/* "Q12. …", "【問3】…", "7)" at the beginning of flat text: how many bytes that is, 0 = no number.
 * A bare number needs something that ends it. */
size_t survey_numbered(const char *flat, int *num_r);
/* Which question a heading is: by its text, else by its number; -1: none. */
int survey_question(const struct survey *s, struct arena *a, const char *cell);
/* By its text alone. */
int survey_question_told(const struct survey *s, struct arena *a, const char *cell);
/* Which field a heading is; SURVEY_FIELDS: none. */
enum survey_field survey_field_of(const struct survey *s, const char *key);
/* A choice as it stands in a cell: a number of the list before it does not matter. */
const struct survey_choice *survey_choice_of(const struct survey *s, struct arena *a, const char *cell);

void survey_fault(struct survey_reading *x, size_t row, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void survey_begin(struct survey_reading *x, size_t row);
/* "" is no answer. What is no choice is remembered for the fault. */
void survey_answer(struct survey_reading *x, size_t item, const char *cell);
void survey_field_set(struct survey_reading *x, enum survey_field f, const char *value, bool date1904);
/* The beginning of what was written, for a fault. */
const char *survey_shown(struct arena *a, const char *written);
/* Something was written where no answer can be told from it. */
void survey_answer_bad(struct survey_reading *x, size_t item, const char *written);
/* Whoever is complete is added; else faults are. */
void survey_end(struct survey_reading *x);
/* After the last one: how many faults were not told, and what the choices are. */
void survey_close(struct survey_reading *x);

/* "2026/11/24 10:00", "11/24/26 1:05:00 PM", "2026年11月24日", "R8.11.24", "令和8年11月24日", 46350.4167, ISO with Z; 0: unreadable. */
epoch survey_time(const char *flat, bool date1904);

#endif
