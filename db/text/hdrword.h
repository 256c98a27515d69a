#ifndef TEXT_HDRWORD_H
#define TEXT_HDRWORD_H
/*
 * Header text: RFC 2047 encoded words, RFC 2231 parameters, raw 8-bit headers.
 * SECURITY: hostile input; output is valid UTF-8 on one line.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/* Decodes an unfolded or folded header value of unstructured text: encoded
 * words (joined before decoding when one character was split over two, also
 * ISO-2022-JP state carried over words), words inside quotes as many clients
 * write them, malformed base64/Q kept readable, raw 8-bit by text_guess. */
void text_decode_header(const char *raw, size_t n, struct sb *out);

/* Appends a value safe for a header: ASCII as it is, else UTF-8 encoded words
 * (base64) of at most 75 columns that never split a character, folded with
 * CRLF SP. `col` is the column where the value begins ("Subject: " = 9).
 * Controls and line breaks in the input become spaces. */
void text_encode_header(const char *utf8, size_t n, size_t col, struct sb *out);

/* UTF-8 on one line: controls and line separators become spaces, blanks at
 * both ends go, what is malformed is U+FFFD. */
void text_one_line(const char *utf8, size_t n, struct sb *out);

/* One parameter of a structured header such as Content-Type or
 * Content-Disposition, by name: plain, quoted, RFC 2231 (charset'lang'%xx,
 * *0*, *1 continuations, any order) or the encoded words in quotes that
 * Outlook and others send. False: absent. At most 64 KB is looked at. */
bool text_header_param(const char *value, size_t n, const char *name, struct sb *out);

/* For building: `;CRLF SP name="value"`, or RFC 2231 form (sections of a line
 * each) where it is not ASCII or long. Every line ≤ 78 columns. */
void text_encode_param(const char *name, const char *utf8, struct sb *out);

#endif
