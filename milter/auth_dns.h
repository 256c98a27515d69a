#ifndef AUTH_DNS_H
#define AUTH_DNS_H
/*
 * A small stub resolver for the helper processes: one question at a time, a
 * deadline in milliseconds over all of them (libresolv's own loop counts in
 * whole seconds), answers bounded and parsed by libresolv. Not thread-safe.
 */
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_RR_MAX 100
#define DNS_DATA_MAX 65536

struct dns;

enum dns_rc {
	DNS_FOUND,
	DNS_NONE, /* no such name, or no such record there */
	DNS_FAIL  /* no answer in time, SERVFAIL, rubbish: nothing is known */
};

struct dns_answer {
	int n;
	struct { const char *data; size_t len; } rr[DNS_RR_MAX];
	/* A: 4 bytes, AAAA: 16, MX and PTR: the name, TXT: all strings joined, NUL
	 * bytes as '?'. Every one has a NUL behind. */
	char buf[DNS_DATA_MAX];
	size_t used;
};

/* True for "system", "IP", "IP:PORT" and "[IPv6]:PORT". */
bool dns_valid_server(const char *server);

enum status dns_open(const char *server, struct dns **dns_r, struct err *e) must_check;
void dns_free(struct dns **d);

/* Each ask until the next call ends before this time of clk_mono_ms(). */
void dns_deadline(struct dns *d, int64_t mono_ms);

/* type: ns_t_a … of <arpa/nameser.h>; CNAMEs are followed (at most 5). */
enum dns_rc dns_ask(struct dns *d, const char *name, int type, struct dns_answer *a);

#endif
