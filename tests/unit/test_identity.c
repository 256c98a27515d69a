/*
 * DESK-10: what a mail says about its sender, and whether the contract says the
 * same (specification §4.5).
 */
#include "text/fold.h"
#include "text/form.h"
#include "text/identity.h"
#include "text_util.h"

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void said(const char *own, const char *full, struct identity *r)
{
	identity_extract(own, full ? full : own, a, r);
}

static void ck_item(const struct identity *r, enum identity_item i, const char *want)
{
	ck_assert_msg(strcmp(r->v[i], want) == 0, "%s: \"%s\", not \"%s\"", identity_item_ja(i), r->v[i], want);
}

START_TEST(test_form_as_people_fill_it_in)
{
	struct identity r;
	setup();
	said("お世話になります。\n"
	     "１．お客様番号（Ｎ番）：Ｎ１２３－４５６－７８９\n"
	     "・契約者名(会社名) ： ㈱さくら商事　総務部\n"
	     "■ お客様名:田中　太郎\n"
	     "【電話番号】 ０３（１２３４）５６７８\n"
	     "メールアドレス\ttanaka@sakura-shoji.example\n"
	     "発生時間: 11/24 10:00頃\n"
	     "お問い合わせ内容：\n"
	     "　画面が開きません。\n"
	     "\n"
	     "　再起動しても同じです。\n"
	     "----------\n"
	     "電話番号：06-0000-0000\n", NULL, &r);
	ck_item(&r, ITEM_NUMBER, "N123456789");
	ck_item(&r, ITEM_COMPANY, "(株)さくら商事 総務部");
	ck_item(&r, ITEM_PERSON, "田中 太郎");
	ck_item(&r, ITEM_PHONE, "0312345678");
	ck_item(&r, ITEM_MAIL, "tanaka@sakura-shoji.example");
	ck_item(&r, ITEM_SINCE, "11/24 10:00頃");
	ck_item(&r, ITEM_CONTENT, "画面が開きません。\n\n再起動しても同じです。");
	ck_assert_uint_eq(identity_missing(INQUIRY_FAILURE, &r), 0);
	arena_free(&a);
}
END_TEST

/* A form of ours filled in where it was quoted; what stands above it counts first. */
START_TEST(test_form_quoted)
{
	struct identity r;
	setup();
	said("記入しました。よろしくお願いします。\n電話番号：090-1111-2222\n",
	     "記入しました。よろしくお願いします。\n電話番号：090-1111-2222\n\n"
	     "> お客様番号(N番)：N123456789\n"
	     "> 契約者名(会社名)：株式会社さくら商事\n"
	     "> お客様名：\n"
	     "> 電話番号：03-9999-9999\n"
	     "> お問い合わせ内容：\n"
	     "> ────────────────\n"
	     "> お問い合わせいただき、ありがとうございます。\n", &r);
	ck_item(&r, ITEM_NUMBER, "N123456789");
	ck_item(&r, ITEM_COMPANY, "株式会社さくら商事");
	ck_item(&r, ITEM_PHONE, "09011112222");
	ck_item(&r, ITEM_PERSON, "");
	arena_free(&a);
}
END_TEST

START_TEST(test_prose)
{
	struct identity r;
	setup();
	said("いつもお世話になっております。\nさくら商事株式会社の田中と申します。(N番：N 123456789)\n"
	     "昨日の15時頃からツールが開きません。\n\n"
	     "-- \nさくら商事株式会社 総務部 田中\nTEL 03-1234-5678 FAX 03-1234-5679\n", NULL, &r);
	ck_item(&r, ITEM_NUMBER, "N123456789");
	ck_item(&r, ITEM_COMPANY, "さくら商事株式会社");
	ck_item(&r, ITEM_PERSON, "田中");
	ck_item(&r, ITEM_PHONE, "0312345678");
	ck_item(&r, ITEM_SINCE, "昨日の15時頃から");
	ck_assert_uint_eq(identity_missing(INQUIRY_FAILURE, &r), 1u << ITEM_MAIL);
	arena_free(&a);
}
END_TEST

START_TEST(test_what_is_no_number)
{
	static const char *const none[] = { "N12345678 です", "N1234567890 です", "IN123456789", "N番はまだ届いていません",
		                            "注文番号 123456789", "No 12 と 345678901", "" };
	static const char *const numbers[] = { "n123456789", "Ｎ１２３４５６７８９です", "(N-123456789)", "N番は123 456 789",
		                               "お客様番号：123456789", "契約番号 ： N 123-456-789（開通案内より）" };
	struct identity r;
	setup();
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		said(none[i], NULL, &r);
		ck_assert_msg(!*r.v[ITEM_NUMBER], "%s", none[i]);
	}
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		said(numbers[i], NULL, &r);
		ck_assert_msg(strcmp(r.v[ITEM_NUMBER], "N123456789") == 0, "%s: %s", numbers[i], r.v[ITEM_NUMBER]);
	}
	arena_free(&a);
}
END_TEST

START_TEST(test_what_is_no_phone)
{
	static const char *const none[] = { "N012345678", "2026-11-24 10:00", "12345-67890", "0120 まで", "10.0.0.1" };
	static const char *const phones[] = { "03-1234-5678", "０３－１２３４－５６７８", "(03)1234-5678", "+81 3-1234-5678",
		                              "+81-(0)3-1234-5678", "TEL:0312345678" };
	struct identity r;
	setup();
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		said(none[i], NULL, &r);
		ck_assert_msg(!*r.v[ITEM_PHONE], "%s: %s", none[i], r.v[ITEM_PHONE]);
	}
	for (size_t i = 0; i < sizeof phones / sizeof *phones; i++) {
		said(phones[i], NULL, &r);
		ck_assert_msg(strcmp(r.v[ITEM_PHONE], "0312345678") == 0, "%s: %s", phones[i], r.v[ITEM_PHONE]);
	}
	arena_free(&a);
}
END_TEST

START_TEST(test_names_of_companies)
{
	static const char *const same[][2] = {
		{ "㈱さくら商事", "株式会社さくら商事" }, { "（株）さくら商事", "株式会社さくら商事" },
		{ "さくら商事（株）", "株式会社さくら商事" }, { "株式会社　さくら商事", "株式会社さくら商事" },
		{ "さくら商事", "株式会社さくら商事" }, { "株式会社さくら商事 営業部 第二課", "株式会社さくら商事" },
		{ "ｻｸﾗｼｮｳｼﾞ㈱", "サクラショウジ株式会社" }, { "ＡＢＣトレーディング", "株式会社abcトレーディング" },
		{ "Sakura Trading", "株式会社SakuraTrading" }, { "ウィング(有)", "有限会社ウイング" },
	};
	static const char *const other[][2] = {
		{ "有限会社さくら商事", "株式会社さくら商事" }, { "さくら商会", "株式会社さくら商事" },
		{ "さくら", "株式会社さくら商事" }, { "株式会社", "株式会社さくら商事" }, { "", "株式会社さくら商事" },
		{ "大阪さくら商事", "株式会社さくら商事" },
	};
	setup();
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		ck_assert_msg(identity_same_company(same[i][0], same[i][1], a), "%s, %s", same[i][0], same[i][1]);
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		ck_assert_msg(!identity_same_company(other[i][0], other[i][1], a), "%s, %s", other[i][0], other[i][1]);
	arena_free(&a);
}
END_TEST

START_TEST(test_names_in_a_text)
{
	const char *name = "株式会社さくら商事";
	setup();
	ck_assert(identity_names_company("お世話になります。㈱さくら商事の田中です。", name, a));
	ck_assert(identity_names_company("こちらは、さくら商事です", name, a));
	ck_assert(identity_names_company("田中@さくら商事（株）", name, a));
	ck_assert(!identity_names_company("有限会社さくら商事の田中です", name, a));
	ck_assert(!identity_names_company("さくら商事部の田中です", name, a));
	ck_assert(!identity_names_company("さくらの田中です", name, a));
	arena_free(&a);
}
END_TEST

START_TEST(test_people_and_phones)
{
	setup();
	ck_assert(identity_same_person("田中", "田中 太郎", a));
	ck_assert(identity_same_person("田中太郎様", "田中　太郎", a));
	ck_assert(!identity_same_person("田", "田中 太郎", a));
	ck_assert(!identity_same_person("", "", a));
	ck_assert(identity_same_phone("0312345678", "03-1234-5678"));
	ck_assert(!identity_same_phone("0312345678", "03-1234-567"));
	ck_assert(!identity_same_phone("", ""));
	arena_free(&a);
}
END_TEST

/* ---- the verdict ------------------------------------------------------------------ */

static const struct identity_contract sakura = { "N123456789", "株式会社さくら商事", { "田中 太郎" }, { "03-1234-5678" } };
static const struct identity_contract momiji = { "N987654321", "もみじ製作所株式会社", { NULL }, { NULL } };

static struct identity full(void)
{
	return (struct identity){ { [ITEM_NUMBER] = "N123456789", [ITEM_COMPANY] = "さくら商事(株)", [ITEM_CONTENT] = "本文",
		                    [ITEM_SINCE] = "", [ITEM_PERSON] = "田中", [ITEM_MAIL] = "t@sakura.example",
		                    [ITEM_PHONE] = "0399999999", [ITEM_DEVICE] = "" } };
}

static void ck_verdict(const struct identity_case *c, enum identity_state state, const char *why)
{
	struct identity_verdict r;
	identity_judge(c, a, &r);
	ck_assert_msg(r.state == state && strstr(r.why, why), "%s: %s", identity_state_ja(r.state), r.why);
}

START_TEST(test_verdict)
{
	struct identity s = full();
	struct identity_case c = { .kind = INQUIRY_SERVICE, .said = &s, .sender = &sakura, .numbered = &sakura };
	setup();
	ck_verdict(&c, IDENTITY_AUTHORISED, "N番号と契約名が一致");
	c.kind = INQUIRY_FAILURE;
	ck_verdict(&c, IDENTITY_OPEN, "発生時間 が不足");
	c.kind = INQUIRY_SERVICE;
	c.doubt = "送信元認証が不合格";
	ck_verdict(&c, IDENTITY_REFUSED, "送信元認証が不合格");
	c.doubt = NULL;
	s.v[ITEM_NUMBER] = "N111111111";
	ck_verdict(&c, IDENTITY_REFUSED, "N番号が一致しません");
	s = full();
	s.v[ITEM_COMPANY] = "株式会社さくら";
	ck_verdict(&c, IDENTITY_REFUSED, "契約名が一致しません");
	s.v[ITEM_COMPANY] = s.v[ITEM_NUMBER] = "";
	ck_verdict(&c, IDENTITY_OPEN, "お客様番号(N番)、契約者名(会社名) が不足");
	arena_free(&a);
}
END_TEST

/* Whoever knows number and name is still nobody when his address is not the
 * contract's, or when nothing about him is known to it. */
START_TEST(test_verdict_on_strangers)
{
	struct identity s = full();
	struct identity_case c = { .kind = INQUIRY_SERVICE, .said = &s, .numbered = &sakura };
	setup();
	ck_verdict(&c, IDENTITY_REFUSED, "差出人が登録アドレスではありません (N番号は 株式会社さくら商事 の契約、契約名は一致)");
	c.numbered = NULL;
	ck_verdict(&c, IDENTITY_REFUSED, "差出人が登録アドレスではありません");
	c.sender = &sakura;
	s.v[ITEM_PERSON] = "鈴木";
	ck_verdict(&c, IDENTITY_REFUSED, "いずれも契約の登録と一致しません");
	c.by_address = true;
	ck_verdict(&c, IDENTITY_AUTHORISED, "一致");
	c.by_address = false;
	s.v[ITEM_PHONE] = "0312345678";
	ck_verdict(&c, IDENTITY_AUTHORISED, "一致");
	c.sender = &momiji;
	s.v[ITEM_NUMBER] = momiji.number, s.v[ITEM_COMPANY] = "もみじ製作所", s.v[ITEM_PHONE] = "0600000000";
	ck_verdict(&c, IDENTITY_AUTHORISED, "一致");
	arena_free(&a);
}
END_TEST

START_TEST(test_linear)
{
	static const char *const units[] = { "株式会社", "N", "N1", "03-", "【会社名】", "の田中です", "会社名：x\n", ">", "12時", "(株)さ" };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct sb b = SB_INIT;
		struct identity r;
		setup();
		repeat(&b, units[i], TEN_MB);
		IN_TIME(said(b.s, NULL, &r); identity_names_company(r.v[ITEM_COMPANY], "株式会社さくら商事", a));
		sb_free(&b);
		arena_free(&a);
	}
}
END_TEST

UNIT_SUITE("identity", test_form_as_people_fill_it_in, test_form_quoted, test_prose, test_what_is_no_number,
           test_what_is_no_phone, test_names_of_companies, test_names_in_a_text, test_people_and_phones, test_verdict,
           test_verdict_on_strangers, test_linear)
