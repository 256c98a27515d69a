/* A hostile mail as evidence for its category: bounded, valid text, and a
 * reason that is made of our own words. Run from the top of the checkout. */
#include "fuzz_text.h"
#include "mail/evidence.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static struct categories *load(void)
{
	struct categories *set;
	FUZZ_CHECK(categories_load("conf/desk", &set, NULL) == OK);
	return set;
}

static void check_string(const char *s)
{
	FUZZ_CHECK(!s || text_is_utf8(s, strlen(s)));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct categories *set;
	struct msg *m;
	struct category_evidence ev;
	struct category_suggestion r;
	struct sb folded = SB_INIT;
	if (!set)
		set = load();
	text_fold((const char *)p, n, &folded);
	check_text(&folded);
	sb_free(&folded);
	if (msg_parse((const char *)p, n, NULL, &m, NULL) != OK)
		return 0;
	struct arena *a = arena_new();
	mail_evidence(m, a, &ev);
	check_string(ev.text);
	check_string(ev.files);
	category_suggest(set, &ev, a, &r);
	FUZZ_CHECK(!r.best == !*r.reason && text_is_utf8(r.reason, strlen(r.reason)) && strlen(r.reason) < 600);
	arena_free(&a);
	msg_free(&m);
	return 0;
}
