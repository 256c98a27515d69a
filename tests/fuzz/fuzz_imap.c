/* A server's answer to UID FETCH: any bytes, cut into lines anywhere. */
#include "imap_client.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct keywords k;
	struct imap_fetched f = { .ticket = 12 };
	const char *s = (const char *)p;
	if (keywords_parse("$label4,$label2,$label1,$label3", &k, NULL) != OK)
		__builtin_trap();
	while (n) {
		const char *nl = memchr(s, '\n', n);
		size_t len = nl ? (size_t)(nl - s) + 1 : n;
		imap_fetched_line(&f, &k, s, len);
		if (f.has >= 1u << KEYWORDS)
			__builtin_trap();
		s += len;
		n -= len;
	}
	return 0;
}
