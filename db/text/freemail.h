#ifndef TEXT_FREEMAIL_H
#define TEXT_FREEMAIL_H
/*
 * Domains whose addresses say nothing about a company: free mail, mobile
 * carriers, consumer providers; and domains under which everybody registers
 * (co.jp, tokyo.jp, com). None may become a contract's company domain.
 */
#include <stdbool.h>

/* `domain` in lower case, ASCII. True for a listed domain, anything below it,
 * and a bare public suffix. */
bool freemail_domain(const char *domain);

#endif
