#ifndef TEXT_SURVEY_H
#define TEXT_SURVEY_H
/*
 * The leak-risk diagnosis as data (DIAG-02): questions, choices with their
 * points, weights, areas, bands and advice stand in one file
 * (conf/diagnosis/questionnaire.txt; its head explains the format). Nothing here
 * knows how many questions there are or what they ask.
 *
 * A set is immutable once loaded: any number of threads may use it.
 */
#include "base/arena.h"
#include "base/clk.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "text/grid.h"
#include <stdbool.h>

enum {
	SURVEY_ITEMS_MAX = 60,
	SURVEY_CHOICES_MAX = 6,
	SURVEY_PARTS_MAX = 6,
	SURVEY_AREAS_MAX = 10,
	SURVEY_AREAS_LEAST = 3, /* a radar chart of two axes is none */
	SURVEY_BANDS_MAX = 8,
	SURVEY_FULL = 100       /* the score when everything is done */
};
enum survey_field { SURVEY_NUMBER, SURVEY_COMPANY, SURVEY_MAIL, SURVEY_PERSON, SURVEY_TIME, SURVEY_ANSWER, SURVEY_FIELDS };

struct survey_choice {
	char code;                /* 'A': what is stored */
	int points;
	const char *name;         /* "実施している" */
	const char *const *keys;  /* survey_key of what is taken for it, NULL-terminated */
};
struct survey_item {
	size_t area, part;        /* indexes */
	int weight, effect;
	const char *label, *ask, *advice;
	const char *key;          /* survey_key of ask */
};
struct survey_part {
	int first, last;          /* numbers of questions, from 1 */
	const char *name;
};
struct survey_area {
	const char *id, *name;
};
struct survey_band {
	int least;
	const char *name, *text;
};
struct survey {
	int version;
	const char *title;
	struct survey_item *items;    /* question k is items[k - 1] */
	size_t nitems;
	struct survey_choice choices[SURVEY_CHOICES_MAX];
	size_t nchoices;
	struct survey_part parts[SURVEY_PARTS_MAX];
	size_t nparts;
	struct survey_area areas[SURVEY_AREAS_MAX];
	size_t nareas;
	struct survey_band bands[SURVEY_BANDS_MAX]; /* the best first */
	size_t nbands;
	const char *column[SURVEY_FIELDS];        /* as it is shown */
	const char *const *columns[SURVEY_FIELDS]; /* survey_key of each heading, NULL-terminated */
	struct arena *a;
};

/* Reads DIR/questionnaire.txt and checks all of it. ERR_PERM: a fault,
 * "DIR/questionnaire.txt:12: …". */
enum status survey_load(const char *dir, struct survey **s_r, struct err *e) must_check;
/* The same from text; `path` is for errors. */
enum status survey_parse(const char *path, const char *text, size_t n, struct survey **s_r, struct err *e) must_check;
void survey_free(struct survey **s); /* accepts NULL, sets NULL */

/* What counts when two texts are compared: width, case, white space and
 * punctuation do not. In `a`. */
const char *survey_key(struct arena *a, const char *utf8, size_t n);
/* By its key; NULL: none. */
const struct survey_choice *survey_choice_by_key(const struct survey *s, const char *key);
const struct survey_choice *survey_choice_by_code(const struct survey *s, char code);

/* ---- answers (survey_read.c, survey_mail.c) -------------------------------------- */

struct survey_answers {
	size_t row;                        /* in the sheet; 0: a mail's text */
	char code[SURVEY_ITEMS_MAX + 1];   /* one a question */
	const char *field[SURVEY_FIELDS];  /* as written, NFKC, "" = not told */
	epoch at;                          /* when they were given; 0 = not told */
};
struct survey_sheet {
	struct survey_answers *v;          /* complete ones; in the arena */
	size_t n;
	struct sb faults;                  /* Japanese, one a line; the caller frees */
	size_t nfaults;                    /* any: nothing of the sheet is to be used */
	bool any;                          /* something is written where answers go */
};
enum { SURVEY_SHEET_MAX = 2000, SURVEY_FAULTS_MAX = 60 /* told; the others are counted */ };

/* A table: people as rows (an export of the form) or one person's answers down a
 * column (the Excel sheet). ERR_NOTFOUND: it is no table of answers; e->msg says
 * in Japanese what is missing. SECURITY: cells are hostile; bounded, linear. */
enum status survey_read_grid(const struct survey *s, const struct grid *g, struct arena *a, struct survey_sheet *r,
                             struct err *e) must_check;
/* A mail's text: 「Q1: 実施している」 in the shapes people give it. ERR_NOTFOUND: no answer in it. */
enum status survey_read_text(const struct survey *s, const char *utf8, size_t n, struct arena *a, struct survey_sheet *r,
                             struct err *e) must_check;

/* ---- the score (survey_score.c) ---------------------------------------------------- */

struct survey_score {
	int score;                        /* SURVEY_FULL: everything; below 0 is possible */
	const struct survey_band *band;
	int area[SURVEY_AREAS_MAX];       /* the same for each area alone */
	int count[SURVEY_CHOICES_MAX];    /* answers by choice */
};
/* ERR_PERM: `code` is not of this questionnaire. */
enum status survey_score(const struct survey *s, const char *code, struct survey_score *r, struct err *e) must_check;
const struct survey_band *survey_band_of(const struct survey *s, int score);
/* Questions (indexes of items) that leave something to be done, the most effective advice first. */
size_t survey_advice(const struct survey *s, const char *code, size_t v_r[SURVEY_ITEMS_MAX]);

#endif
