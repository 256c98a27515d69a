/* The enrolment: who this terminal is to the server (ingest/PROTOCOL.md). */
#include "agent.h"
#include "b64.h"
#include "text/json_put.h"
#include "base/xalloc.h"
#include <stdlib.h>
#include <string.h>

static void put_hw(struct json_put *o, const struct hw *h)
{
	json_put_key(o, "hw");
	json_put_open(o, '{');
	json_put_text_at(o, "smbios_uuid", h->smbios_uuid);
	json_put_text_at(o, "board_serial", h->board_serial);
	json_put_text_at(o, "machine_guid", h->machine_guid);
	json_put_key(o, "macs");
	json_put_open(o, '[');
	for (size_t i = 0; i < h->nmacs; i++)
		json_put_text(o, h->macs[i]);
	json_put_close(o, ']');
	json_put_close(o, '}');
}

void agent_enrol_body(const struct state *st, const struct hw *h, struct sb *out)
{
	struct json_put o = { out, false };
	struct sb pub = SB_INIT;
	uint8_t p[HC1_PUB];
	plat_x25519_public(st->own, p);
	b64_of(p, sizeof p, &pub);
	json_put_open(&o, '{');
	json_put_int_at(&o, "v", 1);
	json_put_text_at(&o, "code", st->code);
	json_put_text_at(&o, "token", st->token);
	json_put_text_at(&o, "pub", pub.s);
	json_put_text_at(&o, "host", h->host);
	json_put_text_at(&o, "os", plat_os);
	json_put_text_at(&o, "agent", AGENT_VERSION);
	put_hw(&o, h);
	json_put_close(&o, '}');
	sb_free(&pub);
}

static enum status enrolled(struct state *st, const struct sb *body, const struct agent_clock *k, struct err *e)
{
	struct answer_enrol a;
	enum status s = answer_enrol(body->s, body->len, &a, e);
	if (s == OK && !envelope_root(st->own, a.pub, a.agent_id, st->root))
		s = err_set(e, ERR_PERM, "the server's public key is none");
	if (s != OK)
		return s;
	if (memcmp(st->agent_id, a.agent_id, HC1_ID) != 0)
		st->epoch = 0; /* a new row, under a new root key */
	memcpy(st->agent_id, a.agent_id, HC1_ID);
	st->key_id = (uint32_t)a.key_id;
	st->enrolled = true;
	st->rekeying = false;
	st->before_id = 0;
	st->nsection = 0;
	st->offset_ms = a.t ? a.t - k->wall_ms() : 0;
	state_text(&st->etag, NULL);
	state_text(&st->config, NULL);
	return state_epoch(st, k->wall_ms(), k->mono_ms(), e);
}

static enum status refused(int http, const struct sb *body, enum upload_result *why, struct err *e)
{
	struct answer a = { .error = "" };
	if (answer_batch(body->s, body->len, &a, NULL) != OK)
		memset(&a, 0, sizeof a);
	*why = http == 410 ? UP_SILENT : http == 403 || http == 409 || (http >= 400 && http < 429) ? UP_WAIT_DAY : UP_LATER;
	enum status s = err_set(e, *why == UP_LATER ? ERR_TEMP : ERR_DENIED, "the server says %d %s", http, a.error);
	answer_free(&a);
	return s;
}

enum status agent_enrol(struct state *st, const struct agent_clock *k, enum upload_result *why_r, struct err *e)
{
	struct sb body = SB_INIT, answer = SB_INIT;
	struct hw h;
	char *url;
	int http = 0;
	enum status s;
	*why_r = UP_LATER;
	if (!st->server || !st->code || !st->token)
		return err_set(e, ERR_NOTFOUND, "this terminal was never told where it belongs: yorozu-agent enrol");
	/* Our key is on the disk before the server knows it: the same request can be made again. */
	if ((s = state_save(st, k->wall_ms(), k->mono_ms(), e)) != OK)
		return s;
	plat_hw(&h);
	agent_enrol_body(st, &h, &body);
	url = xasprintf("%s/v1/enroll", st->server);
	s = plat_post(&(struct plat_http){ url, st->ca, "application/json", 60 }, body.s, body.len, &answer, &http, e);
	if (s == OK && http == 200)
		s = enrolled(st, &answer, k, e);
	else if (s == OK)
		s = refused(http, &answer, why_r, e);
	memset(body.s, 0, body.len); /* the token */
	sb_free(&body);
	sb_free(&answer);
	free(url);
	return s;
}
