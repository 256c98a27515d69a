/* The editors' words about an issue. See command_news.h. */
#include "text/command_news.h"
#include "text/command_int.h"
#include <string.h>

enum { LINE_BYTES = 4000 };

static const struct { enum news_verb verb; const char *names[6]; } verbs[] = {
	{ NEWS_APPROVE, { "承認", "ok", "approve" } }, { NEWS_REDRAFT, { "修正", "redraft" } },
	{ NEWS_TIME, { "日時", "配信日時", "日付", "at" } }, { NEWS_CANCEL, { "中止", "取消", "cancel" } },
	{ NEWS_TEST, { "テスト", "再送", "test", "resend" } }, { NEWS_PAUSE, { "一時停止", "停止", "pause" } },
	{ NEWS_RESUME, { "再開", "resume" } }, { NEWS_STATUS, { "状況", "status" } },
	{ NEWS_HISTORY, { "履歴", "history" } }, { NEWS_FREE, { "解除", "停止解除", "free" } }, { NEWS_HELP, { "ヘルプ", "help" } },
};

/* Of a folded line: full-width signs and spaces are ASCII in it. */
struct words {
	char *v[50];
	size_t n;
};

static size_t gap(const char *p)
{
	static const char *const gaps[] = { " ", "\t", ":", "、", ",", "\r" };
	for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
		if (strncmp(p, gaps[i], strlen(gaps[i])) == 0)
			return strlen(gaps[i]);
	return 0;
}

/* "12:30" keeps its colon: one that stands between digits parts nothing. */
static bool parts(const char *p, const char *begin)
{
	bool colon = *p == ':' && p > begin && p[-1] >= '0' && p[-1] <= '9' && p[1] >= '0' && p[1] <= '9';
	return gap(p) && !colon;
}

static void split(const char *line, size_t n, struct arena *a, struct words *w)
{
	const char *begin = command_fold(a, line, n), *p = begin;
	w->n = 0;
	while (*p && w->n < sizeof w->v / sizeof *w->v) {
		if (parts(p, begin)) {
			p += gap(p);
			continue;
		}
		const char *from = p;
		while (*p && !parts(p, begin))
			p++;
		w->v[w->n++] = arena_strndup(a, from, (size_t)(p - from));
	}
}

static enum news_verb verb_of(const char *folded)
{
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		for (size_t k = 0; k < 6 && verbs[i].names[k]; k++)
			if (strcmp(verbs[i].names[k], folded) == 0)
				return verbs[i].verb;
	return NEWS_VERBS;
}

/* A moment, or a day at the usual time (0:00 here; the caller knows it). */
static bool take_time(const struct words *w, epoch now, epoch *at_r)
{
	struct command_when when;
	size_t took = w->n > 1 ? command_when((char *const *)w->v + 1, w->n - 1, now, &when) : 0;
	if (!took || took != w->n - 1 || (when.kind != WHEN_MOMENT && when.kind != WHEN_DAY))
		return false;
	*at_r = when.at;
	return true;
}

static void read_line(const struct words *w, epoch now, struct news_command *c)
{
	c->verb = verb_of(w->v[0]);
	for (size_t i = 1; i < w->n; i++)
		c->words[c->nwords++] = w->v[i];
	if (c->verb == NEWS_TIME)
		c->bad = !take_time(w, now, &c->at);
	else if (c->verb == NEWS_TEST || c->verb == NEWS_HISTORY || c->verb == NEWS_FREE)
		c->bad = !c->nwords;
	else
		c->bad = c->nwords > 0;
}

size_t news_commands(const char *utf8, size_t n, epoch now, struct arena *a, struct news_command v[NEWS_COMMANDS_MAX])
{
	struct words w;
	size_t count = 0;
	for (const char *p = utf8, *end = utf8 + n; p < end && count < NEWS_COMMANDS_MAX;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p)), *stop = nl ? nl : end;
		if (stop - p > LINE_BYTES)
			break;
		split(p, (size_t)(stop - p), a, &w);
		if ((!w.n || *p == '>') && count)
			break;
		if (w.n && *p != '>') {
			v[count] = (struct news_command){ .source = arena_strndup(a, p, (size_t)(stop - p)) };
			read_line(&w, now, &v[count]);
			if (v[count].verb == NEWS_VERBS && count)
				break;
			if (v[count++].verb == NEWS_VERBS)
				break;
		}
		p = stop + 1;
	}
	return count;
}

/* "配信停止", "配信停止希望です", "登録解除をお願いします": the word, and what politeness adds. A question is none. */
static bool is_farewell(const char *word)
{
	static const char *const words[] = { "配信停止", "配信解除", "配信不要", "登録解除", "登録削除", "購読解除", "購読停止", "退会", "停止",
		                             "解除", "unsubscribe", "stop" };
	static const char *const tails[] = { "", "希望", "を希望", "希望します", "を希望します", "希望です", "します", "してください", "して下さい",
		                             "お願いします", "をお願いします", "願います" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);
		for (size_t k = 0; strncmp(word, words[i], n) == 0 && k < sizeof tails / sizeof *tails; k++)
			if (strcmp(word + n, tails[k]) == 0)
				return true;
	}
	return false;
}

bool news_is_unsubscribe(const char *utf8, size_t n, struct arena *a)
{
	struct words w;
	for (const char *p = utf8, *end = utf8 + n, *nl; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		if (nl - p > LINE_BYTES)
			return false;
		split(p, (size_t)(nl - p), a, &w);
		if (w.n)
			return is_farewell(w.v[0]);
	}
	return false;
}
