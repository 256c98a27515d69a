/* That the store can't be written, told without it. See bulk_alarm.h. */
#include "bulk_alarm.h"
#include "smtp_client.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "mail/msg_build.h"
#include "text/tmpl.h"
#include <stdlib.h>

enum { AFTER = 300, OVER = 60, TRY_AGAIN = 60, TELL_AGAIN = 3 * 3600, SMTP_TIMEOUT_MS = 20000 };

void bulk_alarm_off(struct bulk_alarm *al, epoch now)
{
	if (al->since && now - al->last >= OVER)
		al->since = al->tried = al->told = 0;
}

void bulk_alarm_whom(struct bulk_alarm *al, const char *rcpts)
{
	free(al->rcpts);
	al->rcpts = xstrdup(rcpts);
}

void bulk_alarm_free(struct bulk_alarm *al)
{
	free(al->rcpts);
	al->rcpts = NULL;
}

static enum status build(const struct bulk_alarm *al, const struct build_ctx *c, const char *why, epoch now, struct arena *a,
                         struct sb *mail, struct err *e)
{
	struct sb subject = SB_INIT, body = SB_INIT;
	char at[48];
	const struct tmpl_var v[] = {
		{ "what", why }, { "at", clk_ja(al->since, at) }, { "desk_name", c->cfg->desk_name }, { "domain", c->cfg->domain },
		{ NULL, NULL },
	};
	struct build m = {
		.from_name = c->cfg->desk_name, .from_addr = token_desk_address(&c->token, a), .date = now,
		.message_id = arena_printf(a, "alarm.%lld@%s", (long long)now, c->cfg->domain), .auto_submitted = "auto-generated",
	};
	enum status st = tmpl_render_file(c->cfg->templates, "store-trouble", v, &subject, &body, e);
	if (st == OK) {
		m.to = build_addrs(a, al->rcpts, &m.nto);
		m.subject = subject.s;
		m.text = body.s;
		msg_build(&m, mail);
	}
	sb_free(&subject);
	sb_free(&body);
	return st;
}

static enum status tell(const struct bulk_alarm *al, const struct build_ctx *c, const char *why, epoch now, struct err *e)
{
	struct arena *a = arena_new();
	struct sb mail = SB_INIT;
	struct smtp *smtp = smtp_new(c->cfg->smtp_inject, c->cfg->hostname, SMTP_TIMEOUT_MS);
	struct smtp_result r;
	enum status st = build(al, c, why, now, a, &mail, e);
	if (st == OK)
		st = smtp_send(smtp, "", al->rcpts, mail.s, mail.len, &r, e);
	smtp_free(&smtp);
	sb_free(&mail);
	arena_free(&a);
	return st;
}

void bulk_alarm_on(struct bulk_alarm *al, const struct build_ctx *c, const char *why, epoch now)
{
	struct err e;
	if (!al->since)
		al->since = now;
	al->last = now;
	if (now - al->since < AFTER || now - al->tried < TRY_AGAIN || now - al->told < TELL_AGAIN)
		return;
	al->tried = now;
	if (!al->rcpts || !*al->rcpts) {
		log_error("alarm", "why=%s error=\"nobody to tell\"", log_quote(why));
		return;
	}
	enum status st = tell(al, c, why, now, &e);
	if (st == OK)
		al->told = now;
	log_error("alarm", "since=%lld why=%s told=%d%s%s", (long long)al->since, log_quote(why), st == OK, st == OK ? "" : " error=",
	          st == OK ? "" : log_quote(e.msg));
}
