/* What hardware says of itself, and what only looks like it. */
#include "text/machine.h"
#include "unit.h"
#include <string.h>

START_TEST(placeholders_are_nothing)
{
	static const struct { const char *told, *fact; } v[] = {
		{ "4c4c4544-0042-3510-8053-b4c04f4e5932", "4C4C4544-0042-3510-8053-B4C04F4E5932" }, { "  PF1A2B3C  ", "PF1A2B3C" },
		{ "", "" }, { "   ", "" }, { "00000000-0000-0000-0000-000000000000", "" }, { "ffffffff-ffff-ffff-ffff-ffffffffffff", "" },
		{ "03000200-0400-0500-0006-000700080009", "" }, { "To be filled by O.E.M.", "" }, { "Default string", "" },
		{ "None", "" }, { "0", "" }, { "xxxxxxxx", "" }, { "...", "" }, { "123456789", "" }, { "A\x01\x42", "AB" }, { "\xe6\x97\xa5", "" },
	};
	char out[MACHINE_FACT_MAX];
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		machine_fact(v[i].told, out);
		ck_assert_str_eq(out, v[i].fact);
	}
}
END_TEST

START_TEST(long_ones_are_cut)
{
	char told[500], out[MACHINE_FACT_MAX];
	memset(told, 'a', sizeof told);
	told[0] = 'b';
	told[sizeof told - 1] = '\0';
	machine_fact(told, out);
	ck_assert_uint_eq(strlen(out), MACHINE_FACT_MAX - 1);
}
END_TEST

UNIT_SUITE("machine", placeholders_are_nothing, long_ones_are_cut)
