/* What a daemon owes the system around it: logs that can be rotated, a word to
 * systemd, the key it was lent (OPS-04, OPS-07). */
#include "base/cfg.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include "unit.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char dir[64], path[96], other[96];

static void new_dir(void)
{
	snprintf(dir, sizeof dir, "/tmp/yorozu-daemon-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/a", dir);
	snprintf(other, sizeof other, "%s/b", dir);
}

static void remove_dir(void)
{
	unlink(path);
	unlink(other);
	ck_assert_int_eq(rmdir(dir), 0);
}

static size_t lines_in(const char *file)
{
	struct sb b = SB_INIT;
	size_t n = 0;
	ck_assert_int_eq(io_read_file(file, 64 << 20, &b, NULL), OK);
	for (size_t i = 0; i < b.len; i++)
		n += b.s[i] == '\n';
	sb_free(&b);
	return n;
}

enum { WRITERS = 4, LINES = 5000 };

static void *write_lines(void *arg)
{
	for (int i = 0; i < LINES; i++)
		log_info("test", "n=%d", i);
	return arg;
}

START_TEST(no_line_is_lost_when_logs_are_rotated)
{
	pthread_t t[WRITERS];
	new_dir();
	log_open("test", path, LOG_LV_INFO);
	for (int i = 0; i < WRITERS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, write_lines, NULL), 0);
	while (lines_in(path) < LINES)
		sched_yield();
	ck_assert_int_eq(rename(path, other), 0);
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(t[i], NULL);
	log_info("test", " ");
	ck_assert_int_gt(lines_in(path), 0);
	ck_assert_int_eq(lines_in(path) + lines_in(other), WRITERS * LINES + 1);
	remove_dir();
}
END_TEST

START_TEST(where_the_new_log_cannot_be_made_the_old_one_goes_on)
{
	new_dir();
	log_open("test", path, LOG_LV_INFO);
	ck_assert_int_eq(rename(path, other), 0);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	log_info("test", " ");
	ck_assert_int_eq(lines_in(other), 1);
	ck_assert_int_eq(rmdir(path), 0);
	remove_dir();
}
END_TEST

START_TEST(systemd_is_told_once_we_serve)
{
	char got[16] = "";
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	new_dir();
	unsetenv("NOTIFY_SOCKET");
	proc_ready();
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	memcpy(sa.sun_path, path, strlen(path) + 1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sa, sizeof sa), 0);
	setenv("NOTIFY_SOCKET", path, 1);
	proc_ready();
	ck_assert_int_eq(recv(fd, got, sizeof got - 1, MSG_DONTWAIT), 7);
	ck_assert_str_eq(got, "READY=1");
	close(fd);
	remove_dir();
}
END_TEST

START_TEST(systemd_is_told_at_an_abstract_name_too)
{
	char got[16] = "", name[64];
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int n = snprintf(name, sizeof name, "@yorozu-test-%d", (int)getpid());
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	memcpy(sa.sun_path + 1, name + 1, (size_t)n - 1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&sa, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)), 0);
	setenv("NOTIFY_SOCKET", name, 1);
	proc_ready();
	ck_assert_int_eq(recv(fd, got, sizeof got - 1, MSG_DONTWAIT), 7);
	close(fd);
}
END_TEST

START_TEST(a_key_that_was_lent_is_read_before_the_one_on_the_disk)
{
	struct cfg *c;
	char want[128];
	new_dir();
	ck_assert_int_eq(cfg_parse("test", "", "/inst", &c, NULL), OK);
	unsetenv("CREDENTIALS_DIRECTORY");
	char *plain = cfg_key_path(c, "a");
	ck_assert_str_eq(plain, "/inst/keys/a");
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	char *absent = cfg_key_path(c, "a");
	ck_assert_str_eq(absent, "/inst/keys/a");
	ck_assert_int_eq(io_write_file(path, 0600, "k", 1, NULL), OK);
	char *lent = cfg_key_path(c, "a");
	snprintf(want, sizeof want, "%s/a", dir);
	ck_assert_str_eq(lent, want);
	free(plain), free(absent), free(lent);
	cfg_free(&c);
	remove_dir();
}
END_TEST

UNIT_SUITE("daemon", no_line_is_lost_when_logs_are_rotated, where_the_new_log_cannot_be_made_the_old_one_goes_on,
           systemd_is_told_once_we_serve, systemd_is_told_at_an_abstract_name_too,
           a_key_that_was_lent_is_read_before_the_one_on_the_disk)
