/* The grammar of mail commands: see command.h. */
#include "text/command_int.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include "text/utf8.h"
#include <string.h>

enum { WORDS_MAX = 200, NUMBER_DIGITS = 15, INTROS_MAX = 20 /* lines above quotes that are skipped */ };

/* A line cut into words: as written, and folded. */
struct words {
	size_t n;
	const char *raw[WORDS_MAX]; /* where each begins in the line */
	size_t len[WORDS_MAX];
	char *folded[WORDS_MAX];
};

struct parser {
	struct arena *a;
	enum command_mode mode;
	epoch now;
	struct command *v;
	size_t n, intros;
	struct words w; /* of the line at hand */
};

/* ---- characters -------------------------------------------------------------- */

static uint32_t get(const char *p, const char *end, size_t *len)
{
	uint32_t c;
	*len = utf8_get(p, (size_t)(end - p), &c);
	return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c == 0x3000 || c == 0xA0 ? ' ' : c;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static const char *skip_space(const char *p, const char *end)
{
	size_t k;
	while (p < end && is_space(get(p, end, &k)))
		p += k;
	return p;
}

/* `#12`; *p goes behind it. */
static bool hash_number(const char **p, const char *end, int64_t *n_r)
{
	size_t k, digits = 0;
	const char *q = *p;
	if (q >= end || get(q, end, &k) != '#')
		return false;
	*n_r = 0;
	for (q += k; q < end; q += k, digits++) {
		uint32_t c = get(q, end, &k);
		if (c < '0' || c > '9' || digits >= NUMBER_DIGITS)
			break;
		*n_r = *n_r * 10 + (c - '0');
	}
	if (!digits || *n_r == 0)
		return false;
	*p = q;
	return true;
}

/* 担当：suzuki */
static const char *skip_colon(const char *p, const char *end)
{
	size_t k;
	p = skip_space(p, end);
	if (p < end && get(p, end, &k) == ':')
		p += k;
	return skip_space(p, end);
}

/* A verb ends at a space, and at what no verb's name holds: 分類3, 統合#123. */
static const char *verb_end(const char *p, const char *end)
{
	size_t k;
	for (; p < end; p += k) {
		uint32_t c = get(p, end, &k);
		if (is_space(c) || c == ':' || c == '#' || c == '+' || (c >= '0' && c <= '9'))
			break;
	}
	return p;
}

static void cut_words(struct parser *ps, const char *p, const char *end, struct words *w)
{
	size_t k;
	w->n = 0;
	while ((p = skip_space(p, end)) < end && w->n < WORDS_MAX) {
		const char *q = p;
		while (q < end && !is_space(get(q, end, &k)))
			q += k;
		w->raw[w->n] = p;
		w->len[w->n] = (size_t)(q - p);
		w->folded[w->n++] = command_fold(ps->a, p, (size_t)(q - p));
		p = q;
	}
}

static const char *one_line(struct parser *ps, const char *p, const char *end)
{
	struct sb b = SB_INIT;
	text_one_line(p, (size_t)(end - p), &b);
	char *r = arena_memdup(ps->a, b.s, b.len);
	sb_free(&b);
	return r;
}

/* Full-width letters, digits and spaces as ASCII: names and numbers, not prose. */
static const char *narrow_line(struct parser *ps, const char *p, const char *end)
{
	struct sb wide = SB_INIT;
	size_t k;
	for (; p < end; p += k)
		utf8_put(&wide, get(p, end, &k));
	const char *r = one_line(ps, wide.s, wide.s + wide.len);
	sb_free(&wide);
	return r;
}

/* ---- what stands behind the verb ----------------------------------------------- */

static enum command_fault number_arg(const struct words *w, struct command *c)
{
	const char *s = w->folded[0];
	s += *s == '#';
	size_t n = strspn(s, "0123456789");
	if (n < 1 || n > NUMBER_DIGITS || s[n])
		return COMMAND_BAD_NUMBER;
	for (; *s; s++)
		c->number = c->number * 10 + (*s - '0');
	return c->number ? w->n > 1 ? COMMAND_EXTRA : COMMAND_RIGHT : COMMAND_BAD_NUMBER;
}

static enum command_fault when_arg(struct parser *ps, const struct words *w, const char *end, struct command *c)
{
	size_t took = command_when(w->folded, w->n, ps->now, &c->when);
	if (!took)
		return COMMAND_BAD_TIME;
	if (took == w->n)
		return COMMAND_NO_REASON;
	c->reason = one_line(ps, w->raw[took], end);
	return COMMAND_RIGHT;
}

/* 検索 請求書 添付 */
static enum command_fault query_arg(struct parser *ps, const struct words *w, const char *end, struct command *c)
{
	const char *last = w->folded[w->n - 1];
	c->attach = w->n > 1 && (strcmp(last, "添付") == 0 || strcmp(last, "attach") == 0);
	c->word = narrow_line(ps, w->raw[0], c->attach ? w->raw[w->n - 1] : end);
	return COMMAND_RIGHT;
}

/* 完了 #12 is what people write as well. */
static enum command_fault no_arg(const struct words *w, const char *end, struct command *c)
{
	const char *p = w->raw[0];
	if (w->n == 1 && !c->ticket && hash_number(&p, end, &c->ticket) && p == w->raw[0] + w->len[0])
		return COMMAND_RIGHT;
	c->ticket = 0;
	return COMMAND_EXTRA;
}

/* 統合 #12 強制 */
static enum command_fault merge_arg(const struct words *w, struct command *c)
{
	enum command_fault f = number_arg(w, c);
	c->force = f == COMMAND_EXTRA && w->n == 2 && (strcmp(w->folded[1], "強制") == 0 || strcmp(w->folded[1], "force") == 0);
	return c->force ? COMMAND_RIGHT : f;
}

/* 電話済 #12; 電話済 N123456789 お変わりなし */
static enum command_fault called_arg(struct parser *ps, const struct words *w, const char *end, struct command *c)
{
	enum { DIGITS = 9 };
	const char *s = w->folded[0];
	if (*s != 'n' || strspn(s + 1, "0123456789") != DIGITS || s[1 + DIGITS])
		return no_arg(w, end, c);
	c->word = arena_printf(ps->a, "N%s", s + 1);
	c->reason = w->n > 1 ? one_line(ps, w->raw[1], end) : "";
	return COMMAND_RIGHT;
}

static enum command_fault argument(struct parser *ps, const struct words *w, const char *end, struct command *c)
{
	enum command_arg arg = command_arg(c->verb);
	if (!w->n)
		return arg == ARG_NONE || arg == ARG_WORD_OR_NONE || arg == ARG_NUMBER_OR_NONE || arg == ARG_CALLED
		       ? COMMAND_RIGHT : COMMAND_MISSING;
	switch (arg) {
	case ARG_NONE:
		return no_arg(w, end, c);
	case ARG_NUMBER:
	case ARG_NUMBER_OR_NONE:
		return number_arg(w, c);
	case ARG_MERGE:
		return merge_arg(w, c);
	case ARG_CALLED:
		return called_arg(ps, w, end, c);
	case ARG_WHEN:
		return when_arg(ps, w, end, c);
	case ARG_QUERY:
		return query_arg(ps, w, end, c);
	default:
		c->word = narrow_line(ps, w->raw[0], end);
		return COMMAND_RIGHT;
	}
}

/* ---- a line ----------------------------------------------------------------------- */

static void parse_line(struct parser *ps, const char *p, const char *end, struct command *c)
{
	c->verb = COMMAND_VERBS;
	c->word = c->reason = c->below = "";
	c->source = one_line(ps, p, (size_t)(end - p) > COMMAND_LINE_MAX ? p + COMMAND_LINE_MAX : end);
	if ((size_t)(end - p) > COMMAND_LINE_MAX) {
		c->fault = COMMAND_LONG;
		return;
	}
	p = skip_space(p, end);
	if (hash_number(&p, end, &c->ticket))
		p = skip_colon(p, end);
	const char *stop = verb_end(p, end);
	char *verb = arena_strndup(ps->a, p, (size_t)(stop - p));
	c->verb = command_verb_of(verb, ps->a);
	if (c->verb == COMMAND_VERBS) {
		c->fault = COMMAND_UNKNOWN;
		c->nnear = command_near(verb, ps->a, c->near);
		return;
	}
	cut_words(ps, skip_colon(stop, end), end, &ps->w);
	c->fault = argument(ps, &ps->w, end, c);
}

/* ---- the lines of a mail ---------------------------------------------------------- */

static const char *line_end(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	return nl ? nl : end;
}

static const char *next_line(const char *p, const char *end)
{
	const char *z = line_end(p, end);
	return z < end ? z + 1 : end;
}

static bool is_blank(const char *p, const char *end)
{
	return skip_space(p, end) == end;
}

static bool is_quote(const char *p, const char *end)
{
	size_t k;
	p = skip_space(p, end);
	return p < end && get(p, end, &k) == '>';
}

/* "-- ", or a rule of five or more signs as Japanese signatures begin with */
static bool is_signature(const char *p, const char *end)
{
	size_t k, n = 0;
	uint32_t first = 0;
	if (end - p >= 2 && strncmp(p, "--", 2) == 0 && is_blank(p + 2, end))
		return true;
	for (p = skip_space(p, end); p < end; p += k, n++) {
		uint32_t c = get(p, end, &k);
		if (n == 0)
			first = c;
		if (c != first && !is_space(c))
			return false;
	}
	return n >= 5 && (first < 0x80 ? strchr("-=_*~+", (int)first) != NULL : first < 0x3040 || first == 0x30FC);
}

/* "2026/11/24 11:00, … wrote:" above a quote; a command above one is a command. */
static bool introduces_quote(struct parser *ps, const char *p, const char *end)
{
	struct command c = { 0 };
	const char *next = next_line(p, end);
	if (next >= end || !is_quote(next, line_end(next, end)) || ps->intros++ >= INTROS_MAX)
		return false;
	parse_line(ps, p, line_end(p, end), &c);
	return c.verb == COMMAND_VERBS;
}

/* Clients that put the answer below the quote. */
static const char *skip_quote(struct parser *ps, const char *p, const char *end)
{
	while (p < end) {
		const char *z = line_end(p, end);
		if (!is_blank(p, z) && !is_quote(p, z) && !introduces_quote(ps, p, end))
			break;
		p = next_line(p, end);
	}
	return p;
}

static bool ends_here(const char *p, const char *end)
{
	return is_blank(p, end) || is_quote(p, end) || is_signature(p, end);
}

/* "延長 明日 できませんか", "期限 明日 までに返事が必要": a sentence that begins with a
 * command's word. In a note prose never does anything; its author would see nothing
 * of it, but the customer would. */
static bool is_prose(const struct command *c)
{
	static const char *const begin[] = { "まで", "には", "では", "に", "は", "が", "を", "から" };
	static const char *const end[] = { "か", "か？", "か?", "？", "?", "ください", "下さい" };
	size_t n = strlen(c->reason);
	while (n >= 3 && memcmp(c->reason + n - 3, "。", 3) == 0)
		n -= 3;
	for (size_t i = 0; command_arg(c->verb) == ARG_WHEN && i < sizeof begin / sizeof *begin; i++)
		if (strncmp(c->reason, begin[i], strlen(begin[i])) == 0)
			return true;
	for (size_t i = 0; command_arg(c->verb) == ARG_WHEN && i < sizeof end / sizeof *end; i++) {
		size_t k = strlen(end[i]);
		if (n >= k && memcmp(c->reason + n - k, end[i], k) == 0)
			return true;
	}
	return false;
}

/* False: what follows is no command. */
static bool take_line(struct parser *ps, const char *p, const char *end)
{
	struct command *c = &ps->v[ps->n];
	*c = (struct command){ 0 };
	parse_line(ps, p, end, c);
	if (ps->mode == COMMAND_NOTE && (c->fault != COMMAND_RIGHT || is_prose(c)))
		return false;
	if (ps->n == COMMANDS_MAX)
		c->fault = COMMAND_MANY;
	ps->n++;
	return true;
}

static size_t count_lines(const char *p, const char *end)
{
	size_t n = 1;
	for (; p < end; p++)
		n += *p == '\n';
	return n;
}

void command_parse(const char *utf8, size_t n, enum command_mode mode, epoch now, struct arena *a,
                   struct command **v_r, size_t *n_r, size_t *rest_r)
{
	struct parser *ps = arena_zalloc(a, sizeof *ps);
	*ps = (struct parser){ .a = a, .mode = mode, .now = now };
	const char *end = utf8 + n, *p = skip_quote(ps, utf8, end);
	size_t line = count_lines(utf8, p);
	ps->v = arena_zalloc(a, (COMMANDS_MAX + 1) * sizeof *ps->v);
	for (; p < end && ps->n <= COMMANDS_MAX; p = next_line(p, end), line++) {
		const char *z = line_end(p, end);
		if (ends_here(p, z) || !take_line(ps, p, z))
			break;
		struct command *c = &ps->v[ps->n - 1];
		c->line = line;
		if (c->verb == COMMAND_CALL && c->fault == COMMAND_RIGHT) {
			p = next_line(p, end);
			c->below = arena_strndup(a, p, (size_t)(end - p));
			p = end;
			break;
		}
	}
	*v_r = ps->v;
	*n_r = ps->n;
	*rest_r = (size_t)(p - utf8);
}
