/*
 * Time: JST by arithmetic, and the movable clock of a private instance (an
 * 8-byte offset mapped from a file, so a change is seen without a signal).
 */
#include "base/clk.h"
#include "base/io.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { JST = 9 * 3600, DAY = 86400 };

static const volatile int64_t *clk_offset; /* set once, before threads start */

enum status clk_open(const char *offset_file, struct err *e)
{
	if (!offset_file || clk_offset)
		return OK;
	int fd = open(offset_file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, ERR_PERM, "clock %s", offset_file);
	struct stat st;
	void *p = MAP_FAILED;
	if (fstat(fd, &st) == 0 && st.st_size == (off_t)sizeof(int64_t))
		p = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return err_set(e, ERR_PERM, "clock %s is not 8 bytes long", offset_file);
	clk_offset = p;
	return OK;
}

epoch clk_now(void)
{
	return (epoch)time(NULL) + (clk_offset ? *clk_offset : 0);
}

int64_t clk_mono_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Written in place (no rename): the daemons have this very file mapped. */
enum status clk_set_offset(const char *offset_file, int64_t offset, struct err *e)
{
	int fd = open(offset_file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(e, ERR_PERM, "clock %s", offset_file);
	bool ok = pwrite(fd, &offset, sizeof offset, 0) == (ssize_t)sizeof offset && fsync(fd) == 0;
	enum status st = ok ? OK : err_sys(e, ERR_TEMP, "clock %s", offset_file);
	close(fd);
	return st;
}

enum status clk_get_offset(const char *offset_file, int64_t *offset_r, struct err *e)
{
	int fd = open(offset_file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, ERR_PERM, "clock %s", offset_file);
	ssize_t n = pread(fd, offset_r, sizeof *offset_r, 0);
	close(fd);
	return n == (ssize_t)sizeof *offset_r ? OK : err_set(e, ERR_PERM, "clock %s is not 8 bytes long", offset_file);
}

/* Days from civil, proleptic Gregorian, eras of 400 years from March. */
int64_t day_of(int year, int mon, int day)
{
	int64_t y = year - (mon <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (mon + (mon > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

struct civil civil_of_day(int64_t z)
{
	struct civil c = { 0 };
	c.wday = (int)(((z + 4) % 7 + 7) % 7);
	z += 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c.mon = (int)(mp < 10 ? mp + 3 : mp - 9);
	c.year = (int)(yoe + era * 400 + (c.mon <= 2));
	return c;
}

struct civil civil_of(epoch t)
{
	t += JST;
	int64_t day = t >= 0 ? t / DAY : (t - DAY + 1) / DAY;
	int64_t rest = t - day * DAY;
	struct civil c = civil_of_day(day);
	c.hour = (int)(rest / 3600);
	c.min = (int)(rest / 60 % 60);
	c.sec = (int)(rest % 60);
	return c;
}

epoch epoch_of(int year, int mon, int day, int hour, int min, int sec)
{
	return day_of(year, mon, day) * DAY + hour * 3600 + min * 60 + sec - JST;
}

static bool digits(const char **s, int n, int *out)
{
	*out = 0;
	for (; n > 0; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*out = *out * 10 + (**s - '0');
	}
	return true;
}

static bool parse_date(const char **s, int64_t *day_r)
{
	int y, m, d;
	if (!digits(s, 4, &y) || (**s != '-' && **s != '/'))
		return false;
	char sep = *(*s)++;
	if (!digits(s, 2, &m) || *(*s) != sep)
		return false;
	(*s)++;
	if (!digits(s, 2, &d) || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	*day_r = day_of(y, m, d);
	struct civil c = civil_of_day(*day_r);
	return c.day == d && c.mon == m; /* no February 30th */
}

bool civil_parse_date(const char *s, int64_t *day_r)
{
	return parse_date(&s, day_r) && *s == '\0';
}

bool civil_parse_time(const char *s, epoch *t_r)
{
	int64_t day;
	int h, m, sec = 0;
	if (!parse_date(&s, &day) || (*s != ' ' && *s != 'T'))
		return false;
	s++;
	if (!digits(&s, 2, &h) || *s++ != ':' || !digits(&s, 2, &m))
		return false;
	if (*s == ':') {
		s++;
		if (!digits(&s, 2, &sec))
			return false;
	}
	if (*s || h > 23 || m > 59 || sec > 59)
		return false;
	*t_r = day * DAY + h * 3600 + m * 60 + sec - JST;
	return true;
}

static const char wdays_en[] = "SunMonTueWedThuFriSat";
static const char months_en[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

const char *clk_rfc5322(epoch t, char buf[40])
{
	struct civil c = civil_of(t);
	snprintf(buf, 40, "%.3s, %d %.3s %04d %02d:%02d:%02d +0900", wdays_en + 3 * c.wday, c.day,
	         months_en + 3 * (c.mon - 1), c.year, c.hour, c.min, c.sec);
	return buf;
}

const char *clk_iso(epoch t, char buf[32])
{
	struct civil c = civil_of(t);
	snprintf(buf, 32, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.mon, c.day, c.hour, c.min, c.sec);
	return buf;
}

const char *clk_wday_ja(int wday)
{
	static const char *const names[] = { "日", "月", "火", "水", "木", "金", "土" };
	return names[wday];
}

const char *clk_ja(epoch t, char buf[48])
{
	struct civil c = civil_of(t);
	snprintf(buf, 48, "%d月%d日(%s) %d:%02d", c.mon, c.day, clk_wday_ja(c.wday), c.hour, c.min);
	return buf;
}

const char *clk_span_ja(int64_t seconds, char buf[48])
{
	long long minutes = (seconds + 30) / 60, h = minutes / 60, m = minutes % 60;
	if (h && m)
		snprintf(buf, 48, "%lld時間%lld分", h, m);
	else if (h)
		snprintf(buf, 48, "%lld時間", h);
	else
		snprintf(buf, 48, m ? "%lld分" : "1分未満", m);
	return buf;
}
