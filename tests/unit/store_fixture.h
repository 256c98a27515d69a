#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H
/* A store in a folder of its own, for the store's tests. */
#include "base/arena.h"
#include "store/store.h"
#include "store/store_audit.h"
#include "store/store_due.h"
#include "store/store_message.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include "store/store_ticket.h"
#include "store/store_writer.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ck_ok(call)                                                                  \
	do {                                                                         \
		err.msg[0] = '\0';                                                   \
		enum status st_ = (call);                                            \
		ck_assert_msg(st_ == OK, "%s: %s (%s)", #call, status_name(st_), err.msg); \
	} while (0)
#define ck_is(call, want)                                                            \
	do {                                                                         \
		enum status st_ = (call);                                            \
		ck_assert_msg(st_ == (want), "%s: %s", #call, status_name(st_));     \
	} while (0)

static struct err err;
static struct arena *a;
static struct store *s;
static char dir[64], path[96];
static const uint8_t master[KEY_LEN] = { 1, 2, 3 };

static inline void new_path(void)
{
	/* in memory where there is such a place: thousands of fsyncs are waited for */
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(dir, sizeof dir, "%s/yorozu-store-XXXXXX", base);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/yorozu.db", dir);
	a = arena_new();
}

static inline void open_new(void)
{
	new_path();
	ck_ok(store_open(path, master, &s, &err));
}

static inline void unlink_store(const char *db)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char file[128];
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		snprintf(file, sizeof file, "%s%s", db, ends[i]);
		unlink(file);
	}
}

static inline void done(void)
{
	store_close(&s);
	arena_free(&a);
	unlink_store(path);
	rmdir(dir);
}

/* A mail whose dedupe value is made from n. */
static inline struct message a_message(int64_t ticket, uint64_t n)
{
	struct message m = { .ticket_id = ticket, .kind = MSG_CUSTOMER, .at = 1000 + (epoch)n,
		.envelope_from = "taro@example.co.jp", .from_addr = "taro@example.co.jp",
		.from_name = "山田 太郎", .subject = "パソコンが遅い", .message_id = "a@example.co.jp",
		.client_ip = "192.0.2.1", .helo = "mx.example.co.jp", .spf = "pass", .dkim = "none",
		.dmarc = "pass", .auto_kind = "none", .note = "" };
	crypto_sha256(&n, sizeof n, m.dedupe);
	return m;
}

static inline struct ticket a_ticket(void)
{
	return (struct ticket){ .state = TICKET_OPEN, .channel = "mail", .subject = "パソコンが遅い",
		.opened_at = 1000, .last_at = 1000, .waiting_since = 1000, .due_at = 2000 };
}

#endif
