/* The verdict on who is asking, and its words: see identity.h. */
#include "text/identity.h"
#include <string.h>

static const char *const item_names[IDENTITY_ITEMS] = {
	"お客様番号(N番)", "契約者名(会社名)", "お問い合わせ内容", "発生時間", "お客様名", "メールアドレス", "電話番号", "対象の端末・OS",
};

const char *identity_item_ja(enum identity_item i)
{
	return item_names[i];
}

const char *identity_state_ja(enum identity_state st)
{
	static const char *const names[] = { "未", "済", "否" };
	return names[st];
}

/* The tables of §4.5 (1) and (2). */
unsigned identity_required(enum inquiry kind)
{
	unsigned all = 1u << ITEM_NUMBER | 1u << ITEM_COMPANY | 1u << ITEM_CONTENT | 1u << ITEM_PERSON | 1u << ITEM_MAIL |
	               1u << ITEM_PHONE;
	if (kind == INQUIRY_NONE)
		return 0;
	return kind == INQUIRY_FAILURE ? all | 1u << ITEM_SINCE : all;
}

unsigned identity_missing(enum inquiry kind, const struct identity *said)
{
	unsigned r = identity_required(kind);
	for (int i = 0; i < IDENTITY_ITEMS; i++)
		if (*said->v[i])
			r &= ~(1u << i);
	return r;
}

void identity_items_ja(unsigned items, struct sb *out)
{
	for (int i = 0, n = 0; i < IDENTITY_ITEMS; i++)
		if (items & 1u << i)
			sb_addf(out, "%s%s", n++ ? "、" : "", item_names[i]);
}

static bool known(const char *said, const char *const v[IDENTITY_KNOWN_MAX], struct arena *a /* NULL: phones */)
{
	for (int i = 0; i < IDENTITY_KNOWN_MAX && v[i]; i++)
		if (a ? identity_same_person(said, v[i], a) : identity_same_phone(said, v[i]))
			return true;
	return false;
}

/* The contract knows him by one thing at least; a contract that knows nobody
 * can't say no. */
static bool is_known(const struct identity_case *c, struct arena *a)
{
	const struct identity_contract *k = c->sender;
	return c->by_address || (!k->persons[0] && !k->phones[0]) || known(c->said->v[ITEM_PERSON], k->persons, a) ||
	       known(c->said->v[ITEM_PHONE], k->phones, NULL);
}

static void refuse(struct identity_verdict *r, const char *why)
{
	r->state = IDENTITY_REFUSED;
	r->why = why;
}

/* A stranger's address, though he may know the rest. */
static const char *stranger(const struct identity_case *c, struct arena *a)
{
	const struct identity_contract *k = c->numbered;
	bool named = k && identity_same_company(c->said->v[ITEM_COMPANY], k->name, a);
	if (!k)
		return "差出人が登録アドレスではありません";
	return arena_printf(a, "差出人が登録アドレスではありません (N番号は %s の契約、契約名は%s)", k->name,
	                    named ? "一致" : *c->said->v[ITEM_COMPANY] ? "不一致" : "記載なし");
}

/* OPEN and "": nothing speaks against him. */
static void objections(const struct identity_case *c, struct arena *a, struct identity_verdict *r)
{
	const char *number = c->said->v[ITEM_NUMBER], *company = c->said->v[ITEM_COMPANY];
	*r = (struct identity_verdict){ IDENTITY_OPEN, "" };
	if (c->doubt)
		refuse(r, c->doubt);
	else if (!c->sender)
		refuse(r, stranger(c, a));
	else if (*number && strcmp(number, c->sender->number) != 0)
		refuse(r, "N番号が一致しません");
	else if (*company && !identity_same_company(company, c->sender->name, a))
		refuse(r, "契約名が一致しません");
}

void identity_judge(const struct identity_case *c, struct arena *a, struct identity_verdict *r)
{
	struct sb b = SB_INIT;
	unsigned missing = identity_missing(c->kind, c->said);
	objections(c, a, r);
	if (r->state == IDENTITY_REFUSED)
		return;
	if (missing) {
		identity_items_ja(missing, &b);
		sb_adds(&b, " が不足");
		r->why = arena_memdup(a, b.s, b.len);
	} else if (!is_known(c, a)) {
		refuse(r, "お客様名・電話番号・メールアドレスのいずれも契約の登録と一致しません");
	} else {
		*r = (struct identity_verdict){ IDENTITY_AUTHORISED, "N番号と契約名が一致" };
	}
	sb_free(&b);
}
