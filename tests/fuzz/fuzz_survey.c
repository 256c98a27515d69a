/* Any text as an answer mail, as staff's word and as a questionnaire; any bytes as an exported CSV. */
#include "pack/survey_file.h"
#include "text/charset.h"
#include "text/command_diagnosis.h"
#include <stdlib.h>
#include <string.h>

static struct survey *survey;

static void must(int ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err e;
	(void)argc, (void)argv;
	must(survey_load("conf/diagnosis", &survey, &e) == OK);
	return 0;
}

static void check(struct survey_sheet *r)
{
	struct survey_score score;
	struct err e;
	must(text_is_utf8(r->faults.s, r->faults.len) && (!r->nfaults || !r->n));
	for (size_t i = 0; i < r->n; i++) {
		must(survey_score(survey, r->v[i].code, &score, &e) == OK && score.score <= 100 && score.score >= -25);
		for (int f = 0; f < SURVEY_FIELDS; f++)
			must(text_is_utf8(r->v[i].field[f], strlen(r->v[i].field[f])) && !strchr(r->v[i].field[f], '\n'));
	}
	sb_free(&r->faults);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	struct arena *a = arena_new();
	struct sb text = SB_INIT;
	struct survey_sheet r;
	struct survey *s;
	struct err e;
	text_valid((const char *)data, n, &text);
	(void)!survey_read_text(survey, text.s, text.len, a, &r, &e);
	check(&r);
	if (!(n > 1 && data[0] == 'P'))
		must(survey_read_file(survey, data, n, a, &r, &e) == OK), check(&r);
	const char *rest;
	diagnosis_order_read(text.s, text.len, a, &rest);
	must(text_is_utf8(rest, strlen(rest)) && !strchr(rest, '\n'));
	if (survey_parse("q", text.s, text.len, &s, &e) == OK)
		survey_free(&s);
	sb_free(&text);
	arena_free(&a);
	return 0;
}
