/* What played terminals do: see bench_fleet.h. */
#include "bench_fleet.h"
#include "base/crypto.h"
#include "text/json_put.h"
#include <stdio.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof *(a))

/* ---- chance that follows from where it is asked (splitmix64) */
struct chance {
	uint64_t x;
};

static uint64_t mix(uint64_t x)
{
	x += 0x9E3779B97F4A7C15u;
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

static struct chance chance_of(const struct fleet *f, uint64_t a, uint64_t b, uint64_t c)
{
	return (struct chance){ mix(mix(mix(mix(f->seed) ^ a) ^ b) ^ c) };
}

static uint64_t draw(struct chance *c)
{
	c->x += 0x9E3779B97F4A7C15u;
	return mix(c->x);
}

static unsigned upto(struct chance *c, unsigned n) /* 0 … n - 1 */
{
	return (unsigned)(draw(c) % n);
}

/* Small numbers often, large ones seldom. */
static unsigned skewed(struct chance *c, unsigned n)
{
	unsigned a = upto(c, n), b = upto(c, n), d = upto(c, n);
	a = a < b ? a : b;
	return a < d ? a : d;
}

/* ---- who and what there is */
static const char *const family[] = { "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤",
	                              "吉田", "山田", "佐々木", "山口", "松本", "井上", "木村", "林", "斎藤", "清水" };
static const char *const site[] = {
	"www.google.com", "outlook.office.com", "teams.microsoft.com", "www.yahoo.co.jp", "mail.google.com", "www.jma.go.jp",
	"www.amazon.co.jp", "news.yahoo.co.jp", "docs.google.com", "www.youtube.com", "www.nta.go.jp", "www.e-tax.nta.go.jp",
	"shachomeibo.example.jp", "kakeibo.example.co.jp", "www.rakuten.co.jp", "weather.yahoo.co.jp", "map.yahoo.co.jp",
	"www.kuronekoyamato.co.jp", "www.sagawa-exp.co.jp", "www.post.japanpost.jp", "www.nikkei.com", "www.jr-odekake.net",
	"github.com", "www.ipa.go.jp", "www.mhlw.go.jp", "chat.example.com", "www.instagram.com", "x.com", "www.cookpad.com",
	"www.jreast.co.jp", "portal.chousei.example.ne.jp", "erp.example.co.jp" };
static const char *const app[] = { "EXCEL.EXE", "OUTLOOK.EXE", "chrome.exe", "msedge.exe", "WINWORD.EXE", "ms-teams.exe",
	                           "Acrobat.exe", "explorer.exe", "POWERPNT.EXE", "HIDEMARU.EXE", "給与計算.exe", "販売管理.exe" };
static const char *const paper[] = { "見積書", "請求書", "議事録", "日報", "顧客一覧", "勤務表", "注文書", "提案書", "棚卸表", "契約書" };
static const char *const ext[] = { "xlsx", "docx", "pdf", "pptx", "txt" };
static const char *const printer[] = { "複合機 1F", "複合機 2F", "営業部プリンター", "LBP-221" };
static const struct {
	const char *kind, *vid, *pid, *name;
} device[] = { { "usb_storage", "0781", "5583", "SanDisk Ultra Fit" }, { "usb_storage", "0411", "02da", "BUFFALO USB Flash" },
	       { "phone", "05ac", "12a8", "iPhone" }, { "disk", "0411", "0240", "外付けHDD" }, { "optical", "0e8d", "1887", "DVD-RW" } };
static const struct {
	const char *name, *vendor, *version[3];
} software[] = {
	{ "Google Chrome", "Google LLC", { "142.0.7444.176", "142.0.7444.60", "131.0.6778.86" } },
	{ "Microsoft Edge", "Microsoft Corporation", { "142.0.3595.90", "142.0.3595.53", "130.0.2849.80" } },
	{ "Mozilla Firefox (x64 ja)", "Mozilla", { "145.0.1", "144.0", "128.5.0" } },
	{ "Adobe Acrobat (64-bit)", "Adobe", { "25.001.20937", "25.001.20432", "23.008.20470" } },
	{ "Microsoft 365 Apps for business - ja-jp", "Microsoft Corporation", { "16.0.19328.20244", "16.0.19231.20194", "16.0.17928.20216" } },
	{ "7-Zip 24.09 (x64)", "Igor Pavlov", { "24.09", "24.08", "19.00" } },
	{ "秀丸エディタ", "有限会社サイトー企画", { "9.44", "9.35", "8.98" } },
	{ "Lhaplus", "Schezo", { "1.74", "1.74", "1.73" } },
	{ "弥生会計 26", "弥生株式会社", { "32.1.1", "32.1.1", "31.2.1" } },
	{ "筆ぐるめ 32", "富士ソフト株式会社", { "32.0", "32.0", "28.0" } },
	{ "Zoom Workplace", "Zoom Communications, Inc.", { "6.6.11", "6.5.3", "5.17.11" } },
	{ "WinRAR 7.13 (64-bit)", "win.rar GmbH", { "7.13.0", "7.11.0", "6.24.0" } },
	{ "Java 8 Update 471", "Oracle Corporation", { "8.0.4710.9", "8.0.4610.11", "8.0.2810.9" } },
	{ "TeraTerm", "TeraTerm Project", { "5.5.0", "5.3", "4.106" } },
	{ "サクラエディタ 2.4.2", "Project: Sakura-Editor", { "2.4.2", "2.4.1", "2.2.0" } },
	{ "LINE", "LY Corporation", { "9.12.0", "9.4.2", "7.16.1" } },
};

void fleet_host(const struct fleet *f, const struct fleet_terminal *t, char out[32])
{
	struct chance c = chance_of(f, t->company, 1, 0);
	static const char *const form[] = { "PC-%04u", "NOTE%04u", "DESKTOP-%04u", "KAISHA-%04u" };
	static const char *const plain[] = { "PC-", "NOTE", "DESKTOP-", "KAISHA-" };
	unsigned k = upto(&c, LEN(form));
	snprintf(out, 32, "%s%04u", plain[k], (unsigned)(t->n % 10000));
}

static void user_of(const struct fleet *f, const struct fleet_terminal *t, char out[64])
{
	struct chance c = chance_of(f, t->n, 2, 0);
	snprintf(out, 64, "KAISHA%u\\%s", (unsigned)(t->company % 1000), family[upto(&c, LEN(family))]);
}

/* ---- the day: slots in which the machine is on */
struct workday {
	int on, off; /* minutes of the day; off <= on: not at all */
};

static struct workday workday_of(const struct fleet *f, const struct fleet_terminal *t, int64_t day)
{
	struct chance c = chance_of(f, t->n, 3, (uint64_t)day);
	struct workday w = { 0, 0 };
	if (!cal_is_business_day(f->cal, day)) {
		if (upto(&c, 100) >= 3)
			return w;
		w.on = 9 * 60 + (int)upto(&c, 240);
		w.off = w.on + 60 + (int)upto(&c, 240);
		return w;
	}
	if (upto(&c, 100) < 6)
		return w; /* on leave */
	w.on = 8 * 60 + 20 + (int)upto(&c, 80);
	w.off = 17 * 60 + 20 + (int)skewed(&c, 130);
	if (upto(&c, 100) < 4)
		w.off = 21 * 60 + (int)upto(&c, 150);
	return w;
}

bool fleet_on(const struct fleet *f, const struct fleet_terminal *t, int64_t day, int slot)
{
	struct workday w = workday_of(f, t, day);
	return w.on < w.off && w.on / 15 <= slot && slot <= w.off / 15;
}

/* ---- events */
struct writing {
	struct json_put o;
	struct fleet_terminal *t;
	const char *user;
	int64_t at; /* ms */
};

static struct json_put *event(struct writing *w, const char *kind)
{
	json_put_open(&w->o, '{');
	json_put_int_at(&w->o, "q", w->t->next_q++);
	json_put_int_at(&w->o, "t", w->at);
	json_put_text_at(&w->o, "k", kind);
	json_put_text_at(&w->o, "u", w->user);
	return &w->o;
}

static void put_web(struct writing *w, struct chance *c)
{
	char host[64];
	struct json_put *o = event(w, "web");
	if (upto(c, 100) < 80)
		snprintf(host, sizeof host, "%s", site[skewed(c, LEN(site))]);
	else
		snprintf(host, sizeof host, "www.kaisha%04u.co.jp", skewed(c, 8000));
	json_put_text_at(o, "h", host);
	json_put_int_at(o, "n", 1 + skewed(c, 12));
	json_put_int_at(o, "s", 1 + skewed(c, 400));
	json_put_close(o, '}');
}

static void put_file(struct writing *w, struct chance *c)
{
	static const char *const op[] = { "write", "write", "create", "write", "delete", "copy" };
	char path[160];
	struct json_put *o = event(w, "file");
	snprintf(path, sizeof path, "\\\\server\\共有\\営業部\\%u年度\\%s_%04u.%s", 2024 + upto(c, 3), paper[upto(c, LEN(paper))],
	         upto(c, 3000), ext[upto(c, LEN(ext))]);
	json_put_text_at(o, "op", op[upto(c, LEN(op))]);
	json_put_text_at(o, "p", path);
	json_put_close(o, '}');
}

static void put_app(struct writing *w, struct chance *c)
{
	struct json_put *o = event(w, "app");
	json_put_text_at(o, "n", app[skewed(c, LEN(app))]);
	json_put_int_at(o, "s", 5 + upto(c, 600));
	json_put_close(o, '}');
}

static void put_print(struct writing *w, struct chance *c)
{
	char doc[96];
	struct json_put *o = event(w, "print");
	snprintf(doc, sizeof doc, "%s_%04u.%s", paper[upto(c, LEN(paper))], upto(c, 3000), ext[upto(c, LEN(ext))]);
	json_put_text_at(o, "printer", printer[upto(c, LEN(printer))]);
	json_put_text_at(o, "doc", doc);
	json_put_int_at(o, "pages", 1 + skewed(c, 40));
	json_put_close(o, '}');
}

static void put_dev(struct writing *w, struct chance *c)
{
	unsigned k = skewed(c, LEN(device));
	char serial[24];
	snprintf(serial, sizeof serial, "%012llX", (unsigned long long)(draw(c) & 0xFFFFFFFFFFFF));
	for (int i = 0; i < 2; i++, w->at += 60000) {
		struct json_put *o = event(w, "dev");
		json_put_text_at(o, "op", i ? "detach" : "attach");
		json_put_text_at(o, "class", device[k].kind);
		json_put_text_at(o, "vid", device[k].vid);
		json_put_text_at(o, "pid", device[k].pid);
		json_put_text_at(o, "serial", serial);
		json_put_text_at(o, "n", device[k].name);
		json_put_close(o, '}');
	}
}

static void put_plain(struct writing *w, const char *kind, const char *how)
{
	struct json_put *o = event(w, kind);
	if (how)
		json_put_text_at(o, "how", how);
	json_put_close(o, '}');
}

static void put_any(struct writing *w, struct chance *c)
{
	unsigned p = upto(c, 1000);
	if (p < 740)
		put_web(w, c);
	else if (p < 900)
		put_file(w, c);
	else
		put_app(w, c);
}

/* What happens a few times a day, or a week. */
static void put_seldom(struct writing *w, struct chance *c)
{
	if (upto(c, 8) == 0)
		put_plain(w, "unlock", "console");
	if (upto(c, 8) == 0)
		put_print(w, c);
	if (upto(c, 100) == 0)
		put_dev(w, c);
}

static void put_slot(const struct fleet *f, struct writing *w, int64_t day, int slot)
{
	struct workday d = workday_of(f, w->t, day);
	struct chance c = chance_of(f, w->t->n, (uint64_t)day, 100 + (uint64_t)slot);
	int64_t begin = ((int64_t)day * 86400 - 9 * 3600 + (int64_t)slot * FLEET_SLOT_S) * 1000;
	bool lunch = slot == 48 || slot == 49 || slot == 50;
	if (!fleet_on(f, w->t, day, slot))
		return;
	w->at = begin + (d.on % 15) * 60000;
	if (slot == d.on / 15) {
		put_plain(w, "boot", NULL);
		w->at += 40000;
		put_plain(w, "logon", upto(&c, 20) ? "console" : "remote");
	}
	unsigned n = f->per_slot / 2 + upto(&c, f->per_slot + 1);
	if (lunch)
		n /= 6;
	for (unsigned i = 0; i < n; i++) {
		w->at = begin + (int64_t)i * FLEET_SLOT_S * 1000 / (n + 1) + upto(&c, 900);
		put_any(w, &c);
	}
	put_seldom(w, &c);
	if (slot == d.off / 15) {
		w->at = begin + FLEET_SLOT_S * 1000 - 30000;
		put_plain(w, "logoff", NULL);
		put_plain(w, "shutdown", NULL);
	}
}

/* One event with a path of so many bytes of hex: only half of it compresses. */
static void put_pad(struct writing *w, struct chance *c, size_t pad)
{
	char path[1025];
	for (size_t done = 0; done < pad; done += sizeof path - 1) {
		for (size_t i = 0; i + 1 < sizeof path; i++)
			path[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[draw(c) & 63];
		path[sizeof path - 1] = '\0';
		struct json_put *o = event(w, "file");
		json_put_text_at(o, "op", "write");
		json_put_text_at(o, "p", path);
		json_put_close(o, '}');
	}
}

/* ---- what the machine is */
static void put_section(struct json_put *o, const char *name, const struct sb *full, int64_t taken)
{
	uint8_t sha[SHA256_LEN];
	char hex[2 * SHA256_LEN + 1];
	crypto_sha256(full->s, full->len, sha);
	hex_encode(sha, sizeof sha, hex);
	json_put_key(o, name);
	json_put_open(o, '{');
	json_put_text_at(o, "sha256", hex);
	json_put_int_at(o, "taken", taken);
	json_put_key(o, "full");
	json_put_raw(o, full->s, full->len);
	json_put_close(o, '}');
}

enum health { CURRENT, BEHIND, REBOOT, UNSUPPORTED };
static enum health health_of(const struct fleet *f, const struct fleet_terminal *t)
{
	struct chance c = chance_of(f, t->n, 4, 0);
	unsigned p = upto(&c, 1000);
	return p < 83 ? BEHIND : p < 150 ? REBOOT : p < 175 ? UNSUPPORTED : CURRENT;
}

static void os_text(const struct fleet *f, const struct fleet_terminal *t, struct sb *b)
{
	struct json_put o = { b, false };
	enum health h = health_of(f, t);
	char host[32];
	fleet_host(f, t, host);
	json_put_open(&o, '{');
	json_put_text_at(&o, "family", "windows");
	json_put_text_at(&o, "name", h == UNSUPPORTED ? "Windows 10 Pro" : "Windows 11 Pro");
	json_put_text_at(&o, "version", h == UNSUPPORTED ? "21H2" : "24H2");
	json_put_int_at(&o, "build", h == UNSUPPORTED ? 19044 : 26100);
	json_put_int_at(&o, "ubr", h == UNSUPPORTED ? 3086 : h == CURRENT ? 7171 : 4061);
	json_put_text_at(&o, "edition", "Professional");
	json_put_text_at(&o, "arch", "x64");
	json_put_text_at(&o, "installation", "Client");
	json_put_bool_at(&o, "hotpatch", false);
	json_put_text_at(&o, "host", host);
	json_put_close(&o, '}');
}

static void software_text(const struct fleet *f, const struct fleet_terminal *t, struct sb *b)
{
	struct json_put o = { b, false };
	struct chance c = chance_of(f, t->n, 5, 0);
	json_put_open(&o, '[');
	for (size_t i = 0; i < LEN(software); i++) {
		unsigned there = upto(&c, 100), old = skewed(&c, 3);
		if (i > 1 && there >= 60)
			continue;
		json_put_open(&o, '{');
		json_put_text_at(&o, "name", software[i].name);
		json_put_text_at(&o, "version", software[i].version[old]);
		json_put_text_at(&o, "vendor", software[i].vendor);
		json_put_text_at(&o, "scope", "machine");
		json_put_close(&o, '}');
	}
	json_put_close(&o, ']');
}

static void patches_text(const struct fleet *f, const struct fleet_terminal *t, int64_t at, struct sb *b)
{
	struct json_put o = { b, false };
	enum health h = health_of(f, t);
	json_put_open(&o, '{');
	json_put_key(&o, "qfe");
	json_put_raw(&o, h == BEHIND ? "[\"KB5058411\"]" : "[\"KB5068861\"]", 13);
	json_put_key(&o, "installed");
	json_put_raw(&o, h == REBOOT ? "[\"KB5068861\"]" : "[]", h == REBOOT ? 13 : 2);
	json_put_key(&o, "pending");
	json_put_raw(&o, h == BEHIND ? "[\"KB5068861\"]" : "[]", h == BEHIND ? 13 : 2);
	json_put_bool_at(&o, "reboot", h == REBOOT);
	json_put_int_at(&o, "last_scan", at - 3600000);
	json_put_text_at(&o, "error", "");
	json_put_close(&o, '}');
}

static void hw_text(const struct fleet *f, const struct fleet_terminal *t, struct sb *b)
{
	struct json_put o = { b, false };
	struct chance c = chance_of(f, t->n, 6, 0);
	static const char *const model[] = { "LIFEBOOK U7411", "VersaPro VKM43", "Latitude 5540", "ThinkPad L14" };
	char serial[24];
	snprintf(serial, sizeof serial, "SN%08llu", (unsigned long long)t->n);
	json_put_open(&o, '{');
	json_put_text_at(&o, "vendor", "メーカー");
	json_put_text_at(&o, "model", model[upto(&c, LEN(model))]);
	json_put_text_at(&o, "serial", serial);
	json_put_text_at(&o, "cpu", "Intel(R) Core(TM) i5-1335U");
	json_put_int_at(&o, "ram_mb", 8192 << upto(&c, 2));
	json_put_close(&o, '}');
}

static void put_sections(const struct fleet *f, struct json_put *o, const struct fleet_terminal *t, int64_t at)
{
	struct sb b = SB_INIT;
	json_put_key(o, "sections");
	json_put_open(o, '{');
	os_text(f, t, &b);
	put_section(o, "os", &b, at);
	sb_reset(&b);
	hw_text(f, t, &b);
	put_section(o, "hw", &b, at);
	sb_reset(&b);
	software_text(f, t, &b);
	put_section(o, "software", &b, at);
	sb_reset(&b);
	patches_text(f, t, at, &b);
	put_section(o, "patches", &b, at);
	json_put_close(o, '}');
	sb_free(&b);
}

void fleet_batch(const struct fleet *f, struct fleet_terminal *t, int64_t day, int from, int to, bool inventory, size_t pad,
                 struct sb *out)
{
	static const char digit[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct chance c = chance_of(f, t->n, 7, t->batches++);
	char user[64], ulid[27];
	struct writing w = { { out, false }, t, user, 0 };
	int64_t first = t->next_q, end = ((int64_t)day * 86400 - 9 * 3600 + (int64_t)to * FLEET_SLOT_S) * 1000;
	user_of(f, t, user);
	for (int i = 0; i < 26; i++)
		ulid[i] = digit[i ? draw(&c) & 31 : 0];
	ulid[26] = '\0';
	json_put_open(&w.o, '{');
	json_put_int_at(&w.o, "v", 1);
	json_put_text_at(&w.o, "batch", ulid);
	json_put_int_at(&w.o, "created", end);
	json_put_int_at(&w.o, "tz", 540);
	json_put_int_at(&w.o, "offset", 0);
	if (inventory)
		put_sections(f, &w.o, t, end);
	json_put_key(&w.o, "events");
	json_put_open(&w.o, '[');
	for (int s = from; s < to; s++)
		put_slot(f, &w, day, s);
	w.at = end - 1000;
	put_pad(&w, &c, pad);
	json_put_close(&w.o, ']');
	json_put_int_at(&w.o, "from", first);
	json_put_int_at(&w.o, "to", t->next_q - 1);
	json_put_close(&w.o, '}');
}

void fleet_enrol(const struct fleet *f, const struct fleet_terminal *t, const char *code, const char *token, const char *pub,
                 struct sb *out)
{
	struct json_put o = { out, false };
	struct chance c = chance_of(f, t->n, 8, 0);
	char host[32], uuid[64], serial[24], mac[24];
	uint64_t a = draw(&c), b = draw(&c);
	fleet_host(f, t, host);
	snprintf(uuid, sizeof uuid, "%08X-%04X-4%03X-A%03X-%012llX", (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xFFFF), (unsigned)(a & 0xFFF),
	         (unsigned)(b >> 48 & 0xFFF), (unsigned long long)(b & 0xFFFFFFFFFFFF));
	snprintf(serial, sizeof serial, "BS%08llu%04X", (unsigned long long)t->n, (unsigned)(a & 0xFFFF));
	snprintf(mac, sizeof mac, "02:00:%02x:%02x:%02x:%02x", (unsigned)(t->n >> 24 & 255), (unsigned)(t->n >> 16 & 255), (unsigned)(t->n >> 8 & 255),
	         (unsigned)(t->n & 255));
	json_put_open(&o, '{');
	json_put_int_at(&o, "v", 1);
	json_put_text_at(&o, "code", code);
	json_put_text_at(&o, "token", token);
	json_put_text_at(&o, "pub", pub);
	json_put_text_at(&o, "host", host);
	json_put_text_at(&o, "os", "windows");
	json_put_text_at(&o, "agent", "1.0.0");
	json_put_key(&o, "hw");
	json_put_open(&o, '{');
	json_put_text_at(&o, "smbios_uuid", uuid);
	json_put_text_at(&o, "board_serial", serial);
	json_put_text_at(&o, "machine_guid", uuid);
	json_put_key(&o, "macs");
	json_put_open(&o, '[');
	json_put_text(&o, mac);
	json_put_close(&o, ']');
	json_put_close(&o, '}');
	json_put_close(&o, '}');
}
