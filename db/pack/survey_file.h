#ifndef PACK_SURVEY_FILE_H
#define PACK_SURVEY_FILE_H
/* The diagnosis as files: a workbook or CSV as answers, and the sheet to fill in (DIAG-01, -04). */
#include "text/survey.h"
#include <stdbool.h>

enum { SURVEY_FILE_MAX = 4 << 20 };

/* By its bytes, else by its name: a file that may hold answers. */
bool survey_is_file(const char *name, const void *p, size_t n);

/* Of a workbook the visible sheet that has answers; several are a fault that names
 * them. What is wrong with the file as a whole is
 * a fault as well: r->nfaults > 0 then. ERR_TEMP only. SECURITY: hostile bytes. */
enum status survey_read_file(const struct survey *s, const void *p, size_t n, struct arena *a, struct survey_sheet *r,
                             struct err *e) must_check;

/* The Excel sheet for when the form is down, with a company's number and name filled in ("" = empty). Appended. */
enum status survey_make_sheet(const struct survey *s, const char *number, const char *company, epoch now, struct sb *out,
                              struct err *e) must_check;
#define SURVEY_SHEET_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#endif
