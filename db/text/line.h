#ifndef TEXT_LINE_H
#define TEXT_LINE_H
/* Lines of the data files that people edit (conf/desk, conf/diagnosis). */
#include <stdbool.h>

/* Without blanks, tabs and CR at both ends; cuts in place. */
char *line_trim(char *s);
/* A whole number within bounds that fills `s`. */
bool line_number(const char *s, long lo, long hi, int *n_r);

#endif
