/* The list of readers as CSV. See store_reader_csv.h. */
#include "store/store_reader_csv.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "store/store_contract.h"
#include "text/charset.h"
#include "text/csv.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000 };

static enum status put_row(const char *const *cells, size_t n, bool cp932, struct sb *out, struct err *e)
{
	struct sb row = SB_INIT;
	enum status st = OK;
	for (size_t i = 0; i < n; i++)
		csv_put(&row, cells[i], i == 0);
	sb_adds(&row, "\r\n");
	if (!cp932)
		sb_add(out, row.s, row.len);
	else if (!text_from_utf8("cp932", row.s, row.len, out))
		st = err_set(e, ERR_PERM, "%.100s: Shift_JIS (CP932) で表せない文字があります "
		             "(--cp932 を付けずに書き出してください)", cells[0]);
	sb_free(&row);
	return st;
}

static enum status put_reader(struct store *s, const struct reader *r, bool cp932, struct arena *a, struct sb *out,
                              struct err *e)
{
	char added[32];
	struct contract c;
	const char *number = "";
	enum status st = r->contract_id ? contract_get(s, r->contract_id, a, &c, e) : OK;
	if (st == OK && r->contract_id)
		number = c.v[CF_N_NUMBER];
	clk_iso(r->added_at, added);
	const char *const cells[] = { r->addr, r->name, reader_state_ja(r->state), number, added, r->why };
	return st == OK ? put_row(cells, sizeof cells / sizeof *cells, cp932, out, e) : st;
}

enum status readers_export(struct store *s, bool cp932, struct sb *out, struct err *e)
{
	static const char *const heads[] = { "メールアドレス", "氏名", "状態", "契約", "登録日", "理由" };
	int64_t after = 0;
	size_t n = PAGE;
	if (!cp932)
		sb_adds(out, "\xEF\xBB\xBF");
	enum status st = put_row(heads, sizeof heads / sizeof *heads, cp932, out, e);
	while (st == OK && n == PAGE) {
		struct arena *a = arena_new();
		struct reader *v;
		st = reader_list(s, after, PAGE, a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++)
			st = put_reader(s, &v[i], cp932, a, out, e);
		if (st == OK && n)
			after = v[n - 1].id;
		arena_free(&a);
	}
	return st;
}

enum status readers_backup(struct store *s, const char *dir, struct err *e)
{
	struct sb csv = SB_INIT;
	int64_t changed;
	bool unsaved;
	char *now = xasprintf("%s/store/readers.csv", dir), *before = xasprintf("%s/store/readers.1.csv", dir);
	enum status st = reader_unsaved(s, &changed, &unsaved, e);
	if (st == OK)
		st = readers_export(s, false, &csv, e);
	if (st == OK && rename(now, before) != 0 && errno != ENOENT)
		st = err_sys(e, ERR_TEMP, "%s", before);
	if (st == OK)
		st = io_write_file(now, 0640, csv.s, csv.len, e);
	if (st == OK)
		st = store_begin(s, e);
	if (st == OK && (st = reader_saved(s, changed, e)) == OK)
		st = store_commit(s, e);
	else if (st != OK)
		store_rollback(s);
	sb_free(&csv);
	free(now);
	free(before);
	return st;
}
