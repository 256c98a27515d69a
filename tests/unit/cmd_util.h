#ifndef TESTS_CMD_UTIL_H
#define TESTS_CMD_UTIL_H
/* The front command as people type it: what it prints, and its exit codes.
 * Runs the built program, which lies at ../bin/yorozu from the test. */
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "unit.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Output and errors together; *rc_r the exit code. */
static inline char *run(const char *args, int *rc_r)
{
	char self[PATH_MAX];
	struct sb out = SB_INIT;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	ck_assert_int_gt(n, 0);
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	char *cmd = xasprintf("unset YOROZU_DIR; { '%s/../bin/yorozu' %s; } 2>&1", self, args);
	FILE *p = popen(cmd, "r");
	ck_assert_ptr_nonnull(p);
	for (int ch; (ch = getc(p)) != EOF;)
		sb_addc(&out, (char)ch);
	int st = pclose(p);
	ck_assert_msg(WIFEXITED(st), "%s", args);
	*rc_r = WEXITSTATUS(st);
	free(cmd);
	return sb_detach(&out, NULL);
}

static inline void expect(const char *args, int rc, const char *want)
{
	int got;
	char *out = run(args, &got);
	ck_assert_msg(got == rc && strcmp(out, want) == 0, "yorozu %s: exit %d, %s", args, got, out);
	free(out);
}

static inline void expect_line(const char *args, int rc, const char *part)
{
	int got;
	char *out = run(args, &got);
	ck_assert_msg(got == rc && strstr(out, part), "yorozu %s: exit %d, %s", args, got, out);
	free(out);
}

#endif
