/* Between agent_batch.c (the whole, the ranges) and its parts agent_event.c and
 * agent_part.c. */
#ifndef TEXT_AGENT_BATCH_IMPL_H
#define TEXT_AGENT_BATCH_IMPL_H
#include "text/agent_batch.h"
#include "text/json.h"

struct batch_read {
	struct json *j;
	struct arena *a;
	struct agent_batch *b;
	int64_t now_ms;
};

/* All return false after an error, which json_end tells. Growing arrays: in the
 * arena, doubled. */
bool batch_events(struct batch_read *r);
bool batch_parts(struct batch_read *r);
void *batch_grow(struct arena *a, void *v, size_t n, size_t size);

/* A text, decoded and cut; "" for null. */
bool batch_text(struct json *j, struct arena *a, const char **s_r);
/* A number in [min, max], or an error ERR_DENIED. */
bool batch_number(struct json *j, int64_t min, int64_t max, int64_t *v_r);
bool batch_hex(const struct json_str *s, uint8_t *out, size_t n);
/* A time of the terminal's put right; *moved_r (may be NULL): it could not be. */
int64_t batch_time(const struct batch_read *r, int64_t t, bool *moved_r);

#endif
