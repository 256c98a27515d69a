/* Staff's word on a diagnosis report. See command_diagnosis.h. */
#include "text/command_diagnosis.h"
#include "text/command_int.h"
#include "text/reserve.h"
#include "text/survey_impl.h"
#include <string.h>

enum { LINE_BYTES = 400 };

static const struct { enum diagnosis_order order; const char *names[4]; } orders[] = {
	{ DIAGNOSIS_APPROVE, { "承認", "ok", "approve", "送付" } }, { DIAGNOSIS_HOLD, { "保留", "hold" } },
	{ DIAGNOSIS_RESUME, { "再開", "resume" } }, { DIAGNOSIS_CANCEL, { "取消", "取り消し", "cancel", "中止" } },
	{ DIAGNOSIS_STATUS, { "状況", "status" } },
};

static enum diagnosis_order order_of(const char *folded)
{
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		for (size_t k = 0; k < 4 && orders[i].names[k]; k++)
			if (strcmp(orders[i].names[k], folded) == 0)
				return orders[i].order;
	return DIAGNOSIS_HELP;
}

static enum diagnosis_order of_line(const char *line, struct arena *a, const char **rest_r)
{
	size_t word = strcspn(line, " :,"), gap = strspn(line + word, " :,");
	enum diagnosis_order order = order_of(command_fold(a, line, word));
	*rest_r = line + word + gap;
	return **rest_r && order != DIAGNOSIS_HOLD ? DIAGNOSIS_HELP : order;
}

enum diagnosis_order diagnosis_order_read(const char *utf8, size_t n, struct arena *a, const char **rest_r)
{
	*rest_r = "";
	for (const char *p = utf8, *end = utf8 + n, *nl; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		if (nl - p > LINE_BYTES)
			return DIAGNOSIS_HELP;
		const char *line = survey_flat(a, p, (size_t)(nl - p));
		if (*line && *line != '>') {
			enum diagnosis_order order = of_line(line, a, rest_r);
			bool but = order == DIAGNOSIS_APPROVE && nl < end && text_reserves_below(nl + 1, end);
			return but ? DIAGNOSIS_HELP : order;
		}
	}
	return DIAGNOSIS_HELP;
}
