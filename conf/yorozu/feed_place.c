/* See feed_place.h. */
#include "feed_place.h"
#include "base/clk.h"
#include "base/io.h"
#include "base/xalloc.h"
#include "instance.h"
#include <stdlib.h>

static enum status open_clock(const struct cfg *c, struct err *e)
{
	char *path = cfg_path(c, "clock");
	enum status st = cfg_is_private(c) && io_exists(path) ? clk_open(path, e) : OK;
	free(path);
	return st;
}

char *feed_shipped(const struct front *f, const struct cfg *c)
{
	return io_exists(c->feed_tables) ? xstrdup(c->feed_tables) : instance_share(f, "feed");
}

enum status feed_place_open(const struct front *f, struct feed_place *p, struct err *e)
{
	*p = (struct feed_place){ 0 };
	if (!f->dir) {
		p->shipped = instance_share(f, "feed");
		return OK;
	}
	enum status st = cfg_load(f->dir, &p->cfg, e);
	if (st != OK)
		return st;
	p->shipped = feed_shipped(f, p->cfg);
	p->own = cfg_path(p->cfg, "feed");
	return open_clock(p->cfg, e);
}

void feed_place_close(struct feed_place *p)
{
	free(p->shipped);
	free(p->own);
	cfg_free(&p->cfg);
}

enum status feed_open(const struct front *f, struct feed **feed_r, struct err *e)
{
	struct feed_place p;
	enum status st = feed_place_open(f, &p, e);
	if (st == OK)
		st = feed_load(p.shipped, p.own, feed_r, e);
	feed_place_close(&p);
	return st;
}
