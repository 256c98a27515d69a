#ifndef TEXT_RTF_H
#define TEXT_RTF_H
/*
 * Rich Text Format as mails carry it: parts of text/rtf, and the compressed RTF
 * of Exchange (MS-OXRTFCP), in which a mail's HTML may be hidden (MS-OXRTFEX).
 *
 * SECURITY: hostile input; one pass, groups deeper than RTF_DEPTH are passed
 * over, pictures and objects too.
 */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>

enum { RTF_DEPTH = 100, RTF_UNPACKED_MAX = 16 << 20 };

enum rtf_found { RTF_NONE /* no RTF */, RTF_TEXT, RTF_HTML /* `out` got the HTML inside */ };

/* Appends UTF-8 with LF line ends. */
enum rtf_found text_from_rtf(const void *p, size_t n, struct sb *out);

/* Compressed RTF to RTF; what can't be read ends it. False: not compressed RTF. */
bool rtf_unpack(const void *p, size_t n, struct sb *out);

#endif
