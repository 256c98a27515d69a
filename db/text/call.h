#ifndef TEXT_CALL_H
#define TEXT_CALL_H
/*
 * The log of a telephone call, as staff write it in a mail (DESK-13): lines
 * 「項目：値」 in any order (text/form.h). All but 内容 may be left out; without
 * that item, lines that are none are 内容. Pure.
 */
#include "text/command.h"
#include "base/strbuf.h"

enum { CALL_MINUTES = 30 /* what one call should not exceed (§3.4.1 (3)) */ };

struct call_form {
	const char *company, *number, *person, *phone, *mail, *content, *assignee; /* "" = left out */
	const char *started, *ended, *callback;  /* as written */
	epoch started_at, ended_at;    /* 0 = not said */
	bool promised;                 /* a call-back */
	struct command_when when;      /* of it; WHEN_NONE: no time was said */
	size_t filled;                 /* items with a value */
};

/* Strings in `a`. Faults go to `faults`, Japanese, one a line; false if there are any. */
bool call_form_read(const char *utf8, size_t n, epoch now, struct arena *a, struct call_form *r, struct sb *faults);
/* The form with what is filled in; NULL: empty. */
void call_form_print(const struct call_form *f, struct sb *out);

#endif
