/* See feed_fetch.h. */
#include "feed_fetch.h"
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_S = 15, TOTAL_S = 300, REDIRECTS = 3 };
#define AUTHORITIES "/etc/ssl/certs"

struct sink {
	struct sb *body;
	size_t max;
	bool over;
};

static size_t take(char *p, size_t size, size_t n, void *arg)
{
	struct sink *s = arg;
	(void)size;
	if (n > s->max - s->body->len) {
		s->over = true;
		return 0;
	}
	sb_add(s->body, p, n);
	return n;
}

/* A field of the answer; what could break a row or a request is none. */
static void keep_field(CURL *c, const char *name, char *to, size_t cap)
{
	struct curl_header *h;
	*to = '\0';
	if (curl_easy_header(c, name, 0, CURLH_HEADER, -1, &h) != CURLHE_OK || strlen(h->value) >= cap)
		return;
	for (const char *p = h->value; *p; p++)
		if (*p < ' ' || *p > '~')
			return;
	snprintf(to, cap, "%s", h->value);
}

static struct curl_slist *conditions(const char *etag, const char *modified)
{
	char line[300];
	struct curl_slist *l = curl_slist_append(NULL, "Accept: application/json, */*;q=0.5");
	if (*etag) {
		snprintf(line, sizeof line, "If-None-Match: %s", etag);
		l = curl_slist_append(l, line);
	}
	if (*modified) {
		snprintf(line, sizeof line, "If-Modified-Since: %s", modified);
		l = curl_slist_append(l, line);
	}
	return l;
}

static enum status judge(CURL *c, CURLcode rc, const struct sink *s, const char *url, const char *why, struct fetched *f, struct err *e)
{
	long code = 0;
	if (s->over)
		return err_set(e, ERR_LIMIT, "%s: larger than %zu bytes", url, s->max);
	if (rc != CURLE_OK)
		return err_set(e, ERR_TEMP, "%s: %s", url, *why ? why : curl_easy_strerror(rc));
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
	if (code != 200 && code != 304 && code != 404)
		return err_set(e, ERR_TEMP, "%s: the server answers %ld", url, code);
	f->result = code == 200 ? FETCH_NEW : code == 304 ? FETCH_SAME : FETCH_ABSENT;
	keep_field(c, "ETag", f->etag, sizeof f->etag);
	keep_field(c, "Last-Modified", f->modified, sizeof f->modified);
	return OK;
}

enum status feed_fetch(const char *url, const char *etag, const char *modified, size_t max, struct fetched *f, struct err *e)
{
	char why[CURL_ERROR_SIZE] = "";
	*f = (struct fetched){ .body = SB_INIT };
	struct sink s = { &f->body, max, false };
	bool own = strncmp(url, "http://127.0.0.1", 16) == 0;
	if (!own && strncmp(url, "https://", 8) != 0)
		return err_set(e, ERR_PERM, "%.200s: only https is asked", url);
	CURL *c = curl_easy_init();
	if (!c)
		return err_set(e, ERR_TEMP, "libcurl does not start");
	struct curl_slist *fields = conditions(etag, modified);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, own ? "http" : "https");
	curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)REDIRECTS);
	curl_easy_setopt(c, CURLOPT_CAPATH, AUTHORITIES);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)TOTAL_S);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(c, CURLOPT_USERAGENT, "yorozu");
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, fields);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &s);
	enum status st = judge(c, curl_easy_perform(c), &s, url, why, f, e);
	curl_slist_free_all(fields);
	curl_easy_cleanup(c);
	if (st != OK)
		feed_fetched_free(f);
	return st;
}

void feed_fetched_free(struct fetched *f)
{
	sb_free(&f->body);
}
