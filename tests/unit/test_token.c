/* Signed addresses and Message-IDs: what is true joins, what is forged does not. */
#include "mail/token.h"
#include "unit.h"
#include <ctype.h>
#include <string.h>

static struct token_ctx t;
static struct arena *a;

static void setup(void)
{
	static const uint8_t master[KEY_LEN] = { 7 };
	token_init(&t, master, "sodan", "example.jp");
	a = arena_new();
}

START_TEST(ticket_address_round_trip)
{
	setup();
	int64_t id;
	char *addr = token_ticket_address(&t, a, 12);
	ck_assert_int_eq(token_classify(&t, addr, &id), TOKEN_TICKET);
	ck_assert_int_eq(id, 12);
	for (char *p = addr; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	ck_assert_int_eq(token_classify(&t, addr, &id), TOKEN_TICKET);
	ck_assert_int_eq(id, 12);
}
END_TEST

START_TEST(every_changed_letter_is_forged)
{
	setup();
	int64_t id;
	char *addr = token_ticket_address(&t, a, 12);
	size_t from = strlen("sodan+"), to = strcspn(addr, "@");
	for (size_t i = from; i < to; i++) {
		char keep = addr[i];
		addr[i] = keep == 'a' ? 'b' : 'a';
		ck_assert_int_eq(token_classify(&t, addr, &id), TOKEN_FORGED);
		addr[i] = keep;
	}
}
END_TEST

START_TEST(notes_commands_and_held_mails_round_trip)
{
	setup();
	int64_t id;
	ck_assert_int_eq(token_classify(&t, token_note_address(&t, a, 12), &id), TOKEN_NOTE);
	ck_assert_int_eq(id, 12);
	ck_assert_int_eq(token_classify(&t, token_command_address(&t, a, 0), &id), TOKEN_COMMAND);
	ck_assert_int_eq(id, 0);
	ck_assert_int_eq(token_classify(&t, token_held_address(&t, a, 56), &id), TOKEN_HELD);
	ck_assert_int_eq(id, 56);
}
END_TEST

START_TEST(kinds_do_not_mix)
{
	setup();
	int64_t id;
	const char *mac = strchr(token_bounce_address(&t, a, 12), '-');
	char *mixed = arena_printf(a, "sodan+t12%s", mac);
	ck_assert_int_eq(token_classify(&t, mixed, &id), TOKEN_FORGED);
	ck_assert_int_eq(token_classify(&t, token_bounce_address(&t, a, 34), &id), TOKEN_BOUNCE);
	ck_assert_int_eq(id, 34);
}
END_TEST

START_TEST(what_is_no_address_of_the_desk)
{
	setup();
	static const struct { const char *addr; enum token_kind want; } rows[] = {
		{ "sodan@example.jp", TOKEN_DESK },
		{ "SODAN@EXAMPLE.JP", TOKEN_DESK },
		{ "sodan@example.com", TOKEN_NONE },
		{ "sodan@sub.example.jp", TOKEN_NONE },
		{ "sodan2@example.jp", TOKEN_NONE },
		{ "sodan", TOKEN_NONE },
		{ "", TOKEN_NONE },
		{ "@example.jp", TOKEN_NONE },
		{ "sodan+@example.jp", TOKEN_FORGED },
		{ "sodan+t@example.jp", TOKEN_FORGED },
		{ "sodan+t12@example.jp", TOKEN_FORGED },
		{ "sodan+t12-@example.jp", TOKEN_FORGED },
		{ "sodan+t99999999999999999999-aaaaaaaaaaaaaaaa@example.jp", TOKEN_FORGED },
		{ "bounce@example.jp", TOKEN_FORGED },
		{ "bouncer@example.jp", TOKEN_NONE },
	};
	int64_t id;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_msg(token_classify(&t, rows[i].addr, &id) == rows[i].want, "%s", rows[i].addr);
}
END_TEST

START_TEST(another_instance_key_is_forged)
{
	setup();
	static const uint8_t other[KEY_LEN] = { 8 };
	struct token_ctx u;
	int64_t id;
	token_init(&u, other, "sodan", "example.jp");
	ck_assert_int_eq(token_classify(&u, token_ticket_address(&t, a, 1), &id), TOKEN_FORGED);
}
END_TEST

START_TEST(message_ids)
{
	setup();
	int64_t ticket, outbox;
	char *id = token_message_id(&t, a, 12, 34);
	ck_assert(token_parse_message_id(&t, id, &ticket, &outbox));
	ck_assert_int_eq(ticket, 12);
	ck_assert_int_eq(outbox, 34);
	ck_assert(!token_parse_message_id(&t, arena_printf(a, "%sx", id), NULL, NULL));
	id[1] = '2';
	ck_assert(!token_parse_message_id(&t, id, NULL, NULL));
	ck_assert(!token_parse_message_id(&t, "", NULL, NULL));
}
END_TEST

UNIT_SUITE("token", ticket_address_round_trip, notes_commands_and_held_mails_round_trip,
	    every_changed_letter_is_forged, kinds_do_not_mix,
           what_is_no_address_of_the_desk, another_instance_key_is_forged, message_ids)
