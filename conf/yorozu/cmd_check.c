/*
 * yorozu check: runs every check and adds them up. See checkup.h.
 *
 * SECURITY: runs as root, because keys and mail systems' configuration are to be
 * looked at; the store is looked at by a child that has become run_user.
 */
#include "checkup.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/xalloc.h"
#include "text/json_put.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { OUTPUT_MAX = 4 << 20 };

static const char *const words[] = { "ok", "warn", "FAIL" };
static const char *const json_words[] = { "ok", "warn", "fail" };

void check_say(struct check *k, enum check_state state, const char *item, const char *fmt, ...)
{
	va_list ap;
	struct sb text = SB_INIT;
	va_start(ap, fmt);
	sb_vaddf(&text, fmt, ap);
	va_end(ap);
	bool first = k->counts[CHECK_OK] + k->counts[CHECK_WARN] + k->counts[CHECK_FAIL] == 0;
	k->counts[state]++;
	if (k->json) {
		struct sb line = SB_INIT;
		struct json_put o = { &line, false };
		json_put_open(&o, '{');
		json_put_text_at(&o, "item", item);
		json_put_text_at(&o, "state", json_words[state]);
		json_put_text_at(&o, "text", text.s);
		json_put_close(&o, '}');
		printf("%s\n%s", first ? "" : ",", line.s);
		sb_free(&line);
	} else {
		printf("%-4s %-10s %s\n", words[state], item, text.s);
	}
	sb_free(&text);
}

int check_run(char *const argv[], struct sb *out)
{
	char path[32];
	int fd = memfd_create("output", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	int rc = proc_run(argv, fd, NULL);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (io_read_file(path, OUTPUT_MAX, out, NULL) != OK)
		rc = -1;
	close(fd);
	return rc;
}

const char *check_first_line(const struct sb *out, char buf[208])
{
	size_t n = strcspn(out->s, "\r\n");
	snprintf(buf, 208, "%.*s", (int)(n < 200 ? n : 200), out->s);
	for (char *p = buf; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7F)
			*p = ' ';
	return buf;
}

char *check_postconf(const struct check *k, const char *name)
{
	struct sb out = SB_INIT;
	char *dir = instance_postfix_dir(k->c);
	char *argv[] = { "postconf", "-c", dir, "-xh", (char *)name, NULL };
	if (check_run(argv, &out) != 0)
		sb_reset(&out);
	sb_setlen(&out, strcspn(out.s, "\n"));
	free(dir);
	return sb_detach(&out, NULL);
}

static void run_all(struct check *k)
{
	static void (*const checks[])(struct check *) = {
		check_files, check_tls, check_store, check_texts, check_postfix, check_dovecot, check_opendkim,
		check_dns, check_parts,
	};
	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		checks[i](k);
}

static void check_config(struct check *k)
{
	struct err e;
	struct cfg *c = NULL;
	if (!k->f->dir)
		check_say(k, CHECK_FAIL, "config", "which instance? Say -C DIR or set YOROZU_DIR");
	else if (cfg_load(k->f->dir, &c, &e) != OK)
		check_say(k, CHECK_FAIL, "config", "%s", e.msg);
	else if (geteuid() != 0)
		check_say(k, CHECK_FAIL, "config", "only root can look at keys and mail systems: run it with sudo");
	else if (!cfg_is_private(c) && strcmp(c->authserv_id, "auth.invalid") == 0)
		check_say(k, CHECK_FAIL, "config", "authserv_id has its default, which anybody can forge: take a random name, "
		          "here and in OpenDKIM's AuthservID");
	else
		check_say(k, CHECK_OK, "config", "%s/yorozu.conf: %s, %s", c->dir, c->mode, c->domain);
	k->c = c;
}

static int run_check(int argc, char **argv, const struct front *f)
{
	struct check k = { .f = f, .json = argc == 2 && strcmp(argv[1], "--json") == 0 };
	if (argc != 1 && !k.json)
		return front_usage(&cmd_check);
	k.counts = mmap(NULL, CHECK_STATES * sizeof *k.counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (k.counts == MAP_FAILED)
		return 1;
	if (k.json)
		printf("{\"items\":[");
	check_config(&k);
	if (!k.counts[CHECK_FAIL])
		run_all(&k);
	printf(k.json ? "],\n\"ok\":%d,\"warn\":%d,\"fail\":%d}\n" : "%d ok, %d to look at, %d failed\n",
	       k.counts[CHECK_OK], k.counts[CHECK_WARN], k.counts[CHECK_FAIL]);
	int rc = k.counts[CHECK_FAIL] ? 1 : 0;
	munmap(k.counts, CHECK_STATES * sizeof *k.counts);
	cfg_free((struct cfg **)&k.c);
	return rc;
}

const struct front_cmd cmd_check = { "check", run_check, "check [--json]", "is everything as it should be?" };
