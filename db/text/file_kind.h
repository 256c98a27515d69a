#ifndef TEXT_FILE_KIND_H
#define TEXT_FILE_KIND_H
/* What a file is by its first bytes, whatever it is called.
 * SECURITY: hostile bytes; only compared, never interpreted. */
#include <stdbool.h>
#include <stddef.h>

struct file_kind {
	const char *name;  /* Japanese, for people */
	const char *type;
	bool picture;      /* one that mail clients show by themselves */
};

enum { FILE_KIND_BYTES = 4096 }; /* more of the beginning tells nothing more */

/* NULL: nothing that is known; text among it. */
const struct file_kind *file_kind_of(const void *p, size_t n);

#endif
