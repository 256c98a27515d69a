#ifndef TEXT_SEARCH_FOLD_H
#define TEXT_SEARCH_FOLD_H
/*
 * One spelling for what a searcher takes as the same: NFKC (ｱﾝﾁ = アンチ, Ｗｉｎ =
 * win, ㈱ = (株)), no case, the loanword spellings of kana that people mix
 * (ウィルス = ウイルス, セキュリティ = セキュリチ, ヴ = ブ), and a line that was
 * broken between two Japanese characters is joined, quoted or not. Invisible
 * characters go. Hiragana and katakana stay apart.
 *
 * Unlike text/fold.h this keeps what separates words, for the index lives on
 * it, and knows the way back to the original, for the line that is shown.
 */
#include "base/strbuf.h"
#include <stdint.h>

/* How characters make words. */
enum char_class {
	CH_BREAK, /* spaces, signs */
	CH_WORD,  /* letters of scripts with spaces, digits */
	CH_GRAM   /* kanji, kana, hangul, thai: no spaces between words */
};
enum char_class text_char_class(uint32_t cp);

/* Appends. The output is valid UTF-8. */
void search_fold(const char *utf8, size_t n, struct sb *out);

/* As search_fold; (*map_r)[i] is where in utf8 the character of out's byte i
 * begins, with one entry more (= n) for the end. `out` must be empty; the
 * caller frees the map. */
void search_fold_map(const char *utf8, size_t n, struct sb *out, uint32_t **map_r);

#endif
