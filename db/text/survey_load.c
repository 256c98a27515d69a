/*
 * questionnaire.txt into a set. The file is ours: any fault is an error with its
 * line, found by the tests, by `yorozu check` and at a daemon's start.
 */
#include "text/survey.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include "text/fold.h"
#include "text/line.h"
#include "text/utf8.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 * 1024, NAMES_MAX = 40, POINTS_MAX = 100, LABEL_MAX = 60, TEXT_MAX = 1200 };

struct loader {
	struct survey *s;
	const char *path;
	int line;
	struct survey_item *item; /* whose section this is */
	struct err *e;
};

static enum status wrong(const struct loader *l, const char *what, const char *about)
{
	return err_set(l->e, ERR_PERM, "%s:%d: %s \"%.60s\"", l->path, l->line, what, about);
}

/* The first word, cut off; *rest_r is what follows. */
static char *word(char *s, char **rest_r)
{
	char *end = s + strcspn(s, " \t");
	*rest_r = *end ? line_trim(end + 1) : end;
	*end = '\0';
	return s;
}

/* ---- keys ---------------------------------------------------------------------------- */

/* Letters, digits and signs that mean something alone (○ × △). */
static bool counts(uint32_t cp)
{
	if (cp < 0x80)
		return isalnum((int)cp);
	return !(cp >= 0x3000 && cp <= 0x3004) && !(cp >= 0x3008 && cp <= 0x3020) && cp != 0x30FB && cp != 0xFFFD &&
	       !(cp >= 0x2010 && cp <= 0x2027) && cp != 0xB7;
}

const char *survey_key(struct arena *a, const char *utf8, size_t n)
{
	struct sb folded = SB_INIT, out = SB_INIT;
	uint32_t cp;
	text_fold(utf8, n, &folded);
	for (size_t i = 0, len; i < folded.len; i += len) {
		len = utf8_get(folded.s + i, folded.len - i, &cp);
		if (counts(cp))
			sb_add(&out, folded.s + i, len);
	}
	const char *r = arena_memdup(a, out.s, out.len);
	sb_free(&folded);
	sb_free(&out);
	return r;
}

/* "a | b | c": the first as it is shown, all as keys. */
static enum status take_names(struct loader *l, char *value, const char **shown_r, const char *const **keys_r)
{
	struct arena *a = l->s->a;
	const char **v = arena_zalloc(a, (NAMES_MAX + 1) * sizeof *v);
	size_t n = 0;
	for (char *p = value, *next; p; p = next) {
		if ((next = strchr(p, '|')))
			*next++ = '\0';
		p = line_trim(p);
		const char *key = survey_key(a, p, strlen(p));
		if (!*key || n == NAMES_MAX)
			return wrong(l, n == NAMES_MAX ? "too many names at" : "no name:", p);
		if (!n)
			*shown_r = arena_strdup(a, p);
		v[n++] = key;
	}
	*keys_r = v;
	return OK;
}

static bool has_key(const char *const *keys, const char *key)
{
	for (; keys && *keys; keys++)
		if (strcmp(*keys, key) == 0)
			return true;
	return false;
}

const struct survey_choice *survey_choice_by_key(const struct survey *s, const char *key)
{
	for (size_t i = 0; i < s->nchoices; i++)
		if (has_key(s->choices[i].keys, key))
			return &s->choices[i];
	return NULL;
}

const struct survey_choice *survey_choice_by_code(const struct survey *s, char code)
{
	for (size_t i = 0; i < s->nchoices; i++)
		if (s->choices[i].code == code)
			return &s->choices[i];
	return NULL;
}

/* ---- lines before the questions --------------------------------------------------------- */

/* "A 4 実施している | はい" */
static enum status add_choice(struct loader *l, char *value)
{
	struct survey *s = l->s;
	char *points, *names, *code = word(value, &points);
	struct survey_choice *c = &s->choices[s->nchoices];
	points = word(points, &names);
	if (s->nchoices == SURVEY_CHOICES_MAX)
		return wrong(l, "too many choices at", code);
	if (strlen(code) != 1 || !isupper((unsigned char)*code) || survey_choice_by_code(s, *code))
		return wrong(l, "no code of its own (one capital letter):", code);
	if (!line_number(points, -POINTS_MAX, POINTS_MAX, &c->points))
		return wrong(l, "no points:", points);
	enum status st = take_names(l, names, &c->name, &c->keys);
	for (const char *const *k = c->keys; st == OK && *k; k++)
		if (survey_choice_by_key(s, *k))
			st = wrong(l, "another choice has this name:", *k);
	c->code = *code;
	s->nchoices += st == OK;
	return st;
}

static enum status add_column(struct loader *l, char *value)
{
	static const char *const names[] = { "number", "company", "mail", "person", "time", "answer" };
	char *list, *field = word(value, &list);
	for (int f = 0; f < SURVEY_FIELDS; f++)
		if (strcmp(names[f], field) == 0) {
			if (l->s->columns[f])
				return wrong(l, "set twice:", field);
			return take_names(l, list, &l->s->column[f], &l->s->columns[f]);
		}
	return wrong(l, "unknown column", field);
}

static enum status add_part(struct loader *l, char *value)
{
	struct survey *s = l->s;
	char *last, *name, *first = word(value, &last);
	struct survey_part *p = &s->parts[s->nparts];
	int next = s->nparts ? p[-1].last + 1 : 1;
	last = word(last, &name);
	if (s->nparts == SURVEY_PARTS_MAX)
		return wrong(l, "too many parts at", name);
	if (!line_number(first, next, next, &p->first) || !line_number(last, next, SURVEY_ITEMS_MAX, &p->last))
		return wrong(l, "parts follow each other without a gap:", first);
	if (!*name)
		return wrong(l, "no name for part", first);
	p->name = arena_strdup(s->a, name);
	s->nparts++;
	return OK;
}

static int area_index(const struct survey *s, const char *id)
{
	for (size_t i = 0; i < s->nareas; i++)
		if (strcmp(s->areas[i].id, id) == 0)
			return (int)i;
	return -1;
}

static enum status add_area(struct loader *l, char *value)
{
	struct survey *s = l->s;
	char *name, *id = word(value, &name);
	if (s->nareas == SURVEY_AREAS_MAX)
		return wrong(l, "too many areas at", id);
	if (!*name || area_index(s, id) >= 0)
		return wrong(l, "no name, or set twice: area", id);
	s->areas[s->nareas++] = (struct survey_area){ arena_strdup(s->a, id), arena_strdup(s->a, name) };
	return OK;
}

/* "70 おおむね良い | …" */
static enum status add_band(struct loader *l, char *value)
{
	struct survey *s = l->s;
	char *name, *least = word(value, &name), *text = strchr(name, '|');
	struct survey_band *b = &s->bands[s->nbands];
	if (s->nbands == SURVEY_BANDS_MAX)
		return wrong(l, "too many bands at", least);
	if (!line_number(least, -SURVEY_FULL, SURVEY_FULL, &b->least) || (s->nbands && b->least >= b[-1].least))
		return wrong(l, "bands begin with a score, the highest first:", least);
	if (!text || text == name || !*line_trim(text + 1))
		return wrong(l, "expected \"NAME | TEXT\":", name);
	*text = '\0';
	b->name = arena_strdup(s->a, line_trim(name));
	b->text = arena_strdup(s->a, line_trim(text + 1));
	s->nbands++;
	return OK;
}

static enum status set_title(struct loader *l, char *value)
{
	if (*l->s->title)
		return wrong(l, "set twice:", "title");
	l->s->title = arena_strdup(l->s->a, value);
	return OK;
}

static enum status set_version(struct loader *l, char *value)
{
	if (l->s->version)
		return wrong(l, "set twice:", "version");
	return line_number(value, 1, 9999, &l->s->version) ? OK : wrong(l, "bad version", value);
}

/* ---- a question --------------------------------------------------------------------------- */

static enum status set_area(struct loader *l, const char *value)
{
	int i = area_index(l->s, value);
	if (i < 0)
		return wrong(l, "no such area:", value);
	l->item->area = (size_t)i;
	return OK;
}

static enum status set_text(struct loader *l, const char *key, const char *value)
{
	struct survey_item *q = l->item;
	const char **slot = strcmp(key, "label") == 0 ? &q->label : strcmp(key, "ask") == 0 ? &q->ask : strcmp(key, "advice") == 0 ? &q->advice : NULL;
	if (!slot)
		return wrong(l, "unknown key", key);
	if (**slot)
		return wrong(l, "set twice:", key);
	if (strlen(value) > (slot == &q->label ? LABEL_MAX : TEXT_MAX))
		return wrong(l, "too long:", value);
	*slot = arena_strdup(l->s->a, value);
	return OK;
}

static enum status item_pair(struct loader *l, const char *key, char *value)
{
	if (strcmp(key, "area") == 0)
		return set_area(l, value);
	if (strcmp(key, "weight") == 0)
		return line_number(value, 1, 10, &l->item->weight) ? OK : wrong(l, "bad weight", value);
	if (strcmp(key, "effect") == 0)
		return line_number(value, 1, 5, &l->item->effect) ? OK : wrong(l, "bad effect", value);
	return set_text(l, key, value);
}

static enum status take_pair(struct loader *l, const char *key, char *value)
{
	static const struct { const char *key; enum status (*set)(struct loader *, char *); } v[] = {
		{ "version", set_version }, { "title", set_title }, { "choice", add_choice }, { "column", add_column },
		{ "part", add_part }, { "area", add_area }, { "band", add_band },
	};
	if (l->item)
		return item_pair(l, key, value);
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		if (strcmp(v[i].key, key) == 0)
			return v[i].set(l, value);
	return wrong(l, "unknown key", key);
}

static size_t part_of(const struct survey *s, int num)
{
	size_t i = 0;
	while (i < s->nparts && num > s->parts[i].last)
		i++;
	return i;
}

/* A section that has ended has all it needs. */
static enum status check_item(const struct loader *l)
{
	const struct survey_item *q = l->item;
	if (!q)
		return OK;
	if (q->area == SURVEY_AREAS_MAX || !*q->label || !*q->ask || !*q->advice || !q->effect)
		return wrong(l, "area, effect, label, ask and advice are needed before this line; question", q->label);
	return OK;
}

static enum status open_section(struct loader *l, char *line)
{
	struct survey *s = l->s;
	size_t n = strlen(line);
	int num, next = (int)s->nitems + 1;
	enum status st = check_item(l);
	if (st != OK)
		return st;
	if (line[n - 1] != ']')
		return wrong(l, "expected [NUMBER]:", line);
	line[n - 1] = '\0';
	if (next > SURVEY_ITEMS_MAX || !line_number(line + 1, next, next, &num))
		return wrong(l, "questions are numbered 1, 2, 3, …:", line + 1);
	if (part_of(s, num) == s->nparts)
		return wrong(l, "of no part: question", line + 1);
	l->item = &s->items[s->nitems++];
	*l->item = (struct survey_item){ .area = SURVEY_AREAS_MAX, .part = part_of(s, num), .weight = 1, .label = "", .ask = "", .advice = "" };
	return OK;
}

static enum status take_line(struct loader *l, char *line)
{
	line = line_trim(line);
	if (!*line || *line == '#')
		return OK;
	if (*line == '[')
		return open_section(l, line);
	char *eq = strchr(line, '=');
	if (!eq)
		return wrong(l, "expected \"key = value\":", line);
	*eq = '\0';
	char *key = line_trim(line), *value = line_trim(eq + 1);
	return *value ? take_pair(l, key, value) : wrong(l, "no value for", key);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static enum status lacks(const struct loader *l, const char *what)
{
	return err_set(l->e, ERR_PERM, "%s: %s", l->path, what);
}

static enum status check_head(const struct loader *l)
{
	const struct survey *s = l->s;
	if (!s->version || !*s->title)
		return lacks(l, "has no version or no title");
	if (s->nchoices < 2)
		return lacks(l, "has fewer than two choices");
	if (s->choices[0].points <= 0)
		return lacks(l, "the first choice must have the most points, and more than 0");
	for (size_t i = 1; i < s->nchoices; i++)
		if (s->choices[i].points >= s->choices[i - 1].points)
			return lacks(l, "choices must come with falling points");
	for (int f = 0; f < SURVEY_FIELDS; f++)
		if (!s->columns[f])
			return lacks(l, "a column is missing (number, company, mail, person, time, answer)");
	if (s->nareas < SURVEY_AREAS_LEAST)
		return lacks(l, "has fewer than three areas");
	if (!s->nbands || s->bands[s->nbands - 1].least != -SURVEY_FULL)
		return lacks(l, "the last band must begin at -100");
	return OK;
}

static enum status check(const struct loader *l)
{
	struct survey *s = l->s;
	unsigned used = 0;
	enum status st = check_head(l);
	if (st != OK)
		return st;
	if (!s->nitems || s->nitems != (size_t)s->parts[s->nparts - 1].last)
		return lacks(l, "parts and questions do not end with the same number");
	for (size_t i = 0; i < s->nitems; i++) {
		s->items[i].key = survey_key(s->a, s->items[i].ask, strlen(s->items[i].ask));
		used |= 1u << s->items[i].area;
		for (size_t k = 0; k < i; k++)
			if (strcmp(s->items[k].key, s->items[i].key) == 0)
				return lacks(l, "asks the same question twice");
	}
	return used == (1u << s->nareas) - 1 ? OK : lacks(l, "an area has no question");
}

static enum status parse(struct loader *l, char *text)
{
	enum status st = OK;
	for (char *p = text, *next; st == OK && p; p = next) {
		if ((next = strchr(p, '\n')))
			*next++ = '\0';
		l->line++;
		st = take_line(l, p);
	}
	if (st == OK)
		st = check_item(l);
	return st == OK ? check(l) : st;
}

void survey_free(struct survey **s)
{
	if (!s || !*s)
		return;
	arena_free(&(*s)->a);
	free(*s);
	*s = NULL;
}

enum status survey_parse(const char *path, const char *text, size_t n, struct survey **s_r, struct err *e)
{
	struct survey *s = xcalloc(1, sizeof *s);
	s->a = arena_new();
	s->title = "";
	s->items = arena_zalloc(s->a, SURVEY_ITEMS_MAX * sizeof *s->items);
	struct loader l = { .s = s, .path = path, .e = e };
	enum status st = OK;
	if (!text_is_utf8(text, n) || memchr(text, '\0', n))
		st = err_set(e, ERR_PERM, "%s: is not UTF-8 text", path);
	if (st == OK)
		st = parse(&l, arena_strndup(s->a, text, n));
	if (st != OK)
		survey_free(&s);
	*s_r = s;
	return st;
}

enum status survey_load(const char *dir, struct survey **s_r, struct err *e)
{
	char *path = xasprintf("%s/questionnaire.txt", dir);
	struct sb text = SB_INIT;
	*s_r = NULL;
	enum status st = io_read_file(path, FILE_MAX, &text, e);
	if (st == OK)
		st = survey_parse(path, text.s, text.len, s_r, e);
	sb_free(&text);
	free(path);
	return st;
}
