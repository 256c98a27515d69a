/* Any bytes as an enrolment: no crash; what is taken has a code and a host, and
 * every text in it is short and UTF-8. */
#include "enroll_read.h"
#include "fuzz_text.h"
#include "store/store_terminal.h"
#include "text/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = arena_new();
	struct enroll_request q;
	struct err e;
	if (enroll_read((const char *)p, n, a, &q, &e) == OK) {
		const char *const v[] = { q.code, q.token, q.host, q.os, q.agent, q.smbios_uuid, q.board_serial, q.machine_guid };
		FUZZ_CHECK(*q.code && *q.host);
		for (size_t i = 0; i < sizeof v / sizeof *v; i++)
			FUZZ_CHECK(strlen(v[i]) < TERMINAL_NAME_MAX && text_is_utf8(v[i], strlen(v[i])));
	}
	arena_free(&a);
	return 0;
}
