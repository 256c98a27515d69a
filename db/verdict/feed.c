/* Loading: files in the order of their names, rows, index, version. */
#include "feed.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "feed_impl.h"
#include "text/charset.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct load {
	struct feed *f;
	struct sb hashes; /* of each file, then hashed */
};

static enum status add_text(struct load *l, const char *name, char *text, size_t n, struct err *e)
{
	uint8_t hash[SHA256_LEN];
	struct err why;
	size_t line = 0;
	if (!text_is_utf8(text, n) || memchr(text, '\0', n))
		return err_set(e, ERR_PERM, "%s: not UTF-8", name);
	crypto_sha256(text, n, hash);
	sb_add(&l->hashes, hash, sizeof hash);
	for (char *p = text, *one; (one = strsep(&p, "\n"));) {
		line++;
		enum status st = feed_add_row(l->f, one, &why);
		if (st != OK && st != ERR_NOTFOUND)
			return err_set(e, st, "%s, line %zu: %s", name, line, why.msg);
	}
	return OK;
}

static int is_table(const struct dirent *d)
{
	size_t n = strlen(d->d_name);
	return n > 4 && d->d_name[0] != '.' && strcmp(d->d_name + n - 4, ".tsv") == 0;
}

static enum status add_file(struct load *l, const char *dir, const char *name, struct err *e)
{
	struct sb text = SB_INIT;
	char *path = xasprintf("%s/%s", dir, name);
	enum status st = io_read_file(path, FEED_FILE_MAX, &text, e);
	if (st == OK)
		st = add_text(l, path, text.s, text.len, e);
	free(path);
	sb_free(&text);
	return st;
}

static enum status add_folder(struct load *l, const char *dir, struct err *e)
{
	struct dirent **v = NULL;
	int n = scandir(dir, &v, is_table, alphasort);
	enum status st = n > FEED_FILES_MAX ? err_set(e, ERR_LIMIT, "%s: more than %d tables", dir, FEED_FILES_MAX) : OK;
	for (int i = 0; i < n; i++) {
		if (st == OK)
			st = add_file(l, dir, v[i]->d_name, e);
		free(v[i]);
	}
	free(v);
	return st;
}

static struct load begin(void)
{
	struct load l = { xcalloc(1, sizeof *l.f), SB_INIT };
	l.f->a = arena_new();
	return l;
}

static enum status finish(struct load *l, enum status st, struct feed **f_r, struct err *e)
{
	uint8_t hash[SHA256_LEN];
	struct civil day = { 0 };
	if (st == OK)
		st = feed_index(l->f, e);
	int64_t newest = 0;
	for (size_t i = 0; i < l->f->n_releases; i++)
		newest = l->f->releases[i].day > newest ? l->f->releases[i].day : newest;
	day = civil_of_day(newest);
	crypto_sha256(l->hashes.s, l->hashes.len, hash);
	snprintf(l->f->version, sizeof l->f->version, "%04d-%02d-%02d/%02x%02x%02x%02x%02x%02x", day.year % 10000, day.mon % 100, day.day % 100,
		 hash[0], hash[1], hash[2], hash[3], hash[4], hash[5]);
	sb_free(&l->hashes);
	if (st != OK)
		feed_free(&l->f);
	*f_r = l->f;
	return st;
}

enum status feed_load(const char *shipped, const char *own, struct feed **f_r, struct err *e)
{
	struct load l = begin();
	enum status st = add_folder(&l, shipped, e);
	if (st == OK && own)
		st = add_folder(&l, own, e);
	if (st == OK && !l.f->n_releases)
		st = err_set(e, ERR_NOTFOUND, "%s: no tables here", shipped);
	return finish(&l, st, f_r, e);
}

enum status feed_parse(const char *text, size_t n, struct feed **f_r, struct err *e)
{
	struct load l = begin();
	char *copy = xmalloc(n + 1);
	memcpy(copy, text, n);
	copy[n] = '\0';
	enum status st = n > FEED_FILE_MAX ? err_set(e, ERR_LIMIT, "too large") : add_text(&l, "table", copy, n, e);
	free(copy);
	return finish(&l, st, f_r, e);
}

void feed_free(struct feed **f)
{
	if (!f || !*f)
		return;
	arena_free(&(*f)->a);
	free(*f);
	*f = NULL;
}

const char *feed_version(const struct feed *f)
{
	return f->version;
}

size_t feed_sources(const struct feed *f, const struct feed_source **v_r)
{
	*v_r = f->sources;
	return f->n_sources;
}

size_t feed_fetches(const struct feed *f, const struct feed_fetch **v_r)
{
	*v_r = f->fetches;
	return f->n_fetches;
}
