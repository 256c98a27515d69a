/* Lines of a note in an answer: see note_quote.h. */
#include "mail/note_quote.h"
#include "mail/forward.h"
#include "text/fold.h"
#include <stdbool.h>
#include <string.h>

enum { LINES_MAX = 2000, ANSWER_LINES = 1000, RUN_CHARS = 20, LINE_CHARS = 6, SHOWN = 5 };

/* One line folded, without what quoting adds, and without any space. */
static void fold_line(const char *p, size_t n, struct sb *out)
{
	static const char *const marks[] = { ">", "＞", "|", " ", "\t", "　" };
	struct sb folded = SB_INIT;
	for (size_t i = 0; n && i < sizeof marks / sizeof *marks; i++) {
		size_t k = strlen(marks[i]);
		if (n >= k && memcmp(p, marks[i], k) == 0) {
			p += k;
			n -= k;
			i = (size_t)-1;
		}
	}
	text_fold(p, n, &folded);
	for (const char *c = folded.s; *c; c++)
		if (*c != ' ' && *c != '\n')
			sb_addc(out, *c);
	sb_free(&folded);
}

static size_t chars(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += ((unsigned char)*s & 0xC0) != 0x80;
	return n;
}

/* Nothing but phrases of courtesy; a page's address alone. `line` is folded. */
static bool says_nothing(const char *line)
{
	static const char *const phrases[] = {
		"いつも", "大変", "お世話になっております", "お世話になります", "お疲れ様です", "お疲れさまです", "ありがとうございます",
		"以上", "ご確認", "ご検討", "のほど", "何卒", "どうぞ", "宜しく", "よろしく", "お願い", "致します", "いたします", "申し上げます",
		"します", "、", "。", ",", "!",
	};
	if (strncmp(line, "http", 4) == 0 && !strpbrk(line, "、。"))
		return true;
	while (*line) {
		size_t k = 0;
		for (size_t i = 0; !k && i < sizeof phrases / sizeof *phrases; i++)
			if (strncmp(line, phrases[i], strlen(phrases[i])) == 0)
				k = strlen(phrases[i]);
		if (!k)
			return false;
		line += k;
	}
	return true;
}

static bool is_quote(const char *p)
{
	p += strspn(p, " \t");
	return *p == '>' || *p == '|' || strncmp(p, "＞", 3) == 0;
}

/* "11月24日 10:00、田中さん：" above a quote, with or without an empty line. */
static bool introduces_quote(const char *p, size_t n)
{
	const char *next = p + n + (p[n] == '\n');
	next += strspn(next, "\r\n");
	size_t wide = strlen("：");
	bool colon = (n && p[n - 1] == ':') || (n >= wide && memcmp(p + n - wide, "：", wide) == 0);
	return colon && is_quote(next);
}

/* What its author wrote: no quotes, nothing of a mail pasted below, no signature. */
void note_quote_own(const char *text, struct sb *out)
{
	int lines = 0;
	for (const char *p = text; *p && lines < LINES_MAX; lines++) {
		size_t n = strcspn(p, "\n");
		if (fwd_is_divider(p) || fwd_is_head(p) || (strncmp(p, "--", 2) == 0 && p[2 + strspn(p + 2, " \r")] == '\n'))
			break;
		if (!is_quote(p) && !introduces_quote(p, n))
			fold_line(p, n, out);
		p += n + (p[n] == '\n');
	}
	sb_addc(out, '\n'); /* between mails */
}

void note_quote_all(const char *text, struct sb *out)
{
	int lines = 0;
	for (const char *p = text; *p && lines < LINES_MAX; lines++) {
		size_t n = strcspn(p, "\n");
		fold_line(p, n, out);
		p += n + (p[n] == '\n');
	}
	sb_addc(out, '\n');
}

/* One line of the answer, from a note and from nowhere else? */
static bool is_inside(const char *inside, const char *known, const char *folded)
{
	return chars(folded) >= LINE_CHARS && !says_nothing(folded) && strstr(inside, folded) && !strstr(known, folded);
}

void note_quote_run(const char *inside, const char *known, const char *text, struct sb *run)
{
	struct sb folded = SB_INIT;
	size_t sum = 0, shown = 0;
	int lines = 0;
	for (const char *p = text; *p && lines < ANSWER_LINES; lines++) {
		size_t n = strcspn(p, "\n");
		sb_reset(&folded);
		fold_line(p, n, &folded);
		bool hit = is_inside(inside, known, folded.s);
		if (!hit && folded.len && sum >= RUN_CHARS)
			break;
		if (!hit && folded.len) {
			sum = shown = 0;
			sb_reset(run);
		}
		if (hit && shown++ < SHOWN)
			sb_addf(run, "%s%.*s", run->len ? "\n" : "", (int)n, p);
		sum += hit ? chars(folded.s) : 0;
		p += n + (p[n] == '\n');
	}
	if (sum < RUN_CHARS)
		sb_reset(run);
	sb_free(&folded);
}
