#ifndef AUTH_SPFMACRO_H
#define AUTH_SPFMACRO_H
/* SPF macros (RFC 7208 §7) and the order of terms, before libspf2 sees a record. */
#include <stdbool.h>
#include <stddef.h>

struct spf_vars { /* all printable ASCII without space, '%' and '/' */
	const char *local, *sender_domain; /* %{l} %{o}; %{s} is both */
	const char *domain;                /* %{d} */
	const char *helo;                  /* %{h} */
	const char *ip;                    /* %{i}: 192.0.2.1, or 32 nibbles with dots */
	bool ipv6;                         /* %{v} */
	const char *(*client_name)(void *); /* %{p}, asked only when used */
	void *arg;
};

/*
 * Writes the record anew: macros expanded (specs cut on the left to 253 bytes),
 * exp= and unknown modifiers left out, redirect= last. False: a syntax error
 * that is a permerror, or it does not fit. What libspf2 checks is left to it.
 */
bool spf_rewrite(const char *record, const struct spf_vars *v, char *out, size_t size);

/* One macro-string alone, for tests. */
bool spf_expand(const char *spec, size_t n, const struct spf_vars *v, char *out, size_t size);

#endif
