#ifndef VERDICT_FEED_IMPORT_H
#define VERDICT_FEED_IMPORT_H
/*
 * Others' data made into rows of our tables (feed_row.c). What a file is, its
 * content says:
 *
 *	CISA KEV       {"catalogVersion":…, "vulnerabilities":[{"cveID":…}]}
 *	MSRC           {"DocumentTracking":…, "ProductTree":…, "Vulnerability":[…]}   (CVRF 3.0)
 *	CVE record     {"dataType":"CVE_RECORD", …}, or an array of them
 *	CPE ranges     {"cve":{"configurations":[…]}, "_annotation":{"cve_id":…}}
 *	NVD API 2.0    {"resultsPerPage":…, "vulnerabilities":[{"cve":{"id":…, "configurations":[…]}}]}
 *	endoflife.date {"result":{"name":"windows", "releases":[…]}}                  (API v1)
 *	               or a page of it: YAML with permalink and releases between lines of dashes
 *	JVN iPedia     {"feed":{"entry":[…]}} (MyJVN 4, "oka") or RSS (<rdf:RDF…, "hnd")
 *
 * Of CVEs only what the dictionary knows and what is bounded above becomes a row.
 * SECURITY: hostile; sizes bounded by FEED_FILE_MAX and FEED_ROWS_MAX; whatever
 * reaches a row was checked letter by letter, so no field breaks a line.
 */
#include "base/strbuf.h"
#include "feed.h"

enum feed_kind { FEED_KEV, FEED_MSRC, FEED_CVE, FEED_EOL, FEED_JVN, FEED_KINDS };

struct feed_import {
	enum feed_kind kind;
	char name[48];   /* of the source and its file: "kev", "msrc-2026-Oct", "cve", "eol-windows", "jvn" */
	int64_t as_of;   /* day, INT64_MIN unknown */
	struct sb rows;
	size_t n;        /* rows */
	size_t passed;   /* entries that are none of our business, or not bounded */
	struct sb cves;  /* FEED_CVE, FEED_JVN: ids that were read, a line each, whether or not they gave rows */
};

/* `known` has the dictionary. Begin with {0}; of several files of one kind the
 * rows come together when the struct is kept. ERR_PERM: unknown, broken, or of a
 * kind that always has rows (KEV, endoflife.date) and without any. */
enum status feed_import(const struct feed *known, const char *p, size_t n, struct feed_import *im, struct err *e) must_check;
void feed_import_free(struct feed_import *im);

/* Does it leave nothing of a file that had rows? */
bool feed_import_empties(const struct feed_import *im, const char *before);
/* Is it older than what is in use (a day, INT64_MIN unknown), which it replaces? */
bool feed_import_goes_back(const struct feed_import *im, int64_t in_use);

/* The text of the source's own file: its `source` row and the rows. of: name,
 * as_of and so on. Old rows of the same CVEs in `before` (may be NULL) are
 * replaced, others kept, when the kind collects (FEED_CVE, FEED_JVN). */
void feed_import_text(const struct feed_import *im, const struct feed_source *of, const char *before, struct sb *out);

#endif
