/*
 * Why one recipient did not get the mail: specific words of the receiver, then
 * the enhanced status, then the SMTP code, then vague words (see ret.h). Their
 * answer in the report comes before the letter's words about this recipient.
 */
#include "addr.h"
#include "ret_impl.h"
#include <string.h>
#include <strings.h>

struct verdict {
	const struct ret_reason *reason;
	const char *sentence;
	char code[RET_CODE], status[RET_CODE]; /* as told */
};

/* One text that may say why: their answer, the letter's part about the
 * recipient, the letter. */
struct source {
	struct sb folded;
	char code[RET_CODE], status[RET_CODE];
};

static void source_init(struct source *s, const char *text, size_t n)
{
	s->folded = SB_INIT;
	patset_fold(text, n, &s->folded);
	ret_codes(text, n, s->code, s->status);
}

static bool by_words(const struct ret_job *j, enum ret_words k, const struct source *s, const struct ret_asked *asked,
		     struct verdict *v)
{
	const struct ret_pattern *p = s->folded.len && !v->reason ? ret_by_words(j->t, k, &s->folded, asked) : NULL;
	if (p) {
		v->reason = p->reason;
		v->sentence = p->sentence;
	}
	return p != NULL;
}

/* ---- codes ---- */

/* The table names the permanent ones; the class knows of time. */
static const struct ret_reason *of_status(const struct ret_job *j, const char *status)
{
	char s[RET_CODE];
	memcpy(s, status, strlen(status) + 1);
	const struct ret_reason *r = ret_by_code(j->t, s);
	if (r || *s != '4')
		return r;
	*s = '5';
	return ret_by_code(j->t, s);
}

/* Whose fault it is: the Y of X.Y.n in the set. */
static bool is_about(const char *status, const char *set)
{
	return *status && strchr(set, status[2]);
}

/* X.Y.0 says less than a letter's words do. Numbers that are newer than the
 * table say at least as much, but of X.1.n and X.2.n some spare the address. */
static bool by_status(const struct ret_job *j, const char *status, bool vague, struct verdict *v)
{
	size_t n = strlen(status);
	bool is_vague = n > 2 && strcmp(status + n - 2, ".0") == 0;
	if (v->reason || !n || is_vague != vague)
		return false;
	v->reason = of_status(j, status);
	if (!v->reason && is_about(status, "3467")) {
		char group[] = { status[0], '.', status[2], '.', '0', '\0' };
		v->reason = of_status(j, group);
	}
	return v->reason != NULL;
}

static bool is_generic(const char *status)
{
	return strlen(status) > 3 && strcmp(status + 1, ".0.0") == 0;
}

/* Their own words carry the truth where the report's field was filled by rote;
 * what says no more than X.0.0 yields to what does. */
static void pick_codes(const struct ret_evidence *e, struct source s[3], struct verdict *v)
{
	const char *all[] = { s[0].status, e->status, s[1].status, s[2].status };
	const char *status = "";
	for (size_t i = 0; i < 4; i++)
		if (*all[i] && (!*status || (is_generic(status) && !is_generic(all[i]) && all[i][0] == status[0])))
			status = all[i];
	memcpy(v->status, status, strnlen(status, RET_CODE - 1));
	for (size_t i = 0; i < 3 && !*v->code; i++)
		memcpy(v->code, s[i].code, RET_CODE);
}

/* X.1.7 and X.1.8 speak of the sender's address, whatever the words beside them. */
static bool blames_sender(const char *status)
{
	size_t n = strlen(status);
	return n == 5 && (strcmp(status + 1, ".1.7") == 0 || strcmp(status + 1, ".1.8") == 0);
}

/* ---- whom it is about ---- */

/* Behind a reply's code at once: nothing but brackets between. */
static bool behind_code(const char *said, const char *p)
{
	while (p > said && strchr(" <:", p[-1]))
		p--;
	return p > said && p[-1] >= '0' && p[-1] <= '9';
}

/* Their answer names an address of ours and not the recipient's: it is us that
 * they could not verify (Exim's callout). A line of a letter names us as the
 * sender of the mail too; there the address must be what the code is about. */
static bool names_only_us(const struct ret_job *j, const struct ret_evidence *e, const char *said)
{
	const char *ours[] = { j->out->sent_to, j->out->return_path, j->orig_from };
	if (!*said || !*e->recipient || strcasestr(said, e->recipient) || (*e->final && strcasestr(said, e->final)))
		return false;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
		const char *at = ours[i] && strchr(ours[i], '@') && strcasecmp(ours[i], e->recipient) != 0 ? strcasestr(said, ours[i])
		                                                                                           : NULL;
		if (at && (*e->diag || behind_code(said, at)))
			return true;
	}
	return false;
}

static bool has_ours(const struct ret_job *j, const char *said, size_t n)
{
	struct sb b = SB_INIT;
	patset_fold(said, n, &b);
	ret_blank_names(&b);
	bool has = b.len && ret_by_words(j->t, RETW_OURS, &b, NULL);
	sb_free(&b);
	return has;
}

/* Postfix tells which command it was: before RCPT nobody speaks of a recipient. */
static bool before_rcpt(const struct sb *folded)
{
	static const char *const commands[] = { "in reply to mail from", "in reply to ehlo", "in reply to helo" };
	for (size_t i = 0; folded->len && i < sizeof commands / sizeof *commands; i++)
		if (memmem(folded->s, folded->len, commands[i], strlen(commands[i])))
			return true;
	return false;
}

/* "does not exist" may be said of our domain, our key, our header. */
static bool is_ours(const struct ret_job *j, const struct source s[3], const char *said, const struct verdict *v)
{
	return is_about(v->status, "67") || before_rcpt(&s[0].folded) || before_rcpt(&s[1].folded) ||
	       has_ours(j, said, strlen(said));
}

/* X.1.1, X.1.3, X.1.10: there is no such address. */
static bool tells_nobody(const char *status)
{
	const char *y = *status ? status + 1 : "";
	return strcmp(y, ".1.1") == 0 || strcmp(y, ".1.3") == 0 || strcmp(y, ".1.10") == 0;
}

/* ---- deciding ---- */

/* Their answer. A filter's name or an advice may stand beside the words that
 * nobody is there; with a status that says so too, it is the address. */
static bool by_answer(const struct ret_job *j, const struct source *s, const struct ret_asked *asked, struct verdict *v)
{
	struct ret_asked dead = *asked;
	struct verdict w = { .sentence = "" };
	dead.only = RET_HARD;
	if (!by_words(j, RETW_TEXT, s, asked, v))
		return false;
	if (v->reason->class == RET_POLICY && !asked->firm && tells_nobody(s->status) && by_words(j, RETW_TEXT, s, &dead, &w)) {
		v->reason = w.reason;
		v->sentence = w.sentence;
	}
	return true;
}

/* "550" and "failed" say less than even X.6.0 does. X.3.0, X.4.0, X.6.0, X.7.0 say
 * that it is not the address; told for now, that nobody was "rejected" either. */
static bool yields(const struct verdict *v, enum ret_class c)
{
	return c == RET_UNKNOWN || (is_about(v->status, "3467") && (c == RET_HARD || (c == RET_POLICY && *v->status == '4')));
}

static void by_vague_status(const struct ret_job *j, struct verdict *v)
{
	struct verdict w = *v;
	w.reason = NULL;
	if (by_status(j, v->status, true, &w) && w.reason->class != RET_HARD) {
		v->reason = w.reason;
		v->sentence = "";
	}
}

/* "unknown" and "not found" alone kill nobody: a server must have refused, and
 * of nothing else than the recipient. */
static void by_vague_words(const struct ret_job *j, const struct source *s, size_t n, struct ret_asked ask, struct verdict *v)
{
	bool ours = ask.firm, refused = *v->code == '5' || *v->status == '5';
	for (size_t i = 0; i < n && !v->reason; i++) {
		ask.firm = ours || !refused || has_ours(j, s[i].folded.s, s[i].folded.len);
		by_words(j, RETW_VAGUE, &s[i], &ask, v);
	}
	if (v->reason && yields(v, v->reason->class))
		by_vague_status(j, v);
}

static bool by_code(const struct ret_job *j, struct verdict *v)
{
	if (!v->reason && *v->code)
		v->reason = ret_by_code(j->t, v->code);
	return v->reason != NULL;
}

/* They answered with a code: what it says, if anything, is more than what the
 * letter around it says in general. */
static bool by_bare_answer(const struct ret_job *j, const struct source s[3], const struct ret_asked *ask, struct verdict *v)
{
	if (!*s[0].code)
		return false;
	if (by_status(j, v->status, false, v) || by_code(j, v))
		return true;
	by_vague_words(j, s, 1, *ask, v);
	if (v->reason && v->reason->class == RET_UNKNOWN)
		v->reason = NULL;
	return v->reason != NULL;
}

/* Refused for what is ours, in words that the table does not have. */
static void by_suspicion(const struct ret_job *j, const struct ret_asked *ask, struct verdict *v)
{
	bool refused = *v->code == '5' || *v->status == '5';
	if (ask->firm && refused && (!v->reason || v->reason->class == RET_UNKNOWN)) {
		v->reason = ret_by_code(j->t, "5.7.1");
		v->sentence = "";
	}
}

static void decide(const struct ret_job *j, const struct ret_evidence *e, const struct source s[3], const char *said,
		   struct verdict *v)
{
	const char *hosts[] = { addr_domain(e->recipient), addr_domain(*e->final ? e->final : e->recipient), e->remote_mta,
				e->reporting_mta, NULL };
	struct ret_asked ask = { .hosts = hosts, .firm = is_ours(j, s, said, v) };
	if (blames_sender(v->status) && by_status(j, v->status, false, v))
		return;
	if (by_answer(j, &s[0], &ask, v) || (*s[0].status && by_status(j, v->status, false, v)) || by_bare_answer(j, s, &ask, v))
		return;
	/* "perhaps the address does not exist": advice that kills nobody */
	if (*s[0].code || is_about(e->status, "3467"))
		ask.spare = RET_HARD;
	if (by_words(j, RETW_TEXT, &s[1], &ask, v) || by_status(j, v->status, false, v) || by_words(j, RETW_TEXT, &s[2], &ask, v) ||
	    by_code(j, v))
		return;
	by_vague_words(j, s, 3, ask, v);
	by_status(j, v->status, true, v);
	by_suspicion(j, &ask, v);
}

static bool for_now(const struct verdict *v)
{
	return *v->code ? *v->code == '4' : *v->status == '4';
}

/* What is dead for now is not dead. */
static enum ret_class class_of(const struct verdict *v, const char *action)
{
	enum ret_class c = v->reason->class;
	if (strcmp(action, "delayed") == 0)
		return RET_DELAYED;
	if ((c == RET_HARD || c == RET_MOVED || c == RET_UNKNOWN) && for_now(v))
		return RET_SOFT;
	return c;
}

static const struct ret_reason *by_action(const struct ret_job *j, const char *action)
{
	if (strcmp(action, "delivered") == 0)
		return j->t->builtin[RETR_DELIVERED];
	if (strcmp(action, "relayed") == 0)
		return j->t->builtin[RETR_RELAYED];
	return strcmp(action, "expanded") == 0 ? j->t->builtin[RETR_EXPANDED] : NULL;
}

/* A letter that returns the mail speaks of trying too: what was tried, what
 * would be. */
static bool still_tried(const struct ret_job *j, const struct verdict *v)
{
	return j->delay && !j->final && !(j->returns && *v->status == '5');
}

static const char *action_of(const struct ret_job *j, const struct ret_evidence *e, const struct verdict *v)
{
	if (e->delay_told)
		return e->action;
	if (v->reason && v->reason->class == RET_DELIVERED)
		return "delivered";
	return still_tried(j, v) ? "delayed" : "failed";
}

/* The line at `at`, with what is folded behind it. */
static const char *sentence_at(struct arena *a, const char *at, const char *begin, const char *end)
{
	struct line l;
	while (at > begin && at[-1] != '\n')
		at--;
	at += strspn(at, " \t");
	const char *last = at;
	for (const char *p = at; last - at < RET_DIAG_MAX && hdr_line(p, end, false, &l); p = l.next) {
		if (p > at && (hdr_blank(&l) || (*l.p != ' ' && *l.p != '\t')))
			break;
		last = l.p + l.n;
	}
	return ret_line(a, at, (size_t)(last - at));
}

/* "because:", "---- Reason ----" and the like, and what is blank. */
static bool says_nothing(const struct line *l)
{
	size_t n = l->n;
	while (n && strchr(" \t\r", l->p[n - 1]))
		n--;
	return !n || l->p[n - 1] == ':' || l->p[n - 1] == '-' || (n >= 3 && memcmp(l->p + n - 3, "：", 3) == 0);
}

/* Nothing but brackets and white space in front of p on its line. */
static bool leads_line(const char *begin, const char *p)
{
	while (p > begin && p[-1] != '\n')
		if (!strchr(" \t<>\"'([*-", *--p))
			return false;
	return true;
}

/* What the letter says behind the address where it leads a line for the last
 * time; else the line that it stands in. */
static const char *behind_address(struct arena *a, const struct ret_evidence *e)
{
	const char *addr = *e->final ? e->final : e->recipient, *end = e->words + e->words_n, *lead = NULL;
	const char *any = *addr ? strcasestr(e->words, addr) : NULL;
	struct line l;
	for (const char *p = any; p; p = strcasestr(p + 1, addr))
		if (leads_line(e->words, p))
			lead = p + strlen(addr);
	if (!lead)
		return any ? sentence_at(a, any, e->words, end) : "";
	while (lead < end && strchr(" \t>):;.,\"'*]-", *lead))
		lead++;
	while (hdr_line(lead, end, false, &l) && says_nothing(&l))
		lead = l.next;
	const char *stop = lead < end ? memmem(lead, (size_t)(end - lead), "\n\n", 2) : NULL;
	while (lead < end && strchr(" \t-", *lead))
		lead++;
	return ret_line(a, lead, (size_t)((stop ? stop : end) - lead));
}

/* Their words for a person: the report's, else the letter's where the code
 * stands, else what stands behind the address. */
static const char *quote(struct ret_job *j, const struct ret_evidence *e, const struct verdict *v)
{
	const char *where[] = { e->words, j->text.s };
	size_t n[] = { e->words_n, j->alone ? j->text_end : 0 };
	if (*e->diag)
		return e->diag;
	for (size_t i = 0; i < 2; i++) {
		const char *at = *v->code ? memmem(where[i], n[i], v->code, 3) : NULL;
		if (!at && *v->status)
			at = memmem(where[i], n[i], v->status, strlen(v->status));
		if (at)
			return sentence_at(j->a, at, where[i], where[i] + n[i]);
	}
	return behind_address(j->a, e);
}

static struct ret *append(struct ret_job *j)
{
	size_t n = j->out->n; /* room doubles at powers of two */
	if ((n & (n - 1)) == 0) {
		struct ret *v = arena_alloc(j->a, (n ? 2 * n : 1) * sizeof *v);
		if (n)
			memcpy(v, j->out->v, n * sizeof *v);
		j->out->v = v;
	}
	j->out->v[n] = (struct ret){ .recipient = "", .final = "", .reason = "", .action = "", .status = "", .code = "",
				     .diagnostic = "", .remote_mta = "", .why = "" };
	j->out->n++;
	return &j->out->v[n];
}

void ret_put(struct ret_job *j, const char *recipient, const struct ret_reason *r, const char *sentence)
{
	struct ret *o = append(j);
	o->recipient = recipient;
	o->class = r->class;
	o->reason = r->name;
	o->status = r->status;
	o->why = *sentence ? sentence : r->sentence;
}

void ret_add(struct ret_job *j, const struct ret_evidence *e)
{
	struct verdict v = { .sentence = "" };
	struct source s[3];
	source_init(&s[0], e->diag, strlen(e->diag));
	source_init(&s[1], e->words, e->words_n);
	s[2] = (struct source){ .folded = j->alone ? j->folded : j->shared };
	if (j->alone)
		ret_codes(j->text.s, j->text_end, s[2].code, s[2].status);
	pick_codes(e, s, &v);
	const char *said = quote(j, e, &v);
	decide(j, e, s, said, &v);
	if (v.reason && v.reason->class == RET_HARD && names_only_us(j, e, said)) {
		const struct ret_reason *us = ret_by_code(j->t, "5.1.8");
		v.reason = us ? us : v.reason;
		v.sentence = "";
	}
	const char *action = action_of(j, e, &v);
	if (!v.reason)
		v.reason = j->t->builtin[strcmp(action, "delayed") == 0 ? RETR_DELAYED : RETR_UNDEFINED];
	const struct ret_reason *done = by_action(j, action);
	ret_put(j, e->recipient, done ? done : v.reason, done ? "" : v.sentence);
	struct ret *o = &j->out->v[j->out->n - 1];
	o->class = done ? done->class : class_of(&v, action);
	o->final = e->final;
	o->action = action;
	o->remote_mta = e->remote_mta;
	o->status_told = *v.status != '\0';
	if (o->status_told)
		o->status = arena_strdup(j->a, v.status);
	o->code = arena_strdup(j->a, v.code);
	o->diagnostic = said;
	sb_free(&s[0].folded);
	sb_free(&s[1].folded);
}

void ret_of_words(const struct ret_table *t, const char *recipient, const char *status, const char *words, const char *host,
		  struct arena *a, struct ret *out)
{
	struct rets all = { .n = 0 };
	struct ret_job j = { .t = t, .a = a, .out = &all, .text = SB_INIT, .folded = SB_INIT, .shared = SB_INIT };
	const struct ret_evidence e = {
		.recipient = recipient, .final = "", .action = "failed", .status = status, .remote_mta = host,
		.reporting_mta = "", .diag = ret_line(a, words, strlen(words)), .words = "",
	};
	ret_add(&j, &e);
	*out = all.v[0];
}
