/* Everything a health check lists, for a spreadsheet (HEALTH-06). BOM, CRLF; cells guarded by csv_put. */
#include "checkup.h"
#include "text/csv.h"
#include <stdio.h>

static void text(struct sb *out, const char *s)
{
	csv_put(out, s ? s : "", out->len == 0 || out->s[out->len - 1] == '\n');
}

static void number(struct sb *out, int64_t n)
{
	char buf[24];
	snprintf(buf, sizeof buf, "%lld", (long long)n);
	text(out, buf);
}

static void when(struct sb *out, epoch t)
{
	char buf[32];
	text(out, t ? clk_iso(t, buf) : "");
}

static void end(struct sb *out)
{
	sb_adds(out, "\r\n");
}

static void head(struct sb *out, const char *const *v)
{
	sb_adds(out, "\xEF\xBB\xBF");
	for (size_t i = 0; v[i]; i++)
		csv_put(out, v[i], i == 0);
	end(out);
}
#define HEAD(out, ...) head(out, (const char *const[]){ __VA_ARGS__, NULL })

static void terminals(const struct checkup *c, struct sb *out)
{
	if (!c->nterminal)
		return;
	HEAD(out, "端末", "OS", "状態", "緊急の不足", "重要の不足", "悪用が確認された脆弱性", "必要な対応", "脆弱性", "判定の根拠", "ソフトウェアの数", "届いていない日",
	     "失われた記録", "最後の受信");
	for (size_t i = 0; i < c->nterminal; i++) {
		const struct checkup_terminal *t = &c->terminal[i];
		struct sb days = SB_INIT;
		checkup_missing_days(c, t, &days);
		text(out, t->name), text(out, t->os), text(out, checkup_patch_ja(t->patch)), number(out, t->critical), number(out, t->important);
		text(out, t->kev ? "あり" : ""), text(out, t->action), text(out, t->cves), text(out, t->evidence), number(out, t->software);
		text(out, days.s), number(out, t->lost), when(out, t->last_at);
		end(out);
		sb_free(&days);
	}
}

static void software(const struct checkup *c, struct sb *out)
{
	static const char *const names[] = { "", "軽度", "重要", "緊急" };
	if (!c->nsoftware)
		return;
	HEAD(out, "ソフトウェア", "バージョン", "深刻度", "悪用", "サポート終了", "要確認", "修正版", "脆弱性", "台数", "端末");
	for (size_t i = 0; i < c->nsoftware; i++) {
		const struct checkup_software *s = &c->software[i];
		text(out, s->name), text(out, s->version), text(out, names[s->severity]), text(out, s->kev ? "あり" : "");
		text(out, s->ended ? "終了" : ""), text(out, s->check ? "要確認" : ""), text(out, s->fixed), text(out, s->cves);
		number(out, s->terminals), text(out, s->hosts);
		end(out);
	}
}

static void site_rows(const char *list, const struct checkup_site *v, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i++) {
		text(out, list), number(out, (int64_t)i + 1), text(out, v[i].name), text(out, v[i].danger ? "危険" : v[i].kind);
		number(out, v[i].seconds), number(out, v[i].times), text(out, v[i].hosts);
		end(out);
	}
}

static void sites(const struct checkup *c, struct sb *out)
{
	if (!c->nby_time && !c->nby_times)
		return;
	HEAD(out, "一覧", "順位", "サイト", "分類", "累計時間（秒）", "回数", "接続した端末");
	site_rows("累計時間", c->by_time, c->nby_time, out);
	site_rows("回数", c->by_times, c->nby_times, out);
	site_rows("危険・業務外", c->bad, c->nbad, out);
}

static void off(const struct checkup *c, struct sb *out)
{
	if (!c->noff)
		return;
	HEAD(out, "日時", "端末", "利用者", "操作", "深夜", "土日祝");
	for (size_t i = 0; i < c->noff; i++) {
		const struct checkup_off *o = &c->off[i];
		when(out, o->at), text(out, o->terminal), text(out, o->user), text(out, o->what), text(out, o->night ? "○" : "");
		text(out, o->holiday ? "○" : "");
		end(out);
	}
}

static void media(const struct checkup *c, struct sb *out)
{
	if (!c->nmedia)
		return;
	HEAD(out, "端末", "種類", "機器の名前", "シリアル番号", "回数", "最初", "最後");
	for (size_t i = 0; i < c->nmedia; i++) {
		const struct checkup_media *m = &c->media[i];
		text(out, m->terminal), text(out, m->kind), text(out, m->name), text(out, m->serial), number(out, m->times);
		when(out, m->first), when(out, m->last);
		end(out);
	}
}

bool checkup_csv(const struct checkup *c, size_t i, const char **name_r, struct sb *out)
{
	static const struct { const char *name; void (*write)(const struct checkup *, struct sb *); } tables[] = {
		{ "os", terminals }, { "software", software }, { "web", sites }, { "off-hours", off }, { "media", media },
	};
	if (i >= sizeof tables / sizeof *tables)
		return false;
	*name_r = tables[i].name;
	tables[i].write(c, out);
	return true;
}
