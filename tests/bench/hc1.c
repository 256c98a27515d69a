/*
 * hc1: a terminal for shell scripts, which brings its requests to the server by
 * curl. Its state is a file.
 *
 *	hc1 ask STATE CODE TOKEN HOST [HW]   a new one; prints the body of an enrolment
 *	hc1 enrolled STATE <ANSWER           takes id and key from the answer
 *	hc1 batch STATE N [MS]               prints an envelope with N new events, at MS (now)
 *	hc1 restart STATE                    as if the agent was started again
 */
#include "../hc1_client.h"
#include "base/io.h"
#include <time.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "hc1: %s\n", what);
	return 1;
}

static bool load(const char *path, struct hc1_client *c)
{
	struct sb b = SB_INIT;
	struct err e;
	bool good = io_read_file(path, sizeof *c, &b, &e) == OK && b.len == sizeof *c;
	if (good)
		memcpy(c, b.s, sizeof *c);
	sb_free(&b);
	return good;
}

static bool save(const char *path, const struct hc1_client *c)
{
	struct err e;
	return io_write_file(path, 0600, c, sizeof *c, &e) == OK;
}

static void event(struct sb *j, int64_t q, int64_t t)
{
	static const char *const kinds[] = {
		"\"k\":\"web\",\"h\":\"www.example.co.jp\",\"n\":2,\"s\":30", "\"k\":\"logon\",\"how\":\"console\"",
		"\"k\":\"web\",\"h\":\"mail.example.com\",\"n\":1,\"s\":10",
		"\"k\":\"dev\",\"op\":\"attach\",\"class\":\"usb_storage\",\"vid\":\"0781\",\"pid\":\"5567\",\"serial\":\"4C53\",\"n\":\"USB\"",
		"\"k\":\"file\",\"op\":\"write\",\"p\":\"C:\\\\見積.xlsx\"", "\"k\":\"app\",\"n\":\"EXCEL.EXE\",\"s\":60"
	};
	sb_addf(j, "{\"q\":%lld,\"t\":%lld,\"u\":\"X\\\\taro\",%s}", (long long)q, (long long)t, kinds[(size_t)q % 6]);
}

/* The section `os` is of the host's name alone, and comes with each batch. */
static void batch(struct hc1_client *c, int64_t n, int64_t t, struct sb *out)
{
	struct sb j = SB_INIT;
	sb_addf(&j, "{\"v\":1,\"batch\":\"01HZX%021lld\",\"created\":%lld,\"tz\":540,\"offset\":0,\"from\":%lld,\"to\":%lld,\"events\":[",
	        (long long)(c->epoch % 1000000) * 1000000 + c->seq + 1, (long long)t, (long long)c->q + 1, (long long)(c->q + n));
	for (int64_t i = 0; i < n; i++) {
		sb_adds(&j, i ? "," : "");
		event(&j, ++c->q, t);
	}
	sb_adds(&j, "]}");
	hc1_client_seal(c, j.s, j.len, out);
	sb_free(&j);
}

int main(int argc, char **argv)
{
	struct hc1_client c;
	struct sb out = SB_INIT;
	struct err e;
	const char *verb = argc > 2 ? argv[1] : "";
	if (strcmp(verb, "ask") == 0 && argc >= 6) {
		hc1_client_new(&c);
		hc1_client_ask(&c, argv[3], argv[4], argv[5], argc > 6 ? argv[6] : "", &out);
	} else if (!load(argc > 2 ? argv[2] : "", &c)) {
		return fail("usage: ask|enrolled|batch|restart STATE …");
	} else if (strcmp(verb, "enrolled") == 0) {
		if (io_read_file("-", HC1_ENROLL_MAX, &out, &e) != OK || !hc1_client_enrolled(&c, out.s))
			return fail("no id and key in the answer");
		sb_reset(&out);
	} else if (strcmp(verb, "batch") == 0 && argc >= 4) {
		batch(&c, strtoll(argv[3], NULL, 10), argc > 4 ? strtoll(argv[4], NULL, 10) : (int64_t)time(NULL) * 1000, &out);
	} else if (strcmp(verb, "restart") == 0) {
		c.epoch = c.epoch + 1 > time(NULL) ? c.epoch + 1 : time(NULL);
		c.seq = 0;
	} else {
		return fail("what?");
	}
	/* numbers are used up before the envelope is seen by anybody */
	if (!save(argv[2], &c) || !io_write_all(1, out.s, out.len))
		return fail("the state or the output can't be written");
	sb_free(&out);
	return 0;
}
