/*
 * Search, look, store: see imap_client.h. libcurl speaks the protocol; what the
 * server answers comes line by line to on_line().
 *
 * SECURITY: a search for a header finds any mail that has the number somewhere
 * in the field, so each is looked at. The lines of a field can't begin with "*",
 * so no mail can pass for an answer of the server.
 */
#include "imap_client.h"
#include "base/password.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CONNECT_MS = 2000, COMMAND_MS = 10000, LINE_MAX_BYTES = 512 * 1024, UIDS_MAX = 20000, CHUNK = 200 };
#define FIELD "X-Yorozu-Ticket"
#define AUTHORITIES "/etc/ssl/certs"

struct imap_box {
	CURL *curl;
	struct curl_slist *where;
	char *url;
	const struct keywords *keywords;
	char why[CURL_ERROR_SIZE];
	/* of the command under way */
	uint32_t *uids;
	size_t n;
	int want;
	struct imap_fetched now;
	struct sb wrong;       /* UIDs whose keywords are to be set */
	size_t n_wrong;
};

enum status keywords_parse(const char *list, struct keywords *k, struct err *e)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$_.-";
	for (int i = 0; i < KEYWORDS; i++) {
		list += strspn(list, " ");
		size_t n = strspn(list, allowed);
		if (n == 0 || n > KEYWORD_MAX)
			break;
		snprintf(k->v[i], sizeof k->v[i], "%.*s", (int)n, list);
		for (int j = 0; j < i; j++)
			if (strcasecmp(k->v[i], k->v[j]) == 0)
				return err_set(e, ERR_PERM, "imap_keywords: %s is there twice", k->v[i]);
		list += n + strspn(list + n, " ");
		if (i == KEYWORDS - 1 && !*list)
			return OK;
		if (*list++ != ',')
			break;
	}
	return err_set(e, ERR_PERM, "imap_keywords: wants four words of letters, digits and $_.- with commas between");
}

/* ---- the server's lines ---------------------------------------------------------- */

static bool flag_in(const char *flags, const char *end, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = flags; p < end; p += strcspn(p, " )") + 1)
		if (strncasecmp(p, name, n) == 0 && (p[n] == ' ' || p[n] == ')'))
			return true;
	return false;
}

static void take_flags(struct imap_fetched *f, const struct keywords *k, const char *line)
{
	const char *flags = strstr(line, "FLAGS (");
	if (!flags)
		return;
	flags += strlen("FLAGS (");
	for (int i = 0; i < KEYWORDS; i++)
		if (flag_in(flags, flags + strcspn(flags, ")"), k->v[i]))
			f->has |= 1u << i;
}

void imap_fetched_line(struct imap_fetched *f, const struct keywords *k, const char *bytes, size_t n)
{
	char *line = xstrndup(bytes, n);
	if (strncmp(line, "* ", 2) == 0) {
		const char *uid = strstr(line, "FETCH (") ? strstr(line, "UID ") : NULL;
		*f = (struct imap_fetched){ .ticket = f->ticket };
		if (uid)
			f->uid = (uint32_t)strtoul(uid + 4, NULL, 10);
	}
	if (f->uid && strncasecmp(line, FIELD ":", sizeof FIELD) == 0)
		f->ours = strtoll(line + sizeof FIELD, NULL, 10) == f->ticket;
	else if (f->uid)
		take_flags(f, k, line);
	free(line);
}

/* The mail that the lines were about is complete. */
static void end_of_mail(struct imap_box *b)
{
	if (b->now.uid && b->now.ours && b->now.has != 1u << b->want) {
		sb_addf(&b->wrong, "%s%u", b->wrong.len ? "," : "", (unsigned)b->now.uid);
		b->n_wrong++;
	}
	b->now.uid = 0;
}

static void take_uids(struct imap_box *b, const char *bytes, size_t n)
{
	char *line = xstrndup(bytes, n), *end;
	for (char *p = line; b->n < UIDS_MAX; p = end) {
		unsigned long uid = strtoul(p, &end, 10);
		if (end == p)
			break;
		b->uids[b->n++] = (uint32_t)uid;
	}
	free(line);
}

static size_t on_line(char *p, size_t size, size_t n, void *box)
{
	static const char found[] = "* SEARCH";
	struct imap_box *b = box;
	n *= size;
	if (n > 0 && *p == '*')
		end_of_mail(b);
	if (n > sizeof found && memcmp(p, found, sizeof found - 1) == 0)
		take_uids(b, p + sizeof found - 1, n - (sizeof found - 1));
	else
		imap_fetched_line(&b->now, b->keywords, p, n);
	return n;
}

static size_t on_body(char *p, size_t size, size_t n, void *box)
{
	(void)p, (void)box;
	return size * n; /* on_line has seen it */
}

/* ---- the connection -------------------------------------------------------------- */

static void set_up(CURL *c, struct imap_box *b, const struct imap_server *s, const char *user)
{
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "imap");
	curl_easy_setopt(c, CURLOPT_URL, b->url);
	curl_easy_setopt(c, CURLOPT_CONNECT_TO, b->where);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_USERNAME, user);
	curl_easy_setopt(c, CURLOPT_PASSWORD, s->password);
	curl_easy_setopt(c, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(c, CURLOPT_CAINFO, s->ca_file);
	curl_easy_setopt(c, CURLOPT_CAPATH, AUTHORITIES);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)COMMAND_MS);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_BUFFERSIZE, (long)LINE_MAX_BYTES); /* a longer line is cut */
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, b->why);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, b);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
}

struct imap_box *imap_box_new(const struct imap_server *s, const struct keywords *k, const char *login)
{
	struct imap_box *b = xcalloc(1, sizeof *b);
	const char *colon = strrchr(s->ip_port, ':');
	char *to = xasprintf("::%s", s->ip_port), *user = xasprintf("%s*" DESK_LOGIN, login);
	b->url = xasprintf("imap://%s:%s/INBOX", s->name, colon ? colon + 1 : "143");
	b->where = curl_slist_append(NULL, to);
	b->keywords = k;
	b->uids = xcalloc(UIDS_MAX, sizeof *b->uids);
	b->wrong = SB_INIT;
	b->curl = curl_easy_init();
	if (b->curl)
		set_up(b->curl, b, s, user);
	free(to), free(user);
	return b;
}

void imap_box_free(struct imap_box **b)
{
	if (!*b)
		return;
	curl_easy_cleanup((*b)->curl);
	curl_slist_free_all((*b)->where);
	sb_free(&(*b)->wrong);
	free((*b)->url);
	free((*b)->uids);
	free(*b);
	*b = NULL;
}

/* Refused by a server that is there, or no answer? */
static enum status command(struct imap_box *b, const char *text, struct err *e)
{
	if (!b->curl)
		return err_set(e, ERR_TEMP, "no memory for IMAP");
	*b->why = '\0';
	curl_easy_setopt(b->curl, CURLOPT_CUSTOMREQUEST, text);
	CURLcode rc = curl_easy_perform(b->curl);
	bool refused = rc == CURLE_LOGIN_DENIED || rc == CURLE_QUOTE_ERROR || rc == CURLE_REMOTE_ACCESS_DENIED;
	end_of_mail(b);
	if (rc == CURLE_OK)
		return OK;
	return err_set(e, refused ? ERR_DENIED : ERR_TEMP, "Dovecot: %.150s", *b->why ? b->why : curl_easy_strerror(rc));
}

/* ---- one ticket ------------------------------------------------------------------ */

static enum status look_at(struct imap_box *b, const uint32_t *uids, size_t n, struct err *e)
{
	struct sb c = SB_INIT;
	sb_adds(&c, "UID FETCH ");
	for (size_t i = 0; i < n; i++)
		sb_addf(&c, "%s%u", i ? "," : "", (unsigned)uids[i]);
	sb_adds(&c, " (FLAGS BODY.PEEK[HEADER.FIELDS (" FIELD ")])");
	enum status st = command(b, c.s, e);
	sb_free(&c);
	return st;
}

static enum status store(struct imap_box *b, struct err *e)
{
	struct sb c = SB_INIT;
	sb_addf(&c, "UID STORE %s -FLAGS.SILENT (", b->wrong.s);
	for (int i = 0, n = 0; i < KEYWORDS; i++)
		if (i != b->want)
			sb_addf(&c, "%s%s", n++ ? " " : "", b->keywords->v[i]);
	sb_addc(&c, ')');
	enum status st = command(b, c.s, e);
	sb_reset(&c);
	sb_addf(&c, "UID STORE %s +FLAGS.SILENT (%s)", b->wrong.s, b->keywords->v[b->want]);
	if (st == OK)
		st = command(b, c.s, e);
	sb_free(&c);
	return st;
}

enum status imap_box_mark(struct imap_box *b, int64_t ticket, int want, size_t *changed_r, struct err *e)
{
	char search[80];
	snprintf(search, sizeof search, "UID SEARCH HEADER " FIELD " %lld", (long long)ticket);
	b->n = b->n_wrong = 0;
	b->want = want;
	b->now = (struct imap_fetched){ .ticket = ticket };
	enum status st = command(b, search, e);
	for (size_t i = 0; st == OK && i < b->n; i += CHUNK) {
		sb_reset(&b->wrong);
		st = look_at(b, b->uids + i, b->n - i < CHUNK ? b->n - i : CHUNK, e);
		if (st == OK && b->wrong.len)
			st = store(b, e);
	}
	*changed_r = b->n_wrong;
	return st;
}
