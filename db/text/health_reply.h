#ifndef TEXT_HEALTH_REPLY_H
#define TEXT_HEALTH_REPLY_H
/*
 * The words of a monthly health check, and staff's mails about them (HEALTH-06).
 *
 * A draft shows each text below a line of its own:
 *
 *   【1】OS脆弱性情報・Windowsアップデート：× 要対応
 *   対象端末20台のうち1台で、…
 *
 * Staff change a text by changing it in their answer, quoted or not, and the
 * sign in its line. Orders stand on the first lines:
 *
 *   承認                       this one
 *   承認 N000123 N000124       these of the month
 *   保留 N000125 端末を確認中   with a reason
 *   作り直し                   from today's tables and data
 *   再開 / 状況
 *
 * Pure. SECURITY: the text comes from a mail; everything is bounded.
 */
#include "base/arena.h"
#include "base/strbuf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is judged, and the things to do, which have no sign. */
enum health_item { HEALTH_OS, HEALTH_SOFTWARE, HEALTH_MEDIA, HEALTH_WEB, HEALTH_HOURS, HEALTH_ITEMS, HEALTH_DO = HEALTH_ITEMS, HEALTH_TEXTS };
/* － ◎ ○ △ × */
enum health_mark { HEALTH_NONE, HEALTH_GOOD, HEALTH_FAIR, HEALTH_WARN, HEALTH_BAD, HEALTH_MARKS };
enum { HEALTH_TEXT_MAX = 1500 /* bytes of one */, HEALTH_NUMBERS_MAX = 60 /* contracts in a mail */, HEALTH_ORDERS_MAX = 20 };

struct health_words {
	enum health_mark mark[HEALTH_ITEMS];
	const char *text[HEALTH_TEXTS]; /* paragraphs, one a line */
};
const char *health_title(enum health_item i); /* "OS脆弱性情報・Windowsアップデート" … "今月の対応" */
const char *health_sign(enum health_mark m);  /* "△ 注意" */

/* The block of all texts, wrapped for a mail. version: of the words; an answer quotes it. */
void health_words_show(const struct health_words *w, int64_t version, struct sb *out);

enum health_order_kind { HEALTH_APPROVE, HEALTH_HOLD, HEALTH_RESUME, HEALTH_AGAIN, HEALTH_STATUS };
struct health_order {
	enum health_order_kind kind;
	const char *const *numbers; /* N-numbers; none: the one the mail is about */
	size_t n;
	const char *reason;         /* HOLD; "" = none */
	const char *line;
};
struct health_reply {
	struct health_order order[HEALTH_ORDERS_MAX];
	size_t norders;
	struct health_words words;  /* as they are to be now */
	bool changed;
	int64_t version;            /* that the mail quotes; 0 = none */
	const char *fault;          /* Japanese: what can't be read; nothing is to be done. Or NULL */
};
/* old: the words as they are; NULL: the mail is about none. Strings in `a`. */
void health_reply_read(const char *utf8, size_t n, const struct health_words *old, struct arena *a, struct health_reply *r);

#endif
