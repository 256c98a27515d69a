#ifndef AGENT_REKEY_H
#define AGENT_REKEY_H
/*
 * A root key in the place of another (ingest/PROTOCOL.md). The server says when;
 * the agent's half is on the disk before it is sent, and is sent with each batch
 * until the server's half comes. Both keys are good meanwhile, so no crash
 * between any two steps costs more than asking again. The key before is kept: a
 * server that was put back from its backup may know only that one.
 */
#include "answer.h"
#include "state.h"
#include "text/json_put.h"

void rekey_put(struct json_put *o, const struct state *st); /* the member of a batch */
/* True: *st has changed and is to be saved; st->root may be another. */
bool rekey_take(struct state *st, const struct answer *w);
/* The server does not know this key: back to the one before. False: there is none. */
bool rekey_back(struct state *st);

#endif
