/*
 * CSV of contracts into the store: see contract_csv.h.
 *
 * Two passes inside the transaction: first all rows without their addresses
 * and domains (those lists are emptied), then the lists. Otherwise an address
 * that moves from one contract to another in the same file would depend on the
 * order of the rows.
 */
#include "contract_csv.h"
#include "contract_edit.h"
#include "base/xalloc.h"
#include "store/store_audit.h"
#include "text/csv.h"
#include "text/field_rule.h"
#include "text/heading.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FAULTS_MAX = 5000 }; /* lines told; what follows is only counted */

/* Faults are found in several passes and told in the order of the rows. */
struct fault {
	size_t line, order; /* SIZE_MAX: where reading ended */
	const char *text;
};

/* What pass 2 has to write for a row. */
struct pending {
	struct contract c;
	size_t line;
};

struct import {
	struct store *s;
	const char *who;
	epoch now;
	struct import_result *r;
	int cols[CSV_FIELDS_MAX]; /* column of each cell */
	size_t ncols;
	struct arena *a;          /* lives as long as the import */
	struct pending *pending;
	size_t npending, cap;
	char **seen;              /* N-numbers of the file, for doubles: "N000000001 12" */
	size_t nseen, seen_cap;
	struct fault *faults;
	size_t nfaults, faults_cap;
};

static void fault(struct import *im, size_t line, const char *text)
{
	if (++im->r->faults > FAULTS_MAX)
		return;
	if (im->nfaults == im->faults_cap) {
		im->faults_cap = im->faults_cap ? im->faults_cap * 2 : 64;
		im->faults = xrealloc(im->faults, im->faults_cap * sizeof *im->faults);
	}
	im->faults[im->nfaults] = (struct fault){ line, im->nfaults, arena_strdup(im->a, text) };
	im->nfaults++;
}

static void row_fault(struct import *im, size_t line, const char *text)
{
	fault(im, line, arena_printf(im->a, "%zu行目 %s", line, text));
}

/* Lines of faults as edit_set makes them. */
static void faults_of(struct import *im, size_t line, char *lines)
{
	for (char *end; (end = strchr(lines, '\n')); lines = end + 1) {
		*end = '\0';
		fault(im, line, lines);
	}
}

static int by_line(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void tell_faults(struct import *im)
{
	struct sb *out = &im->r->fault_text;
	if (im->nfaults)
		qsort(im->faults, im->nfaults, sizeof *im->faults, by_line);
	for (size_t i = 0; i < im->nfaults; i++)
		sb_addf(out, "%s\n", im->faults[i].text);
	if (im->r->faults > im->nfaults)
		sb_addf(out, "(ほか %zu 件の誤りは省略しました)\n", im->r->faults - im->nfaults);
}

/* ---- headings ---------------------------------------------------------------- */

static void take_heading(struct import *im, const struct csv_row *row, size_t i)
{
	struct sb b = SB_INIT, shown = SB_INIT;
	char *name = row->v[i];
	csv_unguard(name);
	field_shown(name, &shown);
	int col = col_find(name);
	if (col < 0 && !heading_is(name, ""))
		sb_addf(&b, "見出し「%s」は知らない列です (yorozu contract fields で一覧)", shown.s);
	else if (col < 0)
		sb_addf(&b, "%zu列目の見出しが空です", i + 1);
	for (size_t k = 0; k < i && col >= 0; k++)
		if (im->cols[k] == col)
			sb_addf(&b, "見出し「%s」が2つあります", shown.s);
	if (b.len)
		row_fault(im, row->line, b.s);
	im->cols[i] = col;
	sb_free(&b);
	sb_free(&shown);
}

static enum status take_headings(struct import *im, struct csv *csv, struct err *e)
{
	struct csv_row row;
	enum status st = csv_next(csv, &row, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, ERR_PERM, "ファイルが空です (1行目に見出しが必要です)");
	if (st != OK)
		return st;
	while (row.n && heading_is(row.v[row.n - 1], ""))
		row.n--; /* Excel's empty columns on the right */
	bool key = false;
	for (size_t i = 0; i < row.n; i++) {
		take_heading(im, &row, i);
		key |= im->cols[i] == CF_N_NUMBER;
	}
	im->ncols = row.n;
	if (!key)
		row_fault(im, row.line, "見出し「お客様番号」がありません");
	return OK;
}

/* ---- rows -------------------------------------------------------------------- */

/* Excel leaves out the commas at the end where 16 rows have nothing in the last columns. A row with which the
 * file ends, without a line end, was cut. */
static bool cells_fit(struct import *im, const struct csv_row *row)
{
	struct sb b = SB_INIT;
	size_t n = row->n;
	while (n > im->ncols && !row->v[n - 1][0])
		n--;
	if (n == im->ncols || (n < im->ncols && !row->open))
		return true;
	sb_addf(&b, "列の数が見出しと違います (%zu列、見出しは%zu列)", n, im->ncols);
	row_fault(im, row->line, b.s);
	sb_free(&b);
	return false;
}

/* The row as wishes, none for cells that it lacks; *number_r its N-number. False: faults were told. */
static bool read_row(struct import *im, const struct csv_row *row, struct arena *a, struct contract_edit *x,
		     const char **number_r)
{
	struct sb lines = SB_INIT;
	x->n = 0;
	*number_r = "";
	for (size_t i = 0; i < im->ncols && i < row->n; i++) {
		csv_unguard(row->v[i]);
		if (col_secret(im->cols[i]) && !row->v[i][0])
			continue;
		if (edit_set(x, a, im->cols[i], '=', row->v[i], row->line, &lines) && im->cols[i] == CF_N_NUMBER)
			*number_r = x->ops[x->n - 1].value;
	}
	bool ok = !lines.len;
	faults_of(im, row->line, lines.s);
	sb_free(&lines);
	if (ok && !**number_r)
		row_fault(im, row->line, "「お客様番号」: 入力してください");
	return ok && **number_r;
}

static void remember(struct import *im, const char *number, size_t line)
{
	if (im->nseen == im->seen_cap) {
		im->seen_cap = im->seen_cap ? im->seen_cap * 2 : 1024;
		im->seen = xrealloc(im->seen, im->seen_cap * sizeof *im->seen);
	}
	im->seen[im->nseen++] = arena_printf(im->a, "%s %09zu", number, line);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The same number in two rows: which of them is meant? */
static void find_doubles(struct import *im)
{
	if (im->nseen)
		qsort(im->seen, im->nseen, sizeof *im->seen, by_text);
	for (size_t i = 1; i < im->nseen; i++) {
		size_t n = strcspn(im->seen[i], " ");
		if (strncmp(im->seen[i], im->seen[i - 1], n + 1) != 0)
			continue;
		struct sb b = SB_INIT;
		sb_addf(&b, "「お客様番号」: %.*s は%zu行目にもあります", (int)n, im->seen[i],
			(size_t)strtoull(im->seen[i - 1] + n, NULL, 10));
		row_fault(im, (size_t)strtoull(im->seen[i] + n, NULL, 10), b.s);
		sb_free(&b);
	}
}

/* Did the store refuse this row, or is it the store itself that failed? */
static enum status refused(struct import *im, enum status st, size_t line, const struct err *e)
{
	if (st != ERR_EXISTS && st != ERR_PERM && st != ERR_LIMIT)
		return st;
	row_fault(im, line, e->msg);
	return OK;
}

static const char *const *copy_list(struct arena *a, const char *const *v, size_t n)
{
	const char **to = v ? arena_zalloc(a, (n + 1) * sizeof *to) : NULL;
	for (size_t i = 0; i < n; i++)
		to[i] = arena_strdup(a, v[i]);
	return to;
}

static void put_aside(struct import *im, const struct contract *c, size_t line)
{
	if (!c->naddresses && !c->ndomains)
		return; /* nothing, or emptied: pass 1 has done it */
	if (im->npending == im->cap) {
		im->cap = im->cap ? im->cap * 2 : 1024;
		im->pending = xrealloc(im->pending, im->cap * sizeof *im->pending);
	}
	struct pending *p = &im->pending[im->npending++];
	*p = (struct pending){ .line = line, .c = { .id = c->id, .started_at = c->started_at, .ended_at = c->ended_at } };
	p->c.addresses = copy_list(im->a, c->addresses, p->c.naddresses = c->naddresses);
	p->c.domains = copy_list(im->a, c->domains, p->c.ndomains = c->ndomains);
}

static enum status write_row(struct import *im, struct contract *c, bool is_new, size_t line, struct err *e)
{
	struct contract bare = *c;
	bare.naddresses = bare.ndomains = 0;
	enum status st = is_new ? contract_insert(im->s, &bare, im->now, e) : contract_update(im->s, &bare, im->now, e);
	c->id = bare.id;
	if (st == OK)
		put_aside(im, c, line);
	return refused(im, st, line, e);
}

/* Told to people and kept in the audit, in the same words. */
static enum status note(struct import *im, const char *number, const char *name, bool is_new, const char *what,
			struct err *e)
{
	struct sb b = SB_INIT;
	sb_addf(&im->r->preview, "%s %s %s%s%s\n", is_new ? "追加" : "変更", number, name, is_new ? "" : ": ",
		is_new ? "" : what);
	sb_addf(&b, "%s: %s", number, what);
	struct audit row = { .at = im->now, .who = im->who, .what = is_new ? "contract.add" : "contract.change",
		.detail = b.s };
	enum status st = audit_add(im->s, &row, e);
	sb_free(&b);
	return st;
}

static enum status store_row(struct import *im, const struct contract_edit *x, const char *number, size_t line,
			     struct arena *a, struct err *e)
{
	static const struct contract none = { .v = { "" } };
	struct contract old = none, c;
	struct sb what = SB_INIT;
	for (int i = 0; i < CF_COUNT; i++)
		old.v[i] = "";
	enum status st = contract_by_number(im->s, number, a, &old, e);
	bool is_new = st == ERR_NOTFOUND;
	if (st != OK && !is_new)
		return st;
	edit_apply(x, is_new ? NULL : &old, a, &c);
	size_t n = edit_changes(&c, &old, &what);
	const char *name = c.v[CF_NAME] ? c.v[CF_NAME] : old.v[CF_NAME];
	st = OK;
	if (n) {
		st = write_row(im, &c, is_new, line, e);
		if (st == OK)
			st = note(im, number, name, is_new, what.s, e);
	}
	im->r->added += is_new;
	im->r->changed += !is_new && n;
	im->r->same += !n;
	sb_free(&what);
	return st;
}

static enum status take_row(struct import *im, const struct csv_row *row, struct err *e)
{
	struct contract_edit x;
	const char *number;
	struct arena *a = arena_new();
	enum status st = OK;
	if (cells_fit(im, row) && read_row(im, row, a, &x, &number)) {
		remember(im, number, row->line);
		st = store_row(im, &x, number, row->line, a, e);
	}
	arena_free(&a);
	return st;
}

static enum status take_rows(struct import *im, struct csv *csv, struct err *e)
{
	struct csv_row row;
	enum status st = take_headings(im, csv, e);
	if (st != OK || im->r->faults)
		return st; /* rows under wrong headings tell nothing */
	while ((st = csv_next(csv, &row, e)) == OK)
		if ((st = take_row(im, &row, e)) != OK)
			return st;
	if (st != ERR_NOTFOUND)
		return st;
	find_doubles(im);
	st = OK;
	for (size_t i = 0; i < im->npending && st == OK; i++)
		st = refused(im, contract_update(im->s, &im->pending[i].c, im->now, e), im->pending[i].line, e);
	return st;
}

static enum status run(struct import *im, const void *p, size_t n, struct err *e)
{
	struct csv *csv = NULL;
	enum status st = csv_open(p, n, &csv, e);
	if (st == OK)
		st = take_rows(im, csv, e);
	csv_free(&csv);
	if (st == ERR_PERM || st == ERR_LIMIT) { /* the file itself, not the store */
		fault(im, SIZE_MAX, e->msg);
		st = OK;
	}
	return st;
}

enum status contracts_import(struct store *s, const void *csv, size_t n, bool dry_run, const char *who, epoch now,
			     struct import_result *r, struct err *e)
{
	struct import im = { .s = s, .who = who, .now = now, .r = r, .a = arena_new() };
	*r = (struct import_result){ .fault_text = SB_INIT, .preview = SB_INIT };
	enum status st = store_begin(s, e);
	if (st == OK) {
		st = run(&im, csv, n, e);
		if (st == OK && !dry_run && !r->faults)
			st = store_commit(s, e);
		else
			store_rollback(s);
	}
	tell_faults(&im);
	free(im.faults);
	free(im.pending);
	free(im.seen);
	arena_free(&im.a);
	return st;
}

void import_result_free(struct import_result *r)
{
	sb_free(&r->fault_text);
	sb_free(&r->preview);
}
