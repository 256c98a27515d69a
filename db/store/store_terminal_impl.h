#ifndef STORE_STORE_TERMINAL_IMPL_H
#define STORE_STORE_TERMINAL_IMPL_H
/* Root keys as they lie in the two tables of terminals. For db/store alone. */
#include "store/store_impl.h"
#include "store/store_terminal.h"

#define TERMINAL_ROOT "terminal.root"     /* number 1 */
#define TERMINAL_KEY_ROOT "terminal_key.root"

enum status terminal_root_seal(struct store *s, const char *column, int64_t row, const uint8_t root[HC1_KEY], struct sb *out,
                               struct err *e) must_check;

#endif
