/* Mail commands: any text is read; what comes out is bounded and text. */
#include "fuzz_text.h"
#include "text/command.h"
#include <string.h>

static void check_string(const char *s)
{
	struct sb b = SB_INIT;
	sb_adds(&b, s);
	check_line(&b);
	sb_free(&b);
}

static void check(const struct command *c, enum command_mode mode)
{
	check_string(c->source);
	check_string(c->word);
	check_string(c->reason);
	FUZZ_CHECK(c->nnear <= COMMAND_NEAR && c->ticket >= 0 && c->number >= 0);
	FUZZ_CHECK(c->verb < COMMAND_VERBS || c->fault != COMMAND_RIGHT);
	FUZZ_CHECK(mode == COMMAND_MAIL || c->fault == COMMAND_RIGHT || c->fault == COMMAND_MANY);
	for (size_t i = 0; i < c->nnear; i++)
		FUZZ_CHECK(command_help(c->near[i]) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct sb text = SB_INIT;
	text_valid((const char *)p, n, &text);
	for (enum command_mode mode = COMMAND_MAIL; mode <= COMMAND_NOTE; mode++) {
		struct arena *a = arena_new();
		struct command *v;
		size_t count, rest;
		command_parse(text.s, text.len, mode, 1796000000, a, &v, &count, &rest);
		FUZZ_CHECK(count <= COMMANDS_MAX + 1 && rest <= text.len);
		for (size_t i = 0; i < count; i++)
			check(&v[i], mode);
		arena_free(&a);
	}
	sb_free(&text);
	return 0;
}
