#ifndef TEXT_CHARSET_INT_H
#define TEXT_CHARSET_INT_H
/* Between charset*.c only. */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stdint.h>

enum cs { CS_NONE, CS_ASCII, CS_UTF8, CS_JIS, CS_CP932, CS_EUC, CS_LATIN, CS_UTF16, CS_ICONV };

struct label {
	enum cs cs;
	const char *name;  /* canonical, static */
	const char *iconv; /* CS_ICONV, CS_UTF16: name for iconv */
};

/* CS_NONE for no or an unknown label. */
struct label charset_label(const char *s);

/* What the bytes are, given what they are said to be. */
struct label charset_choose(struct label said, const unsigned char *p, size_t n);
/* CS_CP932, CS_EUC or CS_NONE for 8-bit bytes; `kana` = a Japanese context in
 * which single-byte kana is likely; *only_half_r (may be NULL): nothing but
 * half-width kana speaks for it. */
enum cs charset_japanese(const unsigned char *p, size_t n, bool kana, bool *only_half_r);

/* What a line is in a text of CS_UTF8, CS_CP932 or CS_EUC that is not that alone. */
enum cs charset_of_line(enum cs main, const unsigned char *p, size_t n);

/* A charset of people elsewhere, or CS_NONE: for what is no Japanese; for what
 * could be EUC-JP; for what could be half-width kana. charset_foreign.c */
struct label charset_foreign(const unsigned char *p, size_t n);
struct label charset_foreign_not_euc(const unsigned char *p, size_t n);
struct label charset_foreign_not_kana(const unsigned char *p, size_t n);

/* One character: bytes taken; *row_r its JIS row (0: single byte or another
 * table); *cp UTF8_BAD when malformed or unassigned. */
size_t cp932_get(const unsigned char *p, size_t n, uint32_t *cp, unsigned *row_r);
size_t eucjp_get(const unsigned char *p, size_t n, uint32_t *cp, unsigned *row_r);

#define GETA "〓" /* for a character that there is only elsewhere */
/* Pictures as SoftBank wrote them, ESC $ page code… SI: bytes taken, or 0. */
size_t charset_web_code(const unsigned char *p, size_t n, size_t *pictures_r);

void charset_put(enum cs cs, const unsigned char *p, size_t n, struct sb *out);

/* ISO-2022-JP and all its relatives; charset_jis.c. */
void charset_put_jis(const unsigned char *p, size_t n, bool labelled, struct sb *out);
bool charset_has_escape(const unsigned char *p, size_t n);
/* Escape bytes were lost, but "$B…(B" is plainly there. */
bool charset_lost_escape(const unsigned char *p, size_t n, bool labelled);

#endif
