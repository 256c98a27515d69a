#ifndef PACK_XLSX_IMPL_H
#define PACK_XLSX_IMPL_H
/* Shared by xlsx.c and xlsx_xml.c, xlsx_sheet.c: parts of a workbook, and one way to read XML. */
#include "pack/xlsx.h"

struct xlsx_sheet {
	const char *name, *rel, *path;
};
struct xlsx {
	struct zip *zip;
	struct arena *a;
	struct xlsx_sheet sheets[XLSX_SHEETS_MAX];
	size_t nsheets;
	bool date1904;
	size_t unpacked;      /* bytes so far */
	const char **strings; /* shared strings */
	size_t nstrings;
};

/* xlsx.c: a part of the archive, appended. ERR_NOTFOUND: there is none. */
enum status xlsx_part(struct xlsx *x, const char *path, struct sb *out, struct err *e) must_check;

/* What is told of a part's XML: names without their prefix; false ends the reading, *e is filled. */
struct xlsx_handler {
	bool (*open)(void *arg, const char *name, const char **attrs);
	bool (*close)(void *arg, const char *name);
	bool (*text)(void *arg, const char *s, size_t n); /* or NULL */
	void *arg;
	struct err *e; /* the handler's word, if it ended */
};
/* The value of an attribute (its name without prefix), or NULL. */
const char *xlsx_attr(const char **attrs, const char *name);
/* ERR_PERM: not well-formed, has a DOCTYPE; ERR_LIMIT: too deep; else what the handler said. */
enum status xlsx_xml(const char *what, const struct sb *xml, const struct xlsx_handler *h, struct err *e) must_check;

/* xlsx_sheet.c */
enum status xlsx_read_strings(struct xlsx *x, const struct sb *xml, struct err *e) must_check;
enum status xlsx_read_sheet(struct xlsx *x, const struct sb *xml, struct grid *r, struct err *e) must_check;

#endif
