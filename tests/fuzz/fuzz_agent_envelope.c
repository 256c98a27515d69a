/*
 * Any bytes as an envelope, and as what is inside one: no crash; what parses is
 * put again as it was; what has a size decompresses to just that, or not at all.
 */
#include "store/agent_body.h"
#include "store/agent_ranges.h"
#include "wire/hc1.h"
#include <stdlib.h>
#include <string.h>

enum { MAX = 1 << 20 };

static void must(int ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	struct hc1_head h;
	struct ranges r;
	struct err e;
	struct sb out = SB_INIT;
	uint8_t head[HC1_HEAD], bytes[RANGES_BYTES];
	size_t size = 0;
	if (hc1_parse(data, n, &h)) {
		hc1_put(&h, head);
		must(memcmp(head, data, HC1_HEAD) == 0);
		data += HC1_HEAD;
		n = h.len;
	}
	if (agent_body_size(data, n, MAX, &size, &e) == OK) {
		must(size <= MAX);
		must(agent_body_open(data, n, size, &out, &e) != OK || out.len == size);
	}
	if (ranges_load(&r, data, n))
		must(ranges_save(&r, bytes) == n && (n == 0 || memcmp(bytes, data, n) == 0));
	sb_free(&out);
	return 0;
}
