#ifndef TESTS_SURVEY_FIXTURE_H
#define TESTS_SURVEY_FIXTURE_H
/* The shipped questionnaire, and workbooks as other programs write them, made part by part. */
#include "pack/survey_file.h"
#include "unit.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

static struct survey *survey;
static struct arena *a;

static void survey_up(void)
{
	struct err e;
	a = arena_new();
	if (survey_load("conf/diagnosis", &survey, &e) != OK)
		ck_abort_msg("%s", e.msg);
}

static void survey_down(void)
{
	survey_free(&survey);
	arena_free(&a);
}

/* ---- a workbook from its parts: pairs of name and text, NULL at the end */
static inline struct sb zip_of(const char *name, ...)
{
	struct sb out = SB_INIT;
	zip_source_t *mem = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_source_keep(mem);
	zip_t *z = zip_open_from_source(mem, ZIP_TRUNCATE, NULL);
	va_list ap;
	va_start(ap, name);
	for (const char *n = name; n; n = va_arg(ap, const char *)) {
		const char *text = va_arg(ap, const char *);
		ck_assert(zip_file_add(z, n, zip_source_buffer(z, text, strlen(text), 0), ZIP_FL_ENC_UTF_8) >= 0);
	}
	va_end(ap);
	ck_assert_int_eq(zip_close(z), 0);
	ck_assert_int_eq(zip_source_open(mem), 0);
	for (zip_int64_t k = 1; k > 0;) {
		char buf[4096];
		k = zip_source_read(mem, buf, sizeof buf);
		sb_add(&out, buf, k > 0 ? (size_t)k : 0);
	}
	zip_source_close(mem);
	zip_source_free(mem);
	return out;
}

#define BOOK(sheets) \
	"<?xml version=\"1.0\"?><workbook xmlns=\"m\" xmlns:r=\"r\"><sheets>" sheets "</sheets></workbook>"
#define RELS(list) "<Relationships xmlns=\"p\">" list "</Relationships>"
#define REL(id, target) "<Relationship Id=\"" id "\" Type=\"t\" Target=\"" target "\"/>"
#define SHEET1 "<sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/>"
#define ONE_SHEET(strings, cells) \
	zip_of("xl/workbook.xml", BOOK(SHEET1), "xl/_rels/workbook.xml.rels", RELS(REL("rId1", "worksheets/sheet1.xml")), \
	       "xl/sharedStrings.xml", strings, "xl/worksheets/sheet1.xml", cells, NULL)

/* ---- answers as text */

/* "AABC…" of the n-th person, or the faults. */
static inline const char *codes(const struct survey_sheet *r, size_t i)
{
	return r->nfaults ? r->faults.s : i < r->n ? r->v[i].code : "(none)";
}

static inline void read_bytes(const void *p, size_t n, struct survey_sheet *r)
{
	struct err e;
	ck_assert_int_eq(survey_read_file(survey, p, n, a, r, &e), OK);
}

/* An export of the form as Forms writes its headings; `q` makes a question's heading from its number and text. */
static inline void csv_head(struct sb *out, const char *q)
{
	sb_adds(out, "ID,開始時刻,完了時刻,メール,名前,お客様番号,会社名");
	for (size_t i = 0; i < survey->nitems; i++) {
		sb_adds(out, ",\"");
		if (strchr(q, '%')) {
			char num[40];
			snprintf(num, sizeof num, *q == 'Q' ? "Q%zu. " : "%zu", i + 1);
			sb_adds(out, num);
		}
		if (!strchr(q, '%') || *q == 'Q')
			sb_adds(out, survey->items[i].ask);
		sb_adds(out, "\"");
	}
	sb_adds(out, "\r\n");
}

#define ALL_A "AAAAAAAAAAAAAAAAAAAAAAAAA"
#define ALL_D "DDDDDDDDDDDDDDDDDDDDDDDDD"

#endif
