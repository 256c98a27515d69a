/*
 * The header of a suspicious mail: what it says of itself, the results and the
 * way that servers wrote into it, and where these contradict each other.
 * A server can't be told from a forger here; nothing is believed.
 */
#include "mail/addr.h"
#include "mail/analyse_impl.h"
#include "mail/maildate.h"
#include "text/defang.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { VALUE_MAX = 300, NAME_MAX_BYTES = 120 };

static const char *value(struct arena *a, const struct msg *m, const char *name)
{
	const struct msg_field *f = msg_field(m, name);
	return f ? analyse_line(a, f->value, strlen(f->value), VALUE_MAX) : "";
}

/* ---- results ------------------------------------------------------------------------ */

static const char *tag_of(struct arena *a, const char *v, const char *tag)
{
	size_t n = strlen(tag);
	for (const char *p = v; *p; p += strcspn(p, ";"), p += *p == ';') {
		p += strspn(p, " \t\n");
		if (strncmp(p, tag, n) == 0 && p[n + strspn(p + n, " \t")] == '=') {
			p += n + strspn(p + n, " \t") + 1;
			p += strspn(p, " \t\n");
			return analyse_line(a, p, strcspn(p, "; \t\n"), NAME_MAX_BYTES);
		}
	}
	return "?";
}

static void results(const struct msg *m, struct arena *a, struct suspect *s)
{
	static const char *const names[] = { "Authentication-Results", "ARC-Authentication-Results", "Received-SPF",
		                             "DKIM-Signature", NULL };
	for (const char *const *n = names; *n; n++)
		for (const struct msg_field *f = msg_field(m, *n); f && s->nauth < ANALYSE_AUTH; f = msg_field_next(m, f)) {
			const char *v = f->value;
			if (strcmp(*n, "DKIM-Signature") == 0)
				v = arena_printf(a, "d=%s s=%s", tag_of(a, f->raw, "d"), tag_of(a, f->raw, "s"));
			s->auth[s->nauth++] = (struct suspect_auth){ *n, analyse_line(a, v, strlen(v), VALUE_MAX) };
		}
}

/* ---- the way -------------------------------------------------------------------------- */

static const char *word_behind(const char *v, const char *end, const char *word, const char **from_r)
{
	size_t n = strlen(word);
	for (const char *p = v; p + n < end; p++)
		if ((p == v || isspace((unsigned char)p[-1])) && strncasecmp(p, word, n) == 0 && p[n] == ' ') {
			p += n + strspn(p + n, " ");
			*from_r = p;
			while (p < end && !isspace((unsigned char)*p) && *p != '(' && *p != ';')
				p++;
			return p;
		}
	return NULL;
}

/* The first [1.2.3.4], (1.2.3.4) or [IPv6:…]. */
static const char *address_in(struct arena *a, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p != '[' && *p != '(' && *p != '@')
			continue;
		const char *q = p + 1;
		if (end - q > 5 && strncasecmp(q, "IPv6:", 5) == 0)
			q += 5;
		size_t n = strspn(q, "0123456789abcdefABCDEF.:");
		bool closed = q[n] == ']' || q[n] == ')';
		if (n >= 3 && closed && (memchr(q, '.', n) || memchr(q, ':', n)))
			return analyse_line(a, q, n, NAME_MAX_BYTES);
	}
	return "";
}

static struct suspect_hop hop(struct arena *a, const char *v)
{
	struct suspect_hop h = { "", "", "", 0 };
	const char *end = strrchr(v, ';'), *from = NULL, *by = NULL;
	if (!end)
		end = v + strlen(v);
	const char *from_end = word_behind(v, end, "from", &from), *by_end = word_behind(v, end, "by", &by);
	if (from_end)
		h.from = analyse_line(a, from, (size_t)(from_end - from), NAME_MAX_BYTES);
	if (by_end)
		h.by = analyse_line(a, by, (size_t)(by_end - by), NAME_MAX_BYTES);
	if (from_end)
		h.ip = address_in(a, from, by && by > from ? by : end);
	if (*end == ';')
		h.at = mail_date_parse(end + 1);
	return h;
}

/* Each server writes on top: the oldest is the last. */
static void way(const struct msg *m, struct arena *a, struct suspect *s)
{
	size_t n = 0;
	for (const struct msg_field *f = msg_field(m, "Received"); f; f = msg_field_next(m, f))
		n++;
	s->nhops = n < ANALYSE_HOPS ? n : ANALYSE_HOPS;
	s->hops_more = n - s->nhops;
	size_t i = s->nhops;
	for (const struct msg_field *f = msg_field(m, "Received"); f && i > 0; f = msg_field_next(m, f))
		s->hops[--i] = hop(a, f->value);
}

/* ---- what does not fit ------------------------------------------------------------------ */

static void mark(struct suspect *s, const char *words)
{
	if (s->nmarks < ANALYSE_MARKS)
		s->marks[s->nmarks++] = words;
}

static const char *domain(struct arena *a, const struct msg_addrs *l)
{
	return l->n ? addr_domain(addr_key(a, l->v[0].addr)) : "";
}

static bool differ(const char *x, const char *y)
{
	return *x && *y && !text_same_site(x, y);
}

/* "support@bank.example" <x@evil.example>, also with full-width signs. */
static bool name_is_other(const struct msg_addrs *from)
{
	if (!from->n)
		return false;
	const char *name = from->v[0].name, *at = strchr(name, '@'), *host = addr_domain(from->v[0].addr);
	if (!at)
		at = strstr(name, "＠");
	if (!at)
		return false;
	at += *at == '@' ? 1 : 3;
	size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
	return n >= 3 && (strlen(host) != n || strncasecmp(at, host, n) != 0);
}

static bool any_result(const struct suspect *s, const char *word)
{
	for (size_t i = 0; i < s->nauth; i++)
		if (strcasestr(s->auth[i].value, word))
			return true;
	return false;
}

static const char *return_path(struct arena *a, const struct msg *m)
{
	struct msg_addrs l = { 0 };
	const struct msg_field *f = msg_field(m, "Return-Path");
	if (f)
		addr_list_parse(a, f->raw, &l);
	return l.n ? addr_domain(addr_key(a, l.v[0].addr)) : "";
}

static void contradictions(const struct msg *m, const char *own, struct arena *a, struct suspect *s)
{
	const char *from = domain(a, &m->from);
	if (name_is_other(&m->from))
		mark(s, "差出人名に、実際とは別のメールアドレスが書かれています");
	if (differ(from, domain(a, &m->reply_to)))
		mark(s, "返信先 (Reply-To) が差出人と別の組織です");
	if (differ(from, return_path(a, m)))
		mark(s, "エラー返送先 (Return-Path) が差出人と別の組織です");
	if (*own && *from && text_same_site(from, own))
		mark(s, "差出人が、お客さま自身の組織を名乗っています");
	else if (*own && *from && text_host_lookalike(from, own))
		mark(s, "差出人のドメインが、お客さまのドメインに似ています");
	if (any_result(s, "=fail") || any_result(s, "softfail") || (s->nauth && strncasecmp(s->auth[0].value, "fail", 4) == 0))
		mark(s, "送信元認証に不合格の記載があります");
	for (size_t i = 1; i < s->nhops; i++)
		if (s->hops[i].at && s->hops[i - 1].at && s->hops[i].at < s->hops[i - 1].at - 300) {
			mark(s, "経路 (Received) の時刻が前後しています");
			break;
		}
}

void analyse_head(const struct msg *m, const char *own_domain, struct arena *a, struct suspect *s)
{
	s->from = value(a, m, "From");
	s->reply_to = value(a, m, "Reply-To");
	s->return_path = value(a, m, "Return-Path");
	s->to = value(a, m, "To");
	s->cc = value(a, m, "Cc");
	s->subject = value(a, m, "Subject");
	s->date = value(a, m, "Date");
	s->message_id = value(a, m, "Message-ID");
	results(m, a, s);
	way(m, a, s);
	contradictions(m, own_domain, a, s);
}
