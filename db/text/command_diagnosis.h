#ifndef TEXT_COMMAND_DIAGNOSIS_H
#define TEXT_COMMAND_DIAGNOSIS_H
/*
 * Staff's word on a diagnosis report (DIAG-03): the first line of a mail that
 * has anything, quotes aside. 承認 / 保留 理由 / 再開 / 取消 / 状況. Pure.
 * SECURITY: bounded; the text comes from a mail.
 */
#include "base/arena.h"

enum diagnosis_order { DIAGNOSIS_APPROVE, DIAGNOSIS_HOLD, DIAGNOSIS_RESUME, DIAGNOSIS_CANCEL, DIAGNOSIS_STATUS, DIAGNOSIS_HELP /* none of these */ };

/* *rest_r: what stands behind the word, visible, one line, "" = nothing; in `a`. Behind any but 保留 it makes the order DIAGNOSIS_HELP. */
enum diagnosis_order diagnosis_order_read(const char *utf8, size_t n, struct arena *a, const char **rest_r);

#endif
