#ifndef YOROZU_CONTRACT_DELIVERY_H
#define YOROZU_CONTRACT_DELIVERY_H
/* yorozu contract delivery: how files reach this customer (DESK-17). */
#include "base/cfg.h"
#include "store/store_contract.h"

/* "暗号化ZIP (zip、既定)", in the arena. ERR_TEMP: the store. */
enum status contract_delivery_text(struct store *s, const struct cfg *cfg, int64_t contract, struct arena *a,
                                   const char **r, struct err *e) must_check;

/* Shows it; policy not NULL: sets it first, with an audit row. ERR_PERM: no such
 * policy. In a transaction of its own. */
enum status contract_delivery_cmd(struct store *s, const struct cfg *cfg, const char *number, const char *policy,
                                  const char *who, epoch now, struct err *e) must_check;

#endif
