/* See bench_desk.h. Six of ten mails open a ticket, four join a recent one. */
#include "bench_desk.h"
#include "store/store_audit.h"
#include "store/store_message.h"
#include "store/store_outbox.h"
#include "store/store_people.h"
#include "store/store_ticket.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

char *desk_text(size_t n)
{
	static const char *const words[] = { "パソコン", "の", "動作", "が", "遅い", "です", "。", "セキュリティ",
		"ソフト", "を", "更新", "しました", "、", "ところ", "エラー", "0x80070005", "ご確認", "ください",
		"お願い", "いたします", "株式会社", "担当", "会議", "資料", "添付", "メール", "不審", "な", "\r\n",
		"> ", "http://example.com/", "ウイルス", "対策", "画面", "表示", "されました" };
	char *text = malloc(n + 64);
	size_t len = 0;
	for (uint64_t i = 0; len < n; i++) {
		uint64_t r = mix(i);
		const char *word = words[r % (sizeof words / sizeof *words)];
		size_t k = strlen(word);
		memcpy(text + len, word, k);
		len += k;
		if (r >> 60 == 0) { /* now and then something that does not compress */
			memcpy(text + len, &r, sizeof r);
			len += sizeof r;
		}
	}
	text[n] = '\0';
	return text;
}

struct mail {
	struct arena *a;
	uint64_t r; /* the mail's random number */
	epoch at;
	const char *from, *id;
	struct ticket t;
};

static enum status open_ticket(struct store *s, struct mail *m, int64_t *opened_r, struct err *e)
{
	struct audit row = { .at = m->at, .who = "customer", .what = "ticket.open", .detail = "" };
	m->t = (struct ticket){ .channel = "mail", .subject = "パソコンの動作が遅い件について",
		.opened_at = m->at, .last_at = m->at, .waiting_since = m->at, .due_at = m->at + 86400 };
	enum status st = ticket_create(s, &m->t, e);
	if (st == OK)
		st = party_add(s, m->t.id, m->from, "山田 太郎", m->at, e);
	row.ticket_id = *opened_r = m->t.id;
	if (st == OK)
		st = audit_add(s, &row, e);
	if (st == OK)
		st = ack_record(s, m->from, m->at, e);
	return st;
}

static enum status join_ticket(struct store *s, struct mail *m, int64_t id, struct err *e)
{
	enum status st = ticket_get(s, id, m->a, &m->t, e);
	if (st != OK)
		return st;
	m->t.last_at = m->at;
	st = ticket_update(s, &m->t, e);
	return st == OK ? party_add(s, id, m->from, "山田 太郎", m->at, e) : st;
}

static enum status look_up(struct store *s, struct mail *m, const uint8_t *dedupe, struct err *e)
{
	struct message found;
	struct contract_match who;
	struct msgid_hit hits[4];
	int64_t n;
	enum status st = message_find(s, dedupe, m->a, &found, e);
	if (st != ERR_NOTFOUND)
		return ERR_BUG;
	msgid_find(s, m->id, hits, 4);
	msgid_find(s, arena_printf(m->a, "parent.%s", m->id), hits, 4);
	st = contract_match(s, m->from, m->a, &who, e);
	return st == OK ? ack_count(s, m->from, m->at - 86400, &n, e) : st;
}

static enum status add_rows(struct store *s, struct mail *m, const uint8_t *dedupe, const char *raw, size_t n,
                            bool ack, struct err *e)
{
	struct message msg = { .ticket_id = m->t.id, .at = m->at, .envelope_from = m->from, .from_addr = m->from,
		.from_name = "山田 太郎", .subject = m->t.subject, .message_id = m->id, .client_ip = "192.0.2.77",
		.helo = "mail.example.co.jp", .spf = "pass", .dkim = "pass", .dmarc = "pass", .auto_kind = "none" };
	memcpy(msg.dedupe, dedupe, sizeof msg.dedupe);
	enum status st = message_insert(s, &msg, raw, n, e);
	struct outbox o = { .kind = OUT_STAFF_COPY, .ticket_id = m->t.id, .message_id = msg.id,
		.rcpts = "suzuki@desk.example\nabe@desk.example", .created_at = m->at };
	if (st == OK)
		st = msgid_add(s, m->id, MSGID_SEEN, m->t.id, e);
	if (st == OK)
		st = outbox_add(s, &o, e);
	if (st != OK || !ack)
		return st;
	struct outbox reply = { .kind = OUT_ACK, .ticket_id = m->t.id, .message_id = msg.id, .rcpts = m->from,
		.tmpl = "ack", .created_at = m->at };
	st = outbox_add(s, &reply, e);
	const char *ours = arena_printf(m->a, "t%lld.o%lld.aaaaaaaaaaaaaaaa@example.jp", (long long)m->t.id,
	                                (long long)reply.id);
	return st == OK ? msgid_add(s, ours, MSGID_OURS, m->t.id, e) : st;
}

enum status desk_mail(struct store *s, const struct desk_load *l, uint64_t n, int64_t *opened_r, struct err *e)
{
	struct mail m = { .a = arena_new(), .r = mix(l->seed * 1000003 + n), .at = 1700000000 + (epoch)n };
	uint8_t dedupe[SHA256_LEN];
	unsigned long long x = m.r;
	m.from = arena_printf(m.a, "user%llu@company%llu.example.co.jp", x % 50000, x % 900);
	m.id = arena_printf(m.a, "%016llx.%llu@mail.example.co.jp", x, (unsigned long long)n);
	crypto_sha256(m.id, strlen(m.id), dedupe);
	*opened_r = 0;
	enum status st = look_up(s, &m, dedupe, e);
	bool fresh = x % 10 < 6 || l->tickets < 100;
	if (st == OK)
		st = fresh ? open_ticket(s, &m, opened_r, e) :
		             join_ticket(s, &m, l->tickets - (int64_t)(x >> 32) % 100, e);
	if (st == OK)
		st = add_rows(s, &m, dedupe, l->text + x % 4096, l->body, fresh, e);
	arena_free(&m.a);
	return st;
}

/* As if the mailer had been there. */
static enum status send_all(struct store *s, struct err *e)
{
	for (;;) {
		struct arena *a = arena_new();
		struct outbox *v;
		size_t n;
		enum status st = outbox_claim(s, INT32_MAX, 1000, a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++)
			st = outbox_sent(s, v[i].id, "4ZZZZZ0000zzzz", v[i].created_at + 1, e);
		arena_free(&a);
		if (st != OK || n == 0)
			return st;
	}
}

enum status desk_fill(struct store *s, struct desk_load *l, uint64_t count, struct err *e)
{
	enum status st = OK;
	for (uint64_t i = 0; st == OK && i < count;) {
		st = store_begin(s, e);
		for (uint64_t end = i + DESK_BATCH; st == OK && i < end && i < count; i++) {
			int64_t opened;
			st = desk_mail(s, l, i, &opened, e);
			l->tickets = opened ? opened : l->tickets;
		}
		if (st == OK)
			st = send_all(s, e);
		if (st == OK)
			st = store_commit(s, e);
		fprintf(stderr, "\r%llu", (unsigned long long)i);
	}
	fputc('\n', stderr);
	return st;
}
