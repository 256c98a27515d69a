#ifndef VERDICT_FEED_IMPORT_IMPL_H
#define VERDICT_FEED_IMPORT_IMPL_H
/* The readers of each format. Internal to db/verdict. */
#include "feed_import.h"
#include "feed_impl.h"
#include "text/json.h"

/* One each; j is at the begin of the document. */
void import_kev(const struct feed *known, struct json *j, struct feed_import *im);
void import_msrc(const struct feed *known, struct json *j, struct feed_import *im);
void import_cve(const struct feed *known, struct json *j, struct feed_import *im);
void import_eol(const struct feed *known, struct json *j, struct feed_import *im);
void import_jvn(const struct feed *known, struct json *j, struct feed_import *im);
enum status import_eol_page(const struct feed *known, const char *p, size_t n, struct feed_import *im, struct err *e) must_check;
enum status import_jvn_rss(const char *p, size_t n, struct feed_import *im, struct err *e) must_check;

enum { IMPORT_TEXT = 200 };
/* A string into buf; anything else is skipped and leaves "". */
void import_text(struct json *j, char buf[IMPORT_TEXT]);
/* The day of "2026-10-13T07:00:00Z" or "2026-10-13"; INT64_MIN. */
int64_t import_day(const char *s);
/* Counts a row; false when there are too many, which import_row tells j. */
bool import_room(struct feed_import *im);
bool import_row(struct json *j, struct feed_import *im);
/* A version as it may stand in a row. */
bool import_version(const char *s);
const char *import_date(int64_t day, char buf[16]);

#endif
