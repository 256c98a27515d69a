/* The words of a health check in mails: see health_reply.h. */
#include "text/health_reply.h"
#include "text/begins.h"
#include "text/layout.h"
#include "text/reserve.h"
#include "text/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { COLS = 70, SPOTS_MAX = 60, LINE_MAX_BYTES = 2000, WORDS_MAX = HEALTH_NUMBERS_MAX + 1, REASON_MAX = 300 };

static const char *const signs[HEALTH_MARKS] = { "－", "◎", "○", "△", "×" };

const char *health_title(enum health_item i)
{
	static const char *const names[HEALTH_TEXTS] = {
		"OS脆弱性情報・Windowsアップデート", "ソフトウェア脆弱性情報", "記憶媒体の接続", "業務外・危険サイトへの接続",
		"土日祝・深夜帯の利用", "今月の対応",
	};
	return names[i];
}

const char *health_sign(enum health_mark m)
{
	static const char *const words[HEALTH_MARKS] = { "－ 判定なし", "◎ 良好", "○ おおむね良好", "△ 注意", "× 要対応" };
	return words[m];
}

/* ---- shown --------------------------------------------------------------------------- */

static void show_paragraphs(const char *text, struct sb *out)
{
	for (const char *p = text, *end; *p; p = end + (*end == '\n')) {
		end = strchrnul(p, '\n');
		text_wrap(p, (size_t)(end - p), COLS, out);
		sb_adds(out, "\n\n");
	}
}

void health_words_show(const struct health_words *w, int64_t version, struct sb *out)
{
	sb_addf(out, "【原稿 第%lld版】\n\n", (long long)version);
	for (int i = 0; i < HEALTH_TEXTS; i++) {
		sb_addf(out, "【%d】%s", i + 1, health_title((enum health_item)i));
		sb_addf(out, i < HEALTH_ITEMS ? "：%s\n" : "%s\n", i < HEALTH_ITEMS ? health_sign(w->mark[i]) : "");
		show_paragraphs(w->text[i], out);
	}
	sb_adds(out, "【ここまで】\n");
}

/* ---- lines ---------------------------------------------------------------------------- */

struct line {
	const char *p; /* without quotes and blanks around, in the arena */
	bool quoted;
};

struct spot { /* a text that was found */
	int item, sign; /* sign -1: none was read */
	bool quoted;
	struct sb text;
	bool open;      /* a paragraph is going on */
};

struct reading {
	const char *p, *end;
	struct arena *a;
	struct health_reply *r;
	const struct health_words *old;
	struct spot spot[SPOTS_MAX];
	size_t nspots;
	struct spot *now;  /* lines go there; NULL: nowhere */
	bool head;         /* orders may stand here */
};

static bool next_line(struct reading *x, struct line *l)
{
	if (x->p >= x->end)
		return false;
	const char *nl = memchr(x->p, '\n', (size_t)(x->end - x->p)), *end = nl ? nl : x->end, *p = text_skip_blank(x->p, end);
	l->quoted = false;
	for (; p < end && *p == '>'; p = text_skip_blank(p + 1, end))
		l->quoted = true;
	x->p = nl ? nl + 1 : x->end;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		end--;
	size_t n = (size_t)(end - p);
	l->p = arena_strndup(x->a, p, n < LINE_MAX_BYTES ? n : LINE_MAX_BYTES);
	return true;
}

/* A digit, narrow or wide; -1: none. */
static int digit(const char **p)
{
	unsigned char c = (unsigned char)**p;
	if (c >= '0' && c <= '9') {
		(*p)++;
		return c - '0';
	}
	if (c == 0xEF && (unsigned char)(*p)[1] == 0xBC && (unsigned char)(*p)[2] >= 0x90 && (unsigned char)(*p)[2] <= 0x99) {
		int d = (unsigned char)(*p)[2] - 0x90;
		*p += 3;
		return d;
	}
	return -1;
}

static bool eat(const char **p, const char *lit)
{
	size_t n = strlen(lit);
	if (strncmp(*p, lit, n) != 0)
		return false;
	*p += n;
	return true;
}

/* ---- texts ------------------------------------------------------------------------------ */

static int sign_in(const char *s)
{
	const char *colon = strstr(s, "：");
	if (!colon && (colon = strchr(s, ':')))
		colon -= 2;
	if (!colon)
		return -1;
	colon = text_skip_blank(colon + 3, strchr(colon, '\0'));
	for (int i = 0; i < HEALTH_MARKS; i++)
		if (strncmp(colon, signs[i], strlen(signs[i])) == 0)
			return i;
	return -1;
}

/* "【2】…：△" begins a text. */
static bool begins(struct reading *x, const struct line *l)
{
	const char *p = l->p;
	if (!eat(&p, "【"))
		return false;
	int d = digit(&p);
	if (d < 1 || d > HEALTH_TEXTS || !eat(&p, "】"))
		return false;
	x->now = NULL;
	if (x->nspots == SPOTS_MAX)
		return true;
	x->now = &x->spot[x->nspots++];
	*x->now = (struct spot){ .item = d - 1, .sign = sign_in(p), .quoted = l->quoted, .text = SB_INIT };
	return true;
}

static bool is_version(struct reading *x, const struct line *l)
{
	const char *p = l->p;
	int64_t v = 0;
	if (!eat(&p, "【原稿 第"))
		return false;
	for (int d; (d = digit(&p)) >= 0 && v < 100000;)
		v = v * 10 + d;
	if (eat(&p, "版") && !x->r->version)
		x->r->version = v;
	return true;
}

static bool starts_paragraph(const char *s)
{
	const char *p = s;
	if (eat(&p, "※") || eat(&p, "・") || eat(&p, "■"))
		return true;
	return digit(&p) >= 0 && (eat(&p, ". ") || eat(&p, "．") || eat(&p, ".　"));
}

static bool is_word_end(char c)
{
	return (unsigned char)c < 0x80 && c != ' ';
}

static void add_line(struct spot *s, const char *line)
{
	if (!*line) {
		s->open = false;
		return;
	}
	if (s->text.len && (!s->open || starts_paragraph(line)))
		sb_addc(&s->text, '\n');
	else if (s->text.len && is_word_end(s->text.s[s->text.len - 1]) && is_word_end(*line))
		sb_addc(&s->text, ' ');
	if (s->text.len < 4 * HEALTH_TEXT_MAX)
		sb_adds(&s->text, line);
	s->open = true;
}

/* "鈴木さんは書きました：" above the quotes is none of his words. */
static void drop_attribution(struct spot *s)
{
	const char *last = strrchr(s->text.s, '\n');
	size_t n = s->text.len;
	bool says = n && (s->text.s[n - 1] == ':' || (n >= 3 && strcmp(s->text.s + n - 3, "：") == 0));
	if (says)
		sb_setlen(&s->text, last ? (size_t)(last - s->text.s) : 0);
}

static void take_line(struct reading *x, const struct line *l)
{
	if (!x->now)
		return;
	if (strncmp(l->p, "【ここまで】", strlen("【ここまで】")) == 0 || strcmp(l->p, "--") == 0) {
		x->now = NULL;
		return;
	}
	if (l->quoted != x->now->quoted) {
		if (*l->p)
			x->now = NULL;
		return;
	}
	add_line(x->now, l->p);
}

/* ---- orders ----------------------------------------------------------------------------- */

static size_t cut(struct reading *x, const char *line, const char **w)
{
	size_t n = 0;
	const char *p = line, *end = strchr(line, '\0');
	while ((p = text_skip_blank(p, end)) < end && n < WORDS_MAX) {
		const char *q = p;
		while (q < end && text_skip_blank(q, end) == q && strncmp(q, "、", 3) != 0 && *q != ',')
			q++;
		w[n++] = arena_strndup(x->a, p, (size_t)(q - p));
		p = q + (q < end && *q == ',' ? 1 : q < end && strncmp(q, "、", 3) == 0 ? 3 : 0);
	}
	return n;
}

/* N000123, also in small or wide letters; NULL: none. */
static const char *number_of(struct reading *x, const char *s)
{
	struct sb b = SB_INIT;
	int d;
	const char *r = NULL;
	bool letter = eat(&s, "N") || eat(&s, "n") || eat(&s, "Ｎ") || eat(&s, "ｎ");
	sb_addc(&b, 'N');
	while ((d = digit(&s)) >= 0 && b.len < 16)
		sb_addc(&b, (char)('0' + d));
	if (letter && b.len > 3 && !*s)
		r = arena_memdup(x->a, b.s, b.len);
	sb_free(&b);
	return r;
}

static bool verb_of(const char *w, enum health_order_kind *k)
{
	static const struct { const char *word; enum health_order_kind kind; } verbs[] = {
		{ "承認", HEALTH_APPROVE }, { "承認します", HEALTH_APPROVE }, { "OK", HEALTH_APPROVE }, { "approve", HEALTH_APPROVE },
		{ "保留", HEALTH_HOLD },    { "hold", HEALTH_HOLD },          { "再開", HEALTH_RESUME }, { "resume", HEALTH_RESUME },
		{ "作り直し", HEALTH_AGAIN }, { "再作成", HEALTH_AGAIN },     { "again", HEALTH_AGAIN },
		{ "状況", HEALTH_STATUS },  { "status", HEALTH_STATUS },
	};
	size_t n = strcspn(w, ".!");
	const char *stop = strstr(w, "。");
	n = stop && (size_t)(stop - w) < n ? (size_t)(stop - w) : n;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strlen(verbs[i].word) == n && strncasecmp(w, verbs[i].word, n) == 0) {
			*k = verbs[i].kind;
			return true;
		}
	return false;
}

static void fault(struct reading *x, const char *fmt, const char *what)
{
	struct sb b = SB_INIT;
	text_fit(what, 50, false, &b);
	if (!x->r->fault)
		x->r->fault = arena_printf(x->a, "「%s」%s", b.s, fmt);
	sb_free(&b);
}

static bool order(struct reading *x, const struct line *l)
{
	const char *w[WORDS_MAX], **numbers = arena_zalloc(x->a, HEALTH_NUMBERS_MAX * sizeof *numbers);
	struct health_order o = { .line = l->p, .numbers = numbers, .reason = "" };
	size_t n = cut(x, l->p, w), i = 1;
	if (!n || !verb_of(w[0], &o.kind))
		return false;
	for (const char *id; i < n && o.n < HEALTH_NUMBERS_MAX && (id = number_of(x, w[i])); i++)
		numbers[o.n++] = id;
	if (i < n && o.kind == HEALTH_HOLD)
		o.reason = arena_strndup(x->a, strstr(l->p, w[i]), REASON_MAX);
	else if (i < n)
		fault(x, "の N番号が読み取れません", l->p);
	if (x->r->norders == HEALTH_ORDERS_MAX)
		fault(x, "までに指示が多すぎます", l->p);
	else
		x->r->order[x->r->norders++] = o;
	return true;
}

/* ---- a mail ------------------------------------------------------------------------------- */

/* What was written, whatever a mail client did to the lines. */
static bool same(const char *s, const char *t)
{
	for (;;) {
		s += strspn(s, " \t\n");
		t += strspn(t, " \t\n");
		if (!*s || *s != *t)
			return *s == *t;
		s++;
		t++;
	}
}

static bool differs(const struct reading *x, const struct spot *s)
{
	bool text = s->text.len && !same(s->text.s, x->old->text[s->item]);
	return text || (s->item < HEALTH_ITEMS && s->sign >= 0 && s->sign != (int)x->old->mark[s->item]);
}

/* His own words before quoted ones, the first that say something new. */
static void take_words(struct reading *x)
{
	struct health_words *w = &x->r->words;
	bool taken[HEALTH_TEXTS] = { false };
	for (int quoted = 0; quoted < 2; quoted++)
		for (size_t i = 0; i < x->nspots; i++) {
			struct spot *s = &x->spot[i];
			if (s->quoted != (quoted != 0) || taken[s->item] || !differs(x, s))
				continue;
			taken[s->item] = x->r->changed = true;
			if (s->text.len > HEALTH_TEXT_MAX)
				fault(x, "の文が長すぎます (500 文字まで)", health_title((enum health_item)s->item));
			if (s->text.len && !same(s->text.s, w->text[s->item]))
				w->text[s->item] = arena_memdup(x->a, s->text.s, s->text.len);
			if (s->item < HEALTH_ITEMS && s->sign >= 0)
				w->mark[s->item] = (enum health_mark)s->sign;
		}
}

/* The first line below the orders that is none. */
static void end_orders(struct reading *x, const struct line *l)
{
	x->head = false;
	for (size_t i = 0; i < x->r->norders; i++)
		if (x->r->order[i].kind == HEALTH_APPROVE && text_reserves(l->p, strlen(l->p)))
			fault(x, "とありますので、何もしていません。承認だけのメールをお送りください", l->p);
}

static void read_line(struct reading *x, const struct line *l)
{
	if (l->quoted && *l->p && x->now && !x->now->quoted) {
		drop_attribution(x->now);
		x->now = NULL;
	}
	if (is_version(x, l) || begins(x, l)) {
		x->head = false;
		return;
	}
	if (!x->head || l->quoted) {
		x->head = x->head && !l->quoted;
		take_line(x, l);
		return;
	}
	if (!*l->p)
		x->head = x->r->norders == 0;
	else if (!order(x, l))
		end_orders(x, l);
}

void health_reply_read(const char *utf8, size_t n, const struct health_words *old, struct arena *a, struct health_reply *r)
{
	struct reading x = { .p = utf8, .end = utf8 + n, .a = a, .r = r, .old = old, .head = true };
	struct line l;
	*r = (struct health_reply){ .fault = NULL };
	if (old)
		r->words = *old;
	while (next_line(&x, &l))
		read_line(&x, &l);
	if (old)
		take_words(&x);
	for (size_t i = 0; i < x.nspots; i++)
		sb_free(&x.spot[i].text);
}
