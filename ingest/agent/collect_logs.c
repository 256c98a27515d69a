/* Web access and printing, from logs: the same on every system that has them. */
#include "collect_logs.h"
#include "collect.h"
#include "logs.h"
#include <stdlib.h>
#include <string.h>

/* ---- web: per host and user, how often and how long, a piece of the log at a time */
enum { HOSTS = 512 };

struct visit {
	struct web_line first;
	int64_t n, seconds;
};

static bool same(const struct log_word *a, const struct log_word *b)
{
	return a->n == b->n && memcmp(a->s, b->s, a->n) == 0;
}

static void put_word(struct json_put *o, const char *name, const struct log_word *w)
{
	json_put_key(o, name);
	json_put_bytes(o, w->s, w->n);
}

static void tell_visits(struct collect *c, const struct visit *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char user[129] = "";
		memcpy(user, v[i].first.user.s ? v[i].first.user.s : "", v[i].first.user.n);
		struct json_put *o = collect_event(c, v[i].first.t, "web", user);
		put_word(o, "h", &v[i].first.host);
		json_put_int_at(o, "n", v[i].n);
		json_put_int_at(o, "s", v[i].seconds);
	}
}

static void count_visits(struct collect *c, const struct sb *text)
{
	struct visit *v = calloc(HOSTS, sizeof *v);
	size_t n = 0;
	for (const char *p = text->s, *end = p + text->len, *eol; v && p < end; p = eol + 1) {
		struct web_line w;
		size_t i = 0;
		eol = memchr(p, '\n', (size_t)(end - p));
		if (!eol)
			eol = end;
		if (!web_line(p, (size_t)(eol - p), &w))
			continue;
		while (i < n && !(same(&v[i].first.host, &w.host) && same(&v[i].first.user, &w.user)))
			i++;
		if (i == n && n == HOSTS) {
			tell_visits(c, v, n);
			i = n = 0;
		}
		if (i == n)
			v[n++] = (struct visit){ w, 0, 0 };
		v[i].n++;
		v[i].seconds += w.seconds;
	}
	tell_visits(c, v, n);
	free(v);
}

static void *logs_open(struct collect *c)
{
	static char here;
	(void)c;
	return &here;
}

static void logs_close(void *self)
{
	(void)self;
}

/* Pieces until the log's end, each with its bookmark; a full spool stops it. */
static void follow(struct collect *c, struct tail *t, void (*tell)(struct collect *, const struct sb *))
{
	struct err e;
	for (int pieces = 0; pieces < 64 && tail_read(c, t); pieces++) {
		tell(c, &t->text);
		if (collect_flush(c, t->bookmark, t->place, &e) != OK)
			break;
	}
	sb_free(&t->text);
}

static void web_tick(void *self, struct collect *c)
{
	struct tail t = { .path = collect_option(c, "web_log"), .bookmark = "web", .from_start = true, .text = SB_INIT };
	(void)self;
	if (t.path)
		follow(c, &t, count_visits);
}

const struct collector collector_web = { "web", 300, logs_open, web_tick, logs_close };

/* ---- printing: one event a job in a piece */
static void tell_job(struct collect *c, const struct print_line *j)
{
	char user[129];
	memcpy(user, j->user.s, j->user.n);
	user[j->user.n] = '\0';
	struct json_put *o = collect_event(c, j->t, "print", user);
	put_word(o, "printer", &j->printer);
	put_word(o, "doc", &j->doc);
	json_put_int_at(o, "pages", j->pages);
}

static void tell_jobs(struct collect *c, const struct sb *text)
{
	struct print_line job = { .job = -1 }, l;
	for (const char *p = text->s, *end = p + text->len, *eol; p < end; p = eol + 1) {
		eol = memchr(p, '\n', (size_t)(end - p));
		if (!eol)
			eol = end;
		if (!print_line(p, (size_t)(eol - p), &l))
			continue;
		if (job.job == l.job && same(&job.printer, &l.printer)) {
			job.pages = l.total ? l.pages : job.pages + l.pages;
			continue;
		}
		if (job.job >= 0)
			tell_job(c, &job);
		job = l;
	}
	if (job.job >= 0)
		tell_job(c, &job);
}

static void print_tick(void *self, struct collect *c)
{
	struct tail t = { .path = collect_option(c, "print_log"), .bookmark = "print", .text = SB_INIT };
	(void)self;
	t.from_start = t.path != NULL;
	if (!t.path)
		t.path = "/var/log/cups/page_log";
	follow(c, &t, tell_jobs);
}

const struct collector collector_print_log = { "print", 60, logs_open, print_tick, logs_close };
