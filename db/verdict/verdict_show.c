/* A verdict as text and as JSON. Texts of terminals are written on one line. */
#include "text/json_put.h"
#include "verdict_impl.h"
#include <stdio.h>
#include <string.h>

/* What a terminal said: no control characters, so no escapes for a screen. */
static void put_clean(struct sb *out, const char *s)
{
	for (; *s; s++)
		sb_addc(out, (unsigned char)*s < ' ' || *s == 127 ? ' ' : *s);
}

static void put_cves(struct sb *out, const struct feed *f, const struct verdict_cves *c, int64_t today)
{
	char text[24];
	for (size_t i = 0; i < c->n; i++) {
		sb_addf(out, "%s%s", i ? "、" : "", cve_text(c->v[i], text));
		if (feed_kev(f, c->v[i], today))
			sb_adds(out, " (悪用確認済み)");
	}
	if (c->total > c->n)
		sb_addf(out, " ほか %zu 件", c->total - c->n);
}

static void show_update(const struct feed *f, const struct missing_update *m, int64_t today, struct sb *out)
{
	struct civil d = civil_of_day(m->day);
	sb_addf(out, "    KB%u  %04d-%02d-%02d  %s", m->kb, d.year, d.mon, d.day, severity_ja(m->severity));
	if (m->in_grace)
		sb_addf(out, "  (公開から %d 日以内)", VERDICT_GRACE_DAYS);
	if (m->cves.total) {
		sb_adds(out, "  ");
		put_cves(out, f, &m->cves, today);
	}
	sb_addc(out, '\n');
}

static void show_patch(const struct feed *f, const struct verdict *v, int64_t today, struct sb *out)
{
	sb_addf(out, "Windows の更新: %s\n  根拠: %s\n", patch_state_ja(v->patch), v->why);
	if (v->esu)
		sb_adds(out, "  延長サポート (ESU) の更新が適用されています。\n");
	if (v->table_old)
		sb_adds(out, "  表が古くなっています (yorozu feed update)。\n");
	if ((v->patch == PATCH_MISSING || v->patch == PATCH_REBOOT) && v->action.kb)
		sb_addf(out, "  すること: %s KB%u\n", v->patch == PATCH_REBOOT ? "再起動。その後も足りなければ" : "更新プログラムの適用:", v->action.kb);
	if (v->n_missing)
		sb_addf(out, "  足りない更新: 緊急 %zu 件、重要 %zu 件 (脆弱性 %zu 件、うち悪用確認済み %zu 件)\n", v->critical, v->important, v->cves, v->kev);
	for (size_t i = 0; i < v->n_missing; i++)
		show_update(f, &v->missing[i], today, out);
}

static void show_software(const struct feed *f, const struct software_finding *s, int64_t today, struct sb *out)
{
	sb_addf(out, "  %s: ", software_state_ja(s->state));
	put_clean(out, s->software->name);
	sb_adds(out, " ");
	put_clean(out, *s->software->version ? s->software->version : "(版なし)");
	if (s->software->per_user) {
		sb_adds(out, " [利用者単位: ");
		put_clean(out, s->software->user);
		sb_addc(out, ']');
	}
	if (*s->wanted && s->state != SOFT_UNCLEAR)
		sb_addf(out, " → %s", s->wanted);
	sb_addc(out, '\n');
	if (*s->why)
		sb_addf(out, "    %s\n", s->why);
	if (s->cves.total && s->state != SOFT_UNCLEAR) {
		sb_addf(out, "    %s: ", severity_ja(s->severity));
		put_cves(out, f, &s->cves, today);
		sb_addc(out, '\n');
	}
}

static void show_tables(const struct feed *f, int64_t today, struct sb *out)
{
	const struct feed_source *v;
	size_t n = feed_sources(f, &v);
	sb_addf(out, "表: %s\n", feed_version(f));
	for (size_t i = 0; i < n; i++) {
		if (v[i].as_of == INT64_MIN)
			continue;
		struct civil d = civil_of_day(v[i].as_of);
		sb_addf(out, "  %s %04d-%02d-%02d (%lld 日前)\n", v[i].name, d.year, d.mon, d.day, (long long)(today - v[i].as_of));
	}
}

void verdict_show(const struct feed *f, const struct facts *x, const struct verdict *v, struct sb *out)
{
	char when[48];
	struct civil c = civil_of(v->cutoff);
	int64_t today = day_of(c.year, c.mon, c.day);
	put_clean(out, *x->host ? x->host : "(名前なし)");
	sb_adds(out, "  ");
	put_clean(out, x->name);
	sb_addc(out, ' ');
	put_clean(out, x->version);
	if (x->build)
		sb_addf(out, " (%u.%lld)", x->build, (long long)(x->ubr < 0 ? 0 : x->ubr));
	sb_addf(out, "\n判定の時点: %d年%s\n", c.year, clk_ja(v->cutoff, when));
	show_patch(f, v, today, out);
	sb_addf(out, "ソフトウェア: %zu 件のうち %zu 件を照合、脆弱性あり %zu 件 (緊急 %zu、重要 %zu、悪用確認済み %zu)、サポート終了 %zu 件、要確認 %zu 件\n",
		x->n_software, v->matched, v->states[SOFT_VULNERABLE], v->soft_critical, v->soft_high, v->soft_kev, v->states[SOFT_ENDED],
		v->states[SOFT_UNCLEAR]);
	for (size_t i = 0; i < v->n_software; i++)
		show_software(f, &v->software[i], today, out);
	show_tables(f, today, out);
}

/* ---- JSON ---- */

static void put_cve_list(struct json_put *o, const struct verdict_cves *c)
{
	char text[24];
	json_put_int_at(o, "total", (int64_t)c->total);
	json_put_int_at(o, "kev", (int64_t)c->kev);
	json_put_key(o, "cves");
	json_put_open(o, '[');
	for (size_t i = 0; i < c->n; i++)
		json_put_text(o, cve_text(c->v[i], text));
	json_put_close(o, ']');
}

static void put_update(struct json_put *o, const struct missing_update *m)
{
	char text[16];
	struct civil d = civil_of_day(m->day);
	json_put_open(o, '{');
	snprintf(text, sizeof text, "KB%u", m->kb);
	json_put_text_at(o, "kb", text);
	snprintf(text, sizeof text, "%04d-%02d-%02d", d.year % 10000, d.mon % 100, d.day % 100);
	json_put_text_at(o, "day", text);
	json_put_text_at(o, "severity", severity_ja(m->severity));
	json_put_bool_at(o, "grace", m->in_grace);
	put_cve_list(o, &m->cves);
	json_put_close(o, '}');
}

static void put_software(struct json_put *o, const struct software_finding *s)
{
	json_put_open(o, '{');
	json_put_text_at(o, "name", s->software->name);
	json_put_text_at(o, "version", s->software->version);
	json_put_text_at(o, "user", s->software->user);
	json_put_text_at(o, "product", s->product);
	json_put_text_at(o, "state", software_state_word(s->state));
	json_put_text_at(o, "severity", severity_ja(s->severity));
	json_put_text_at(o, "wanted", s->wanted);
	json_put_text_at(o, "why", s->why);
	put_cve_list(o, &s->cves);
	json_put_close(o, '}');
}

void verdict_json(const struct facts *x, const struct verdict *v, struct sb *out)
{
	struct json_put o = { out, false };
	json_put_open(&o, '{');
	json_put_text_at(&o, "host", x->host);
	json_put_int_at(&o, "cutoff", v->cutoff);
	json_put_text_at(&o, "tables", v->version);
	json_put_text_at(&o, "patch", patch_state_word(v->patch));
	json_put_text_at(&o, "why", v->why);
	json_put_bool_at(&o, "table_old", v->table_old);
	json_put_bool_at(&o, "esu", v->esu);
	json_put_bool_at(&o, "hotpatch", v->by_hotpatch);
	json_put_int_at(&o, "critical", (int64_t)v->critical);
	json_put_int_at(&o, "important", (int64_t)v->important);
	json_put_key(&o, "missing");
	json_put_open(&o, '[');
	for (size_t i = 0; i < v->n_missing; i++)
		put_update(&o, &v->missing[i]);
	json_put_close(&o, ']');
	json_put_int_at(&o, "matched", (int64_t)v->matched);
	json_put_int_at(&o, "unmatched", (int64_t)v->unmatched);
	json_put_key(&o, "software");
	json_put_open(&o, '[');
	for (size_t i = 0; i < v->n_software; i++)
		put_software(&o, &v->software[i]);
	json_put_close(&o, ']');
	json_put_close(&o, '}');
}
