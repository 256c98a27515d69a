#ifndef TEXT_FIELD_RULE_H
#define TEXT_FIELD_RULE_H
/*
 * The rules of the order forms' fields (ORDER-01, specification §4.2.2), as
 * pure checks: no store, no mail. Which field has which rule: contract_field.h.
 *
 * Characters are counted, not bytes: "全角 80 桁" is 80 full-width characters.
 * Full-width is what a Japanese form means by it: kana, kanji (all planes) and
 * the double-width letters, digits and signs of JIS; no half-width kana, no
 * ASCII, no other scripts, no emoji. The limit of mail addresses holds for
 * each one of several.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
	FIELD_ZEN,      /* full-width, at most max */
	FIELD_ZEN_KANA, /* full-width katakana, at most max */
	FIELD_DIGITS,   /* exactly max half-width digits */
	FIELD_LETTER,   /* one of the capital letters `choices`, then max digits */
	FIELD_PHONE,    /* digits and hyphens, at most max; not what Excel leaves of 03… */
	FIELD_MAIL,     /* one address, at most max */
	FIELD_MAILS,    /* up to min of them, by comma; each at most max */
	FIELD_DOMAINS,  /* up to min domain names, by comma */
	FIELD_PASSWORD, /* min to max half-width letters and digits, all three classes */
	FIELD_CHOICE,   /* one of "a|b|c" */
	FIELD_NUMBER,   /* min to max, or 0 */
	FIELD_DATE,     /* YYYY/M/D */
	FIELD_TEXT      /* anything readable, at most max characters */
};

struct field_rule {
	enum field_kind kind;
	int min, max;
	const char *choices;
};

/* What is meant by what was typed: white space (also U+3000, NBSP) around it goes,
 * decomposed kana are composed (a Mac's か + ゛), CRLF becomes LF, a date loses
 * its leading zeros, addresses their spaces around the comma. No width is
 * changed: that is for the customer to correct. Appends to out. */
void field_clean(const struct field_rule *r, const char *raw, struct sb *out);

/* Does a cleaned value obey? "" does: whether it is needed is the form's say. */
bool field_ok(const struct field_rule *r, const char *value);

/* "全角10文字以内": what is expected, in a customer's words. */
void field_expect(const struct field_rule *r, struct sb *out);

/* A value as a line of words shows it: visible, one line, not too long. Appends. */
void field_shown(const char *value, struct sb *out);

/* One line for a fault: 3行目 「お客様番号」: N と半角数字9桁で入力してください
 * (入力値: N12345). row 0: no row. The value of a password is never shown. */
void field_fault(const struct field_rule *r, size_t row, const char *header, const char *value, struct sb *out);

/* The number of a FIELD_NUMBER value that is ok ("" = 0). */
int64_t field_number(const char *value);
/* The day (since 1970-01-01) of a FIELD_DATE value. False: no such day. */
bool field_date(const char *value, int64_t *day_r);

/* An ASCII address as a form takes it, at most max bytes: local part of atoms
 * and dots (mobile carriers' doubled or final dots too), a domain with a dot. */
bool field_mail_ok(const char *addr, size_t n, size_t max);
bool field_domain_ok(const char *domain, size_t n);

#endif
