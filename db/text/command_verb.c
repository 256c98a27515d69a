/*
 * The verbs: their names, what stands behind them, and the words of help. The
 * first name is the one shown. Names are in folded form (command_fold); readings
 * in kana are names too, and what a mistyped word is compared with.
 */
#include "text/command_int.h"
#include "text/charset.h"
#include "text/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>

enum { NAMES = 9, WORD_CHARS = 40 };

struct verb {
	enum command_arg arg;
	const char *names[NAMES];
	struct command_help help;
};

static const struct verb verbs[COMMAND_VERBS] = {
	[COMMAND_ASSIGN] = { ARG_WORD, { "担当", "担当者", "たんとう", "割当", "割り当て", "assign" },
	  { COMMAND_ASSIGN, "担当 名前", "担当者を決めます (なし：外します)", "担当 suzuki", "assign" } },
	[COMMAND_CLOSE] = { ARG_NONE, { "完了", "かんりょう", "終了", "しゅうりょう", "クローズ", "close", "done" },
	  { COMMAND_CLOSE, "完了", "相談を完了にします", "完了", "close" } },
	[COMMAND_REOPEN] = { ARG_NONE, { "再開", "さいかい", "再オープン", "reopen" },
	  { COMMAND_REOPEN, "再開", "完了や迷惑を取り消します", "再開", "reopen" } },
	[COMMAND_MERGE] = { ARG_MERGE, { "統合", "とうごう", "マージ", "merge" },
	  { COMMAND_MERGE, "統合 #番号 (強制)", "その番号の相談に統合します", "統合 #123", "merge" } },
	[COMMAND_UNMERGE] = { ARG_NUMBER_OR_NONE, { "統合取消", "統合取り消し", "統合取消し", "統合解除", "unmerge" },
	  { COMMAND_UNMERGE, "統合取消 #番号", "統合を元に戻します", "統合取消 #12", "unmerge" } },
	[COMMAND_SPLIT] = { ARG_NUMBER_OR_NONE, { "分割", "ぶんかつ", "split" },
	  { COMMAND_SPLIT, "分割 番号", "履歴の番号のメールを別の相談に分けます", "分割 3", "split" } },
	[COMMAND_EXTEND] = { ARG_WHEN, { "期限", "きげん", "延長", "えんちょう", "extend", "due" },
	  { COMMAND_EXTEND, "期限 日時 理由", "期限を延ばし、お客さまに知らせます", "期限 11/27 12:00 調査に時間が必要", "extend" } },
	[COMMAND_SNOOZE] = { ARG_WHEN, { "保留", "ほりゅう", "snooze", "hold" },
	  { COMMAND_SNOOZE, "保留 日時 理由", "その日時まで待ち、お客さまに知らせます", "保留 明日 15時 ベンダーの回答待ち", "snooze" } },
	[COMMAND_RESEND] = { ARG_WORD_OR_NONE, { "再送", "さいそう", "resend" },
	  { COMMAND_RESEND, "再送 (控え)", "最後の回答を再送 (控え：自分へ控え)", "再送 控え", "resend" } },
	[COMMAND_SPAM] = { ARG_NONE, { "迷惑", "めいわく", "迷惑メール", "spam" },
	  { COMMAND_SPAM, "迷惑", "迷惑メールとして完了にします", "迷惑", "spam" } },
	[COMMAND_HISTORY] = { ARG_NONE, { "履歴", "りれき", "history" },
	  { COMMAND_HISTORY, "履歴", "相談の履歴を送ります", "履歴", "history" } },
	[COMMAND_MBOX] = { ARG_NONE, { "書庫", "しょこ", "mbox", "archive" },
	  { COMMAND_MBOX, "書庫", "相談の全メールをファイルで送ります", "書庫", "mbox" } },
	[COMMAND_CATEGORY] = { ARG_WORD, { "分類", "ぶんるい", "種別", "カテゴリ", "カテゴリー", "category" },
	  { COMMAND_CATEGORY, "分類 番号か名前", "相談の分類を決めます (なし：外します)", "分類 3", "category" } },
	[COMMAND_TEMPLATE] = { ARG_WORD_OR_NONE, { "定型", "ていけい", "定型文", "テンプレート", "template" },
	  { COMMAND_TEMPLATE, "定型 番号か名前", "その分類の定型文を、回答として送ります", "定型 ランサム", "template" } },
	[COMMAND_SEARCH] = { ARG_QUERY, { "検索", "けんさく", "search", "find" },
	  { COMMAND_SEARCH, "検索 言葉 (添付)", "全相談を検索します (添付：メールも)", "検索 請求書 期間:2026-11 添付", "search" } },
	[COMMAND_STATS] = { ARG_WORD_OR_NONE, { "統計", "とうけい", "集計", "stats", "statistics" },
	  { COMMAND_STATS, "統計 (月)", "月の統計を送ります (月なし：先月)", "統計 2026-10", "stats" } },
	[COMMAND_HELP] = { ARG_WORD_OR_NONE, { "ヘルプ", "へるぷ", "使い方", "つかいかた", "help", "?" },
	  { COMMAND_HELP, "ヘルプ", "この説明を送ります", "ヘルプ", "help" } },
	[COMMAND_IDENTIFY] = { ARG_WORD_OR_NONE, { "本人確認", "ほんにんかくにん", "契約確認", "identify" },
	  { COMMAND_IDENTIFY, "本人確認 (種類)", "契約の確認に必要な項目をお客さまに尋ねます", "本人確認 故障", "identify" } },
	[COMMAND_CALL] = { ARG_NONE, { "電話", "でんわ", "電話記録", "架電", "受電", "call", "phone" },
	  { COMMAND_CALL, "電話", "下の行の電話を記録します (用紙：電話とだけ)", "電話", "call" } },
	[COMMAND_CALLED] = { ARG_CALLED, { "電話済", "電話済み", "でんわずみ", "折り返し済", "折り返し済み", "架電済", "架電済み", "called" },
	  { COMMAND_CALLED, "電話済 (N番号)", "折り返しを済みに (N番号：架電の記録)", "電話済 N123456789", "called" } },
	[COMMAND_QUIET] = { ARG_NUMBER_OR_NONE, { "架電リスト", "かでんりすと", "架電一覧", "quiet" },
	  { COMMAND_QUIET, "架電リスト (日数)", "しばらく連絡のない契約の一覧を送ります", "架電リスト 60", "quiet" } },
};

static bool known(enum command_verb v)
{
	return v < COMMAND_VERBS && verbs[v].names[0];
}

enum command_arg command_arg(enum command_verb v)
{
	return verbs[v].arg;
}

const struct command_help *command_help(enum command_verb v)
{
	return known(v) ? &verbs[v].help : NULL;
}

char *command_fold(struct arena *a, const char *p, size_t n)
{
	static const char *const stops[] = { "。", ".", "、", "．" };
	size_t len = 0;
	uint8_t *f = u8_casefold((const uint8_t *)p, n, NULL, UNINORM_NFKC, NULL, &len);
	char *r = arena_strndup(a, f ? (char *)f : "", f ? len : 0);
	free(f);
	len = strlen(r);
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		size_t k = strlen(stops[i]);
		if (len > k && strcmp(r + len - k, stops[i]) == 0)
			r[len -= k] = '\0';
	}
	return r;
}

static enum command_verb verb_named(const char *folded)
{
	for (enum command_verb v = 0; v < COMMAND_VERBS; v++)
		for (const char *const *name = verbs[v].names; *name; name++)
			if (strcmp(*name, folded) == 0)
				return v;
	return COMMAND_VERBS;
}

enum command_verb command_verb_of(const char *word, struct arena *a)
{
	return verb_named(command_fold(a, word, strlen(word)));
}

/* ---- did you mean ------------------------------------------------------------- */

static size_t chars_of(const char *s, uint32_t v[WORD_CHARS])
{
	size_t n = 0, len = strlen(s);
	for (size_t i = 0; i < len && n < WORD_CHARS; n++)
		i += utf8_get(s + i, len - i, &v[n]);
	return n;
}

static unsigned least(unsigned x, unsigned y, unsigned z)
{
	unsigned m = x < y ? x : y;
	return m < z ? m : z;
}

/* Insertions, deletions, replacements and swaps of neighbours (the restricted
 * form of Damerau's distance). */
static unsigned distance(const char *s, const char *t)
{
	uint32_t x[WORD_CHARS], y[WORD_CHARS];
	unsigned d[WORD_CHARS + 1][WORD_CHARS + 1];
	size_t n = chars_of(s, x), m = chars_of(t, y);
	for (size_t i = 0; i <= n; i++)
		d[i][0] = (unsigned)i;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (x[i - 1] != y[j - 1]));
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] && d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[n][m];
}

/* 完了しました is nearer to 完了 than its length says. Scaled, so that a fault in
 * a short word counts more than one in a long word; NOT_NEAR: no resemblance. */
enum { SCALE = 100, NOT_NEAR = 60 };

static unsigned far(const char *word, const char *name)
{
	uint32_t v[WORD_CHARS];
	size_t len = strlen(name), longer = chars_of(word, v), other = chars_of(name, v);
	if (other >= 2 && strncmp(word, name, len) == 0)
		return 10;
	if (other > longer)
		longer = other;
	return longer ? distance(word, name) * SCALE / (unsigned)longer : NOT_NEAR;
}

size_t command_near(const char *word, struct arena *a, enum command_verb near_r[COMMAND_NEAR])
{
	unsigned best[COMMAND_NEAR] = { 0 };
	size_t n = 0;
	const char *folded = command_fold(a, word, strlen(word));
	for (enum command_verb v = 0; v < COMMAND_VERBS; v++) {
		unsigned d = NOT_NEAR;
		for (const char *const *name = verbs[v].names; *name; name++)
			d = least(d, far(folded, *name), NOT_NEAR);
		if (d >= NOT_NEAR || (n == COMMAND_NEAR && d >= best[n - 1]))
			continue;
		size_t at = n < COMMAND_NEAR ? n++ : n - 1;
		for (; at > 0 && best[at - 1] > d; at--) {
			best[at] = best[at - 1];
			near_r[at] = near_r[at - 1];
		}
		best[at] = d;
		near_r[at] = v;
	}
	return n;
}
