#ifndef AGENT_COLLECT_LOGS_H
#define AGENT_COLLECT_LOGS_H
/* Collectors that read logs; logs.h says which lines. */
struct collector;
extern const struct collector collector_web, collector_print_log;
#endif
