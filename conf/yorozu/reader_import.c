/* Readers from CSV. See reader_import.h. */
#include "reader_import.h"
#include "base/xalloc.h"
#include "mail/addr.h"
#include "store/store_audit.h"
#include "text/charset.h"
#include "text/csv.h"
#include "text/field_rule.h"
#include "text/heading.h"
#include <stdlib.h>
#include <string.h>

enum { FAULTS_MAX = 5000, PAGE = 1000, ADDRESS_MAX = 254, NAME_MAX = 200 };
enum column { COL_ADDR, COL_NAME, COL_STATE, COLUMNS };

static const char *const column_ja[COLUMNS] = { "メールアドレス", "氏名", "状態" };

/* A reader that the file names. */
struct named {
	int64_t id;
	size_t line;
	const char *addr, *name;
};

/* One row as it is meant. */
struct wish {
	size_t line;
	const char *addr, *name;
	enum reader_state state; /* ACTIVE where the file says nothing */
};

struct import {
	struct store *s;
	struct reader_import *r;
	struct arena *a;      /* lives as long as the import */
	epoch now;
	int cols[COLUMNS];    /* -1: not in the file */
	size_t ncols;         /* of the heading */
	struct named *named;
	size_t nnamed, cap;
};

static void fault(struct import *im, size_t line, const char *text)
{
	if (++im->r->faults > FAULTS_MAX)
		return;
	if (line)
		sb_addf(&im->r->fault_text, "%zu行目 ", line);
	sb_addf(&im->r->fault_text, "%s\n", text);
}

/* A line of the preview. */
static void tell(struct import *im, const char *what, const char *addr, const char *name)
{
	sb_addf(&im->r->preview, "%s %s ", what, addr);
	field_shown(name, &im->r->preview);
	sb_addc(&im->r->preview, '\n');
}

/* ---- headings ------------------------------------------------------------------------ */

static enum column column_of(const char *cell)
{
	static const struct {
		const char *heading;
		enum column column;
	} v[] = {
		{ "メールアドレス", COL_ADDR }, { "mail", COL_ADDR }, { "email", COL_ADDR }, { "e-mail", COL_ADDR },
		{ "address", COL_ADDR }, { "氏名", COL_NAME }, { "名前", COL_NAME }, { "お名前", COL_NAME }, { "name", COL_NAME },
		{ "状態", COL_STATE },
	};
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		if (heading_is(cell, v[i].heading))
			return v[i].column;
	return COLUMNS;
}

static enum status headings(struct import *im, struct csv *csv, struct err *e)
{
	struct csv_row row;
	enum status st = csv_next(csv, &row, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, ERR_PERM, "ファイルが空です (1行目に見出しが必要です)");
	for (int c = 0; c < COLUMNS; c++)
		im->cols[c] = -1;
	if (st != OK)
		return st;
	while (row.n && heading_is(row.v[row.n - 1], ""))
		row.n--; /* Excel's empty columns on the right */
	im->ncols = row.n;
	for (size_t i = 0; i < row.n; i++) {
		csv_unguard(row.v[i]);
		enum column c = column_of(row.v[i]);
		if (c < COLUMNS && im->cols[c] >= 0)
			fault(im, row.line, arena_printf(im->a, "見出し「%s」が2つあります", column_ja[c]));
		else if (c < COLUMNS)
			im->cols[c] = (int)i;
	}
	if (im->cols[COL_ADDR] < 0)
		fault(im, row.line, "見出し「メールアドレス」がありません");
	return OK;
}

static int by_id(const void *x, const void *y)
{
	const struct named *a = x, *b = y;
	return a->id < b->id ? -1 : a->id > b->id;
}

static int by_id_and_line(const void *x, const void *y)
{
	const struct named *a = x, *b = y;
	return a->id != b->id ? by_id(x, y) : a->line < b->line ? -1 : a->line > b->line;
}

static void remember(struct import *im, int64_t id, const struct wish *w)
{
	if (im->nnamed == im->cap) {
		im->cap = im->cap ? im->cap * 2 : 1024;
		im->named = xrealloc(im->named, im->cap * sizeof *im->named);
	}
	im->named[im->nnamed++] = (struct named){ id, w->line, arena_strdup(im->a, w->addr), arena_strdup(im->a, w->name) };
}

/* The same address in two rows under two names: which is meant? Leaves the list sorted by id. */
static void find_doubles(struct import *im)
{
	struct named *v = im->named;
	if (im->nnamed)
		qsort(v, im->nnamed, sizeof *v, by_id_and_line);
	for (size_t i = 1; i < im->nnamed; i++)
		if (v[i].id == v[i - 1].id && *v[i].name && *v[i - 1].name && strcmp(v[i].name, v[i - 1].name) != 0)
			fault(im, v[i].line, arena_printf(im->a, "「メールアドレス」: %s は%zu行目にもあります (氏名が違います)", v[i].addr, v[i - 1].line));
}

/* ---- one row ------------------------------------------------------------------------ */

static const char *cell(const struct csv_row *row, int col, struct arena *a)
{
	static const struct field_rule trimmed = { FIELD_MAIL, 0, 0, NULL };
	struct sb b = SB_INIT;
	if (col < 0 || (size_t)col >= row->n)
		return "";
	csv_unguard(row->v[col]);
	field_clean(&trimmed, row->v[col], &b);
	const char *v = arena_strndup(a, b.s, b.len);
	sb_free(&b);
	return v;
}

bool reader_name_ok(const char *name)
{
	struct sb seen = SB_INIT;
	text_visible(name, strlen(name), &seen);
	bool ok = !name[strcspn(name, "\t\n")] && strcmp(seen.s, name) == 0;
	sb_free(&seen);
	return ok;
}

static bool state_of(const char *word, enum reader_state *state_r)
{
	*state_r = READER_ACTIVE;
	if (!*word)
		return true;
	for (int i = 0; i < READER_STATES; i++)
		if (heading_is(word, reader_state_ja((enum reader_state)i))) {
			*state_r = (enum reader_state)i;
			return true;
		}
	return false;
}

/* A fault of the row, with what was written. */
static void cell_fault(struct import *im, size_t line, enum column c, const char *value, const char *text)
{
	struct sb b = SB_INIT;
	sb_addf(&b, "「%s」: ", column_ja[c]);
	field_shown(value, &b);
	sb_adds(&b, text);
	fault(im, line, b.s);
	sb_free(&b);
}

static bool cells_fit(struct import *im, const struct csv_row *row)
{
	size_t n = row->n;
	while (n > im->ncols && !row->v[n - 1][0])
		n--;
	if (n > im->ncols)
		fault(im, row->line, arena_printf(im->a, "列の数が見出しと違います (%zu列、見出しは%zu列)", n, im->ncols));
	return n <= im->ncols;
}

/* False: faults were told. */
static bool read_row(struct import *im, const struct csv_row *row, struct arena *a, struct wish *w)
{
	size_t before = im->r->faults;
	const char *raw = cell(row, im->cols[COL_ADDR], a), *state = cell(row, im->cols[COL_STATE], a);
	*w = (struct wish){ .line = row->line, .addr = addr_key(a, raw), .name = cell(row, im->cols[COL_NAME], a) };
	if (!field_mail_ok(w->addr, strlen(w->addr), ADDRESS_MAX))
		cell_fault(im, row->line, COL_ADDR, raw, " は正しい形ではありません");
	if (strlen(w->name) > NAME_MAX)
		fault(im, row->line, "「氏名」: 長すぎます");
	else if (!reader_name_ok(w->name))
		cell_fault(im, row->line, COL_NAME, w->name, " には改行や制御文字など、使えない文字があります");
	if (!state_of(state, &w->state))
		cell_fault(im, row->line, COL_STATE, state,
		           " は知らない状態です (配信中、配信停止 (不達など)、配信停止 (本人の希望)、対象外のいずれかです)");
	return im->r->faults == before;
}

static void tell_stopped(struct import *im, const struct wish *w)
{
	im->r->stopped++;
	sb_addf(&im->r->preview, "配信なしで登録 %s (%s)\n", w->addr, reader_state_ja(w->state));
}

static enum status add_new(struct import *im, const struct wish *w, int64_t *id_r, struct err *e)
{
	struct reader r = { .addr = w->addr, .name = w->name, .source = READER_BY_HAND, .state = w->state, .why = "CSV の取り込み" };
	enum status st = reader_add(im->s, &r, im->now, e);
	*id_r = r.id;
	if (w->state != READER_ACTIVE) {
		tell_stopped(im, w);
		return st;
	}
	im->r->added++;
	tell(im, "追加", w->addr, w->name);
	return st;
}

/* Why an earlier list took him off. */
#define NOT_IN_LIST "CSV にないため"

/* Does the list know of a word, a bounce or a removal that the store does not? Who follows his contract is not
 * removed by a list. */
static bool stops(const struct wish *w, const struct reader *old)
{
	if (w->state == READER_REMOVED)
		return old->state == READER_ACTIVE && old->source == READER_BY_HAND;
	return w->state != READER_ACTIVE && (old->state == READER_ACTIVE || old->state == READER_REMOVED);
}

/* Back by a list comes only whom a list took off. Who wanted no more, was taken off by a person or left with
 * his contract stands in every export, too; a person adds him by name. */
static enum status change_state(struct import *im, const struct reader *old, const struct wish *w, bool renamed,
                                struct err *e)
{
	static const enum reader_what what[READER_STATES] = { READER_BACK, READER_HARD, READER_STOPPED, READER_LEFT };
	if (stops(w, old)) {
		tell_stopped(im, w);
		return reader_set(im->s, old->id, w->state, what[w->state], 0, "CSV の取り込み", im->now, e);
	}
	if (w->state == READER_ACTIVE && old->state == READER_REMOVED && strcmp(old->why, NOT_IN_LIST) == 0) {
		im->r->back++;
		tell(im, "再開", old->addr, w->name);
		return reader_back(im->s, old->id, "CSV の取り込み", im->now, e);
	}
	if (old->state != READER_ACTIVE) {
		im->r->kept_away++;
		sb_addf(&im->r->preview, "対象外 %s (%s)\n", old->addr, reader_state_ja(old->state));
	} else if (!renamed)
		im->r->same++;
	return OK;
}

static enum status change(struct import *im, const struct reader *old, const struct wish *w, struct err *e)
{
	enum status st = OK;
	bool renamed = *w->name && strcmp(w->name, old->name) != 0;
	if (renamed) {
		st = reader_rename(im->s, old->id, w->name, im->now, e);
		im->r->renamed++;
		tell(im, "変更", old->addr, w->name);
	}
	return st == OK ? change_state(im, old, w, renamed, e) : st;
}

static enum status take_row(struct import *im, const struct csv_row *row, struct err *e)
{
	struct reader old;
	struct wish w;
	struct arena *a = arena_new();
	enum status st = OK;
	if (cells_fit(im, row) && read_row(im, row, a, &w)) {
		int64_t id = 0;
		st = reader_by_addr(im->s, w.addr, a, &old, e);
		if (st == ERR_NOTFOUND)
			st = add_new(im, &w, &id, e);
		else if (st == OK) {
			id = old.id;
			st = change(im, &old, &w, e);
		}
		remember(im, id, &w);
	}
	arena_free(&a);
	return st;
}

/* ---- those who are not in it ------------------------------------------------------------ */

static enum status remove_page(struct import *im, const struct reader *v, size_t n, struct err *e)
{
	enum status st = OK;
	for (size_t i = 0; st == OK && i < n; i++) {
		if (v[i].state != READER_ACTIVE || v[i].source != READER_BY_HAND ||
		    (im->nnamed && bsearch(&(struct named){ .id = v[i].id }, im->named, im->nnamed, sizeof *im->named, by_id)))
			continue;
		st = reader_set(im->s, v[i].id, READER_REMOVED, READER_LEFT, 0, NOT_IN_LIST, im->now, e);
		im->r->removed++;
		tell(im, "削除", v[i].addr, v[i].name);
	}
	return st;
}

/* Behind find_doubles. */
static enum status remove_others(struct import *im, struct err *e)
{
	int64_t after = 0;
	size_t n = PAGE;
	enum status st = OK;
	while (st == OK && n == PAGE) {
		struct arena *a = arena_new();
		struct reader *v;
		st = reader_list(im->s, after, PAGE, a, &v, &n, e);
		if (st == OK && n)
			after = v[n - 1].id;
		if (st == OK)
			st = remove_page(im, v, n, e);
		arena_free(&a);
	}
	return st;
}

/* ---- the file -------------------------------------------------------------------------------- */

static enum status take_rows(struct import *im, struct csv *csv, bool replace, struct err *e)
{
	struct csv_row row;
	enum status st = headings(im, csv, e);
	if (st != OK || im->r->faults)
		return st; /* rows under wrong headings tell nothing */
	while ((st = csv_next(csv, &row, e)) == OK)
		if ((st = take_row(im, &row, e)) != OK)
			return st;
	if (st != ERR_NOTFOUND)
		return st;
	find_doubles(im);
	if (replace && !im->nnamed && !im->r->faults)
		return err_set(e, ERR_PERM, "読者が1人もいないため、--replace では取り込めません (全員が削除されます)");
	return replace ? remove_others(im, e) : OK;
}

static enum status take(struct import *im, const void *p, size_t n, bool replace, struct err *e)
{
	struct csv *csv = NULL;
	enum status st = csv_open(p, n, &csv, e);
	if (st == OK)
		st = take_rows(im, csv, replace, e);
	csv_free(&csv);
	if (st == ERR_PERM || st == ERR_LIMIT) { /* the file, not the store */
		fault(im, 0, e->msg);
		st = OK;
	}
	return st;
}

enum status readers_import(struct store *s, const void *csv, size_t n, bool replace, bool dry_run, const char *who, epoch now,
                           struct reader_import *r, struct err *e)
{
	struct import im = { .s = s, .r = r, .now = now, .a = arena_new() };
	*r = (struct reader_import){ .fault_text = SB_INIT, .preview = SB_INIT };
	enum status st = store_begin(s, e);
	if (st == OK) {
		st = take(&im, csv, n, replace, e);
		struct audit row = { .at = now, .who = who, .what = "reader.import",
			             .detail = arena_printf(im.a, "%zu added, %zu removed, %zu stopped", r->added + r->back, r->removed,
			                                    r->stopped) };
		if (st == OK && !dry_run && !r->faults && (st = audit_add(s, &row, e)) == OK)
			st = store_commit(s, e);
		else
			store_rollback(s);
	}
	if (r->faults > FAULTS_MAX)
		sb_addf(&r->fault_text, "(ほか %zu 件の誤りは省略しました)\n", r->faults - FAULTS_MAX);
	free(im.named);
	arena_free(&im.a);
	return st;
}

void reader_import_free(struct reader_import *r)
{
	sb_free(&r->fault_text);
	sb_free(&r->preview);
}
