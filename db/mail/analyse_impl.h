#ifndef MAIL_ANALYSE_IMPL_H
#define MAIL_ANALYSE_IMPL_H
/* Shared by the analyse_*.c files only. */
#include "mail/analyse.h"

/* One line, safe to show, bounded. */
const char *analyse_line(struct arena *a, const char *s, size_t n, size_t max);

/* analyse_url.c: the links of the texts below `p`, not of mails inside it. */
void analyse_urls(const struct msg_part *p, const char *own_domain, struct arena *a, struct suspect *s);
/* The same for a page's text (text/html.h), and for what its source hides. */
void analyse_page_urls(const char *text, size_t n, const char *own_domain, struct arena *a, struct suspect *s);
void analyse_source_urls(const char *html, size_t n, const char *own_domain, struct arena *a, struct suspect *s);
/* analyse_head.c: fields, results, the way, and what does not fit. */
void analyse_head(const struct msg *m, const char *own_domain, struct arena *a, struct suspect *s);

#endif
