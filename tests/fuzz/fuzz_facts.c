/*
 * Any bytes as a terminal's facts, and as tables, judged: no crash, and what is
 * printed is text without control characters and one JSON object. The first
 * byte says which; the other side is fixed.
 */
#include "base/arena.h"
#include "fuzz_text.h"
#include "text/json.h"
#include "verdict/verdict.h"

static const char facts_text[] =
	"{\"as_of\":1751000000000,\"os\":{\"family\":\"windows\",\"build\":26100,\"ubr\":4061,\"edition\":\"Core\",\"installation\":\"Client\"},"
	"\"patches\":{\"qfe\":[\"KB1\"],\"pending\":[\"KB2\"],\"reboot\":true},"
	"\"software\":[{\"name\":\"Google Chrome\",\"version\":\"1.2\",\"vendor\":\"Google\"},{\"name\":\"一太郎\",\"version\":\"3\"}]}";
static const char table_text[] =
	"release\t26100\tclient\t4061\tKB5058411\t2025-05-13\tsecurity\nrelease\t26100\tclient\t3981\tKB5058497\t2025-05-13\thotpatch\n"
	"release\t26100\tclient\t4349\tKB5060842\t2025-06-10\tsecurity\nfix\tCVE-2025-33053\t26100\tclient\t-\tKB5060842\t4349\timportant\n"
	"component\tKB5054979\tdotnet\t2025-05-13\nfix\tCVE-2025-26646\t26100\tclient\t-\tKB5054979\t-\timportant\n"
	"eol\t26100\tclient\tw\t2026-10-13\t-\nkev\tCVE-2025-33053\t2025-06-10\n"
	"product\tchrome\tChrome\tone\tgoogle chrome*|一太郎*\t-\tgoogle*\t-\nvuln\tCVE-2025-2783\tchrome\t-\t<134.0\thigh\nsupport\tchrome\t3\t2020-01-01\n";

static void judge(const struct feed *f, const char *json, size_t n)
{
	struct arena *a = arena_new();
	struct sb text = SB_INIT, object = SB_INIT;
	struct facts x;
	struct verdict v;
	struct err e;
	if (facts_parse(json, n, a, &x, &e) == OK) {
		struct json j;
		verdict_of(f, &x, 1751100000, a, &v);
		FUZZ_CHECK(v.matched + v.unmatched == x.n_software);
		verdict_show(f, &x, &v, &text);
		check_text(&text);
		for (size_t i = 0; i < text.len; i++)
			FUZZ_CHECK(text.s[i] == '\n' || ((unsigned char)text.s[i] >= 0x20 && text.s[i] != 0x7F));
		verdict_json(&x, &v, &object);
		json_init(&j, object.s, object.len, 8);
		FUZZ_CHECK(json_end(&j, &e) == OK);
	}
	sb_free(&text);
	sb_free(&object);
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	struct feed *f = NULL;
	struct err e;
	if (n && data[0] == 'T') {
		if (feed_parse((const char *)data + 1, n - 1, &f, &e) == OK)
			judge(f, facts_text, sizeof facts_text - 1);
	} else if (feed_parse(table_text, sizeof table_text - 1, &f, &e) == OK) {
		judge(f, (const char *)data, n);
	}
	feed_free(&f);
	return 0;
}
