#ifndef REPORT_MONTH_CLI_H
#define REPORT_MONTH_CLI_H
/* `yorozu report month`: what an operator asks for by hand. */
#include "month.h"

struct month_cli {
	const char *who, *month;
	const char *contract, *print; /* print: of one contract */
	bool again;                   /* drafts anew, of one or all */
};

/* The words behind "month". False: wrong usage. */
bool month_cli_parse(int argc, char **argv, struct month_cli *c);
/* Says on standard output what was done. */
enum status month_cli(const struct reports *r, const struct month_cli *c, epoch now, struct err *e) must_check;

#endif
