/*
 * yorozu feed: keeps the tables that verdicts are made with. `import` takes a
 * file, `update` asks the sources of the `fetch` rows (conf/feed/sources.tsv),
 * `status` says how old each is.
 *
 * A source is one file in DIR/feed, replaced whole by rename, and only after it
 * was read back as tables: whatever fails, the last one stays in use. Its first
 * row keeps when it came, its hash, and the ETag for the next time.
 *
 * SECURITY: what is imported comes from outside and is read as run_user, never
 * as root; files that only the caller may read are opened before.
 */
#include "feed_fetch.h"
#include "feed_place.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include "verdict/feed_import.h"
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MONTHS = 3, OLD_DAYS = 35, FILES_MAX = 64 };

struct job {
	struct feed_place place;
	struct feed *feed;
	epoch now;
};

/* An instance from before this had no such folder. */
static enum status make_folder(const struct feed_place *p, struct err *e)
{
	if (io_exists(p->own))
		return OK;
	enum status st = io_mkdirs(p->own, 0750, e);
	struct passwd *pw = st == OK && geteuid() == 0 ? getpwnam(p->cfg->run_user) : NULL;
	if (pw && chown(p->own, pw->pw_uid, pw->pw_gid) != 0)
		return err_sys(e, ERR_PERM, "%s", p->own);
	return st;
}

static enum status open_job(const struct front *f, struct job *j, struct err *e)
{
	enum status st = feed_place_open(f, &j->place, e);
	if (st == OK && !j->place.own)
		st = err_set(e, ERR_PERM, "which instance? Say -C DIR or set YOROZU_DIR");
	if (st == OK)
		st = make_folder(&j->place, e);
	if (st == OK)
		st = proc_drop(j->place.cfg->run_user, e);
	umask(027);
	j->now = clk_now();
	return st == OK ? feed_load(j->place.shipped, j->place.own, &j->feed, e) : st;
}

static void close_job(struct job *j)
{
	feed_free(&j->feed);
	feed_place_close(&j->place);
}

static void hash_of(const struct sb *body, char hex[2 * SHA256_LEN + 1])
{
	uint8_t h[SHA256_LEN];
	crypto_sha256(body->s, body->len, h);
	for (size_t i = 0; i < sizeof h; i++)
		snprintf(hex + 2 * i, 3, "%02x", h[i]);
}

/* Written only when it reads back as tables. */
static enum status put_file(const struct job *j, const char *name, const struct sb *text, struct err *e)
{
	struct feed *check = NULL;
	char *path = xasprintf("%s/%s.tsv", j->place.own, name);
	enum status st = feed_parse(text->s, text->len, &check, e);
	feed_free(&check);
	if (st == OK)
		st = io_write_file(path, 0640, text->s, text->len, e);
	free(path);
	return st;
}

/* Which day the table in use is of; INT64_MIN: unknown, or there is none. */
static int64_t as_of(const struct job *j, const char *name)
{
	const struct feed_source *v;
	int64_t day = INT64_MIN;
	for (size_t n = feed_sources(j->feed, &v), i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0 && v[i].as_of > day)
			day = v[i].as_of;
	return day;
}

static void tell_kept(const struct job *j, const struct feed_import *im)
{
	const int64_t day = as_of(j, im->name);
	printf("%-20s %zu rows, %zu passed over\n", im->name, im->n, im->passed);
	if (!feed_import_goes_back(im, day))
		return;
	const struct civil c = civil_of_day(day), d = civil_of_day(im->as_of);
	fprintf(stderr, "yorozu feed: %s: note: this one is of %04d-%02d-%02d, older than the one it replaces (%04d-%02d-%02d)\n", im->name, d.year, d.mon,
		d.day, c.year, c.mon, c.day);
}

static enum status keep(const struct job *j, const struct feed_import *im, const struct feed_source *of, struct err *e)
{
	struct sb before = SB_INIT, text = SB_INIT;
	char *path = xasprintf("%s/%s.tsv", j->place.own, im->name);
	enum status st = io_exists(path) ? io_read_file(path, FEED_FILE_MAX, &before, e) : OK;
	if (st == OK && feed_import_empties(im, before.s))
		st = err_set(e, ERR_PERM, "%s: no row in it; it would empty the table", im->name);
	if (st == OK) {
		feed_import_text(im, of, before.s, &text);
		st = put_file(j, im->name, &text, e);
	}
	if (st == OK)
		tell_kept(j, im);
	free(path);
	sb_free(&before);
	sb_free(&text);
	return st;
}

/* ---- import ---- */

static enum status import_one(struct job *j, const char *name, const struct sb *body, struct err *e)
{
	struct feed_import im = { 0 };
	struct err why;
	char hex[2 * SHA256_LEN + 1];
	hash_of(body, hex);
	enum status st = feed_import(j->feed, body->s, body->len, &im, &why);
	if (st == OK)
		st = keep(j, &im, &(struct feed_source){ .fetched = j->now, .sha256 = hex, .etag = "", .modified = "", .url = "" }, &why);
	feed_import_free(&im);
	return st == OK ? OK : err_set(e, st, "%s: %s", name, why.msg);
}

static enum status run_import(const struct front *f, int n, char **names, struct err *e)
{
	struct job j = { 0 };
	struct sb *bodies = xcalloc((size_t)n, sizeof *bodies);
	enum status st = OK;
	for (int i = 0; i < n; i++)
		bodies[i] = SB_INIT;
	for (int i = 0; st == OK && i < n; i++)
		st = io_read_file(names[i], FEED_FILE_MAX, &bodies[i], e);
	if (st == OK)
		st = open_job(f, &j, e);
	for (int i = 0; st == OK && i < n; i++)
		st = import_one(&j, names[i], &bodies[i], e);
	for (int i = 0; i < n; i++)
		sb_free(&bodies[i]);
	free(bodies);
	close_job(&j);
	return st;
}

/* ---- update ---- */

/* What came from this address the last time. */
static const struct feed_source *last_from(const struct job *j, const char *url)
{
	static const struct feed_source none = { "", INT64_MIN, 0, "", "", "", "" };
	const struct feed_source *v;
	size_t n = feed_sources(j->feed, &v);
	while (n-- > 0)
		if (strcmp(v[n].url, url) == 0)
			return &v[n];
	return &none;
}

/* Nothing new: only the time of asking changes, in the file's first row. */
static enum status touch(const struct job *j, const struct feed_source *s, struct err *e)
{
	struct sb text = SB_INIT, out = SB_INIT;
	char *path = xasprintf("%s/%s.tsv", j->place.own, s->name), day[32] = "-";
	enum status st = io_read_file(path, FEED_FILE_MAX, &text, e);
	struct civil c = civil_of_day(s->as_of == INT64_MIN ? 0 : s->as_of);
	if (s->as_of != INT64_MIN)
		snprintf(day, sizeof day, "%04d-%02d-%02d", c.year % 10000, c.mon % 100, c.day % 100);
	if (st == OK) {
		sb_addf(&out, "source\t%s\t%s\t%lld\t%s\t%s\t%s\t%s\n", s->name, day, (long long)j->now, s->sha256, *s->etag ? s->etag : "-",
			*s->modified ? s->modified : "-", s->url);
		sb_adds(&out, strchr(text.s, '\n') ? strchr(text.s, '\n') + 1 : "");
		st = put_file(j, s->name, &out, e);
	}
	if (st == OK)
		printf("%-20s unchanged\n", s->name);
	free(path);
	sb_free(&text);
	sb_free(&out);
	return st;
}

static enum status update_from(struct job *j, const char *name, const char *url, bool may_be_absent, struct err *e)
{
	const struct feed_source *last = last_from(j, url);
	struct feed_import im = { 0 };
	struct fetched got;
	char hex[2 * SHA256_LEN + 1];
	enum status st = feed_fetch(url, last->etag, last->modified, FEED_FILE_MAX, &got, e);
	if (st != OK)
		return st;
	hash_of(&got.body, hex);
	if (got.result == FETCH_ABSENT)
		st = may_be_absent ? OK : err_set(e, ERR_NOTFOUND, "%s: not there", url);
	else if (got.result == FETCH_SAME || strcmp(hex, last->sha256) == 0)
		st = touch(j, last, e);
	else if ((st = feed_import(j->feed, got.body.s, got.body.len, &im, e)) == OK)
		st = keep(j, &im, &(struct feed_source){ .name = name, .fetched = j->now, .sha256 = hex, .etag = got.etag, .modified = got.modified, .url = url }, e);
	feed_import_free(&im);
	feed_fetched_free(&got);
	return st;
}

/* A monthly address is asked for this month and those before it: documents of
 * past months are still being revised, the newest may not be there yet. */
static enum status update_one(struct job *j, const struct feed_fetch *x, struct err *e)
{
	static const char *const names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const char *hole = strstr(x->url, "@MONTH@");
	struct civil c = civil_of(j->now);
	enum status st = OK;
	if (!hole)
		return update_from(j, x->name, x->url, false, e);
	for (int back = MONTHS - 1; back >= 0 && st == OK; back--) {
		int m = c.year * 12 + c.mon - 1 - back;
		char *url = xasprintf("%.*s%04d-%s%s", (int)(hole - x->url), x->url, m / 12, names[m % 12], hole + 7);
		st = update_from(j, x->name, url, true, e);
		free(url);
	}
	return st;
}

static bool wanted(int n, char **names, const char *name)
{
	bool hit = n == 0;
	for (int i = 0; i < n; i++)
		hit = hit || strcmp(names[i], name) == 0;
	return hit;
}

static enum status run_update(const struct front *f, int n, char **names, struct err *e)
{
	struct job j = { 0 };
	const struct feed_fetch *v;
	enum status st = open_job(f, &j, e), one;
	size_t all = st == OK ? feed_fetches(j.feed, &v) : 0;
	for (size_t i = 0; i < all; i++) {
		struct err why;
		bool last = true;
		for (size_t k = i + 1; k < all; k++)
			last = last && strcmp(v[k].name, v[i].name) != 0;
		if (!last || !*v[i].url || !wanted(n, names, v[i].name) || (one = update_one(&j, &v[i], &why)) == OK)
			continue;
		fprintf(stderr, "yorozu feed: %s: %s; the last one stays in use\n", v[i].name, why.msg);
		st = err_set(e, one, "not all sources could be brought up to date");
	}
	close_job(&j);
	return st;
}

/* ---- status ---- */

static void show_sources(const struct feed *f, epoch now)
{
	const struct feed_source *v;
	struct civil c = civil_of(now);
	int64_t today = day_of(c.year, c.mon, c.day);
	char when[32];
	size_t n = feed_sources(f, &v);
	printf("%-20s%-12s%8s  %-21s%s\n", "source", "as of", "days", "fetched", "from");
	for (size_t i = 0; i < n; i++) {
		char day[32] = "-", age[24] = "-";
		bool known = v[i].as_of != INT64_MIN;
		if (known) {
			struct civil d = civil_of_day(v[i].as_of);
			snprintf(day, sizeof day, "%04d-%02d-%02d", d.year % 10000, d.mon % 100, d.day % 100);
			snprintf(age, sizeof age, "%lld", (long long)(today - v[i].as_of));
		}
		printf("%-20s%-12s%8s  %-21s%s%s\n", v[i].name, day, age, v[i].fetched ? clk_iso(v[i].fetched, when) : "shipped", v[i].url,
		       known && today - v[i].as_of > OLD_DAYS ? " (old)" : "");
	}
}

static enum status run_status(const struct front *f, struct err *e)
{
	static const char *const tables[] = { "release", "fix", "component", "eol", "product", "vuln", "support", "kev" };
	struct feed *feed = NULL;
	enum status st = feed_open(f, &feed, e);
	if (st != OK)
		return st;
	printf("tables %s:", feed_version(feed));
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		printf(" %s %zu", tables[i], feed_rows(feed, tables[i]));
	printf("\n");
	show_sources(feed, clk_now());
	feed_free(&feed);
	return OK;
}

static int run_feed(int argc, char **argv, const struct front *f)
{
	struct err e;
	enum status st;
	if (argc >= 3 && argc - 2 <= FILES_MAX && strcmp(argv[1], "import") == 0)
		st = run_import(f, argc - 2, argv + 2, &e);
	else if (argc >= 2 && strcmp(argv[1], "update") == 0)
		st = run_update(f, argc - 2, argv + 2, &e);
	else if (argc == 2 && strcmp(argv[1], "status") == 0)
		st = run_status(f, &e);
	else
		return front_usage(&cmd_feed);
	return st == OK ? 0 : front_fail("feed", &e);
}

const struct front_cmd cmd_feed = { "feed", run_feed, "feed status | update [SOURCE…] | import FILE…",
				    "the tables that verdicts are made with: how old, newer ones" };
