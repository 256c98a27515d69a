#ifndef MILTER_ROOM_H
#define MILTER_ROOM_H
/*
 * Room for the mails being collected, all connections together: the desk works
 * on a mail in about three times its size, so a hundred of the largest at once
 * would be gigabytes. Who finds no room is asked to come again. Thread-safe.
 */
#include <stdbool.h>
#include <stddef.h>

/* Room for a few of the largest mails, and always for a crowd of usual ones. */
void room_open(size_t largest_mail);
bool room_take(size_t n); /* false: nothing was taken */
void room_give(size_t n);

#endif
