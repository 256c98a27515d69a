#ifndef YOROZU_FEED_FETCH_H
#define YOROZU_FEED_FETCH_H
/*
 * One conditional GET (RFC 9110 §13). The only place of the front command with
 * libcurl.
 * SECURITY: https, or http to this machine; certificates are checked; the
 * answer's size, time and redirects are bounded; what its fields say is cleaned.
 */
#include "base/err.h"
#include "base/strbuf.h"

enum fetch_result { FETCH_NEW, FETCH_SAME, FETCH_ABSENT /* 404 */ };

struct fetched {
	enum fetch_result result;
	struct sb body;
	char etag[200], modified[64]; /* "" */
};

/* etag and modified of the last time, or "". ERR_TEMP: not reached, or no good
 * answer; ERR_LIMIT: larger than max; ERR_PERM: an address that is not asked. */
enum status feed_fetch(const char *url, const char *etag, const char *modified, size_t max, struct fetched *f, struct err *e) must_check;
void feed_fetched_free(struct fetched *f);

#endif
