#ifndef REPORT_REPORT_CLI_H
#define REPORT_REPORT_CLI_H
/* `yorozu report stats`: what an operator asks for by hand. */
#include "report_job.h"

enum { REPORT_CLI_TO_MAX = 20 };

struct report_cli {
	const char *who, *month;       /* month NULL: the last one */
	const char *to[REPORT_CLI_TO_MAX];
	size_t nto;                    /* 0: the supervisors */
	bool again, print;
};

/* The words behind "stats". False: wrong usage. */
bool report_cli_parse(int argc, char **argv, struct report_cli *c);
/* Says on standard output what was done. */
enum status report_cli(const struct reports *r, const struct report_cli *c, epoch now, struct err *e) must_check;

#endif
