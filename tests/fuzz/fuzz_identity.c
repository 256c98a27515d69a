/* What a mail says about its sender: any text is read; what comes out is bounded text. */
#include "fuzz_text.h"
#include "text/form.h"
#include "text/identity.h"

static void check_value(const char *s, bool multi)
{
	struct sb b = SB_INIT;
	sb_adds(&b, s);
	(multi ? check_text : check_line)(&b);
	FUZZ_CHECK(b.len <= (multi ? FORM_MULTI_MAX : FORM_VALUE_MAX));
	sb_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct identity_contract known = { "N123456789", "株式会社さくら商事", { "田中 太郎" }, { "03-1234-5678" } };
	struct arena *a = arena_new();
	char *text = arena_strndup(a, (const char *)p, n);
	struct identity r;
	struct identity_verdict v;
	identity_extract(text + n / 2 - (n / 2 > strlen(text) ? n / 2 - strlen(text) : 0), text, a, &r);
	for (int i = 0; i < IDENTITY_ITEMS; i++)
		check_value(r.v[i], i == ITEM_CONTENT);
	FUZZ_CHECK(!*r.v[ITEM_NUMBER] || strlen(r.v[ITEM_NUMBER]) == 10);
	identity_same_person(r.v[ITEM_PERSON], text, a);
	identity_names_company(text, "株式会社さくら商事", a);
	identity_judge(&(struct identity_case){ .kind = INQUIRY_FAILURE, .said = &r, .sender = &known, .numbered = &known }, a, &v);
	check_value(v.why, false);
	arena_free(&a);
	return 0;
}
