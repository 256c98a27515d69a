/*
 * categories.txt into a set. The file is ours: any fault is an error with its
 * line, found by the tests and at a daemon's start.
 */
#include "text/category_impl.h"
#include "text/line.h"
#include "base/io.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "text/charset.h"
#include "text/inquiry.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	FILE_MAX = 512 * 1024,
	KINDS_MAX = 64,
	PIECES_MAX = 4096,
	WORDS_MAX = 16384,
	ALIASES_MAX = 32,
	NUMBER_MAX = 99,
	WEIGHT_MAX = 20,
	WORD_MAX = 120, /* bytes, folded */
};

struct loader {
	struct categories *set;
	const char *path;
	int line;
	struct category *kind; /* whose section this is */
	struct err *e;
};

static enum status wrong(const struct loader *l, const char *what, const char *about)
{
	return err_set(l->e, ERR_PERM, "%s:%d: %s \"%.60s\"", l->path, l->line, what, about);
}

/* ---- words --------------------------------------------------------------- */

static bool is_alnum(char c)
{
	return isalnum((unsigned char)c);
}

/* One word of a clause to its key: "ransom*" may go on, "dos" may not. */
static enum status add_word(struct loader *l, char *text, unsigned *key_r)
{
	struct categories *set = l->set;
	size_t n = strlen(text);
	bool open = n > 1 && text[n - 1] == '*';
	char *folded = category_folded(set->a, text, open ? n - 1 : n);
	size_t len = strlen(folded);
	if (len < 2 || len > WORD_MAX || strpbrk(folded, "\n*"))
		return wrong(l, "no word to look for:", text);
	unsigned w = match_add(set->match, folded, len);
	if (w >= WORDS_MAX)
		return wrong(l, "too many words:", text);
	if (w == set->nwords) {
		set->words[w] = (struct word){ .len = len, .left = is_alnum(folded[0]), .right = is_alnum(folded[len - 1]) };
		set->nwords++;
	}
	*key_r = w * 2 + !open;
	return OK;
}

static void use(struct categories *set, struct clause *c)
{
	for (unsigned i = 0; i < c->n; i++) {
		struct clause **first = &set->words[c->keys[i] / 2].uses[c->keys[i] % 2];
		c->next_use[i] = *first;
		*first = c;
	}
}

/* "a & b" */
static enum status add_clause(struct loader *l, char *text)
{
	struct clause *c = arena_zalloc(l->set->a, sizeof *c);
	c->piece = l->set->npieces;
	for (char *p = text, *next; p; p = next) {
		if ((next = strchr(p, '&')))
			*next++ = '\0';
		char *word = line_trim(p);
		if (c->n == CLAUSE_WORDS)
			return wrong(l, "too many words joined by &:", word);
		enum status st = add_word(l, word, &c->keys[c->n]);
		if (st)
			return st;
		for (unsigned i = 0; i < c->n; i++)
			if (c->keys[i] == c->keys[c->n])
				return wrong(l, "twice the same word:", word);
		c->shown = arena_printf(l->set->a, c->n ? "%s…%.*s" : "%s%.*s", c->n ? c->shown : "",
		                        (int)strcspn(word, "*"), word);
		c->n++;
	}
	use(l->set, c);
	return OK;
}

/* "WEIGHT a | b & c" */
static enum status add_piece(struct loader *l, char *value, unsigned places)
{
	struct categories *set = l->set;
	char *words = value + strcspn(value, " \t");
	int weight;
	if (*words)
		*words++ = '\0';
	if (!line_number(value, -WEIGHT_MAX, WEIGHT_MAX, &weight) || weight == 0)
		return wrong(l, "no weight:", value);
	if (set->npieces == PIECES_MAX)
		return wrong(l, "too much evidence:", words);
	for (char *p = words, *next; p; p = next) {
		if ((next = strchr(p, '|')))
			*next++ = '\0';
		enum status st = add_clause(l, p);
		if (st)
			return st;
	}
	set->pieces[set->npieces++] = (struct piece){ (size_t)(l->kind - set->kinds), weight, places };
	return OK;
}

/* ---- a section's other lines -------------------------------------------------- */

static const struct { const char *name, *ja; } groups[] = {
	[CATEGORY_NONE] = { "none", "相談以外" },
	[CATEGORY_CONSULT] = { "consult", "回答可能な相談" },
	[CATEGORY_DECLINED] = { "declined", "承れない相談" },
	[CATEGORY_PUBLIC] = { "public", "公的窓口のご案内" },
	[CATEGORY_UNSOLVED] = { "unsolved", "解決できない場合がある事案" },
	[CATEGORY_BOUND] = { "bound", "本人確認が必要な問い合わせ" },
};
enum { NGROUPS = sizeof groups / sizeof *groups };

const char *category_group_ja(enum category_group g)
{
	return groups[g].ja;
}

static enum status set_group(struct loader *l, const char *value)
{
	for (int g = 0; g < NGROUPS; g++)
		if (strcmp(groups[g].name, value) == 0) {
			l->kind->group = (enum category_group)g;
			return OK;
		}
	return wrong(l, "unknown group", value);
}

static enum status set_aliases(struct loader *l, char *value)
{
	struct arena *a = l->set->a;
	const char **v = arena_zalloc(a, (ALIASES_MAX + 1) * sizeof *v);
	size_t n = 0;
	for (char *p = value, *next; p; p = next) {
		if ((next = strchr(p, ',')))
			*next++ = '\0';
		char *alias = line_trim(p);
		if (!*alias || n == ALIASES_MAX)
			return wrong(l, "bad alias", alias);
		v[n++] = arena_strdup(a, alias);
	}
	l->kind->aliases = v;
	return OK;
}

static enum status set_threshold(struct loader *l, const char *value)
{
	return line_number(value, 1, 100, &l->set->threshold) ? OK : wrong(l, "bad threshold", value);
}

static enum status take_pair(struct loader *l, const char *key, char *value)
{
	static const struct { const char *key; unsigned places; } evidence[] = {
		{ "word", 1u << IN_SUBJECT | 1u << IN_TEXT }, { "subject", 1u << IN_SUBJECT },
		{ "url", 1u << IN_URL }, { "file", 1u << IN_FILE }, { "sender", 1u << IN_SENDER },
		{ "mail", 1u << IN_MAIL },
	};
	if (strcmp(key, "threshold") == 0)
		return set_threshold(l, value);
	if (!l->kind)
		return wrong(l, "not in a section:", key);
	for (size_t i = 0; i < sizeof evidence / sizeof *evidence; i++)
		if (strcmp(evidence[i].key, key) == 0)
			return add_piece(l, value, evidence[i].places);
	if (strcmp(key, "group") == 0)
		return set_group(l, value);
	if (strcmp(key, "alias") == 0)
		return set_aliases(l, value);
	const char **field = strcmp(key, "name") == 0 ? &l->kind->name : strcmp(key, "text") == 0 ? &l->kind->text : NULL;
	if (!field)
		return wrong(l, "unknown key", key);
	if (**field)
		return wrong(l, "set twice:", key);
	*field = arena_strdup(l->set->a, value);
	return OK;
}

/* "[6]". Sections come in order of their numbers: easier to read, and to search. */
static enum status open_section(struct loader *l, char *line)
{
	static const char *const no_alias[] = { NULL };
	struct categories *set = l->set;
	size_t n = strlen(line);
	int num;
	if (line[n - 1] != ']')
		return wrong(l, "expected [NUMBER]:", line);
	line[n - 1] = '\0';
	if (!line_number(line + 1, 0, NUMBER_MAX, &num) || set->nkinds == KINDS_MAX)
		return wrong(l, "bad number of a section:", line + 1);
	if (set->nkinds && set->kinds[set->nkinds - 1].number >= num)
		return wrong(l, "sections must come in order of their numbers:", line + 1);
	l->kind = &set->kinds[set->nkinds++];
	*l->kind = (struct category){ .number = num, .name = "", .text = "", .aliases = no_alias };
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

/* ---- the whole ------------------------------------------------------------------ */

static enum status check_kind(const struct loader *l, const struct category *c)
{
	struct sb subject = SB_INIT, body = SB_INIT;
	struct category_letter letter = { .ticket = "1", .desk_name = "x", .desk_address = "x", .domain = "x" };
	if ((c->number == 0) != (c->group == CATEGORY_NONE))
		return err_set(l->e, ERR_PERM, "%s: [%d] has the wrong group or none", l->path, c->number);
	if (c->group == CATEGORY_NONE || (c->group == CATEGORY_BOUND && *c->name))
		return OK;
	if (!*c->name || !*c->text)
		return err_set(l->e, ERR_PERM, "%s: [%d] has no name or no text", l->path, c->number);
	for (const char *const *alias = c->aliases; *alias; alias++)
		if (category_find(l->set, *alias) != c)
			return err_set(l->e, ERR_PERM, "%s: [%d] shares the alias \"%.60s\"", l->path, c->number, *alias);
	enum status st = category_find(l->set, c->name) == c ? OK
		: err_set(l->e, ERR_PERM, "%s: [%d] shares its name", l->path, c->number);
	if (st == OK)
		st = category_text(l->set, c, &letter, &subject, &body, l->e);
	sb_free(&subject);
	sb_free(&body);
	return st;
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
	match_ready(l->set->match);
	for (size_t i = 0; st == OK && i < l->set->nkinds; i++)
		st = check_kind(l, &l->set->kinds[i]);
	if (st == OK && l->set->threshold == 0)
		st = err_set(l->e, ERR_PERM, "%s: has no threshold", l->path);
	return st;
}

static struct categories *new_set(const char *dir)
{
	struct categories *set = xcalloc(1, sizeof *set);
	set->a = arena_new();
	set->text_dir = arena_printf(set->a, "%s/text", dir);
	set->kinds = arena_zalloc(set->a, KINDS_MAX * sizeof *set->kinds);
	set->pieces = arena_zalloc(set->a, PIECES_MAX * sizeof *set->pieces);
	set->words = arena_zalloc(set->a, WORDS_MAX * sizeof *set->words);
	set->match = match_new();
	set->sentence_end = match_add(set->match, "\n", 1);
	set->words[set->nwords++] = (struct word){ .len = 1 };
	return set;
}

void categories_free(struct categories **set)
{
	if (!set || !*set)
		return;
	match_free(&(*set)->match);
	arena_free(&(*set)->a);
	free(*set);
	*set = NULL;
}

static enum status load(const char *dir, const char *file, struct categories **set_r, struct err *e)
{
	struct sb text = SB_INIT;
	struct categories *set = new_set(dir);
	struct loader l = { .set = set, .path = arena_printf(set->a, "%s/%s", dir, file), .e = e };
	enum status st = io_read_file(l.path, FILE_MAX, &text, e);
	if (st == OK && (!text_is_utf8(text.s, text.len) || memchr(text.s, '\0', text.len)))
		st = err_set(e, ERR_PERM, "%s: is not UTF-8 text", l.path);
	if (st == OK)
		st = parse(&l, text.s);
	sb_free(&text);
	if (st != OK)
		categories_free(&set);
	*set_r = set;
	return st;
}

enum status categories_load(const char *dir, struct categories **set_r, struct err *e)
{
	return load(dir, "categories.txt", set_r, e);
}

enum status inquiry_load(const char *dir, struct categories **set_r, struct err *e)
{
	return load(dir, "inquiry.txt", set_r, e);
}

struct categories *categories_open(const char *dir, categories_reader *load_set)
{
	struct err e;
	struct categories *set;
	if (load_set(dir, &set, &e) == OK)
		return set;
	log_error("categories", "error=%s", log_quote(e.msg));
	return NULL;
}
