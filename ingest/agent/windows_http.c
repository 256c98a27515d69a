/*
 * HTTPS on Windows: WinHTTP. See plat.h. With a certificate of its own (`ca`,
 * for private instances) the server's must be in that file, octet by octet, and
 * is looked at before anything of the body is sent.
 */
#include "windows_util.h"
#include "base/xalloc.h"
#include <winhttp.h>
#include <wincrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 1 << 20, PEM_MAX = 256 << 10 };

struct call {
	HINTERNET session, connect, request;
};

static void hang_up(struct call *c)
{
	HINTERNET all[] = { c->request, c->connect, c->session };
	for (size_t i = 0; i < 3; i++)
		if (all[i])
			WinHttpCloseHandle(all[i]);
}

static enum status failed(struct err *e, const char *what)
{
	return err_win(e, ERR_TEMP, what, GetLastError());
}

static enum status dial(struct call *c, const struct plat_http *h, struct err *e)
{
	URL_COMPONENTS u = { .dwStructSize = sizeof u, .dwSchemeLength = 1, .dwHostNameLength = 1, .dwUrlPathLength = 1 };
	wchar_t *url = wide(h->url), host[256];
	enum status st = ERR_PERM;
	if (!WinHttpCrackUrl(url, 0, 0, &u) || u.dwHostNameLength > 255) {
		err_set(e, st, "not an address: %s", h->url);
	} else if (u.nScheme != INTERNET_SCHEME_HTTPS && strncmp(h->url, "http://127.0.0.1:", 17) != 0) {
		err_set(e, st, "the server's address does not begin with https://");
	} else {
		memcpy(host, u.lpszHostName, u.dwHostNameLength * sizeof *host);
		host[u.dwHostNameLength] = 0;
		c->session = WinHttpOpen(L"yorozu-agent", WINHTTP_ACCESS_TYPE_DEFAULT_PROXY, NULL, NULL, 0);
		if (c->session)
			WinHttpSetTimeouts(c->session, 20000, 20000, h->timeout_s * 1000, h->timeout_s * 1000);
		c->connect = c->session ? WinHttpConnect(c->session, host, u.nPort, 0) : NULL;
		c->request = c->connect ? WinHttpOpenRequest(c->connect, L"POST", u.lpszUrlPath, NULL, NULL, NULL,
		                                             u.nScheme == INTERNET_SCHEME_HTTPS ? WINHTTP_FLAG_SECURE : 0) : NULL;
		st = c->request ? OK : failed(e, h->url);
	}
	free(url);
	return st;
}

/* Is it one of the certificates in the file? */
static bool in_file(const char *path, const CERT_CONTEXT *cert)
{
	struct sb pem = SB_INIT;
	bool found = false;
	if (plat_read_file(path, PEM_MAX, &pem, NULL) != OK)
		return false;
	for (char *p = pem.s; !found && (p = strstr(p, "-----BEGIN CERTIFICATE")); p++) {
		char *end = strstr(p, "-----END CERTIFICATE-----");
		BYTE der[8192];
		DWORD n = sizeof der;
		if (!end)
			break;
		if (CryptStringToBinaryA(p, (DWORD)(end + 25 - p), CRYPT_STRING_BASE64HEADER, der, &n, NULL, NULL))
			found = n == cert->cbCertEncoded && memcmp(der, cert->pbCertEncoded, n) == 0;
	}
	sb_free(&pem);
	return found;
}

static enum status check_own(struct call *c, const struct plat_http *h, struct err *e)
{
	PCCERT_CONTEXT cert = NULL;
	DWORD n = sizeof cert;
	if (!h->ca)
		return OK;
	if (!WinHttpQueryOption(c->request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &cert, &n))
		return failed(e, "the server's certificate");
	bool ok = in_file(h->ca, cert);
	CertFreeCertificateContext(cert);
	return ok ? OK : err_set(e, ERR_DENIED, "the server's certificate is not in %s", h->ca);
}

static enum status send_body(struct call *c, const struct plat_http *h, const void *body, size_t n, struct err *e)
{
	DWORD ignore = SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE, k;
	char *text = xasprintf("Content-Type: %s", h->type);
	wchar_t *head = wide(text);
	enum status st = OK;
	if (h->ca)
		WinHttpSetOption(c->request, WINHTTP_OPTION_SECURITY_FLAGS, &ignore, sizeof ignore);
	if (!WinHttpSendRequest(c->request, head, (DWORD)-1, NULL, 0, (DWORD)n, 0))
		st = failed(e, h->url);
	free(head);
	free(text);
	if (st == OK)
		st = check_own(c, h, e);
	for (const char *p = body; st == OK && n; p += k, n -= k)
		if (!WinHttpWriteData(c->request, p, n > 65536 ? 65536 : (DWORD)n, &k) || !k)
			st = failed(e, h->url);
	return st;
}

static enum status read_answer(struct call *c, const struct plat_http *h, struct sb *answer, int *status_r, struct err *e)
{
	DWORD status = 0, n = sizeof status;
	if (!WinHttpReceiveResponse(c->request, NULL) ||
	    !WinHttpQueryHeaders(c->request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &status, &n, NULL))
		return failed(e, h->url);
	for (;;) {
		sb_grow(answer, 16384);
		if (!WinHttpReadData(c->request, answer->s + answer->len, 16384, &n))
			return failed(e, h->url);
		if (!n)
			break;
		answer->len += n;
		answer->s[answer->len] = '\0';
		if (answer->len > ANSWER_MAX)
			return err_set(e, ERR_LIMIT, "the server's answer is too long");
	}
	*status_r = (int)status;
	return OK;
}

enum status plat_post(const struct plat_http *h, const void *body, size_t n, struct sb *answer, int *status_r, struct err *e)
{
	struct call c = { NULL, NULL, NULL };
	enum status st = dial(&c, h, e);
	if (st == OK)
		st = send_body(&c, h, body, n, e);
	if (st == OK)
		st = read_answer(&c, h, answer, status_r, e);
	hang_up(&c);
	return st;
}
