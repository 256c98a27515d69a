/* Mails pasted into a text. See forward.h. */
#include "forward.h"
#include "hdr.h"
#include "text/begins.h"
#include <string.h>
#include <strings.h>

enum { HEAD_LINES = 8, BLANK_LINES = 3, WRAPPED_LINES = 5, FIELDS_MAX = 120, RAW_MAX = 1 << 20, FORWARDS_MAX = 12 };

static const char *skip(const char *p, const char *set)
{
	return p + strspn(p, set);
}

static const char *next_line(const char *p)
{
	p += strcspn(p, "\n");
	return p + (*p == '\n');
}

/* Behind the marks of a quote, of a table's cell, of bold text. */
static const char *bare(const char *p)
{
	for (;;) {
		const char *q = skip(p, "> |*\t");
		if (strncmp(q, "＞", 3) == 0 || strncmp(q, "　", 3) == 0)
			q += 3;
		if (q == p)
			return p;
		p = q;
	}
}

/* ---- dividers -------------------------------------------------------------------- */

/* The word is all there is on the line, perhaps with a colon. */
static bool alone(const char *rest)
{
	rest = skip(rest, " -:_\t\r");
	if (strncmp(rest, "：", 3) == 0)
		rest += 3;
	rest = skip(rest, " \t\r");
	return *rest == '\n' || *rest == '\0';
}

/* Behind the rule that such a line begins with. */
static const char *unruled(const char *line, bool *ruled_r)
{
	const char *from = bare(line), *p = skip(from, "- _=\t");
	*ruled_r = p - from >= 3;
	return p;
}

bool fwd_is_divider(const char *line)
{
	static const char *const words[] = {
		"Original Message", "Forwarded message", "Forward Header", "元のメッセージ", "オリジナルメッセージ", "転送メッセージ",
		"転送されたメッセージ", "転送メール", "Begin forwarded message", "以下は転送されたメッセージです",
		"Ursprüngliche Nachricht", "Weitergeleitete Nachricht", "Message d'origine", "Message d’origine", "Message transféré",
		"Mensaje original", "Mensaje reenviado", "Messaggio originale", "Messaggio inoltrato", "Mensagem original",
		"Mensagem encaminhada", "原始邮件", "转发的邮件", "转发邮件信息", "原始郵件", "轉寄郵件", "轉寄的郵件",
		"원본 메일", "원본 메시지", "전달된 메시지", "Исходное сообщение", "Пересылаемое сообщение", NULL
	};
	bool ruled;
	const char *p = unruled(line, &ruled);
	if (text_begins(p, "Forwarded by ") || text_begins(p, "Begin forwarded message"))
		return p == bare(line) || ruled;
	for (const char *const *w = words; *w; w++)
		if (text_begins(p, *w) && (ruled || (p == bare(line) && alone(p + strlen(*w)))))
			return true;
	return false;
}

static bool is_answered(const char *line)
{
	static const char *const words[] = {
		"Original Message", "元のメッセージ", "オリジナルメッセージ", "Ursprüngliche", "Message d", "Mensaje original",
		"Messaggio originale", "Mensagem original", "原始邮件", "原始郵件", "원본", "Исходное", NULL
	};
	bool ruled;
	const char *p = unruled(line, &ruled);
	for (const char *const *w = words; *w; w++)
		if (text_begins(p, *w))
			return true;
	return false;
}

static bool is_rule(const char *line)
{
	const char *p = skip(bare(line), "-_= \t\r");
	return *p == '\n' || *p == '\0';
}

/* ---- header lines -------------------------------------------------------------------- */

static const struct label {
	const char *word, *field;
} labels[] = {
	{ "From", "From" }, { "差出人", "From" }, { "送信者", "From" }, { "送信元", "From" }, { "発信者", "From" },
	{ "Sent", "Date" }, { "Date", "Date" }, { "送信日時", "Date" }, { "送信日", "Date" }, { "日時", "Date" },
	{ "日付", "Date" }, { "受信日時", "Date" },
	{ "To", "To" }, { "宛先", "To" }, { "送信先", "To" }, { "Cc", "Cc" },
	{ "Subject", "Subject" }, { "件名", "Subject" }, { "題名", "Subject" }, { "タイトル", "Subject" },
	{ "Reply-To", "Reply-To" }, { "返信先", "Reply-To" }, { "Importance", "Importance" }, { "重要度", "Importance" },
	{ "Attachments", "X-Attachments" }, { "添付ファイル", "X-Attachments" },
	/* customers' partners abroad: German, French, Spanish, Portuguese, Italian */
	{ "Von", "From" }, { "De", "From" }, { "Da", "From" },
	{ "Gesendet", "Date" }, { "Datum", "Date" }, { "Envoyé", "Date" }, { "Enviado el", "Date" }, { "Enviado", "Date" },
	{ "Enviada em", "Date" }, { "Fecha", "Date" }, { "Inviato", "Date" }, { "Data", "Date" },
	{ "An", "To" }, { "À", "To" }, { "A", "To" }, { "Para", "To" },
	{ "Betreff", "Subject" }, { "Objet", "Subject" }, { "Asunto", "Subject" }, { "Assunto", "Subject" }, { "Oggetto", "Subject" },
	/* Chinese, Korean, Russian */
	{ "发件人", "From" }, { "寄件者", "From" }, { "寄件人", "From" }, { "보낸 사람", "From" }, { "보낸사람", "From" }, { "От", "From" },
	{ "发送时间", "Date" }, { "日期", "Date" }, { "寄件日期", "Date" }, { "보낸 날짜", "Date" }, { "날짜", "Date" },
	{ "Отправлено", "Date" }, { "Дата", "Date" },
	{ "收件人", "To" }, { "收件者", "To" }, { "받는 사람", "To" }, { "받는사람", "To" }, { "Кому", "To" },
	{ "抄送", "Cc" }, { "副本", "Cc" }, { "참조", "Cc" }, { "Копия", "Cc" },
	{ "主题", "Subject" }, { "主題", "Subject" }, { "主旨", "Subject" }, { "제목", "Subject" }, { "Тема", "Subject" },
	{ NULL, NULL }
};

/* Behind the mark of an item, which groupware puts in front of its labels. */
static const char *unmarked(const char *p)
{
	static const char *const marks[] = { "■", "◆", "●", "▼", "□", "◇", "○", "・", "[", "【", NULL };
	for (const char *const *m = marks; *m; m++)
		if (text_begins(p, *m))
			return skip(p + strlen(*m), " \t");
	return p;
}

/* How a label ends: a colon, or the bracket that it stands in. */
static size_t label_end(const char *q)
{
	static const char *const ends[] = { ":", "：", "]", "】", NULL };
	for (const char *const *e = ends; *e; e++)
		if (text_begins(q, *e))
			return strlen(*e) + (q[strlen(*e)] == ':' && **e != ':');
	return 0;
}

/* "件名: …", "*From:* …", " | Subject: | …", "■件名：…", "[件名] …": the field, and
 * where its value begins. */
static const char *label(const char *line, const char **value_r)
{
	const char *p = unmarked(bare(line));
	for (const struct label *l = labels; l->word; l++) {
		if (!text_begins(p, l->word))
			continue;
		const char *q = skip(p + strlen(l->word), " *\t");
		if (strncmp(q, "　", 3) == 0)
			q += 3;
		size_t colon = label_end(q);
		if (!colon || (p == bare(line) && (*q == ']' || text_begins(q, "】"))))
			continue;
		*value_r = bare(q + colon);
		if (**value_r == '\0')
			*value_r = q + colon;
		return l->field;
	}
	return NULL;
}

bool fwd_is_head(const char *line)
{
	const char *value, *f;
	bool from = false, date = false, subject = false;
	if (!label(line, &value))
		return false;
	for (int i = 0; i < HEAD_LINES && *line; i++, line = next_line(line)) {
		f = label(line, &value);
		from |= f && strcmp(f, "From") == 0;
		date |= f && strcmp(f, "Date") == 0;
		subject |= f && strcmp(f, "Subject") == 0;
		if (!f && (bare(line)[0] == '\n' || !bare(line)[0]))
			break;
	}
	return from && (date || subject);
}

/* A field with an English name, as a pasted full header has: "Received: from …". */
static bool full_field(const char *line)
{
	const char *p = bare(line);
	struct line l = { p, strcspn(p, "\n"), p };
	return hdr_is_known(&l) || (l.n > 2 && strncasecmp(p, "X-", 2) == 0 && hdr_looks_like(&l)) ||
	       text_begins(p, "Authentication-Results:") || text_begins(p, "Received-SPF:") || text_begins(p, "DKIM-Signature:") ||
	       text_begins(p, "ARC-");
}

/* The whole header of a mail, from its trace lines on. */
static bool is_full_head(const char *line)
{
	static const char *const first[] = { "Received:", "Return-Path:", "Delivered-To:", "X-Apparently-To:",
		                             "Authentication-Results:", "ARC-Seal:", NULL };
	bool trace = false;
	for (const char *const *f = first; *f && !trace; f++)
		trace = text_begins(bare(line), *f);
	for (int i = 0; trace && i < 60 && *line; i++, line = next_line(line))
		if (text_begins(bare(line), "From:"))
			return true;
	return false;
}

/* ---- rebuilding ----------------------------------------------------------------------- */

/* "Name [mailto:a@b]" as Outlook writes it in text. */
static void put_value(const char *p, size_t n, struct sb *out)
{
	const char *m = memmem(p, n, "[mailto:", 8), *end = m ? memchr(m, ']', n - (size_t)(m - p)) : NULL;
	while (n && (p[n - 1] == ' ' || p[n - 1] == '*' || p[n - 1] == '\r'))
		n--;
	if (!end || end >= p + n) {
		sb_add(out, p, n);
		return;
	}
	sb_add(out, p, (size_t)(m - p));
	sb_addf(out, "<%.*s>", (int)(end - m - 8), m + 8);
}

/* One line into the header; false: it is none. */
static bool put_field(const char *line, bool first, struct sb *out)
{
	const char *value, *name = label(line, &value), *p = bare(line);
	size_t n = strcspn(line, "\n");
	if (name) {
		sb_addf(out, "%s%s: ", first ? "" : "\n", name);
		put_value(value, value < line + n ? (size_t)(line + n - value) : 0, out);
	} else if (full_field(line)) {
		sb_addf(out, "%s%.*s", first ? "" : "\n", (int)strcspn(p, "\n"), p);
	} else if (!first && !is_rule(line) && (*line == ' ' || *line == '\t' || (*line == '>' && line[1] && (line[1] == '\t' || line[2] == ' ' || line[2] == '\t')))) {
		sb_addf(out, "\n %.*s", (int)strcspn(p, "\n"), p); /* folded */
	} else {
		return false;
	}
	return true;
}

static bool blank(const char *line)
{
	return !*bare(line) || *bare(line) == '\n' || *bare(line) == '\r';
}

/* A long list of recipients, wrapped where it became too long: more of the
 * header comes behind it. */
static bool is_wrapped(const char *p)
{
	const char *value;
	for (int i = 0; i < WRAPPED_LINES && *p && !blank(p) && !is_rule(p); i++, p = next_line(p))
		if (i && label(p, &value))
			return true;
	return false;
}

static bool put_line(const char *p, bool first, struct sb *out)
{
	if (put_field(p, first, out))
		return true;
	if (first || !is_wrapped(p))
		return false;
	sb_addf(out, "\n %.*s", (int)strcspn(bare(p), "\r\n"), bare(p));
	return true;
}

static const char *put_head(const char *p, struct sb *out)
{
	for (int i = 0; i < BLANK_LINES && *p && (is_rule(p) || fwd_is_divider(p)); i++)
		p = next_line(p);
	const char *from = p;
	for (int i = 0; i < FIELDS_MAX && *p && !blank(p) && put_line(p, p == from, out); i++)
		p = next_line(p);
	return p;
}

/* The mail's own field, as text: has it this address, plus-addresses among it? */
static bool field_has(const struct sb *raw, const char *name, const char *addr)
{
	struct hdr_field f;
	const char *at = strchr(addr, '@');
	return at && hdr_find(raw->s, raw->len, false, name, &f) &&
	       memmem(f.val, f.val_len, addr, (size_t)(at - addr)) && memmem(f.val, f.val_len, at, strlen(at));
}

/* What a reply to us quotes: our answer, or the sender's own mail to us. */
static bool is_ours(const struct forward *f, const struct fwd_parties *c)
{
	if (f->forwarded)
		return false;
	return field_has(&f->raw, "From", c->desk) ||
	       (field_has(&f->raw, "From", c->sender) && field_has(&f->raw, "To", c->desk));
}

bool fwd_first(const char *text, size_t n, const struct fwd_parties *c, struct forward *f)
{
	size_t pos = 0;
	for (int i = 0; i < FORWARDS_MAX && fwd_next(text, n, &pos, f); i++) {
		if (!is_ours(f, c))
			return true;
		sb_free(&f->raw);
	}
	return false;
}

bool fwd_next(const char *text, size_t n, size_t *pos, struct forward *f)
{
	const char *end = text + n;
	for (const char *p = text + *pos; p < end; p = next_line(p)) {
		bool divider = fwd_is_divider(p);
		if (!divider && !fwd_is_head(p) && !is_full_head(p))
			continue;
		*f = (struct forward){ .begin = (size_t)(p - text), .forwarded = divider && !is_answered(p), .raw = SB_INIT };
		const char *body = put_head(divider ? next_line(p) : p, &f->raw);
		if (!f->raw.len && !f->forwarded) {
			sb_free(&f->raw);
			continue;
		}
		sb_adds(&f->raw, f->raw.len ? "\n" : "");
		sb_adds(&f->raw, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
		                 "Content-Transfer-Encoding: 8bit\n\n");
		size_t left = (size_t)(end - body);
		sb_add(&f->raw, body, left < RAW_MAX ? left : RAW_MAX);
		f->body = (size_t)(body - text);
		*pos = f->body > *pos ? f->body : (size_t)(next_line(p) - text);
		return true;
	}
	*pos = n;
	return false;
}
