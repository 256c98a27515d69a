/*
 * Addresses and Message-IDs with a MAC.
 * SECURITY: everything parsed here comes from outside; numbers are bounded to
 * 18 digits, the MAC is compared in constant time.
 */
#include "mail/token.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAC_BYTES = 10, MAC_CHARS = 16 };

void token_init(struct token_ctx *t, const uint8_t master[KEY_LEN], const char *desk, const char *domain)
{
	crypto_derive(master, "mail-token", t->key);
	t->desk = desk;
	t->domain = domain;
	t->edit = t->news_from = t->news_to = t->diagnosis = NULL;
}

void token_news_init(struct token_ctx *t, const char *edit, const char *news_from, const char *news_to)
{
	t->edit = edit;
	t->news_from = news_from;
	t->news_to = news_to;
}

/* The kind is part of what is signed, so a bounce address is no ticket address. */
static void mac(const struct token_ctx *t, char kind, int64_t a, int64_t b, char out[MAC_CHARS + 1])
{
	char text[400];
	uint8_t full[SHA256_LEN];
	int n = snprintf(text, sizeof text, "%c %lld %lld %s", kind, (long long)a, (long long)b, t->domain);
	crypto_hmac256(t->key, KEY_LEN, text, (size_t)n, full);
	b32_encode(full, MAC_BYTES, out);
}

char *token_desk_address(const struct token_ctx *t, struct arena *a)
{
	return arena_printf(a, "%s@%s", t->desk, t->domain);
}

/* "desk+tNUMBER-MAC@domain"; the kind is the letter in capitals. */
static char *desk_part(const struct token_ctx *t, struct arena *a, char kind, int64_t id)
{
	char m[MAC_CHARS + 1];
	mac(t, kind, id, 0, m);
	return arena_printf(a, "%s+%c%lld-%s@%s", t->desk, kind + 32, (long long)id, m, t->domain);
}

char *token_ticket_address(const struct token_ctx *t, struct arena *a, int64_t ticket)
{
	return desk_part(t, a, 'T', ticket);
}

char *token_note_address(const struct token_ctx *t, struct arena *a, int64_t ticket)
{
	return desk_part(t, a, 'N', ticket);
}

char *token_command_address(const struct token_ctx *t, struct arena *a, int64_t ticket)
{
	return desk_part(t, a, 'C', ticket);
}

char *token_held_address(const struct token_ctx *t, struct arena *a, int64_t message)
{
	return desk_part(t, a, 'H', message);
}

char *token_health_address(const struct token_ctx *t, struct arena *a, int64_t health)
{
	return health < 0 ? desk_part(t, a, 'Y', -health) : desk_part(t, a, 'K', health);
}

char *token_bounce_address(const struct token_ctx *t, struct arena *a, int64_t outbox)
{
	char m[MAC_CHARS + 1];
	mac(t, 'B', outbox, 0, m);
	return arena_printf(a, "bounce+%lld-%s@%s", (long long)outbox, m, t->domain);
}

char *token_message_id(const struct token_ctx *t, struct arena *a, int64_t ticket, int64_t outbox)
{
	char m[MAC_CHARS + 1];
	mac(t, 'M', ticket, outbox, m);
	return arena_printf(a, "t%lld.o%lld.%s@%s", (long long)ticket, (long long)outbox, m, t->domain);
}

/* ---- the newsletter: two numbers ------------------------------------------------ */

static char *news_part(const struct token_ctx *t, struct arena *a, const char *local, char kind, struct token_news x)
{
	char m[MAC_CHARS + 1];
	mac(t, kind, x.issue, x.reader, m);
	return arena_printf(a, "%s+%lld.%lld-%s@%s", local, (long long)x.issue, (long long)x.reader, m, t->domain);
}

char *token_news_address(const struct token_ctx *t, struct arena *a, int64_t issue, int64_t reader)
{
	return news_part(t, a, "news", 'V', (struct token_news){ issue, reader });
}

char *token_stop_address(const struct token_ctx *t, struct arena *a, int64_t issue, int64_t reader)
{
	return news_part(t, a, "stop", 'U', (struct token_news){ issue, reader });
}

char *token_stop_link(const struct token_ctx *t, struct arena *a, int64_t issue, int64_t reader)
{
	char m[MAC_CHARS + 1];
	mac(t, 'U', issue, reader, m);
	return arena_printf(a, "%lld.%lld-%s", (long long)issue, (long long)reader, m);
}

char *token_edit_address(const struct token_ctx *t, struct arena *a, int64_t issue)
{
	char m[MAC_CHARS + 1];
	if (!issue)
		return arena_printf(a, "%s@%s", t->edit, t->domain);
	mac(t, 'E', issue, 0, m);
	return arena_printf(a, "%s+%lld-%s@%s", t->edit, (long long)issue, m, t->domain);
}

char *token_news_message_id(const struct token_ctx *t, struct arena *a, int64_t issue, int64_t reader)
{
	char m[MAC_CHARS + 1];
	mac(t, 'L', issue, reader, m);
	return arena_printf(a, "n%lld.%lld.%s@%s", (long long)issue, (long long)reader, m, t->domain);
}

char *token_diagnosis_address(const struct token_ctx *t, struct arena *a, int64_t diagnosis)
{
	char m[MAC_CHARS + 1];
	if (!diagnosis)
		return arena_printf(a, "%s@%s", t->diagnosis, t->domain);
	mac(t, 'D', diagnosis, 0, m);
	return arena_printf(a, "%s+%lld-%s@%s", t->diagnosis, (long long)diagnosis, m, t->domain);
}

struct token_news token_news_of(int64_t id)
{
	return (struct token_news){ id >> 32, id & 0xffffffff };
}

/* ---- reading ---------------------------------------------------------------------- */

/* Takes `lit`, ignoring case. */
static bool eat(const char **s, const char *lit)
{
	size_t n = strlen(lit);
	if (strncasecmp(*s, lit, n) != 0)
		return false;
	*s += n;
	return true;
}

static bool eat_number(const char **s, int64_t *r)
{
	int n = 0;
	for (*r = 0; **s >= '0' && **s <= '9' && n < 18; n++)
		*r = *r * 10 + (*(*s)++ - '0');
	return n > 0;
}

/* Takes 16 letters that must be the MAC. */
static bool eat_mac(const struct token_ctx *t, char kind, int64_t a, int64_t b, const char **s)
{
	char want[MAC_CHARS + 1], got[MAC_CHARS];
	mac(t, kind, a, b, want);
	for (int i = 0; i < MAC_CHARS; i++) {
		char c = (*s)[i];
		if (!c)
			return false;
		got[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	*s += MAC_CHARS;
	return crypto_equal(want, got, MAC_CHARS);
}

static bool at_domain(const struct token_ctx *t, const char *s)
{
	return *s == '@' && strcasecmp(s + 1, t->domain) == 0;
}

/* "NUMBER-MAC@domain" */
static bool signed_part(const struct token_ctx *t, char kind, const char *s, int64_t *id_r)
{
	return eat_number(&s, id_r) && eat(&s, "-") && eat_mac(t, kind, *id_r, 0, &s) && at_domain(t, s);
}

/* "4.123-MAC", or with another mark before the MAC. */
static bool eat_news(const struct token_ctx *t, char kind, const char *mark, const char **s, struct token_news *r)
{
	return eat_number(s, &r->issue) && eat(s, ".") && eat_number(s, &r->reader) && r->issue < INT32_MAX &&
	       r->reader <= UINT32_MAX && eat(s, mark) && eat_mac(t, kind, r->issue, r->reader, s);
}

bool token_parse_news_id(const struct token_ctx *t, const char *msgid, struct token_news *r)
{
	const char *s = msgid;
	return eat(&s, "n") && eat_news(t, 'L', ".", &s, r) && at_domain(t, s);
}

bool token_parse_news_address(const struct token_ctx *t, const char *addr, struct token_news *r)
{
	const char *s = addr;
	return eat(&s, "news+") && eat_news(t, 'V', "-", &s, r) && at_domain(t, s);
}

bool token_parse_stop_link(const struct token_ctx *t, const char *text, struct token_news *r)
{
	const char *s = text;
	return eat_news(t, 'U', "-", &s, r) && !*s;
}

static bool is_local(const char *addr, const char *at, const char *local)
{
	return local && (size_t)(at - addr) == strlen(local) && strncasecmp(addr, local, strlen(local)) == 0;
}

/* TOKEN_NONE: none of the newsletter's. */
static enum token_kind news_kind(const struct token_ctx *t, const char *addr, const char *at, int64_t *id_r)
{
	struct token_news x;
	const char *s = addr;
	bool is_news = eat(&s, "news+");
	if (is_news || eat(&s, "stop+")) {
		if (!eat_news(t, is_news ? 'V' : 'U', "-", &s, &x) || !at_domain(t, s))
			return TOKEN_FORGED;
		*id_r = x.issue << 32 | x.reader;
		return is_news ? TOKEN_NEWS : TOKEN_STOP;
	}
	if (is_local(addr, at, t->news_from) || is_local(addr, at, t->news_to))
		return TOKEN_LIST;
	s = addr;
	if (!eat(&s, t->edit) || (s != at && *s != '+'))
		return TOKEN_NONE;
	return s == at || signed_part(t, 'E', s + 1, id_r) ? TOKEN_EDIT : TOKEN_FORGED;
}

static enum token_kind diagnosis_kind(const struct token_ctx *t, const char *addr, const char *at, int64_t *id_r)
{
	const char *s = addr;
	if (!eat(&s, t->diagnosis) || (s != at && *s != '+'))
		return TOKEN_NONE;
	return s == at || signed_part(t, 'D', s + 1, id_r) ? TOKEN_DIAGNOSIS : TOKEN_FORGED;
}

/* What follows "desk+". */
static enum token_kind desk_kind(const struct token_ctx *t, const char *s, int64_t *id_r)
{
	static const struct { char letter; enum token_kind kind; } kinds[] = {
		{ 'T', TOKEN_TICKET }, { 'N', TOKEN_NOTE }, { 'C', TOKEN_COMMAND }, { 'H', TOKEN_HELD },
		{ 'K', TOKEN_HEALTH }, { 'Y', TOKEN_HEALTH },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if ((*s & ~32) == kinds[i].letter && signed_part(t, kinds[i].letter, s + 1, id_r)) {
			*id_r = kinds[i].letter == 'Y' ? -*id_r : *id_r;
			return kinds[i].kind;
		}
	return TOKEN_FORGED;
}

enum token_kind token_classify(const struct token_ctx *t, const char *addr, int64_t *id_r)
{
	const char *at = strrchr(addr, '@'), *s = addr;
	*id_r = 0;
	if (!at || !at_domain(t, at))
		return TOKEN_NONE;
	if (eat(&s, "bounce") && (*s == '+' || *s == '@'))
		return eat(&s, "+") && signed_part(t, 'B', s, id_r) ? TOKEN_BOUNCE : TOKEN_FORGED;
	if (t->edit) {
		enum token_kind k = news_kind(t, addr, at, id_r);
		if (k != TOKEN_NONE)
			return k;
	}
	if (t->diagnosis) {
		enum token_kind k = diagnosis_kind(t, addr, at, id_r);
		if (k != TOKEN_NONE)
			return k;
	}
	s = addr;
	if (!eat(&s, t->desk))
		return TOKEN_NONE;
	if (*s == '@')
		return s == at ? TOKEN_DESK : TOKEN_NONE;
	if (!eat(&s, "+"))
		return TOKEN_NONE;
	return desk_kind(t, s, id_r);
}

bool token_parse_message_id(const struct token_ctx *t, const char *msgid, int64_t *ticket_r, int64_t *outbox_r)
{
	int64_t ticket, outbox;
	const char *s = msgid;
	if (!eat(&s, "t") || !eat_number(&s, &ticket) || !eat(&s, ".o") || !eat_number(&s, &outbox) ||
	    !eat(&s, ".") || !eat_mac(t, 'M', ticket, outbox, &s) || !at_domain(t, s))
		return false;
	if (ticket_r)
		*ticket_r = ticket;
	if (outbox_r)
		*outbox_r = outbox;
	return true;
}
