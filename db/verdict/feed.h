#ifndef VERDICT_FEED_H
#define VERDICT_FEED_H
/*
 * The tables that verdicts on terminals are made with: Windows releases, what
 * they fix, ends of support, the dictionary of software, its vulnerable
 * versions, what is exploited (KEV). Plain text, a row a line (feed_row.c):
 * conf/feed/ ships an extract, DIR/feed/ holds what `yorozu feed` imported, one
 * file a source, each replaced atomically. There is no database: everything is
 * read at once and nothing is ever asked for by row.
 *
 * A struct feed is immutable: load once, share among threads.
 * SECURITY: files were made by `yorozu feed` from others' data: bounded rows,
 * each checked; a row that can't be is an error with its line.
 */
#include "base/clk.h"
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FEED_FILE_MAX = 64 << 20,  /* bytes of one file */
	FEED_FILES_MAX = 256,
	FEED_ROWS_MAX = 2000000    /* rows in all */
};

enum severity { SEV_UNRATED, SEV_LOW, SEV_MODERATE, SEV_IMPORTANT, SEV_CRITICAL, SEVERITIES };
/* "緊急", "重要", "警告", "注意", "不明": Microsoft's words; High and Medium are
 * Important and Moderate. */
const char *severity_ja(enum severity s);
/* "critical", "important"/"high", "moderate"/"medium", "low", "-"; any case. */
enum severity severity_of(const char *word);

struct feed;

/* Every *.tsv of the folders, in the order of their names; `own` may be NULL or
 * not exist. The text of an error names file and line. */
enum status feed_load(const char *shipped, const char *own, struct feed **f_r, struct err *e) must_check;
/* The same from one text, for tests. */
enum status feed_parse(const char *text, size_t n, struct feed **f_r, struct err *e) must_check;
void feed_free(struct feed **f); /* accepts NULL, sets NULL */

/* What goes into reports: "2026-09-15/1a2b3c4d5e6f": the day of the newest
 * Windows release known, and a hash over all rows. Lives as long as f. */
const char *feed_version(const struct feed *f);

/* A source as it was fetched or imported. */
struct feed_source {
	const char *name;     /* "kev", "msrc-2026-Oct", "extract" */
	int64_t as_of;        /* day (clk.h) that its publisher says; INT64_MIN unknown */
	epoch fetched;        /* 0: shipped */
	const char *sha256;   /* of the original, hex; "" */
	const char *etag, *modified, *url;
};
size_t feed_sources(const struct feed *f, const struct feed_source **v_r);
/* Where `feed update` asks: the rows as they stand; of one name the last counts. */
struct feed_fetch {
	const char *name, *url; /* url: "@MONTH@" is "2026-Oct"; "" switches the name off */
};
size_t feed_fetches(const struct feed *f, const struct feed_fetch **v_r);
/* Rows by table: "release", "fix", … for `feed status`. */
size_t feed_rows(const struct feed *f, const char *table);

/* What JVN iPedia calls a CVE in Japanese; NULL: not known. */
const char *feed_title_ja(const struct feed *f, uint64_t cve);

/* "CVE-2026-12345" as a number and back; 0: none. */
uint64_t cve_of(const char *s);
const char *cve_text(uint64_t cve, char buf[24]);

#endif
