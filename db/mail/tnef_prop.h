#ifndef MAIL_TNEF_PROP_H
#define MAIL_TNEF_PROP_H
/* Bytes and properties of TNEF (MS-OXTNEF §2.1, MS-OXCDATA §2.11). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const unsigned char *p;
	size_t n;
};

/* The first n bytes off *b. False: there are not so many. */
bool bytes_take(struct bytes *b, size_t n, struct bytes *r);
bool bytes_u16(struct bytes *b, uint32_t *v_r);
bool bytes_u32(struct bytes *b, uint32_t *v_r);

enum prop_type { PROP_I2 = 2, PROP_I4 = 3, PROP_BOOL = 11, PROP_OBJECT = 13, PROP_STRING8 = 30, PROP_UNICODE = 31, PROP_BINARY = 258 };

struct prop {
	uint32_t type, id;   /* id 0: a named one */
	struct bytes value;  /* of several, the first */
};

/* *b stands behind the count. False: the end, or what can't be read. */
bool prop_next(struct bytes *b, struct prop *r);

#endif
