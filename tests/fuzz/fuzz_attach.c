/* Names of attached files and the text that a note is put into: a name is fit
 * for any system and stands once, the text loses nothing. */
#include "attach.h"
#include "fuzz_text.h"
#include "pack/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void check_names(const char *text)
{
	struct arena *a = arena_new();
	const char *taken[3];
	for (size_t i = 0; i < 3; i++) {
		taken[i] = pack_name(a, text, taken, i);
		size_t len = strlen(taken[i]);
		FUZZ_CHECK(len && !strpbrk(taken[i], "<>:\"/\\|?*\r\n") && !strchr(". ", taken[i][len - 1]));
		for (size_t k = 0; k < i; k++)
			FUZZ_CHECK(strcmp(taken[i], taken[k]) != 0);
	}
	arena_free(&a);
}

static void check_note(const char *text, size_t n)
{
	struct sb t = SB_INIT, note = SB_INIT;
	sb_adds(&note, "[note]\n");
	sb_add(&t, text, n);
	size_t visible = 0, after = 0;
	for (size_t i = 0; i < t.len; i++)
		visible += t.s[i] != '\n';
	attach_insert(&note, &t);
	for (size_t i = 0; i < t.len; i++)
		after += t.s[i] != '\n';
	FUZZ_CHECK(after == visible + strlen("[note]"));
	sb_free(&t), sb_free(&note);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = malloc(n + 1);
	memcpy(text, p, n);
	text[n] = '\0';
	check_names(text);
	check_note(text, n);
	(void)pack_is_archive(text, p, n);
	(void)pack_is_pdf(p, n);
	free(text);
	return 0;
}
