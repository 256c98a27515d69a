#ifndef STORE_AGENT_READ_H
#define STORE_AGENT_READ_H
/*
 * What terminals did, for reports. The files are DIR/store/agent-YYYYMM.db, by
 * the month (JST) in which a batch came; roll-ups and rows in them are by when
 * a thing happened. So what happened in a month is in the file of that month
 * and in later ones, and a reader looks at all that there are.
 *
 * Months here are YYYYMM (202611), days as in clk.h, both JST. Only to look:
 * any process may, beside the one that writes. A reader belongs to one thread;
 * it sees the files that were there when it was opened.
 */
#include "base/arena.h"
#include "cal/cal.h"
#include "store/store.h"
#include "text/agent_batch.h"
#include <stdbool.h>

struct agent_reader;
/* folder: DIR/store. Files of months before `from` are not opened. That there
 * is none is no error. */
enum status agent_reader_open(const char *folder, int from, struct agent_reader **r_r, struct err *e) must_check;
void agent_reader_close(struct agent_reader **r);

int agent_month_of(epoch t); /* 202611 */

/* ---- sites: registrable domains, or the host where there is none (an address,
 * a name of one label). Beyond AGENT_SITES_MAX of a terminal's day: AGENT_SITE_OTHER. */
enum { AGENT_SITES_MAX = 5000 };
#define AGENT_SITE_OTHER "(other)"

struct agent_site {
	const char *name;
	int64_t times, seconds;
};
enum agent_sites_by { AGENT_BY_SECONDS, AGENT_BY_TIMES };
/* Of a contract in the month it happened, the greatest first (then by name); max 0: all. */
enum status agent_sites(struct agent_reader *r, int64_t contract, int month, enum agent_sites_by by, size_t max,
                        struct arena *a, struct agent_site **v_r, size_t *n_r, struct err *e) must_check;
/* Of one terminal on the days [from, to). */
enum status agent_terminal_sites(struct agent_reader *r, int64_t terminal, int64_t from, int64_t to, enum agent_sites_by by,
                                 size_t max, struct arena *a, struct agent_site **v_r, size_t *n_r, struct err *e) must_check;

/* ---- rows: what happens seldom */
#define AGENT_BIT(kind) (1u << (kind))
struct agent_row {
	int64_t terminal, q;
	int64_t at_ms;          /* ms since 1970, the terminal's clock corrected */
	bool moved;             /* its time could not be: this is when it came */
	enum agent_kind kind;
	const char *user;       /* "" = nobody */
	const char *op;         /* dev: attach, detach; logon, logoff, unlock: console, remote */
	const char *class;      /* dev: usb_storage, disk, optical, phone, other */
	const char *name;       /* dev: its name; print: the printer */
	const char *detail;     /* dev: "vid:pid:serial"; print: the document */
	int64_t n;              /* print: pages; clock: ms */
};
/* kinds: AGENT_BIT(…) | …; [from, to) in seconds; by time. */
enum status agent_rows(struct agent_reader *r, int64_t terminal, unsigned kinds, epoch from, epoch to, struct arena *a,
                       struct agent_row **v_r, size_t *n_r, struct err *e) must_check;

/* Saturday, Sunday, a holiday, or 22:00–5:00 (HEALTH-04). */
bool agent_off_hours(const struct cal *c, epoch t);
/* boot, logon and unlock off hours. */
enum status agent_off_hours_rows(struct agent_reader *r, const struct cal *c, int64_t terminal, epoch from, epoch to,
                                 struct arena *a, struct agent_row **v_r, size_t *n_r, struct err *e) must_check;

/* ---- what came, and what did not */
struct agent_day {
	int64_t day;
	int64_t batches;        /* made by the terminal on that day, whenever they came */
	int64_t events;         /* that happened on that day */
};
/* Days of [from, to) with anything at all, in order. */
enum status agent_days(struct agent_reader *r, int64_t terminal, int64_t from, int64_t to, struct arena *a,
                       struct agent_day **v_r, size_t *n_r, struct err *e) must_check;
/* Events that the terminal had to give up, in [from, to) by when it said so. */
struct agent_gap {
	int64_t q_from, q_to;
	const char *reason;
	int64_t created_ms;     /* when the terminal said so, its clock corrected */
	epoch received_at;
};
enum status agent_gaps(struct agent_reader *r, int64_t terminal, epoch from, epoch to, struct arena *a,
                       struct agent_gap **v_r, size_t *n_r, struct err *e) must_check;
/* When anything came from the terminal last; 0: never. */
enum status agent_last_at(struct agent_reader *r, int64_t terminal, epoch *at_r, struct err *e) must_check;

#endif
