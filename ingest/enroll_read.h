#ifndef INGEST_ENROLL_READ_H
#define INGEST_ENROLL_READ_H
/* The body of an enrolment, read (PROTOCOL.md). */
#include "base/arena.h"
#include "base/err.h"
#include "wire/hc1.h"

struct enroll_request {
	const char *code, *token, *host, *os, *agent;
	const char *smbios_uuid, *board_serial, *machine_guid; /* machine_fact: "" = none, or a placeholder */
	const char *macs; /* blanks between */
	uint8_t pub[HC1_PUB];
};
/* p[0..n): hostile; texts are cut at TERMINAL_NAME_MAX. ERR_PERM, ERR_LIMIT. */
enum status enroll_read(const char *p, size_t n, struct arena *a, struct enroll_request *q, struct err *e) must_check;

#endif
