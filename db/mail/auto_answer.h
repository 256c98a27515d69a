#ifndef MAIL_AUTO_ANSWER_H
#define MAIL_AUTO_ANSWER_H
/*
 * May a machine write to the sender of this mail (RFC 3834)? Pure; the facts
 * are those kept with every mail. Whether the address is one of ours, and how
 * many such mails it has had, is for the caller to know.
 */
#include "base/arena.h"
#include <stdbool.h>

struct auto_facts {
	const char *auto_kind;   /* auto_kind_name */
	const char *env_from;    /* "" for the null sender */
	const char *from_key;    /* From address in key form, "" if broken */
	const char *spf, *dmarc; /* "pass", "fail", … or "" */
};

/* Nothing speaks against the sender: what is said in his name may count. Stricter
 * than what a person needs to read a mail: a soft fail is doubt enough. */
bool auto_sender_trusted(const char *spf, const char *dmarc);

/* The address in key form (in `a`), or NULL and why not: one word. */
const char *auto_answer_to(const struct auto_facts *f, struct arena *a, const char **why_r);

#endif
