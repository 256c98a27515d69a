/*
 * What comes back and is no bounce: vacation answers, receipts, people who want
 * off the list.
 * SECURITY: hostile mail; bounded.
 */
#include "msg_impl.h"
#include "ret_impl.h"
#include <string.h>
#include <strings.h>

enum { LOOK = 8192, SHORT_NOTE = 400 };

static bool begins_with(const struct line *l, const char *const *names)
{
	const char *p = l->p, *end = l->p + l->n;
	while (p < end && strchr(" \t*", *p))
		p++;
	for (; *names; names++) {
		size_t n = strlen(*names);
		if ((size_t)(end - p) >= n && strncasecmp(p, *names, n) == 0)
			return true;
	}
	return false;
}

/* Outlook quotes without marks: "差出人: …" and "送信日時: …", and below them
 * our own footer with its 配信停止. */
static bool begins_quote(const struct line *l, const char *end)
{
	static const char *const from[] = { "from:", "from：", "差出人:", "差出人：", "送信者:", "送信者：", "送信元:", "von:", NULL };
	static const char *const next[] = { "sent:", "date:", "to:", "送信日時:", "送信日時：", "日時:", "日時：", "日付:", "日付：",
		                            "宛先:", "宛先：", "gesendet:", NULL };
	struct line below;
	return begins_with(l, from) && hdr_line(l->next, end, false, &below) && begins_with(&below, next);
}

/* The person's own words: no quotes, nothing behind a mark. */
static void own_words(const struct ret_job *j, struct sb *out)
{
	struct line l;
	struct sb b = SB_INIT;
	const char *end = j->text.s + j->text_end;
	for (const char *p = j->text.s; hdr_line(p, end, false, &l) && !begins_quote(&l, end); p = l.next)
		if (!l.n || *l.p != '>')
			sb_add(&b, l.p, (size_t)(l.next - l.p));
	patset_fold(b.s, b.len < LOOK ? b.len : LOOK, out);
	sb_free(&b);
}

/* Who writes of a mail that pretends to be one, or that does not stop, asks for
 * help; he does not want off our list. Nor who wants it back, or somebody else
 * to be gone. */
static bool asks_about_it(const struct sb *folded)
{
	static const char *const words[] = { "装っ", "装う", "迷惑メール", "詐欺", "フィッシング", "不審", "怪しい", "偽の", "できない", "できません",
					     "届き続け", "踏んで", "クリックして", "phishing", "scam", "suspicious",
					     "停止しな", "停止はしな", "停止にしな", "停止してい", "停止され", "中止しな", "中止され", "解除しな",
					     "解除はしな", "解除され", "削除しな", "削除され", "退会しな", "退会され", "脱会され", "退会したそう",
					     "停止になって", "停止となって", "解除になって", "解除となって", "止めない", "やめない", "外さない", "消さない",
					     "再開", "続けて", "継続", "は退会し", "が退会し", "分かりません", "わかりません", "教えて",
					     "重複", "2通", "二通", "two copies", "twice", "duplicate",
					     "not unsubscribe", "n't unsubscribe", "never unsubscribe", "did unsubscribe", "was unsubscribed",
					     "been unsubscribed", "not remove", "n't remove", "resubscribe", "subscribe me again", "another list",
					     "other list" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (memmem(folded->s, folded->len, words[i], strlen(words[i])))
			return true;
	return false;
}

/* In a long mail "unsubscribe" is anybody's footer; a machine's words count
 * only where a machine wrote. */
static const struct ret_pattern *by_body(const struct ret_job *j, bool machine)
{
	struct sb b = SB_INIT, about = SB_INIT;
	own_words(j, &b);
	patset_fold(j->subject, strlen(j->subject), &about);
	const struct ret_pattern *p = ret_by_words(j->t, RETW_BODY, &b, NULL);
	bool counts = p && (p->reason->class != RET_UNSUBSCRIBE ? machine
	                    : !machine && b.len <= SHORT_NOTE && !asks_about_it(&b) && !asks_about_it(&about));
	sb_free(&b);
	sb_free(&about);
	return counts ? p : NULL;
}

static const struct ret_pattern *by_subject(const struct ret_job *j)
{
	struct sb b = SB_INIT, below = SB_INIT;
	patset_fold(j->subject, strlen(j->subject), &b);
	const struct ret_pattern *p = ret_by_words(j->t, RETW_SUBJECT, &b, NULL);
	if (p && p->reason->class == RET_UNSUBSCRIBE)
		own_words(j, &below);
	if (p && (p->reason->class == RET_UNSUBSCRIBE ? asks_about_it(&b) || asks_about_it(&below) : ret_is_about(j->subject)))
		p = NULL;
	sb_free(&b);
	sb_free(&below);
	return p;
}

static const char *who_answers(struct ret_job *j, const struct msg_part *receipt)
{
	struct ret_blocks b = { 0 };
	struct sb bytes = SB_INIT;
	if (receipt)
		ret_part_lines(receipt, RET_TEXT_MAX, &bytes);
	if (bytes.len)
		ret_dsn_read(j->a, bytes.s, bytes.len, &b);
	sb_free(&bytes);
	if (b.n && *b.v[0].recipient)
		return b.v[0].recipient;
	return j->m->from.n ? j->m->from.v[0].addr : "";
}

/* The null sender and a bulk mail that is of no list: a machine that thanks for
 * the mail. */
static bool answers_in_bulk(const struct ret_job *j)
{
	if (!j->sender || *j->sender || strncasecmp(j->m->precedence, "bulk", 4) != 0)
		return false;
	for (size_t i = 0; i < j->nfields; i++)
		if (strncasecmp(j->fields[i].name, "List-", 5) == 0)
			return false;
	return true;
}

/* Of generated mails those that answer one: shops and carriers write on their own. */
static bool answers(const struct ret_job *j)
{
	return ret_null_sender(j) || j->m->references[0] || *j->m->in_reply_to || !ret_field(j, "Auto-Submitted") ||
	       ret_field(j, "X-Auto-Response-Suppress");
}

bool ret_other_read(struct ret_job *j)
{
	const struct msg_part *receipt = ret_find_report(j->m->root, "disposition-notification");
	enum auto_kind k = ret_auto_kind(j);
	const struct ret_pattern *p = receipt ? NULL : by_subject(j);
	if (!p && !receipt)
		p = by_body(j, k != AUTO_NO && k != AUTO_LIST && (k != AUTO_GENERATED || answers(j)));
	const struct ret_reason *r = p ? p->reason : NULL;
	if (receipt || k == AUTO_RECEIPT)
		r = j->t->builtin[RETR_RECEIPT];
	else if (!r && (k == AUTO_REPLY || answers_in_bulk(j)))
		r = j->t->builtin[RETR_VACATION];
	if (!r)
		return false;
	ret_orig_read(j);
	ret_put(j, who_answers(j, receipt), r, p ? p->sentence : "");
	return true;
}
