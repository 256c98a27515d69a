/*
 * Return letters in a mail system's own words: who is meant, and what is said
 * of each. There is no grammar; but all of them put the address in front of a
 * line of its own, or behind a label, and the reason behind it. So every
 * address gets a rank by where it stands, the best rank wins, and each line
 * belongs to the recipient named last.
 *
 *	<a@b.example>: host mx said: 550 ...       rank 3: leads its line
 *	>>> RCPT To:<a@b.example>                  rank 3
 *	To: a@b.example / Taro (a@b.example)       rank 2: labelled
 *	your mail to a@b.example was refused       rank 1: somewhere
 *	please contact help@b.example              none
 * SECURITY: hostile text; linear, RET_RCPTS_MAX recipients.
 */
#include "base/xalloc.h"
#include "ret_impl.h"
#include "text/begins.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NOBODY = 0, SOMEWHERE, LABELLED, LEADS, NEAR = 60, FIELD_MAX = 16384, COPY_MAX = 4096 };

struct cursor {
	struct ret_job *j;
	struct ret_letter *l;
	struct ret_who *who; /* the line's, NULL: nobody yet */
	bool self;           /* even we may be meant: we wrote to ourselves */
	bool listed;         /* behind "the following recipients": a label is as good as a lead */
};

struct ret_who *ret_letter_find(struct ret_letter *l, const char *addr)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcasecmp(l->v[i].addr, addr) == 0)
			return &l->v[i];
	return NULL;
}

static bool in_list(const struct msg_addrs *l, const char *addr)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcasecmp(l->v[i].addr, addr) == 0)
			return true;
	return false;
}

/* Ourselves, and mail systems. */
static bool is_sender(const struct ret_job *j, const char *addr)
{
	if (in_list(&j->orig_to, addr))
		return false;
	return strcasecmp(addr, j->out->sent_to) == 0 || in_list(&j->m->to, addr) || strcasecmp(addr, j->orig_from) == 0 ||
	       strcasecmp(addr, j->out->return_path) == 0 || (j->m->from.n && strcasecmp(addr, j->m->from.v[0].addr) == 0) ||
	       ret_is_daemon(addr);
}

/* ---- where it stands ---- */

static bool has_any(const char *s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcasestr(s, words[i]))
			return true;
	return false;
}

/* What stands around names somebody else: the sender, a helper. */
static bool about_others(const char *before, const char *behind)
{
	static const char *const front[] = {
		"from", "sender", "contact", "reply", "message-id", "message id", "references", "in-reply-to", "mailto:", "administrator",
		"help", "support", "abuse", "report", "resent", "送信者", "差出人", "発信", "問い合わせ", "問合せ", "連絡", "お客様の",
		"absender", "von:", "remitente", "expéditeur", "de :", "written by", "sent by", "reporting-mta", "http://", "https://",
	};
	static const char *const back[] = { "sender address", "sender rejected", "からのメール", "から送信" };
	return has_any(before, front, sizeof front / sizeof *front) || has_any(behind, back, sizeof back / sizeof *back);
}

/* Bullets, brackets, marks of a transcript, reply codes: nothing is said yet. */
static bool nothing_said(const char *s)
{
	char code[RET_CODE], status[RET_CODE];
	for (;;) {
		s += strspn(s, " \t<>\"'([{*-+=|.:;,#");
		size_t n = strlen(s);
		if (n >= 3 && ((unsigned char)s[0] == 0xE2 || (unsigned char)s[0] == 0xE3 || (unsigned char)s[0] == 0xEF)) {
			s += 3; /* ・ ■ ● 「 （ > and the like */
			continue;
		}
		ret_codes(s, n < 5 ? n : 5, code, status);
		if (n >= 5 && *status && strncmp(s, status, strlen(status)) == 0)
			s += strlen(status);
		else if (n >= 3 && *code && strncmp(s, code, 3) == 0)
			s += 3;
		else
			return !*s;
	}
}

static bool is_label(const char *s)
{
	static const char *const ends[] = { "to", "recipient", "recipients", "recipient(s)", "address", "addresses", "user", "userid",
					    "mailbox", "account", "smtp", "rfc822", "destination", "an", "para", "宛先", "あて先", "送信先",
					    "受信者", "アドレス", "name", "unknown", "host", "size", "group", "destinataire", "empfänger", "addressed" };
	char low[NEAR + 1];
	size_t n = strlen(s);
	while (n && strchr(" \t<\"'([:;=,", s[n - 1]))
		n--;
	if (n > NEAR)
		s += n - NEAR, n = NEAR;
	memcpy(low, s, n);
	low[n] = '\0';
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t k = strlen(ends[i]);
		if (n >= k && strcasecmp(low + n - k, ends[i]) == 0 && (n == k || !strchr("abcdefghijklmnopqrstuvwxyz", low[n - k - 1] | 32)))
			return true;
	}
	return false;
}

/* Nothing behind it that goes on as a sentence would. */
static bool ends_there(const char *s)
{
	static const char *const go_on[] = { "on ", "said", "user", "unknown", "mailbox", "(", "\"", "Invalid", "does not", "is not a",
					     "is not known", "couldn't", "could not", "was not", "not found", "cannot", "failed", "rejected" };
	s += strspn(s, " \t>\"')]}*=|");
	if (!*s || strchr(":;,.#(<-0123456789[", *s) || (unsigned char)*s >= 0x80)
		return true;
	for (size_t i = 0; i < sizeof go_on / sizeof *go_on; i++)
		if (text_begins(s, go_on[i]))
			return true;
	return false;
}

static unsigned rank_of(const char *before, const char *b, const char *behind)
{
	bool bracketed = (b[-1] == '<' || b[-1] == '(' || b[-1] == '"') && *before;
	if (about_others(before, behind))
		return NOBODY;
	if (nothing_said(before))
		return bracketed || ends_there(behind) ? LEADS : SOMEWHERE;
	size_t n = strlen(before);
	if (n >= 8 && strcasestr(before, "rcpt to"))
		return LEADS;
	if (is_label(before))
		return LABELLED;
	return bracketed && !behind[strspn(behind, " \t>)\"]:.")] ? LABELLED : SOMEWHERE;
}

/* ---- lines ---- */

static struct ret_who *note(struct cursor *c, char *addr, unsigned rank)
{
	struct ret_letter *l = c->l;
	struct ret_who *w = ret_letter_find(l, addr);
	if (rank == SOMEWHERE && in_list(&c->j->orig_to, addr))
		rank = LABELLED;
	if (!w && (!rank || l->n == RET_RCPTS_MAX || ((!c->self || rank < LABELLED) && is_sender(c->j, addr))))
		return NULL;
	if (!w) {
		w = &l->v[l->n++];
		*w = (struct ret_who){ .addr = addr, .words = SB_INIT };
	}
	if (rank > w->rank)
		w->rank = rank;
	if (w->rank > l->best)
		l->best = w->rank;
	return w;
}

/* "(expanded from: <a@b>)", "(generated from a@b)": whom we wrote to. */
static bool is_alias(const char *before)
{
	return strcasestr(before, "expanded from") || strcasestr(before, "generated from") || strcasestr(before, "generated by") ||
	       strcasestr(before, "forwarded from") || strcasestr(before, "was addressed to");
}

/* The text around one address, bounded, as strings. */
static unsigned rank_at(const char *begin, const char *b, const char *e, const char *end, bool *alias_r)
{
	char before[NEAR + 8], behind[NEAR + 1];
	const char *from = b - begin > NEAR ? b - NEAR : begin;
	size_t n = (size_t)(b - from), k = (size_t)(end - e) < NEAR ? (size_t)(end - e) : NEAR;
	/* one byte in front, so that b[-1] can be asked; cut text can't lead */
	memcpy(before + 1, from, n);
	before[0] = from > begin ? '~' : ' ';
	before[n + 1] = '\0';
	memcpy(behind, e, k);
	behind[k] = '\0';
	*alias_r = is_alias(before);
	return *alias_r ? LEADS : rank_of(before, before + n + 1, behind);
}

static bool opens_list(const struct line *l)
{
	static const char *const words[] = { "did not reach", "following recipient", "following address", "not delivered to",
					     "following user", "failed recipient", "以下の宛先", "次の宛先", "次の受信者", "以下の受信者",
					     "できなかった宛先", "届かなかった宛先" };
	char s[NEAR * 2 + 1];
	size_t n = l->n < sizeof s - 1 ? l->n : sizeof s - 1;
	memcpy(s, l->p, n);
	s[n] = '\0';
	return has_any(s, words, sizeof words / sizeof *words);
}

/* Who stood in front of the list, alone on his line, runs the server; but not
 * whom we wrote to. */
static void begin_list(struct cursor *c)
{
	struct ret_letter *l = c->l;
	c->listed = true;
	l->best = NOBODY;
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].rank == LEADS && !in_list(&c->j->orig_to, l->v[i].addr))
			l->v[i].rank = SOMEWHERE;
		if (l->v[i].rank > l->best)
			l->best = l->v[i].rank;
	}
}

static void read_line(struct cursor *c, const struct line *l)
{
	const char *pos = l->p, *end = l->p + l->n, *b, *e;
	unsigned rank = NOBODY;
	bool named = false, alias = false;
	if (!c->listed && opens_list(l))
		begin_list(c);
	while (c->l->n < RET_RCPTS_MAX && ret_addr_next(pos, end, &b, &e)) {
		/* "a@x, b@y": the second stands where the first does */
		bool listed = pos > l->p && strspn(pos, " \t,;<>\"'") >= (size_t)(b - pos);
		if (!listed)
			rank = rank_at(pos, b, e, end, &alias);
		if (rank == LABELLED && c->listed)
			rank = LEADS;
		if (alias && c->who && !c->who->from) {
			c->who->from = ret_addr(c->j->a, b, (size_t)(e - b));
			pos = e;
			continue;
		}
		struct ret_who *w = note(c, ret_addr(c->j->a, b, (size_t)(e - b)), rank);
		if (w && !named && (rank >= LABELLED || w->rank >= LABELLED)) {
			c->who = w;
			named = true;
		} else if (w && named && listed && w != c->who && !w->words.len) {
			w->beside = true;
		}
		pos = e;
	}
	struct sb *to = c->who ? &c->who->words : &c->l->common;
	sb_add(to, l->p, l->n);
	sb_addc(to, '\n');
}

static void read_lines(struct cursor *c, const char *p, const char *end)
{
	struct line l;
	for (; hdr_line(p, end, false, &l); p = l.next)
		read_line(c, &l);
}

/* A field of Exim's and Google's that names them all. */
static bool by_field(struct cursor *c)
{
	const char *b, *e;
	for (size_t i = 0; i < c->j->nfields; i++) {
		const char *pos = c->j->fields[i].value;
		size_t n = strnlen(pos, FIELD_MAX);
		if (strcasecmp(c->j->fields[i].name, "X-Failed-Recipients") != 0)
			continue;
		for (const char *end = pos + n; ret_addr_next(pos, end, &b, &e); pos = e)
			note(c, ret_addr(c->j->a, b, (size_t)(e - b)), LEADS + 1);
	}
	return c->l->n > 0;
}

static void by_subject(struct cursor *c)
{
	const char *b, *e, *end = c->j->subject + strnlen(c->j->subject, FIELD_MAX);
	for (const char *pos = c->j->subject; ret_addr_next(pos, end, &b, &e); pos = e)
		note(c, ret_addr(c->j->a, b, (size_t)(e - b)), SOMEWHERE);
}

static void by_original(struct cursor *c)
{
	if (*c->j->orig_rcpt)
		note(c, arena_strdup(c->j->a, c->j->orig_rcpt), LEADS);
	for (size_t i = 0; i < c->j->orig_to.n && c->l->best < LEADS; i++)
		if (!ret_is_daemon(c->j->orig_to.v[i].addr))
			note(c, arena_strdup(c->j->a, c->j->orig_to.v[i].addr), LABELLED);
}

/* Nobody in the letter. When it is no more than its mark, the mark was none. */
static void read_behind_mark(struct cursor *c)
{
	struct ret_job *j = c->j;
	read_lines(c, j->text.s + j->text_end, j->text.s + j->text.len);
	for (size_t i = 0; i < c->l->n && j->text_end; i++)
		sb_reset(&c->l->v[i].words);
}

/* A line that is one word, as a local part is; its length, 0 if it is not. */
static size_t bare_name(const struct line *l, const char **name_r)
{
	const char *p = l->p, *end = l->p + l->n;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	const char *e = p;
	while (e < end && (isalnum((unsigned char)*e) || strchr("._+-", *e)))
		e++;
	*name_r = p;
	size_t n = (size_t)(e - p);
	while (e < end && strchr(" \t\r", *e))
		e++;
	return e == end && n <= NEAR && n && isalnum((unsigned char)p[n - 1]) ? n : 0;
}

/* AOL's screen names and the like: names alone below "the following
 * recipients:", of the domain of the daemon that writes. */
static void by_bare_names(struct cursor *c)
{
	const struct ret_job *j = c->j;
	const char *from = j->m->from.n ? j->m->from.v[0].addr : "", *at = strchr(from, '@');
	const char *end = j->text.s + j->text_end, *name;
	struct sb b = SB_INIT;
	struct line l;
	bool listed = false;
	for (const char *p = j->text.s; at && ret_is_daemon(from) && hdr_line(p, end, false, &l); p = l.next) {
		size_t n = listed ? bare_name(&l, &name) : 0;
		if (n) {
			sb_reset(&b);
			sb_add(&b, name, n);
			sb_adds(&b, at);
			note(c, ret_addr(j->a, b.s, b.len), LABELLED);
		}
		listed = listed || opens_list(&l);
	}
	sb_free(&b);
}

/* Nothing but the address: "<a@b.example>", with no colon that promises more. */
static bool is_bare(const struct ret_who *w)
{
	const char *s = w->words.s, *end = s + w->words.len, *at = w->words.len ? strcasestr(s, w->addr) : NULL;
	static const char marks[] = " \t\r<>,;*-'\"";
	if (!at || strspn(s, marks) != (size_t)(at - s))
		return false;
	at += strlen(w->addr);
	return at + strspn(at, marks) + 1 == end;
}

static void copy_words(struct ret_who *to, const struct ret_who *from)
{
	if (from->words.len > COPY_MAX)
		return;
	sb_reset(&to->words);
	sb_add(&to->words, from->words.s, from->words.len);
}

/* Names one below the other, or beside one another: what is said behind the
 * last is said of all. */
static void share_words(struct ret_letter *l)
{
	for (size_t i = l->n; i-- > 1;)
		if (l->v[i - 1].rank == l->v[i].rank && is_bare(&l->v[i - 1]))
			copy_words(&l->v[i - 1], &l->v[i]);
	for (size_t i = 1; i < l->n; i++)
		if (l->v[i].beside && !l->v[i].words.len)
			copy_words(&l->v[i], &l->v[i - 1]);
}

void ret_letter_read(struct ret_job *j, struct ret_letter *l)
{
	struct cursor c = { .j = j, .l = l };
	*l = (struct ret_letter){ .v = xcalloc(RET_RCPTS_MAX, sizeof *l->v), .common = SB_INIT };
	by_field(&c);
	read_lines(&c, j->text.s, j->text.s + j->text_end);
	if (l->best < LABELLED)
		by_subject(&c);
	if (!l->n)
		read_behind_mark(&c);
	if (l->best < LABELLED)
		by_original(&c);
	if (!l->n)
		by_bare_names(&c);
	if (!l->n) {
		c.self = true;
		read_lines(&c, j->text.s, j->text.s + j->text_end);
	}
	share_words(l);
}

void ret_letter_free(struct ret_letter *l)
{
	for (size_t i = 0; i < l->n; i++)
		sb_free(&l->v[i].words);
	sb_free(&l->common);
	free(l->v);
	l->v = NULL;
}
