/* Known answers: RFC 7748 §6.1 (as two sides that agree), RFC 5869 A.1, and GCM. */
#include "base/crypto_agree.h"
#include "unit.h"
#include <string.h>

START_TEST(both_sides_agree)
{
	uint8_t a[X25519_LEN], b[X25519_LEN], pa[X25519_LEN], pb[X25519_LEN], x[X25519_LEN], y[X25519_LEN], zero[X25519_LEN] = { 0 };
	struct err e;
	x25519_new(a, pa);
	x25519_new(b, pb);
	ck_assert_int_eq(x25519_shared(a, pb, x, &e), OK);
	ck_assert_int_eq(x25519_shared(b, pa, y, &e), OK);
	ck_assert_mem_eq(x, y, sizeof x);
	ck_assert_int_eq(x25519_shared(a, zero, x, &e), ERR_PERM);
}
END_TEST

START_TEST(hkdf_is_the_rfcs)
{
	static const uint8_t want[] = { 0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a, 0x90, 0x43, 0x4f, 0x64, 0xd0, 0x36,
		0x2f, 0x2a, 0x2d, 0x2d, 0x0a, 0x90, 0xcf, 0x1a, 0x5a, 0x4c, 0x5d, 0xb0, 0x2d, 0x56, 0xec, 0xc4, 0xc5, 0xbf,
		0x34, 0x00, 0x72, 0x08, 0xd5, 0xb8, 0x87, 0x18, 0x58, 0x65 };
	uint8_t secret[22], salt[13], info[10], out[42];
	memset(secret, 0x0b, sizeof secret);
	for (uint8_t i = 0; i < sizeof salt; i++)
		salt[i] = i;
	for (uint8_t i = 0; i < sizeof info; i++)
		info[i] = (uint8_t)(0xf0 + i);
	hkdf256(secret, sizeof secret, salt, sizeof salt, info, sizeof info, out, sizeof out);
	ck_assert_mem_eq(out, want, sizeof want);
}
END_TEST

/* McGrew and Viega, test case 14: a block of zeros under a key of zeros. */
START_TEST(gcm_is_the_papers)
{
	static const uint8_t want[] = { 0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3,
		0x9d, 0x18, 0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19 };
	static const uint8_t key[KEY_LEN], nonce[GCM_NONCE_LEN], zero[16];
	uint8_t out[32], back[16];
	gcm_seal(key, nonce, "", 0, zero, sizeof zero, out);
	ck_assert_mem_eq(out, want, sizeof want);
	ck_assert(gcm_open(key, nonce, "", 0, out, sizeof out, back));
	ck_assert_mem_eq(back, zero, sizeof zero);
	for (size_t i = 0; i < sizeof out; i++) {
		out[i] ^= 1;
		ck_assert(!gcm_open(key, nonce, "", 0, out, sizeof out, back));
		out[i] ^= 1;
	}
	ck_assert(!gcm_open(key, nonce, "x", 1, out, sizeof out, back));
}
END_TEST

UNIT_SUITE("crypto_agree", both_sides_agree, hkdf_is_the_rfcs, gcm_is_the_papers)
