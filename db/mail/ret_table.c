/*
 * The table of reasons (conf/mail/bounce-reasons.tsv), read and checked whole
 * before anything uses it. Lines of fields between TABs; `#` in front is a
 * comment. The first field says what the line is:
 *
 *	class   NAME EFFECT [LIMIT DAYS]   what a class does to the address
 *	reason  NAME CLASS STATUS SENTENCE the status where none was told, or -
 *	status  5.1.1 REASON               enhanced status (RFC 3463)
 *	code    552 REASON                 SMTP reply
 *	text    PATTERN WHERE REASON [SENTENCE]
 *	loose   as text, in its order; void where the sender's side is meant
 *	vague   PATTERN WHERE REASON [SENTENCE]
 *	subject, body                      as text: of mails that are no bounces
 *	letter, end, delay, final, ours PATTERN     see ret_impl.h
 *
 * WHERE is * or domains by comma: of the recipient or of the host that spoke.
 * Of several patterns that fit, the upper line wins. Patterns: text/patset.h.
 */
#include "base/io.h"
#include "base/xalloc.h"
#include "ret_impl.h"
#include "text/charset.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS_MAX = 6, TABLE_MAX = 1 << 20, CODE_LIMIT_MAX = 1000, DAYS_MAX = 3650 };

static const char *const class_names[RET_CLASSES] = {
	"none", "hard", "soft", "full", "policy", "size", "suspended", "moved", "network", "delayed", "delivered",
	"vacation", "complaint", "unsubscribe", "challenge", "unknown",
};
static const char *const builtin_names[RETR_BUILTINS] = {
	"undefined", "delayed", "delivered", "relayed", "expanded", "feedback", "authreport", "unsubscribe", "vacation", "receipt",
};
static const char *const words_names[RETW_KINDS] = { "text", "vague", "letter", "end", "delay", "final", "ours", "subject", "body" };
static const char *const effect_names[] = { "keep", "count", "stop" };

const char *ret_class_name(enum ret_class c)
{
	return (size_t)c < RET_CLASSES ? class_names[c] : "?";
}

const struct ret_rule *ret_rule(const struct ret_table *t, enum ret_class c)
{
	return &t->rules[c];
}

static int name_of(const char *const *names, size_t n, const char *s)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], s) == 0)
			return (int)i;
	return -1;
}

/* ---- reading ---- */

struct reader {
	struct ret_table *t;
	size_t rows;              /* upper bound of every list */
	bool class_seen[RET_CLASSES];
	char *f[FIELDS_MAX];
	size_t n;
};

static const struct ret_reason *reason_named(const struct ret_table *t, const char *name)
{
	for (size_t i = 0; i < t->nreasons; i++)
		if (strcmp(t->reasons[i].name, name) == 0)
			return &t->reasons[i];
	return NULL;
}

static bool whole_number(const char *s, int max, int *n_r)
{
	char *end;
	long n = strtol(s, &end, 10);
	*n_r = (int)n;
	return *s >= '1' && *s <= '9' && !*end && n <= max;
}

static enum status read_class(struct reader *r, struct err *e)
{
	int c = r->n >= 3 ? name_of(class_names, RET_CLASSES, r->f[1]) : -1;
	int effect = c >= 0 ? name_of(effect_names, sizeof effect_names / sizeof *effect_names, r->f[2]) : -1;
	if (effect < 0)
		return err_set(e, ERR_PERM, "expected: class NAME keep|count|stop");
	if (r->class_seen[c])
		return err_set(e, ERR_PERM, "class \"%s\" again", r->f[1]);
	struct ret_rule *rule = &r->t->rules[c];
	rule->effect = (enum ret_effect)effect;
	r->class_seen[c] = true;
	if (rule->effect != RET_COUNT)
		return r->n == 3 ? OK : err_set(e, ERR_PERM, "only \"count\" has a limit and days");
	if (r->n != 5 || !whole_number(r->f[3], CODE_LIMIT_MAX, &rule->limit) || !whole_number(r->f[4], DAYS_MAX, &rule->days))
		return err_set(e, ERR_PERM, "expected: class NAME count LIMIT DAYS");
	return OK;
}

static bool is_status(const char *s)
{
	size_t n = strlen(s);
	return ret_status_len(s, s, s + n) == n;
}

static enum status read_reason(struct reader *r, struct err *e)
{
	struct ret_table *t = r->t;
	int c = r->n == 5 ? name_of(class_names, RET_CLASSES, r->f[2]) : -1;
	if (c < 0)
		return err_set(e, ERR_PERM, "expected: reason NAME CLASS STATUS SENTENCE");
	if (strcmp(r->f[3], "-") != 0 && !is_status(r->f[3]))
		return err_set(e, ERR_PERM, "\"%s\" is no enhanced status", r->f[3]);
	if (reason_named(t, r->f[1]))
		return err_set(e, ERR_PERM, "reason \"%s\" again", r->f[1]);
	const char *status = r->f[3][0] == '-' ? "" : r->f[3];
	t->reasons[t->nreasons++] = (struct ret_reason){ arena_strdup(t->a, r->f[1]), arena_strdup(t->a, status),
							 arena_strdup(t->a, r->f[4]), (enum ret_class)c };
	return OK;
}

static bool is_code(const char *s)
{
	return (*s == '4' || *s == '5') && strlen(s) == 3 && strspn(s, "0123456789") == 3;
}

static enum status read_code(struct reader *r, struct err *e)
{
	struct ret_table *t = r->t;
	bool status = strcmp(r->f[0], "status") == 0;
	if (r->n != 3 || !(status ? is_status(r->f[1]) : is_code(r->f[1])))
		return err_set(e, ERR_PERM, "expected: %s", status ? "status 5.1.1 REASON" : "code 552 REASON");
	const struct ret_reason *reason = reason_named(t, r->f[2]);
	if (!reason)
		return err_set(e, ERR_PERM, "no reason \"%s\" above", r->f[2]);
	if (ret_by_code(t, r->f[1]))
		return err_set(e, ERR_PERM, "%s again", r->f[1]);
	t->codes[t->ncodes++] = (struct ret_code){ arena_strdup(t->a, r->f[1]), reason };
	return OK;
}

static enum status read_words(struct reader *r, enum ret_words k, struct err *e)
{
	struct ret_table *t = r->t;
	struct ret_words_set *w = &t->words[k];
	struct ret_pattern p = { .where = "", .sentence = "" };
	bool plain = k != RETW_TEXT && k != RETW_VAGUE && k != RETW_SUBJECT && k != RETW_BODY;
	if (plain ? r->n != 2 : r->n < 4 || r->n > 5)
		return err_set(e, ERR_PERM, "expected: %s PATTERN%s", r->f[0], plain ? "" : " WHERE REASON [SENTENCE]");
	if (!plain) {
		if (!(p.reason = reason_named(t, r->f[3])))
			return err_set(e, ERR_PERM, "no reason \"%s\" above", r->f[3]);
		p.where = strcmp(r->f[2], "*") == 0 ? "" : arena_strdup(t->a, r->f[2]);
		p.sentence = r->n == 5 ? arena_strdup(t->a, r->f[4]) : "";
		p.loose = k == RETW_VAGUE ? p.reason->class == RET_HARD : strcmp(r->f[0], "loose") == 0;
	}
	enum status st = patset_add(w->set, r->f[1], (int)w->n, e);
	if (st == OK)
		w->v[w->n++] = p;
	return st;
}

static enum status read_row(struct reader *r, struct err *e)
{
	int k = strcmp(r->f[0], "loose") == 0 ? RETW_TEXT : name_of(words_names, RETW_KINDS, r->f[0]);
	if (k >= 0)
		return read_words(r, (enum ret_words)k, e);
	if (strcmp(r->f[0], "class") == 0)
		return read_class(r, e);
	if (strcmp(r->f[0], "reason") == 0)
		return read_reason(r, e);
	if (strcmp(r->f[0], "status") == 0 || strcmp(r->f[0], "code") == 0)
		return read_code(r, e);
	return err_set(e, ERR_PERM, "\"%.20s\" is no kind of line", r->f[0]);
}

/* Fields between runs of TABs, in place; more than there may be is a fault. */
static bool split(struct reader *r, char *line)
{
	r->n = 0;
	for (char *p = line + strspn(line, "\t"); *p; p += strspn(p, "\t")) {
		if (r->n == FIELDS_MAX)
			return false;
		r->f[r->n++] = p;
		p += strcspn(p, "\t");
		if (*p)
			*p++ = '\0';
	}
	return true;
}

static enum status check_whole(const struct reader *r, struct err *e)
{
	struct ret_table *t = r->t;
	for (size_t i = 0; i < RET_CLASSES; i++)
		if (i != RET_NONE && !r->class_seen[i])
			return err_set(e, ERR_PERM, "no line for class \"%s\"", class_names[i]);
	for (size_t i = 0; i < RETR_BUILTINS; i++)
		if (!(t->builtin[i] = reason_named(t, builtin_names[i])))
			return err_set(e, ERR_PERM, "no line for reason \"%s\"", builtin_names[i]);
	for (size_t k = 0; k < RETW_KINDS; k++) {
		enum status st = patset_build(t->words[k].set, e);
		if (st != OK)
			return st;
	}
	return OK;
}

static enum status read_lines(struct reader *r, const char *name, char *text, struct err *e)
{
	struct err why = { .code = OK };
	enum status st = OK;
	size_t at = 1;
	for (char *line = text, *next; st == OK && line; line = next, at++) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		size_t n = strcspn(line, "\r");
		line[n] = '\0';
		if (*line == '#' || strspn(line, " \t") == n)
			continue;
		st = split(r, line) ? read_row(r, &why) : err_set(&why, ERR_PERM, "more than %d fields", FIELDS_MAX);
		if (st != OK)
			return err_set(e, st, "%s:%zu: %s", name, at, why.msg);
	}
	st = check_whole(r, &why);
	return st == OK ? OK : err_set(e, st, "%s: %s", name, why.msg);
}

static struct ret_table *table_new(size_t rows)
{
	struct ret_table *t = xcalloc(1, sizeof *t);
	t->a = arena_new();
	t->reasons = arena_alloc(t->a, rows * sizeof *t->reasons);
	t->codes = arena_alloc(t->a, rows * sizeof *t->codes);
	for (size_t k = 0; k < RETW_KINDS; k++) {
		t->words[k].set = patset_new();
		t->words[k].v = arena_alloc(t->a, rows * sizeof *t->words[k].v);
	}
	return t;
}

void ret_table_free(struct ret_table **t)
{
	if (!t || !*t)
		return;
	for (size_t k = 0; k < RETW_KINDS; k++)
		patset_free(&(*t)->words[k].set);
	arena_free(&(*t)->a);
	free(*t);
	*t = NULL;
}

enum status ret_table_parse(const char *name, const char *text, size_t n, struct ret_table **t_r, struct err *e)
{
	size_t rows = 1;
	*t_r = NULL;
	if (n > TABLE_MAX || !text_is_utf8(text, n) || memchr(text, '\0', n))
		return err_set(e, ERR_PERM, "%s: not UTF-8, or too large", name);
	for (size_t i = 0; i < n; i++)
		rows += text[i] == '\n';
	struct reader r = { .t = table_new(rows) };
	char *copy = xstrndup(text, n);
	enum status st = read_lines(&r, name, copy, e);
	free(copy);
	if (st == OK)
		*t_r = r.t;
	else
		ret_table_free(&r.t);
	return st;
}

enum status ret_table_load(const char *dir, struct ret_table **t_r, struct err *e)
{
	struct sb b = SB_INIT;
	char *path = xasprintf("%s/bounce-reasons.tsv", dir);
	*t_r = NULL;
	enum status st = io_read_file(path, TABLE_MAX, &b, e);
	if (st == OK)
		st = ret_table_parse(path, b.s, b.len, t_r, e);
	sb_free(&b);
	free(path);
	return st;
}

/* ---- asking ---- */

const struct ret_reason *ret_by_code(const struct ret_table *t, const char *code)
{
	for (size_t i = 0; i < t->ncodes; i++)
		if (strcmp(t->codes[i].code, code) == 0)
			return t->codes[i].reason;
	return NULL;
}

/* host is one of the domains, or below it. */
static bool below(const char *host, const char *domains)
{
	size_t n = strlen(host), k;
	for (const char *d = domains; *d; d += k + (d[k] == ',')) {
		k = strcspn(d, ",");
		if (k && n >= k && strncasecmp(host + n - k, d, k) == 0 && (n == k || host[n - k - 1] == '.'))
			return true;
	}
	return false;
}

struct question {
	const struct ret_words_set *w;
	const struct ret_asked *asked;
};

static bool fits(int id, void *arg)
{
	const struct question *q = arg;
	const struct ret_pattern *p = &q->w->v[id];
	const struct ret_asked *a = q->asked;
	if (p->loose && a->firm)
		return false;
	if (p->reason && ((a->only && p->reason->class != a->only) || (a->spare && p->reason->class == a->spare)))
		return false;
	if (!*p->where)
		return true;
	for (const char *const *h = a->hosts; h && *h; h++)
		if (below(*h, p->where))
			return true;
	return false;
}

const struct ret_pattern *ret_by_words(const struct ret_table *t, enum ret_words k, const struct sb *folded,
				       const struct ret_asked *asked)
{
	static const struct ret_asked all = { .hosts = NULL };
	struct question q = { &t->words[k], asked ? asked : &all };
	int id = patset_first(q.w->set, folded->s, folded->len, fits, &q);
	return id == PATSET_NONE ? NULL : &q.w->v[id];
}

bool ret_has_words(const struct ret_table *t, enum ret_words k, const char *utf8, size_t n)
{
	struct sb b = SB_INIT;
	patset_fold(utf8, n, &b);
	bool has = ret_by_words(t, k, &b, NULL) != NULL;
	sb_free(&b);
	return has;
}
