/* HTTPS on Linux: libcurl. See plat.h. TLS 1.2 or later, the certificate
 * checked; http: only to this machine itself, for tests. */
#include "plat.h"
#include <curl/curl.h>
#include <string.h>

enum { ANSWER_MAX = 1 << 20 };

static size_t take(char *p, size_t size, size_t n, void *arg)
{
	struct sb *answer = arg;
	if (answer->len + size * n > ANSWER_MAX)
		return 0;
	sb_add(answer, p, size * n);
	return size * n;
}

static bool here(const char *url)
{
	return strncmp(url, "http://127.0.0.1:", 17) == 0 || strncmp(url, "http://localhost:", 17) == 0;
}

enum status plat_post(const struct plat_http *h, const void *body, size_t n, struct sb *answer, int *status_r, struct err *e)
{
	CURL *c; /* not kept: between two calls its certificates would take memory for 15 minutes */
	struct curl_slist *head = NULL;
	char type[96], why[CURL_ERROR_SIZE] = "";
	long status = 0;
	if (strncmp(h->url, "https://", 8) != 0 && !here(h->url))
		return err_set(e, ERR_PERM, "the server's address does not begin with https://");
	if (!(c = curl_easy_init()))
		return err_set(e, ERR_TEMP, "curl");
	snprintf(type, sizeof type, "Content-Type: %s", h->type);
	head = curl_slist_append(head, type);
	head = curl_slist_append(head, "Expect:");
	curl_easy_setopt(c, CURLOPT_URL, h->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (h->ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, h->ca);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)h->timeout_s);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 20L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	CURLcode rc = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(head);
	curl_easy_cleanup(c);
	if (rc == CURLE_WRITE_ERROR)
		return err_set(e, ERR_LIMIT, "the server's answer is too long");
	if (rc != CURLE_OK)
		return err_set(e, ERR_TEMP, "%s: %s", h->url, *why ? why : curl_easy_strerror(rc));
	*status_r = (int)status;
	return OK;
}
