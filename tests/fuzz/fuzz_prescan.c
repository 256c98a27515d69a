/* The gate: any bytes, also under tiny limits; its counts must be in bounds. */
#include "mail/prescan.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct prescan_limits tiny = { .size = 4096, .header = 1024, .line = 200, .comments = 3,
						    .depth = 3, .parts = 8, .headers = 12 };
	const struct prescan_limits *lims[] = { &prescan_default, &tiny };
	for (size_t i = 0; i < 2; i++) {
		struct prescan r;
		struct err e = { 0 };
		enum status st = mail_prescan(p, n, lims[i], &r, &e);
		if (r.header_end > n || (st != OK && st != ERR_LIMIT) || (st != OK && !e.msg[0]))
			abort();
		if (st == OK && (r.depth > lims[i]->depth || r.parts > lims[i]->parts || r.comments > lims[i]->comments))
			abort();
	}
	return 0;
}
