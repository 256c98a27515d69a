#ifndef MAIL_AUTO_KIND_H
#define MAIL_AUTO_KIND_H
/* What kind of automatic mail this is (RFC 3464, 3834, 2369, 8098). Pure. */
#include "mail/msg_parse.h"

enum auto_kind {
	AUTO_NO,       /* a person wrote it, as far as one can tell */
	AUTO_REPLY,    /* vacation and other Auto-Submitted: auto-replied */
	AUTO_GENERATED,/* notifications, Auto-Submitted: auto-generated */
	AUTO_LIST,     /* came over a mailing list or in bulk */
	AUTO_BOUNCE,   /* delivery status, RFC 3464 or free-form, null sender */
	AUTO_RECEIPT   /* read receipt (MDN) */
};

/* `envelope_from` without <>, "" for the null sender. */
enum auto_kind mail_auto_kind(const struct msg *m, const char *envelope_from);
const char *auto_kind_name(enum auto_kind k);
/* An address that no person reads, by its local part (RFC 3834 §2): noreply@,
 * x-request@, owner-x@, mailer-daemon@ … */
bool mail_is_machine_address(const char *addr);

#endif
