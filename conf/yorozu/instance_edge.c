/*
 * The web server before yorozu-ingest: its configuration, and the pages it
 * shows by itself. Written anew at each start, so that a changed limit in
 * yorozu.conf is one in nginx too.
 */
#include "instance.h"
#include "base/io.h"
#include "base/xalloc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_MB = 1 /* what a form adds to its files */ };

struct edge_file {
	const char *from, *to; /* below conf/, below etc/nginx/ */
};

static const struct edge_file files[] = {
	{ "instance/nginx-limits.conf", "limits.conf" }, { "instance/nginx-site.conf", "site.conf" },
	{ "web/style.css", "style.css" },                { "web/edge/400.html", "400.html" },
	{ "web/edge/413.html", "413.html" },             { "web/edge/429.html", "429.html" },
	{ "web/edge/502.html", "502.html" },             { "instance/nginx.conf", "nginx.conf" },
};
enum { NFILES = sizeof files / sizeof *files };

static enum status write_one(const char *folder, const struct front *f, const struct edge_file *file,
                             const struct render_var *vars, struct err *e)
{
	struct sb out = SB_INIT;
	char *src = instance_share(f, file->from), *dst = xasprintf("%s/%s", folder, file->to);
	enum status st = instance_render(src, vars, &out, e);
	if (st == OK)
		st = io_write_file(dst, 0644, out.s, out.len, e);
	sb_free(&out);
	free(src), free(dst);
	return st;
}

/* nginx makes the folders for its temporary files below this one. */
static enum status make_folders(const char *root, const char *folder, struct err *e)
{
	char *run = xasprintf("%s/run/edge", root);
	enum status st = io_mkdirs(folder, 0755, e);
	if (st == OK)
		st = io_mkdirs(run, 0755, e);
	free(run);
	return st;
}

enum status instance_write_edge(const char *root, const struct cfg *c, const struct front *f, struct err *e)
{
	char port[16], mb[24];
	char *folder = xasprintf("%s/etc/nginx", root), *web = cfg_path(c, "etc/nginx");
	snprintf(port, sizeof port, "%d", (int)c->base_port + PORT_HTTPS);
	snprintf(mb, sizeof mb, "%lld", (long long)c->upload_link_mb + FORM_MB);
	const struct render_var vars[] = {
		{ "DIR", c->dir }, { "WEB", web }, { "WEB_GROUP", c->web_group }, { "PORT_HTTPS", port },
		{ "UPLOAD_MB", mb }, { NULL, NULL },
	};
	enum status st = make_folders(root, folder, e);
	size_t n = cfg_is_private(c) ? NFILES : NFILES - 1; /* the server itself is the last */
	for (size_t i = 0; st == OK && i < n; i++)
		st = write_one(folder, f, &files[i], vars, e);
	free(folder), free(web);
	return st;
}
