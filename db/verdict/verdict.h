#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H
/*
 * The verdict on one terminal: is Windows patched, which programs are
 * vulnerable, and the evidence, at a cut-off (JST). Three-valued: what can't be
 * known is said to be unknown. The rules, and which mistakes of others they
 * avoid, are in verdict_patch.c and verdict_software.c.
 *
 * Costs well under a millisecond a terminal; memory is the caller's arena (make
 * one a terminal, or one for all and mind its size: about 10 KB each). A struct
 * feed may be used by many threads at once.
 */
#include "base/clk.h"
#include "facts.h"
#include "feed.h"

struct arena;
struct sb;

enum {
	VERDICT_GRACE_DAYS = 14,  /* an update younger than this is not demanded yet */
	VERDICT_STALE_DAYS = 14,  /* facts older than this say nothing */
	VERDICT_CVES_MAX = 12     /* named of each update or program; the rest is counted */
};

/* From good to bad is no order: count by name. */
enum patch_state { PATCH_SATISFIED, PATCH_REBOOT, PATCH_MISSING, PATCH_ENDED, PATCH_UNKNOWN, PATCH_STALE, PATCH_STATES };
/* "適用済み", "再起動待ち", "未適用", "サポート終了", "判定不能", "情報が古い". */
const char *patch_state_ja(enum patch_state s);
/* "satisfied", "reboot", "missing", "ended", "unknown", "stale". */
const char *patch_state_word(enum patch_state s);

struct verdict_cves {
	uint64_t v[VERDICT_CVES_MAX]; /* exploited ones (KEV) first, then by severity */
	size_t n, total, kev;         /* n named, total, exploited among all */
};

struct missing_update {
	uint32_t kb, ubr;      /* ubr 0: no cumulative update (.NET) */
	int64_t day;           /* of release */
	enum severity severity;
	bool in_grace;         /* shown apart, counted nowhere */
	struct verdict_cves cves;
};

enum software_state {
	SOFT_FINE,       /* known, no known vulnerability */
	SOFT_VULNERABLE, /* Critical, High or exploited */
	SOFT_MINOR,      /* lesser or unrated ones only */
	SOFT_ENDED,      /* no longer supported */
	SOFT_UNCLEAR,    /* 要確認: counted nowhere */
	SOFT_STATES
};
const char *software_state_ja(enum software_state s);
const char *software_state_word(enum software_state s);

struct software_finding {
	const struct fact_software *software; /* as installed */
	const char *product, *product_name;   /* of the dictionary */
	enum software_state state;
	enum severity severity;
	struct verdict_cves cves;
	const char *wanted;                   /* "149.0.1 以上", "" unknown */
	const char *why;                      /* a sentence, for ENDED and UNCLEAR; else "" */
};

struct verdict {
	const char *version;   /* feed_version: with it the verdict can be repeated */
	epoch cutoff, as_of;
	/* Windows */
	enum patch_state patch;
	const char *why;       /* the evidence, in Japanese */
	bool table_old;        /* newer than the table, or the table misses a month */
	bool esu;              /* patched beyond its end of support */
	bool by_hotpatch;
	int64_t ended;         /* day of the end of support, or INT64_MIN */
	struct missing_update need;    /* the newest that is demanded; kb 0: none */
	struct missing_update action;  /* what to install: the newest of all */
	struct missing_update *missing;  /* newest first, those in grace among them */
	size_t n_missing;
	size_t critical, important;      /* updates, without grace */
	size_t cves, kev;                /* of them */
	/* software: all but SOFT_FINE, worst first */
	struct software_finding *software;
	size_t n_software;
	size_t states[SOFT_STATES];      /* entries by state */
	size_t soft_critical, soft_high; /* of SOFT_VULNERABLE, by their worst */
	size_t soft_kev;
	size_t matched, unmatched;       /* entries the dictionary knows, and does not */
};

/* Everything in v lives in the arena, or as long as the feed and the facts. */
void verdict_of(const struct feed *f, const struct facts *x, epoch cutoff, struct arena *a, struct verdict *v);

/* verdict_show.c: for people (Japanese, a screen) and for programs (one object). */
void verdict_show(const struct feed *f, const struct facts *x, const struct verdict *v, struct sb *out);
void verdict_json(const struct facts *x, const struct verdict *v, struct sb *out);

#endif
