/* yorozu contract delivery N [zip|pdf|link|plain] */
#include "contract_delivery.h"
#include "store/store_audit.h"
#include "store/store_delivery.h"
#include <stdio.h>

enum status contract_delivery_text(struct store *s, const struct cfg *cfg, int64_t contract, struct arena *a,
                                   const char **r, struct err *e)
{
	struct contract_delivery d = { .policy = DELIVERY_ZIP };
	char at[48];
	enum status st = delivery_get(s, contract, a, &d, e);
	if (st == ERR_NOTFOUND && delivery_parse(cfg->delivery, &d.policy)) {
		*r = arena_printf(a, "%s (%s、既定)", delivery_title(d.policy), delivery_name(d.policy));
		return OK;
	}
	if (st != OK)
		return st;
	if (d.learned_at)
		*r = arena_printf(a, "%s (%s、%s に自動で変更：%s)", delivery_title(d.policy), delivery_name(d.policy),
		                  clk_ja(d.learned_at, at), d.reason);
	else
		*r = arena_printf(a, "%s (%s)", delivery_title(d.policy), delivery_name(d.policy));
	return OK;
}

static enum status set(struct store *s, int64_t contract, const char *number, const char *policy, const char *who,
                       epoch now, struct arena *a, struct err *e)
{
	struct contract_delivery d = { .set_at = now, .reason = "" };
	if (!delivery_parse(policy, &d.policy))
		return err_set(e, ERR_PERM, "「%.40s」という渡し方はありません (zip、pdf、link、plain のどれか)", policy);
	struct audit row = { .at = now, .who = who, .what = "contract.delivery",
		.detail = arena_printf(a, "%s: %s", number, policy) };
	enum status st = delivery_set(s, contract, &d, e);
	return st == OK ? audit_add(s, &row, e) : st;
}

static enum status run(struct store *s, const struct cfg *cfg, const char *number, const char *policy, const char *who,
                       epoch now, struct arena *a, struct err *e)
{
	struct contract c;
	const char *text;
	enum status st = contract_by_number(s, number, a, &c, e);
	if (st == OK && policy)
		st = set(s, c.id, number, policy, who, now, a, e);
	if (st == OK)
		st = contract_delivery_text(s, cfg, c.id, a, &text, e);
	if (st == OK)
		printf("%s 回答に添付するファイルの渡し方: %s\n", number, text);
	if (st == OK && !c.secret_set[CF_OPENING_PASSWORD])
		puts("ご注意: 利用案内確認パスワードが未登録のため、ファイルの付いた回答は保留されます");
	return st;
}

enum status contract_delivery_cmd(struct store *s, const struct cfg *cfg, const char *number, const char *policy,
                                  const char *who, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	enum status st = store_begin(s, e);
	if (st == OK)
		st = run(s, cfg, number, policy, who, now, a, e);
	if (st == OK)
		st = store_commit(s, e);
	else
		store_rollback(s);
	arena_free(&a);
	return st;
}
