#ifndef BASE_CLK_H
#define BASE_CLK_H
/*
 * Time as data. Civil time in this system is JST (UTC+9, no summer time since
 * 1952), computed by arithmetic: no TZ files, no locale. "now" is read once at
 * an edge by clk_now() and passed down as an argument.
 *
 * A private instance can move its time: the file `clock` of the instance holds
 * one signed offset in seconds, memory-mapped by every daemon, so that
 * `yorozu clock advance` is seen at once. Production instances have none.
 */
#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

typedef int64_t epoch; /* seconds since 1970-01-01T00:00:00Z */

struct civil { /* JST calendar time; wday 0 = Sunday */
	int year, mon, day, hour, min, sec, wday;
};

enum status clk_open(const char *offset_file, struct err *e); /* NULL: real time */
epoch clk_now(void);
int64_t clk_mono_ms(void); /* CLOCK_MONOTONIC, for deadlines */
enum status clk_set_offset(const char *offset_file, int64_t offset, struct err *e);
enum status clk_get_offset(const char *offset_file, int64_t *offset_r, struct err *e);

struct civil civil_of(epoch t);
epoch epoch_of(int year, int mon, int day, int hour, int min, int sec); /* JST */
int64_t day_of(int year, int mon, int day); /* days since 1970-01-01 */
struct civil civil_of_day(int64_t day);

/* Strict "YYYY-MM-DD" and "YYYY-MM-DD HH:MM[:SS]" (also with 'T' or '/'). */
bool civil_parse_date(const char *s, int64_t *day_r);
bool civil_parse_time(const char *s, epoch *t_r);

/* "Tue, 24 Nov 2026 10:00:00 +0900" (RFC 5322 §3.3). buf >= 40. */
const char *clk_rfc5322(epoch t, char buf[40]);
/* "2026-11-24 10:00:00". buf >= 32. */
const char *clk_iso(epoch t, char buf[32]);
/* "水"; of struct civil's wday. */
const char *clk_wday_ja(int wday);
/* "11月25日(水) 15:00" as customers read it. buf >= 48. */
const char *clk_ja(epoch t, char buf[48]);
/* "1時間30分", "2時間", "45分", "1分未満": to the nearest minute. buf >= 48. */
const char *clk_span_ja(int64_t seconds, char buf[48]);

#endif
