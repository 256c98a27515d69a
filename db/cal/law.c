/*
 * The holidays of Japan as the law had them each year: 国民の祝日に関する法律
 * (昭和23年法律第178号) with its amendments, and the days made holidays by laws
 * of their own. A change of the law is a change of this table; until a release
 * has it, the Cabinet Office CSV (holidays_csv.c) does.
 *
 * BUGS: equinoxes are fixed each February for the next year by the National
 * Astronomical Observatory; the formula used here has never disagreed and is
 * said to hold until 2099.
 */
#include "cal_impl.h"

#define EQUINOX   0
#define MONDAY(n) (-(n))

struct rule {
	int from, to;    /* years, both included */
	int mon, day;    /* day of the month, or MONDAY(n), or EQUINOX */
	const char *name;
};

static const struct rule rules[] = {
	{ 1955, 2099, 1, 1, "元日" },
	{ 1955, 1999, 1, 15, "成人の日" },
	{ 2000, 2099, 1, MONDAY(2), "成人の日" },
	{ 1967, 2099, 2, 11, "建国記念の日" },
	{ 2020, 2099, 2, 23, "天皇誕生日" },
	{ 1955, 2099, 3, EQUINOX, "春分の日" },
	{ 1955, 1988, 4, 29, "天皇誕生日" },
	{ 1989, 2006, 4, 29, "みどりの日" },
	{ 2007, 2099, 4, 29, "昭和の日" },
	{ 1955, 2099, 5, 3, "憲法記念日" },
	{ 2007, 2099, 5, 4, "みどりの日" },
	{ 1955, 2099, 5, 5, "こどもの日" },
	{ 1996, 2002, 7, 20, "海の日" },
	{ 2003, 2019, 7, MONDAY(3), "海の日" },
	{ 2020, 2020, 7, 23, "海の日" }, /* moved for the Tokyo games */
	{ 2021, 2021, 7, 22, "海の日" },
	{ 2022, 2099, 7, MONDAY(3), "海の日" },
	{ 2016, 2019, 8, 11, "山の日" },
	{ 2020, 2020, 8, 10, "山の日" },
	{ 2021, 2021, 8, 8, "山の日" },
	{ 2022, 2099, 8, 11, "山の日" },
	{ 1966, 2002, 9, 15, "敬老の日" },
	{ 2003, 2099, 9, MONDAY(3), "敬老の日" },
	{ 1955, 2099, 9, EQUINOX, "秋分の日" },
	{ 1966, 1999, 10, 10, "体育の日" },
	{ 2000, 2019, 10, MONDAY(2), "体育の日" },
	{ 2020, 2020, 7, 24, "スポーツの日" },
	{ 2021, 2021, 7, 23, "スポーツの日" },
	{ 2022, 2099, 10, MONDAY(2), "スポーツの日" },
	{ 1955, 2099, 11, 3, "文化の日" },
	{ 1955, 2099, 11, 23, "勤労感謝の日" },
	{ 1989, 2018, 12, 23, "天皇誕生日" },
	/* laws of their own; those of 2019 count as 国民の祝日 for the rules below */
	{ 1959, 1959, 4, 10, "皇太子明仁親王の結婚の儀" },
	{ 1989, 1989, 2, 24, "昭和天皇の大喪の礼" },
	{ 1990, 1990, 11, 12, "即位礼正殿の儀" },
	{ 1993, 1993, 6, 9, "皇太子徳仁親王の結婚の儀" },
	{ 2019, 2019, 5, 1, "天皇の即位の日" },
	{ 2019, 2019, 10, 22, "即位礼正殿の儀" },
};

/*
 * Day of March or September; good for 1900–2099. In millionths of a day:
 * where the sun stood in 1980, its yearly lag of 0.242194 days, less the leap
 * days since. The division truncates toward zero on purpose, before 1980 too.
 */
static int equinox(int year, int mon)
{
	long base = year < 1980 ? (mon == 3 ? 20835700 : 23258800) : (mon == 3 ? 20843100 : 23248800);
	long leaps = (year - (year < 1980 ? 1983 : 1980)) / 4;
	return (int)((base + 242194L * (year - 1980) - 1000000 * leaps) / 1000000);
}

static int64_t rule_day(const struct rule *r, int year)
{
	if (r->day > 0)
		return day_of(year, r->mon, r->day);
	if (r->day == EQUINOX)
		return day_of(year, r->mon, equinox(year, r->mon));
	int64_t first = day_of(year, r->mon, 1);
	return first + (8 - civil_of_day(first).wday) % 7 + 7 * (-r->day - 1);
}

static void apply_rules(struct cal *c)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		unsigned id = cal_intern(c, rules[i].name);
		for (int y = rules[i].from; y <= rules[i].to; y++)
			c->name[rule_day(&rules[i], y) - c->first] = (uint8_t)id;
	}
}

static bool is_sunday(const struct cal *c, int64_t i)
{
	return civil_of_day(c->first + i).wday == 0;
}

/* 振替休日, §3(2), since 1973-04-12. Until 2006 only the Monday; since 2007 the
 * next day that is no national holiday. */
static void apply_substitutes(struct cal *c, unsigned national)
{
	int64_t since = day_of(1973, 4, 12) - c->first, chained = day_of(2007, 1, 1) - c->first;
	unsigned id = cal_intern(c, CAL_SUBSTITUTE);
	for (int64_t i = since; i + 1 < CAL_DAYS; i++) {
		if (!c->name[i] || c->name[i] > national || !is_sunday(c, i))
			continue;
		int64_t j = i + 1;
		while (i >= chained && j + 1 < CAL_DAYS && c->name[j])
			j++;
		if (!c->name[j])
			c->name[j] = (uint8_t)id;
	}
}

/* 国民の休日, §3(3), since 1985-12-27: a day between two national holidays; a
 * Sunday only since 2007, a substitute holiday never. */
static void apply_between(struct cal *c, unsigned national)
{
	int64_t since = day_of(1985, 12, 27) - c->first, sundays = day_of(2007, 1, 1) - c->first;
	unsigned id = cal_intern(c, CAL_BETWEEN);
	for (int64_t i = since; i + 1 < CAL_DAYS; i++) {
		unsigned before = c->name[i - 1], after = c->name[i + 1];
		if (c->name[i] || !before || before > national || !after || after > national)
			continue;
		if (i >= sundays || !is_sunday(c, i))
			c->name[i] = (uint8_t)id;
	}
}

/* Names up to `national` are national holidays, those entered later are not. */
void law_apply(struct cal *c)
{
	apply_rules(c);
	unsigned national = c->n_names;
	apply_substitutes(c, national);
	apply_between(c, national);
}
