/*
 * POST /u/TOKEN: the files of one request stream through the multipart parser
 * into sealed files in the spool, never whole in memory, never unsealed on
 * disk. Files whole and durable, then the transaction, then the answer.
 *
 * SECURITY: names and types are only ever shown; what lies on disk is named at
 * random. A request that is cut off leaves nothing. When the outcome of the
 * commit is not known the files stay: keeper.c sweeps them when no row came.
 */
#include "upload.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/notify.h"
#include "multipart.h"
#include "page.h"
#include "page_upload.h"
#include "text/file_name.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MB ((int64_t)1000 * 1000)

struct receive {
	struct upload u;
	struct multipart *form;
	struct sealed_out *out; /* the file that is coming in */
	bool ending;            /* POST …/end: no files */
	int64_t size;           /* of that file */
	const char *fault;      /* for upload_page_form; why ERR_LIMIT was returned */
	struct upload_file files[UPLOAD_FILES];
};

/* ---- one file ------------------------------------------------------------------------ */

static enum status begin_part(void *arg, const struct multipart_head *h, struct err *e)
{
	struct receive *r = arg;
	struct sb name = SB_INIT;
	if (!h->filename || !*h->filename)
		return OK; /* a field, or no file was chosen: its bytes are dropped */
	if (r->u.n == UPLOAD_FILES || (int64_t)r->u.n >= r->u.link.files_max) {
		r->fault = "too-many";
		return err_set(e, ERR_LIMIT, "too many files");
	}
	struct upload_file *f = &r->files[r->u.n];
	file_name_clean(h->filename, strlen(h->filename), &name);
	f->name = arena_memdup(r->u.a, name.s, name.len);
	f->type = arena_strdup(r->u.a, h->type);
	sb_free(&name);
	file_spool_name(f->spool);
	crypto_random(f->key, sizeof f->key);
	r->size = 0;
	char *path = ingest_spool_path(r->u.in, f->spool);
	enum status st = sealed_create(path, f->key, &r->out, e);
	free(path);
	return st;
}

static enum status part_data(void *arg, const void *p, size_t n, struct err *e)
{
	struct receive *r = arg;
	if (!r->out)
		return OK;
	r->size += (int64_t)n;
	if (r->size > r->u.in->cfg->upload_max_mb * MB) {
		r->fault = "too-big";
		return err_set(e, ERR_LIMIT, "the file is too big");
	}
	return sealed_put(r->out, p, n, e);
}

static enum status end_part(void *arg, struct err *e)
{
	struct receive *r = arg;
	if (!r->out)
		return OK;
	enum status st = sealed_finish(&r->out, &r->files[r->u.n].sum, e);
	r->u.n += st == OK;
	return st;
}

static const struct multipart_sink sink = { begin_part, part_data, end_part };

/* ---- the request ---------------------------------------------------------------------- */

static void remove_file(const struct receive *r, const struct upload_file *f)
{
	char *path = ingest_spool_path(r->u.in, f->spool);
	if (unlink(path) != 0)
		log_warn("unlink", "spool=%s", f->spool);
	free(path);
}

static void remove_files(struct receive *r, bool all)
{
	sealed_abandon(&r->out);
	for (size_t i = 0; i < r->u.n; i++)
		if (all || r->files[i].repeated)
			remove_file(r, &r->files[i]);
	if (all)
		r->u.n = 0;
}

/* OPS-06: uploads never take the last of the disk. */
static bool has_room(const struct ingest *in, int64_t length)
{
	struct statvfs v;
	if (statvfs(in->spool, &v) != 0)
		return false;
	int64_t left = (int64_t)v.f_bavail * (int64_t)v.f_frsize - (length > 0 ? length : 0);
	return left >= in->cfg->upload_free_mb * MB;
}

static enum status look(struct store *s, void *arg, struct err *e)
{
	struct upload *u = arg;
	return upload_link_get(s, u->link_id, &u->link, e);
}

static bool link_is_good(struct http_req *q, struct receive *r)
{
	struct err e;
	if (!upload_page_link(q, &r->u.link_id))
		return false;
	enum status st = ingest_read(r->u.in, look, &r->u, &e);
	if (st != OK)
		page_store_fault(q, st, &e);
	else if ((r->u.verdict = upload_link_verdict(&r->u.link, r->u.now)) != LINK_GOOD)
		page_link_fault(q, r->u.verdict);
	return q->out.status == 0;
}

static void begin(struct http_req *q)
{
	struct receive *r = arena_zalloc(q->a, sizeof *r);
	const char *slash = strchrnul(q->rest, '/');
	r->u = (struct upload){ .in = page_ingest(q), .a = q->a, .now = clk_now(), .files = r->files };
	q->state = r;
	r->ending = strcmp(slash, "/end") == 0;
	if (*slash && !r->ending)
		page_fault(q, 404, "fault-missing");
	else if (!r->ending && link_is_good(q, r)) {
		r->form = multipart_new(q->content_type, &sink, r);
		if (!r->form)
			upload_page_form(q, 400, "broken");
		else if (q->length > r->u.link.bytes_max + MB)
			upload_page_form(q, 413, "too-big");
		else if (!has_room(r->u.in, q->length)) {
			metrics_add("uploads_no_room_total", 1);
			log_error("no_room", "spool=%s", r->u.in->spool);
			page_fault(q, 503, "fault-busy");
		}
	}
}

/* Something is wrong with what comes in: nothing of it is kept. */
static void refuse(struct http_req *q, struct receive *r, enum status st, const struct err *e)
{
	remove_files(r, true);
	metrics_add("uploads_refused_total", 1);
	log_info("upload_refused", "link=%lld status=%s why=%s ip=%s", (long long)r->u.link_id, status_name(st),
	         log_quote(e->msg), q->ip);
	if (st == ERR_LIMIT)
		upload_page_form(q, 413, r->fault ? r->fault : "broken");
	else if (st == ERR_PERM)
		upload_page_form(q, 400, "broken");
	else
		page_store_fault(q, st, e);
}

static void body(struct http_req *q, const void *p, size_t n)
{
	struct receive *r = q->state;
	struct err e;
	if (r->ending)
		return;
	enum status st = multipart_feed(r->form, p, n, &e);
	if (st != OK)
		refuse(q, r, st, &e);
}

static void thank(struct http_req *q, const struct receive *r)
{
	struct sb rows = SB_INIT;
	char token[LINK_TOKEN_SIZE];
	for (size_t i = 0; i < r->u.n; i++) {
		struct stored_file f = { .id = r->files[i].id, .name = r->files[i].name, .size = r->files[i].sum.size };
		memcpy(f.sha256, r->files[i].sum.sha256, SHA256_LEN);
		page_file_row(q, "part-file", &f, false, &rows);
	}
	link_token(r->u.in->links, LINK_UPLOAD, r->u.link_id, token);
	const struct tmpl_var vars[] = {
		{ "ticket", arena_printf(q->a, "%lld", (long long)r->u.link.ticket_id) },
		{ "token", token },
		{ "count", arena_printf(q->a, "%zu", r->u.n) },
		{ "rows", rows.s },
		{ NULL, NULL },
	};
	page_send(q, 200, "upload-taken", vars);
	sb_free(&rows);
}

static void taken(struct http_req *q, struct receive *r)
{
	int64_t bytes = 0;
	remove_files(r, false);
	for (size_t i = 0; i < r->u.n; i++)
		bytes += r->files[i].sum.size;
	log_info("upload", "link=%lld ticket=%lld files=%zu new=%zu bytes=%lld ip=%s", (long long)r->u.link_id,
	         (long long)r->u.link.ticket_id, r->u.n, r->u.added, (long long)bytes, q->ip);
	metrics_add("uploads_total", 1);
	metrics_add("files_stored_total", r->u.added);
	metrics_add("bytes_taken_total", (uint64_t)bytes);
	notify_send(r->u.in->notify_path);
	thank(q, r);
}

static void answer(struct http_req *q)
{
	struct receive *r = q->state;
	struct err e;
	if (r->ending) {
		upload_page_end(q);
		return;
	}
	enum status st = multipart_finish(r->form, &e);
	if (st != OK) {
		refuse(q, r, st, &e);
	} else if (r->u.n == 0) {
		upload_page_form(q, 400, "none");
	} else {
		st = writer_run(r->u.in->writer, upload_store, &r->u, &e);
		if (r->u.refusal == UPLOAD_CLOSED) {
			remove_files(r, true);
			page_link_fault(q, r->u.verdict);
		} else if (r->u.refusal != UPLOAD_TAKEN) {
			r->fault = r->u.refusal == UPLOAD_TOO_MANY ? "too-many" : "too-big";
			refuse(q, r, ERR_LIMIT, &e);
		} else if (st == OK) {
			taken(q, r);
		} else {
			r->u.n = 0; /* perhaps it is stored all the same: the files stay */
			page_store_fault(q, st, &e);
		}
	}
}

static void gone(struct http_req *q, bool whole)
{
	struct receive *r = q->state;
	(void)whole;
	if (!q->out.status)
		remove_files(r, true); /* cut off */
	sealed_abandon(&r->out);
	multipart_free(&r->form);
	for (size_t i = 0; i < UPLOAD_FILES; i++)
		crypto_wipe(r->files[i].key, KEY_LEN);
}

const struct http_page page_upload = { .begin = begin, .body = body, .answer = answer, .gone = gone };
