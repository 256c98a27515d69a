/*
 * What a mail is about: every word of categories.txt looked for at once in each
 * place of the mail, the weights of what was found added up, and the kind with
 * most of them suggested if they are enough. A person decides; so a suggestion
 * says what it rests on, and silence beats a wrong guess.
 *
 * SECURITY: the mail is hostile. It decides which of our words are found, no
 * more: nothing of it gets into the reason.
 */
#include "text/category_impl.h"
#include "text/fold.h"
#include "text/freemail.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	PLACE_MAX = 1024 * 1024, /* bytes of one place that are looked at */
	NEAR = 240,   /* bytes within which the words of a clause stand, in one sentence */
	REASONS = 3,
};

struct search {
	const struct categories *set;
	const char *text;
	size_t len, sentence; /* where the sentence began */
	enum place place;
	size_t *last;         /* by key: where it ended last, + 1; 0 = not in this place */
	struct found { const struct clause *clause; enum place place; } *found; /* by piece */
};

static bool holds(const struct search *s, const struct clause *c, size_t end)
{
	size_t from = end > NEAR && end - NEAR > s->sentence ? end - NEAR : s->sentence;
	if (!(s->set->pieces[c->piece].places & 1u << s->place))
		return false;
	for (unsigned i = 0; i < c->n; i++)
		if (s->last[c->keys[i]] <= from)
			return false;
	return true;
}

static void touch(struct search *s, unsigned key, size_t end)
{
	s->last[key] = end + 1;
	for (const struct clause *c = s->set->words[key / 2].uses[key % 2]; c; c = c->next_use[clause_at(c, key)])
		if (!s->found[c->piece].clause && holds(s, c, end))
			s->found[c->piece] = (struct found){ c, s->place };
}

static bool letter_at(const struct search *s, size_t i)
{
	return i < s->len && isalnum((unsigned char)s->text[i]);
}

static void on_word(void *arg, unsigned word, size_t end)
{
	struct search *s = arg;
	const struct word *w = &s->set->words[word];
	if (word == s->set->sentence_end) {
		s->sentence = end;
		return;
	}
	size_t begin = end - w->len;
	if (w->left && begin && letter_at(s, begin - 1))
		return;
	touch(s, word * 2, end);
	if (!w->right || !letter_at(s, end))
		touch(s, word * 2 + 1, end);
}

static void look(struct search *s, enum place place, const char *text)
{
	struct sb folded = SB_INIT;
	if (!text || !*text)
		return;
	text_fold(text, strnlen(text, PLACE_MAX), &folded);
	s->text = folded.s;
	s->len = folded.len;
	s->place = place;
	s->sentence = 0;
	memset(s->last, 0, 2 * s->set->nwords * sizeof *s->last);
	match_run(s->set->match, folded.s, folded.len, on_word, s);
	sb_free(&folded);
}

/* What has no text of its own becomes words of categories.txt. */
static void look_everywhere(struct search *s, const struct category_evidence *ev, struct arena *a)
{
	const char *domain = ev->from_domain ? ev->from_domain : "";
	look(s, IN_SUBJECT, ev->subject);
	look(s, IN_TEXT, ev->text);
	look(s, IN_URL, ev->urls);
	look(s, IN_FILE, ev->files);
	look(s, IN_SENDER, arena_printf(a, "%s%s", domain, *domain && freemail_domain(domain) ? " フリーメール" : ""));
	look(s, IN_MAIL, arena_printf(a, "%s%s%s%s%s", ev->forwarded ? "転送メール。" : "",
	                              ev->files && *ev->files ? "添付ファイル。" : "",
	                              ev->urls && *ev->urls ? "リンク。" : "", ev->bulk ? "一斉配信。" : "",
	                              ev->automatic ? "自動送信。" : ""));
}

/* ---- the verdict -------------------------------------------------------------------- */

/* What stands in the subject counts half as much again. */
static int worth(const struct search *s, size_t piece)
{
	int w = s->set->pieces[piece].weight;
	return s->found[piece].place == IN_SUBJECT && w > 0 ? w + (w + 1) / 2 : w;
}

/* The pieces that speak most for the kind, best first. */
static size_t strongest(const struct search *s, size_t kind, size_t *v)
{
	size_t n = 0;
	for (size_t p = 0; p < s->set->npieces; p++) {
		if (!s->found[p].clause || s->set->pieces[p].kind != kind || worth(s, p) <= 0)
			continue;
		size_t at = n;
		while (at > 0 && worth(s, v[at - 1]) < worth(s, p))
			at--;
		if (at == REASONS)
			continue;
		n += n < REASONS;
		for (size_t k = n - 1; k > at; k--)
			v[k] = v[k - 1];
		v[at] = p;
	}
	return n;
}

/* "ランサム" says nothing new behind "ランサムウェア". */
static bool told(const struct search *s, const size_t *v, size_t i)
{
	const struct found *f = &s->found[v[i]];
	for (size_t k = 0; k < i; k++)
		if (s->found[v[k]].place == f->place && strstr(s->found[v[k]].clause->shown, f->clause->shown))
			return true;
	return false;
}

static const char *reason(const struct search *s, size_t kind, struct arena *a)
{
	static const char *const before[PLACES] = { "件名に", "本文に", "URL に", "添付ファイル名に", "差出人は", "" };
	size_t v[REASONS], n = strongest(s, kind, v);
	struct sb b = SB_INIT;
	for (int place = 0; place < PLACES; place++) {
		bool first = true;
		for (size_t i = 0; i < n; i++) {
			if (s->found[v[i]].place != (enum place)place || told(s, v, i))
				continue;
			if (first)
				sb_addf(&b, "%s%s", b.len ? "、" : "", before[place]);
			sb_addf(&b, "「%s」", s->found[v[i]].clause->shown);
			first = false;
		}
		if (place == IN_MAIL && !first)
			sb_adds(&b, "あり");
	}
	char *r = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return r;
}

static int *add_up(const struct search *s, struct arena *a)
{
	int *score = arena_zalloc(a, (s->set->nkinds + 1) * sizeof *score);
	for (size_t p = 0; p < s->set->npieces; p++)
		if (s->found[p].clause)
			score[s->set->pieces[p].kind] += worth(s, p);
	return score;
}

/* The kind with the highest score that is enough; `other` is left out. Among
 * equals the one with the highest number: the later groups are the special
 * cases of the first. */
static size_t highest(const struct categories *set, const int *score, size_t other)
{
	size_t best = set->nkinds;
	for (size_t k = 0; k < set->nkinds; k++)
		if (k != other && score[k] >= set->threshold && (best == set->nkinds || score[k] >= score[best]))
			best = k;
	return best;
}

static void decide(const struct search *s, struct arena *a, struct category_suggestion *r)
{
	const struct categories *set = s->set;
	const int *score = add_up(s, a);
	size_t best = highest(set, score, set->nkinds);
	if (best == set->nkinds || set->kinds[best].group == CATEGORY_NONE)
		return;
	size_t second = highest(set, score, best);
	r->best = &set->kinds[best];
	r->score = score[best];
	r->reason = reason(s, best, a);
	if (second == set->nkinds || set->kinds[second].group == CATEGORY_NONE)
		return;
	r->second = &set->kinds[second];
	r->second_score = score[second];
}

void category_suggest(const struct categories *set, const struct category_evidence *ev, struct arena *a,
                      struct category_suggestion *r)
{
	struct search s = { .set = set };
	*r = (struct category_suggestion){ .reason = "" };
	s.last = arena_zalloc(a, 2 * set->nwords * sizeof *s.last);
	s.found = arena_zalloc(a, (set->npieces + 1) * sizeof *s.found);
	look_everywhere(&s, ev, a);
	decide(&s, a, r);
}
