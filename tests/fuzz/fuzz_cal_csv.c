/* The holiday CSV: any bytes are either taken, and then the calendar still
 * works, or refused with a line and nothing changed. */
#include "cal/cal.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* Two days of each month are enough: a year that a row cleared has lost its
 * January 1 and May 3. */
static void same_as_law(const struct cal *c, const struct cal *law)
{
	for (int y = CAL_FIRST_YEAR; y <= CAL_LAST_YEAR; y++)
		for (int m = 1; m <= 12; m++)
			must(!cal_holiday(c, day_of(y, m, 3)) == !cal_holiday(law, day_of(y, m, 3)) &&
			     !cal_holiday(c, day_of(y, m, 1)) == !cal_holiday(law, day_of(y, m, 1)));
}

/* A name is one line of visible text; a holiday is no business day. */
static void sound(const struct cal *c)
{
	for (int64_t d = day_of(CAL_FIRST_YEAR, 1, 1); d <= day_of(CAL_LAST_YEAR, 12, 31); d++) {
		const char *name = cal_holiday(c, d);
		must(!name || (*name && !strpbrk(name, "\r\n\t\033\"") && !cal_is_business_day(c, d)));
	}
	for (int y = CAL_FIRST_YEAR; y <= CAL_LAST_YEAR; y += 9) {
		epoch t = epoch_of(y, 12, 27, 16, 45, 10), due = cal_due(c, t);
		must(due > t && cal_reply_time(c, t, due) == CAL_BUSINESS_DAY_SECONDS);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct cal *law, *c; /* c stays until a file was taken */
	struct err e = { .msg = "" };
	if (!law)
		law = cal_new();
	if (!c)
		c = cal_new();
	if (cal_override(c, (const char *)p, n, &e) == OK) {
		sound(c);
		cal_free(&c);
	} else {
		must(strncmp(e.msg, "line ", 5) == 0);
		same_as_law(c, law);
	}
	return 0;
}
