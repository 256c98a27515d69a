/* Capability links: only who was given one has one; and staff passwords. */
#include "base/link.h"
#include "base/password.h"
#include "unit.h"
#include <string.h>

static struct link_ctx l;

static void setup(void)
{
	static const uint8_t master[KEY_LEN] = { 7 };
	link_init(&l, master);
}

START_TEST(a_token_names_its_row)
{
	static const int64_t ids[] = { 1, 9, 10, 123456789, 999999999999999999 };
	setup();
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		char token[LINK_TOKEN_SIZE];
		int64_t id = 0;
		link_token(&l, LINK_UPLOAD, ids[i], token);
		ck_assert(link_parse(&l, LINK_UPLOAD, token, &id));
		ck_assert_int_eq(id, ids[i]);
		ck_assert_uint_ge(strlen(strchr(token, '-') + 1) * 5, 128);
	}
}
END_TEST

START_TEST(every_changed_letter_is_forged)
{
	char token[LINK_TOKEN_SIZE];
	int64_t id;
	setup();
	link_token(&l, LINK_DOWNLOAD, 12, token);
	for (char *p = token; *p; p++) {
		char keep = *p;
		*p = keep == 'a' ? 'b' : keep == '1' ? '2' : 'a';
		ck_assert_msg(!link_parse(&l, LINK_DOWNLOAD, token, &id), "%s", token);
		*p = keep;
	}
	ck_assert(link_parse(&l, LINK_DOWNLOAD, token, &id));
}
END_TEST

START_TEST(kinds_and_instances_do_not_mix)
{
	static const uint8_t master[KEY_LEN] = { 8 };
	struct link_ctx other;
	char token[LINK_TOKEN_SIZE];
	int64_t id;
	setup();
	link_init(&other, master);
	link_token(&l, LINK_UPLOAD, 12, token);
	ck_assert(!link_parse(&l, LINK_DOWNLOAD, token, &id));
	ck_assert(!link_parse(&other, LINK_UPLOAD, token, &id));
}
END_TEST

START_TEST(what_is_no_token)
{
	static const char *const texts[] = { "", "-", "1", "1-", "-abc", "01-", "1-aaaaaaaaaaaaaaaaaaaaaaaaaa", "../../etc/passwd",
		"99999999999999999999-aaaaaaaaaaaaaaaaaaaaaaaaaa", "+1-aaaaaaaaaaaaaaaaaaaaaaaaaa", " 1-aaaaaaaaaaaaaaaaaaaaaaaaaa",
		"1-aaaaaaaaaaaaaaaaaaaaaaaaaaa", "0-aaaaaaaaaaaaaaaaaaaaaaaaaa" };
	int64_t id;
	setup();
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert_msg(!link_parse(&l, LINK_UPLOAD, texts[i], &id), "%s", texts[i]);
}
END_TEST

START_TEST(addresses)
{
	struct cfg *c;
	struct err e;
	setup();
	ck_assert_int_eq(cfg_parse("t", "base_port = 20000\nweb_host = localhost\n", "/x", &c, &e), OK);
	char *url = link_url(&l, c, LINK_UPLOAD, 3);
	ck_assert_int_eq(strncmp(url, "https://localhost:20443/u/3-", 28), 0);
	free(url);
	cfg_free(&c);
	ck_assert_int_eq(cfg_parse("t", "mode = production\nweb_host = files.example.jp\n", "/x", &c, &e), OK);
	url = link_url(&l, c, LINK_DOWNLOAD, 3);
	ck_assert_int_eq(strncmp(url, "https://files.example.jp/d/3-", 29), 0);
	free(url);
	cfg_free(&c);
}
END_TEST

START_TEST(passwords)
{
	struct sb hash = SB_INIT, made = SB_INIT;
	struct err e;
	ck_assert_int_eq(password_hash("Geheim-suzuki-1", &hash, &e), OK);
	ck_assert(password_matches("Geheim-suzuki-1", hash.s));
	ck_assert(!password_matches("geheim-suzuki-1", hash.s));
	ck_assert(!password_matches("", hash.s));
	ck_assert(!password_matches("Geheim-suzuki-1", ""));
	ck_assert(!password_matches("Geheim-suzuki-1", "!"));
	ck_assert(!password_matches("x", "{SHA512-CRYPT}"));
	ck_assert(!password_matches("*0", "{SHA512-CRYPT}*0"));
	ck_assert(!password_matches("x", "{SHA512-CRYPT}x"));
	password_make(&made);
	ck_assert_uint_ge(made.len, 20);
	sb_free(&hash);
	ck_assert_int_eq(password_hash(made.s, &hash, &e), OK);
	ck_assert(password_matches(made.s, hash.s));
	ck_assert_int_eq(password_hash("short", &made, &e), ERR_PERM);
	sb_free(&hash);
	sb_free(&made);
}
END_TEST

UNIT_SUITE("link", a_token_names_its_row, every_changed_letter_is_forged, kinds_and_instances_do_not_mix, what_is_no_token,
           addresses, passwords)
