/* Help, and the words for a wrong command. */
#include "cmd.h"
#include "text/layout.h"
#include <string.h>

enum { USAGE_COLS = 22, DOES_COLS = 40 };

static void row(const struct command_help *h, struct sb *out)
{
	sb_adds(out, "  ");
	text_fit(h->usage, USAGE_COLS, true, out);
	sb_addc(out, ' ');
	text_fit(h->does, DOES_COLS, true, out);
	sb_addf(out, " %s\n", h->english);
	if (strcmp(h->usage, h->example) != 0)
		sb_addf(out, "      例：%s\n", h->example);
}

void cmd_help_table(struct sb *out)
{
	for (enum command_verb v = 0; v < COMMAND_VERBS; v++) {
		const struct command_help *h = command_help(v);
		if (h)
			row(h, out);
	}
}

enum status cmd_help(struct cmd_run *r, const struct command *c, struct err *e)
{
	const struct command_help *h = *c->word ? command_help(command_verb_of(c->word, r->in->a)) : NULL;
	(void)e;
	if (h)
		cmd_say(r, "%s … %s。例：%s", h->usage, h->does, h->example);
	else
		cmd_say(r, "使い方は下のとおりです");
	r->help = r->help || !h;
	return OK;
}

static void near_words(const struct command *c, struct sb *out)
{
	for (size_t i = 0; i < c->nnear; i++) {
		const struct command_help *h = command_help(c->near[i]);
		sb_addf(out, "%s%s (%s)", i ? "、" : "。近いもの：", h->usage, h->does);
	}
}

static void with_example(const struct command *c, const char *what, struct sb *out)
{
	const struct command_help *h = command_help(c->verb);
	sb_addf(out, "%s。書き方：%s　例：%s", what, h->usage, h->example);
}

void cmd_fault_words(const struct command *c, struct sb *out)
{
	switch (c->fault) {
	case COMMAND_RIGHT:
		break;
	case COMMAND_UNKNOWN:
		sb_adds(out, "このような操作はありません");
		near_words(c, out);
		break;
	case COMMAND_MISSING:
		with_example(c, "続きの言葉が足りません", out);
		break;
	case COMMAND_EXTRA:
		with_example(c, "余分な言葉があります", out);
		break;
	case COMMAND_BAD_NUMBER:
		with_example(c, "番号が読み取れません", out);
		break;
	case COMMAND_BAD_TIME:
		with_example(c, "日時が読み取れません", out);
		break;
	case COMMAND_NO_REASON:
		with_example(c, "日時のあとに理由を書いてください", out);
		break;
	case COMMAND_LONG:
		sb_addf(out, "1行が長すぎます (%d バイトまで)", COMMAND_LINE_MAX);
		break;
	case COMMAND_MANY:
		sb_addf(out, "1通に書ける操作は %d 個までです", COMMANDS_MAX);
		break;
	}
}
