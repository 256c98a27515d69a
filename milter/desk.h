#ifndef MILTER_DESK_H
#define MILTER_DESK_H
/*
 * The consultation desk: what becomes of one mail, decided and made durable.
 *
 * Libmilter is nowhere in here: milter_io.c collects the mail into a
 * struct desk_mail, desk_handle() stores it together with everything it causes
 * (outbox rows among them) and says what Postfix is to be told. Persist, then
 * say yes: DESK_TAKEN is returned only after the commit.
 *
 * Thread-safe: any number of threads may call desk_handle on one struct desk.
 * SECURITY: every string of desk_mail but `login` and `queue_id` is hostile.
 */
#include "auth_check.h"
#include "base/arena.h"
#include "base/cfg.h"
#include "cal/cal.h"
#include "mail/msg_parse.h"
#include "mail/ret.h"
#include "mail/token.h"
#include "store/store_writer.h"
#include <stdbool.h>

struct desk { /* immutable while mails are handled; all borrowed */
	const struct cfg *cfg;
	struct token_ctx token;
	struct auth_pool *auth;
	struct store_writer *writer;
	const struct cal *cal;
	const struct categories *categories; /* text/category.h; NULL: can't be read */
	const struct categories *inquiries;  /* text/inquiry.h; NULL: likewise */
	const char *notify_path; /* the mailer's door bell */
	const struct survey *survey;         /* text/survey.h; NULL: there is no diagnosis */
	const struct ret_table *returns; /* why mail comes back */
};

enum desk_side {
	SIDE_MX,        /* from outside: nobody is who he says he is */
	SIDE_SUBMISSION /* authenticated by SASL: `login` is who it is */
};

struct desk_rcpt {
	const char *addr;      /* without <>, as given */
	enum token_kind kind;
	int64_t id;            /* ticket or outbox row */
	bool taken;            /* out: the desk has it, Postfix must not deliver it */
};

struct desk_mail {
	enum desk_side side;
	const char *client_ip, *helo, *login, *queue_id;
	const char *env_from;  /* without <>, "" for the null sender */
	struct desk_rcpt *rcpts;
	size_t nrcpts;
	const char *dkim_results; /* OpenDKIM's Authentication-Results value, or NULL */
	bool odd_signature;       /* a DKIM-Signature could have forged it (auth_signature_plain) */
	const char *raw;       /* the mail, CRLF line ends */
	size_t raw_len;
	epoch now;
	struct arena *arena;   /* for whatever the verdict needs */
};

enum desk_action {
	DESK_PASS,    /* none of ours: let it through */
	DESK_TAKEN,   /* stored; recipients with `taken` are done */
	DESK_REFUSE,  /* 5xx with code, xcode, text */
	DESK_TEMPFAIL /* 4xx with the same */
};

struct desk_verdict {
	enum desk_action action;
	const char *code, *xcode; /* "554", "5.6.0" */
	char text[200];           /* printable ASCII, no CR LF % */
	char *authres;            /* in arena: our Authentication-Results value for a mail let through, or NULL */
};

void desk_handle(const struct desk *d, struct desk_mail *m, struct desk_verdict *v);

/* Whether the desk must see the content of this mail (else only its headers
 * are needed, for Authentication-Results). Submission: always. */
bool desk_wants(const struct desk_mail *m);

#endif
