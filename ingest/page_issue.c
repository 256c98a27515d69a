/*
 * /a/TOKEN: an attachment of the newsletter that was too large for 50,000 mails.
 * One link for all readers, so there is nothing to log in to and nothing to use
 * up; it ends some days after the issue went out. A GET changes nothing.
 *
 * The file is part of the editor's draft, which the store keeps. On a Wednesday
 * at 15:00 thousands want it at once: it is taken out of the draft once and
 * kept in memory while anybody fetches it, and the last one beyond that.
 *
 * SECURITY: the token's MAC is all the proof. The file goes out as bytes to be
 * saved. As many copies are in memory as there are files with a good link, not
 * as there are requests.
 */
#include "page_issue.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/xalloc.h"
#include "mail/msg_parse.h"
#include "mail/news_draft.h"
#include "page.h"
#include "store/store_issue.h"
#include "store/store_message.h"
#include "text/file_name.h"
#include <stdlib.h>
#include <string.h>

struct issue_file {
	struct issue_file *next; /* the one asked for last comes first */
	int64_t link;
	int users;
	struct arena *a;
	const struct build_file *f;
	struct sb disposition;
};

struct fetch_issue { /* a request */
	struct arena *a;
	int64_t link, draft;
	size_t file;
	struct issue issue;
	struct sb raw;
	struct issue_file *from;
	size_t sent;
};

/* ---- what is in memory: under issue_lock ------------------------------------------------ */

static void drop(struct issue_file **slot)
{
	struct issue_file *f = *slot;
	*slot = f->next;
	sb_free(&f->disposition);
	arena_free(&f->a);
	free(f);
}

static void drop_unused(struct ingest *in)
{
	for (struct issue_file **p = in->issue_files ? &in->issue_files->next : &in->issue_files; *p;)
		if ((*p)->users)
			p = &(*p)->next;
		else
			drop(p);
}

void page_issue_forget(struct ingest *in)
{
	while (in->issue_files)
		drop(&in->issue_files);
}

static enum status load_raw(struct store *s, void *arg, struct err *e)
{
	struct fetch_issue *x = arg;
	return message_raw(s, x->draft, &x->raw, e);
}

/* Out of the draft. ERR_NOTFOUND: it has no such file. */
static enum status take_out(struct ingest *in, struct fetch_issue *x, struct err *e)
{
	struct msg *m = NULL;
	struct news_draft d = { 0 };
	struct arena *a = arena_new();
	enum status st = ingest_read(in, load_raw, x, e);
	if (st == OK)
		st = msg_parse(x->raw.s, x->raw.len, &prescan_default, &m, e);
	if (st == OK)
		news_draft_read(m, a, &d);
	msg_free(&m);
	sb_free(&x->raw);
	if (st == OK && (x->file >= d.nfiles || news_draft_is_picture(&d.files[x->file])))
		st = err_set(e, ERR_NOTFOUND, "no such file");
	if (st != OK) {
		arena_free(&a);
		return st;
	}
	struct issue_file *f = xcalloc(1, sizeof *f);
	*f = (struct issue_file){ .next = in->issue_files, .link = x->link, .a = a, .f = &d.files[x->file], .disposition = SB_INIT };
	file_name_disposition(news_draft_name(f->f, a), &f->disposition);
	in->issue_files = f;
	return OK;
}

static enum status find(struct ingest *in, struct fetch_issue *x, struct err *e)
{
	for (struct issue_file **p = &in->issue_files; *p; p = &(*p)->next)
		if ((*p)->link == x->link) {
			struct issue_file *f = *p;
			*p = f->next;
			f->next = in->issue_files;
			in->issue_files = f;
			return OK;
		}
	return take_out(in, x, e);
}

static enum status use(struct ingest *in, struct fetch_issue *x, struct err *e)
{
	pthread_mutex_lock(&in->issue_lock);
	enum status st = find(in, x, e);
	if (st == OK) {
		x->from = in->issue_files;
		x->from->users++;
		drop_unused(in);
	}
	pthread_mutex_unlock(&in->issue_lock);
	return st;
}

/* ---- a request --------------------------------------------------------------------------- */

static enum status load_issue(struct store *s, void *arg, struct err *e)
{
	struct fetch_issue *x = arg;
	return issue_of_draft(s, x->draft, x->a, &x->issue, e);
}

static enum status source(void *arg, void *p, size_t max, size_t *n_r, struct err *e)
{
	struct fetch_issue *x = arg;
	const struct build_file *f = x->from->f;
	(void)e;
	*n_r = f->n - x->sent < max ? f->n - x->sent : max;
	memcpy(p, (const char *)f->p + x->sent, *n_r);
	x->sent += *n_r;
	return OK;
}

/* Answers itself when there is nothing to be had. */
static bool good(struct http_req *q, struct fetch_issue *x)
{
	const struct ingest *in = page_ingest(q);
	struct err e;
	if (!link_parse(in->links, LINK_ISSUE, q->rest, &x->link)) {
		metrics_add("links_wrong_total", 1);
		page_fault(q, 404, "fault-missing");
		return false;
	}
	x->draft = issue_link_draft(x->link, &x->file);
	enum status st = ingest_read(in, load_issue, x, &e);
	if (st == OK && x->issue.state == ISSUE_CANCELLED && !x->issue.started_at)
		st = err_set(&e, ERR_NOTFOUND, "called off");
	if (st != OK)
		page_store_fault(q, st, &e);
	else if (clk_now() >= issue_links_until(&x->issue, in->cfg->news_link_days))
		page_fault(q, 410, "fault-issue-over");
	else
		return true;
	return false;
}

static void answer(struct http_req *q)
{
	struct fetch_issue *x = arena_zalloc(q->a, sizeof *x);
	struct err e;
	x->a = q->a;
	x->raw = SB_INIT;
	q->state = x;
	if (!good(q, x))
		return;
	enum status st = use((struct ingest *)page_ingest(q), x, &e);
	if (st != OK) {
		page_store_fault(q, st, &e);
		return;
	}
	http_header(q, "Content-Disposition", arena_strdup(q->a, x->from->disposition.s));
	http_stream(q, "application/octet-stream", (int64_t)x->from->f->n, source, x);
}

static void gone(struct http_req *q, bool whole)
{
	struct fetch_issue *x = q->state;
	struct ingest *in = (struct ingest *)page_ingest(q);
	if (!x || !x->from)
		return;
	pthread_mutex_lock(&in->issue_lock);
	x->from->users--;
	drop_unused(in);
	pthread_mutex_unlock(&in->issue_lock);
	log_info("fetch", "issue=%lld file=%zu whole=%d ip=%s", (long long)x->issue.id, x->file, whole, q->ip);
	metrics_add(whole ? "files_fetched_total" : "fetches_broken_total", 1);
}

const struct http_page page_issue = { .answer = answer, .gone = gone };
