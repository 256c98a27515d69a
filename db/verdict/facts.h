#ifndef VERDICT_FACTS_H
#define VERDICT_FACTS_H
/*
 * What a terminal says about itself: the sections os, patches and software of
 * ingest/PROTOCOL.md. Whole (`yorozu verdict FILE`) or a section at a time, as
 * the store keeps them.
 * SECURITY: hostile. Bounded by the constants below; texts are cut between
 * characters; unknown members are skipped; a member of a wrong type is refused.
 */
#include "base/clk.h"
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum { FACTS_BYTES_MAX = 32 << 20, FACTS_TEXT_MAX = 512, FACTS_KBS_MAX = 5000, FACTS_SOFTWARE_MAX = 5000 };

struct fact_software {
	const char *name, *version, *vendor, *user, *date; /* "" when not said */
	bool per_user;
};

struct fact_kbs {
	uint32_t *v; /* numbers, without "KB" */
	size_t n;
};

struct facts {
	struct arena *a; /* the caller's; everything points into it */
	bool have_os, have_patches, have_software;
	bool windows, server, hotpatch, reboot;
	const char *name, *version, *edition, *arch, *host, *error;
	uint32_t build;
	int64_t ubr;     /* -1: not said */
	struct fact_kbs qfe, installed, pending;
	epoch last_scan; /* 0: not said */
	epoch as_of;     /* 0: not said */
	struct fact_software *software;
	size_t n_software;
};

/* Empty facts in the arena. */
void facts_init(struct facts *f, struct arena *a);
/* One section by its name; others are ignored (OK). May be called again: the
 * later one replaces. ERR_PERM, ERR_LIMIT: it can't be read, f is as before. */
enum status facts_section(struct facts *f, const char *name, const char *json, size_t n, struct err *e) must_check;
/* {"os":…, "patches":…, "software":…, "as_of":ms}. */
enum status facts_parse(const char *json, size_t n, struct arena *a, struct facts *f_r, struct err *e) must_check;

#endif
