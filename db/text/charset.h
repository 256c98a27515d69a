#ifndef TEXT_CHARSET_H
#define TEXT_CHARSET_H
/*
 * Bytes of mail to UTF-8 and back, for the charsets of Japanese mail as they
 * are really sent: labelled wrongly, unlabelled, half broken (DESK-15).
 *
 * SECURITY: input is hostile. Output is always valid UTF-8 without NUL; what
 * can't be decoded becomes U+FFFD, never silently dropped.
 * Thread-safe: no shared state.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/* Appends p[0..n) as UTF-8. `charset` is the declared label or NULL/"" for
 * none; a label that the bytes contradict is overruled (ISO-2022-JP escapes
 * under us-ascii or utf-8, CP932 labelled ISO-2022-JP, UTF-8 labelled
 * us-ascii, …). Returns the name of the charset really used (a static
 * string), e.g. "iso-2022-jp", "cp932", "euc-jp", "utf-8". */
const char *text_to_utf8(const char *charset, const void *p, size_t n, struct sb *out);

/* The guess for unlabelled bytes, by the same rules. */
const char *text_guess(const void *p, size_t n);

/* The label of a code page of Windows by its number (932, 1252, 65001, …): a
 * static string, NULL for one that mail has no name for. */
const char *text_codepage(long number);

bool text_is_utf8(const void *p, size_t n);
bool text_is_ascii(const void *p, size_t n);

/* A copy that is valid UTF-8 without NUL: each fault becomes one U+FFFD. */
void text_valid(const char *utf8, size_t n, struct sb *out);

/* UTF-8 to `charset` ("iso-2022-jp", "cp932", "utf-8"). False, and nothing
 * appended, if a character has no place there. */
bool text_from_utf8(const char *charset, const char *utf8, size_t n, struct sb *out);

/* Copies UTF-8 with what could fool a reader or a terminal replaced by visible
 * stand-ins: C0/C1 controls but TAB and LF, ESC, bidi overrides, U+2028/9. */
void text_visible(const char *utf8, size_t n, struct sb *out);

#endif
