/* Others' data as rows: what is taken, what is passed over, what is kept. */
#include "base/strbuf.h"
#include "unit.h"
#include "verdict/feed_import.h"
#include <stdio.h>
#include <string.h>

static const char dictionary[] =
	"product\tfirefox\tFirefox\tone\tmozilla firefox*\t-\t-\t-\nproduct\tfirefox-esr\tESR\tone\tmozilla firefox esr*\t-\t-\t-\n"
	"product\tpython\tPython\tmany\tpython *\t-\t-\t-\nproduct\toffice-2016\tOffice 2016\tone\tmicrosoft office*\t-\t-\t-\n"
	"alias\tmozilla:firefox\tfirefox\nalias\tmozilla:firefox_esr\tfirefox-esr\n";

static struct feed *known;
static struct feed_import im;

static enum status import(const char *json, struct err *e)
{
	if (!known)
		ck_assert_int_eq(feed_parse(dictionary, sizeof dictionary - 1, &known, NULL), OK);
	return feed_import(known, json, strlen(json), &im, e);
}

static void gives(const char *json, const char *name, const char *rows)
{
	struct err e;
	feed_import_free(&im);
	ck_assert_msg(import(json, &e) == OK, "%s", e.msg);
	ck_assert_str_eq(im.name, name);
	ck_assert_str_eq(im.rows.s, rows);
	/* whatever it is, it reads back as tables */
	struct feed *f = NULL;
	struct sb text = SB_INIT;
	feed_import_text(&im, &(struct feed_source){ .fetched = 5, .sha256 = "ab", .etag = "\"x\"", .modified = "", .url = "https://example.jp/" }, NULL, &text);
	ck_assert_msg(feed_parse(text.s, text.len, &f, &e) == OK, "%s", e.msg);
	const struct feed_source *s;
	ck_assert_uint_eq(feed_sources(f, &s), 1);
	ck_assert(strcmp(s->name, name) == 0 && s->as_of == im.as_of && s->fetched == 5 && strcmp(s->etag, "\"x\"") == 0);
	feed_free(&f);
	sb_free(&text);
}

static void refused(const char *json, enum status want)
{
	struct err e;
	feed_import_free(&im);
	ck_assert_msg(import(json, &e) == want, "%s", json);
}

static void end_test(void)
{
	feed_import_free(&im);
	feed_free(&known);
}

START_TEST(kev)
{
	gives("{\"title\":\"x\",\"catalogVersion\":\"2026.08.07\",\"dateReleased\":\"2026-08-07T16:45:47.0648Z\",\"vulnerabilities\":["
	      "{\"cveID\":\"CVE-2026-8037\",\"dateAdded\":\"2026-08-07\",\"product\":\"x\"},{\"cveID\":\"CVE-2026-1\\t2\",\"dateAdded\":\"2026-08-07\"},"
	      "{\"cveID\":\"CVE-2026-2\",\"dateAdded\":\"someday\"},{}]}",
	      "kev", "kev\tCVE-2026-8037\t2026-08-07\n");
	ck_assert_uint_eq(im.passed, 3);
	end_test();
}
END_TEST

#define MSRC(tracking, vulnerability)                                                                                                              \
	"{\"DocumentTitle\":{\"Value\":\"x\"},\"Vulnerability\":[" vulnerability "],\"DocumentTracking\":{" tracking "},\"ProductTree\":{\"Branch\":[],"        \
	"\"FullProductName\":[{\"ProductID\":\"1\",\"Value\":\"Windows 11 Version 24H2 for x64-based Systems\"},"                                            \
	"{\"ProductID\":\"2\",\"Value\":\"Windows Server 2025 (Server Core installation)\"},"                                                                \
	"{\"ProductID\":\"3\",\"Value\":\"Microsoft .NET Framework 3.5 AND 4.8.1 on Windows 11 Version 24H2 for x64-based Systems\"},"                       \
	"{\"ProductID\":\"4\",\"Value\":\"Windows 10 Version 21H2 for 32-bit Systems\"},{\"ProductID\":\"5\",\"Value\":\"Microsoft Excel 2016 on Windows\"}]}}"
#define OCTOBER "\"Identification\":{\"ID\":{\"Value\":\"2025-Oct\"}},\"InitialReleaseDate\":\"2025-10-14T07:00:00\",\"CurrentReleaseDate\":\"2025-10-20T07:00:00\""
#define CVE(more) "{\"CVE\":\"CVE-2025-59230\"," more "}"
#define KB(number, build, ids, more) "{\"Description\":{\"Value\":\"" number "\"},\"Type\":2,\"FixedBuild\":" build ",\"ProductID\":[" ids "]" more "}"
#define THREAT(word, ids) "{\"Description\":{\"Value\":\"" word "\"},\"Type\":3,\"ProductID\":[" ids "]}"

START_TEST(msrc)
{
	/* remedies before severities, products behind both */
	gives(MSRC(OCTOBER, CVE("\"Remediations\":[" KB("5066835", "\"10.0.26100.6899\"", "\"1\"", ",\"SubType\":\"Security Update\"") "],"
				"\"Threats\":[" THREAT("Important", "\"1\"") ",{\"Description\":{\"Value\":\"Spoofing\"},\"Type\":0,\"ProductID\":[\"1\"]}]")),
	      "msrc-2025-Oct", "fix\tCVE-2025-59230\t26100\tclient\tx64\tKB5066835\t6899\timportant\n"
	      "release\t26100\tclient\t6899\tKB5066835\t2025-10-14\tsecurity\n");
	/* severities by product; blank is unrated; several builds, one of them ours */
	gives(MSRC(OCTOBER, CVE("\"Threats\":[" THREAT("Critical", "\"2\"") "],\"Remediations\":["
				KB("5066835", "[\"10.0.20348.1\",\"10.0.26100.6899\"]", "\"1\",\"2\"", "") "]")),
	      "msrc-2025-Oct", "fix\tCVE-2025-59230\t26100\tclient\tx64\tKB5066835\t6899\t-\nrelease\t26100\tclient\t6899\tKB5066835\t2025-10-14\tsecurity\n"
	      "fix\tCVE-2025-59230\t26100\tserver\t-\tKB5066835\t6899\tcritical\nrelease\t26100\tserver\t6899\tKB5066835\t2025-10-14\tsecurity\n");
	/* hotpatch and .NET */
	gives(MSRC(OCTOBER, CVE("\"Remediations\":[" KB("5068966", "\"10.0.26100.7092\"", "\"1\"", ",\"SubType\":\"Security Hotpatch Update\"") ","
				KB("5066131", "\"4.8.1.9310\"", "\"3\"", "") "]")),
	      "msrc-2025-Oct", "fix\tCVE-2025-59230\t26100\tclient\tx64\tKB5068966\t7092\t-\nrelease\t26100\tclient\t7092\tKB5068966\t2025-10-14\thotpatch\n"
	      "fix\tCVE-2025-59230\t26100\tclient\tx64\tKB5066131\t-\t-\ncomponent\tKB5066131\tdotnet\t2025-10-14\n");
	/* builds that can't be: of another Windows, malformed, none; what is no KB; Office */
	gives(MSRC(OCTOBER, CVE("\"Remediations\":[" KB("5066791", "\"10.0.19043.6456\"", "\"4\"", "") "," KB("5066782", "\"10.0.26100..2762\"", "\"2\"", "") ","
				KB("5066835", "\"\"", "\"1\"", "") "," KB("Release Notes", "\"10.0.26100.6899\"", "\"1\"", "") ","
				KB("5002222", "\"16.0.1.2\"", "\"5\"", "") "]") ",{\"CVE\":\"ADV990001\"}"),
	      "msrc-2025-Oct", "");
	refused(MSRC("\"Identification\":{\"ID\":{\"Value\":\"2025-Oct\"}}", ""), ERR_PERM); /* without its day */
	gives(MSRC("\"Identification\":{\"ID\":{\"Value\":\"../etc\"}},\"InitialReleaseDate\":\"2025-10-14\"", ""), "msrc-unnamed", "");
	end_test();
}
END_TEST

#define RECORD(id, affected, more)                                                                                                             \
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"" id "\",\"dateUpdated\":\"2026-01-02T03:04:05Z\"},\"containers\":{\"cna\":{"  \
	"\"affected\":[" affected "]" more "}}}"
#define FIREFOX(more) "{\"vendor\":\"Mozilla\",\"product\":\"Firefox\"" more "}"

START_TEST(cve_records)
{
	gives(RECORD("CVE-2026-1234", FIREFOX(",\"versions\":[{\"version\":\"unspecified\",\"lessThan\":\"131.0.2\",\"status\":\"affected\"}]"),
		     ",\"metrics\":[{\"cvssV3_1\":{\"baseSeverity\":\"HIGH\",\"baseScore\":8.8}}]"),
	      "cve", "vuln\tCVE-2026-1234\tfirefox\t-\t<131.0.2\thigh\n");
	/* versions before the names */
	gives(RECORD("CVE-2026-1234", "{\"versions\":[{\"version\":\"128\",\"lessThanOrEqual\":\"128.3.0\",\"status\":\"affected\"}],\"product\":\"Firefox ESR\",\"vendor\":\"Mozilla\"}", ""),
	      "cve", "vuln\tCVE-2026-1234\tfirefox-esr\t128\t<=128.3.0\t-\n");
	/* without an upper end, unaffected, a star, no version at all, another system, another product, a letter that breaks rows */
	gives("[" RECORD("CVE-2026-1", FIREFOX(",\"versions\":[{\"version\":\"0\",\"status\":\"affected\"},{\"version\":\"0\",\"lessThan\":\"9\",\"status\":\"unaffected\"},"
						"{\"version\":\"0\",\"lessThan\":\"*\",\"status\":\"affected\"},{\"version\":\"0\",\"lessThan\":\"\",\"status\":\"affected\"},"
						"{\"version\":\"0\",\"lessThan\":\"1\\n2\",\"status\":\"affected\"}]"), "") ","
	      RECORD("CVE-2026-2", FIREFOX(",\"platforms\":[\"macOS\",\"Android\"],\"versions\":[{\"version\":\"0\",\"lessThan\":\"9\",\"status\":\"affected\"}]"), "") ","
	      RECORD("CVE-2026-3", "{\"vendor\":\"x\",\"product\":\"y\",\"versions\":[{\"version\":\"0\",\"lessThan\":\"9\",\"status\":\"affected\"}]}", "") "]",
	      "cve", "");
	ck_assert(strstr(im.cves.s, "\nCVE-2026-1\n") && strstr(im.cves.s, "\nCVE-2026-3\n"));
	end_test();
}
END_TEST

#define CPE(name, end) "{\"criteria\":\"cpe:2.3:" name "\",\"vulnerable\":true,\"versionEndExcluding\":\"" end "\"}"
#define CONFIG(id, nodes) "{\"_annotation\":{\"cve_id\":\"" id "\"},\"cve\":{\"configurations\":[{\"nodes\":[{\"cpeMatch\":[" nodes "]}]}]}}"

START_TEST(cpe_ranges)
{
	gives(CONFIG("CVE-2026-5", CPE("a:mozilla:firefox:*:*:*:*:*:*:*:*", "140") "," CPE("a:mozilla:firefox:*:*:*:*:esr:*:*:*", "128.9") ","
		     CPE("a:mozilla:firefox:*:*:*:*:*:iphone_os:*:*", "9") "," CPE("o:mozilla:firefox:*:*:*:*:*:*:*:*", "8") "," CPE("a:mozilla", "7")),
	      "cve", "vuln\tCVE-2026-5\tfirefox\t-\t<140\t-\nvuln\tCVE-2026-5\tfirefox-esr\t-\t<128.9\t-\n");
	/* NVD's answers */
	gives("{\"resultsPerPage\":1,\"format\":\"NVD_CVE\",\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-2026-7\",\"lastModified\":\"2026-09-09T01:02:03\",\"configurations\":"
	      "[{\"nodes\":[{\"cpeMatch\":[" CPE("a:mozilla:firefox:*:*:*:*:*:*:*:*", "140") "]}]}],"
	      "\"metrics\":{\"cvssMetricV2\":[{\"baseSeverity\":\"LOW\"}],\"cvssMetricV31\":[{\"cvssData\":{\"baseSeverity\":\"CRITICAL\"}}]}}}]}",
	      "cve", "vuln\tCVE-2026-7\tfirefox\t-\t<140\tcritical\n");
	/* only on another system */
	gives(CONFIG("CVE-2026-6", CPE("a:mozilla:firefox:*:*:*:*:*:*:*:*", "140") ",{\"criteria\":\"cpe:2.3:o:apple:macos:-:*:*:*:*:*:*:*\",\"vulnerable\":false}"),
	      "cve", "");
	gives(CONFIG("CVE-2026-6", CPE("a:mozilla:firefox:*:*:*:*:*:*:*:*", "140") ",{\"criteria\":\"cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*\",\"vulnerable\":false}"),
	      "cve", "vuln\tCVE-2026-6\tfirefox\t-\t<140\t-\n");
	end_test();
}
END_TEST

START_TEST(ends_of_support)
{
	gives("{\"schema_version\":\"1.2.0\",\"last_modified\":\"2026-08-22T00:00:00+00:00\",\"result\":{\"name\":\"windows\",\"label\":\"Microsoft Windows\",\"releases\":["
	      "{\"name\":\"11-24h2-w\",\"eolFrom\":\"2026-10-13\",\"eoesFrom\":null,\"latest\":{\"name\":\"10.0.26100\"}},"
	      "{\"name\":\"11-24h2-e-lts\",\"eolFrom\":\"2029-10-09\",\"latest\":{\"name\":\"10.0.26100\"}},"
	      "{\"name\":\"10-21h2-iot-lts\",\"eolFrom\":\"2032-01-13\",\"latest\":{\"name\":\"10.0.19044\"}},"
	      "{\"name\":\"10-22h2\",\"eolFrom\":\"2025-10-14\",\"eoesFrom\":\"2028-10-10\",\"latest\":{\"name\":\"10.0.19045\"}},"
	      "{\"name\":\"x\",\"eolFrom\":false},{\"name\":\"y\",\"eolFrom\":\"2025-10-14\",\"latest\":null}]}}",
	      "eol-windows", "eol\t26100\tclient\tw\t2026-10-13\t-\neol\t26100\tclient\tltsc\t2029-10-09\t-\neol\t19044\tclient\tiot\t2032-01-13\t-\n"
	      "eol\t19045\tclient\t*\t2025-10-14\t2028-10-10\n");
	gives("{\"result\":{\"name\":\"windows-server\",\"releases\":[{\"name\":\"2019\",\"eolFrom\":\"2029-01-09\",\"latest\":{\"name\":\"10.0.17763\"}},"
	      "{\"name\":\"1809-sac\",\"eolFrom\":\"2020-11-10\",\"latest\":{\"name\":\"10.0.17763\"}}]}}",
	      "eol-windows-server", "eol\t17763\tserver\t*\t2029-01-09\t-\n");
	gives("{\"result\":{\"name\":\"python\",\"releases\":[{\"name\":\"3.9\",\"eolFrom\":\"2025-10-31\"},{\"name\":\"a\\tb\",\"eolFrom\":\"2025-10-31\"}]}}", "eol-python",
	      "support\tpython\t3.9\t2025-10-31\n");
	gives("{\"result\":{\"name\":\"office\",\"releases\":[{\"name\":\"2016\",\"eolFrom\":\"2025-10-14\"},{\"name\":\"2003\",\"eolFrom\":\"2014-04-08\"}]}}", "eol-office",
	      "support\toffice-2016\t-\t2025-10-14\n");
	refused("{\"result\":{\"name\":\"../x\",\"releases\":[]}}", ERR_PERM);
	end_test();
}
END_TEST

START_TEST(ends_of_support_as_a_page)
{
	gives("---\ntitle: Microsoft Windows\npermalink: /windows\nidentifiers:\n  - cpe: cpe:2.3:o:microsoft:windows\nreleases:\n"
	      "  - releaseCycle: \"11-24h2-w\"\n    releaseLabel: [\"11\", {a: b}]\n    releaseDate: 2024-10-01\n    eol: 2026-10-13\n    latest: 10.0.26100\n"
	      "  - releaseCycle: '10-22h2'\n    eoes: 2028-10-10\n    eol: 2025-10-14\n    latest: 10.0.19045\n"
	      "  - releaseCycle: x\n    eol: false\n  - none\n---\n> [Windows](https://x) is\n",
	      "eol-windows", "eol\t26100\tclient\tw\t2026-10-13\t-\neol\t19045\tclient\t*\t2025-10-14\t2028-10-10\n");
	gives("---\r\npermalink: /office\r\nreleases:\r\n- releaseCycle: \"2016\"\r\n  eol: 2025-10-14\r\n---\r\n", "eol-office", "support\toffice-2016\t-\t2025-10-14\n");
	/* an alias is followed nowhere */
	gives("---\na: &a [x, x]\nb: &b [*a, *a]\npermalink: /python\nreleases: [{releaseCycle: *b, eol: 2025-10-31}, {releaseCycle: 3.9, eol: 2025-10-31}]\n---\n",
	      "eol-python", "support\tpython\t3.9\t2025-10-31\n");
	refused("---\npermalink: /python\nreleases: none\n---\n", ERR_PERM); /* it would empty the table */
	refused("---\nreleases: [{releaseCycle: 3.9, eol: 2025-10-31}]\n---\n", ERR_PERM);
	refused("---\npermalink: /../x\nreleases: []\n---\n", ERR_PERM);
	refused("---\npermalink: /python\nreleases: [{releaseCycle: 3.9\n---\n", ERR_PERM);
	refused("---\npermalink: /python\n? [a]\n: b\n---\n", ERR_PERM);
	refused("---\n- a\n---\n", ERR_PERM);
	refused("---\npermalink: /python\n", ERR_PERM);
	refused("---\n", ERR_PERM);
	end_test();
}
END_TEST

#define RSS(items) "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns:rdf=\"r\"><channel><title>JVNDB</title><dcterms:modified>2026-10-20T10:00:00+09:00</dcterms:modified></channel>" items "</rdf:RDF>"

START_TEST(jvn)
{
	gives(RSS("<item><title>弥生会計に任意の\nコード実行の脆弱性</title><sec:identifier>JVNDB-2026-000001</sec:identifier>"
		  "<sec:references source=\"CVE\" id=\"CVE-2026-5555\">https://www.cve.org/</sec:references><sec:references source=\"NVD\" id=\"CVE-2026-5555\"/>"
		  "<sec:references source=\"JVN\" id=\"JVN#1\"/><sec:cvss version=\"3.0\" severity=\"High\"/></item>"
		  "<item><title>CVE のない話</title><sec:identifier>JVNDB-2026-000002</sec:identifier></item>"
		  "<item><title>番号が変</title><sec:identifier>../x</sec:identifier><sec:references id=\"CVE-2026-1\"/></item>"),
	      "jvn", "jvn\tCVE-2026-5555\tJVNDB-2026-000001\thigh\t弥生会計に任意の コード実行の脆弱性\n");
	ck_assert_uint_eq(im.passed, 2);
	gives("{\"feed\":{\"title\":\"x\",\"updated\":\"2026-10-20\",\"entry\":[{\"title\":\"サクラエディタの脆弱性\",\"id\":\"JVNDB-2026-000003\","
	      "\"references\":[{\"url\":\"https://www.cve.org/CVERecord?id=CVE-2026-6666\",\"summary\":\"x\",\"source\":\"CVE\"}],"
	      "\"metrics\":[{\"content\":{\"cvss_v3\":{\"baseScore\":\"9.8\",\"baseSeverity\" : \"CRITICAL\"}}}]},{\"$comment\":\"x\"}]}}",
	      "jvn", "jvn\tCVE-2026-6666\tJVNDB-2026-000003\tcritical\tサクラエディタの脆弱性\n");
	refused("<!DOCTYPE rdf [<!ENTITY a \"b\">]>" "<rdf:RDF xmlns:rdf=\"r\"/>", ERR_PERM);
	refused("<rdf:RDF xmlns:rdf=\"r\"><item>", ERR_PERM);
	/* what nobody rated, IPA did */
	struct feed *f = NULL;
	static const char rows[] = "product\tx\tX\tone\txx\t-\t-\t-\nvuln\tCVE-2026-6666\tx\t-\t<2\t-\njvn\tCVE-2026-6666\tJVNDB-2026-000003\tcritical\t題\n";
	ck_assert_int_eq(feed_parse(rows, sizeof rows - 1, &f, NULL), OK);
	ck_assert_str_eq(feed_title_ja(f, cve_of("CVE-2026-6666")), "題");
	ck_assert_ptr_null(feed_title_ja(f, cve_of("CVE-2026-6667")));
	feed_free(&f);
	end_test();
}
END_TEST

START_TEST(nothing_known)
{
	static const char *const bad[] = { "", "[]", "{}", "{\"a\":1}", "[1]", "1", "<xml/>", "{\"catalogVersion\":1,\"vulnerabilities\":7}", "{\"catalogVersion\":1" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refused(bad[i], ERR_PERM);
	end_test();
}
END_TEST

/* What replaces a table whole must not empty it: no entries, others' names for them, a list of nothing. */
START_TEST(nothing_in_it)
{
	static const char *const empty[] = {
		"{\"catalogVersion\":\"2\",\"dateReleased\":\"2026-11-07\",\"vulnerabilities\":[]}", "{\"catalogVersion\":\"2\"}",
		"{\"catalogVersion\":\"1\",\"vulnerabilities\":[{\"cveId\":\"CVE-2026-1000\",\"dateAdded\":\"2026-08-07\"}]}",
		"{\"result\":{\"name\":\"windows\",\"releases\":[]}}", "{\"result\":{\"releases\":[{\"name\":\"10\",\"eolFrom\":\"2026-10-13\"}],\"name\":\"windows\"}}",
	};
	struct err e;
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
		refused(empty[i], ERR_PERM);
		ck_assert(import(empty[i], &e) == ERR_PERM && strstr(e.msg, "no entry that can be used"));
	}
	struct feed_import month = { .kind = FEED_MSRC, .as_of = 100 }, cve = { .kind = FEED_CVE, .as_of = 100 };
	ck_assert(feed_import_empties(&month, "source\tx\nfix\ty\n") && !feed_import_empties(&month, "source\tx\n") && !feed_import_empties(&month, NULL));
	ck_assert(!feed_import_empties(&cve, "source\tx\nvuln\ty\n"));
	month.n = 1;
	ck_assert(!feed_import_empties(&month, "source\tx\nfix\ty\n"));
	ck_assert(feed_import_goes_back(&month, 101) && !feed_import_goes_back(&month, 100) && !feed_import_goes_back(&month, INT64_MIN));
	ck_assert(!feed_import_goes_back(&cve, 101));
	end_test();
}
END_TEST

/* CVE records collect in one file: what came anew replaces its own rows alone. */
START_TEST(records_collect)
{
	static const char before[] = "source\tcve\t-\t1\t-\t-\t-\t-\nvuln\tCVE-2026-1234\tfirefox\t-\t<100\thigh\nvuln\tCVE-2026-12345\tfirefox\t-\t<101\thigh\n";
	struct sb text = SB_INIT;
	struct err e;
	const struct feed_source of = { .fetched = 9, .sha256 = "cd", .etag = "", .modified = "", .url = "" };
	ck_assert_int_eq(import(RECORD("CVE-2026-1234", FIREFOX(",\"versions\":[{\"version\":\"0\",\"lessThan\":\"131\",\"status\":\"affected\"}]"), ""), &e), OK);
	feed_import_text(&im, &of, before, &text);
	ck_assert_str_eq(text.s, "source\tcve\t2026-01-02\t9\tcd\t-\t-\t-\nvuln\tCVE-2026-12345\tfirefox\t-\t<101\thigh\nvuln\tCVE-2026-1234\tfirefox\t-\t<131\t-\n");
	sb_free(&text);
	end_test();
}
END_TEST

UNIT_SUITE("feed", kev, msrc, cve_records, cpe_ranges, ends_of_support, ends_of_support_as_a_page, jvn, nothing_known, nothing_in_it, records_collect)
