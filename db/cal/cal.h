#ifndef CAL_CAL_H
#define CAL_CAL_H
/*
 * The business calendar: national holidays of Japan by law (国民の祝日に関する
 * 法律), year end 12/29–1/3, reply hours 9:30–12:00 and 13:00–17:30 JST.
 * Holidays are computed for 1955–2099; a Cabinet Office CSV
 * (国民の祝日・休日.csv, Shift_JIS or UTF-8) replaces the computed ones for the
 * years it contains. Immutable after cal_new/cal_load: share it among threads.
 * Outside 1955–2099 only weekends and the year end are known. Any argument is
 * safe: what lies beyond the years 1–9999 is taken as that end.
 */
#include "base/clk.h"
#include "base/err.h"
#include <stdbool.h>

struct cal;

enum {
	CAL_FIRST_YEAR = 1955,
	CAL_LAST_YEAR = 2099,
	CAL_CSV_MAX = 1 << 20,       /* bytes of a holiday CSV */
	CAL_CUTOFF_SECOND = 15 * 3600 /* of the day: orders until then count as that day's */
};
/* The names of computed days off that are no national holidays themselves; a
 * Cabinet Office CSV calls both 休日. */
#define CAL_SUBSTITUTE "振替休日"
#define CAL_BETWEEN    "国民の休日"

struct cal *cal_new(void);
/* csv: the file's bytes, UTF-8 or Shift_JIS (CP932). Errors name the line; then
 * nothing is changed. Not while other threads use c. */
enum status cal_override(struct cal *c, const char *csv, size_t n, struct err *e) must_check;
/* As the configuration says: the file's path, or "" (computed only). */
enum status cal_load(const char *holidays_csv, struct cal **c_r, struct err *e) must_check;
void cal_free(struct cal **c);

/* The holiday's name in UTF-8 ("元日", "振替休日", "国民の休日"…), or NULL. It
 * lives as long as c. */
const char *cal_holiday(const struct cal *c, int64_t day);
bool cal_is_business_day(const struct cal *c, int64_t day);

/* The n-th business day after (n>0) or before (n<0) `day`; 0: `day` itself or
 * the next business day. */
int64_t cal_add_days(const struct cal *c, int64_t day, int n);

bool cal_in_reply_hours(const struct cal *c, epoch t);
/* t itself when in reply hours, else the next opening. */
epoch cal_roll(const struct cal *c, epoch t);
/* `seconds` of reply time after t (rolled first); an end that falls on a
 * closing time stays there (17:30, not 9:30 of the next day). seconds <= 0: cal_roll. */
epoch cal_add_reply_time(const struct cal *c, epoch t, int64_t seconds);
/* Reply seconds between a and b (0 if b <= a). */
int64_t cal_reply_time(const struct cal *c, epoch a, epoch b);

#define CAL_BUSINESS_DAY_SECONDS (7 * 3600)
/* Due time of a consultation mail: 1 business day = 7 reply hours. */
epoch cal_due(const struct cal *c, epoch received);
/* The business day an order counts as received: after 15:00 the next one
 * (15:00:00 itself is still today). */
int64_t cal_reception_day(const struct cal *c, epoch t);

#endif
