/* The log of a call: any text is read; what comes out is bounded text. */
#include "fuzz_text.h"
#include "text/call.h"
#include "text/form.h"

enum { NOW = 1796000000, DAY = 86400 };

static void check(const struct call_form *f)
{
	const char *const v[] = { f->company, f->number, f->person, f->phone, f->mail, f->assignee, f->started, f->ended, f->callback };
	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		struct sb b = SB_INIT;
		sb_adds(&b, v[i]);
		check_line(&b);
		FUZZ_CHECK(b.len <= FORM_VALUE_MAX);
		sb_free(&b);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = arena_new();
	struct sb faults = SB_INIT, form = SB_INIT;
	struct call_form f;
	bool good = call_form_read((const char *)p, n, NOW, a, &f, &faults);
	check(&f);
	check_text(&faults);
	FUZZ_CHECK(good == !faults.len);
	FUZZ_CHECK(!good || (*f.content && f.started_at <= NOW));
	FUZZ_CHECK(!good || !f.started_at || !f.ended_at || (f.ended_at >= f.started_at && f.ended_at - f.started_at <= DAY));
	call_form_print(&f, &form);
	check_text(&form);
	sb_free(&faults);
	sb_free(&form);
	arena_free(&a);
	return 0;
}
