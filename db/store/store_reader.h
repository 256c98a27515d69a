#ifndef STORE_READER_H
#define STORE_READER_H
/*
 * Who gets the newsletter (MAG-07, -08). The list follows the contracts: an
 * address registered for one joins when it begins and leaves when it ends;
 * others come by hand or CSV. A row is never deleted, so whoever wanted no
 * more is still known when his address comes again.
 *
 *   active ──hard bounce, complaint──▶ suppressed   ┐ only he or a person brings him back, by name;
 *      │└───────his own word─────────▶ unsubscribed ┘ no contract and no list touches these
 *      └──contract ended, by hand────▶ removed
 */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

enum reader_state { READER_ACTIVE, READER_SUPPRESSED, READER_UNSUBSCRIBED, READER_REMOVED, READER_STATES };
enum reader_source { READER_BY_HAND, READER_BY_CONTRACT };
enum reader_what { /* events */
	READER_JOINED, READER_LEFT, READER_SOFT, READER_HARD, READER_KEPT /* a return that says nothing of the address */,
	READER_STOPPED, READER_COMPLAINED, READER_BACK
};

struct reader {
	int64_t id;
	const char *addr;        /* key form */
	const char *name;        /* UTF-8, "" if not known */
	int64_t contract_id;     /* 0 = none */
	enum reader_source source;
	enum reader_state state;
	epoch added_at, changed_at;
	const char *why;         /* the last change, for a person to read; Japanese */
};

struct reader_event {
	epoch at;
	enum reader_what what;
	int64_t issue_id;
	const char *detail;
};

const char *reader_state_name(enum reader_state st); /* "active" … */
const char *reader_state_ja(enum reader_state st);
const char *reader_what_ja(enum reader_what w);

/* All that change something: inside a transaction. */
enum status reader_add(struct store *s, struct reader *r, epoch now, struct err *e) must_check; /* ERR_EXISTS; sets id */
enum status reader_get(struct store *s, int64_t id, struct arena *a, struct reader *r, struct err *e) must_check;
enum status reader_by_addr(struct store *s, const char *addr_key, struct arena *a, struct reader *r, struct err *e) must_check;
/* By id, those behind `after`. */
enum status reader_list(struct store *s, int64_t after, size_t limit, struct arena *a, struct reader **v_r, size_t *n_r,
                        struct err *e) must_check;
/* An array of READER_STATES numbers. */
enum status reader_counts(struct store *s, int64_t *v, struct err *e) must_check;

/* Another state, and an event. The same state: nothing but the event. */
enum status reader_set(struct store *s, int64_t id, enum reader_state to, enum reader_what what, int64_t issue,
                       const char *why, epoch now, struct err *e) must_check;
enum status reader_rename(struct store *s, int64_t id, const char *name, epoch now, struct err *e) must_check;
/* From now on a person decides, not his contract. */
enum status reader_by_hand(struct store *s, int64_t id, struct err *e) must_check;
enum status reader_event_add(struct store *s, int64_t id, enum reader_what what, int64_t issue, const char *detail, epoch now,
                             struct err *e) must_check;
enum status reader_event_count(struct store *s, int64_t id, enum reader_what what, epoch since, int64_t *n_r,
                               struct err *e) must_check;
enum status reader_events(struct store *s, int64_t id, struct arena *a, struct reader_event **v_r, size_t *n_r,
                          struct err *e) must_check;

/* Brought back by a person. Where no running contract has him, he is from then on one of the list's own,
 * whom the next look at the contracts leaves alone. */
enum status reader_back(struct store *s, int64_t id, const char *why, epoch now, struct err *e) must_check;
/* Taken off by a person. Who is suppressed or wanted no more stays so, and no list brings him back: nothing but the event. */
enum status reader_remove(struct store *s, int64_t id, const char *why, epoch now, struct err *e) must_check;

/* His own word, from a mail or a one-click request (MAG-06); no matter how often. */
enum status reader_unsubscribe(struct store *s, int64_t id, int64_t issue, const char *how, epoch now, struct err *e) must_check;

/* He reported a mail as spam. Who had said that he wants no more has said it: nothing but the event. */
enum status reader_complained(struct store *s, int64_t id, int64_t issue, const char *why, epoch now, struct err *e) must_check;

/* A mail to him came back. What that does to him is the table of reasons' say (mail/ret.h): stop, or count up to
 * `limit` within `days` (limit 0: it says nothing of the address). */
enum status reader_returned(struct store *s, int64_t id, int64_t issue, bool stop, int limit, int days, const char *why,
                            epoch now, struct err *e) must_check;

/* Makes the list follow the contracts as they stand at `now`, one batch of them behind `after`
 * (contract ids); *after_r: where to go on, 0 = that was all. Who was removed by hand or went by
 * himself does not come back by it. */
enum status reader_follow(struct store *s, int64_t after, epoch now, int64_t *after_r, size_t *changes_r,
                          struct err *e) must_check;

/* Changes since the last saved CSV (store_reader_csv.h). */
enum status reader_unsaved(struct store *s, int64_t *changed_r, bool *unsaved_r, struct err *e) must_check;
enum status reader_saved(struct store *s, int64_t changed, struct err *e) must_check;

/* The last warning that an issue is missing. */
enum status reader_warned(struct store *s, epoch *at_r, struct err *e) must_check;
enum status reader_warned_set(struct store *s, epoch at, struct err *e) must_check;

#endif
