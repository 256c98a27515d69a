/* Readers from CSV. See reader_import.h. */
#include "reader_import.h"
#include "base/xalloc.h"
#include "mail/addr.h"
#include "store/store_audit.h"
#include "text/csv.h"
#include "text/field_rule.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FAULTS_MAX = 5000, PAGE = 1000, ADDRESS_MAX = 254, NAME_MAX = 200 };

struct import {
	struct store *s;
	struct reader_import *r;
	struct arena *a;      /* lives as long as the import */
	epoch now;
	int addr_col, name_col;
	int64_t *ids;         /* readers that the file names */
	size_t nids, cap;
};

static void fault(struct import *im, size_t line, const char *text)
{
	if (++im->r->faults > FAULTS_MAX)
		return;
	if (line)
		sb_addf(&im->r->fault_text, "%zu行目 ", line);
	sb_addf(&im->r->fault_text, "%s\n", text);
}

static bool is_one_of(const char *s, const char *const *v)
{
	for (; *v; v++)
		if (strcasecmp(s, *v) == 0)
			return true;
	return false;
}

static enum status headings(struct import *im, struct csv *csv, struct err *e)
{
	static const char *const addr[] = { "メールアドレス", "mail", "email", "e-mail", "address", NULL };
	static const char *const name[] = { "氏名", "名前", "お名前", "name", NULL };
	struct csv_row row;
	enum status st = csv_next(csv, &row, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, ERR_PERM, "ファイルが空です (1行目に見出しが必要です)");
	im->addr_col = im->name_col = -1;
	for (size_t i = 0; st == OK && i < row.n; i++) {
		csv_unguard(row.v[i]);
		if (im->addr_col < 0 && is_one_of(row.v[i], addr))
			im->addr_col = (int)i;
		else if (im->name_col < 0 && is_one_of(row.v[i], name))
			im->name_col = (int)i;
	}
	if (st == OK && im->addr_col < 0)
		fault(im, row.line, "見出し「メールアドレス」がありません");
	return st;
}

static int by_id(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return a < b ? -1 : a > b;
}

static void remember(struct import *im, int64_t id)
{
	if (im->nids == im->cap) {
		im->cap = im->cap ? im->cap * 2 : 1024;
		im->ids = xrealloc(im->ids, im->cap * sizeof *im->ids);
	}
	im->ids[im->nids++] = id;
}

/* ---- one row ------------------------------------------------------------------------ */

static const char *cell(const struct csv_row *row, int col)
{
	if (col < 0 || (size_t)col >= row->n)
		return "";
	char *v = row->v[col];
	csv_unguard(v);
	while (*v == ' ' || *v == '\t')
		v++;
	size_t n = strlen(v);
	while (n && strchr(" \t\r\n", v[n - 1]))
		v[--n] = '\0';
	return v;
}

static enum status add_new(struct import *im, const char *addr, const char *name, int64_t *id_r, struct err *e)
{
	struct reader r = { .addr = addr, .name = name, .source = READER_BY_HAND, .state = READER_ACTIVE, .why = "CSV の取り込み" };
	enum status st = reader_add(im->s, &r, im->now, e);
	*id_r = r.id;
	im->r->added++;
	sb_addf(&im->r->preview, "追加 %s %s\n", addr, name);
	return st;
}

/* Why an earlier list took him off. */
#define NOT_IN_LIST "CSV にないため"

/* Back by a list comes only whom a list took off. Who wanted no more, was taken off by a person or left with
 * his contract stands in every export, too; a person adds him by name. */
static enum status change(struct import *im, const struct reader *old, const char *name, struct err *e)
{
	enum status st = OK;
	bool renamed = *name && strcmp(name, old->name) != 0;
	if (renamed) {
		st = reader_rename(im->s, old->id, name, im->now, e);
		im->r->renamed++;
		sb_addf(&im->r->preview, "変更 %s %s\n", old->addr, name);
	}
	if (st == OK && old->state == READER_REMOVED && strcmp(old->why, NOT_IN_LIST) == 0) {
		st = reader_back(im->s, old->id, "CSV の取り込み", im->now, e);
		im->r->back++;
		sb_addf(&im->r->preview, "再開 %s %s\n", old->addr, name);
	} else if (old->state != READER_ACTIVE) {
		im->r->kept_away++;
		sb_addf(&im->r->preview, "対象外 %s (%s)\n", old->addr, reader_state_ja(old->state));
	} else if (!renamed)
		im->r->same++;
	return st;
}

static enum status take_row(struct import *im, const struct csv_row *row, struct err *e)
{
	struct reader old;
	struct arena *a = arena_new();
	const char *raw = cell(row, im->addr_col), *addr = addr_key(a, raw), *name = cell(row, im->name_col);
	enum status st = OK;
	int64_t id = 0;
	if (!field_mail_ok(addr, strlen(addr), ADDRESS_MAX))
		fault(im, row->line, arena_printf(a, "「メールアドレス」: %.100s は正しい形ではありません", raw));
	else if (strlen(name) > NAME_MAX)
		fault(im, row->line, "「氏名」: 長すぎます");
	else {
		st = reader_by_addr(im->s, addr, a, &old, e);
		if (st == ERR_NOTFOUND)
			st = add_new(im, addr, name, &id, e);
		else if (st == OK) {
			id = old.id;
			st = change(im, &old, name, e);
		}
		remember(im, id);
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
		    (im->nids && bsearch(&v[i].id, im->ids, im->nids, sizeof *im->ids, by_id)))
			continue;
		st = reader_set(im->s, v[i].id, READER_REMOVED, READER_LEFT, 0, NOT_IN_LIST, im->now, e);
		im->r->removed++;
		sb_addf(&im->r->preview, "削除 %s %s\n", v[i].addr, v[i].name);
	}
	return st;
}

static enum status remove_others(struct import *im, struct err *e)
{
	int64_t after = 0;
	size_t n = PAGE;
	enum status st = OK;
	if (im->nids)
		qsort(im->ids, im->nids, sizeof *im->ids, by_id);
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

static enum status take(struct import *im, const void *p, size_t n, bool replace, struct err *e)
{
	struct csv *csv = NULL;
	struct csv_row row;
	enum status st = csv_open(p, n, &csv, e);
	if (st == OK)
		st = headings(im, csv, e);
	while (st == OK && im->addr_col >= 0 && (st = csv_next(csv, &row, e)) == OK)
		st = take_row(im, &row, e);
	if (st == ERR_NOTFOUND)
		st = replace ? remove_others(im, e) : OK;
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
			             .detail = arena_printf(im.a, "%zu added, %zu removed", r->added + r->back, r->removed) };
		if (st == OK && !dry_run && !r->faults && (st = audit_add(s, &row, e)) == OK)
			st = store_commit(s, e);
		else
			store_rollback(s);
	}
	if (r->faults > FAULTS_MAX)
		sb_addf(&r->fault_text, "(ほか %zu 件の誤りは省略しました)\n", r->faults - FAULTS_MAX);
	free(im.ids);
	arena_free(&im.a);
	return st;
}

void reader_import_free(struct reader_import *r)
{
	sb_free(&r->fault_text);
	sb_free(&r->preview);
}
