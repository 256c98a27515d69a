/*
 * The table of specification §4.2.2. Where that contradicts itself: the row
 * 変更後のID数 speaks of 「新規利用」「ID数変更」, which are not among the choices
 * of its neighbour; the choices as listed are taken.
 */
#include "text/contract_field.h"
#include <string.h>

#define N   FORM_NEW
#define C   FORM_CHANGE
#define E   FORM_END
#define S   FORM_SIMPLE
#define ALL (N | C | E | S)

#define ZEN(max)         { FIELD_ZEN, 0, max, NULL }
#define KANA(max)        { FIELD_ZEN_KANA, 0, max, NULL }
#define LETTER(abc, n)   { FIELD_LETTER, 0, n, abc }
#define ZIP              { FIELD_DIGITS, 7, 7, NULL }
#define PHONE            { FIELD_PHONE, 0, 13, NULL }
#define MAIL(max)        { FIELD_MAIL, 0, max, NULL }
#define MAILS            { FIELD_MAILS, 20, 82, NULL }
#define PASSWORD(lo, hi) { FIELD_PASSWORD, lo, hi, NULL }
#define CHOICE(list)     { FIELD_CHOICE, 0, 0, list }
#define NUMBER(lo, hi)   { FIELD_NUMBER, lo, hi, NULL }
#define DATE             { FIELD_DATE, 0, 0, NULL }
#define TEXT             { FIELD_TEXT, 0, 2000, NULL }

const struct contract_field_def contract_fields[CF_COUNT] = {
	[CF_APPLIED_ON] = { "applied_on", "申込情報", "お申込年月日", ALL, DATE },
	[CF_WISH_ON] = { "wish_on", "申込情報", "ご利用開始(変更/廃止)希望日", N | C | E, DATE },
	[CF_N_NUMBER] = { "n_number", "申込情報", "お客様番号", C | E | S, LETTER("N", 9) },
	[CF_CUSTOMER_ID] = { "customer_id", "共通顧客ID", "共通顧客ID", ALL, LETTER("CD", 10) },
	[CF_NAME_KANA] = { "name_kana", "契約者名", "契約者名カナ", N | S, KANA(80) },
	[CF_NAME] = { "name", "契約者名", "契約者名", ALL, ZEN(80) },
	[CF_ZIP] = { "zip", "契約者情報", "契約者情報 郵便番号", N | S, ZIP },
	[CF_TOWN] = { "town", "契約者情報", "契約者情報 住所", N | S, ZEN(46) },
	[CF_LOT] = { "lot", "契約者情報", "契約者情報 番地等", N | S, ZEN(20) },
	[CF_BUILDING] = { "building", "契約者情報", "契約者情報 建物等", N | S, ZEN(16) },
	[CF_FLOOR] = { "floor", "契約者情報", "契約者情報 フロア数", N | S, ZEN(4) },
	[CF_CONTACT_NAME] = { "contact_name", "契約に関する連絡先", "契約に関する連絡先 お名前", N | E | S, ZEN(10) },
	[CF_CONTACT_PHONE] = { "contact_phone", "契約に関する連絡先", "契約に関する連絡先 電話番号", N | E | S, PHONE },
	[CF_CONTACT_MAIL] = { "contact_mail", "契約に関する連絡先", "契約に関する連絡先 メールアドレス", N | E | S, MAILS },
	[CF_BILL_ZIP] = { "bill_zip", "請求書送付先", "請求書送付先 郵便番号", N, ZIP },
	[CF_BILL_TOWN] = { "bill_town", "請求書送付先", "請求書送付先 住所", N, ZEN(46) },
	[CF_BILL_LOT] = { "bill_lot", "請求書送付先", "請求書送付先 番地等", N, ZEN(20) },
	[CF_BILL_BUILDING] = { "bill_building", "請求書送付先", "請求書送付先 建物等", N, ZEN(16) },
	[CF_BILL_FLOOR] = { "bill_floor", "請求書送付先", "請求書送付先 フロア数", N, ZEN(4) },
	[CF_BILL_ADDRESSEE] = { "bill_addressee", "請求書送付先", "請求書送付先 宛名", N, KANA(30) },
	[CF_BILLING_ORG] = { "billing_org", "請求に関する連絡先", "請求に関する連絡先 会社名+部課名", N, ZEN(20) },
	[CF_BILLING_NAME] = { "billing_name", "請求に関する連絡先", "請求に関する連絡先 お名前", N, ZEN(10) },
	[CF_BILLING_PHONE] = { "billing_phone", "請求に関する連絡先", "請求に関する連絡先 電話番号", N, PHONE },
	[CF_BILLING_MAIL] = { "billing_mail", "請求に関する連絡先", "請求に関する連絡先 メールアドレス", N, MAILS },
	[CF_OPENING_MAIL] = { "opening_mail", "開通案内送付先", "送付先メールアドレス", N | C, MAIL(125) },
	[CF_OPENING_PASSWORD] = { "opening_password", "開通案内送付先", "利用案内確認パスワード", N | C, PASSWORD(8, 10) },
	[CF_OPENING_PHONE] = { "opening_phone", "開通案内送付先", "開通案内送付先電話番号", N | C, PHONE },
	[CF_OPENING_COMPANY] = { "opening_company", "開通案内送付先", "開通案内送付先 会社名", N | C, ZEN(80) },
	[CF_OPENING_NAME] = { "opening_name", "開通案内送付先", "開通案内送付先 お名前", N | C, ZEN(10) },
	[CF_REQUEST] = { "request", "お客様要望記事欄", "お客様要望記事欄", ALL, TEXT },
	[CF_CHANGE_IDS] = { "change_ids", "変更有無", "変更有無 セキュリティヘルスチェックID数", C, CHOICE("変更あり|変更なし") },
	[CF_CHANGE_FILTER] = { "change_filter", "変更有無", "変更有無 Webフィルタリング機能", C, CHOICE("変更あり|変更なし") },
	[CF_CHANGE_TICKET] = { "change_ticket", "変更有無", "変更有無 セキュリティチケット利用申込", C, CHOICE("変更あり|変更なし") },
	[CF_CHANGE_OFFICER] = { "change_officer", "変更有無", "変更有無 セキュリティ担当者情報", C, CHOICE("変更あり|変更なし") },
	[CF_PLAN] = { "plan", "契約プラン", "契約プラン", N, CHOICE("基本メニュー") },
	[CF_IDS_OPTION] = { "ids_option", "契約プラン", "セキュリティヘルスチェックID数追加", N, CHOICE("利用する|利用しない") },
	[CF_IDS_CHANGE] = { "ids_change", "セキュリティヘルスチェックID数変更内容",
		"セキュリティヘルスチェックID数変更内容", C, CHOICE("ID追加|ID削除|利用終了") },
	[CF_FILTER] = { "filter", "契約プラン", "Webフィルタリング機能", N | C, CHOICE("利用する|利用しない") },
	[CF_IDS_ADDED] = { "ids_added", "追加のID数", "追加のID数", N, NUMBER(10, 9999) },
	[CF_IDS_AFTER] = { "ids_after", "追加のID数", "変更後のID数", C, NUMBER(10, 9999) },
	[CF_TICKET_ORDER] = { "ticket_order", "セキュリティチケット利用申込", "セキュリティチケット利用申込", N, CHOICE("あり|なし") },
	[CF_TICKET_COUNT] = { "ticket_count", "セキュリティチケット利用申込", "セキュリティチケット申込数", N | C, NUMBER(1, 9999) },
	[CF_OFFICER_KANA] = { "officer_kana", "セキュリティ担当情報", "担当者名カナ", N | C, KANA(80) },
	[CF_OFFICER_NAME] = { "officer_name", "セキュリティ担当情報", "担当者名", N | C, ZEN(10) },
	[CF_OFFICER_DEPT] = { "officer_dept", "セキュリティ担当情報", "担当者部課名", N | C, ZEN(80) },
	[CF_OFFICER_PHONE] = { "officer_phone", "セキュリティ担当情報", "担当者電話番号", N | C, PHONE },
	[CF_OFFICER_MAIL] = { "officer_mail", "セキュリティ担当情報", "担当者メールアドレス", N | C, MAIL(82) },
	[CF_REPORT_PASSWORD] = { "report_password", "セキュリティ担当情報", "セキュリティレポート用パスワード", N | C, PASSWORD(8, 40) },
};

enum contract_field contract_field_find(const char *name)
{
	for (int i = 0; i < CF_COUNT; i++)
		if (strcmp(contract_fields[i].column, name) == 0 || strcmp(contract_fields[i].header, name) == 0)
			return (enum contract_field)i;
	return CF_COUNT;
}

size_t contract_fields_check(const char *const v[CF_COUNT], size_t row, struct sb *faults)
{
	size_t n = 0;
	for (int i = 0; i < CF_COUNT; i++) {
		const struct contract_field_def *d = &contract_fields[i];
		if (!v[i] || field_ok(&d->rule, v[i]))
			continue;
		field_fault(&d->rule, row, d->header, v[i], faults);
		sb_addc(faults, '\n');
		n++;
	}
	return n;
}
