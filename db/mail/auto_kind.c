/*
 * Did a person write this? Headers decide (RFC 3834, 2369, 3464, 8098); the
 * subject counts only where it is a vacation reply's own subject as mailers
 * write it, never when it merely speaks of one. The body is not looked at.
 * Where it is doubtful the mail still opens a ticket (AUTO_GENERATED): a
 * consultation taken for a vacation answer would be lost.
 * See auto_kind.h.
 */
#include "auto_kind.h"
#include "ret_impl.h"
#include "text/begins.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *auto_kind_name(enum auto_kind k)
{
	static const char *const names[] = { "no", "reply", "generated", "list", "bounce", "receipt" };
	return (size_t)k < sizeof names / sizeof *names ? names[k] : "?";
}

static bool is_report(const struct msg *m, const char *kind)
{
	return ret_report_kind(m->root->type_raw, kind); /* of a cut-off report too, which has no parts left */
}

static bool is_postmaster(const char *addr)
{
	return text_begins(addr, "postmaster") && (addr[10] == '@' || !addr[10]);
}

/* How a subject uses a vacation word: "自動応答: …" is a machine's own prefix, a
 * word alone or in brackets may be one's or a person's who asks about it, and
 * "自動返信について" is a person. */
enum use { USE_NONE, USE_PREFIX, USE_WHOLE, USE_BRACKET };

static enum use use_of(const char *rest)
{
	static const char *const brackets[] = { "※", "】", "]", "）", ")", "」", "　" };
	while (*rest == ' ')
		rest++;
	if (!*rest)
		return USE_WHOLE;
	if (*rest == ':' || text_begins(rest, "："))
		return USE_PREFIX;
	if (text_begins(rest, "メール"))
		return use_of(rest + strlen("メール")) == USE_WHOLE ? USE_WHOLE : USE_NONE;
	for (size_t i = 0; i < sizeof brackets / sizeof *brackets; i++)
		if (text_begins(rest, brackets[i]))
			return rest[strlen(brackets[i])] ? USE_BRACKET : USE_WHOLE;
	return USE_NONE;
}

static const char *const machine_words[] = {
	"自動応答", "自動返信", "自動回答", "自動送信", "自動配信", "不在応答", "不在自動応答", "不在時自動応答",
	"Out of Office", "Out of the Office", "Automatic reply", "Auto-reply", "AutoReply", "Auto reply",
	"Auto response", "Autoresponse", "Automatische Antwort", "Abwesenheitsnotiz", "Réponse automatique",
	"Respuesta automática", "Risposta automatica", "自动答复", "自動回覆", "자동 회신", "Vacation reply",
	"Out of Office AutoReply", "Automatyczna odpowied", "Automatisch antwoord", "Autosvar", "Automatisk svar",
	"Automaattinen vastaus", "Автоматический ответ", "Автоответ", "Resposta automática", "自动回复", NULL
};
/* What people write about as well: "不在通知" is a classic of phishing. */
static const char *const weak_words[] = { "不在通知", "不在のお知らせ", "不在連絡", "休暇のお知らせ", "不在", "Auto", NULL };

static enum use subject_use(const char *s, const char *const *words)
{
	static const char *const open[] = { "※", "【", "[", "（", "(", "「", "<" };
	enum use u = USE_NONE;
	while (*s == ' ')
		s++;
	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		if (text_begins(s, open[i]))
			s += strlen(open[i]);
	for (; u == USE_NONE && *words; words++)
		if (text_begins(s, *words))
			u = use_of(s + strlen(*words));
	return u;
}

static bool ends_in(const char *s, size_t *n, const char *const *words)
{
	for (; *words; words++) {
		size_t k = strlen(*words);
		if (*n >= k && memcmp(s + *n - k, *words, k) == 0) {
			*n -= k;
			return true;
		}
	}
	return false;
}

/* "お問い合わせ受付のお知らせ（自動返信）": nobody writes so who asks about one. */
static bool is_marked(const char *s)
{
	static const char *const shut[] = { "）", ")", "】", "]", NULL };
	static const char *const words[] = { "自動返信", "自動応答", "自動送信", "自動配信", "自動返信メール", "自動送信メール", NULL };
	static const char *const open[] = { "（", "(", "【", "[", NULL };
	size_t n = strlen(s);
	while (n && s[n - 1] == ' ')
		n--;
	return ends_in(s, &n, shut) && ends_in(s, &n, words) && ends_in(s, &n, open);
}

/* It answers something. */
static bool answers(const struct msg *m, const char *envelope_from)
{
	return m->references[0] || !envelope_from[0];
}

/* Exchange puts these on absence replies, and on what its rules forward. */
static bool is_exchanges(const struct msg *m)
{
	return msg_field(m, "X-Auto-Response-Suppress") || msg_field(m, "X-MS-Exchange-Inbox-Rules-Loop");
}

/* Without other evidence a doubtful subject is a notification: it opens a
 * ticket that a person looks at, and no machine answers it. */
static enum auto_kind by_subject(const struct msg *m, const char *envelope_from)
{
	enum use strong = subject_use(m->subject, machine_words), weak = subject_use(m->subject, weak_words);
	if (!strong && is_marked(m->subject))
		strong = USE_BRACKET;
	bool plain = strong == USE_WHOLE || weak == USE_WHOLE || weak == USE_PREFIX;
	if (strong == USE_PREFIX || ((strong || weak) && answers(m, envelope_from)) || (plain && is_exchanges(m)))
		return AUTO_REPLY;
	if (strong)
		return AUTO_GENERATED;
	return weak == USE_WHOLE && strcasecmp(m->subject, "Auto") != 0 ? AUTO_GENERATED : AUTO_NO;
}

static enum auto_kind by_auto_submitted(const char *v)
{
	while (*v == ' ')
		v++;
	if (!*v || (text_begins(v, "no") && !strchr("abcdefghijklmnopqrstuvwxyz-", v[2] | 0x20)))
		return AUTO_NO;
	return text_begins(v, "auto-replied") ? AUTO_REPLY : AUTO_GENERATED;
}

static bool has_any(const struct msg *m, const char *const *fields)
{
	for (; *fields; fields++) {
		const struct msg_field *f = msg_field(m, *fields);
		if (f && !text_begins(f->value, "no"))
			return true;
	}
	return false;
}

static bool is_list(const struct msg *m)
{
	static const char *const fields[] = { "X-ML-Name", "X-MLServer", "X-ML-Count", "X-ML-Info", "Mailing-List",
					      "X-Mailing-List", "X-BeenThere", "X-Mailman-Version", NULL };
	for (size_t i = 0; i < m->nfields; i++)
		if (text_begins(m->fields[i].name, "List-"))
			return true;
	return has_any(m, fields) || text_begins(m->precedence, "bulk") || text_begins(m->precedence, "list");
}

/* Headers that vacation programs put beside, or instead of, Auto-Submitted. */
static bool is_autoreply(const struct msg *m)
{
	static const char *const fields[] = { "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Autoresponse",
					      "X-Auto-Reply", "X-Auto-Reply-From", "X-AutoReply-From",
					      "X-Mail-Autoreply", "X-Vacation", NULL };
	const struct msg_field *desk = msg_field(m, "X-SFDC-EmailCategory"); /* another help desk's acknowledgement */
	return has_any(m, fields) || (desk && text_begins(desk->value, "caseAutoResponse")) || text_begins(m->precedence, "auto_reply") || text_begins(m->precedence, "auto-reply");
}

/* The same of programs that write on their own. */
static bool is_generated(const struct msg *m)
{
	static const char *const fields[] = { "X-Auto-Generated", "X-Autogenerated", "X-FC-MachineGenerated",
					      "X-Cron-Env", "X-Facebook-Notify", "X-LinkedIn-Class", NULL };
	const struct msg_field *campaign = msg_field(m, "Feedback-ID"); /* Zoho puts one into what people write, too */
	/* RFC 7489 §7.2.1.1 */
	return is_report(m, "report-type") || has_any(m, fields) || text_begins(m->subject, "Report Domain:") || (campaign && !strcasestr(campaign->value, "zohomail")) || text_begins(m->precedence, "junk");
}

static bool is_bounce(const struct msg *m, const char *envelope_from)
{
	const char *from = m->from.n ? m->from.v[0].addr : "";
	bool daemon = ret_is_daemon(envelope_from);
	if (is_report(m, "delivery-status") || ret_from_daemon(m->fields, m->nfields, from))
		return true;
	if (daemon && !is_postmaster(envelope_from))
		return true;
	return (!envelope_from[0] || daemon) && ret_bounce_subject(m->subject);
}

enum auto_kind mail_auto_kind(const struct msg *m, const char *envelope_from)
{
	if (is_report(m, "disposition-notification"))
		return AUTO_RECEIPT;
	if (is_bounce(m, envelope_from))
		return AUTO_BOUNCE;
	enum auto_kind k = by_auto_submitted(m->auto_submitted), subject = by_subject(m, envelope_from);
	if (k == AUTO_REPLY || is_autoreply(m) || subject == AUTO_REPLY)
		return AUTO_REPLY;
	if (is_list(m))
		return AUTO_LIST;
	/* a postmaster may be a person, but none that a machine should answer */
	if (k != AUTO_NO || subject != AUTO_NO || is_generated(m) || is_postmaster(envelope_from))
		return AUTO_GENERATED;
	/* the null sender: nobody to answer (RFC 5321 §4.5.5) */
	return envelope_from[0] ? AUTO_NO : AUTO_BOUNCE;
}

bool mail_is_machine_address(const char *addr)
{
	static const char *const begin[] = { "noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply",
					     "do_not_reply", "mailer-daemon", "mail-daemon", "owner-", "bounce", "bounces", "listserv",
					     "majordomo", "mailman", "cron", "nobody", "devnull", "auto-reply", "auto_reply", "autoreply",
					     "dont-reply", "dont_reply", "send-only", "sendonly", "www-data", "apache", "wordpress",
					     "zabbix", "nagios" };
	static const char *const end[] = { "-noreply", "-no-reply", "_noreply", ".noreply", "-request", "-owner", "-bounces",
					   "-relay", "-confirm" };
	const char *at = strrchr(addr, '@');
	size_t n = at ? (size_t)(at - addr) : strlen(addr);
	for (size_t i = 0; i < sizeof begin / sizeof *begin; i++) {
		size_t k = strlen(begin[i]);
		if (text_begins(addr, begin[i]) && (begin[i][k - 1] == '-' || k >= n || !isalpha((unsigned char)addr[k])))
			return true;
	}
	for (size_t i = 0; i < sizeof end / sizeof *end; i++)
		if (n > strlen(end[i]) && strncasecmp(addr + n - strlen(end[i]), end[i], strlen(end[i])) == 0)
			return true;
	return false;
}
