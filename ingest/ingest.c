/* What the pages share: see ingest.h. */
#include "ingest.h"
#include "base/xalloc.h"

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
