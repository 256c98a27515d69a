/*
 * A table as answers: an export of Microsoft Forms (a row a person, questions as
 * headings, columns of its own between) or the Excel sheet (a question a row).
 * Which it is, where the headings are and which column is what is found by
 * looking: people move things, merge cells, add titles. See survey.h.
 */
#include "text/survey_impl.h"
#include <string.h>

enum { HEAD_ROWS = 40, LABEL_COLS = 4, FIELD_CELL_MAX = 300 };

struct table {
	struct survey_reading x;
	const struct grid *g;
	size_t head;               /* the row with the headings */
	int *question;             /* by column: which one, or -1 */
	enum survey_field *field;  /* by column, SURVEY_FIELDS: none */
	size_t ncol;
	const struct grid_row *choices; /* the row that has a choice over each column, or NULL */
	size_t answers;            /* the column that has the answers, SIZE_MAX: none says so */
	size_t label;              /* the column that has the questions' numbers, in the Excel sheet */
};

static const char *cell(const struct grid_row *r, size_t col)
{
	return col < r->n ? r->v[col] : "";
}

/* Which field a cell names; what is empty or long names none. */
static enum survey_field field_at(const struct table *t, const char *text)
{
	if (!*text || strlen(text) > FIELD_CELL_MAX)
		return SURVEY_FIELDS;
	return survey_field_of(t->x.s, survey_key(t->x.a, text, strlen(text)));
}

/* How many different questions stand in a row. */
static size_t questions_in(const struct table *t, const struct grid_row *r)
{
	bool seen[SURVEY_ITEMS_MAX] = { false };
	size_t n = 0;
	for (size_t c = 0; c < r->n; c++) {
		int q = *r->v[c] ? survey_question(t->x.s, t->x.a, r->v[c]) : -1;
		if (q >= 0 && !seen[q]) {
			seen[q] = true;
			n++;
		}
	}
	return n;
}

/* 「会社名」 at the beginning: whatever stands beside it is no question. */
static bool is_field_row(const struct table *t, const struct grid_row *r)
{
	size_t c = 0;
	while (c < r->n && !*r->v[c])
		c++;
	return c < r->n && field_at(t, r->v[c]) < SURVEY_ANSWER;
}

/* The question that a row of the Excel sheet is about, and where it stands: a
 * number alone ("11/24", "No.1 商会") tells only in the column of the labels. */
static int question_at(const struct table *t, const struct grid_row *r, size_t *col_r)
{
	if (is_field_row(t, r))
		return -1;
	for (size_t c = 0; c < r->n && c < LABEL_COLS; c++) {
		int q = !*r->v[c]       ? -1
		        : c == t->label ? survey_question(t->x.s, t->x.a, r->v[c])
		                        : survey_question_told(t->x.s, t->x.a, r->v[c]);
		if (q >= 0) {
			*col_r = c;
			return q;
		}
	}
	return -1;
}

/* ---- a row a person -------------------------------------------------------------------- */

static size_t find_head(struct table *t)
{
	size_t most = 0;
	for (size_t i = 0; i < t->g->n && i < HEAD_ROWS; i++) {
		size_t n = questions_in(t, &t->g->rows[i]);
		if (n > most) {
			most = n;
			t->head = i;
		}
	}
	return most;
}

static void read_head(struct table *t)
{
	const struct grid_row *r = &t->g->rows[t->head];
	bool seen[SURVEY_ITEMS_MAX] = { false };
	t->ncol = r->n;
	t->question = arena_alloc(t->x.a, (r->n + 1) * sizeof *t->question);
	t->field = arena_alloc(t->x.a, (r->n + 1) * sizeof *t->field);
	for (size_t c = 0; c < r->n; c++) {
		int q = survey_question(t->x.s, t->x.a, r->v[c]);
		t->question[c] = q;
		t->field[c] = q < 0 ? field_at(t, r->v[c]) : SURVEY_FIELDS;
		if (q >= 0 && seen[q])
			survey_fault(&t->x, r->number, "見出しに Q%d が 2 回あります", q + 1);
		if (q >= 0)
			seen[q] = true;
	}
	for (size_t i = 0; i < t->x.s->nitems; i++)
		if (!seen[i])
			survey_fault(&t->x, r->number, "見出しに Q%zu %s がありません", i + 1, t->x.s->items[i].label);
}

static bool has_answer(const struct table *t, const struct grid_row *r)
{
	for (size_t c = 0; c < t->ncol; c++)
		if ((t->question[c] >= 0 || t->field[c] != SURVEY_FIELDS) && *cell(r, c))
			return true;
	return false;
}

static void read_person(struct table *t, const struct grid_row *r)
{
	survey_begin(&t->x, r->number);
	for (size_t c = 0; c < t->ncol; c++) {
		if (t->question[c] >= 0)
			survey_answer(&t->x, (size_t)t->question[c], cell(r, c));
		else if (t->field[c] != SURVEY_FIELDS && t->field[c] != SURVEY_ANSWER)
			survey_field_set(&t->x, t->field[c], cell(r, c), t->g->date1904);
	}
	const char *when = t->x.now.field[SURVEY_TIME];
	if (*when && !t->x.now.at) /* by it an export's rows are known again */
		survey_fault(&t->x, r->number, "%s「%s」が読み取れません", t->x.s->column[SURVEY_TIME], survey_shown(t->x.a, when));
	survey_end(&t->x);
}

/* Two exports pasted together: the headings once more are no person. */
static bool is_head_again(const struct table *t, const struct grid_row *r)
{
	for (size_t c = 0; c < t->ncol; c++)
		if (t->question[c] >= 0 && strcmp(cell(r, c), t->g->rows[t->head].v[c]) != 0)
			return false;
	return true;
}

static void read_across(struct table *t)
{
	read_head(t);
	if (t->x.r->nfaults) {
		t->x.r->any = true; /* whether there are some below can't be told */
		return;
	}
	for (size_t i = t->head + 1; i < t->g->n; i++)
		if (has_answer(t, &t->g->rows[i]) && !is_head_again(t, &t->g->rows[i]))
			read_person(t, &t->g->rows[i]);
	if (!t->x.r->n && !t->x.r->nfaults)
		survey_fault(&t->x, 0, "見出しの下に回答の行がありません");
}

/* ---- a question a row ------------------------------------------------------------------ */

static size_t count_in(const struct table *t, size_t col)
{
	bool seen[SURVEY_ITEMS_MAX] = { false };
	size_t n = 0;
	for (size_t i = 0; i < t->g->n; i++) {
		const char *v = cell(&t->g->rows[i], col);
		int q = *v && !is_field_row(t, &t->g->rows[i]) ? survey_question(t->x.s, t->x.a, v) : -1;
		if (q >= 0 && !seen[q]) {
			seen[q] = true;
			n++;
		}
	}
	return n;
}

/* The column of the labels is the one that names most questions. */
static size_t count_down(struct table *t)
{
	size_t most = 0;
	for (size_t c = 0; c < LABEL_COLS; c++) {
		size_t n = count_in(t, c);
		if (n > most) {
			most = n;
			t->label = c;
		}
	}
	return most;
}

/* How many different choices a row has behind a column; at_r: over `col` there is one. */
static size_t choices_in(const struct table *t, const struct grid_row *r, size_t from, size_t col, bool *at_r)
{
	char seen[SURVEY_CHOICES_MAX + 1] = "";
	size_t n = 0;
	for (size_t c = from; c < r->n; c++) {
		const struct survey_choice *k = *r->v[c] ? survey_choice_of(t->x.s, t->x.a, r->v[c]) : NULL;
		if (k && !strchr(seen, k->code))
			seen[n++] = k->code;
		if (k && c == col)
			*at_r = true;
	}
	return n;
}

/* Above the questions: the heading over the answers, or a choice over each of
 * several columns (below 「回答」 over all of them, or without it). */
static void find_answers(struct table *t)
{
	size_t col;
	t->answers = SIZE_MAX;
	for (size_t i = 0; i < t->g->n && i < HEAD_ROWS; i++) {
		const struct grid_row *r = &t->g->rows[i];
		if (question_at(t, r, &col) >= 0)
			break;
		for (size_t c = 0; c < r->n && t->answers == SIZE_MAX; c++)
			if (field_at(t, r->v[c]) == SURVEY_ANSWER) {
				t->answers = c;
				t->choices = NULL; /* those above it are a legend */
			}
		bool below = t->answers == SIZE_MAX;
		if (choices_in(t, r, 0, t->answers, &below) >= 2 && below)
			t->choices = r;
	}
}

/* The one cell under a choice that has a mark; NULL: none or several, of which *marks_r tells. */
static const char *marked(const struct table *t, const struct grid_row *r, const char **marks_r)
{
	const char *choice = NULL;
	size_t n = 0;
	for (size_t c = 0; c < t->choices->n; c++)
		if (*cell(r, c) && *t->choices->v[c] && survey_choice_of(t->x.s, t->x.a, t->choices->v[c])) {
			*marks_r = n ? arena_printf(t->x.a, "%s %s", *marks_r, cell(r, c)) : cell(r, c);
			choice = t->choices->v[c];
			n++;
		}
	return n == 1 ? choice : NULL;
}

/* ○, 1, ✓ or the choice's own name; not another's, and no ×. */
static void answer_marked(struct table *t, const struct grid_row *r, size_t item)
{
	const char *marks = "", *choice = marked(t, r, &marks);
	const struct survey_choice *under = choice ? survey_choice_of(t->x.s, t->x.a, choice) : NULL, *said = under ? survey_choice_of(t->x.s, t->x.a, marks) : NULL;
	const struct survey_choice *yes = &t->x.s->choices[0];
	bool named = strcmp(survey_flat(t->x.a, marks, strlen(marks)), yes->name) == 0;
	if (under && (!said || said == under || (said == yes && !named)))
		survey_answer(&t->x, item, choice);
	else if (*marks)
		survey_answer_bad(&t->x, item, marks);
}

/* Without such a heading: the choice to the right, else what stands last. */
static const char *answer_in(const struct table *t, const struct grid_row *r, size_t col)
{
	const char *last = "";
	if (t->answers != SIZE_MAX)
		return cell(r, t->answers);
	for (size_t c = col + 1; c < r->n; c++) {
		if (*r->v[c] && survey_choice_of(t->x.s, t->x.a, r->v[c]))
			return r->v[c];
		if (*r->v[c] && survey_question(t->x.s, t->x.a, r->v[c]) < 0)
			last = r->v[c];
	}
	return last;
}

/* False: which column has the answers can't be told. */
static bool answer_down(struct table *t, const struct grid_row *r, size_t col, size_t item)
{
	bool at = false;
	if (t->choices)
		answer_marked(t, r, item);
	else if (t->answers == SIZE_MAX && choices_in(t, r, col + 1, 0, &at) >= 2)
		return false;
	else
		survey_answer(&t->x, item, answer_in(t, r, col));
	return true;
}

/* 「会社名」 and to its right what it is. */
static void field_in(struct table *t, const struct grid_row *r)
{
	for (size_t c = 0; c + 1 < r->n; c++) {
		enum survey_field f = field_at(t, r->v[c]);
		size_t v = c + 1;
		while (v < r->n && !*r->v[v])
			v++;
		if (f < SURVEY_ANSWER && v < r->n && strlen(r->v[v]) <= FIELD_CELL_MAX)
			survey_field_set(&t->x, f, r->v[v], t->g->date1904);
	}
}

static void read_down(struct table *t)
{
	size_t col;
	bool seen[SURVEY_ITEMS_MAX] = { false };
	find_answers(t);
	survey_begin(&t->x, 0);
	for (size_t i = 0; i < t->g->n; i++) {
		const struct grid_row *r = &t->g->rows[i];
		int q = question_at(t, r, &col);
		if (q < 0) {
			field_in(t, r);
			continue;
		}
		if (seen[q])
			survey_fault(&t->x, r->number, "Q%d が 2 回あります", q + 1);
		seen[q] = true;
		if (!answer_down(t, r, col, (size_t)q)) {
			survey_fault(&t->x, r->number, "回答の欄が分かりません");
			t->x.r->any = true;
			return;
		}
	}
	survey_end(&t->x);
}

enum status survey_read_grid(const struct survey *s, const struct grid *g, struct arena *a, struct survey_sheet *r, struct err *e)
{
	struct table t = { .x = { .s = s, .a = a, .r = r }, .g = g };
	*r = (struct survey_sheet){ .v = arena_zalloc(a, SURVEY_SHEET_MAX * sizeof *r->v), .faults = SB_INIT };
	size_t across = find_head(&t), down = count_down(&t), most = across > down ? across : down;
	if (2 * most < s->nitems)
		return err_set(e, ERR_NOTFOUND, "質問の見出しが見つかりません (%zu 問のうち %zu 問)", s->nitems, most);
	if (across >= down)
		read_across(&t);
	else
		read_down(&t);
	survey_close(&t.x);
	return OK;
}
