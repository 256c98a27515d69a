#ifndef TEXT_HEADING_H
#define TEXT_HEADING_H
/*
 * Headings of lists that people keep in spreadsheets: "氏　名", "ﾒｰﾙｱﾄﾞﾚｽ", "E-Mail"
 * and "氏名" with a line end inside are what they look like.
 */
#include "base/strbuf.h"

/* NFKC, no case, no white space; nothing invisible either. Appends. */
void heading_key(const char *utf8, struct sb *out);
/* Does a cell name what `name` does? */
int heading_is(const char *cell, const char *name);

#endif
