#ifndef AUTH_WIRE_H
#define AUTH_WIRE_H
/*
 * What goes over the sockets between the milter (the "parent"), the auth
 * master and its helpers: fixed-size packets on SOCK_SEQPACKET, all on one
 * machine and from one program, so structs as they are.
 */
#include "auth_check.h"
#include <stdint.h>
#include <sys/types.h>

struct auth_ask { /* parent → helper */
	uint32_t id;
	int32_t budget_ms; /* the parent gives up after so long */
	char client_ip[64], helo[512], mail_from[768], from_domain[512], dkim[1024];
};

struct auth_tell { /* helper → parent */
	uint32_t id;
	uint32_t leaving; /* 1: this helper served its time and exits now */
	struct auth_result result;
};

enum auth_event { AUTH_CHANNEL, AUTH_FAILED };

struct auth_news { /* master → parent; AUTH_CHANNEL carries a descriptor (SCM_RIGHTS) */
	int32_t event;
	int32_t slot;
	int32_t pid;     /* the new helper */
	int32_t old_pid; /* the one it replaces, 0: none */
	int32_t status;  /* its wait status */
	char text[160];  /* AUTH_FAILED: why */
};

struct auth_order { /* parent → master: this helper is to be killed and replaced */
	int32_t slot, pid;
};

#define AUTH_HELPERS_MAX 64

/* The master's life, in the forked child: never returns. ctl is its socket to
 * the parent; all other descriptors are closed. */
void auth_master_run(int ctl, const char *dns, int helpers, const char *user)
	__attribute__((noreturn));

#endif
