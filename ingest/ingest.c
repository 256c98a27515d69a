/* What the pages share: see ingest.h. */
#include "ingest.h"
#include "base/xalloc.h"
#include "store/store_outbox.h"

enum status ingest_open(struct ingest *in, const char *db, const uint8_t master[KEY_LEN], struct err *e)
{
	pthread_mutex_init(&in->reader_lock, NULL);
	pthread_mutex_init(&in->fetch_lock, NULL);
	pthread_mutex_init(&in->issue_lock, NULL);
	enum status st = store_open(db, master, &in->reader, e);
	if (st == OK)
		in->links = store_links(in->reader);
	return st;
}

void ingest_close(struct ingest *in)
{
	store_close(&in->reader);
	pthread_mutex_destroy(&in->reader_lock);
	pthread_mutex_destroy(&in->fetch_lock);
	pthread_mutex_destroy(&in->issue_lock);
}

enum status ingest_read(const struct ingest *cin, store_job job, void *arg, struct err *e)
{
	struct ingest *in = (struct ingest *)cin;
	pthread_mutex_lock(&in->reader_lock);
	enum status st = job(in->reader, arg, e);
	pthread_mutex_unlock(&in->reader_lock);
	return st;
}

char *ingest_spool_path(const struct ingest *in, const char *spool)
{
	return xasprintf("%s/%s", in->spool, spool);
}

enum status ingest_mail_staff(struct store *s, enum staff_role to, const char *tmpl, const struct sb *vars, epoch now, struct err *e)
{
	const unsigned roles[] = { to, STAFF_SUPERVISOR, STAFF_AGENT | STAFF_OPERATOR };
	struct arena *a = arena_new();
	struct staff *v;
	struct sb rcpts = SB_INIT;
	size_t n = 0;
	enum status st = OK;
	for (size_t i = 0; st == OK && n == 0 && i < sizeof roles / sizeof *roles; i++)
		st = staff_list(s, roles[i], a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		sb_addf(&rcpts, "%s%s", i ? "\n" : "", v[i].address);
	struct outbox row = { .kind = OUT_NOTICE, .state = OUT_PENDING, .rcpts = rcpts.s, .tmpl = tmpl, .vars = vars->s,
		.vars_len = vars->len, .created_at = now, .due_at = now, .next_at = now };
	if (st == OK && n)
		st = outbox_add(s, &row, e);
	sb_free(&rcpts);
	arena_free(&a);
	return st;
}
