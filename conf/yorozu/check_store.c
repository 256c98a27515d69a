/*
 * The store, its backups and the master key, looked at as run_user; and whether
 * the clock can be right.
 */
#include "checkup.h"
#include "base/clk.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/proc.h"
#include "store/store.h"
#include "store/store_audit.h"
#include "store/store_backup.h"
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>

enum { DAY = 86400, LATE = 3 * 3600 /* that a backup may take */, BACK_MAX = 3600 }; /* seconds that the store may be ahead of the clock */

static void integrity(struct check *k, struct store *s, int behind)
{
	struct err e;
	char line[208];
	struct sb text = SB_INIT;
	enum status st = store_check(s, &text, &e);
	if (st == ERR_PERM)
		check_say(k, CHECK_FAIL, "store", "damaged: %s. Stop the daemons and put back a backup (conf/INSTALL.md)",
		          check_first_line(&text, line));
	else if (st != OK)
		check_say(k, CHECK_FAIL, "store", "%s", e.msg);
	else if (behind)
		check_say(k, CHECK_WARN, "store", "whole, but of an older version: the next start brings it %d steps forward; "
		          "back it up before", behind);
	else
		check_say(k, CHECK_OK, "store", "whole, and under this master key");
	sb_free(&text);
}

static bool by_network(void)
{
	struct timex t = { .modes = 0 };
	return adjtimex(&t) != TIME_ERROR && !(t.status & STA_UNSYNC);
}

static void clock_of(struct check *k, epoch last)
{
	char now_text[32], last_text[32];
	epoch now = clk_now();
	int year = civil_of(now).year;
	if (year < 2024 || year > 2099)
		check_say(k, CHECK_FAIL, "clock", "says %s: set it", clk_iso(now, now_text));
	else if (last > now + BACK_MAX)
		check_say(k, CHECK_FAIL, "clock", "says %s, but the store's last entry is of %s: the clock went back",
		          clk_iso(now, now_text), clk_iso(last, last_text));
	else if (cfg_is_private(k->c) && now != (epoch)time(NULL))
		check_say(k, CHECK_WARN, "clock", "moved: %s (yorozu -C %s clock reset)", clk_iso(now, now_text), k->c->dir);
	else if (!cfg_is_private(k->c) && !by_network())
		check_say(k, CHECK_WARN, "clock", "%s, not kept right by NTP: due times follow it (apt-get install chrony)",
		          clk_iso(now, now_text));
	else
		check_say(k, CHECK_OK, "clock", "%s JST", clk_iso(now, now_text));
}

static void backups(struct check *k)
{
	struct err e;
	char at[32];
	epoch newest, now = clk_now();
	char *folder = backup_folder(k->c);
	if (backup_newest(folder, now, &newest, &e) != OK)
		check_say(k, CHECK_FAIL, "backup", "%s", e.msg);
	else if (k->c->backup_hour == 24)
		check_say(k, cfg_is_private(k->c) ? CHECK_OK : CHECK_WARN, "backup", "none is made by itself (backup_hour)");
	else if (newest && now - newest < DAY + LATE)
		check_say(k, CHECK_OK, "backup", "the last of %s, in %s", clk_iso(newest, at), folder);
	else
		check_say(k, CHECK_WARN, "backup", "the last of %s: yorozu-ingest makes one each day, see %s/log/backup.log",
		          newest ? clk_iso(newest, at) : "never", k->c->dir);
	free(folder);
}

static enum status open_it(const struct cfg *c, struct store **s_r, int *behind_r, struct err *e)
{
	uint8_t master[KEY_LEN];
	char *key = cfg_key_path(c, "master.key"), *db = cfg_path(c, "store/yorozu.db"), *clock = cfg_path(c, "clock");
	enum status st = crypto_key_load(key, master, e);
	if (st == OK)
		st = proc_drop(c->run_user, e);
	if (st == OK && cfg_is_private(c) && io_exists(clock))
		st = clk_open(clock, e);
	if (st == OK)
		st = store_open_look(db, master, s_r, behind_r, e);
	crypto_wipe(master, sizeof master);
	free(key), free(db), free(clock);
	return st;
}

/* In a child: becomes run_user for good. */
static int look(void *arg)
{
	struct check *k = arg;
	struct err e;
	struct store *s = NULL;
	epoch last = 0;
	int behind = 0;
	if (open_it(k->c, &s, &behind, &e) != OK) {
		check_say(k, CHECK_FAIL, "store", "%s", e.msg);
	} else {
		integrity(k, s, behind);
		if (audit_last(s, &last, NULL) != OK)
			last = 0;
	}
	clock_of(k, last);
	backups(k);
	store_close(&s);
	return 0;
}

void check_store(struct check *k)
{
	int before = k->counts[CHECK_OK] + k->counts[CHECK_WARN] + k->counts[CHECK_FAIL];
	if (front_fork("check", look, k) != 0 ||
	    k->counts[CHECK_OK] + k->counts[CHECK_WARN] + k->counts[CHECK_FAIL] == before)
		check_say(k, CHECK_FAIL, "store", "looking at it ended early");
}
