/*
 * yorozu backup, yorozu restore: see backup.h. By hand, or by yorozu-ingest when
 * the day's one is due:
 *
 *	yorozu -C DIR backup --due [--key FINGERPRINT]
 *
 * which ends at once when it is not, and needs no key where the fingerprint is
 * given. Exit 75: another one is under way.
 */
#include "backup.h"
#include "front.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include "store/store.h"
#include "store/store_audit.h"
#include "store/store_backup.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LATER = 75 /* EX_TEMPFAIL */, BEHIND = 10 };

static enum status load_key(const struct cfg *c, char print[BACKUP_KEY_PRINT], struct err *e)
{
	uint8_t master[KEY_LEN];
	char *path = cfg_key_path(c, "master.key");
	enum status st = crypto_key_load(path, master, e);
	if (st == OK)
		backup_key_print(master, print);
	crypto_wipe(master, sizeof master);
	free(path);
	return st;
}

static void print_sum(const char *what, const struct backup_sum *r)
{
	printf("%s: %lld stores, %lld files, %lld bytes\n", what, (long long)r->stores, (long long)r->files, (long long)r->bytes);
}

static enum status audited(struct store *s, const char *who, const char *name, struct err *e)
{
	struct audit row = { .at = clk_now(), .who = who, .what = "backup.make", .detail = name };
	enum status st = store_begin(s, e);
	if (st != OK)
		return st;
	st = audit_add(s, &row, e);
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

static int done(enum status st, const struct backup_sum *sum, const struct err *e)
{
	if (st == OK)
		print_sum(sum->name, sum);
	return st == OK ? 0 : front_fail("backup", e);
}

/* The audit is written behind the backup, which so is of before. */
static int run_now(const char *given, const struct front *f)
{
	struct err e;
	struct backup_sum sum;
	char key[BACKUP_KEY_PRINT];
	struct cfg *c = NULL, *first = front_cfg("backup", f);
	if (!first)
		return 1;
	enum status st = load_key(first, key, &e);
	struct store *s = st == OK ? front_store("backup", f, &c) : NULL;
	char *to = given ? xstrdup(given) : backup_folder(first);
	if (s) {
		umask(077);
		st = backup_make(c, to, key, clk_now(), &sum, &e);
		if (st == OK)
			st = audited(s, front_who(), sum.name, &e);
	}
	int rc = s || st != OK ? done(st, &sum, &e) : 1;
	store_close(&s);
	cfg_free(&c);
	cfg_free(&first);
	free(to);
	return rc;
}

/* The daemons' work goes before ours. */
static enum status make_due(const struct cfg *c, const char *to, const char *key, struct backup_sum *sum, struct err *e)
{
	struct store *s = NULL;
	char *db = cfg_path(c, "store/yorozu.db");
	umask(077);
	if (nice(BEHIND) < 0)
		errno = 0;
	enum status st = backup_make(c, to, key, clk_now(), sum, e);
	if (st == OK)
		st = store_open(db, NULL, &s, e);
	if (st == OK)
		st = audited(s, "system", sum->name, e);
	store_close(&s);
	free(db);
	return st;
}

static int run_due(const char *given, const struct front *f)
{
	struct err e;
	struct backup_sum sum = { .name = "" };
	epoch newest = 0;
	char key[BACKUP_KEY_PRINT];
	struct cfg *c = front_cfg("backup", f);
	if (!c)
		return 1;
	char *to = backup_folder(c);
	enum status st = given ? OK : load_key(c, key, &e);
	if (given)
		snprintf(key, sizeof key, "%s", given);
	if (st == OK)
		st = front_clock(c, &e);
	if (st == OK)
		st = proc_drop(c->run_user, &e);
	if (st == OK)
		st = backup_newest(to, clk_now(), &newest, &e);
	bool due = st == OK && backup_is_due(c->backup_hour, newest, clk_now());
	if (due)
		st = make_due(c, to, key, &sum, &e);
	int rc = st == OK && !due ? 0 : st == ERR_EXISTS ? LATER : done(st, &sum, &e);
	free(to);
	cfg_free(&c);
	return rc;
}

static int run_backup(int argc, char **argv, const struct front *f)
{
	if (argc == 1 || (argc == 3 && strcmp(argv[1], "--to") == 0))
		return run_now(argc == 3 ? argv[2] : NULL, f);
	if (argc == 2 && strcmp(argv[1], "--due") == 0)
		return run_due(NULL, f);
	if (argc == 4 && strcmp(argv[1], "--due") == 0 && strcmp(argv[2], "--key") == 0)
		return run_due(argv[3], f);
	return front_usage(&cmd_backup);
}

/* Those who have a store open. */
static enum status nobody_runs(const struct cfg *c, struct err *e)
{
	static const char *const pids[] = { "run/milter.pid", "run/mailer.pid", "run/ingest.pid", "run/bulk.pid" };
	enum status st = OK;
	for (size_t i = 0; st == OK && i < sizeof pids / sizeof *pids; i++) {
		char *path = cfg_path(c, pids[i]);
		if (proc_running(path))
			st = err_set(e, ERR_PERM, "the instance runs (%s): stop it first", pids[i]);
		free(path);
	}
	return st;
}

/* The store that is there may be broken: it is not opened. */
static int run_restore(int argc, char **argv, const struct front *f)
{
	struct err e;
	struct backup_sum sum;
	char key[BACKUP_KEY_PRINT];
	bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
	if (!check && (argc != 2 || argv[1][0] == '-'))
		return front_usage(&cmd_restore);
	struct cfg *c = front_cfg("restore", f);
	if (!c)
		return 1;
	enum status st = check ? OK : nobody_runs(c, &e);
	if (st == OK)
		st = load_key(c, key, &e);
	if (st == OK)
		st = proc_drop(c->run_user, &e);
	if (st == OK)
		st = check ? backup_verify(argv[2], key, &sum, &e) : backup_restore(c, argv[1], key, &sum, &e);
	if (st == OK)
		print_sum(check ? "whole" : "restored", &sum);
	cfg_free(&c);
	return st == OK ? 0 : front_fail("restore", &e);
}

const struct front_cmd cmd_backup = { "backup", run_backup, "backup [--to DIR] | backup --due",
	"all stores and files as they are now, checked; two generations" };
const struct front_cmd cmd_restore = { "restore", run_restore, "restore FOLDER | restore --check FOLDER",
	"put a backup back, or see whether it is whole" };
