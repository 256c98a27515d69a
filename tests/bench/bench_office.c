/* Two companies as they are in life: see bench_office.h. */
#include "bench_office.h"
#include "base/clk.h"
#include "cal/cal.h"
#include "text/agent_batch.h"
#include <stdarg.h>
#include <string.h>

/* ---- Windows ------------------------------------------------------------------------ */

const char office_feed[] =
	"source\toctober\t2026-10-30\t0\t-\t-\t-\t-\n"
	"release\t26200\tclient\t9771\tKB5999101\t2026-10-13\tsecurity\n"
	"release\t26100\tclient\t9771\tKB5999101\t2026-10-13\tsecurity\n"
	"release\t26100\tserver\t33602\tKB5999102\t2026-10-13\tsecurity\n"
	"release\t19045\tclient\t6930\tKB5999103\t2026-10-13\tsecurity\n"
	"fix\tCVE-2026-99101\t26200\tclient\t-\tKB5999101\t9771\timportant\n"
	"fix\tCVE-2026-99102\t26200\tclient\t-\tKB5999101\t9771\tcritical\n";

enum windows { W11, W11_24H2, W10, SERVER };
static const struct {
	const char *name, *version, *edition, *side;
	int build, ubr; /* ubr: patched */
} windows[] = {
	[W11] = { "Windows 11 Pro", "25H2", "Professional", "Client", 26200, 9771 },
	[W11_24H2] = { "Windows 11 Pro", "24H2", "Professional", "Client", 26100, 9771 },
	[W10] = { "Windows 10 Pro", "22H2", "Professional", "Client", 19045, 5965 },
	[SERVER] = { "Windows Server 2025 Standard", "24H2", "ServerStandard", "Server", 26100, 33602 },
};

/* ---- who ------------------------------------------------------------------------------ */

enum work { DESK, SALES, DESIGN, BOSS, MACHINE }; /* which programs and sites */
enum habit { NIGHTS = 1, WEEKENDS = 2, STICK = 4, PHONE = 8, DISK = 16, VIDEO = 32, DANGER = 64, OLD_SOFTWARE = 128 };

struct office_pc {
	const char *host, *user;
	enum windows os;
	int ubr;      /* 0: patched */
	bool reboot;  /* an update waits for it */
	enum work work;
	unsigned habits;
	int gone_from, gone_to; /* nothing came on these days */
};

static const struct office_pc clean_pc[] = {
	{ "SOUMU-01", "nakamura", W11, 0, false, DESK, 0, 0, 0 },      { "SOUMU-02", "kobayashi", W11, 0, false, DESK, 0, 0, 0 },
	{ "KEIRI-01", "kato", W11, 0, false, DESK, 0, 0, 0 },          { "EIGYO-01", "yoshida", W11, 0, false, SALES, 0, 0, 0 },
	{ "EIGYO-02", "yamamoto", W11, 0, false, SALES, 0, 0, 0 },     { "SEKKEI-01", "sasaki", W11, 0, false, DESIGN, 0, 0, 0 },
	{ "SEKKEI-02", "matsumoto", W11, 0, false, DESIGN, 0, 0, 0 }, { "SVR-FILE", "administrator", SERVER, 0, false, MACHINE, 0, 0, 0 },
};

static const struct office_pc bad_pc[] = {
	{ "DESKTOP-4K2J9QX", "kimura", W11, 8875, false, DESK, STICK | OLD_SOFTWARE, 0, 0 },
	{ "DESKTOP-7FD3M1C", "saito", W11, 9445, false, DESK, 0, 0, 0 },
	{ "KEIRI-01", "inoue", W11, 0, false, DESK, STICK | OLD_SOFTWARE, 0, 0 },
	{ "KEIRI-02", "hayashi", W11, 9445, true, DESK, 0, 0, 0 },
	{ "EIGYO-NOTE-01", "shimizu", W11, 0, false, SALES, WEEKENDS | STICK | PHONE, 0, 0 },
	{ "EIGYO-NOTE-02", "mori", W11, 0, false, SALES, NIGHTS | WEEKENDS | VIDEO, 0, 0 },
	{ "EIGYO-NOTE-03", "ikeda", W11, 0, false, SALES, PHONE, 3, 13 },
	{ "EIGYO-NOTE-04", "hashimoto", W11_24H2, 0, false, SALES, NIGHTS, 0, 0 },
	{ "SEIZO-PC1", "genba", W10, 0, false, MACHINE, STICK | OLD_SOFTWARE, 0, 0 },
	{ "SEIZO-PC2", "genba", W10, 0, false, MACHINE, STICK, 0, 0 },
	{ "SEKKEI-WS1", "yamazaki", W11, 0, false, DESIGN, NIGHTS | DISK | DANGER, 0, 0 },
	{ "SEKKEI-WS2", "ogawa", W11, 0, true, DESIGN, 0, 0, 0 },
	{ "SHACHO-PC", "fujita", W11, 0, false, BOSS, WEEKENDS | PHONE | VIDEO, 0, 0 },
	{ "UKETSUKE", "goto", W11, 0, false, DESK, VIDEO, 0, 0 },
	{ "YOBI-NOTE", "guest", W11, 8655, false, DESK, OLD_SOFTWARE, 12, 31 },
	{ "SVR-KIKAN", "administrator", SERVER, 0, false, MACHINE, 0, 0, 0 },
};

static const struct office offices[] = { { "clean", clean_pc, sizeof clean_pc / sizeof *clean_pc }, { "bad", bad_pc, sizeof bad_pc / sizeof *bad_pc } };

const struct office *office_of(const char *name)
{
	for (size_t i = 0; i < sizeof offices / sizeof *offices; i++)
		if (strcmp(offices[i].name, name) == 0)
			return &offices[i];
	return NULL;
}

const char *office_host(const struct office *o, int pc)
{
	return o->pc[pc].host;
}

int office_last_day(const struct office *o, int pc, int days)
{
	const struct office_pc *p = &o->pc[pc];
	return p->gone_from && p->gone_to >= days ? p->gone_from - 1 : days;
}

/* ---- what it has -------------------------------------------------------------------------- */

const char *office_os(const struct office *o, int pc, struct arena *a)
{
	const struct office_pc *p = &o->pc[pc];
	return arena_printf(a, "{\"family\":\"windows\",\"name\":\"%s\",\"version\":\"%s\",\"build\":%d,\"ubr\":%d,\"edition\":\"%s\",\"arch\":\"x64\","
	                    "\"installation\":\"%s\",\"hotpatch\":false,\"host\":\"%s\"}", windows[p->os].name, windows[p->os].version, windows[p->os].build,
	                    p->ubr ? p->ubr : windows[p->os].ubr, windows[p->os].edition, windows[p->os].side, p->host);
}

const char *office_patches(const struct office *o, int pc, int64_t scan_ms, struct arena *a)
{
	bool reboot = o->pc[pc].reboot;
	return arena_printf(a, "{\"qfe\":[],\"installed\":[],\"pending\":[%s],\"reboot\":%s,\"last_scan\":%lld,\"error\":\"\"}", reboot ? "\"KB5999101\"" : "",
	                    reboot ? "true" : "false", (long long)scan_ms);
}

#define BIT(work) (1u << (work))
static const struct program {
	const char *name, *vendor, *version, *old; /* old: what OLD_SOFTWARE has, NULL: the same */
	unsigned work;
} programs[] = {
	{ "Google Chrome", "Google LLC", "152.0.7990.61", "140.0.7339.80", BIT(DESK) | BIT(SALES) | BIT(DESIGN) | BIT(BOSS) | BIT(MACHINE) },
	{ "Microsoft Edge", "Microsoft Corporation", "152.0.4210.55", NULL, ~0u },
	{ "Microsoft Edge WebView2 Runtime", "Microsoft Corporation", "152.0.4210.55", NULL, ~0u },
	{ "Microsoft 365 Apps for business - ja-jp", "Microsoft Corporation", "16.0.20326.20112", NULL, BIT(DESK) | BIT(SALES) | BIT(DESIGN) | BIT(BOSS) },
	{ "Microsoft OneDrive", "Microsoft Corporation", "26.180.0920.0002", NULL, BIT(DESK) | BIT(SALES) | BIT(BOSS) },
	{ "Microsoft Visual C++ 2015-2022 Redistributable (x64) - 14.44.35211", "Microsoft Corporation", "14.44.35211.0", NULL, ~0u },
	{ "Adobe Acrobat (64-bit)", "Adobe", "26.001.21611", "23.003.20269", BIT(DESK) | BIT(SALES) | BIT(DESIGN) | BIT(BOSS) },
	{ "弥生会計 26", "弥生株式会社", "32.1.1", NULL, BIT(DESK) },
	{ "弥生販売 26", "弥生株式会社", "29.1.1", NULL, BIT(SALES) },
	{ "e-Taxソフト", "国税庁", "1.41.0", NULL, BIT(DESK) },
	{ "JPKI利用者ソフト", "地方公共団体情報システム機構", "3.8.1", NULL, BIT(DESK) },
	{ "ATOK Passport", "株式会社ジャストシステム", "35.1.3.0", NULL, BIT(DESK) | BIT(BOSS) },
	{ "ウイルスバスター ビジネスセキュリティ エージェント", "Trend Micro Inc.", "6.7.4042", NULL, ~0u },
	{ "Zoom Workplace (64-bit)", "Zoom Communications, Inc.", "7.1.2.8530", NULL, BIT(SALES) | BIT(BOSS) | BIT(DESIGN) },
	{ "LINE WORKS", "LINE WORKS Corp.", "4.3.1", NULL, BIT(SALES) | BIT(BOSS) },
	{ "Chatwork", "kubell Co., Ltd.", "2.17.0", NULL, BIT(DESK) | BIT(DESIGN) },
	{ "7-Zip 26.02 (x64)", "Igor Pavlov", "26.02", NULL, BIT(DESIGN) },
	{ "Lhaplus", "Schezo", "1.74", NULL, BIT(DESK) | BIT(MACHINE) },
	{ "サクラエディタ(sakura editor)", "Sakura Editor Project", "2.4.2.6048", NULL, BIT(DESIGN) },
	{ "Jw_cad", "Jiro Shimizu & Yoshifumi Tanaka", "10.01", NULL, BIT(DESIGN) | BIT(MACHINE) },
	{ "AutoCAD LT 2026 - 日本語 (Japanese)", "Autodesk", "31.1.53.0", NULL, BIT(DESIGN) },
	{ "DocuWorks 10", "FUJIFILM Business Innovation Corp.", "10.0.4", NULL, BIT(DESK) | BIT(SALES) },
	{ "RICOH Printer Driver", "Ricoh Company, Ltd.", "4.39.0.0", NULL, BIT(DESK) | BIT(SALES) | BIT(DESIGN) },
	{ "FUJITSU Mobility Center", "FUJITSU LIMITED", "8.1.0.4", NULL, BIT(SALES) },
	{ "インテル® グラフィックス・ドライバー", "Intel Corporation", "32.0.101.7084", NULL, ~0u },
	{ "Realtek Audio Driver", "Realtek Semiconductor Corp.", "6.0.9838.1", NULL, ~0u },
};
static const struct program extras[] = { /* of OLD_SOFTWARE */
	{ "WinRAR 6.11 (64-bit)", "win.rar GmbH", "6.11.0", NULL, 0 },
	{ "Java 8 Update 271 (64-bit)", "Oracle Corporation", "8.0.2710.9", NULL, 0 },
	{ "Adobe Flash Player 32 NPAPI", "Adobe", "32.0.0.465", NULL, 0 },
	{ "7-Zip 19.00 (x64)", "Igor Pavlov", "19.00", NULL, 0 },
	{ "TeamViewer", "TeamViewer", "15.20.3", NULL, 0 },
};
enum { PROGRAMS = sizeof programs / sizeof *programs, EXTRAS = sizeof extras / sizeof *extras };

size_t office_software(const struct office *o, int pc, const struct agent_item **v_r, struct arena *a)
{
	const struct office_pc *p = &o->pc[pc];
	struct agent_item *v = arena_zalloc(a, (PROGRAMS + EXTRAS) * sizeof *v);
	size_t n = 0;
	bool old = p->habits & OLD_SOFTWARE;
	for (size_t i = 0; i < PROGRAMS; i++)
		if (programs[i].work & BIT(p->work))
			v[n++] = (struct agent_item){ programs[i].name, old && programs[i].old ? programs[i].old : programs[i].version, programs[i].vendor, "machine", "", "" };
	for (size_t i = 0; i < EXTRAS && old; i++)
		if ((i + (size_t)pc) % 3 != 1)
			v[n++] = (struct agent_item){ extras[i].name, extras[i].version, extras[i].vendor, "machine", "", "" };
	*v_r = v;
	return n;
}

/* ---- what it did ----------------------------------------------------------------------------- */

static const struct habit_site {
	const char *host;
	int minutes, times; /* of a usual day */
	unsigned work;      /* 0: of a habit */
} sites[] = {
	{ "outlook.office.com", 46, 31, BIT(DESK) | BIT(SALES) | BIT(DESIGN) | BIT(BOSS) },
	{ "mihon-seisakusho.sharepoint.com", 34, 18, BIT(DESK) | BIT(SALES) | BIT(DESIGN) },
	{ "www.google.com", 12, 44, ~0u },
	{ "www.bing.com", 4, 13, ~0u },
	{ "news.yahoo.co.jp", 9, 12, BIT(SALES) | BIT(BOSS) },
	{ "mihon.cybozu.com", 38, 22, BIT(SALES) | BIT(DESK) },
	{ "secure.freee.co.jp", 18, 9, BIT(DESK) },
	{ "kanri.moneyforward.com", 11, 5, BIT(DESK) },
	{ "www.e-tax.nta.go.jp", 5, 2, BIT(DESK) },
	{ "www.monotaro.com", 14, 11, BIT(DESIGN) | BIT(DESK) },
	{ "www.askul.co.jp", 7, 5, BIT(DESK) },
	{ "jp.misumi-ec.com", 29, 17, BIT(DESIGN) },
	{ "www.keyence.co.jp", 11, 6, BIT(DESIGN) },
	{ "www.autodesk.com", 6, 3, BIT(DESIGN) },
	{ "www.chatwork.com", 26, 28, BIT(DESK) | BIT(DESIGN) },
	{ "talk.worksmobile.com", 21, 33, BIT(SALES) | BIT(BOSS) },
	{ "zoom.us", 17, 3, BIT(SALES) | BIT(BOSS) },
	{ "maps.google.co.jp", 8, 7, BIT(SALES) },
	{ "transit.yahoo.co.jp", 4, 5, BIT(SALES) },
	{ "ekitan.com", 2, 2, BIT(SALES) },
	{ "www.jalan.net", 3, 1, BIT(SALES) },
	{ "direct.smbc.co.jp", 6, 3, BIT(DESK) | BIT(BOSS) },
	{ "direct.jp-bank.japanpost.jp", 3, 1, BIT(DESK) },
	{ "www.nikkei.com", 11, 9, BIT(BOSS) | BIT(SALES) },
	{ "chatgpt.com", 13, 9, BIT(DESIGN) | BIT(SALES) },
	{ "www.deepl.com", 5, 6, BIT(DESIGN) },
	{ "update.kikan-system.example.co.jp", 3, 12, BIT(MACHINE) },
	{ "toi.kuronekoyamato.co.jp", 3, 4, BIT(DESK) },
	{ "k2k.sagawa-exp.co.jp", 2, 3, BIT(DESK) },
	{ "www.meti.go.jp", 2, 1, BIT(BOSS) | BIT(DESK) },
	{ "gigafile.nu", 2, 2, BIT(DESIGN) },
	{ "tenki.jp", 1, 3, ~0u },
	{ "192.168.1.20", 6, 21, ~0u },
};
static const struct habit_site fun[] = {
	{ "www.youtube.com", 58, 24, 0 }, { "www.netkeiba.com", 22, 14, 0 }, { "x.com", 16, 27, 0 },
	{ "www.mercari.com", 14, 11, 0 }, { "item.rakuten.co.jp", 12, 13, 0 }, { "www.instagram.com", 9, 15, 0 },
};

struct day {
	struct sb *out;
	int64_t *q;
	int64_t at;  /* ms, midnight */
	const struct office_pc *p;
	unsigned salt;
};

static void event(struct day *d, int minute, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void event(struct day *d, int minute, const char *fmt, ...)
{
	va_list ap;
	++*d->q;
	sb_addf(d->out, "%s{\"q\":%lld,\"t\":%lld,\"u\":\"MIHON\\\\%s\",", d->out->len ? "," : "", (long long)*d->q, (long long)(d->at + minute * 60000LL), d->p->user);
	va_start(ap, fmt);
	sb_vaddf(d->out, fmt, ap);
	va_end(ap);
	sb_adds(d->out, "}");
}

static unsigned next(struct day *d)
{
	d->salt = d->salt * 1103515245u + 12345u;
	return d->salt >> 16;
}

static void browse(struct day *d, const struct habit_site *v, size_t n, bool habit)
{
	for (size_t i = 0; i < n; i++) {
		if ((!habit && !(v[i].work & BIT(d->p->work))) || next(d) % 10 < 3)
			continue;
		int percent = 40 + (int)(next(d) % 120), minutes = v[i].minutes * percent / 100, times = v[i].times * percent / 100;
		event(d, 9 * 60 + 20 + (int)(next(d) % 480), "\"k\":\"web\",\"h\":\"%s\",\"n\":%d,\"s\":%d", v[i].host, times + 1, minutes * 60 + (int)(next(d) % 60));
	}
}

static void work(struct day *d, int dom)
{
	const unsigned h = d->p->habits;
	int start = 8 * 60 + 20 + (int)(next(d) % 35);
	event(d, start, "\"k\":\"boot\"");
	event(d, start + 2, "\"k\":\"logon\",\"how\":\"console\"");
	browse(d, sites, sizeof sites / sizeof *sites, false);
	if (h & VIDEO)
		browse(d, fun, sizeof fun / sizeof *fun, true);
	if (h & NIGHTS && dom % 7 == 1)
		event(d, 22 * 60 + 5 + (int)(next(d) % 90), "\"k\":\"unlock\",\"how\":\"console\"");
	if (h & DANGER && dom == 15)
		event(d, 13 * 60 + 5, "\"k\":\"web\",\"h\":\"getintopc.com\",\"n\":4,\"s\":310");
}

static void attach(struct day *d, int dom)
{
	static const struct { unsigned habit; int every; const char *class, *name, *vid; } kinds[] = {
		{ STICK, 9, "usb_storage", "BUFFALO USB Flash Disk", "0411" }, { PHONE, 6, "phone", "Apple iPhone", "05AC" },
		{ DISK, 11, "disk", "I-O DATA HDPH-UT", "04BB" },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (d->p->habits & kinds[i].habit && (dom + (int)strlen(d->p->host)) % kinds[i].every == 0)
			event(d, 14 * 60 + dom, "\"k\":\"dev\",\"op\":\"attach\",\"class\":\"%s\",\"vid\":\"%s\",\"pid\":\"01E8\",\"serial\":\"0701A%08X\",\"n\":\"%s\"",
			      kinds[i].class, kinds[i].vid, (unsigned)strlen(d->p->host) * 2654435761u, kinds[i].name);
}

void office_use(const struct office *o, int pc, int year, int mon, struct sb *events, int64_t *q)
{
	const struct office_pc *p = &o->pc[pc];
	struct cal *cal = cal_new();
	const int64_t first = day_of(year, mon, 1), last = day_of(mon == 12 ? year + 1 : year, mon == 12 ? 1 : mon + 1, 1) - 1;
	for (int64_t k = first; k <= last; k++) {
		const int dom = (int)(k - first) + 1;
		struct day d = { events, q, epoch_of(year, mon, dom, 0, 0, 0) * 1000, p, (unsigned)(k * 131 + pc * 7919) };
		if (p->gone_from && dom >= p->gone_from && dom <= p->gone_to)
			continue;
		if (cal_is_business_day(cal, k)) {
			work(&d, dom);
			attach(&d, dom);
		} else if (p->habits & WEEKENDS && (dom + pc) % 3 == 0) {
			event(&d, 13 * 60 + (int)(next(&d) % 200), "\"k\":\"logon\",\"how\":\"%s\"", p->work == BOSS ? "remote" : "console");
		}
	}
	cal_free(&cal);
}
