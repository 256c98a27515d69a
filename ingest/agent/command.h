#ifndef AGENT_COMMAND_H
#define AGENT_COMMAND_H
/* The command line that both systems share. */
#include "agent.h"

struct command {
	const char *dir, *verb;
	const char *server, *code, *token, *ca;
	unsigned batches; /* of `once` */
};
/* false: it was wrong, or help was asked; the usage was printed. */
bool cli_parse(int argc, char **argv, const char *default_dir, const char *more_usage, struct command *c);
/* enrol, once, status, collect; -1: another verb. Else the exit status. */
int cli_run(const struct command *c, const struct agent_clock *k);

#endif
