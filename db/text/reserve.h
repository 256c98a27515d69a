#ifndef TEXT_RESERVE_H
#define TEXT_RESERVE_H
/*
 * "承認" and below it "ただし、2番の数字を直してから": no word of a person is taken
 * for an approval while he says but. Used by what reads staff's words. Linear.
 */
#include <stdbool.h>
#include <stddef.h>

/* utf8[0..n): a line. Does it make a condition, ask, or find fault? */
bool text_reserves(const char *utf8, size_t n);

/* The same of the lines at `below`, up to a blank one, a quote or a signature. */
bool text_reserves_below(const char *below, const char *end);

#endif
