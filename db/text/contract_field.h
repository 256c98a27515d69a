#ifndef TEXT_CONTRACT_FIELD_H
#define TEXT_CONTRACT_FIELD_H
/*
 * The fields of a contract, one row each, as the order forms have them
 * (specification §4.2.2, ORDER-01). This one table drives the store's columns,
 * the CSV's headings, the checks and the forms.
 */
#include "text/field_rule.h"

enum contract_field {
	CF_APPLIED_ON, CF_WISH_ON, CF_N_NUMBER, CF_CUSTOMER_ID,
	CF_NAME_KANA, CF_NAME,
	CF_ZIP, CF_TOWN, CF_LOT, CF_BUILDING, CF_FLOOR,
	CF_CONTACT_NAME, CF_CONTACT_PHONE, CF_CONTACT_MAIL,
	CF_BILL_ZIP, CF_BILL_TOWN, CF_BILL_LOT, CF_BILL_BUILDING, CF_BILL_FLOOR, CF_BILL_ADDRESSEE,
	CF_BILLING_ORG, CF_BILLING_NAME, CF_BILLING_PHONE, CF_BILLING_MAIL,
	CF_OPENING_MAIL, CF_OPENING_PASSWORD, CF_OPENING_PHONE, CF_OPENING_COMPANY, CF_OPENING_NAME,
	CF_REQUEST,
	CF_CHANGE_IDS, CF_CHANGE_FILTER, CF_CHANGE_TICKET, CF_CHANGE_OFFICER,
	CF_PLAN, CF_IDS_OPTION, CF_IDS_CHANGE, CF_FILTER, CF_IDS_ADDED, CF_IDS_AFTER,
	CF_TICKET_ORDER, CF_TICKET_COUNT,
	CF_OFFICER_KANA, CF_OFFICER_NAME, CF_OFFICER_DEPT, CF_OFFICER_PHONE, CF_OFFICER_MAIL, CF_REPORT_PASSWORD,
	CF_COUNT
};

/* The four order forms (新設 変更 廃止 簡易変更), as bits. */
enum order_form { FORM_NEW = 1, FORM_CHANGE = 2, FORM_END = 4, FORM_SIMPLE = 8 };

struct contract_field_def {
	const char *column;   /* in the store, and as FIELD of `yorozu contract set` */
	const char *category; /* of the form */
	const char *header;   /* the item's name, made unique by its category where it is not */
	unsigned forms;       /* those that have the field */
	struct field_rule rule;
};

extern const struct contract_field_def contract_fields[CF_COUNT];

/* By column name or by header (Japanese); CF_COUNT: none. */
enum contract_field contract_field_find(const char *name);

/* Sealed in the store, never shown or exported. */
static inline bool contract_field_secret(enum contract_field f)
{
	return contract_fields[f].rule.kind == FIELD_PASSWORD;
}

/* Checks all values by their rules (NULL and "" are fine); appends one line a
 * fault (field_fault) and returns how many. */
size_t contract_fields_check(const char *const v[CF_COUNT], size_t row, struct sb *faults);

#endif
