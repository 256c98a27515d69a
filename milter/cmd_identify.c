/*
 * 本人確認 (DESK-10): staff ask for what §4.5 requires, where no machine asked or
 * where what was said did not match. The customer learns that it could not be
 * confirmed, and no more.
 */
#include "cmd.h"
#include "store/store_identity.h"

static enum inquiry kind_named(const struct cmd_run *r, const char *word)
{
	static const char *const service[] = { "", "サービス", "問い合わせ", "service", NULL };
	static const char *const failure[] = { "故障", "不具合", "failure", NULL };
	static const char *const application[] = { "申請", "申込", "申し込み", "変更", "application", NULL };
	struct ticket_identity t;
	if (!*word && identity_ticket(r->s, r->t.id, &t, NULL) == OK)
		return t.kind;
	if (cmd_is_one_of(word, failure))
		return INQUIRY_FAILURE;
	if (cmd_is_one_of(word, application))
		return INQUIRY_APPLICATION;
	return cmd_is_one_of(word, service) ? INQUIRY_SERVICE : INQUIRY_NONE;
}

/* Of the one who wrote last: what he left out; all of it where that did not match. */
static enum status items_to_ask(struct cmd_run *r, enum inquiry kind, unsigned *items_r, bool *again_r, struct err *e)
{
	struct sender_identity *v;
	size_t n;
	enum status st = identity_list(r->s, r->t.id, r->in->a, &v, &n, e);
	*items_r = identity_required(kind) & ~(1u << ITEM_MAIL | 1u << ITEM_CONTENT);
	*again_r = st == OK && n && v[0].state == IDENTITY_REFUSED;
	if (st == OK && n && v[0].state == IDENTITY_OPEN)
		*items_r &= identity_missing(kind, &v[0].said);
	return st;
}

enum status cmd_identify(struct cmd_run *r, const struct command *c, struct err *e)
{
	enum inquiry kind = kind_named(r, c->word);
	unsigned items;
	bool again;
	const char *to = "";
	struct sb vars = SB_INIT, names = SB_INIT;
	if (kind == INQUIRY_NONE)
		return cmd_refuse(r, "「%s」は分かりません。「サービス」「故障」「変更」のどれかを書いてください", cmd_fit(r->in->a, c->word));
	struct ticket_identity t = { r->t.id, kind, r->by.now };
	enum status st = items_to_ask(r, kind, &items, &again, e);
	if (st == OK && !items)
		st = cmd_refuse(r, "必要な項目はすべて揃っています");
	if (st == OK)
		st = identity_bind(r->s, &t, r->by.now, e);
	desk_identity_vars(kind, items, again, &vars);
	if (st == OK)
		st = cmd_letter(r, "identify", &vars, &to, e);
	identity_items_ja(items, &names);
	if (st == OK)
		st = cmd_audit(r, "ticket.ask", names.s, e);
	cmd_say(r, "お客さま (%s) に、次の項目を尋ねます：%s", to, names.s);
	sb_free(&vars);
	sb_free(&names);
	return st;
}
