/* A workbook's parts: the archive, the list of sheets, their relations. See xlsx.h. */
#include "pack/xlsx_impl.h"
#include <string.h>
#include <zip.h>

enum { CHUNK = 64 << 10, RELS_MAX = 200 };

bool xlsx_is(const void *p, size_t n)
{
	return n > 4 && memcmp(p, "PK\3\4", 4) == 0;
}

void xlsx_close(struct xlsx **x)
{
	if (*x)
		zip_discard((*x)->zip);
	*x = NULL;
}

/* ---- the archive ------------------------------------------------------------------------ */

static enum status unpack(struct xlsx *x, zip_file_t *f, const char *path, struct sb *out, struct err *e)
{
	zip_int64_t k;
	do {
		sb_grow(out, CHUNK);
		k = zip_fread(f, out->s + out->len, CHUNK);
		if (k > 0)
			out->len += (size_t)k;
		out->s[out->len] = '\0';
		x->unpacked += k > 0 ? (size_t)k : 0;
		if (x->unpacked > XLSX_UNPACKED_MAX)
			return err_set(e, ERR_LIMIT, "Excel ファイルを展開すると大きすぎます");
	} while (k > 0);
	return k < 0 ? err_set(e, ERR_PERM, "Excel ファイルが壊れています (%.60s)", path) : OK;
}

enum status xlsx_part(struct xlsx *x, const char *path, struct sb *out, struct err *e)
{
	zip_int64_t i = zip_name_locate(x->zip, path, ZIP_FL_NOCASE);
	if (i < 0)
		return err_set(e, ERR_NOTFOUND, "Excel ファイルに %.60s がありません", path);
	zip_file_t *f = zip_fopen_index(x->zip, (zip_uint64_t)i, 0);
	if (!f)
		return err_set(e, ERR_PERM, "Excel ファイルの %.60s を開けません (暗号化されているか、壊れています)", path);
	enum status st = unpack(x, f, path, out, e);
	zip_fclose(f);
	return st;
}

/* ---- the list of sheets -------------------------------------------------------------------- */

static bool book_open(void *arg, const char *name, const char **attrs)
{
	struct xlsx *x = arg;
	const char *state = xlsx_attr(attrs, "state"), *id = xlsx_attr(attrs, "id"), *shown = xlsx_attr(attrs, "name");
	const char *mac = strcmp(name, "workbookPr") == 0 ? xlsx_attr(attrs, "date1904") : NULL;
	if (mac)
		x->date1904 = strcmp(mac, "1") == 0 || strcmp(mac, "true") == 0;
	bool hidden = state && strcmp(state, "visible") != 0;
	if (strcmp(name, "sheet") == 0 && id && !hidden && x->nsheets < XLSX_SHEETS_MAX)
		x->sheets[x->nsheets++] = (struct xlsx_sheet){ grid_cell(x->a, shown ? shown : "", shown ? strlen(shown) : 0), arena_strdup(x->a, id), NULL };
	return true;
}

static bool nothing(void *arg, const char *name)
{
	(void)arg, (void)name;
	return true;
}

/* "worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"; what leads out of the archive's folder names no part. */
static bool rels_open(void *arg, const char *name, const char **attrs)
{
	struct xlsx *x = arg;
	const char *id = xlsx_attr(attrs, "Id"), *to = xlsx_attr(attrs, "Target"), *mode = xlsx_attr(attrs, "TargetMode");
	if (strcmp(name, "Relationship") != 0 || !id || !to || (mode && strcmp(mode, "External") == 0) || strstr(to, ".."))
		return true;
	for (size_t i = 0; i < x->nsheets; i++)
		if (strcmp(x->sheets[i].rel, id) == 0)
			x->sheets[i].path = *to == '/' ? arena_strdup(x->a, to + 1) : arena_printf(x->a, "xl/%s", to);
	return true;
}

static enum status read_part(struct xlsx *x, const char *path, bool (*open)(void *, const char *, const char **), struct err *e)
{
	struct sb xml = SB_INIT;
	struct err why = { 0 };
	const struct xlsx_handler h = { .open = open, .close = nothing, .arg = x, .e = &why };
	enum status st = xlsx_part(x, path, &xml, e);
	if (st == OK)
		st = xlsx_xml(path, &xml, &h, e);
	sb_free(&xml);
	return st;
}

static enum status read_book(struct xlsx *x, struct err *e)
{
	struct sb xml = SB_INIT;
	enum status st = read_part(x, "xl/workbook.xml", book_open, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, ERR_PERM, "Excel のブック (.xlsx) ではありません");
	if (st == OK)
		st = read_part(x, "xl/_rels/workbook.xml.rels", rels_open, e);
	if (st == OK && (st = xlsx_part(x, "xl/sharedStrings.xml", &xml, e)) == OK)
		st = xlsx_read_strings(x, &xml, e);
	sb_free(&xml);
	return st == ERR_NOTFOUND ? OK : st;
}

enum status xlsx_open(const void *p, size_t n, struct arena *a, struct xlsx **x_r, struct err *e)
{
	zip_error_t ze;
	struct xlsx *x = arena_zalloc(a, sizeof *x);
	*x_r = NULL;
	if (n > XLSX_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "Excel ファイルが大きすぎます (%d MB まで)", XLSX_BYTES_MAX >> 20);
	zip_error_init(&ze);
	zip_source_t *src = zip_source_buffer_create(p, n, 0, &ze);
	x->a = a;
	x->zip = src ? zip_open_from_source(src, ZIP_RDONLY, &ze) : NULL;
	zip_error_fini(&ze);
	if (!x->zip) {
		zip_source_free(src);
		return err_set(e, ERR_PERM, "Excel ファイルが壊れています");
	}
	enum status st = zip_get_num_entries(x->zip, 0) > XLSX_ENTRIES_MAX ? err_set(e, ERR_LIMIT, "Excel ファイルの中身が多すぎます")
	                                                                   : read_book(x, e);
	if (st == OK && !x->nsheets)
		st = err_set(e, ERR_PERM, "Excel ファイルに表示されているシートがありません");
	if (st == OK)
		*x_r = x;
	else
		xlsx_close(&x);
	return st;
}

size_t xlsx_sheets(const struct xlsx *x)
{
	return x->nsheets;
}

const char *xlsx_name(const struct xlsx *x, size_t i)
{
	return x->sheets[i].name;
}

enum status xlsx_read(struct xlsx *x, size_t i, struct grid *r, struct err *e)
{
	struct sb xml = SB_INIT;
	*r = (struct grid){ .date1904 = x->date1904 };
	if (!x->sheets[i].path)
		return err_set(e, ERR_PERM, "Excel ファイルが壊れています (シートの実体がありません)");
	enum status st = xlsx_part(x, x->sheets[i].path, &xml, e);
	if (st == OK)
		st = xlsx_read_sheet(x, &xml, r, e);
	sb_free(&xml);
	return st == ERR_NOTFOUND ? ERR_PERM : st;
}
