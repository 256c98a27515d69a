/* Counters in a mapped file: see metrics.h. */
#include "base/metrics.h"
#include "base/io.h"
#include "base/log.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SLOTS = 32, NAME = 56 };

struct slot {
	char name[NAME]; /* "" = free; written once, under the lock */
	_Atomic uint64_t value;
};

static struct slot *slots;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

enum status metrics_open(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(e, ERR_PERM, "%s", path);
	void *p = MAP_FAILED;
	if (ftruncate(fd, SLOTS * sizeof *slots) == 0)
		p = mmap(NULL, SLOTS * sizeof *slots, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	enum status st = p == MAP_FAILED ? err_sys(e, ERR_TEMP, "%s", path) : OK;
	close(fd);
	if (st == OK)
		slots = p;
	return st;
}

static struct slot *find(const char *name)
{
	for (int i = 0; i < SLOTS; i++) {
		if (strcmp(slots[i].name, name) == 0)
			return &slots[i];
		if (!slots[i].name[0]) {
			snprintf(slots[i].name, NAME, "%s", name);
			return &slots[i];
		}
	}
	log_bug("metrics", "more than %d counters", SLOTS);
}

void metrics_add(const char *name, uint64_t n)
{
	if (!slots)
		return;
	pthread_mutex_lock(&lock); /* a few dozen names: shorter than a look-up table */
	struct slot *s = find(name);
	pthread_mutex_unlock(&lock);
	atomic_fetch_add_explicit(&s->value, n, memory_order_relaxed);
}

void metrics_print(const char *path, const char *prefix, struct sb *out)
{
	struct sb file = SB_INIT;
	if (io_read_file(path, SLOTS * sizeof *slots, &file, NULL) == OK)
		for (size_t at = 0; at + sizeof *slots <= file.len; at += sizeof *slots) {
			struct slot s;
			memcpy(&s, file.s + at, sizeof s);
			s.name[NAME - 1] = '\0';
			if (s.name[0])
				sb_addf(out, "# TYPE %s_%s counter\n%s_%s %llu\n", prefix, s.name, prefix, s.name,
				        (unsigned long long)s.value);
		}
	sb_free(&file);
}
