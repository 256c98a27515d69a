#ifndef AGENT_X25519_H
#define AGENT_X25519_H
/* X25519 (RFC 7748), in constant time: BCrypt has the curve only from Windows 10
 * on, and wine not at all. Linux uses OpenSSL; a test compares the two. */
#include <stdbool.h>
#include <stdint.h>

/* false: the result is zero, so `point` was of low order. */
bool x25519(const uint8_t scalar[32], const uint8_t point[32], uint8_t out[32]);

#endif
