#ifndef AGENT_B64_H
#define AGENT_B64_H
/* Base64 (RFC 4648 §4) of keys: base/crypto.h has it too, but needs OpenSSL. */
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void b64_of(const uint8_t *p, size_t n, struct sb *out);
bool b64_to(const char *s, size_t len, uint8_t *p, size_t n); /* exactly n octets, with padding */

#endif
