/* Which tickets show what, and who tells Dovecot: see imap_state.h. */
#include "imap_state.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include "store/store_imap.h"
#include "store/store_merge.h"
#include "store/store_people.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BATCH = 50, AGAIN_MS = 10000, CHILD_SECONDS = 120, LEAVE_MS = 1000 };

struct mark_batch {
	struct arena *a;
	struct showing *rows;
	enum ticket_mark *marks;
	epoch *next;
	size_t n;
	struct staff *staff;
	size_t n_staff;
};

enum ticket_mark mark_of(const struct ticket *t, epoch now, epoch *next_r)
{
	struct civil due = civil_of(t->due_at);
	epoch morning = epoch_of(due.year, due.mon, due.day, 0, 0, 0);
	*next_r = 0;
	if (t->state != TICKET_OPEN)
		return MARK_DONE;
	if (!t->due_at)
		return MARK_OPEN;
	if (now > t->due_at)
		return MARK_OVERDUE;
	*next_r = now < morning ? morning : t->due_at + 1;
	return now < morning ? MARK_OPEN : MARK_TODAY;
}

enum status marking_open(struct marking *m, const struct cfg *c, const uint8_t master[KEY_LEN], struct err *e)
{
	*m = (struct marking){ .cfg = c };
	enum status st = keywords_parse(c->imap_keywords, &m->keywords, e);
	if (st == OK && *c->imap && !strchr(c->imap, ':'))
		st = err_set(e, ERR_PERM, "imap: wants IP:PORT");
	if (st != OK)
		return st;
	m->why = mmap(NULL, sizeof *m->why, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (m->why == MAP_FAILED)
		return err_sys(e, ERR_TEMP, "mmap");
	password_of_desk(master, m->password);
	m->ca_file = cfg_key_path(c, "tls.crt");
	return OK;
}

/* ---- the child: all mailboxes, one after the other -------------------------------- */

static enum status mark_box(const struct marking *m, const struct imap_server *server, const struct staff *who, struct err *e)
{
	const struct mark_batch *b = m->batch;
	struct imap_box *box = imap_box_new(server, &m->keywords, who->login);
	enum status st = OK;
	size_t changed = 0, all = 0;
	for (size_t i = 0; st == OK && i < b->n; i++) {
		st = imap_box_mark(box, b->rows[i].ticket_id, (int)b->marks[i], &changed, e);
		all += changed;
	}
	imap_box_free(&box);
	if (all)
		log_info("marked", "box=%s mails=%zu", who->login, all);
	return st;
}

/* One mailbox that can't be had keeps no other from being right; if none can,
 * it is Dovecot. */
static enum status mark_boxes(const struct marking *m, struct err *e)
{
	const struct imap_server server = { m->cfg->imap, m->cfg->hostname, m->ca_file, m->password };
	size_t refused = 0;
	for (size_t i = 0; i < m->batch->n_staff; i++) {
		enum status st = mark_box(m, &server, &m->batch->staff[i], e);
		if (st == ERR_DENIED && ++refused < m->batch->n_staff)
			log_warn("mark", "box=%s error=%s", m->batch->staff[i].login, log_quote(e->msg));
		else if (st != OK)
			return ERR_TEMP;
	}
	return OK;
}

static void start(struct marking *m)
{
	m->why->msg[0] = '\0';
	m->child = fork();
	if (m->child == 0) {
		signal(SIGTERM, SIG_DFL);
		signal(SIGINT, SIG_DFL);
		alarm(CHILD_SECONDS);
		_exit(mark_boxes(m, m->why) == OK ? 0 : 1);
	}
}

/* ---- what is to be done, and what was --------------------------------------------- */

static void batch_free(struct mark_batch **b)
{
	if (*b)
		arena_free(&(*b)->a);
	free(*b);
	*b = NULL;
}

/* A copy may come late: Postfix and Dovecot take their time, most of all when one
 * of them was away. */
static epoch look_again(struct showing *r, epoch now, epoch next)
{
	static const epoch after[SHOWING_LOOKS] = { 2, 10, 60, 600, 4200 };
	if (r->fresh <= 0 || r->fresh > SHOWING_LOOKS)
		return next;
	epoch soon = now + after[SHOWING_LOOKS - r->fresh--];
	return next && next < soon ? next : soon;
}

/* Copies of tickets that were merged into this one show its state. */
static enum status touch_sources(struct store *s, int64_t target, struct arena *a, struct err *e)
{
	struct merge *v;
	size_t n = 0;
	enum status st = merges_into(s, target, a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		st = showing_touch(s, v[i].source_id, e);
	return st;
}

static enum status record(struct store *s, struct showing *r, enum ticket_mark mark, epoch next, struct arena *a,
                          struct err *e)
{
	bool news = r->shown != (int64_t)mark + 1;
	r->shown = (int64_t)mark + 1;
	enum status st = showing_done(s, r, next, e);
	return st == OK && news ? touch_sources(s, r->ticket_id, a, e) : st;
}

static enum status record_all(struct store *s, struct mark_batch *b, epoch now, struct err *e)
{
	enum status st = store_begin(s, e);
	for (size_t i = 0; st == OK && i < b->n; i++)
		st = record(s, &b->rows[i], b->marks[i], look_again(&b->rows[i], now, b->next[i]), b->a, e);
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

static enum status bury(struct marking *m, struct store *s, epoch now, struct err *e)
{
	int status;
	enum status st = OK;
	if (!m->child || waitpid(m->child, &status, WNOHANG) == 0)
		return OK;
	bool done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	m->child = 0;
	if (done)
		st = record_all(s, m->batch, now, e);
	else
		m->not_before = clk_mono_ms() + AGAIN_MS;
	if (!done && !m->quiet)
		log_warn("mark", "error=%s", log_quote(*m->why->msg ? m->why->msg : "Dovecot is too slow"));
	if (done && m->quiet)
		log_info("marking", "resumed=1");
	m->quiet = !done;
	batch_free(&m->batch);
	return st;
}

/* Nothing to tell Dovecot: recorded at once. */
static enum status pass(struct store *s, const struct showing *r, epoch next, struct err *e)
{
	enum status st = store_begin(s, e);
	if (st == OK)
		st = showing_done(s, r, next, e);
	if (st == OK)
		return store_commit(s, e);
	store_rollback(s);
	return st;
}

/* Rows whose mailboxes have something to be told stay in the batch. */
static enum status collect(struct mark_batch *b, struct store *s, epoch now, struct err *e)
{
	size_t n = 0;
	enum status st = showing_list(s, now, BATCH, b->a, &b->rows, &n, e);
	b->marks = arena_zalloc(b->a, (n + 1) * sizeof *b->marks);
	b->next = arena_zalloc(b->a, (n + 1) * sizeof *b->next);
	for (size_t i = 0; st == OK && i < n; i++) {
		struct ticket t;
		epoch next;
		st = ticket_current(s, b->rows[i].ticket_id, b->a, &t, e);
		if (st != OK)
			break;
		enum ticket_mark mark = mark_of(&t, now, &next);
		if (b->rows[i].shown == (int64_t)mark + 1 && !b->rows[i].fresh) {
			st = pass(s, &b->rows[i], next, e);
			continue;
		}
		b->rows[b->n] = b->rows[i];
		b->marks[b->n] = mark;
		b->next[b->n++] = next;
	}
	return st;
}

enum status marking_look(struct marking *m, struct store *s, epoch now, struct err *e)
{
	if (!*m->cfg->imap)
		return OK;
	enum status st = bury(m, s, now, e);
	if (st != OK || m->child || clk_mono_ms() < m->not_before)
		return st;
	m->batch = xcalloc(1, sizeof *m->batch);
	m->batch->a = arena_new();
	st = collect(m->batch, s, now, e);
	if (st == OK && m->batch->n)
		st = staff_list(s, STAFF_AGENT | STAFF_SUPERVISOR | STAFF_EDITOR | STAFF_OPERATOR, m->batch->a, &m->batch->staff,
		                &m->batch->n_staff, e);
	if (st == OK && m->batch->n)
		start(m);
	if (m->child <= 0) {
		m->child = 0;
		batch_free(&m->batch);
	}
	return st;
}

void marking_close(struct marking *m)
{
	if (m->child)
		proc_stop(m->child, LEAVE_MS);
	m->child = 0;
	batch_free(&m->batch);
	crypto_wipe(m->password, sizeof m->password);
	if (m->why)
		munmap(m->why, sizeof *m->why);
	free(m->ca_file);
}
