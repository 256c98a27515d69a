/*
 * json_rate [MEGABYTES]: batches as terminals send them (ingest/PROTOCOL.md),
 * read by json.h: walked with every value taken, and skipped. MB/s, and as a
 * ratio to a pass of memchr over the same bytes in the same run; processor time, so that neighbours do not count.
 */
#include "text/json.h"
#include "text/json_put.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void event(struct json_put *o, unsigned i)
{
	char text[80];
	json_put_open(o, '{');
	json_put_int_at(o, "q", i);
	json_put_int_at(o, "t", 1764000000000 + (int64_t)i * 977);
	snprintf(text, sizeof text, "KEIRI\\user%u", i % 7);
	if (i % 10 < 7) {
		json_put_text_at(o, "k", "web");
		json_put_text_at(o, "u", text);
		snprintf(text, sizeof text, "www%u.example-shop.co.jp", i % 113);
		json_put_text_at(o, "h", text);
		json_put_int_at(o, "n", i % 9);
		json_put_int_at(o, "s", i % 300);
	} else {
		json_put_text_at(o, "k", "file");
		json_put_text_at(o, "u", text);
		json_put_text_at(o, "op", "write");
		snprintf(text, sizeof text, "C:\\Users\\user%u\\Documents\\請求書\\2026年10月-%u.xlsx", i % 7, i);
		json_put_text_at(o, "p", text);
	}
	json_put_close(o, '}');
}

static int64_t walk(const struct sb *b)
{
	struct json j;
	struct json_str key, s;
	struct err e;
	int64_t sum = 0, v = 0;
	json_init(&j, b->s, b->len, 8);
	for (json_array(&j); json_item(&j);) {
		for (json_object(&j); json_key(&j, &key);) {
			if (json_eq(&key, "q") || json_eq(&key, "t") || json_eq(&key, "n") || json_eq(&key, "s"))
				sum += json_int(&j, &v) ? v : 0;
			else if (json_string(&j, &s))
				sum += (int64_t)s.n;
		}
	}
	return json_end(&j, &e) == OK ? sum : -1;
}

static int64_t skip(const struct sb *b)
{
	struct json j;
	struct err e;
	json_init(&j, b->s, b->len, 8);
	return json_end(&j, &e) == OK ? (int64_t)b->len : -1;
}

static int64_t pass(const struct sb *b)
{
	return memchr(b->s, 0x01, b->len) ? -1 : (int64_t)b->len;
}

/* The best of five, in MB/s. */
static double rate(int64_t (*f)(const struct sb *), const struct sb *b)
{
	double best = 1e9;
	for (int i = 0; i < 5; i++) {
		double from = now_s();
		if (f(b) < 0)
			exit(1);
		double took = now_s() - from;
		best = took < best ? took : best;
	}
	return (double)b->len / 1e6 / best;
}

int main(int argc, char **argv)
{
	size_t want = (argc > 1 ? strtoul(argv[1], NULL, 10) : 64) * 1000000;
	struct sb b = SB_INIT;
	struct json_put o = { &b, false };
	unsigned i = 0;
	json_put_open(&o, '[');
	double from = now_s();
	while (b.len < want)
		event(&o, i++);
	double wrote = (double)b.len / 1e6 / (now_s() - from);
	json_put_close(&o, ']');
	double w = rate(walk, &b), s = rate(skip, &b), m = rate(pass, &b);
	printf("json: %u events, %.1f MB: walked %.0f MB/s, skipped %.0f MB/s, memchr %.0f MB/s, ratio %.3f; written %.0f MB/s\n", i,
	       (double)b.len / 1e6, w, s, m, w / m, wrote);
	sb_free(&b);
	return 0;
}
