#ifndef AGENT_LOGS_H
#define AGENT_LOGS_H
/* Lines of logs that collectors read, taken apart. SECURITY: programs and users
 * write into them; every field is bounded, what does not fit is no line. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_word {
	const char *s;
	size_t n;
};

/* A visit, as the filter's proxy writes it: `TIME-MS HOST SECONDS [USER]`. */
struct web_line {
	int64_t t, seconds;
	struct log_word host, user;
};
bool web_line(const char *p, size_t n, struct web_line *w);

/* CUPS page_log: `PRINTER USER JOB [TIME] PAGE COPIES BILLING HOST NAME… MEDIA SIDES`;
 * PAGE is a number, or "total" and COPIES all pages. */
struct print_line {
	int64_t t, job, pages;
	bool total;
	struct log_word printer, user, doc;
};
bool print_line(const char *p, size_t n, struct print_line *l);

#endif
