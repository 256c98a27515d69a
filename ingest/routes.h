#ifndef INGEST_ROUTES_H
#define INGEST_ROUTES_H
/* Which page takes what. A part that adds pages adds its rows in routes.c, and
 * its location's limits in conf/instance/nginx.conf. */
#include "http.h"

extern const struct http_route routes[];
/* For what no route takes; see struct http_config. */
extern const struct http_page page_missing, page_not_allowed, page_too_large;

#endif
