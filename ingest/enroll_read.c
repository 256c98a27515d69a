/* Enrolments, read: see enroll_read.h. */
#include "enroll_read.h"
#include "base/crypto.h"
#include "store/store_terminal.h"
#include "text/json.h"
#include "text/machine.h"
#include <string.h>

enum { CODE_MAX = 32, TOKEN_MAX = 128, MACS_MAX = 16 };

struct reading {
	struct arena *a;
	struct enroll_request *q;
	const char *pub64;
	bool version;
};

static void read_text(struct reading *x, struct json *j, size_t max, const char **r)
{
	char buf[TERMINAL_NAME_MAX];
	struct json_str s;
	if (!json_string(j, &s))
		return;
	json_copy(&s, buf, max < sizeof buf ? max : sizeof buf);
	*r = arena_strdup(x->a, buf);
}

static void read_fact(struct reading *x, struct json *j, const char **r)
{
	char fact[MACHINE_FACT_MAX];
	const char *text = "";
	if (json_null(j))
		return;
	read_text(x, j, TERMINAL_NAME_MAX, &text);
	machine_fact(text, fact);
	*r = arena_strdup(x->a, fact);
}

static void read_macs(struct reading *x, struct json *j)
{
	struct sb all = SB_INIT;
	size_t n = 0;
	for (json_array(j); json_item(j);) {
		const char *mac = "";
		read_text(x, j, 32, &mac);
		if (n++ < MACS_MAX)
			sb_addf(&all, "%s%s", all.len ? " " : "", mac);
	}
	x->q->macs = arena_strdup(x->a, all.s);
	sb_free(&all);
}

static void read_hw(struct reading *x, struct json *j)
{
	struct json_str key;
	json_object(j);
	while (json_key(j, &key)) {
		if (json_eq(&key, "smbios_uuid"))
			read_fact(x, j, &x->q->smbios_uuid);
		else if (json_eq(&key, "board_serial"))
			read_fact(x, j, &x->q->board_serial);
		else if (json_eq(&key, "machine_guid"))
			read_fact(x, j, &x->q->machine_guid);
		else if (json_eq(&key, "macs") && json_peek(j) == JSON_ARRAY)
			read_macs(x, j);
	}
}

static void read_member(struct reading *x, struct json *j, const struct json_str *key)
{
	int64_t v = 0;
	if (json_eq(key, "v"))
		x->version = json_int(j, &v) && v == 1;
	else if (json_eq(key, "code"))
		read_text(x, j, CODE_MAX, &x->q->code);
	else if (json_eq(key, "token"))
		read_text(x, j, TOKEN_MAX, &x->q->token);
	else if (json_eq(key, "pub"))
		read_text(x, j, TERMINAL_NAME_MAX, &x->pub64);
	else if (json_eq(key, "host"))
		read_text(x, j, TERMINAL_NAME_MAX, &x->q->host);
	else if (json_eq(key, "os"))
		read_text(x, j, TERMINAL_NAME_MAX, &x->q->os);
	else if (json_eq(key, "agent"))
		read_text(x, j, TERMINAL_NAME_MAX, &x->q->agent);
	else if (json_eq(key, "hw") && json_peek(j) == JSON_OBJECT)
		read_hw(x, j);
}

static bool read_pub(struct reading *x)
{
	struct sb raw = SB_INIT;
	bool good = b64_decode(x->pub64, strlen(x->pub64), &raw) && raw.len == HC1_PUB;
	if (good)
		memcpy(x->q->pub, raw.s, HC1_PUB);
	sb_free(&raw);
	return good;
}

enum status enroll_read(const char *p, size_t n, struct arena *a, struct enroll_request *q, struct err *e)
{
	struct json j;
	struct json_str key;
	struct reading x = { .a = a, .q = q, .pub64 = "" };
	*q = (struct enroll_request){ "", "", "", "", "", "", "", "", "", { 0 } };
	json_init(&j, p, n, HC1_DEPTH_MAX);
	json_object(&j);
	while (json_key(&j, &key))
		read_member(&x, &j, &key);
	enum status st = json_end(&j, e);
	if (st == OK && (!x.version || !*q->code || !*q->host || !read_pub(&x)))
		st = err_set(e, ERR_PERM, "an enrolment without all its members");
	return st;
}
