#ifndef TEXT_SEARCH_QUERY_H
#define TEXT_SEARCH_QUERY_H
/*
 * What a person types to search (DESK-06):
 *
 *	請求書 ウイルス       both words
 *	"添付ファイル"        exactly so; 「…」 and “…” too
 *	-迷惑メール           without
 *	差出人:山田           from:      name or address of the sender
 *	番号:12  #12          ticket:    in that ticket
 *	状態:未対応           state:     未対応 対応済 完了 / open answered closed
 *	担当:suzuki           assignee:  login or name; なし / none
 *	以降:2026-11-01       after:     from that day on
 *	以前:2026-11-30       before:    up to that day, inclusive
 *	期間:2026-11          period:    a month, a day, or DAY..DAY
 *
 * Width, case and kana spelling don't matter. A Latin word also finds longer
 * ones that begin with it.
 * SECURITY: any bytes; bounded. The result holds no syntax of any database.
 */
#include "base/arena.h"
#include "base/clk.h"
#include "base/err.h"
#include <stdbool.h>

enum { QUERY_BYTES = 600, QUERY_TERMS = 12 };

struct search_term {
	const char *text; /* folded; has something to search in it */
	bool exact;       /* a phrase: no longer words */
	bool without;
	bool from;        /* in the sender only */
};

struct search_query {
	struct search_term *v;
	size_t n;
	int64_t ticket;       /* 0 = any */
	int state;            /* enum ticket_state; -1 = any */
	const char *assignee; /* folded; NULL = any, "" = nobody */
	epoch after, before;  /* at >= after, at < before; 0 = open */
};

/* ERR_PERM, ERR_LIMIT: the text is for the one who asked, in Japanese. */
enum status search_query_parse(const char *utf8, struct arena *a, struct search_query *q_r, struct err *e) must_check;

#endif
