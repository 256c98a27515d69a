/*
 * 架電リスト: contracts without contact for so many days (DESK-13), the longest
 * silent first; all of them in the attached CSV, the first ones in the mail.
 */
#include "build_report.h"
#include "store/store_call.h"
#include "text/csv.h"
#include "text/layout.h"
#include <string.h>

enum { ROWS = 50, DAY = 86400, NUMBER_COLS = 10, NAME_COLS = 24, CONTACT_COLS = 10, PHONE_COLS = 14 };

static const char *day_words(epoch t, char buf[16])
{
	char iso[32];
	if (!t)
		return "なし";
	clk_iso(t, iso);
	memcpy(buf, iso, 10);
	buf[10] = '\0';
	return buf;
}

static void column(struct sb *out, const char *text, size_t cols)
{
	text_fit(text, cols, true, out);
	sb_addc(out, ' ');
}

enum { CELLS = 5 };
static const char *const heads[CELLS] = { "お客様番号", "契約者名", "担当者名", "電話番号", "最後の連絡" };

static void row(const char *const cells[CELLS], struct sb *out)
{
	static const size_t cols[CELLS - 1] = { NUMBER_COLS, NAME_COLS, CONTACT_COLS, PHONE_COLS };
	for (int i = 0; i < CELLS - 1; i++)
		column(out, cells[i], cols[i]);
	sb_addf(out, "%s\n", cells[CELLS - 1]);
}

static void csv_row(const char *const cells[CELLS], struct sb *out)
{
	for (int i = 0; i < CELLS; i++)
		csv_put(out, cells[i], i == 0);
	sb_adds(out, "\r\n");
}

static void attach_csv(struct report *r, const struct contract_brief *v, size_t n)
{
	char last[16];
	struct sb csv = SB_INIT;
	sb_adds(&csv, "\xEF\xBB\xBF"); /* or Excel takes it for Shift_JIS */
	csv_row(heads, &csv);
	for (size_t i = 0; i < n; i++)
		csv_row((const char *const[CELLS]){ v[i].n_number, v[i].name, v[i].contact, v[i].phone,
		                                    v[i].last_at ? day_words(v[i].last_at, last) : "" }, &csv);
	report_attach(r, "kaden-list.csv", "text/csv", csv.s, csv.len);
	sb_free(&csv);
}

enum status report_quiet(struct report *r, int64_t days, struct err *e)
{
	struct contract_brief *v;
	size_t n;
	char last[16];
	epoch now = r->o->created_at;
	enum status st = contract_quiet(r->b->s, now - days * DAY, now, r->a, &v, &n, e);
	if (st != OK)
		return st;
	sb_addf(&r->text, "%s%zu 件\n", r->text.len ? "\n" : "", n);
	if (n)
		row(heads, &r->text);
	for (size_t i = 0; i < n && i < ROWS; i++)
		row((const char *const[CELLS]){ v[i].n_number, v[i].name, v[i].contact, v[i].phone, day_words(v[i].last_at, last) },
		    &r->text);
	if (n > ROWS)
		sb_addf(&r->text, "ほか %zu 件 (すべては添付の CSV をご覧ください)\n", n - ROWS);
	if (n)
		attach_csv(r, v, n);
	return OK;
}
