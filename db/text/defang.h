#ifndef TEXT_DEFANG_H
#define TEXT_DEFANG_H
/*
 * Addresses of a suspicious mail as text that no client makes a link of:
 * hxxps[:]//evil[.]example/login (DESK-09); and finding them in text.
 * SECURITY: hostile input, any bytes; linear, nothing is looked up or fetched.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

/* Text with every address in it made inert: schemes, host names with or without
 * one, mail addresses, IPv4 addresses. What is inert already stays as it is. */
void text_defang(const char *utf8, size_t n, struct sb *out);

enum { TEXT_URL_MAX = 2048 };

/* The next address with a scheme (http, https, ftp; hxxp as careful people
 * write it) or with "www." from *pos on: its place and length, at most
 * TEXT_URL_MAX bytes. *pos moves behind it. */
bool text_url_next(const char *utf8, size_t n, size_t *pos, size_t *at_r, size_t *len_r);

/* What a browser would go to: lower case, without user, port and path, spelled
 * out where it was defanged. False: none. *user_r: something stood before "@",
 * which a reader takes for the host. */
bool text_url_host(const char *url, size_t n, struct sb *host, bool *user_r);

/* xn--… labels as the letters they stand for; false when there are none. */
bool text_host_unicode(const char *host, size_t n, struct sb *out);

/* The address inside a redirector's address (?url=https%3A%2F%2F…, the link
 * checkers of mail services), one level; false: there is none. */
bool text_url_unwrap(const char *url, size_t n, struct sb *out);

/* Do two hosts belong to one owner, by rule of thumb: the same last two labels,
 * three below co.jp and the like. */
bool text_same_site(const char *a, const char *b);

/* Could `host` be taken for `own`: one letter off, letters that look alike, or
 * own's name inside another's domain? Not for the same site. */
bool text_host_lookalike(const char *host, const char *own);

#endif
