/*
 * MAG-06: DKIM signatures of our own: the canonical forms by RFC 6376's own
 * examples, and signatures that verify, by both kinds of keys.
 */
#include "unit.h"
#include "base/xalloc.h"
#include "mail/dkim.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

START_TEST(the_body_is_relaxed)
{
	static const struct { const char *body, *want; } t[] = {
		{ " C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n" }, /* RFC 6376 §3.4.5 */
		{ "", "" },
		{ "\r\n\r\n", "" },
		{ " \t \r\na", "\r\na\r\n" },
		{ "a\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n" },
		{ "a\tb  c\t\r\n", "a b c\r\n" },
	};
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct sb out = SB_INIT;
		dkim_relax_body(t[i].body, strlen(t[i].body), &out);
		ck_assert_str_eq(out.s, t[i].want);
		sb_free(&out);
	}
}
END_TEST

START_TEST(a_field_is_relaxed)
{
	struct sb out = SB_INIT;
	const char *v = " Y\t\r\n\tZ  ";
	dkim_relax_field("B ", 1, v, strlen(v), &out);
	ck_assert_str_eq(out.s, "b:Y Z");
	sb_free(&out);
}
END_TEST

/* SHA-256 of an empty relaxed body (RFC 6376 §3.4.4). */
START_TEST(an_empty_body_has_the_known_hash)
{
	struct dkim_body b;
	dkim_body_hash("", 0, &b);
	ck_assert_str_eq(b.bh, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}
END_TEST

static struct sign_key *a_key(const char *algorithm)
{
	char path[] = "/tmp/yorozu-key-XXXXXX";
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	char *cmd = xasprintf("openssl genpkey -algorithm %s -out %s 2>/dev/null", algorithm, path);
	ck_assert_int_eq(system(cmd), 0);
	free(cmd);
	struct err e;
	struct sign_key *k;
	ck_assert_msg(sign_key_load(path, &k, &e) == OK, "%s", e.msg);
	unlink(path);
	return k;
}

/* What a verifier does, by hand: the fields that h= names, then the signature's own without b=. */
static void check(const struct sign_key *k, const char *field, const char *head)
{
	struct sb input = SB_INIT, own = SB_INIT, sig = SB_INIT;
	static const char *const names[] = { "From", "To", "Subject", "List-Unsubscribe", NULL };
	const char *end = strstr(field, "\r\nDKIM-Signature") ? strstr(field, "\r\nDKIM-Signature") : field + strlen(field) - 2;
	for (const char *const *n = names; *n; n++) {
		const char *at = strstr(head, *n), *colon = strchr(at, ':'), *nl = strstr(at, "\r\n");
		dkim_relax_field(at, strlen(*n), colon + 1, (size_t)(nl - colon - 1), &input);
		sb_adds(&input, "\r\n");
	}
	const char *b = strstr(field, "\tb=") + 3;
	sb_add(&own, field + 15, (size_t)(b - field - 15));
	dkim_relax_field("DKIM-Signature", 14, own.s, own.len, &input);
	ck_assert(b64_decode(b, (size_t)(end - b), &sig));
	uint8_t sum[SHA256_LEN];
	crypto_sha256(input.s, input.len, sum);
	bool ok = sign_is_ed25519(k) ? sign_verify(k, sum, sizeof sum, sig.s, sig.len) : sign_verify(k, input.s, input.len, sig.s, sig.len);
	ck_assert_msg(ok, "%s", field);
	sb_free(&input), sb_free(&own), sb_free(&sig);
}

START_TEST(signatures_verify)
{
	static const char head[] = "From: a@example.jp\r\nTo: b@example.jp\r\nSubject:  x\t y\r\nX-Other: 1\r\nList-Unsubscribe: <mailto:s@example.jp>\r\n";
	struct sign_key *rsa = a_key("rsa"), *ed = a_key("ed25519");
	const struct dkim_signer d = { .domain = "example.jp", .keys = { { rsa, "r" }, { ed, "e" } }, .nkeys = 2 };
	struct dkim_body b;
	struct sb out = SB_INIT;
	dkim_body_hash("x\r\n", 3, &b);
	dkim_sign(&d, &b, head, strlen(head), 1000, &out);
	const char *second = strstr(out.s, "\r\nDKIM-Signature:") + 2;
	ck_assert_ptr_nonnull(strstr(out.s, "a=rsa-sha256"));
	ck_assert_ptr_nonnull(strstr(second, "a=ed25519-sha256"));
	ck_assert_msg(strstr(out.s, "h=From:From:To:Subject:List-Unsubscribe;") != NULL, "%s", out.s);
	ck_assert_ptr_null(strstr(out.s, "X-Other"));
	check(rsa, out.s, head);
	check(ed, second, head);
	for (const char *p = out.s; *p; p = strstr(p, "\r\n") + 2)
		ck_assert_uint_le((size_t)(strstr(p, "\r\n") - p), 78);
	sb_free(&out);
	sign_key_free(&rsa);
	sign_key_free(&ed);
}
END_TEST

UNIT_SUITE("dkim", the_body_is_relaxed, a_field_is_relaxed, an_empty_body_has_the_known_hash, signatures_verify)
