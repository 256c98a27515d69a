#ifndef TEXT_MACHINE_H
#define TEXT_MACHINE_H
/*
 * What a machine says of its hardware, as far as it can tell one from another:
 * boards that were never given a number say the same everywhere.
 */
#include <stdbool.h>

enum { MACHINE_FACT_MAX = 128 };

/* A UUID or serial number in its plain form (capitals, no spaces around); ""
 * when it is a placeholder. Hostile; cut to fit. */
void machine_fact(const char *text, char out[MACHINE_FACT_MAX]);

#endif
