#ifndef MAILER_EXIF_H
#define MAILER_EXIF_H
/*
 * Does a JPEG say where it was taken? (Exif 2.3, §4.6.6: the GPS directory of its
 * APP1 segment.) Phones write it into every photograph.
 * SECURITY: hostile bytes; every offset is checked, nothing is followed twice.
 */
#include <stdbool.h>
#include <stddef.h>

bool exif_has_place(const void *jpeg, size_t n);

#endif
