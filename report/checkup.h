#ifndef REPORT_CHECKUP_H
#define REPORT_CHECKUP_H
/*
 * The monthly health check of one contract (HEALTH-01 … -05), pure: facts in,
 * marks and words out. checkup_load.c gets the facts from the stores and the
 * verdicts; checkup_text.c keeps them as text, so that the pages of a month can
 * be made again later, and serves as fixtures for tests.
 *
 * SECURITY: names come from terminals. checkup_load.c makes each one line of
 * bounded length; here they are only copied, and each form (PDF, HTML, CSV)
 * makes them harmless in its own way.
 */
#include "base/arena.h"
#include "base/clk.h"
#include "base/strbuf.h"
#include "text/health_reply.h"
#include "words.h"
#include <stdbool.h>
#include <stdint.h>

enum {
	CHECKUP_SITES = 30,        /* HEALTH-03: TOP30 */
	CHECKUP_TERMINALS_MAX = 20000,
	CHECKUP_SOFTWARE_MAX = 50000, /* products in versions */
	CHECKUP_OFF_MAX = 50000, CHECKUP_MEDIA_MAX = 20000,
	CHECKUP_PAST_MAX = 12,
	CHECKUP_DOS = 3            /* things to do */
};

/* How the rules of patches judged a terminal (HEALTH-02). The numbers are stored. */
enum checkup_patch {
	CHECKUP_UNKNOWN, CHECKUP_PATCHED, CHECKUP_REBOOT, CHECKUP_LACKING, CHECKUP_ENDED, CHECKUP_STALE,
	CHECKUP_DATED,               /* has all that the tables know, but they lack the newest update */
	CHECKUP_PATCHES
};
const char *checkup_patch_ja(enum checkup_patch p); /* "判定不能" … */

struct checkup_terminal {
	const char *name, *os;       /* "PC-07", "Windows 11 Pro 24H2" */
	enum checkup_patch patch;
	int64_t critical, important; /* updates lacking */
	bool kev;                    /* one of them is known to be used in attacks */
	const char *action;          /* "KB5066835", or "" */
	const char *cves;            /* "CVE-2025-59230、CVE-…", or "" */
	const char *evidence;        /* "26100.4061 (26100.6899 が必要)" */
	int64_t software;            /* how many are installed */
	uint32_t days;               /* bit 0: something came on the 1st, … */
	int from, to;                /* the days of the month that it was there, 1 … 31 */
	int64_t lost;                /* events that it had to give up */
	epoch last_at;               /* 0: nothing ever came */
};

enum checkup_severity { CHECKUP_FINE, CHECKUP_LOW, CHECKUP_HIGH, CHECKUP_CRITICAL }; /* stored */
struct checkup_software { /* a product in a version */
	const char *name, *version, *fixed, *cves, *hosts;
	enum checkup_severity severity;
	bool kev, ended, check;      /* check: a person has to look; kept out of counts */
	int64_t terminals;
};
struct checkup_site {
	const char *name, *kind;     /* "動画", "" = nothing is known */
	const char *hosts;           /* of a dangerous one: "PC-01、PC-02"; else "" */
	bool danger, own;            /* own: not for business (業務外) */
	int64_t times, seconds;
};
struct checkup_off {
	const char *terminal, *user;
	const char *what;            /* 起動, ログオン, ロック解除 */
	epoch at;
	bool night, holiday;         /* 22:00–5:00; Saturday, Sunday or holiday */
};
struct checkup_media {
	const char *terminal, *kind /* USBメモリ … */, *name, *serial;
	int64_t times;
	epoch first, last;
};
struct checkup_past { /* a month before */
	int month;                   /* YYYYMM */
	enum health_mark mark[HEALTH_ITEMS];
	int64_t number[HEALTH_ITEMS], terminals;
};

struct checkup {
	const char *number, *company, *contact; /* N000123; the company; the officer's name */
	int month;                   /* YYYYMM */
	epoch made_at;
	uint32_t workdays;           /* bit 0: the 1st was a business day, … */
	const char *feed;            /* "2026-10-30": as of when vulnerabilities are known; "" = not at all */
	const char *until;           /* "2026年9月8日": the last update the tables know, where a terminal is CHECKUP_DATED; else "" */
	struct checkup_terminal *terminal;
	struct checkup_software *software;
	struct checkup_site *by_time, *by_times, *bad; /* bad: danger or own, the longest first */
	struct checkup_off *off;     /* in order of time */
	struct checkup_media *media;
	struct checkup_past *past;   /* the newest first */
	size_t nterminal, nsoftware, nby_time, nby_times, nbad, noff, nmedia, npast;
	int64_t sites, web_times, web_seconds, own_seconds;
};

/* ---- checkup_text.c: kept as text. Strings of *c live in `a`, or in `text` itself. */
void checkup_write(const struct checkup *c, struct sb *out);
/* ERR_PERM: damaged; the line is named. ERR_LIMIT. */
enum status checkup_read(const char *text, size_t n, struct arena *a, struct checkup *c, struct err *e) must_check;

/* ---- checkup_judge.c */
struct checkup_counts {
	int64_t terminals, patched, reboot, lacking, critical, important, kev, ended, stale, unknown, dated; /* terminals */
	int64_t silent;              /* terminals of which days are missing */
	int64_t days, days_expected; /* business days with data, of all terminals */
	int64_t heard;               /* terminals that sent anything at all */
	int64_t products, vulnerable, sw_critical, sw_high, sw_low, sw_kev, sw_ended, sw_check; /* products in versions */
	int64_t media, media_terminals;
	int64_t dangers;             /* sites */
	int64_t off_days, off_terminals, nights, holidays; /* days of terminals */
};
void checkup_count(const struct checkup *c, struct arena *a, struct checkup_counts *n);
/* Three business days in a row are missing, or events were lost. */
bool checkup_silent(const struct checkup *c, const struct checkup_terminal *t);
/* The number of an item that months are compared by. */
int64_t checkup_number(const struct checkup *c, const struct checkup_counts *n, enum health_item i);
const char *checkup_unit(enum health_item i); /* "台" … */
/* Marks and texts, by the sentences of words.h. Strings in `a`. ERR_PERM: a fault in the sentences. */
enum status checkup_judge(const struct checkup *c, const struct words *w, struct arena *a, struct health_words *r, struct err *e) must_check;
/* "5 12 0 340 7 20": numbers of the items and of terminals, for health_row.numbers. */
void checkup_numbers(const struct checkup *c, const struct checkup_counts *n, struct sb *out);
void checkup_past_read(const char *numbers, struct checkup_past *p);

/* Days of which nothing came, those that are worth a word: "10/3–10/9"; "" = none. */
void checkup_missing_days(const struct checkup *c, const struct checkup_terminal *t, struct sb *out);
/* The number with its unit: "7台", "9時間55分", "94時間" */
const char *checkup_amount(struct arena *a, enum health_item i, int64_t n);
/* "10/5(日) 23:10", "2026年10月" */
const char *checkup_when(epoch t, char buf[48]);
const char *checkup_month(int month, char buf[48]);
/* "12時間05分" as "12:05". */
const char *checkup_span(int64_t seconds, char buf[48]);

/* ---- the forms of it */
/* checkup_pdf.c. */
struct checkup_look {
	const struct words *words;   /* for the legend */
	const char *author;          /* the desk's name */
	bool draft;                  /* says so on each page */
};
enum status checkup_pdf(const struct checkup *c, const struct health_words *w, const struct checkup_look *look, struct sb *pdf, int *pages_r,
                        struct err *e) must_check;
/* checkup_detail.c: the pages behind the first. */
struct paper;
void checkup_details(struct paper *p, const struct checkup *c, const struct health_words *w, const struct checkup_counts *n, bool charted,
                     struct arena *a);
/* The months before as a chart, where this page has room for it: then true. */
bool checkup_trend(struct paper *p, const struct checkup *c, const struct health_words *w, const struct checkup_counts *n, struct arena *a);
/* checkup_mail.c: the summary. */
void checkup_html(const struct checkup *c, const struct health_words *w, const char *intro, struct sb *out);
void checkup_plain(const struct checkup *c, const struct health_words *w, struct sb *out);
/* checkup_csv.c: the i-th table, false behind the last. A table without rows is "". */
bool checkup_csv(const struct checkup *c, size_t i, const char **name_r, struct sb *out);

#endif
