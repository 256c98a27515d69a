/* The agent's parts: times of calls, keys, numbers, answers, logs (AGENT-01, -03). */
#include "agent/answer.h"
#include "agent/b64.h"
#include "agent/batch.h"
#include "agent/devid.h"
#include "agent/envelope.h"
#include "agent/evtxml.h"
#include "base/hex.h"
#include "agent/logs.h"
#include "agent/sched.h"
#include "agent/state.h"
#include "agent/x25519.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct err err;

START_TEST(slots_spread_evenly)
{
	unsigned minute[15] = { 0 };
	for (unsigned i = 0; i < 10000; i++) {
		uint8_t id[HC1_ID] = { (uint8_t)i, (uint8_t)(i >> 8), 3 };
		unsigned place = sched_place(id, sizeof id);
		ck_assert_uint_lt(place, SCHED_SLOT_S);
		ck_assert_uint_eq(place, sched_place(id, sizeof id));
		minute[place / 60]++;
	}
	for (int i = 0; i < 15; i++)
		ck_assert(minute[i] > 540 && minute[i] < 800); /* 667 each */
}
END_TEST

START_TEST(a_wait_is_never_longer_than_a_slot)
{
	static const int64_t now[] = { 0, 1, 899999, 900000, 1764000000123, -5, INT64_MAX / 4, -1764000000123 };
	for (size_t i = 0; i < sizeof now / sizeof *now; i++)
		for (unsigned place = 0; place < SCHED_SLOT_S; place += 31) {
			int64_t w = sched_wait_ms(now[i], place, 0);
			ck_assert(w > 0 && w <= SCHED_SLOT_S * 1000);
			ck_assert_int_eq(((now[i] + w) % 900000 + 900000) % 900000, (int64_t)place * 1000);
			ck_assert_int_lt(sched_wait_ms(now[i], place, UINT32_MAX) - w, SCHED_JITTER_S * 1000);
		}
}
END_TEST

START_TEST(back_off)
{
	static const int64_t want[] = { 60, 120, 240, 480, 960, 1920, 3600, 3600 };
	for (unsigned i = 0; i < 8; i++)
		for (uint32_t c = 0; c < 2000; c += 333) {
			int64_t ms = sched_backoff_ms(i + 1, 0, c);
			ck_assert(ms >= want[i] * 750 && ms <= want[i] * 1250);
		}
	ck_assert_int_le(sched_backoff_ms(UINT32_MAX, 0, 999), 3600 * 1250);
	ck_assert(sched_backoff_ms(1, 300, 0) == 300000 && sched_backoff_ms(9, 300, 999) <= 375000);
	ck_assert_int_le(sched_backoff_ms(1, INT64_MAX, 0), (int64_t)SCHED_RETRY_MAX_S * 1000);
}
END_TEST

/* The server was away for a long time, a thousand terminals wait with a backlog:
 * they come back over an hour, and each takes its 4 batches a slot. Played by the
 * second; chance is of a fixed row. */
START_TEST(a_thousand_come_back)
{
	enum { N = 1000, BACKLOG = 40, HOURS = 6 };
	static int calls[HOURS * 3600], left[N];
	uint32_t chance = 20261126;
	int most = 0, in_minute = 0, done = 0;
	memset(calls, 0, sizeof calls);
	for (unsigned i = 0; i < N; i++) {
		uint8_t id[HC1_ID] = { (uint8_t)i, (uint8_t)(i >> 8), 7 };
		unsigned place = sched_place(id, sizeof id);
		chance = chance * 1103515245u + 12345u;
		/* It was in the middle of its longest wait when the server came back. */
		int64_t wait = sched_backoff_ms(20, 0, chance >> 8);
		int64_t t = wait - (int64_t)((uint64_t)wait * (chance >> 16) / 65536);
		for (left[i] = BACKLOG; left[i] > 0 && t / 1000 < HOURS * 3600;) {
			calls[t / 1000] += left[i] < SCHED_BATCHES ? left[i] : SCHED_BATCHES;
			left[i] -= SCHED_BATCHES;
			chance = chance * 1103515245u + 12345u;
			t += sched_wait_ms(t, place, chance >> 8);
		}
		done += left[i] <= 0;
	}
	ck_assert_int_eq(done, N);
	for (int s = 0; s < HOURS * 3600; s++) {
		in_minute += calls[s] - (s >= 60 ? calls[s - 60] : 0);
		most = in_minute > most ? in_minute : most;
	}
	/* All of them at once are 4,000 a quarter of an hour, 267 a minute. */
	ck_assert_int_lt(most, 2 * N * SCHED_BATCHES / 15);
}
END_TEST

START_TEST(hkdf_as_in_rfc_5869)
{
	uint8_t ikm[22], salt[13], info[10], out[42];
	char hex[2 * 42 + 1];
	memset(ikm, 0x0b, sizeof ikm);
	for (uint8_t i = 0; i < 13; i++)
		salt[i] = i;
	for (uint8_t i = 0; i < 10; i++)
		info[i] = 0xf0 | i;
	envelope_hkdf(ikm, sizeof ikm, salt, sizeof salt, info, sizeof info, out, sizeof out);
	hex_encode(out, sizeof out, hex);
	ck_assert_str_eq(hex, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}
END_TEST

START_TEST(base64)
{
	for (size_t n = 0; n < 40; n++) {
		uint8_t p[40], q[40] = { 0 };
		struct sb b = SB_INIT;
		plat_random(p, n);
		b64_of(p, n, &b);
		ck_assert(b64_to(b.s, b.len, q, n) && memcmp(p, q, n) == 0);
		ck_assert(!b64_to(b.s, b.len, q, n + 3));
		if (b.len) {
			b.s[0] = '!';
			ck_assert(!b64_to(b.s, b.len, q, n));
		}
		sb_free(&b);
	}
}
END_TEST

START_TEST(what_an_agent_remembers)
{
	char path[] = "/tmp/yorozu-state-XXXXXX";
	uint8_t sha[PLAT_HASH] = { 1, 2, 3 };
	uint64_t seq;
	struct state *st, *again;
	int fd = mkstemp(path);
	close(fd);
	unlink(path);
	ck_assert_int_eq(state_load(path, 1000, 0, &st, &err), ERR_NOTFOUND);
	state_text(&st->server, "https://a.example");
	state_text(&st->token, "\"\\\n");
	state_text(&st->config, "{\"etag\":\"7\"}");
	st->enrolled = true;
	st->base = -5;
	state_put_section(st, "os", sha);
	ck_assert_int_eq(state_epoch(st, 1764000000000, 5000, &err), OK);
	ck_assert_uint_eq(st->epoch, 1);
	for (uint64_t i = 1; i <= 100; i++) {
		ck_assert_int_eq(state_seq(st, 1764000000000, 5000, &seq, &err), OK);
		ck_assert_uint_eq(seq, i);
		ck_assert_int_eq(state_load(path, 1764000000000, 0, &again, &err), OK);
		ck_assert_uint_ge(again->seq, seq); /* killed here, it goes on behind what may have been used */
		state_free(&again);
	}
	ck_assert_int_eq(state_load(path, 1764000000000, 0, &again, &err), OK);
	ck_assert_str_eq(again->server, "https://a.example");
	ck_assert_str_eq(again->token, "\"\\\n");
	ck_assert_str_eq(again->config, "{\"etag\":\"7\"}");
	ck_assert(again->enrolled && again->base == -5 && state_has_section(again, "os", sha) && !state_has_section(again, "hw", sha));
	ck_assert_mem_eq(again->spool_key, st->spool_key, PLAT_KEY);
	/* A new start, a new epoch: the clock's seconds, or one more where the clock went back. */
	ck_assert_int_eq(state_epoch(again, 1764000000000, 0, &err), OK);
	ck_assert_uint_eq(again->epoch, 1764000000);
	ck_assert_int_eq(state_epoch(again, 0, 0, &err), OK);
	ck_assert_uint_eq(again->epoch, 1764000001);
	state_free(&again);
	state_free(&st);
	unlink(path);
}
END_TEST

START_TEST(the_age_clock_does_not_jump)
{
	const int64_t day = 86400000;
	char path[] = "/tmp/yorozu-state-XXXXXX";
	struct state *st;
	close(mkstemp(path));
	unlink(path);
	ck_assert_int_eq(state_load(path, 100 * day, 0, &st, &err), ERR_NOTFOUND);
	ck_assert_int_eq(state_save(st, 100 * day, 2 * day, &err), OK); /* it ran for two days */
	ck_assert_int_eq(state_age(st, 3 * day), 3 * day);
	ck_assert_int_eq(state_age(st, 0), 2 * day);
	state_free(&st);
	static const struct {
		int64_t wall, age;
	} row[] = { { 103, 5 }, { 114, 16 }, { 115, 2 }, { 99, 2 }, { 40000, 2 } }; /* off for 3 days, 14; jumps */
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		ck_assert_int_eq(state_load(path, row[i].wall * day, 7, &st, &err), OK);
		ck_assert_int_eq(state_age(st, 7), row[i].age * day);
		state_free(&st);
	}
	unlink(path);
}
END_TEST

START_TEST(answers)
{
	struct answer a;
	struct answer_enrol n;
	static const char good[] = "{\"ack_to\":17,\"missing\":[[3,4]],\"need_full\":[\"os\",\"hw\"],\"retry_after\":5,"
	                           "\"config\":{\"etag\":\"e1\",\"watch\":[\"/srv\"],\"new\":[{}]},\"unknown\":{\"x\":[1]}}";
	ck_assert_int_eq(answer_batch(good, sizeof good - 1, &a, &err), OK);
	ck_assert(a.has_ack && a.ack_to == 17 && a.nfull == 2 && a.retry_s == 5);
	ck_assert_str_eq(a.need_full[1], "hw");
	ck_assert_str_eq(a.etag, "e1");
	struct config c;
	ck_assert_int_eq(config_read(a.config, &c, &err), OK);
	ck_assert(c.nwatch == 1 && !config_off(&c, "web"));
	config_free(&c);
	answer_free(&a);
	static const char *const bad[] = { "", "[]", "{\"ack_to\":-1}", "{\"ack_to\":9007199254740993}", "{\"ack_to\":1.5}", "{\"ack_to\":1",
	                                   "<html>", "{\"need_full\":{}}" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_int_ne(answer_batch(bad[i], strlen(bad[i]), &a, &err), OK);
	static const char enrol[] = "{\"agent_id\":\"00112233445566778899aabbccddeeff\",\"key_id\":1,\"t\":5,"
	                            "\"pub\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}";
	ck_assert_msg(answer_enrol(enrol, sizeof enrol - 1, &n, &err) == OK, "%s", err.msg);
	ck_assert(n.agent_id[15] == 0xff && n.pub[31] == 31 && n.key_id == 1);
	ck_assert_int_eq(answer_enrol(enrol, 60, &n, &err), ERR_PERM);
	ck_assert_int_eq(answer_enrol("{}", 2, &n, &err), ERR_PERM);
}
END_TEST

static bool is(const struct log_word *w, const char *s)
{
	return w->n == strlen(s) && memcmp(w->s, s, w->n) == 0;
}

START_TEST(lines_of_logs)
{
	struct web_line w;
	struct print_line p;
	static const char *const web_bad[] = { "", "x a.jp 3", "1764000000123 a/b.jp 3", "1764000000123 a.jp", "1764000000123 a.jp -3",
	                                       "99999999999999999999 a.jp 3" };
	const char *s = "1764000000123 www.example.jp 35 KK\\sato";
	ck_assert(web_line(s, strlen(s), &w) && w.t == 1764000000123 && is(&w.host, "www.example.jp") && w.seconds == 35 && is(&w.user, "KK\\sato"));
	for (size_t i = 0; i < sizeof web_bad / sizeof *web_bad; i++)
		ck_assert(!web_line(web_bad[i], strlen(web_bad[i]), &w));
	s = "Canon-2F sato 41 [25/Nov/2026:18:00:05 +0900] total 7 - localhost 見積書 11月.pdf iso_a4 one-sided";
	ck_assert(print_line(s, strlen(s), &p) && p.total && p.pages == 7 && p.job == 41 && is(&p.doc, "見積書 11月.pdf") && is(&p.user, "sato"));
	ck_assert_int_eq(p.t, 1795597205000);
	s = "lp root 2 [01/Jan/1970:00:00:00 +0000] 3 2 - localhost a b c";
	ck_assert(print_line(s, strlen(s), &p) && !p.total && p.pages == 2 && p.t == 0 && is(&p.doc, "a"));
	s = "lp root 2 [01/Foo/1970:00:00:00 +0000] 3 2 - localhost a b c";
	ck_assert(!print_line(s, strlen(s), &p));
	ck_assert(!print_line("lp root", 7, &p));
}
END_TEST

START_TEST(options_of_a_batch)
{
	char a[27], b[27];
	batch_ulid(1764000000123, a);
	batch_ulid(1764000000123, b);
	ck_assert_int_eq(strlen(a), 26);
	ck_assert(memcmp(a, b, 10) == 0 && strcmp(a, b) != 0 && a[0] == '0');
}
END_TEST

/* ---- what is used on Windows only */
START_TEST(curve_as_in_rfc_7748_and_openssl)
{
	static const char scalar[] = "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4";
	static const char point[] = "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c";
	uint8_t k[32], u[32], ours[32], theirs[32];
	char hex[65];
	ck_assert(hex_to(scalar, 64, k, 32) && hex_to(point, 64, u, 32) && x25519(k, u, ours));
	hex_encode(ours, 32, hex);
	ck_assert_str_eq(hex, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
	for (int i = 0; i < 2000; i++) {
		plat_random(k, 32);
		plat_random(u, 32);
		if (i % 5 == 0) { /* at the edges of the field */
			memset(u, 0xFF, 32);
			u[0] = (uint8_t)(0xE0 + i / 5 % 32);
			u[31] = i % 2 ? 0x7F : 0xFF;
		}
		bool ok = x25519(k, u, ours);
		ck_assert_int_eq(ok, plat_x25519(k, u, theirs));
		if (ok)
			ck_assert_mem_eq(ours, theirs, 32);
	}
	memset(u, 0, 32);
	ck_assert(!x25519(k, u, ours)); /* a point of low order */
}
END_TEST

/* Written here, in the form in which Windows renders its events. */
#define EVT(provider, id, data)                                                                                        \
	"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='" provider "'/>" \
	"<EventID Qualifiers='0'>" id "</EventID><Level>0</Level><TimeCreated SystemTime='2026-11-25T00:12:13.4567890Z'/>" \
	"<EventRecordID>12345</EventRecordID><Channel>X</Channel><Computer>PC-07</Computer><Security/></System>" data "</Event>"
#define LOGON(id, user, domain, type)                                                                                  \
	EVT("Microsoft-Windows-Security-Auditing", id, "<EventData><Data Name='SubjectUserName'>PC-07$</Data>"         \
	    "<Data Name='TargetUserName'>" user "</Data><Data Name='TargetDomainName'>" domain "</Data>"               \
	    "<Data Name='LogonType'>" type "</Data><Data Name='IpAddress'/></EventData>")

START_TEST(events_of_windows)
{
	static const struct {
		const char *xml, *kind, *how, *user;
	} row[] = {
		{ EVT("Microsoft-Windows-Kernel-General", "12", "<EventData><Data Name='MajorVersion'>10</Data></EventData>"), "boot", NULL, "" },
		{ EVT("Microsoft-Windows-Kernel-General", "13", ""), "shutdown", NULL, "" },
		{ EVT("Other", "12", ""), NULL, NULL, NULL },
		{ LOGON("4624", "佐藤 &amp; Co", "KK", "2"), "logon", "console", "KK\\佐藤 & Co" },
		{ LOGON("4624", "sato", "KK", "10"), "logon", "remote", "KK\\sato" },
		{ LOGON("4624", "sato", "KK", "7"), "unlock", "console", "KK\\sato" },
		{ LOGON("4624", "sato", "KK", "3"), NULL, NULL, NULL },
		{ LOGON("4624", "SYSTEM", "NT AUTHORITY", "5"), NULL, NULL, NULL },
		{ LOGON("4624", "DWM-1", "Window Manager", "2"), NULL, NULL, NULL },
		{ LOGON("4624", "PC-07$", "KK", "2"), NULL, NULL, NULL },
		{ LOGON("4647", "&#x4F50;&#34276;", "KK", "2"), "logoff", NULL, "KK\\佐藤" },
	};
	static struct evt x;
	struct evt_said s;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		ck_assert(evt_read(row[i].xml, strlen(row[i].xml), &x));
		ck_assert(x.record == 12345 && x.t == 1795565533456);
		ck_assert_int_eq(evt_say(&x, &s), row[i].kind != NULL);
		if (!row[i].kind)
			continue;
		ck_assert_str_eq(s.kind, row[i].kind);
		ck_assert_str_eq(s.user, row[i].user);
		ck_assert_str_eq(s.how ? s.how : "", row[i].how ? row[i].how : "");
	}
	static const char print[] = EVT("Microsoft-Windows-PrintService", "307",
	                                "<UserData><DocumentPrinted xmlns='x'><Param1>4</Param1><Param2>見積書.docx</Param2><Param3>sato</Param3>"
	                                "<Param4>\\\\PC-07</Param4><Param5>複合機 2F</Param5><Param6>IP_1</Param6><Param7>1234</Param7><Param8>3</Param8>"
	                                "</DocumentPrinted></UserData>");
	ck_assert(evt_read(print, strlen(print), &x) && evt_say(&x, &s));
	ck_assert_str_eq(s.doc, "見積書.docx");
	ck_assert_str_eq(s.printer, "複合機 2F");
	ck_assert_int_eq(s.pages, 3);
	for (size_t cut = 0; cut < strlen(print); cut++) { /* none reads beyond its end */
		char *copy = strndup(print, cut);
		evt_read(copy, cut, &x);
		free(copy);
	}
}
END_TEST

START_TEST(devices_of_windows)
{
	static const struct {
		const char *id, *service, *kind, *vid, *serial;
	} row[] = {
		{ "USB\\VID_0781&PID_5583\\4C530001231120115184", "USBSTOR", "usb_storage", "0781", "4C530001231120115184" },
		{ "USB\\VID_0411&PID_02DA\\7&1A2B3C&0&2", "UASPStor", "usb_storage", "0411", "" },
		{ "USB\\VID_05AC&PID_12A8\\00008110-000A", "WUDFWpdMtp", "phone", "05ac", "00008110-000A" },
		{ "USB\\VID_046D&PID_C52B\\6&2", "HidUsb", "other", "046d", "" },
		{ "USB\\VID_046D&PID_C52B&MI_00\\7&3", "HidUsb", NULL, NULL, NULL },
		{ "USB\\ROOT_HUB30\\4&1", "USBHUB3", NULL, NULL, NULL },
		{ "SCSI\\CDROM&VEN_HL-DT-ST&PROD_DVDRAM\\4&2", "cdrom", "optical", "", "" },
		{ "SCSI\\DISK&VEN_NVME&PROD_SAMSUNG\\5&1", "disk", "disk", "", "" },
		{ "USBSTOR\\DISK&VEN_SANDISK&PROD_ULTRA\\4C53&0", "disk", NULL, NULL, NULL },
		{ "PCI\\VEN_8086&DEV_1234\\3&1", "e1dexpress", NULL, NULL, NULL },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct devid d;
		ck_assert_int_eq(devid_read(row[i].id, row[i].service, &d), row[i].kind != NULL);
		if (!row[i].kind)
			continue;
		ck_assert_str_eq(d.kind, row[i].kind);
		ck_assert_str_eq(d.vid, row[i].vid);
		ck_assert_str_eq(d.serial, row[i].serial);
	}
}
END_TEST

UNIT_SUITE("agent", slots_spread_evenly, a_wait_is_never_longer_than_a_slot, back_off, a_thousand_come_back, hkdf_as_in_rfc_5869, base64, what_an_agent_remembers,
           the_age_clock_does_not_jump, answers, lines_of_logs, options_of_a_batch, curve_as_in_rfc_7748_and_openssl, events_of_windows, devices_of_windows)
