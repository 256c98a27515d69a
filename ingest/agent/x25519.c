/*
 * X25519: the Montgomery ladder of RFC 7748 §5 over 2^255 - 19, five limbs of
 * 51 bits. No branch and no index depends on a secret.
 */
#include "x25519.h"
#include <string.h>

typedef uint64_t fe[5];
typedef unsigned __int128 u128;
#define LIMB ((uint64_t)1 << 51)

static void fe_load(fe r, const uint8_t p[32])
{
	uint64_t w[4];
	for (int i = 0; i < 4; i++) {
		w[i] = 0;
		for (int k = 7; k >= 0; k--)
			w[i] = w[i] << 8 | p[8 * i + k];
	}
	r[0] = w[0] & (LIMB - 1);
	r[1] = (w[0] >> 51 | w[1] << 13) & (LIMB - 1);
	r[2] = (w[1] >> 38 | w[2] << 26) & (LIMB - 1);
	r[3] = (w[2] >> 25 | w[3] << 39) & (LIMB - 1);
	r[4] = w[3] >> 12 & (LIMB - 1); /* the top bit is ignored */
}

static void fe_carry(fe r)
{
	for (int i = 0; i < 5; i++) {
		uint64_t c = r[i] >> 51;
		r[i] &= LIMB - 1;
		if (i < 4)
			r[i + 1] += c;
		else
			r[0] += 19 * c;
	}
}

static void fe_store(uint8_t out[32], const fe a)
{
	fe r;
	memcpy(r, a, sizeof r);
	fe_carry(r);
	fe_carry(r);
	/* r < 2^255 + small: minus p when it is p or more. */
	uint64_t q = (r[0] + 19) >> 51;
	for (int i = 1; i < 5; i++)
		q = (r[i] + q) >> 51;
	r[0] += 19 * q;
	for (int i = 0; i < 4; i++) {
		r[i + 1] += r[i] >> 51;
		r[i] &= LIMB - 1;
	}
	r[4] &= LIMB - 1;
	uint64_t w[4] = { r[0] | r[1] << 51, r[1] >> 13 | r[2] << 38, r[2] >> 26 | r[3] << 25, r[3] >> 39 | r[4] << 12 };
	for (int i = 0; i < 32; i++)
		out[i] = (uint8_t)(w[i / 8] >> 8 * (i % 8));
}

static void fe_add(fe r, const fe a, const fe b)
{
	for (int i = 0; i < 5; i++)
		r[i] = a[i] + b[i];
}

/* a - b, with 4p added so that no limb goes below zero. */
static void fe_sub(fe r, const fe a, const fe b)
{
	r[0] = a[0] + 4 * (LIMB - 19) - b[0];
	for (int i = 1; i < 5; i++)
		r[i] = a[i] + 4 * (LIMB - 1) - b[i];
	fe_carry(r);
}

static void fe_reduce(fe r, const u128 t[5])
{
	u128 c = 0;
	for (int i = 0; i < 5; i++) {
		c += t[i];
		r[i] = (uint64_t)c & (LIMB - 1);
		c >>= 51;
	}
	c = c * 19 + r[0];
	r[0] = (uint64_t)c & (LIMB - 1);
	r[1] += (uint64_t)(c >> 51);
}

static void fe_mul(fe r, const fe a, const fe b)
{
	u128 t[5] = { 0 };
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 5; k++)
			t[(i + k) % 5] += (u128)a[i] * (i + k >= 5 ? 19 * b[k] : b[k]);
	fe_reduce(r, t);
}

static void fe_small(fe r, const fe a, uint64_t n)
{
	u128 t[5];
	for (int i = 0; i < 5; i++)
		t[i] = (u128)a[i] * n;
	fe_reduce(r, t);
}

/* a^(p-2): p - 2 has all bits set but those of 2^255 - 1 - (p - 2) = 20. */
static void fe_invert(fe r, const fe a)
{
	fe x;
	memcpy(x, a, sizeof x);
	for (int i = 253; i >= 0; i--) {
		fe_mul(x, x, x);
		if (i != 2 && i != 4)
			fe_mul(x, x, a);
	}
	memcpy(r, x, sizeof x);
}

static void swap(fe a, fe b, uint64_t bit)
{
	uint64_t mask = 0 - bit;
	for (int i = 0; i < 5; i++) {
		uint64_t t = mask & (a[i] ^ b[i]);
		a[i] ^= t;
		b[i] ^= t;
	}
}

static void step(const fe x1, fe x2, fe z2, fe x3, fe z3)
{
	fe a, b, c, d, aa, bb, e, t;
	fe_add(a, x2, z2);
	fe_sub(b, x2, z2);
	fe_add(c, x3, z3);
	fe_sub(d, x3, z3);
	fe_mul(d, d, a); /* DA */
	fe_mul(c, c, b); /* CB */
	fe_mul(aa, a, a);
	fe_mul(bb, b, b);
	fe_sub(e, aa, bb);
	fe_add(t, d, c);
	fe_mul(x3, t, t);
	fe_sub(t, d, c);
	fe_mul(t, t, t);
	fe_mul(z3, t, x1);
	fe_mul(x2, aa, bb);
	fe_small(t, e, 121665);
	fe_add(t, t, aa);
	fe_mul(z2, e, t);
}

bool x25519(const uint8_t scalar[32], const uint8_t point[32], uint8_t out[32])
{
	uint8_t k[32], any = 0;
	fe x1, x2 = { 1 }, z2 = { 0 }, x3, z3 = { 1 };
	uint64_t swapped = 0;
	memcpy(k, scalar, sizeof k);
	k[0] &= 248;
	k[31] = (uint8_t)((k[31] & 127) | 64);
	fe_load(x1, point);
	memcpy(x3, x1, sizeof x3);
	for (int i = 254; i >= 0; i--) {
		uint64_t bit = k[i / 8] >> (i % 8) & 1;
		swap(x2, x3, swapped ^ bit);
		swap(z2, z3, swapped ^ bit);
		swapped = bit;
		step(x1, x2, z2, x3, z3);
	}
	swap(x2, x3, swapped);
	swap(z2, z3, swapped);
	fe_invert(z2, z2);
	fe_mul(x2, x2, z2);
	fe_store(out, x2);
	for (int i = 0; i < 32; i++)
		any |= out[i];
	memset(k, 0, sizeof k);
	return any != 0;
}
