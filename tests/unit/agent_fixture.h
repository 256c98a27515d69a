#ifndef TESTS_AGENT_FIXTURE_H
#define TESTS_AGENT_FIXTURE_H
/* Batches of terminals, and a folder of month files, for tests. */
#include "store/agent_body.h"
#include "store/agent_inventory.h"
#include "store/agent_month.h"
#include "store/agent_month_impl.h"
#include "store/store_impl.h"
#include "store_fixture.h"
#include "text/agent_batch.h"
#include <dirent.h>

#define BEGAN 1793458800000LL /* 2026-11-01 00:00 JST, in ms */
#define MS_HOUR 3600000LL
#define MS_DAY (24 * MS_HOUR)

static struct agent_files *files;

/* A batch's JSON but for what `more` adds: events are the whole array's inside. */
static inline char *batch_json(uint64_t id, int64_t created, int64_t from, int64_t to, const char *events, const char *more)
{
	return arena_printf(a, "{\"v\":1,\"batch\":\"01HZX%021llu\",\"created\":%lld,\"tz\":540,\"offset\":0,\"from\":%lld,\"to\":%lld,"
	                    "\"events\":[%s]%s}", (unsigned long long)id, (long long)created, (long long)from, (long long)to,
	                    events, more);
}

static inline struct sb packed(const char *json)
{
	struct store_zip *z = NULL;
	struct sb out = SB_INIT;
	ck_ok(zip_pack(&z, json, strlen(json), &out, &err));
	store_zip_free(&z);
	return out;
}

/* As a handler would; the answer is in *p. */
static inline void put_json(struct agent_put *p, const char *json)
{
	struct agent_batch b;
	struct agent_tally t;
	struct sb body = packed(json);
	ck_ok(agent_batch_read(json, strlen(json), p->now_ms, a, &b, &err));
	agent_tally(&b, NULL, a, &t);
	p->b = &b;
	p->t = &t;
	p->body = body.s;
	p->body_n = body.len;
	p->size = strlen(json);
	ck_ok(agent_files_put(files, p, &err));
	sb_free(&body);
}

static inline void files_new(epoch now)
{
	new_path();
	ck_ok(agent_files_open(dir, now, 8, &files, &err));
}

/* Below `dir`; the folder goes too. */
static inline void empty_folder(const char *below)
{
	char folder[100], file[400];
	snprintf(folder, sizeof folder, "%s%s", dir, below);
	DIR *d = opendir(folder);
	ck_assert_ptr_nonnull(d);
	for (struct dirent *x; (x = readdir(d));) {
		snprintf(file, sizeof file, "%s/%s", folder, x->d_name);
		unlink(file);
	}
	closedir(d);
	ck_assert_int_eq(rmdir(folder), 0);
}

static inline void files_done(void)
{
	agent_files_close(&files);
	store_close(&s);
	arena_free(&a);
	empty_folder("");
}

#endif
