/*
 * What the agent reads that others may have written: segments of its spool,
 * answers of the server, lines of logs, events and devices of Windows. The first octet says which. No crash,
 * nothing beyond the bounds; and a frame that is whole opens only as it was
 * sealed.
 */
#include "agent/answer.h"
#include "agent/devid.h"
#include "agent/evtxml.h"
#include "agent/logs.h"
#include "agent/spool_int.h"
#include <stdlib.h>
#include <string.h>

static void must(int ok)
{
	if (!ok)
		abort();
}

/* As a segment; the CRCs are made right, so that it gets further. */
static void segment(const unsigned char *data, size_t n)
{
	struct spool s = { .key = { 1 } };
	struct sb file = SB_INIT, text = SB_INIT;
	struct segment g;
	struct frame f;
	uint8_t salt[SALT], key[PLAT_KEY];
	size_t at = SEG_HEAD, before;
	sb_add(&file, data, n);
	if (n >= SEG_HEAD) {
		uint32_t crc = spool_crc(file.s, SEG_HEAD - 4);
		for (int i = 0; i < 4; i++)
			file.s[SEG_HEAD - 1 - i] = (char)(crc >> (8 * i));
	}
	if (segment_head(&file, &g, salt)) {
		segment_key(&s, salt, key);
		while (before = at, segment_frame(&file, &at, &f)) {
			struct spool_event v;
			size_t e = 0;
			must(at > before && at <= file.len && f.at + f.nsealed == at);
			if (frame_open(key, &file, &f, &text))
				while (frame_event(&text, &e, &v))
					must(v.json >= text.s && v.json + v.n <= text.s + text.len);
		}
	}
	/* As a frame's text, which only a holder of the key can have written. */
	sb_reset(&text);
	sb_add(&text, data, n);
	struct spool_event v;
	for (size_t e = 0; frame_event(&text, &e, &v);)
		must(v.json + v.n <= text.s + text.len);
	sb_free(&file);
	sb_free(&text);
}

static void answers(const unsigned char *data, size_t n)
{
	struct answer a;
	struct answer_enrol r;
	struct config c;
	struct err e;
	if (answer_batch(data, n, &a, &e) == OK) {
		must(!a.has_ack || (a.ack_to >= 0 && a.ack_to < HC1_Q_MAX));
		must(a.retry_s >= 0 && a.retry_s <= 86400 && a.nfull <= ANSWER_FULL);
		must(!a.config == !a.etag);
		if (a.config && config_read(a.config, &c, &e) == OK)
			config_free(&c);
		answer_free(&a);
	}
	if (answer_enrol(data, n, &r, &e) == OK)
		must(r.key_id >= 1 && r.key_id <= UINT32_MAX);
}

static void lines(const unsigned char *data, size_t n)
{
	struct web_line w;
	struct print_line p;
	const char *s = (const char *)data;
	if (web_line(s, n, &w))
		must(w.host.n > 0 && w.host.n <= 253 && w.user.n <= 128 && w.seconds <= 86400);
	if (print_line(s, n, &p))
		must(p.printer.n <= 128 && p.user.n <= 128 && p.doc.n <= 512 && (!p.doc.n || (p.doc.s >= s && p.doc.s + p.doc.n <= s + n)));
}

static void windows(const unsigned char *data, size_t n)
{
	static struct evt x;
	struct evt_said s;
	struct devid d;
	if (evt_read((const char *)data, n, &x)) {
		must(x.n <= EVT_FIELDS && x.t >= 0);
		evt_say(&x, &s);
	}
	char *id = strndup((const char *)data, n);
	devid_read(id, "USBSTOR", &d);
	free(id);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	if (!n)
		return 0;
	unsigned char *copy = malloc(n); /* exact, so that one octet too far is seen */
	memcpy(copy, data + 1, n - 1);
	switch (data[0] % 4) {
	case 0: segment(copy, n - 1); break;
	case 1: answers(copy, n - 1); break;
	case 2: lines(copy, n - 1); break;
	default: windows(copy, n - 1);
	}
	free(copy);
	return 0;
}
