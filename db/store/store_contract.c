/*
 * Contracts in the store: see store_contract.h. The columns are the fields of
 * text/contract_field.c in their order (test_contract.c holds the two together).
 */
#include "store/store_contract.h"
#include "store/store_impl.h"
#include "text/freemail.h"
#include <ctype.h>
#include <string.h>

enum { BASIC_IDS = 5, PLAIN = CF_COUNT - 2 /* without the sealed ones */ };

#define PLAIN_COLS                                                                                      \
	"applied_on, wish_on, n_number, customer_id, name_kana, name, zip, town, lot, building, " \
	"floor, contact_name, contact_phone, contact_mail, bill_zip, bill_town, bill_lot, " \
	"bill_building, bill_floor, bill_addressee, billing_org, billing_name, billing_phone, " \
	"billing_mail, opening_mail, opening_phone, opening_company, opening_name, request, " \
	"change_ids, change_filter, change_ticket, change_officer, plan, ids_option, ids_change, " \
	"filter, ids_added, ids_after, ticket_order, ticket_count, officer_kana, officer_name, " \
	"officer_dept, officer_phone, officer_mail"
#define PLAIN_MARKS \
	"?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, " \
	"?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46"

SQL(q_insert, "INSERT INTO contract (" PLAIN_COLS ", started_at, ended_at, updated_at, created_at) "
	      "VALUES (" PLAIN_MARKS ", ?47, ?48, ?49, ?49)");
SQL(q_update, "UPDATE contract SET (" PLAIN_COLS ", started_at, ended_at, updated_at) = "
	      "(" PLAIN_MARKS ", ?47, ?48, ?49) WHERE id = ?50");
#define SELECT "SELECT id, started_at, ended_at, created_at, updated_at, " \
	       "opening_password IS NOT NULL, report_password IS NOT NULL, " PLAIN_COLS " FROM contract "
enum { COL_OPENING = 5, COL_REPORT, COL_PLAIN };
SQL(q_get, SELECT "WHERE id = ?1");
SQL(q_number, SELECT "WHERE n_number = ?1");
SQL(q_list, SELECT "WHERE n_number > ?1 ORDER BY n_number LIMIT ?2");

SQL(q_seal_opening, "UPDATE contract SET opening_password = ?1 WHERE id = ?2");
SQL(q_seal_report, "UPDATE contract SET report_password = ?1 WHERE id = ?2");
SQL(q_open_opening, "SELECT opening_password FROM contract WHERE id = ?1");
SQL(q_open_report, "SELECT report_password FROM contract WHERE id = ?1");

/* The two lists of a contract are alike. Adding takes over what a contract
 * that has ended still holds, and changes nothing where one is active. */
struct list {
	const char *what; /* for people */
	const struct sql *owner, *clear, *add, *read;
};
#define LIST(name, what, table, column)                                                                     \
	SQL(name##_owner, "SELECT c.n_number FROM " table " l JOIN contract c ON c.id = l.contract_id "     \
			  "WHERE l." column " = ?1 AND c.id <> ?2 AND (c.ended_at IS NULL OR c.ended_at > ?3)"); \
	SQL(name##_clear, "DELETE FROM " table " WHERE contract_id = ?1");                                  \
	SQL(name##_add, "INSERT INTO " table " (" column ", contract_id, added_at) VALUES (?1, ?2, ?3) "    \
			"ON CONFLICT (" column ") DO UPDATE SET contract_id = excluded.contract_id, "       \
			"added_at = excluded.added_at");                                                    \
	SQL(name##_read, "SELECT " column " FROM " table " WHERE contract_id = ?1 ORDER BY " column);       \
	static const struct list name = { what, &name##_owner, &name##_clear, &name##_add, &name##_read }
LIST(addresses, "登録メールアドレス", "contract_address", "addr_key");
LIST(domains, "会社ドメイン", "contract_domain", "domain");

int64_t contract_ids(const struct contract *c)
{
	int64_t after = field_number(c->v[CF_IDS_AFTER]);
	return BASIC_IDS + (after ? after : field_number(c->v[CF_IDS_ADDED]));
}

/* ---- reading ---------------------------------------------------------------- */

static void row_text(sqlite3_stmt *st, struct arena *a, void *row)
{
	*(const char **)row = sql_text(st, 0, a);
}

static void row_contract(sqlite3_stmt *st, struct arena *a, void *row)
{
	struct contract *c = row;
	int col = COL_PLAIN;
	*c = (struct contract){ .id = sql_int(st, 0), .started_at = sql_int(st, 1), .ended_at = sql_int(st, 2),
		.created_at = sql_int(st, 3), .updated_at = sql_int(st, 4) };
	for (int i = 0; i < CF_COUNT; i++)
		c->v[i] = contract_field_secret((enum contract_field)i) ? "" : sql_text(st, col++, a);
	c->secret_set[CF_OPENING_PASSWORD] = sql_int(st, COL_OPENING) != 0;
	c->secret_set[CF_REPORT_PASSWORD] = sql_int(st, COL_REPORT) != 0;
}

static enum status read_lists(struct store *s, struct arena *a, struct contract *c, struct err *e)
{
	const char **v;
	enum status st = sql_list(s, addresses.read, BIND(B_INT(c->id)), row_text, sizeof *v, a, &v, &c->naddresses, e);
	if (st != OK)
		return st;
	c->addresses = v;
	st = sql_list(s, domains.read, BIND(B_INT(c->id)), row_text, sizeof *v, a, &v, &c->ndomains, e);
	c->domains = v;
	return st;
}

enum status contract_get(struct store *s, int64_t id, struct arena *a, struct contract *c_r, struct err *e)
{
	enum status st = sql_one(s, &q_get, BIND(B_INT(id)), row_contract, a, c_r, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, st, "契約 %lld はありません", (long long)id);
	return st == OK ? read_lists(s, a, c_r, e) : st;
}

enum status contract_by_number(struct store *s, const char *n_number, struct arena *a, struct contract *c_r,
			       struct err *e)
{
	enum status st = sql_one(s, &q_number, BIND(B_TEXT(n_number)), row_contract, a, c_r, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, st, "お客様番号 %.20s の契約はありません", n_number);
	return st == OK ? read_lists(s, a, c_r, e) : st;
}

enum status contract_list(struct store *s, const char *after, size_t limit, struct arena *a,
			  struct contract **v_r, size_t *n_r, struct err *e)
{
	enum status st = sql_list(s, &q_list, BIND(B_TEXT(after), B_INT(limit)), row_contract, sizeof **v_r, a,
				  v_r, n_r, e);
	for (size_t i = 0; st == OK && i < *n_r; i++)
		st = read_lists(s, a, &(*v_r)[i], e);
	return st;
}

/* ---- passwords --------------------------------------------------------------- */

static const char *sealed_name(enum contract_field f)
{
	return f == CF_OPENING_PASSWORD ? "contract.opening_password" : "contract.report_password";
}

static enum status write_secret(struct store *s, enum contract_field f, int64_t id, const char *value, struct err *e)
{
	struct sb box = SB_INIT;
	const struct sql *q = f == CF_OPENING_PASSWORD ? &q_seal_opening : &q_seal_report;
	enum status st = OK;
	if (*value)
		st = column_seal(s, sealed_name(f), id, value, &box, e);
	if (st == OK)
		st = sql_run(s, q, BIND(*value ? B_BLOB(box.s, box.len) : B_ID(0), B_INT(id)), e);
	sb_free(&box);
	return st;
}

static enum status write_secrets(struct store *s, const struct contract *c, struct err *e)
{
	enum status st = OK;
	for (int i = 0; i < CF_COUNT && st == OK; i++)
		if (contract_field_secret((enum contract_field)i) && c->v[i])
			st = write_secret(s, (enum contract_field)i, c->id, c->v[i], e);
	return st;
}

enum status contract_password(struct store *s, int64_t id, enum contract_field which, struct sb *out, struct err *e)
{
	const void *box;
	size_t n;
	if (which != CF_OPENING_PASSWORD && which != CF_REPORT_PASSWORD)
		return err_set(e, ERR_BUG, "field %d is no password", (int)which);
	struct arena *a = arena_new();
	const struct sql *q = which == CF_OPENING_PASSWORD ? &q_open_opening : &q_open_report;
	enum status st = sql_bytes(s, q, BIND(B_INT(id)), a, &box, &n, e);
	if (st == ERR_NOTFOUND || (st == OK && !n))
		st = err_set(e, ERR_NOTFOUND, "「%s」は未設定です", contract_fields[which].header);
	if (st == OK)
		st = column_open(s, sealed_name(which), id, box, n, out, e);
	arena_free(&a);
	return st;
}

/* ---- writing ----------------------------------------------------------------- */

static bool obeys(const struct list *l, const char *item)
{
	return l == &domains ? field_domain_ok(item, strlen(item)) : field_mail_ok(item, strlen(item), 254);
}

/* No other active contract may have it: a sender has one contract. */
static enum status check_item(struct store *s, const struct list *l, const char *item, int64_t id, epoch now,
			      struct err *e)
{
	const char *other = "";
	if (!obeys(l, item))
		return err_set(e, ERR_PERM, "「%s」: %.100s は正しい形ではありません", l->what, item);
	if (l == &domains && freemail_domain(item))
		return err_set(e, ERR_PERM, "「%s」: %.100s は不特定多数が使うドメインのため登録できません", l->what, item);
	struct arena *a = arena_new();
	enum status st = sql_one(s, l->owner, BIND(B_TEXT(item), B_INT(id), B_INT(now)), row_text, a, &other, e);
	if (st == OK)
		st = err_set(e, ERR_EXISTS, "「%s」: %.100s は %s に登録済みです", l->what, item, other);
	else if (st == ERR_NOTFOUND)
		st = OK;
	arena_free(&a);
	return st;
}

/* Checked always, written only when given; an ended contract gains nothing. */
static enum status put_list(struct store *s, const struct list *l, const char *const *v, size_t n, size_t max,
			    const struct contract *c, epoch now, struct err *e)
{
	enum status st = OK;
	if (n > max)
		return err_set(e, ERR_LIMIT, "「%s」: %zu 件までです", l->what, max);
	for (size_t i = 0; i < n && st == OK; i++)
		st = check_item(s, l, v[i], c->id, now, e);
	if (st == OK)
		st = sql_run(s, l->clear, BIND(B_INT(c->id)), e);
	for (size_t i = 0; i < n && st == OK; i++)
		st = sql_run(s, l->add, BIND(B_TEXT(v[i]), B_INT(c->id), B_INT(now)), e);
	return st;
}

static enum status put_lists(struct store *s, const struct contract *c, epoch now, struct err *e)
{
	enum status st = put_list(s, &addresses, c->addresses, c->naddresses, CONTRACT_ADDRESSES_MAX, c, now, e);
	return st == OK ? put_list(s, &domains, c->domains, c->ndomains, CONTRACT_DOMAINS_MAX, c, now, e) : st;
}

/* The values of q_insert and q_update, in order. */
static void bind_row(struct sql_val v[PLAIN + 5], const struct contract *c, epoch now)
{
	for (int i = 0; i < CF_COUNT; i++) {
		const char *text = c->v[i] ? c->v[i] : "";
		if (contract_field_secret((enum contract_field)i))
			continue;
		if (contract_fields[i].rule.kind == FIELD_NUMBER)
			*v++ = B_INT(field_number(text));
		else if (i == CF_N_NUMBER && !*text)
			*v++ = B_ID(0); /* unique, so none is NULL */
		else
			*v++ = B_TEXT(text);
	}
	*v++ = B_ID(c->started_at);
	*v++ = B_ID(c->ended_at);
	*v++ = B_INT(now);
	*v++ = B_ID(c->id);
	*v = (struct sql_val){ .type = SQL_END };
}

/* q_insert has no id to bind. */
static enum status put_row(struct store *s, const struct contract *c, epoch now, struct err *e)
{
	struct sql_val v[PLAIN + 5];
	if (c->ended_at && c->started_at && c->ended_at <= c->started_at)
		return err_set(e, ERR_PERM, "「利用終了日」: 利用開始日より前です");
	bind_row(v, c, now);
	if (!c->id)
		v[PLAIN + 3].type = SQL_END;
	enum status st = sql_run(s, c->id ? &q_update : &q_insert, v, e);
	if (st == ERR_EXISTS)
		return err_set(e, st, "「お客様番号」: %.20s は登録済みです", c->v[CF_N_NUMBER]);
	return st;
}

enum status contract_insert(struct store *s, struct contract *c, epoch now, struct err *e)
{
	c->id = 0;
	enum status st = put_row(s, c, now, e);
	if (st != OK)
		return st;
	c->id = sqlite3_last_insert_rowid(s->db);
	st = put_lists(s, c, now, e);
	return st == OK ? write_secrets(s, c, e) : st;
}

/* What stays as it is, from the row as it stands. */
static void merge(struct contract *to, const struct contract *old)
{
	for (int i = 0; i < CF_COUNT; i++)
		if (!to->v[i] && !contract_field_secret((enum contract_field)i))
			to->v[i] = old->v[i];
	if (!to->addresses) {
		to->addresses = old->addresses;
		to->naddresses = old->naddresses;
	}
	if (!to->domains) {
		to->domains = old->domains;
		to->ndomains = old->ndomains;
	}
}

enum status contract_update(struct store *s, const struct contract *c, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct contract old, all = *c;
	enum status st = contract_get(s, c->id, a, &old, e);
	if (st == OK) {
		merge(&all, &old);
		st = put_row(s, &all, now, e);
	}
	if (st == OK && (c->addresses || c->domains))
		st = put_lists(s, &all, now, e);
	if (st == OK)
		st = write_secrets(s, c, e);
	arena_free(&a);
	return st;
}

/* ---- to whom reports go ------------------------------------------------------ */

const char *contract_contact(const struct contract *c, struct arena *a)
{
	static const enum contract_field from[] = { CF_OFFICER_MAIL, CF_OPENING_MAIL, CF_CONTACT_MAIL };
	for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
		const char *v = c->v[from[i]];
		if (!v || !*v)
			continue;
		char *first = arena_strndup(a, v, strcspn(v, ", "));
		for (char *p = first; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		return first;
	}
	return "";
}

const char *contract_contact_name(const struct contract *c)
{
	return c->v[CF_OFFICER_NAME] && *c->v[CF_OFFICER_NAME] ? c->v[CF_OFFICER_NAME] : "";
}
