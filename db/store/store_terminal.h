#ifndef STORE_STORE_TERMINAL_H
#define STORE_STORE_TERMINAL_H
/*
 * Terminals and the tokens they enrol with (AGENT-05), in DIR/store/yorozu.db.
 * What terminals send lies in files of its own: agent_inventory.h, agent_month.h.
 *
 * The identity is the id that is given at enrolment. A terminal is never
 * deleted; it leaves the state TERMINAL_ACTIVE, and with that its keys.
 * Functions that write must be called inside a transaction.
 */
#include "base/arena.h"
#include "store/store.h"
#include "wire/hc1.h"
#include <stdbool.h>

enum terminal_state {
	TERMINAL_ACTIVE,
	TERMINAL_REPLACED, /* the same machine enrolled again: replaced_by */
	TERMINAL_REVOKED,  /* by staff */
	TERMINAL_ENDED     /* the contract's data was deleted */
};
const char *terminal_state_name(enum terminal_state st);

struct terminal {
	int64_t id;
	uint8_t agent_id[HC1_ID];
	int64_t contract_id;
	enum terminal_state state;
	int64_t replaced_by;      /* 0 = none */
	const char *host, *os, *agent; /* as told at enrolment, or in its inventory since */
	const char *smbios_uuid, *board_serial, *machine_guid, *macs; /* "" = not told, or a placeholder */
	epoch enrolled_at, ended_at;
	epoch cloned_at;          /* two machines were seen to use this id; 0 = never */
};

enum { TERMINAL_NAME_MAX = 128 }; /* bytes of host, os, agent and each hardware fact */

/* ---- reading */
enum status terminal_get(struct store *s, int64_t id, struct arena *a, struct terminal *t_r, struct err *e) must_check;
enum status terminal_by_agent(struct store *s, const uint8_t agent_id[HC1_ID], struct arena *a, struct terminal *t_r,
                              struct err *e) must_check;
/* Of a contract (0: of all), in the order of enrolment. Whoever is not active
 * comes only when `all`. */
enum status terminal_list(struct store *s, int64_t contract, bool all, struct arena *a, struct terminal **v_r, size_t *n_r,
                          struct err *e) must_check;
/* Active ones of a contract. */
enum status terminal_count(struct store *s, int64_t contract, int64_t *n_r, struct err *e) must_check;

/* A root key of an active terminal of a contract that has not ended. It is good
 * until TERMINAL_KEY_OVERLAP after a later one was used first.
 * ERR_NOTFOUND: no such id or key, or no longer good; ERR_DENIED: the contract
 * has ended. The caller wipes root_r. */
enum { TERMINAL_KEY_OVERLAP = 30 * 86400, TERMINAL_KEY_REST = 86400 };
struct terminal_key {
	int64_t terminal, contract;
	epoch made_at;
	bool newest, unused; /* unused: terminal_key_used was never called for it */
	uint8_t root[HC1_KEY];
};
enum status terminal_key(struct store *s, const uint8_t agent_id[HC1_ID], uint32_t key_id, epoch now,
                         struct terminal_key *k_r, struct err *e) must_check;

/* ---- enrolling */
/* A new one; sets t->id and t->agent_id is the caller's (random). The keys are
 * sealed under the master key. pub, server_pub: what the answer repeats. */
struct terminal_keys {
	uint8_t pub[HC1_PUB], server_pub[HC1_PUB], root[HC1_KEY];
};
enum status terminal_add(struct store *s, struct terminal *t, const struct terminal_keys *k, struct err *e) must_check;
/* Who enrolled with this public key before. ERR_NOTFOUND. */
enum status terminal_by_pub(struct store *s, const uint8_t pub[HC1_PUB], struct arena *a, struct terminal *t_r,
                            uint8_t server_pub_r[HC1_PUB], struct err *e) must_check;
/* ---- a key in the place of another (store_terminal_key.c)
 * The same pub again is the same key. ERR_DENIED: the last one is younger than
 * TERMINAL_KEY_REST; nothing was written. */
enum status terminal_key_new(struct store *s, int64_t terminal, const struct terminal_keys *k, epoch now, uint32_t *key_id_r,
                             uint8_t server_pub_r[HC1_PUB], struct err *e) must_check;
enum status terminal_key_used(struct store *s, int64_t terminal, uint32_t key_id, epoch now, struct err *e) must_check;

/* Active terminals of the contract that may be this machine: same UUID or board
 * serial, both told. */
enum status terminal_same_machine(struct store *s, int64_t contract, const char *smbios_uuid, const char *board_serial,
                                  struct arena *a, struct terminal **v_r, size_t *n_r, struct err *e) must_check;
/* Leaves TERMINAL_ACTIVE: the key goes. `by`: who takes its place, or 0. Again = OK. */
enum status terminal_leave(struct store *s, int64_t id, enum terminal_state to, int64_t by, epoch now, struct err *e) must_check;
enum status terminal_cloned(struct store *s, int64_t id, epoch now, struct err *e) must_check;
/* Its name as its inventory has it now. */
enum status terminal_renamed(struct store *s, int64_t id, const char *host, struct err *e) must_check;

/* ---- the end of a contract */
struct terminal_deletion {
	epoch begun_at;
	int64_t batches, rows, inventory; /* that there were when it began */
};
/* Writes *d down, unless it was begun before: then *d is what was written then. */
enum status terminal_deletion_begin(struct store *s, int64_t contract, struct terminal_deletion *d, struct err *e) must_check;
/* What a terminal told of itself goes too; it becomes TERMINAL_ENDED. And the
 * contract's tokens. */
enum status terminal_forget(struct store *s, int64_t contract, epoch now, struct err *e) must_check;

/* ---- tokens: only a hash of one is stored */
struct terminal_token {
	int64_t id, contract_id;
	int64_t uses_left;
	epoch created_at, expires_at;
};
enum { TERMINAL_TOKEN_SIZE = 33 };
/* A random one, told this once. */
enum status terminal_token_new(struct store *s, int64_t contract, int64_t uses, epoch now, epoch expires,
                               char token_r[TERMINAL_TOKEN_SIZE], struct err *e) must_check;
/* Takes one use. ERR_DENIED: no such token of this contract, expired, used up. */
enum status terminal_token_use(struct store *s, int64_t contract, const char *token, epoch now, struct err *e) must_check;
enum status terminal_token_list(struct store *s, int64_t contract, struct arena *a, struct terminal_token **v_r, size_t *n_r,
                                struct err *e) must_check;

/* ---- what was told to staff, so that it is told once */
enum terminal_notice { TERMINAL_NOTICE_FULL, TERMINAL_NOTICE_CLONED, TERMINAL_NOTICE_SILENT, TERMINAL_NOTICE_BACKUP };
/* True once for a contract (0: all), a kind and a day. */
enum status terminal_notice_due(struct store *s, enum terminal_notice kind, int64_t contract, int64_t day, bool *due_r,
                                struct err *e) must_check;

#endif
