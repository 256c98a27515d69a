/* Mails bound by §4.5: see inquiry.h. */
#include "text/inquiry.h"

const char *inquiry_ja(enum inquiry k)
{
	static const char *const names[] = { "ご相談", "サービスのお問い合わせ", "故障のお問い合わせ", "お申し込み・変更" };
	return names[k];
}

/* A security consultation, as far as its words say. */
static bool is_consultation(const struct category *c)
{
	return c && (c->group == CATEGORY_CONSULT || c->group == CATEGORY_PUBLIC || c->group == CATEGORY_UNSOLVED);
}

enum inquiry inquiry_of(const struct categories *set, const struct categories *kinds,
                        const struct category_evidence *ev, struct arena *a, const char **reason_r)
{
	struct category_suggestion mine, other = { .reason = "" };
	category_suggest(set, ev, a, &mine);
	*reason_r = mine.reason;
	if (!mine.best || mine.best->number > INQUIRY_APPLICATION)
		return INQUIRY_NONE;
	if (kinds)
		category_suggest(kinds, ev, a, &other);
	bool consulting = is_consultation(other.best) && other.score >= mine.score;
	return consulting ? INQUIRY_NONE : (enum inquiry)mine.best->number;
}
