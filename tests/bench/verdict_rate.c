/*
 * verdict_rate [TERMINALS [TABLES]]: facts of made-up terminals (150 programs,
 * 30 updates each) read and judged with the shipped tables (or TABLES): how many
 * a second of processor time, and the memory at the end. Exits 1 when one takes
 * longer than the 1 ms that a monthly run of 10,000 may cost.
 */
#include "base/arena.h"
#include "base/strbuf.h"
#include "text/json_put.h"
#include "verdict/verdict.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { KINDS = 16, PROGRAMS = 150 };

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void program(struct json_put *o, unsigned i, unsigned kind)
{
	static const struct { const char *name, *vendor; } real[] = {
		{ "Google Chrome", "Google LLC" }, { "Mozilla Firefox ESR (x64 ja)", "Mozilla" }, { "7-Zip 23.01 (x64)", "Igor Pavlov" },
		{ "Microsoft 365 Apps for business - ja-jp", "Microsoft Corporation" }, { "弥生会計 ２４", "弥生株式会社" }, { "サクラエディタ", "" },
		{ "ウイルスバスター クラウド", "トレンドマイクロ株式会社" }, { "WinRAR 7.10 (64-bit)", "win.rar GmbH" }, { "Adobe Acrobat (64-bit)", "Adobe" },
		{ "Microsoft Visual C++ 2015-2022 Redistributable (x64) - 14.40.33810", "Microsoft Corporation" },
	};
	char name[64], version[32];
	unsigned n = sizeof real / sizeof *real;
	snprintf(name, sizeof name, i % 2 ? "Microsoft .NET Component %u" : "社内ツール %u", i * 7 + kind);
	snprintf(version, sizeof version, "%u.%u.%u", 1 + i % 150, kind, i);
	json_put_open(o, '{');
	json_put_text_at(o, "name", i < 3 * n ? real[i % n].name : name);
	json_put_text_at(o, "version", version);
	json_put_text_at(o, "vendor", i < 3 * n ? real[i % n].vendor : "Microsoft Corporation");
	json_put_text_at(o, "scope", i % 5 ? "machine" : "user");
	json_put_close(o, '}');
}

static void facts_text(struct sb *out, unsigned kind)
{
	struct json_put o = { out, false };
	sb_addf(out, "{\"as_of\":1751000000000,\"os\":{\"family\":\"windows\",\"name\":\"Windows 11 Pro\",\"version\":\"24H2\",\"build\":26100,\"ubr\":%u,"
		"\"edition\":\"Professional\",\"arch\":\"x64\",\"installation\":\"Client\",\"host\":\"PC-%u\"},\"patches\":{\"qfe\":[", 1742 + kind * 180, kind);
	for (unsigned i = 0; i < 30; i++)
		sb_addf(out, "%s\"KB%u\"", i ? "," : "", 5040000 + i * 997);
	sb_adds(out, "]},\"software\":");
	json_put_open(&o, '[');
	for (unsigned i = 0; i < PROGRAMS; i++)
		program(&o, i, kind);
	json_put_close(&o, ']');
	sb_addc(out, '}');
}

int main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000;
	struct sb text[KINDS];
	struct feed *f = NULL;
	struct err e;
	size_t findings = 0;
	double from = now_s(), took;
	if (feed_load(argc > 2 ? argv[2] : "conf/feed", NULL, &f, &e) != OK) {
		fprintf(stderr, "verdict_rate: %s\n", e.msg);
		return 1;
	}
	double load = now_s() - from;
	for (unsigned i = 0; i < KINDS; i++) {
		text[i] = SB_INIT;
		facts_text(&text[i], i);
	}
	from = now_s();
	for (unsigned i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct facts x;
		struct verdict v;
		if (facts_parse(text[i % KINDS].s, text[i % KINDS].len, a, &x, &e) != OK)
			return 1;
		verdict_of(f, &x, 1751100000, a, &v);
		findings += v.n_missing + v.n_software;
		arena_free(&a);
	}
	took = (now_s() - from) / n;
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	printf("verdicts: %.0f/s (%.3f ms each, %d programs, %.1f findings), tables loaded in %.1f ms, memory %ld MB\n", 1 / took, took * 1e3, PROGRAMS,
	       (double)findings / n, load * 1e3, u.ru_maxrss / 1024);
	for (unsigned i = 0; i < KINDS; i++)
		sb_free(&text[i]);
	feed_free(&f);
	return took > 0.001;
}
