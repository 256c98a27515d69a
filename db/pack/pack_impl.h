#ifndef PACK_IMPL_H
#define PACK_IMPL_H
/* What the files of db/pack share; not for others. */
#include "pack.h"

/* Appends all that an archive in memory holds (libzip's zip_source_t). On an
 * error `out` may hold a part of it. */
struct zip_source;
enum status pack_zip_take(struct zip_source *from, struct sb *out, struct err *e) must_check;

#endif
