/* Room for mails being collected: never more than its size, whoever asks, and
 * all of it comes back. */
#include "room.h"
#include "unit.h"
#include <pthread.h>

enum { MIB = 1 << 20 };

START_TEST(a_few_of_the_largest)
{
	room_open(30 * MIB);
	for (int i = 0; i < 4; i++)
		ck_assert(room_take(30 * MIB));
	ck_assert(!room_take(1));
	room_give(30 * MIB);
	ck_assert(room_take(20 * MIB));
	ck_assert(!room_take(11 * MIB)); /* nothing of it was taken */
	ck_assert(room_take(10 * MIB));
}
END_TEST

START_TEST(usual_mails_always_fit)
{
	room_open(100000);
	for (int i = 0; i < 100; i++)
		ck_assert(room_take(512 << 10));
}
END_TEST

static void *crowd(void *arg)
{
	int *refused = arg;
	for (int i = 0; i < 20000; i++) {
		if (!room_take(20 * MIB)) {
			(*refused)++;
			continue;
		}
		room_give(20 * MIB);
	}
	return NULL;
}

START_TEST(a_crowd_gives_all_back)
{
	pthread_t t[4];
	int refused[4] = { 0 };
	room_open(0);
	for (int i = 0; i < 4; i++)
		ck_assert(pthread_create(&t[i], NULL, crowd, &refused[i]) == 0);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	ck_assert(room_take(64 * MIB));
	ck_assert(!room_take(1));
}
END_TEST

UNIT_SUITE("room", a_few_of_the_largest, usual_mails_always_fit, a_crowd_gives_all_back)
