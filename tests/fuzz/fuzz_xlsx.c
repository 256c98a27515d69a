/*
 * A workbook from any bytes. Those that begin with "PK" are the file itself; of
 * others, what stands before the first NUL is the shared strings, what follows the sheet,
 * packed here, so that the fuzzer works on XML and not on check sums. Every cell is valid
 * UTF-8 within its bounds, and the diagnosis reads the same without a crash.
 */
#include "pack/survey_file.h"
#include "pack/xlsx.h"
#include "text/charset.h"
#include <stdlib.h>
#include <string.h>
#include <zip.h>

static struct survey *survey;

static void must(int ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err e;
	(void)argc, (void)argv;
	must(survey_load("conf/diagnosis", &survey, &e) == OK);
	return 0;
}

static void add(zip_t *z, const char *name, const void *p, size_t n)
{
	zip_int64_t i = zip_file_add(z, name, zip_source_buffer(z, p, n, 0), 0);
	must(i >= 0 && zip_set_file_compression(z, (zip_uint64_t)i, ZIP_CM_STORE, 0) == 0);
}

static void packed(const unsigned char *data, size_t n, struct sb *out)
{
	static const char book[] = "<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>";
	static const char rels[] = "<Relationships><Relationship Id=\"r1\" Target=\"s.xml\"/></Relationships>";
	const unsigned char *nul = memchr(data, 0, n), *sheet = nul ? nul + 1 : data;
	zip_source_t *mem = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_source_keep(mem);
	zip_t *z = zip_open_from_source(mem, ZIP_TRUNCATE, NULL);
	add(z, "xl/workbook.xml", book, sizeof book - 1);
	add(z, "xl/_rels/workbook.xml.rels", rels, sizeof rels - 1);
	if (nul)
		add(z, "xl/sharedStrings.xml", data, (size_t)(nul - data));
	add(z, "xl/s.xml", sheet, n - (size_t)(sheet - data));
	must(zip_close(z) == 0 && zip_source_open(mem) == 0);
	for (zip_int64_t k = 1; k > 0;) {
		sb_grow(out, 4096);
		k = zip_source_read(mem, out->s + out->len, 4096);
		must(k >= 0);
		out->len += (size_t)k;
	}
	zip_source_close(mem);
	zip_source_free(mem);
}

static void look(const void *p, size_t n)
{
	struct arena *a = arena_new();
	struct xlsx *x = NULL;
	struct grid g;
	struct err e;
	struct survey_sheet r;
	enum status st = xlsx_open(p, n, a, &x, &e);
	for (size_t i = 0; st == OK && i < xlsx_sheets(x); i++) {
		if (xlsx_read(x, i, &g, &e) != OK)
			continue;
		must(g.n <= GRID_ROWS_MAX);
		for (size_t k = 0; k < g.n; k++) {
			must(g.rows[k].n <= GRID_COLS_MAX && (!k || g.rows[k].number > g.rows[k - 1].number));
			for (size_t c = 0; c < g.rows[k].n; c++)
				must(strlen(g.rows[k].v[c]) <= GRID_CELL_MAX && text_is_utf8(g.rows[k].v[c], strlen(g.rows[k].v[c])));
		}
	}
	xlsx_close(&x);
	must(survey_read_file(survey, p, n, a, &r, &e) == OK);
	must(text_is_utf8(r.faults.s, r.faults.len) && (!r.nfaults || !r.n));
	for (size_t i = 0; i < r.n; i++)
		must(strlen(r.v[i].code) == survey->nitems);
	sb_free(&r.faults);
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	struct sb file = SB_INIT;
	if (n > 2 && memcmp(data, "PK", 2) == 0)
		look(data, n);
	else {
		packed(data, n, &file);
		look(file.s, file.len);
	}
	sb_free(&file);
	return 0;
}
