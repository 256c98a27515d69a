/*
 * How a return letter looks from outside: who wrote it, its subject, its
 * Content-Type. Shared by the desk's question "did a person write this?"
 * (auto_kind.c) and the reader of returns (ret.c).
 */
#include "ret_impl.h"
#include "text/begins.h"
#include <string.h>
#include <strings.h>

bool ret_report_kind(const char *type_raw, const char *kind)
{
	return type_raw && text_begins(type_raw, "multipart/report") && strcasestr(type_raw, kind);
}

/* A person who writes about one: "…というメールについて". */
bool ret_is_about(const char *s)
{
	static const char *const words[] = { "について", "の件", "という", "とは", "でしょうか", "ですが", "になります" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(s, words[i]))
			return true;
	return false;
}

bool ret_bounce_subject(const char *s)
{
	static const char *const words[] = {
		"Undelivered Mail", "Undeliverable", "Undelivered:", "Undelivered message", "Non-deliverable", "Nondeliverable",
		"Delivery Status Notification", "Delivery Notification:", "Delivery report", "Delivery Notice",
		"failure notice", "failure delivery", "failed mail", "Failure:", "Mail delivery fail", "Mail failure", "Mail Delivery Warning", "Delivery Warning", "Mail Delivery Problem", "FAILED MAIL", "mail failed",
		"Message delivery fail", "Message delivery has failed", "Returned mail", "Return mail", "Returned email",
		"Returned e-mail", "Mail returned", "Delivery failure", "Delivery failed", "Delivery Problem", "Delivery error",
		"Delivery has failed", "Delivery delayed", "Delivery Delay", "Delayed Mail", "Warning: could not send",
		"Warning: message", "WARNING: could not send", "Mail System Error", "Mail could not be delivered",
		"Mail not delivered", "Message not delivered", "Message undeliverable", "Message status - undeliverable",
		"Message Delivery Failure", "Email not delivered", "Email delivery fail", "Unable to deliver", "Could not deliver",
		"Nondelivery", "Non-delivery", "NDN:", "NDR:", "Undeliverable message", "Undeliverable mail", "Error delivering mail",
		"Rejected mail", "Rejected:", "Mail rejected", "User unknown", "Unknown user", "Bounced mail", "Bounce message",
		"Unzustellbar", "Nicht zugestellt", "Nicht zustellbar", "Fehler bei der Zustellung", "Mail-Zustellung fehlgeschlagen",
		"Non remis", "Non distribu", "Échec de la remise", "Echec de la remise", "Message non distribu", "Courrier non remis",
		"No se puede entregar", "No entregado", "No se pudo entregar", "Correo no entregado", "Impossibile recapitare",
		"Не удалось доставить", "Недоставленное",
		"配信不能", "配信エラー", "配信失敗", "配信できません", "配信未完了", "配信の失敗", "配信遅延", "配送エラー", "配送不能",
		"メール配信エラー", "メール送信エラー", "メール配信失敗", "未配信", "未配達", "不達", "宛先不明",
		"エラーメール", "送信エラー", "送信失敗", "送信できません", "メールが送信できません", "メールエラー", "返送されたメール",
		"メールを配信できません", "メール不達", "配達不能", "メールをお届けできません",
	};
	while (*s == ' ' || *s == '*' || *s == '[')
		s++;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_begins(s, words[i]))
			return !ret_is_about(s);
	return text_begins(s, "【") ? ret_bounce_subject(s + strlen("【")) : false;
}

static const char *value_of(const struct msg_field *f, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(f[i].name, name) == 0)
			return f[i].value;
	return "";
}

/* Only a mail system calls itself so; a postmaster may be a person. */
bool ret_from_daemon(const struct msg_field *f, size_t n, const char *from)
{
	const char *name = value_of(f, n, "From");
	if (*value_of(f, n, "X-Failed-Recipients"))
		return true;
	if (*from && ret_is_daemon(from))
		return !text_begins(from, "post") || ret_bounce_subject(value_of(f, n, "Subject"));
	return strcasestr(name, "mailer-daemon") || strcasestr(name, "Mail Delivery S") ||
	       strcasestr(name, "Mail Delivery System");
}
