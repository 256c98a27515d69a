#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H
/*
 * Text as it is searched, not read: what people write in different ways made
 * the same. NFKC and case folding (ＡＢＣ = abc, ｳｲﾙｽ = ウイルス, ㈱ = (株)); small
 * ァィゥェォ as large ones (ウィルス = ウイルス); a long-vowel mark at the end of a
 * katakana word dropped (サーバー = サーバ); white space gone between Japanese
 * characters, because mail is wrapped inside words, and one space elsewhere.
 * A sentence ends with LF: at 。！？, at an empty line, before a bullet.
 * SECURITY: hostile input; invisible characters are dropped; linear.
 */
#include "base/strbuf.h"
#include <stddef.h>

void text_fold(const char *utf8, size_t n, struct sb *out);

#endif
