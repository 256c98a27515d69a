/* Reserves that people make: see reserve.h. */
#include "text/reserve.h"
#include "text/begins.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* An English word begins one: "But", not "Kuwait". */
static bool has_word(const char *s, size_t n, const char *word)
{
	size_t k = strlen(word);
	bool letters = isalpha((unsigned char)*word);
	for (size_t i = 0; i + k <= n; i++)
		if (strncasecmp(s + i, word, k) == 0 && (!letters || !i || !isalpha((unsigned char)s[i - 1])))
			return true;
	return false;
}

bool text_reserves(const char *utf8, size_t n)
{
	/* None that a polite ending has: "お手数をおかけしますが", "間違いありません", "ご修正ありがとうございます". */
	static const char *const words[] = { "ただし", "但し", "けど", "けれど", "直して", "直った", "修正して", "修正が", "修正を", "訂正して",
		                             "訂正が", "変更して", "変更が", "変更を", "違って", "違う", "違っ", "間違え", "誤り", "誤字", "待って",
		                             "保留", "まだで", "まだ、", "まだ少", "後で", "あとで", "のちほど", "してから", "？", "?", "but ", "except", "unless",
		                             "wait", "after ", "once ", "wrong", "instead" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (has_word(utf8, n, words[i]))
			return true;
	return false;
}

bool text_reserves_below(const char *below, const char *end)
{
	for (const char *p = below, *nl; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		if (text_skip_blank(p, nl) == nl || *p == '>' || (nl - p >= 2 && memcmp(p, "--", 2) == 0))
			return false;
		if (text_reserves(p, (size_t)(nl - p)))
			return true;
	}
	return false;
}
