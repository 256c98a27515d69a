/* Bytes and properties of TNEF. See tnef_prop.h. */
#include "tnef_prop.h"

enum { MULTIPLE = 0x1000, NAMED = 0x8000, GUID = 16, VALUES_MAX = 100000 };

bool bytes_take(struct bytes *b, size_t n, struct bytes *r)
{
	if (n > b->n)
		return false;
	*r = (struct bytes){ b->p, n };
	b->p += n;
	b->n -= n;
	return true;
}

bool bytes_u16(struct bytes *b, uint32_t *v_r)
{
	struct bytes v;
	if (!bytes_take(b, 2, &v))
		return false;
	*v_r = v.p[0] | (uint32_t)v.p[1] << 8;
	return true;
}

bool bytes_u32(struct bytes *b, uint32_t *v_r)
{
	struct bytes v;
	if (!bytes_take(b, 4, &v))
		return false;
	*v_r = v.p[0] | (uint32_t)v.p[1] << 8 | (uint32_t)v.p[2] << 16 | (uint32_t)v.p[3] << 24;
	return true;
}

/* Values are padded to four bytes; the last may lack that. */
static bool take_padded(struct bytes *b, size_t n, struct bytes *r)
{
	struct bytes pad;
	if (!bytes_take(b, n, r))
		return false;
	size_t k = (4 - n % 4) % 4;
	(void)bytes_take(b, k < b->n ? k : b->n, &pad);
	return true;
}

/* Bytes of one value, 0: its length stands in front of it. */
static bool size_of(uint32_t type, size_t *n_r)
{
	switch (type) {
	case PROP_I2: case PROP_I4: case 4 /* float */: case 10 /* error */: case PROP_BOOL: *n_r = 4; return true;
	case 5: case 6: case 7: case 20: case 64: *n_r = 8; return true; /* double, currency, times, I8 */
	case 72: *n_r = GUID; return true;
	case PROP_OBJECT: case PROP_STRING8: case PROP_UNICODE: case PROP_BINARY: *n_r = 0; return true;
	default: return false;
	}
}

static bool skip_name(struct bytes *b)
{
	struct bytes guid, name;
	uint32_t by_name, n;
	if (!bytes_take(b, GUID, &guid) || !bytes_u32(b, &by_name) || !bytes_u32(b, &n))
		return false;
	return !by_name || take_padded(b, n, &name);
}

bool prop_next(struct bytes *b, struct prop *r)
{
	uint32_t count = 1, n;
	size_t size;
	*r = (struct prop){ 0 };
	if (!bytes_u16(b, &r->type) || !bytes_u16(b, &r->id))
		return false;
	bool multiple = r->type & MULTIPLE;
	r->type &= ~(uint32_t)MULTIPLE;
	if (r->id >= NAMED) {
		r->id = 0;
		if (!skip_name(b))
			return false;
	}
	if (!size_of(r->type, &size) || ((multiple || !size) && !bytes_u32(b, &count)) || count > VALUES_MAX)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		struct bytes v;
		n = (uint32_t)size;
		if ((!size && !bytes_u32(b, &n)) || !take_padded(b, n, &v))
			return false;
		if (i == 0)
			r->value = v;
	}
	return true;
}
