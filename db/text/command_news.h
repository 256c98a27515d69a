#ifndef TEXT_COMMAND_NEWS_H
#define TEXT_COMMAND_NEWS_H
/*
 * The editors' words about an issue of the newsletter (MAG-04), one a line at
 * the beginning of a mail: 承認, 日時 11/25 15:00, テスト a@x b@y, …
 * Pure. Leading empty lines are skipped; the commands end at the first empty
 * line, quote or line that is none. SECURITY: bounded; the text comes from a mail.
 */
#include "text/command.h"

enum news_verb {
	NEWS_APPROVE, NEWS_REDRAFT, NEWS_TIME, NEWS_CANCEL, NEWS_TEST, NEWS_PAUSE, NEWS_RESUME, NEWS_STATUS, NEWS_HISTORY,
	NEWS_FREE /* domains that were stopped */, NEWS_HELP, NEWS_VERBS /* no such verb */
};

struct news_command {
	enum news_verb verb;
	bool bad;              /* what stands behind it is missing or wrong */
	const char *source;    /* the line */
	const char *words[50]; /* addresses, domains */
	size_t nwords;
	epoch at;
};
enum { NEWS_COMMANDS_MAX = 10 };

/* How many lines are commands; the first one that is none, with verb NEWS_VERBS, only if it is the first of all. Strings in `a`. */
size_t news_commands(const char *utf8, size_t n, epoch now, struct arena *a, struct news_command v[NEWS_COMMANDS_MAX]);
/* A reader's first line says that he wants no more. */
bool news_is_unsubscribe(const char *utf8, size_t n, struct arena *a);
/* One of the first lines, which are no quotes, asks or denies: a subject that says 配信停止 is not to be taken at its word. */
bool news_is_in_doubt(const char *utf8, size_t n, struct arena *a);

#endif
