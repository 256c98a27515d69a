/*
 * DESK-04, -05: what a ticket's copies in the mailboxes show and when that
 * changes, which tickets a round has to look at, and what the server's lines say.
 */
#include "store_fixture.h"
#include "imap_state.h"
#include "store/store_imap.h"
#include "store/store_merge.h"

static epoch at(const char *text)
{
	epoch t;
	ck_assert_msg(civil_parse_time(text, &t), "%s", text);
	return t;
}

/* ---- what is shown ------------------------------------------------------------ */

static void shows(enum ticket_state state, const char *due, const char *now, enum ticket_mark want, const char *next)
{
	epoch until;
	struct ticket t = { .state = state, .due_at = *due ? at(due) : 0 };
	ck_assert_msg(mark_of(&t, at(now), &until) == want, "due %s, now %s", due, now);
	ck_assert_int_eq(until, *next ? at(next) : 0);
}

START_TEST(a_ticket_shows_its_state)
{
	static const char due[] = "2026-11-25 10:00";
	shows(TICKET_OPEN, due, "2026-11-24 10:00", MARK_OPEN, "2026-11-25 00:00");
	shows(TICKET_OPEN, due, "2026-11-24 23:59:59", MARK_OPEN, "2026-11-25 00:00");
	shows(TICKET_OPEN, due, "2026-11-25 00:00", MARK_TODAY, "2026-11-25 10:00:01"); /* midnight in Japan */
	shows(TICKET_OPEN, due, "2026-11-25 10:00", MARK_TODAY, "2026-11-25 10:00:01");
	shows(TICKET_OPEN, due, "2026-11-25 10:00:01", MARK_OVERDUE, "");
	shows(TICKET_OPEN, "2026-11-24 15:00", "2026-11-24 10:00", MARK_TODAY, "2026-11-24 15:00:01");
	shows(TICKET_OPEN, "", "2026-11-24 10:00", MARK_OPEN, "");
	shows(TICKET_ANSWERED, "", "2026-11-26 10:00", MARK_DONE, "");
	shows(TICKET_CLOSED, "", "2026-11-26 10:00", MARK_DONE, "");
}
END_TEST

/* ---- what is to be done ------------------------------------------------------------ */

static struct showing *rows;

static size_t listed(epoch now)
{
	size_t n;
	ck_ok(showing_list(s, now, 10, a, &rows, &n, &err));
	return n;
}

static struct ticket new_ticket(void)
{
	struct ticket t = a_ticket();
	ck_ok(ticket_create(s, &t, &err));
	return t;
}

START_TEST(a_change_is_looked_at_once)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket t = new_ticket();
	ck_assert_int_eq(listed(1), 1);
	rows[0].shown = 1;
	ck_ok(showing_done(s, &rows[0], 500, &err));
	ck_assert_int_eq(listed(499), 0);
	ck_assert_int_eq(listed(500), 1); /* when time changes what it shows */
	ck_ok(showing_done(s, &rows[0], 0, &err));
	ck_assert_int_eq(listed(INT64_MAX), 0);
	ck_ok(ticket_update(s, &t, &err));
	ck_assert_int_eq(listed(1), 1);
	ck_assert_int_eq(rows[0].shown, 1);
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

START_TEST(a_change_during_a_look_is_not_lost)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket t = new_ticket();
	ck_assert_int_eq(listed(1), 1);
	struct showing before = rows[0];
	ck_ok(ticket_update(s, &t, &err));
	ck_ok(showing_done(s, &before, 0, &err));
	ck_assert_int_eq(listed(1), 1);
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

static void send(enum outbox_kind kind, int64_t ticket)
{
	struct outbox *v, o = { .kind = kind, .rcpts = "a@x", .ticket_id = ticket, .created_at = 1 };
	size_t n;
	ck_ok(outbox_add(s, &o, &err));
	ck_ok(outbox_claim(s, 1, 1, a, &v, &n, &err));
	ck_ok(outbox_sent(s, o.id, "Q", 2, &err));
}

START_TEST(a_copy_that_was_sent_is_waited_for)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket t = new_ticket();
	listed(1);
	ck_ok(showing_done(s, &rows[0], 0, &err));
	send(OUT_ACK, t.id); /* goes to no mailbox of ours */
	ck_assert_int_eq(listed(1), 0);
	send(OUT_STAFF_COPY, t.id);
	ck_assert_int_eq(listed(1), 1);
	ck_assert_int_eq(rows[0].fresh, SHOWING_LOOKS);
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

/* A merged ticket is closed, but its mails wait with the other's. */
START_TEST(a_merge_changes_both)
{
	open_new();
	ck_ok(store_begin(s, &err));
	struct ticket x = new_ticket(), y = new_ticket(), now;
	struct ticket_by by = { "staff:suzuki", 5000 };
	int64_t moved;
	epoch next;
	for (size_t n = listed(1); n--;)
		ck_ok(showing_done(s, &rows[n], 0, &err));
	ck_ok(ticket_merge(s, &x, &y, &by, &moved, &err));
	ck_assert_int_eq(listed(1), 2);
	ck_ok(ticket_current(s, x.id, a, &now, &err));
	ck_assert_int_eq(mark_of(&now, 1000, &next), mark_of(&y, 1000, &next));
	ck_assert_int_ne(mark_of(&now, 1000, &next), MARK_DONE);
	ck_ok(store_commit(s, &err));
	done();
}
END_TEST

/* ---- the server's lines -------------------------------------------------------------- */

static struct keywords k;

static struct imap_fetched fetched(int64_t ticket, const char *const lines[])
{
	struct imap_fetched f = { .ticket = ticket };
	for (size_t i = 0; lines[i]; i++)
		imap_fetched_line(&f, &k, lines[i], strlen(lines[i]));
	return f;
}

START_TEST(a_mail_is_known_by_its_whole_number)
{
	ck_ok(keywords_parse("$label4,$label2, $label1 ,$label3", &k, &err));
	static const char *const one[] = { "* 3 FETCH (UID 7 FLAGS (\\Seen $Label2 $label31) BODY[HEADER.FIELDS (X-YOROZU-TICKET)] {22}\r\n",
		                           "X-Yorozu-Ticket: 12\r\n", "\r\n", ")\r\n", NULL };
	struct imap_fetched f = fetched(12, one);
	ck_assert(f.uid == 7 && f.ours && f.has == 2);
	f = fetched(1, one);
	ck_assert(f.uid == 7 && !f.ours);
	static const char *const behind[] = { "* 3 FETCH (UID 7 BODY[HEADER.FIELDS (X-YOROZU-TICKET)] {22}\r\n",
		                              "x-yorozu-ticket:12\r\n", " FLAGS ($label3 $label4))\r\n", NULL };
	f = fetched(12, behind);
	ck_assert(f.uid == 7 && f.ours && f.has == 9);
	static const char *const other[] = { "* 3 FETCH (FLAGS ($label3))\r\n", "X-Yorozu-Ticket: 12\r\n", "* OK\r\n", NULL };
	f = fetched(12, other);
	ck_assert(!f.uid && !f.ours && !f.has);
}
END_TEST

START_TEST(keywords_are_four_and_different)
{
	static const char *const bad[] = { "", "a,b,c", "a,b,c,d,e", "a,b,c,A", "a,b,c,\\Seen", "a b,c,d,e", "a,,c,d", "a,b,c,d,",
		                           "a,b,c,x(", "a,b,c,ddddddddddddddddddddddddddddddddddddddddddddddddd" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(keywords_parse(bad[i], &k, &err) == ERR_PERM, "%s", bad[i]);
	ck_ok(keywords_parse("open, today,over_due,done.1", &k, &err));
	ck_assert_str_eq(k.v[3], "done.1");
}
END_TEST

UNIT_SUITE("imap_state", a_ticket_shows_its_state, a_change_is_looked_at_once, a_change_during_a_look_is_not_lost,
           a_copy_that_was_sent_is_waited_for, a_merge_changes_both, a_mail_is_known_by_its_whole_number,
           keywords_are_four_and_different)
