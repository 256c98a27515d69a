/* The envelope's layout: what is built is read again, and nothing else is. */
#include "unit.h"
#include "wire/hc1.h"
#include <string.h>

enum { BODY = 5, WHOLE = HC1_HEAD + BODY + HC1_TAG };

static struct hc1_head a_head(void)
{
	struct hc1_head h = { .key_id = 0x01020304, .epoch = 1700000000, .seq = 0x1122334455, .len = BODY };
	memcpy(h.agent_id, "0123456789abcdef", HC1_ID);
	hc1_nonce(&h, (const uint8_t *)"SALT");
	return h;
}

START_TEST(fields_lie_where_the_protocol_says)
{
	static const uint8_t want[HC1_HEAD] = { 'H', 'C', '1', 0, 1, 2, 3, 4,
		'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
		0, 0, 0, 0, 0x65, 0x53, 0xf1, 0x00, 0, 0, 0, 0x11, 0x22, 0x33, 0x44, 0x55,
		'S', 'A', 'L', 'T', 0, 0, 0, 0x11, 0x22, 0x33, 0x44, 0x55, 0, 0, 0, BODY };
	struct hc1_head h = a_head(), back;
	uint8_t p[WHOLE] = { 0 };
	hc1_put(&h, p);
	ck_assert_mem_eq(p, want, HC1_HEAD);
	ck_assert(hc1_parse(p, sizeof p, &back));
	ck_assert_uint_eq(back.key_id, h.key_id);
	ck_assert_mem_eq(back.agent_id, h.agent_id, HC1_ID);
	ck_assert_uint_eq(back.epoch, h.epoch);
	ck_assert_uint_eq(back.seq, h.seq);
	ck_assert_mem_eq(back.nonce, h.nonce, HC1_NONCE);
	ck_assert_uint_eq(back.len, BODY);
}
END_TEST

START_TEST(what_could_not_be_is_none)
{
	static const struct { size_t at; uint8_t x; } flips[] = {
		{ 0, 1 }, { 3, 1 },                      /* magic */
		{ 24, 0x80 }, { 32, 0x80 },              /* beyond 2^63 */
		{ 39, 1 }, { 51, 1 },                    /* the nonce is of another seq */
		{ 55, 1 }, { 52, 0x80 }                  /* length */
	};
	struct hc1_head h = a_head(), back;
	uint8_t p[WHOLE + 1] = { 0 };
	for (size_t i = 0; i < sizeof flips / sizeof *flips; i++) {
		hc1_put(&h, p);
		p[flips[i].at] ^= flips[i].x;
		ck_assert_msg(!hc1_parse(p, WHOLE, &back), "flip %zu", i);
	}
	hc1_put(&h, p);
	for (size_t n = 0; n < WHOLE; n++)
		ck_assert(!hc1_parse(p, n, &back));
	ck_assert(!hc1_parse(p, WHOLE + 1, &back));
	h.epoch = 0;
	hc1_put(&h, p);
	ck_assert(!hc1_parse(p, WHOLE, &back));
	h = a_head();
	h.seq = 0;
	hc1_nonce(&h, (const uint8_t *)"SALT");
	hc1_put(&h, p);
	ck_assert(!hc1_parse(p, WHOLE, &back));
}
END_TEST

START_TEST(infos_name_what_they_are_for)
{
	uint8_t mine[HC1_PUB], theirs[HC1_PUB], root[HC1_ROOT_INFO], batch[HC1_BATCH_INFO];
	memset(mine, 'm', sizeof mine);
	memset(theirs, 't', sizeof theirs);
	hc1_root_info(mine, theirs, root);
	ck_assert_mem_eq(root, "yorozu HC1 rootmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmtttttttttttttttttttttttttttttttt", sizeof root);
	hc1_batch_info(258, batch);
	ck_assert_mem_eq(batch, "yorozu HC1 batch\0\0\0\0\0\0\1\2", sizeof batch);
}
END_TEST

UNIT_SUITE("hc1", fields_lie_where_the_protocol_says, what_could_not_be_is_none, infos_name_what_they_are_for)
