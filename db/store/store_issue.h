#ifndef STORE_ISSUE_H
#define STORE_ISSUE_H
/*
 * Issues of the newsletter (MAG-04, -05).
 *
 *   draft ─approved─▶ scheduled ─its time─▶ sending ─everybody has a result─▶ done
 *     │                  │  ▲                 │  ▲
 *     └──▶ cancelled ◀───┘  └── held ◀────────┴──┴─▶ paused
 *
 * Held: it was not sent in time, and a person decides. With every new state
 * what it waited for is over (waits_since, asked_at are 0). The ledger of who
 * got it: store_ledger.h.
 */
#include "base/arena.h"
#include "store/store.h"
#include <stdbool.h>

enum issue_state {
	ISSUE_DRAFT, ISSUE_SCHEDULED, ISSUE_SENDING, ISSUE_PAUSED, ISSUE_HELD, ISSUE_DONE, ISSUE_CANCELLED, ISSUE_STATES
};
/* The kinds of articles (specification 3.4.2(3)) an issue has, as bits. */
enum { ISSUE_TRENDS = 1, ISSUE_EXPLAINED = 2, ISSUE_PATCHES = 4 };
/* What was told already, as bits. */
enum { ISSUE_TOLD_LATE = 1, ISSUE_TOLD_FAILING = 2, ISSUE_TOLD_CLOSED = 4, ISSUE_CANCELLING = 8 /* what is under way ends, then it is cancelled */ };

struct issue {
	int64_t id;
	enum issue_state state;
	epoch created_at;
	int64_t editor_id;
	int64_t draft_id;        /* the mail as the editor sent it */
	const char *subject;
	unsigned kinds;
	int64_t size;            /* bytes of one mail */
	epoch send_at;           /* 0 = not set */
	int64_t approver_id;     /* 0 = nobody yet */
	epoch started_at, ended_at;
	bool expanding;          /* not all readers stand in the ledger yet */
	unsigned told;
	const char *why;
	epoch waits_since, asked_at; /* for a person's word, who was asked for it last then; 0 = it does not wait */
};

const char *issue_state_name(enum issue_state st);
const char *issue_state_ja(enum issue_state st);

enum status issue_add(struct store *s, struct issue *i, struct err *e) must_check; /* sets id */
enum status issue_get(struct store *s, int64_t id, struct arena *a, struct issue *i, struct err *e) must_check;
/* All but id, created_at, what the ledger keeps and what issue_waits sets: for one who read it in this transaction. */
enum status issue_update(struct store *s, const struct issue *i, struct err *e) must_check;
/* What the engine makes of an issue that it read before the transaction: state, started_at, ended_at and why as in `to`, told
 * besides what was told. When a person has ordered something since (state, draft, time or ISSUE_CANCELLING are no longer as
 * in `was`), nothing changes, it is no error, and *moved_r is false. */
enum status issue_advance(struct store *s, const struct issue *was, const struct issue *to, bool *moved_r, struct err *e) must_check;
/* 0, 0: it waits for nobody. */
enum status issue_waits(struct store *s, int64_t id, epoch since, epoch asked, struct err *e) must_check;
/* Newest first, those before `before` (0 = from the newest). */
enum status issue_list(struct store *s, int64_t before, size_t limit, struct arena *a, struct issue **v_r, size_t *n_r,
                       struct err *e) must_check;
/* Those of a state that is not yet an end, by their time. */
enum status issue_in(struct store *s, enum issue_state st, struct arena *a, struct issue **v_r, size_t *n_r,
                     struct err *e) must_check;
/* How many are to go out, or went out, in [from, to). */
enum status issue_between(struct store *s, epoch from, epoch to, int64_t *n_r, struct err *e) must_check;

/* Attachments that readers fetch (base/link.h, LINK_ISSUE) are files of the draft: no rows of their own, and the link of a draft
 * that was replaced is nobody's. file: below ISSUE_FILES_MAX. */
enum { ISSUE_FILES_MAX = 128 };
int64_t issue_link(int64_t draft, size_t file);
int64_t issue_link_draft(int64_t link, size_t *file_r);
/* Until when: so many days after it went out, or is to. */
epoch issue_links_until(const struct issue *i, int64_t days);
/* The issue whose draft this mail is. ERR_NOTFOUND. */
enum status issue_of_draft(struct store *s, int64_t draft, struct arena *a, struct issue *i, struct err *e) must_check;

#endif
