/*
 * Did a person write this? Headers decide (RFC 3834, 2369, 3464, 8098); the
 * subject counts only where it is a vacation reply's own subject as mailers
 * write it, never when it merely speaks of one. The body is not looked at.
 * See dsn.h.
 */
#include "dsn.h"
#include "addr.h"
#include "msg_impl.h"
#include <string.h>
#include <strings.h>

const char *auto_kind_name(enum auto_kind k)
{
	static const char *const names[] = { "no", "reply", "generated", "list", "bounce", "receipt" };
	return (size_t)k < sizeof names / sizeof *names ? names[k] : "?";
}

static bool starts(const char *s, const char *prefix)
{
	return strncasecmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_report(const struct msg *m, const char *kind)
{
	const char *type = m->root->type_raw; /* of a cut-off report too, which has no parts left */
	return type && starts(type, "multipart/report") && strcasestr(type, kind);
}

static bool local_is(const char *addr, const char *name)
{
	size_t n = strlen(name);
	return strncasecmp(addr, name, n) == 0 && (addr[n] == '@' || addr[n] == '\0');
}

static bool is_daemon(const char *addr)
{
	return local_is(addr, "mailer-daemon") || local_is(addr, "postmaster") ||
	       local_is(addr, "mail-daemon") || local_is(addr, "mailerdaemon");
}

/* Behind a vacation word something must end it: "自動返信について" is a person. */
static bool ends_word(const char *s)
{
	static const char *const ends[] = { ":", "：", "】", "]", "）", ")", "」", "メール" };
	while (*s == ' ')
		s++;
	if (!*s)
		return true;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strncmp(s, ends[i], strlen(ends[i])) == 0)
			return strcmp(ends[i], "メール") != 0 || ends_word(s + strlen("メール"));
	return strncmp(s, "　", 3) == 0;
}

static bool vacation_subject(const char *s)
{
	static const char *const words[] = {
		"自動応答", "自動返信", "自動回答", "不在通知", "不在応答", "不在のお知らせ", "不在自動応答",
		"不在連絡", "不在時自動応答", "休暇のお知らせ", "不在",
		"Out of Office", "Out of the Office", "Automatic reply", "Auto-reply", "AutoReply", "Auto reply",
		"Auto response", "Autoresponse", "Automatische Antwort", "Réponse automatique", "Vacation reply",
		"Out of Office AutoReply", "Auto",
	};
	static const char *const open[] = { "【", "[", "（", "(", "「", "<" };
	while (*s == ' ')
		s++;
	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		if (strncmp(s, open[i], strlen(open[i])) == 0)
			s += strlen(open[i]);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (starts(s, words[i]) && ends_word(s + strlen(words[i])))
			return strcmp(words[i], "Auto") != 0 || s[4] == ':';
	return false;
}

static bool bounce_subject(const char *s)
{
	static const char *const words[] = {
		"Undelivered Mail Returned to Sender", "Undeliverable:", "Delivery Status Notification",
		"failure notice", "Mail delivery failed", "Returned mail:", "Delivery failure",
		"DELIVERY FAILURE:", "Delivery delayed:", "Warning: could not send", "配信不能", "配信エラー",
		"メール配信エラー", "未配信", "Mail System Error", "Undelivered mail",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (starts(s, words[i]))
			return true;
	return false;
}

static enum auto_kind by_auto_submitted(const char *v)
{
	while (*v == ' ')
		v++;
	if (!*v || (starts(v, "no") && !strchr("abcdefghijklmnopqrstuvwxyz-", v[2] | 0x20)))
		return AUTO_NO;
	return starts(v, "auto-replied") ? AUTO_REPLY : AUTO_GENERATED;
}

static bool is_list(const struct msg *m)
{
	return m->list_id[0] || msg_field(m, "List-Unsubscribe") || msg_field(m, "List-Post") ||
	       msg_field(m, "List-Help") || msg_field(m, "X-ML-Name") || msg_field(m, "Mailing-List") ||
	       starts(m->precedence, "bulk") || starts(m->precedence, "list");
}

/* Headers that vacation programs put beside, or instead of, Auto-Submitted. */
static bool is_autoreply(const struct msg *m)
{
	static const char *const fields[] = { "X-Autoreply", "X-Autorespond", "X-Autoresponder",
					      "X-Auto-Reply", "X-Vacation" };
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const struct msg_field *f = msg_field(m, fields[i]);
		if (f && !starts(f->value, "no"))
			return true;
	}
	const struct msg_field *f = msg_field(m, "X-MS-Exchange-Inbox-Rules-Loop");
	return starts(m->precedence, "auto_reply") || starts(m->precedence, "auto-reply") ||
	       (f && vacation_subject(m->subject));
}

bool msg_is_bounce_letter(const struct msg *m)
{
	const char *from = m->from.n ? m->from.v[0].addr : "";
	if (msg_field(m, "X-Failed-Recipients") || local_is(from, "mailer-daemon"))
		return true;
	return is_daemon(from) && bounce_subject(m->subject);
}

static bool is_bounce(const struct msg *m, const char *envelope_from)
{
	if (is_report(m, "delivery-status") || msg_is_bounce_letter(m) || is_daemon(envelope_from))
		return true;
	return !envelope_from[0] && bounce_subject(m->subject);
}

enum auto_kind mail_auto_kind(const struct msg *m, const char *envelope_from)
{
	if (is_report(m, "disposition-notification"))
		return AUTO_RECEIPT;
	if (is_bounce(m, envelope_from))
		return AUTO_BOUNCE;
	enum auto_kind k = by_auto_submitted(m->auto_submitted);
	if (k == AUTO_REPLY || is_autoreply(m) || vacation_subject(m->subject))
		return AUTO_REPLY;
	if (is_list(m))
		return AUTO_LIST;
	if (k != AUTO_NO || starts(m->precedence, "junk"))
		return AUTO_GENERATED;
	/* the null sender: nobody to answer (RFC 5321 §4.5.5) */
	return envelope_from[0] ? AUTO_NO : AUTO_BOUNCE;
}
