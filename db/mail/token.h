#ifndef MAIL_TOKEN_H
#define MAIL_TOKEN_H
/*
 * Addresses and Message-IDs that carry a proof: only who was given one can
 * name it. The MAC is the first 80 bits of HMAC-SHA-256 under a key derived
 * from the master key, in lower-case base32 (16 letters, so it survives
 * systems that change the case of a local part); compared in constant time.
 *
 *   ticket address    sodan+t12-MAC@domain       joins ticket 12 (DESK-02)
 *   note address      sodan+n12-MAC@domain       a note on ticket 12, for staff only (DESK-06)
 *   command address   sodan+c12-MAC@domain       commands on ticket 12 (0: on none)
 *   held address      sodan+h56-MAC@domain       about the held reply, message 56 (DESK-07)
 *   health address    sodan+k7-MAC@domain        about health check 7, a draft (HEALTH-06)
 *                     sodan+y202610-MAC@domain   about those of a month
 *   envelope sender   bounce+34-MAC@domain       a bounce of outbox row 34
 *   newsletter        news+4.123-MAC@domain      envelope sender: issue 4 to reader 123 (MAG-06)
 *                     stop+4.123-MAC@domain      that reader wants no more
 *                     henshu+4-MAC@domain        the editors' word on issue 4 (MAG-04)
 *                     n4.123.MAC@domain          its Message-ID
 *   diagnosis         shindan@domain             answers (DIAG-01)
 *                     shindan+7-MAC@domain       staff's word on diagnosis 7 (DIAG-03)
 *   Message-ID        t12.o34.MAC@domain         row 34, on ticket 12 (0: none)
 *
 * Immutable after token_init; thread-safe.
 */
#include "base/arena.h"
#include "base/crypto.h"
#include <stdbool.h>
#include <stdint.h>

struct token_ctx {
	uint8_t key[KEY_LEN];
	const char *desk, *domain; /* local part and domain of the consultation address; borrowed */
	/* local parts of the newsletter, borrowed; NULL: there is none. token_init leaves them so */
	const char *edit, *news_from, *news_to;
	const char *diagnosis; /* local part of the diagnosis, borrowed; NULL: there is none. token_init leaves it so */
};

void token_init(struct token_ctx *t, const uint8_t master[KEY_LEN], const char *desk, const char *domain);

char *token_desk_address(const struct token_ctx *t, struct arena *a);
char *token_ticket_address(const struct token_ctx *t, struct arena *a, int64_t ticket);
char *token_note_address(const struct token_ctx *t, struct arena *a, int64_t ticket);
char *token_command_address(const struct token_ctx *t, struct arena *a, int64_t ticket);
char *token_held_address(const struct token_ctx *t, struct arena *a, int64_t message);
char *token_health_address(const struct token_ctx *t, struct arena *a, int64_t health); /* below 0: a month, -YYYYMM */
char *token_bounce_address(const struct token_ctx *t, struct arena *a, int64_t outbox);
char *token_message_id(const struct token_ctx *t, struct arena *a, int64_t ticket, int64_t outbox); /* without <> */

enum token_kind {
	TOKEN_NONE,   /* not an address of the desk */
	TOKEN_DESK,   /* the bare consultation address */
	TOKEN_TICKET, /* a true ticket address: *id_r is the ticket */
	TOKEN_BOUNCE, /* a true bounce address: *id_r is the outbox row */
	TOKEN_NOTE,   /* a true note address: *id_r is the ticket */
	TOKEN_COMMAND,/* a true command address: *id_r is the ticket, 0 = none */
	TOKEN_HELD,   /* a true held address: *id_r is the message */
	TOKEN_HEALTH, /* a true health address: *id_r is the row, or a month as -202610 */
	TOKEN_NEWS,   /* a true envelope sender of the newsletter: *id_r is a token_news pair */
	TOKEN_STOP,   /* a true address to unsubscribe: the same */
	TOKEN_EDIT,   /* the editors' address: *id_r is the issue, 0 = a new one */
	TOKEN_LIST,   /* what readers see as From and To of the newsletter */
	TOKEN_DIAGNOSIS, /* the diagnosis: *id_r is which one, 0 = answers */
	TOKEN_FORGED  /* looks like one of ours, but its MAC is wrong or missing */
};
/* The newsletter's local parts; borrowed. */
void token_news_init(struct token_ctx *t, const char *edit, const char *news_from, const char *news_to);
/* Issue and reader in one number. */
struct token_news { int64_t issue, reader; };
struct token_news token_news_of(int64_t id);
char *token_news_address(const struct token_ctx *t, struct arena *a, int64_t issue, int64_t reader);
char *token_stop_address(const struct token_ctx *t, struct arena *a, int64_t issue, int64_t reader);
char *token_edit_address(const struct token_ctx *t, struct arena *a, int64_t issue);
char *token_news_message_id(const struct token_ctx *t, struct arena *a, int64_t issue, int64_t reader);
/* "4.123-MAC", for an https link that unsubscribes (RFC 8058). */
char *token_stop_link(const struct token_ctx *t, struct arena *a, int64_t issue, int64_t reader);
char *token_diagnosis_address(const struct token_ctx *t, struct arena *a, int64_t diagnosis); /* 0: where answers go */
/* True for a Message-ID, an envelope sender or a link's token of ours. */
bool token_parse_news_id(const struct token_ctx *t, const char *msgid, struct token_news *r);
bool token_parse_news_address(const struct token_ctx *t, const char *addr, struct token_news *r);
bool token_parse_stop_link(const struct token_ctx *t, const char *text, struct token_news *r);

/* addr: hostile, any case, without <>. */
enum token_kind token_classify(const struct token_ctx *t, const char *addr, int64_t *id_r);

/* True for a Message-ID of ours; both ids may be NULL. */
bool token_parse_message_id(const struct token_ctx *t, const char *msgid, int64_t *ticket_r, int64_t *outbox_r);

#endif
