/* Wishes for a contract, and their columns: see contract_edit.h. */
#include "contract_edit.h"
#include "text/freemail.h"
#include "text/heading.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { DAY = 86400 };

static const struct {
	const char *name, *header;
	struct field_rule rule;
} extras[] = {
	{ "address", "登録メールアドレス", { FIELD_MAILS, CONTRACT_ADDRESSES_MAX, 254, NULL } },
	{ "domain", "会社ドメイン", { FIELD_DOMAINS, CONTRACT_DOMAINS_MAX, 253, NULL } },
	{ "started_on", "利用開始日", { FIELD_DATE, 0, 0, NULL } },
	{ "ended_on", "利用終了日", { FIELD_DATE, 0, 0, NULL } },
};

const char *col_name(int col)
{
	return col < CF_COUNT ? contract_fields[col].column : extras[col - CF_COUNT].name;
}

const char *col_header(int col)
{
	return col < CF_COUNT ? contract_fields[col].header : extras[col - CF_COUNT].header;
}

const struct field_rule *col_rule(int col)
{
	return col < CF_COUNT ? &contract_fields[col].rule : &extras[col - CF_COUNT].rule;
}

bool col_secret(int col)
{
	return col < CF_COUNT && contract_field_secret((enum contract_field)col);
}

int col_find(const char *name)
{
	for (int i = 0; i < COL_COUNT; i++)
		if (heading_is(name, col_name(i)) || heading_is(name, col_header(i)))
			return i;
	return -1;
}

static bool is_list(int col)
{
	return col == COL_ADDRESSES || col == COL_DOMAINS;
}

/* The store refuses them too; here so that they stand in one list with the rest. */
static bool own_domains(const char *list, size_t row, struct sb *faults)
{
	char domain[256];
	bool ok = true;
	for (size_t n; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		snprintf(domain, sizeof domain, "%.*s", (int)n, list);
		if (!freemail_domain(domain))
			continue;
		if (row)
			sb_addf(faults, "%zu行目 ", row);
		sb_addf(faults, "「%s」: %s は不特定多数が使うドメインのため登録できません\n", col_header(COL_DOMAINS), domain);
		ok = false;
	}
	return ok;
}

bool edit_set(struct contract_edit *x, struct arena *a, int col, char op, const char *raw, size_t row,
	      struct sb *faults)
{
	struct sb b = SB_INIT;
	bool ok = false;
	field_clean(col_rule(col), raw, &b);
	if (x->n == sizeof x->ops / sizeof *x->ops) {
		sb_addf(faults, "「%s」: 指定が多すぎます\n", col_header(col));
	} else if (op != '=' && !is_list(col)) {
		sb_addf(faults, "「%s」: 追加 (+=) と削除 (-=) は登録メールアドレスと会社ドメインだけに使えます\n",
			col_header(col));
	} else if (!field_ok(col_rule(col), b.s)) {
		field_fault(col_rule(col), row, col_header(col), b.s, faults);
		sb_addc(faults, '\n');
	} else {
		char *value = arena_strndup(a, b.s, b.len);
		for (char *p = value; is_list(col) && *p; p++)
			*p = (char)tolower((unsigned char)*p);
		ok = col != COL_DOMAINS || op == '-' || own_domains(value, row, faults);
		if (ok)
			x->ops[x->n++] = (struct edit_op){ col, op, value };
	}
	sb_free(&b);
	return ok;
}

/* ---- lists: arrays in the arena, each item once ----------------------------- */

struct items {
	const char **v;
	size_t n, cap;
};

static size_t index_of(const struct items *l, const char *s, size_t n)
{
	size_t i = 0;
	while (i < l->n && (strncmp(l->v[i], s, n) != 0 || l->v[i][n]))
		i++;
	return i;
}

static void add_item(struct items *l, const char *s, size_t n, struct arena *a)
{
	if (!n || index_of(l, s, n) < l->n)
		return;
	if (l->n == l->cap) {
		const char **more = arena_alloc(a, (l->cap = l->cap ? l->cap * 2 : 8) * sizeof *more);
		if (l->n)
			memcpy(more, l->v, l->n * sizeof *more);
		l->v = more;
	}
	l->v[l->n++] = arena_strndup(a, s, n);
}

static void remove_item(struct items *l, const char *s, size_t n)
{
	size_t i = index_of(l, s, n);
	if (i == l->n)
		return;
	for (l->n--; i < l->n; i++)
		l->v[i] = l->v[i + 1];
}

static void apply_list(struct items *l, char op, const char *value, struct arena *a)
{
	if (op == '=')
		l->n = 0;
	for (size_t n; ; value += n + 1) {
		n = strcspn(value, ",");
		if (op == '-')
			remove_item(l, value, n);
		else
			add_item(l, value, n, a);
		if (!value[n])
			return;
	}
}

static const char *const *list_wish(const struct contract_edit *x, int col, const char *const *old, size_t nold,
				    struct arena *a, size_t *n_r)
{
	struct items l = { NULL, 0, 0 };
	bool wished = false;
	for (size_t i = 0; i < nold; i++)
		add_item(&l, old[i], strlen(old[i]), a);
	for (size_t i = 0; i < x->n; i++)
		if (x->ops[i].col == col) {
			apply_list(&l, x->ops[i].op, x->ops[i].value, a);
			wished = true;
		}
	*n_r = wished ? l.n : 0;
	/* emptied is not the same as left alone */
	return !wished ? NULL : l.v ? l.v : arena_zalloc(a, sizeof *l.v);
}

/* 0:00 JST of the day `plus` days behind; "" is 0. */
static epoch day_start(const char *value, int64_t plus)
{
	int64_t day;
	if (!field_date(value, &day))
		return 0;
	struct civil c = civil_of_day(day + plus);
	return epoch_of(c.year, c.mon, c.day, 0, 0, 0);
}

void edit_apply(const struct contract_edit *x, const struct contract *old, struct arena *a, struct contract *out)
{
	*out = (struct contract){ 0 };
	if (old) {
		out->id = old->id;
		out->started_at = old->started_at;
		out->ended_at = old->ended_at;
	}
	for (size_t i = 0; i < x->n; i++) {
		const struct edit_op *op = &x->ops[i];
		if (op->col < CF_COUNT)
			out->v[op->col] = op->value;
		else if (op->col == COL_STARTED)
			out->started_at = day_start(op->value, 0);
		else if (op->col == COL_ENDED)
			out->ended_at = day_start(op->value, 1);
	}
	out->addresses = list_wish(x, COL_ADDRESSES, old ? old->addresses : NULL, old ? old->naddresses : 0, a,
				   &out->naddresses);
	out->domains = list_wish(x, COL_DOMAINS, old ? old->domains : NULL, old ? old->ndomains : 0, a,
				 &out->ndomains);
}

static const char *date_text(epoch t, struct arena *a)
{
	struct civil c = civil_of(t);
	return t ? arena_printf(a, "%d/%d/%d", c.year, c.mon, c.day) : "";
}

static const char *joined(const char *const *v, size_t n, struct arena *a)
{
	struct sb b = SB_INIT;
	for (size_t i = 0; i < n; i++)
		sb_addf(&b, "%s%s", i ? "," : "", v[i]);
	const char *s = arena_strndup(a, b.s, b.len);
	sb_free(&b);
	return s;
}

const char *col_value(const struct contract *c, int col, struct arena *a)
{
	switch (col) {
	case COL_ADDRESSES: return joined(c->addresses, c->naddresses, a);
	case COL_DOMAINS: return joined(c->domains, c->ndomains, a);
	case COL_STARTED: return date_text(c->started_at, a);
	case COL_ENDED: return date_text(c->ended_at ? c->ended_at - DAY : 0, a);
	default: return c->v[col] && !col_secret(col) ? c->v[col] : "";
	}
}

static bool same_items(const char *const *v, size_t n, const char *const *w, size_t m)
{
	struct items l = { (const char **)w, m, m };
	for (size_t i = 0; i < n; i++)
		if (index_of(&l, v[i], strlen(v[i])) == m)
			return false;
	return n == m;
}

static bool differs(const struct contract *c, const struct contract *old, int col)
{
	switch (col) {
	case COL_ADDRESSES: return c->addresses && !same_items(c->addresses, c->naddresses, old->addresses, old->naddresses);
	case COL_DOMAINS: return c->domains && !same_items(c->domains, c->ndomains, old->domains, old->ndomains);
	case COL_STARTED: return c->started_at != old->started_at;
	case COL_ENDED: return c->ended_at != old->ended_at;
	default: break;
	}
	if (!c->v[col])
		return false;
	if (col_secret(col))
		return *c->v[col] || old->secret_set[col];
	if (col_rule(col)->kind == FIELD_NUMBER)
		return field_number(c->v[col]) != field_number(old->v[col]);
	return strcmp(c->v[col], old->v[col]) != 0;
}

size_t edit_changes(const struct contract *c, const struct contract *old, struct sb *what)
{
	size_t n = 0;
	for (int col = 0; col < COL_COUNT; col++)
		if (differs(c, old, col))
			sb_addf(what, "%s%s", n++ ? "、" : "", col_header(col));
	return n;
}
