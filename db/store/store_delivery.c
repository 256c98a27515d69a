/* How files reach a customer: see store_delivery.h. */
#include "store/store_delivery.h"
#include "store/store_impl.h"
#include <string.h>

SQL(q_get, "SELECT policy, set_at, learned_at, reason FROM contract_delivery WHERE contract_id = ?");
SQL(q_set, "INSERT INTO contract_delivery (contract_id, policy, set_at, learned_at, reason) VALUES (?, ?, ?, ?, ?) "
           "ON CONFLICT (contract_id) DO UPDATE SET policy = excluded.policy, set_at = excluded.set_at, "
           "learned_at = excluded.learned_at, reason = excluded.reason");

SQL(q_link_get, "SELECT link_id FROM outbox_link WHERE outbox_id = ?");
SQL(q_link_set, "INSERT INTO outbox_link (outbox_id, link_id) VALUES (?, ?)");

static const struct { const char *name, *title; } names[DELIVERIES] = {
	[DELIVERY_ZIP] = { "zip", "暗号化ZIP" },
	[DELIVERY_PDF] = { "pdf", "PDFはパスワード付きPDF、ほかは暗号化ZIP" },
	[DELIVERY_LINK] = { "link", "ダウンロードリンク" },
	[DELIVERY_PLAIN] = { "plain", "暗号化せずに添付" },
};

const char *delivery_name(enum delivery d)
{
	return (unsigned)d < DELIVERIES ? names[d].name : "unknown";
}

const char *delivery_title(enum delivery d)
{
	return (unsigned)d < DELIVERIES ? names[d].title : "不明";
}

bool delivery_parse(const char *name, enum delivery *d_r)
{
	for (int i = 0; i < DELIVERIES; i++)
		if (strcmp(name, names[i].name) == 0) {
			*d_r = (enum delivery)i;
			return true;
		}
	return false;
}

static void row_delivery(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(struct contract_delivery *)row = (struct contract_delivery){ .policy = (enum delivery)sql_int(st, 0),
		.set_at = sql_int(st, 1), .learned_at = sql_int(st, 2), .reason = sql_text(st, 3, a) };
}

enum status delivery_get(struct store *s, int64_t contract, struct arena *a, struct contract_delivery *d_r,
                         struct err *e)
{
	enum status st = sql_one(s, &q_get, BIND(B_INT(contract)), row_delivery, a, d_r, e);
	return st == ERR_NOTFOUND ? err_set(e, st, "contract %lld has no delivery of its own", (long long)contract) : st;
}

enum status delivery_set(struct store *s, int64_t contract, const struct contract_delivery *d, struct err *e)
{
	return sql_run(s, &q_set,
	               BIND(B_INT(contract), B_INT(d->policy), B_INT(d->set_at), B_ID(d->learned_at), B_TEXT(d->reason)), e);
}

enum status delivery_link_get(struct store *s, int64_t outbox, int64_t *link_r, struct err *e)
{
	return sql_number(s, &q_link_get, BIND(B_INT(outbox)), link_r, e);
}

enum status delivery_link_set(struct store *s, int64_t outbox, int64_t link, struct err *e)
{
	return sql_run(s, &q_link_set, BIND(B_INT(outbox), B_INT(link)), e);
}
