/*
 * Contracts: the rules of every field, the store's own checks, sealed
 * passwords, import and export.
 */
#include "contract_csv.h"
#include "contract_edit.h"
#include "store/store_contract.h"
#include "store_fixture.h"
#include "text/charset.h"
#include "text/freemail.h"

enum { NOW = 1795000000 /* 2026-11-18 */, DAY = 86400 };

/* ---- rules ------------------------------------------------------------------------ */

/* `n` times a character. */
static char *times(const char *ch, int n)
{
	struct sb b = SB_INIT;
	for (int i = 0; i < n; i++)
		sb_adds(&b, ch);
	char *copy = arena_strndup(a, b.s, b.len);
	sb_free(&b);
	return copy;
}

static void good(int f, const char *v)
{
	ck_assert_msg(field_ok(&contract_fields[f].rule, v), "%s refuses \"%s\"", contract_fields[f].column, v);
}

static void bad(int f, const char *v)
{
	ck_assert_msg(!field_ok(&contract_fields[f].rule, v), "%s takes \"%s\"", contract_fields[f].column, v);
}

static void bad_each(int f, const char *const *v)
{
	for (; *v; v++)
		bad(f, *v);
}

/* The widths of the specification, field by field: that long is good, one more is not. */
START_TEST(full_width)
{
	static const struct { int field, max; } zen[] = {
		{ CF_NAME, 80 }, { CF_TOWN, 46 }, { CF_LOT, 20 }, { CF_BUILDING, 16 }, { CF_FLOOR, 4 },
		{ CF_CONTACT_NAME, 10 }, { CF_BILL_TOWN, 46 }, { CF_BILL_LOT, 20 }, { CF_BILL_BUILDING, 16 },
		{ CF_BILL_FLOOR, 4 }, { CF_BILLING_ORG, 20 }, { CF_BILLING_NAME, 10 }, { CF_OPENING_COMPANY, 80 },
		{ CF_OPENING_NAME, 10 }, { CF_OFFICER_NAME, 10 }, { CF_OFFICER_DEPT, 80 },
	};
	static const char *const wrong[] = { "a", "株A", "ｶﾌﾞ", "株 式", "1", "株\n", "😀", "한", "é", "か\u3099",
		"株\xEF\xBF\xBD", "\xFF", NULL };
	a = arena_new();
	for (size_t i = 0; i < sizeof zen / sizeof *zen; i++) {
		good(zen[i].field, times("株", zen[i].max));
		good(zen[i].field, times("髙", zen[i].max));
		good(zen[i].field, times("𠮷", zen[i].max));
		bad(zen[i].field, times("株", zen[i].max + 1));
		bad_each(zen[i].field, wrong);
	}
	good(CF_NAME, "㈱ＡＢＣ・テスト　第１工場（№２）〜～－−ー々〆ヶⅣ①℡");
	arena_free(&a);
}
END_TEST

START_TEST(kana)
{
	static const struct { int field, max; } fields[] = { { CF_NAME_KANA, 80 }, { CF_BILL_ADDRESSEE, 30 }, { CF_OFFICER_KANA, 80 } };
	static const char *const wrong[] = { "かな", "漢", "ｶﾅ", "カナ カナ", "A", "Ａ", "カ\u3099", "1", "１", NULL };
	a = arena_new();
	for (size_t i = 0; i < 3; i++) {
		good(fields[i].field, times("ヴ", fields[i].max));
		good(fields[i].field, "スズキ　イチロー・ヲヮヵヶ");
		bad(fields[i].field, times("ア", fields[i].max + 1));
		bad_each(fields[i].field, wrong);
	}
	arena_free(&a);
}
END_TEST

START_TEST(numbers_and_codes)
{
	static const char *const n9[] = { "N12345", "N1234567890", "n123456789", "123456789", "N12345678a", "N 12345678",
		"Ｎ123456789", "N１２３４５６７８９", "C123456789", NULL };
	static const char *const cd[] = { "C123456789", "C12345678901", "N1234567890", "c1234567890", "CD123456789", NULL };
	static const char *const zip[] = { "123456", "12345678", "123-4567", "１２３４５６７", "123456a", NULL };
	static const char *const phone[] = { "03-1234-567890", "０３－１２３４", "03 1234 5678", "(03)1234", "+81312345678",
		"-0312345", "03-", "03--1234", "a", "312345678", "9012345678", NULL };
	static const char *const ids[] = { "9", "1", "10000", "-1", "010", "10.5", "十", "99999999999999999999", "0x10", NULL };
	static const char *const tickets[] = { "10000", "-1", "01", "a", NULL };
	good(CF_N_NUMBER, "N123456789");
	bad_each(CF_N_NUMBER, n9);
	good(CF_CUSTOMER_ID, "C1234567890");
	good(CF_CUSTOMER_ID, "D1234567890");
	bad_each(CF_CUSTOMER_ID, cd);
	for (int i = 0; i < 2; i++) {
		good(i ? CF_ZIP : CF_BILL_ZIP, "0600001");
		bad_each(i ? CF_ZIP : CF_BILL_ZIP, zip);
	}
	for (int i = 0; i < 4; i++) {
		static const int f[] = { CF_CONTACT_PHONE, CF_BILLING_PHONE, CF_OPENING_PHONE, CF_OFFICER_PHONE };
		good(f[i], "090-1234-5678");
		good(f[i], "0312345678");
		good(f[i], "81312345678");
		bad_each(f[i], phone);
	}
	for (int i = 0; i < 2; i++) {
		good(i ? CF_IDS_ADDED : CF_IDS_AFTER, "0");
		good(i ? CF_IDS_ADDED : CF_IDS_AFTER, "10");
		good(i ? CF_IDS_ADDED : CF_IDS_AFTER, "9999");
		bad_each(i ? CF_IDS_ADDED : CF_IDS_AFTER, ids);
	}
	good(CF_TICKET_COUNT, "0");
	good(CF_TICKET_COUNT, "9999");
	bad_each(CF_TICKET_COUNT, tickets);
}
END_TEST

/* An address of exactly n bytes. */
static char *address_of(int n)
{
	return arena_printf(a, "%s@%s.%s.jp", times("a", 20), times("b", 50), times("c", n - 20 - 1 - 50 - 1 - 3));
}

START_TEST(mails)
{
	static const int single[][2] = { { CF_OPENING_MAIL, 125 }, { CF_OFFICER_MAIL, 82 } };
	static const int several[] = { CF_CONTACT_MAIL, CF_BILLING_MAIL };
	static const char *const wrong[] = { "a", "@b.jp", "a@", "a@b", "a b@c.jp", "a@b..jp", "a@-b.jp", "a@b-.jp", "a@b.j",
		"ａ@b.jp", "a@b.jp,", "<a@b.jp>", "a@b@c.jp", "a\"b@c.jp", "山田@b.jp", ".a@b.jp", "a@b_c.jp", NULL };
	a = arena_new();
	for (int i = 0; i < 2; i++) {
		good(single[i][0], address_of(single[i][1]));
		bad(single[i][0], address_of(single[i][1] + 1));
		bad(single[i][0], "a@b.jp,c@d.jp");
		good(single[i][0], "a..b.@docomo.ne.jp");
		bad_each(single[i][0], wrong);
	}
	for (int i = 0; i < 2; i++) {
		good(several[i], address_of(82));
		bad(several[i], address_of(83));
		good(several[i], "a@b.jp,c@d.jp");
		good(several[i], arena_printf(a, "%sx@y.jp", times("a@b.jp,", 19)));
		bad(several[i], arena_printf(a, "%sx@y.jp", times("a@b.jp,", 20)));
		bad_each(several[i], wrong);
	}
	bad(CF_OFFICER_MAIL, arena_printf(a, "%s@b.jp", times("a", 65)));
	arena_free(&a);
}
END_TEST

START_TEST(passwords)
{
	static const char *const opening[] = { "Abcdef1", "Abcdefghi12", "abcdefg1", "ABCDEFG1", "Abcdefgh", "12345678", "Abcdef1!",
		"Abcdef 1", "Ａbcdefg1", NULL };
	static const char *const report[] = { "Abcdef1", "abcdefg1", "ABCDEFG1", "Abcdefgh", "Abcdefg1-", NULL };
	a = arena_new();
	good(CF_OPENING_PASSWORD, "Abcdefg1");
	good(CF_OPENING_PASSWORD, "1bcdEfghi0");
	bad_each(CF_OPENING_PASSWORD, opening);
	good(CF_REPORT_PASSWORD, "Abcdefg1");
	good(CF_REPORT_PASSWORD, arena_printf(a, "%sA1", times("a", 38)));
	bad(CF_REPORT_PASSWORD, arena_printf(a, "%sA1", times("a", 39)));
	bad_each(CF_REPORT_PASSWORD, report);
	arena_free(&a);
}
END_TEST

START_TEST(choices_dates_text)
{
	static const int change[] = { CF_CHANGE_IDS, CF_CHANGE_FILTER, CF_CHANGE_TICKET, CF_CHANGE_OFFICER };
	static const char *const dates[] = { "2026/2/29", "2026/13/1", "2026/0/1", "2026/1/0", "2026-1-1", "26/1/1", "2026/1",
		"2026/1/1 ", "２０２６/1/1", "2026/1/1/1", "1899/1/1", "2026/001/1", NULL };
	for (int i = 0; i < 4; i++) {
		good(change[i], "変更あり");
		good(change[i], "変更なし");
		bad(change[i], "変更");
		bad(change[i], "変更あり|変更なし");
	}
	for (int i = 0; i < 2; i++) {
		good(i ? CF_IDS_OPTION : CF_FILTER, "利用する");
		good(i ? CF_IDS_OPTION : CF_FILTER, "利用しない");
		bad(i ? CF_IDS_OPTION : CF_FILTER, "はい");
		good(i ? CF_APPLIED_ON : CF_WISH_ON, "2028/2/29");
		good(i ? CF_APPLIED_ON : CF_WISH_ON, "2026/12/31");
		bad_each(i ? CF_APPLIED_ON : CF_WISH_ON, dates);
	}
	good(CF_PLAN, "基本メニュー");
	bad(CF_PLAN, "基本");
	good(CF_IDS_CHANGE, "ID追加");
	good(CF_IDS_CHANGE, "利用終了");
	bad(CF_IDS_CHANGE, "ＩＤ追加");
	good(CF_TICKET_ORDER, "あり");
	bad(CF_TICKET_ORDER, "有り");
	a = arena_new();
	good(CF_REQUEST, "何でも ok\n二行目\t😀");
	good(CF_REQUEST, times("あ", 2000));
	bad(CF_REQUEST, times("あ", 2001));
	bad(CF_REQUEST, "a\x1B[2J");
	bad(CF_REQUEST, "a\xC2\x85");
	arena_free(&a);
}
END_TEST

static void cleans(int f, const char *raw, const char *want)
{
	struct sb b = SB_INIT;
	field_clean(col_rule(f), raw, &b);
	ck_assert_str_eq(b.s, want);
	sb_free(&b);
}

START_TEST(cleaning)
{
	cleans(CF_NAME, " 　株式会社 山田　\r\n", "株式会社 山田");
	cleans(CF_NAME_KANA, "カ\u3099フ\u309Aシ", "ガプシ");
	cleans(CF_NAME, "\uFA19", "\uFA19"); /* a name's own 神 stays */
	cleans(CF_NAME, "", "");
	cleans(CF_NAME, "　", "");
	cleans(CF_NAME, "\u00A0　株式会社\u00A0山田\u00A0 　", "株式会社\u00A0山田");
	cleans(CF_APPLIED_ON, "2026/04/01", "2026/4/1");
	cleans(CF_APPLIED_ON, "2026/02/30", "2026/02/30");
	cleans(CF_CONTACT_MAIL, " a@b.jp , c@d.jp ", "a@b.jp,c@d.jp");
	cleans(CF_REQUEST, "一\r\n二\r三", "一\n二\n三");
	cleans(CF_ZIP, " 0600001 ", "0600001");
}
END_TEST

static void says(int f, size_t row, const char *value, const char *want)
{
	struct sb b = SB_INIT;
	field_fault(col_rule(f), row, col_header(f), value, &b);
	ck_assert_str_eq(b.s, want);
	sb_free(&b);
}

START_TEST(messages)
{
	says(CF_N_NUMBER, 3, "N12345", "3行目 「お客様番号」: N と半角数字9桁で入力してください (入力値: N12345)");
	says(CF_CUSTOMER_ID, 0, "X1", "「共通顧客ID」: C か D と半角数字10桁で入力してください (入力値: X1)");
	says(CF_NAME_KANA, 9, "かぶ", "9行目 「契約者名カナ」: 全角カナ80文字以内で入力してください (入力値: かぶ)");
	says(CF_IDS_ADDED, 2, "9", "2行目 「追加のID数」: 0 か 10~9999 の半角数字で入力してください (入力値: 9)");
	says(CF_PLAN, 2, "x\ny", "2行目 「契約プラン」: 「基本メニュー」と入力してください (入力値: x y)");
	says(CF_CONTACT_PHONE, 2, "312345678", "2行目 「契約に関する連絡先 電話番号」: 半角の数字とハイフン、13桁以内で入力してください "
	     "(入力値: 312345678。先頭の 0 が失われていませんか)");
	/* never the value of a password */
	says(CF_OPENING_PASSWORD, 2, "hunter2", "2行目 「利用案内確認パスワード」: 半角英数字8~10文字、"
	     "英小文字・英大文字・数字の3種類をすべて使って入力してください");
	struct sb b = SB_INIT;
	a = arena_new();
	field_fault(col_rule(CF_ZIP), 1, "郵便番号", times("\x1B[2J", 1000), &b);
	ck_assert_ptr_null(strchr(b.s, 0x1B));
	ck_assert_uint_lt(b.len, 300);
	sb_free(&b);
	arena_free(&a);
}
END_TEST

/* The table itself: names unique, and the store has a column for each. */
START_TEST(table)
{
	for (int i = 0; i < COL_COUNT; i++) {
		ck_assert_int_eq(col_find(col_name(i)), i);
		ck_assert_int_eq(col_find(col_header(i)), i);
	}
	ck_assert_int_eq(col_find("no such"), -1);
	ck_assert_int_eq(col_find(""), -1);
	ck_assert_int_eq(col_find("お客様　番号　"), CF_N_NUMBER);
	ck_assert_int_eq(col_find("契約者情報\r\n郵便番号"), CF_ZIP);
	ck_assert_int_eq(col_find("\uFEFFN_Number "), CF_N_NUMBER);
	ck_assert_int_eq(col_find("登録ﾒｰﾙｱﾄﾞﾚｽ\u00A0"), COL_ADDRESSES);
	ck_assert_int_eq(col_find("契約者"), -1);
	ck_assert_int_eq(contract_field_find("n_number"), CF_N_NUMBER);
	ck_assert_int_eq(contract_field_find("x"), CF_COUNT);
}
END_TEST

START_TEST(freemail)
{
	static const char *const no[] = { "gmail.com", "yahoo.co.jp", "docomo.ne.jp", "t.vodafone.ne.jp", "jp", "co.jp", "tokyo.jp",
		"com", "mail.biglobe.ne.jp", NULL };
	static const char *const yes[] = { "example.co.jp", "ntt.com", "gmail.example.jp", "notgmail.com", "x.tokyo.jp", NULL };
	for (int i = 0; no[i]; i++)
		ck_assert_msg(freemail_domain(no[i]), "%s", no[i]);
	for (int i = 0; yes[i]; i++)
		ck_assert_msg(!freemail_domain(yes[i]), "%s", yes[i]);
}
END_TEST

/* ---- the store ---------------------------------------------------------------------- */

/* A good value for each field, different from all others where it can be. */
static const char *sample(int f)
{
	const struct field_rule *r = col_rule(f);
	switch (r->kind) {
	case FIELD_ZEN: return arena_printf(a, "値%s", times("一", f % 3 + 1));
	case FIELD_ZEN_KANA: return times("ア", f % 7 + 1);
	case FIELD_DIGITS: return arena_printf(a, "%07d", f);
	case FIELD_LETTER: return arena_printf(a, "%c%0*d", r->choices[0], r->max, f);
	case FIELD_PHONE: return arena_printf(a, "03-%d", f);
	case FIELD_MAIL: return arena_printf(a, "f%d@example.jp", f);
	case FIELD_MAILS: return arena_printf(a, "f%d@example.jp,g%d@example.jp", f, f);
	case FIELD_PASSWORD: return arena_printf(a, "Passw0rd%d", f % 90 + 10);
	case FIELD_CHOICE: return arena_strndup(a, r->choices, strcspn(r->choices, "|"));
	case FIELD_NUMBER: return arena_printf(a, "%d", f + 100);
	case FIELD_DATE: return arena_printf(a, "2026/1/%d", f % 28 + 1);
	default: return arena_printf(a, "値 %d", f);
	}
}

static struct contract full(const char *n_number)
{
	struct contract c = { 0 };
	for (int i = 0; i < CF_COUNT; i++)
		c.v[i] = sample(i);
	c.v[CF_N_NUMBER] = n_number;
	return c;
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__ })

static void insert(struct contract *c)
{
	ck_ok(store_begin(s, &err));
	ck_ok(contract_insert(s, c, NOW, &err));
	ck_ok(store_commit(s, &err));
}

/* In a transaction that is rolled back when it fails. */
static enum status try_update(const struct contract *c)
{
	ck_ok(store_begin(s, &err));
	enum status st = contract_update(s, c, NOW, &err);
	if (st == OK)
		ck_ok(store_commit(s, &err));
	else
		store_rollback(s);
	return st;
}

static enum status try_insert(struct contract *c)
{
	ck_ok(store_begin(s, &err));
	enum status st = contract_insert(s, c, NOW, &err);
	if (st == OK)
		ck_ok(store_commit(s, &err));
	else
		store_rollback(s);
	return st;
}

START_TEST(every_field)
{
	open_new();
	struct contract c = full("N000000001"), r;
	struct sb faults = SB_INIT;
	ck_assert_uint_eq(contract_fields_check(c.v, 1, &faults), 0);
	c.addresses = LIST("b@x.example", "a@x.example");
	c.naddresses = 2;
	c.domains = LIST("y.example.jp");
	c.ndomains = 1;
	c.started_at = NOW;
	insert(&c);
	ck_ok(contract_by_number(s, "N000000001", a, &r, &err));
	for (int i = 0; i < CF_COUNT; i++)
		ck_assert_str_eq(r.v[i], col_secret(i) ? "" : c.v[i]);
	ck_assert(r.secret_set[CF_OPENING_PASSWORD] && r.secret_set[CF_REPORT_PASSWORD]);
	ck_assert_uint_eq(r.naddresses, 2);
	ck_assert_str_eq(r.addresses[0], "a@x.example");
	ck_assert_str_eq(r.domains[0], "y.example.jp");
	ck_assert_int_eq(r.started_at, NOW);
	ck_assert_int_eq(r.ended_at, 0);
	ck_assert_int_eq(contract_ids(&r), 5 + CF_IDS_AFTER + 100);
	/* one field changes, nothing else does */
	struct contract change = { .id = r.id, .v = { [CF_NAME] = "新社名" }, .started_at = NOW };
	ck_ok(try_update(&change));
	ck_ok(contract_get(s, c.id, a, &r, &err));
	for (int i = 0; i < CF_COUNT; i++)
		ck_assert_str_eq(r.v[i], col_secret(i) ? "" : i == CF_NAME ? "新社名" : c.v[i]);
	ck_assert(r.secret_set[CF_OPENING_PASSWORD]);
	ck_assert_uint_eq(r.naddresses, 2);
	ck_is(contract_by_number(s, "N000000002", a, &r, &err), ERR_NOTFOUND);
	sb_free(&faults);
	done();
}
END_TEST

START_TEST(unique)
{
	open_new();
	struct contract one = full("N000000001"), two = full("N000000002"), three = full("N000000001");
	struct contract_match m;
	one.addresses = LIST("a@x.example");
	one.domains = LIST("x.example");
	two.addresses = LIST("b@y.example");
	one.naddresses = one.ndomains = two.naddresses = 1;
	insert(&one);
	insert(&two);
	ck_is(try_insert(&three), ERR_EXISTS);
	ck_assert_str_eq(err.msg, "「お客様番号」: N000000001 は登録済みです");
	struct contract take = { .id = two.id, .addresses = LIST("a@x.example"), .naddresses = 1 };
	ck_is(try_update(&take), ERR_EXISTS);
	ck_assert_str_eq(err.msg, "「登録メールアドレス」: a@x.example は N000000001 に登録済みです");
	struct contract dom = { .id = two.id, .domains = LIST("x.example"), .ndomains = 1 };
	ck_is(try_update(&dom), ERR_EXISTS);
	dom.domains = LIST("gmail.com");
	ck_is(try_update(&dom), ERR_PERM);
	dom.domains = LIST("not a domain");
	ck_is(try_update(&dom), ERR_PERM);
	ck_ok(contract_match(s, "a@x.example", a, &m, &err));
	ck_assert_int_eq(m.id, one.id);
	/* the end of the first sets its addresses free */
	struct contract end = { .id = one.id, .ended_at = NOW };
	ck_ok(try_update(&end));
	ck_ok(contract_match(s, "a@x.example", a, &m, &err));
	ck_assert_int_eq(m.id, 0);
	ck_ok(try_update(&take));
	ck_ok(contract_match(s, "a@x.example", a, &m, &err));
	ck_assert_int_eq(m.id, two.id);
	/* and it comes back without what it has lost */
	end.ended_at = 0;
	ck_ok(try_update(&end));
	struct contract r;
	ck_ok(contract_get(s, one.id, a, &r, &err));
	ck_assert_uint_eq(r.naddresses, 0);
	end.started_at = NOW;
	end.ended_at = NOW - DAY;
	ck_is(try_update(&end), ERR_PERM);
	done();
}
END_TEST

/* Does the store's file, or its journal, contain these bytes? */
static bool on_disk(const char *bytes)
{
	static const char *const ends[] = { "", "-wal" };
	bool found = false;
	for (size_t i = 0; i < 2; i++) {
		char file[128];
		snprintf(file, sizeof file, "%s%s", path, ends[i]);
		FILE *f = fopen(file, "rb");
		if (!f)
			continue;
		char *buf = malloc(1 << 24);
		size_t n = fread(buf, 1, 1 << 24, f);
		found |= memmem(buf, n, bytes, strlen(bytes)) != NULL;
		free(buf);
		fclose(f);
	}
	return found;
}

START_TEST(sealed)
{
	open_new();
	struct contract c = full("N000000001"), d = full("N000000002");
	struct sb out = SB_INIT;
	c.v[CF_OPENING_PASSWORD] = "Findme1Abc";
	c.v[CF_REPORT_PASSWORD] = "Findme2Abcdefgh";
	insert(&c);
	d.v[CF_OPENING_PASSWORD] = d.v[CF_REPORT_PASSWORD] = NULL;
	insert(&d);
	ck_ok(contract_password(s, c.id, CF_OPENING_PASSWORD, &out, &err));
	ck_assert_str_eq(out.s, "Findme1Abc");
	sb_reset(&out);
	ck_ok(contract_password(s, c.id, CF_REPORT_PASSWORD, &out, &err));
	ck_assert_str_eq(out.s, "Findme2Abcdefgh");
	ck_is(contract_password(s, d.id, CF_REPORT_PASSWORD, &out, &err), ERR_NOTFOUND);
	ck_is(contract_password(s, c.id, CF_NAME, &out, &err), ERR_BUG);
	ck_assert(on_disk("N000000001")); /* so the search works */
	ck_assert(!on_disk("Findme"));
	struct contract clear = { .id = c.id, .v = { [CF_OPENING_PASSWORD] = "" } };
	ck_ok(try_update(&clear));
	ck_is(contract_password(s, c.id, CF_OPENING_PASSWORD, &out, &err), ERR_NOTFOUND);
	sb_free(&out);
	done();
}
END_TEST

START_TEST(other_key)
{
	static const uint8_t other[KEY_LEN] = { 9 };
	struct store *wrong;
	struct sb out = SB_INIT;
	open_new();
	struct contract c = full("N000000001");
	insert(&c);
	ck_is(store_open(path, other, &wrong, &err), ERR_PERM);
	ck_assert_ptr_null(wrong);
	ck_assert_ptr_nonnull(strstr(err.msg, "another master key"));
	ck_ok(store_open(path, NULL, &wrong, &err)); /* without a key everything but secrets */
	ck_is(contract_password(wrong, c.id, CF_OPENING_PASSWORD, &out, &err), ERR_DENIED);
	store_close(&wrong);
	ck_ok(store_open(path, master, &wrong, &err));
	ck_ok(contract_password(wrong, c.id, CF_OPENING_PASSWORD, &out, &err));
	store_close(&wrong);
	sb_free(&out);
	done();
}
END_TEST

/* ---- CSV ------------------------------------------------------------------------------ */

static struct import_result import(const char *csv, size_t n, bool dry_run)
{
	struct import_result r;
	ck_ok(contracts_import(s, csv, n, dry_run, "operator:test", NOW, &r, &err));
	return r;
}

static size_t stored(void)
{
	struct contract *v;
	size_t n;
	ck_ok(contract_list(s, "", 1000000, a, &v, &n, &err));
	return n;
}

START_TEST(all_or_nothing)
{
	static const char head[] = "お客様番号,契約者名,契約者情報 郵便番号,利用案内確認パスワード,会社ドメイン\r\n";
	struct sb csv = SB_INIT;
	open_new();
	sb_addf(&csv, "%sN000000001,一社,1000001,Abcdefg1,one.example\r\nN000000002,二社,,,\r\n", head);
	struct import_result r = import(csv.s, csv.len, true);
	ck_assert_str_eq(r.preview.s, "追加 N000000001 一社\n追加 N000000002 二社\n");
	ck_assert_uint_eq(stored(), 0);
	import_result_free(&r);
	r = import(csv.s, csv.len, false);
	ck_assert_uint_eq(r.added, 2);
	ck_assert_uint_eq(stored(), 2);
	import_result_free(&r);
	sb_reset(&csv);
	sb_addf(&csv, "%sN000000003,三社,1000001,Abcdefg1,three.example\r\nN4,四 社,10,abc,gmail.com\r\n"
		"N000000005,五社,,,,多い\r\n,六社,,,\r\nN000000003,三社,,,\r\nN000000006,六社,,,one.example\r\n", head);
	r = import(csv.s, csv.len, false);
	ck_assert_str_eq(r.fault_text.s,
		"3行目 「お客様番号」: N と半角数字9桁で入力してください (入力値: N4)\n"
		"3行目 「契約者名」: 全角80文字以内で入力してください (入力値: 四 社)\n"
		"3行目 「契約者情報 郵便番号」: 半角数字7桁 (ハイフンなし) で入力してください (入力値: 10)\n"
		"3行目 「利用案内確認パスワード」: 半角英数字8~10文字、英小文字・英大文字・数字の3種類をすべて使って入力してください\n"
		"3行目 「会社ドメイン」: gmail.com は不特定多数が使うドメインのため登録できません\n"
		"4行目 列の数が見出しと違います (6列、見出しは5列)\n"
		"5行目 「お客様番号」: 入力してください\n"
		"6行目 「お客様番号」: N000000003 は2行目にもあります\n"
		"7行目 「会社ドメイン」: one.example は N000000001 に登録済みです\n");
	ck_assert_uint_eq(r.faults, 9);
	ck_assert_uint_eq(stored(), 2);
	import_result_free(&r);
	sb_free(&csv);
	done();
}
END_TEST

START_TEST(changes)
{
	static const char first[] = "お客様番号,契約者名,登録メールアドレス,利用案内確認パスワード\n"
		"N000000001,一社,a@x.example,Abcdefg1\nN000000002,二社,b@x.example,\n";
	/* the addresses change places; an empty password cell keeps the password */
	static const char second[] = "お客様番号,登録メールアドレス,利用案内確認パスワード\n"
		"N000000001,B@x.example,\nN000000002,a@x.example,\n";
	struct contract c;
	struct sb out = SB_INIT;
	open_new();
	struct import_result r = import(first, strlen(first), false);
	ck_assert_uint_eq(r.added, 2);
	import_result_free(&r);
	r = import(second, strlen(second), false);
	ck_assert_str_eq(r.preview.s, "変更 N000000001 一社: 登録メールアドレス\n変更 N000000002 二社: 登録メールアドレス\n");
	import_result_free(&r);
	ck_ok(contract_by_number(s, "N000000001", a, &c, &err));
	ck_assert_str_eq(c.addresses[0], "b@x.example");
	ck_assert_str_eq(c.v[CF_NAME], "一社");
	ck_ok(contract_password(s, c.id, CF_OPENING_PASSWORD, &out, &err));
	ck_assert_str_eq(out.s, "Abcdefg1");
	r = import(second, strlen(second), false);
	ck_assert_uint_eq(r.same, 2);
	ck_assert_uint_eq(r.changed, 0);
	import_result_free(&r);
	sb_free(&out);
	done();
}
END_TEST

/* Excel leaves out commas at the end of rows: what is not there is not changed. A file that ends so was cut. */
START_TEST(short_rows)
{
	static const char first[] = "お客様番号,契約者名,会社ドメイン,利用終了日\nN000000001,一社,one.example,2027/4/1\n";
	static const char second[] = "お客様番号,契約者名,会社ドメイン,利用終了日\nN000000001,新一社\nN000000002,二社,\nN000000003\n";
	static const char cut[] = "契約者名,お客様番号,会社ドメイン\n一社\n二社,N000000002,\n三社,N00000000";
	struct contract c;
	open_new();
	struct import_result r = import(first, strlen(first), false);
	import_result_free(&r);
	r = import(second, strlen(second), false);
	ck_assert_str_eq(r.fault_text.s, "");
	ck_assert_str_eq(r.preview.s, "変更 N000000001 新一社: 契約者名\n追加 N000000002 二社\n追加 N000000003 \n");
	import_result_free(&r);
	ck_ok(contract_by_number(s, "N000000001", a, &c, &err));
	ck_assert_str_eq(c.domains[0], "one.example");
	ck_assert_int_ne(c.ended_at, 0);
	r = import(cut, strlen(cut), false);
	ck_assert_str_eq(r.fault_text.s, "2行目 「お客様番号」: 入力してください\n4行目 列の数が見出しと違います (2列、見出しは3列)\n");
	import_result_free(&r);
	done();
}
END_TEST

START_TEST(bad_files)
{
	static const char *const files[][2] = {
		{ "", "ファイルが空です (1行目に見出しが必要です)\n" },
		{ "契約者名\n一社\n", "1行目 見出し「お客様番号」がありません\n" },
		{ "お客様番号,何か,契約者名,契約者名\nN1,a,b,c\n",
		  "1行目 見出し「何か」は知らない列です (yorozu contract fields で一覧)\n"
		  "1行目 見出し「契約者名」が2つあります\n" },
		{ "お客様番号,,契約者名\n", "1行目 2列目の見出しが空です\n" },
		{ "お客様番号,　,契約者名\n", "1行目 2列目の見出しが空です\n" },
		{ "お客様番号,契約者名,契約 者名\n", "1行目 見出し「契約 者名」が2つあります\n" },
		{ "お客様番号,\x1B[31mred\n", "1行目 見出し「␛[31mred」は知らない列です (yorozu contract fields で一覧)\n" },
		{ "お客様番号,長い見出し長い見出し長い見出し長い見出し長い見出し\n", "1行目 見出し「長い見出し長い見出し長い見出し長い見出…」"
		  "は知らない列です (yorozu contract fields で一覧)\n" },
		{ "お客様番号\nN000000001\n\"N0", "3行目: 引用符 (\") が閉じられていません\n" },
	};
	open_new();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct import_result r = import(files[i][0], strlen(files[i][0]), false);
		ck_assert_str_eq(r.fault_text.s, files[i][1]);
		import_result_free(&r);
	}
	ck_assert_uint_eq(stored(), 0);
	done();
}
END_TEST

/* What is exported, in either charset, imports into the same. */
START_TEST(round_trip)
{
	open_new();
	struct contract c = full("N000000001"), d = full("N000000002"), r;
	c.v[CF_REQUEST] = "=HYPERLINK(\"http://x\")\n2行目,\"引用\"";
	c.v[CF_NAME] = "㈱髙島ソフト表示～－";
	c.addresses = LIST("a@x.example", "b@x.example");
	c.naddresses = 2;
	c.started_at = epoch_of(2026, 4, 1, 0, 0, 0);
	c.ended_at = epoch_of(2027, 4, 1, 0, 0, 0);
	insert(&c);
	insert(&d);
	for (int cp932 = 0; cp932 < 2; cp932++) {
		struct sb csv = SB_INIT;
		ck_ok(contracts_export(s, cp932, &csv, &err));
		ck_assert_int_eq(text_is_utf8(csv.s, csv.len), !cp932);
		ck_assert_ptr_null(strstr(csv.s, "Passw0rd"));
		struct import_result res = import(csv.s, csv.len, false);
		ck_assert_str_eq(res.fault_text.s, "");
		ck_assert_uint_eq(res.same, 2);
		import_result_free(&res);
		struct store *keep = s; /* into an empty store */
		char other[128];
		snprintf(other, sizeof other, "%s/other%d.db", dir, cp932);
		ck_ok(store_open(other, master, &s, &err));
		res = import(csv.s, csv.len, false);
		ck_assert_uint_eq(res.added, 2);
		ck_ok(contract_by_number(s, "N000000001", a, &r, &err));
		for (int i = 0; i < CF_COUNT; i++)
			ck_assert_str_eq(r.v[i], col_secret(i) ? "" : c.v[i]);
		ck_assert_uint_eq(r.naddresses, 2);
		ck_assert_int_eq(r.ended_at, c.ended_at);
		import_result_free(&res);
		store_close(&s);
		unlink(other);
		s = keep;
		sb_free(&csv);
	}
	struct contract wide = { .id = d.id, .v = { [CF_NAME] = "𠮷野" } };
	struct sb csv = SB_INIT;
	ck_ok(try_update(&wide));
	ck_is(contracts_export(s, true, &csv, &err), ERR_PERM);
	ck_assert_ptr_nonnull(strstr(err.msg, "N000000002 「契約者名」"));
	sb_free(&csv);
	done();
}
END_TEST

START_TEST(ten_thousand)
{
	struct sb csv = SB_INIT;
	open_new();
	for (int i = 0; i < CF_COUNT; i++)
		sb_addf(&csv, "%s,", col_header(i));
	sb_adds(&csv, "登録メールアドレス,会社ドメイン\n");
	struct contract c = full("");
	for (int n = 0; n < 10000; n++) {
		for (int i = 0; i < CF_COUNT; i++)
			if (i == CF_N_NUMBER)
				sb_addf(&csv, "N%09d,", n);
			else
				sb_addf(&csv, "\"%s\",", c.v[i]);
		sb_addf(&csv, "\"a@c%d.example,b@c%d.example\",c%d.example\n", n, n, n);
	}
	int64_t began = clk_mono_ms();
	struct import_result r = import(csv.s, csv.len, false);
	int64_t took = clk_mono_ms() - began;
	ck_assert_str_eq(r.fault_text.s, "");
	ck_assert_uint_eq(r.added, 10000);
	printf("10,000 contracts imported in %lld ms\n", (long long)took);
	import_result_free(&r);
	ck_assert_uint_eq(stored(), 10000);
	sb_free(&csv);
	done();
}
END_TEST

UNIT_SUITE("contract", full_width, kana, numbers_and_codes, mails, passwords, choices_dates_text, cleaning, messages,
	   table, freemail, every_field, unique, sealed, other_key, all_or_nothing, changes, short_rows, bad_files, round_trip,
	   ten_thousand)
