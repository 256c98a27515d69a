/*
 * The CSV form: one value a row, with what it is in words, so that a sheet can
 * filter and pivot it and months can be put below one another. Times are in
 * minutes: spreadsheets can't count with 2時間30分.
 */
#include "doc.h"
#include "text/csv.h"
#include <stdio.h>

static const char *number(int64_t v, enum doc_unit unit, char buf[48])
{
	buf[0] = '\0';
	if (v == DOC_UNKNOWN)
		return buf;
	if (unit == DOC_PERMILLE)
		snprintf(buf, 48, "%lld.%lld", (long long)(v / 10), (long long)(v % 10));
	else
		snprintf(buf, 48, "%lld", (long long)(unit == DOC_SPAN ? (v + 30) / 60 : v));
	return buf;
}

static void put(const struct doc_section *s, const struct doc_row *r, size_t c, struct sb *out)
{
	static const char *const units[] = { [DOC_COUNT] = "件", [DOC_PERMILLE] = "%", [DOC_SPAN] = "分" };
	char buf[48];
	csv_put(out, s->title, 1);
	csv_put(out, r->label, 0);
	csv_put(out, s->full[c], 0);
	csv_put(out, number(r->v[c], r->unit[c], buf), 0);
	csv_put(out, units[r->unit[c]], 0);
	sb_adds(out, "\r\n");
}

void doc_csv(const struct doc *d, struct sb *out)
{
	sb_adds(out, "\xEF\xBB\xBF区分,項目,列,値,単位\r\n");
	for (size_t i = 0; i < d->n; i++)
		for (size_t k = 0; k < d->v[i].n; k++)
			for (size_t c = 0; c < d->v[i].cols; c++)
				put(&d->v[i], &d->v[i].rows[k], c, out);
}
