/* From the store to the numbers: see stats_load.h. */
#include "stats_load.h"
#include "store/store_contract.h"
#include "store/store_due.h"
#include "store/store_people.h"
#include <limits.h>
#include <string.h>

/* Those whose clock runs still, in the form of those whose clock has stopped. */
static enum status still_waiting(struct store *s, epoch until, struct arena *a, struct period **v_r, size_t *n_r, struct err *e)
{
	const struct due_filter f = { .from = 0, .to = INT64_MAX, .before = until };
	struct ticket *t;
	enum status st = due_waiting(s, &f, INT_MAX, a, &t, n_r, e);
	if (st != OK)
		return st;
	*v_r = arena_zalloc(a, (*n_r + 1) * sizeof **v_r);
	for (size_t i = 0; i < *n_r; i++)
		(*v_r)[i] = (struct period){ .ticket_id = t[i].id, .since = t[i].waiting_since, .due_at = t[i].due_at };
	return OK;
}

/* Who waited at that moment: some do still, others have an answer since. */
static enum status load_waited(struct store *s, epoch until, struct arena *a, struct period **v_r, size_t *n_r, struct err *e)
{
	struct period *still, *since;
	size_t n = 0, m = 0;
	enum status st = still_waiting(s, until, a, &still, &n, e);
	if (st == OK)
		st = period_list(s, until, INT64_MAX, until, a, &since, &m, e);
	if (st != OK)
		return st;
	*v_r = arena_alloc(a, (n + m + 1) * sizeof **v_r);
	memcpy(*v_r, still, n * sizeof **v_r);
	if (m)
		memcpy(*v_r + n, since, m * sizeof **v_r);
	*n_r = n + m;
	return OK;
}

static enum status load_rows(struct store *s, struct stats *r, struct arena *a, struct stats_rows *rows, struct err *e)
{
	epoch from = r->m[0].from, to = r->m[STATS_MONTHS - 1].to;
	enum status st = stats_first(s, &rows->first, e);
	if (st == OK)
		st = stats_opened(s, from, to, a, &rows->opened, &rows->nopened, e);
	if (st == OK)
		st = period_list(s, from, to, INT64_MAX, a, &rows->ended, &rows->nended, e);
	for (enum stats_col c = 0; st == OK && c < STATS_COLS; c++)
		st = load_waited(s, stats_col_until(r, c), a, &rows->waited[c], &rows->nwaited[c], e);
	return st;
}

static enum status load_events(struct store *s, struct stats *r, struct err *e)
{
	enum status st = OK;
	for (enum stats_col c = 0; c < STATS_COLS; c++)
		for (enum stats_event k = 0; st == OK && k < STATS_EVENTS; k++) {
			const struct stats_month *m = stats_col_month(r, c);
			st = stats_count(s, k, m->from, m->to, &r->events[c][k], e);
		}
	return st;
}

/* ---- names ---------------------------------------------------------------------- */

static const char *category_name(const struct stats_load *l, int64_t key, struct arena *a)
{
	const struct category *k = key && l->categories ? category_by_number(l->categories, (int)key) : NULL;
	return !key ? "分類なし" : k ? k->name : arena_printf(a, "分類 %lld", (long long)key);
}

static const char *channel_name(const char *channel)
{
	return strcmp(channel, "mail") == 0 ? "メール" : strcmp(channel, "phone") == 0 ? "電話" : channel;
}

static enum status contract_name(const struct stats_load *l, int64_t key, struct arena *a, const char **name_r, struct err *e)
{
	struct contract c;
	*name_r = "契約なし・不明";
	if (!key)
		return OK;
	enum status st = contract_get(l->s, key, a, &c, e);
	if (st != OK)
		return st;
	*name_r = *c.v[CF_NAME] ? c.v[CF_NAME] : c.v[CF_N_NUMBER];
	return OK;
}

static enum status staff_name(const struct stats_load *l, int64_t key, struct arena *a, const char **name_r, struct err *e)
{
	struct staff who;
	*name_r = "不明";
	enum status st = key ? staff_by_id(l->s, key, a, &who, e) : OK;
	if (st == OK && key)
		*name_r = who.name;
	return st;
}

static enum status name_all(const struct stats_load *l, struct arena *a, struct stats *r, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; i < r->category.n; i++)
		r->category.v[i].name = category_name(l, r->category.v[i].key, a);
	for (size_t i = 0; i < r->channel.n; i++)
		r->channel.v[i].name = channel_name(r->channel.v[i].name);
	for (size_t i = 0; st == OK && i < r->contract.n; i++) {
		struct stats_item *c = &r->contract.v[i];
		if (i + 1 == r->contract.n && r->contract.others)
			c->name = arena_printf(a, "その他 (%zu 契約)", r->contract.others);
		else
			st = contract_name(l, c->key, a, &c->name, e);
	}
	for (size_t i = 0; st == OK && i < r->staff.n; i++)
		st = staff_name(l, r->staff.v[i].key, a, &r->staff.v[i].name, e);
	return st;
}

enum status stats_load(const struct stats_load *l, int year, int mon, epoch now, struct arena *a, struct stats *r,
                       struct err *e)
{
	struct stats_rows rows = { 0 };
	stats_begin(year, mon, now, r);
	enum status st = load_rows(l->s, r, a, &rows, e);
	if (st == OK)
		st = load_events(l->s, r, e);
	if (st != OK)
		return st;
	stats_count_rows(l->cal, &rows, a, r);
	return name_all(l, a, r, e);
}
