#ifndef TEXT_FILE_NAME_H
#define TEXT_FILE_NAME_H
/*
 * Names of files that strangers send, for reading only: what a file is called
 * on our disk never comes from outside.
 * SECURITY: hostile input of any length and encoding.
 */
#include "base/strbuf.h"
#include <stddef.h>

enum { FILE_NAME_CHARS = 120 };

/* The last component of a path of any system, as UTF-8 on one line: nothing that
 * could turn the line round or hide what the name ends in, at most
 * FILE_NAME_CHARS characters with the ending kept, never empty. */
void file_name_clean(const char *raw, size_t n, struct sb *out);

/* The value of a Content-Disposition that saves under this name (RFC 6266: an
 * ASCII stand-in, and the name itself in the form of RFC 8187). */
void file_name_disposition(const char *name, struct sb *out);

#endif
