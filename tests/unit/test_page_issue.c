/* MAG-02: a newsletter's attachment by its link, out of the editor's draft. */
#include "page_issue.h"
#include "store/store_issue.h"
#include "store_fixture.h"
#include <stdlib.h>

static struct ingest in;
static struct cfg *cfg;
static int64_t draft;

#define DRAFT                                                                                                                   \
	"From: mori@example.jp\nTo: henshu@example.jp\nSubject: [1] Number\nMessage-ID: <d@pc>\nMIME-Version: 1.0\n"             \
	"Content-Type: multipart/mixed; boundary=M\n\n--M\nContent-Type: text/html\n\n<img src='cid:one'>\n"                     \
	"--M\nContent-Type: image/png\nContent-ID: <one>\nContent-Disposition: inline; filename=p.png\n\nPNG\n"                  \
	"--M\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=september.pdf\n\nthe first\n"             \
	"--M\nContent-Type: text/csv\nContent-Disposition: attachment; filename*=UTF-8''%E4%B8%80%E8%A6%A7.csv\n\nthe second\n--M--\n"

static void setup(void)
{
	open_new();
	ck_ok(cfg_parse("t", "", dir, &cfg, &err));
	struct message m = a_message(0, 77);
	ck_ok(store_begin(s, &err));
	ck_ok(message_insert(s, &m, DRAFT, strlen(DRAFT), &err));
	draft = m.id;
	struct issue i = { .state = ISSUE_SENDING, .created_at = clk_now(), .draft_id = draft, .subject = "Number", .size = 1000, .send_at = clk_now() };
	ck_ok(issue_add(s, &i, &err));
	ck_ok(store_commit(s, &err));
	in = (struct ingest){ .cfg = cfg, .notify_path = "/nonexistent" };
	ck_ok(ingest_open(&in, path, master, &err));
}

static void teardown(void)
{
	page_issue_forget(&in);
	ingest_close(&in);
	cfg_free(&cfg);
	done();
}

/* Another reader asks for file `k`; "name|bytes", or "" where there is none. */
static const char *fetch(size_t k)
{
	char token[LINK_TOKEN_SIZE], bytes[64];
	size_t n = 0;
	link_token(in.links, LINK_ISSUE, issue_link(draft, k), token);
	struct http_req q = { .app = &in, .a = a, .method = "GET", .path = token, .prefix = "/a/", .rest = token, .ip = "192.0.2.1", .length = -1 };
	page_issue.answer(&q);
	const char *r = "";
	if (q.out.source) {
		ck_assert_uint_eq(q.out.nheaders, 1);
		ck_ok(q.out.source(q.out.source_arg, bytes, sizeof bytes, &n, &err));
		ck_assert_int_eq((int64_t)n, q.out.size);
		r = arena_printf(a, "%s|%.*s", q.out.header[0][1], (int)n, bytes);
	}
	page_issue.gone(&q, true);
	sb_free(&q.out.body);
	return r;
}

static void is(const char *got, const char *name, const char *bytes)
{
	ck_assert_msg(strstr(got, name) && strstr(got, bytes), "%s %s: %s", name, bytes, got);
}

/* The first one takes it out of the draft, the next finds it in memory. */
START_TEST(a_file_has_its_own_name_and_bytes)
{
	setup();
	for (int i = 0; i < 2; i++) {
		is(fetch(1), "september.pdf", "|the first");
		is(fetch(1), "september.pdf", "|the first");
		is(fetch(2), "%E4%B8%80%E8%A6%A7.csv", "|the second");
	}
	teardown();
}
END_TEST

START_TEST(pictures_and_files_that_are_not_there)
{
	setup();
	ck_assert_str_eq(fetch(0), "");
	ck_assert_str_eq(fetch(3), "");
	teardown();
}
END_TEST

UNIT_SUITE("page_issue", a_file_has_its_own_name_and_bytes, pictures_and_files_that_are_not_there)
