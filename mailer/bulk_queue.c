/* Queue ids of mails that Postfix has. See bulk_queue.h. */
#include "bulk_queue.h"
#include "base/xalloc.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 1024 };

static size_t place(const struct bulk_queue *q, const char *id)
{
	uint64_t h = 1469598103934665603u;
	for (; *id; id++)
		h = (h ^ (unsigned char)*id) * 1099511628211u;
	return (size_t)(h ^ h >> 32) & (q->cap - 1);
}

/* Where it stands, or would. */
static struct bulk_mail *slot(const struct bulk_queue *q, const char *id)
{
	size_t i = place(q, id);
	while (q->v[i].queue_id[0] && strcmp(q->v[i].queue_id, id) != 0)
		i = (i + 1) & (q->cap - 1);
	return &q->v[i];
}

void bulk_queue_free(struct bulk_queue *q)
{
	free(q->v);
	*q = (struct bulk_queue){ 0 };
}

struct bulk_mail *bulk_queue_find(const struct bulk_queue *q, const char *queue_id)
{
	if (!q->n)
		return NULL;
	struct bulk_mail *m = slot(q, queue_id);
	return m->queue_id[0] ? m : NULL;
}

static void grow(struct bulk_queue *q)
{
	struct bulk_queue to = { .cap = q->cap ? q->cap * 2 : FIRST, .n = q->n, .deferred = q->deferred, .bytes = q->bytes };
	to.v = xcalloc(to.cap, sizeof *to.v);
	for (size_t i = 0; i < q->cap; i++)
		if (q->v[i].queue_id[0])
			*slot(&to, q->v[i].queue_id) = q->v[i];
	free(q->v);
	*q = to;
}

struct bulk_mail *bulk_queue_add(struct bulk_queue *q, const char *queue_id, struct token_news who, int64_t bytes, epoch since)
{
	if (q->n * 2 >= q->cap)
		grow(q);
	struct bulk_mail *m = slot(q, queue_id);
	if (!m->queue_id[0]) {
		*m = (struct bulk_mail){ .who = who, .bytes = bytes, .since = since };
		snprintf(m->queue_id, sizeof m->queue_id, "%s", queue_id);
		q->n++;
		q->bytes += bytes;
	}
	return m;
}

void bulk_queue_defer(struct bulk_queue *q, struct bulk_mail *m)
{
	q->deferred += !m->deferred;
	m->deferred = true;
}

/* The hole is closed by those behind it, so that no search ends too early. */
void bulk_queue_remove(struct bulk_queue *q, struct bulk_mail *m)
{
	size_t hole = (size_t)(m - q->v), i = hole;
	q->n--;
	q->bytes -= m->bytes;
	q->deferred -= m->deferred;
	q->v[hole].queue_id[0] = '\0';
	for (;;) {
		i = (i + 1) & (q->cap - 1);
		if (!q->v[i].queue_id[0])
			return;
		size_t home = place(q, q->v[i].queue_id);
		bool may_move = hole <= i ? home <= hole || home > i : home <= hole && home > i;
		if (!may_move)
			continue;
		q->v[hole] = q->v[i];
		q->v[i].queue_id[0] = '\0';
		hole = i;
	}
}
