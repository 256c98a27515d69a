#ifndef VERDICT_VERSION_H
#define VERDICT_VERSION_H
/*
 * Versions as installers write them: "149.0.7827.104", "8u471", "5.16.5 (24296)",
 * "2.4.1-beta2". Numbers are compared as numbers, missing ones are 0; a pre-
 * release ("-rc1", "b2") is below its release.
 * SECURITY: hostile text; at most VERSION_PARTS numbers are looked at.
 */
#include <stdbool.h>
#include <stdint.h>

enum { VERSION_PARTS = 8 };

/* Does it begin with a number (after "v" or "Ver.")? Else nothing can be said. */
bool version_known(const char *s);
int version_cmp(const char *a, const char *b); /* <0, 0, >0 */

/* Read once, compared often. */
struct version {
	uint32_t part[VERSION_PARTS]; /* a number beyond 32 bits counts as the largest */
	int below;                    /* -1: a pre-release */
};
struct version version_read(const char *s);
int version_order(const struct version *a, const struct version *b);

#endif
