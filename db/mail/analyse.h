#ifndef MAIL_ANALYSE_H
#define MAIL_ANALYSE_H
/*
 * What an analyst wants to see first of a suspicious mail that a customer
 * forwarded, attached or pasted in (DESK-09): who it says it is from, the
 * authentication results and the way it names, its links, its files, and what
 * of that does not fit together. All of it is what stands in the mail; nothing
 * is looked up or fetched.
 * SECURITY: hostile; bounded counts and lengths; strings are one line, safe to
 * show, but not inert: analyse_show.h makes them so.
 */
#include "base/crypto.h"
#include "mail/msg_parse.h"

enum { ANALYSE_MAILS = 5, ANALYSE_URLS = 40, ANALYSE_HOPS = 25, ANALYSE_AUTH = 10, ANALYSE_MARKS = 12 };

enum suspect_how { SUSPECT_ATTACHED, SUSPECT_PASTED, SUSPECT_ITSELF };

struct suspect_hop {      /* one Received field */
	const char *from, *ip, *by; /* "" where it does not say */
	epoch at;             /* 0: unreadable */
};

struct suspect_url {
	const char *url;
	const char *shown;    /* the address its text shows, when that is another site; "" */
	const char *unicode;  /* host with xn-- spelled out, "" */
	const char *target;   /* address inside a redirector's, "" */
	bool user;            /* something stands before "@" */
	bool number;          /* the host is a number */
	bool lookalike;       /* of the customer's own domain */
	bool hidden;          /* in the HTML, not shown as a link: pictures, forms */
};

struct suspect_auth {
	const char *name, *value;
};

struct suspect {
	enum suspect_how how;
	unsigned depth;       /* of its files: 1 = in a mail attached to this one */
	const char *from, *reply_to, *return_path, *to, *cc, *subject, *date, *message_id; /* "" = not there */
	struct suspect_auth auth[ANALYSE_AUTH];
	size_t nauth;
	struct suspect_hop hops[ANALYSE_HOPS]; /* oldest first */
	size_t nhops, hops_more;
	struct suspect_url urls[ANALYSE_URLS];
	size_t nurls, urls_more;
	const char *marks[ANALYSE_MARKS]; /* what does not fit, Japanese */
	size_t nmarks;
};

struct analysis {
	struct suspect *v[ANALYSE_MAILS];
	size_t n, more;
};

struct analyse_ctx {
	const char *own_domain; /* the customer's, "" if it is everybody's */
	const char *desk;       /* our address: what we wrote is not suspicious */
	bool itself;            /* the mail itself is suspicious, not only what it carries */
};

/* Strings live in `a`. n is 0 when nothing is forwarded. */
void mail_analyse(const struct msg *m, const struct analyse_ctx *c, struct arena *a, struct analysis *r);

#endif
