/*
 * Any bytes as another's data: no crash, and whatever rows come of it are tables
 * that can be read, once more the same when they are merged with themselves.
 */
#include "fuzz_text.h"
#include "verdict/feed_import.h"

static const char dictionary[] =
	"product\tfirefox\tFirefox\tone\tmozilla firefox*\t-\t-\t-\nproduct\tpython\tPython\tmany\tpython *\t-\t-\t-\n"
	"product\toffice-2016\tOffice 2016\tone\tmicrosoft office*\t-\t-\t-\nalias\tmozilla:firefox\tfirefox\nalias\tm:f\tfirefox\n";

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	static const struct feed_source of = { .fetched = 1, .sha256 = "", .etag = "", .modified = "", .url = "" };
	struct feed *known = NULL, *f = NULL;
	struct feed_import im = { 0 };
	struct sb once = SB_INIT, twice = SB_INIT;
	struct err e;
	FUZZ_CHECK(feed_parse(dictionary, sizeof dictionary - 1, &known, &e) == OK);
	if (feed_import(known, (const char *)data, n, &im, &e) == OK) {
		feed_import_text(&im, &of, NULL, &once);
		FUZZ_CHECK(feed_parse(once.s, once.len, &f, &e) == OK);
		feed_import_text(&im, &of, once.s, &twice);
		FUZZ_CHECK(once.len == twice.len && memcmp(once.s, twice.s, once.len) == 0);
	}
	feed_import_free(&im);
	feed_free(&f);
	feed_free(&known);
	sb_free(&once);
	sb_free(&twice);
	return 0;
}
