/*
 * An encrypted PDF by qpdf's C interface. A PDF is a program for its reader and
 * ours is a library in C++ of some size, so it works in a child: what makes it
 * run wild, eat the memory or fall over costs that child, and the document goes
 * into a ZIP instead.
 *
 * The child shares the document's and the password's memory as fork leaves it
 * and gives the result back through a pipe. It opens no store and no file.
 */
#include "pack.h"
#include "base/io.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <qpdf/qpdf-c.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PDF_SECONDS = 20, PDF_MEMORY = 1 << 30, CHUNK = 64 << 10 };
enum { EXIT_DONE = 0, EXIT_UNFIT = 3 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 }; /* their shadow memory is larger than any limit */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

bool pack_is_pdf(const void *p, size_t n)
{
	/* readers look for it in the first 1,024 bytes (ISO 32000-1, annex H) */
	return memmem(p, n < 1024 ? n : 1024, "%PDF-", 5) != NULL;
}

/* A signature's dictionary can't hide in a compressed stream: its offsets count. */
static bool is_signed(const void *p, size_t n)
{
	return memmem(p, n, "/ByteRange", 10) != NULL;
}

/* ---- in the child --------------------------------------------------------------- */

static void set_limit(int what, rlim_t n)
{
	const struct rlimit r = { n, n };
	if (setrlimit(what, &r) != 0)
		_exit(EXIT_UNFIT);
}

static void limits(void)
{
	set_limit(RLIMIT_CORE, 0); /* the password is in memory */
	set_limit(RLIMIT_FSIZE, 0);
	set_limit(RLIMIT_CPU, PDF_SECONDS);
	if (!SANITIZED)
		set_limit(RLIMIT_DATA, PDF_MEMORY);
}

static bool encrypt(qpdf_data q, const void *p, size_t n, const char *password)
{
	qpdf_set_suppress_warnings(q, QPDF_TRUE);
	qpdf_silence_errors(q);
	if (qpdf_read_memory(q, "attachment", p, n, NULL) & QPDF_ERRORS || qpdf_is_encrypted(q))
		return false;
	if (qpdf_init_write_memory(q) & QPDF_ERRORS)
		return false;
	/* Who has the password may do everything: it is a seal, not a restriction. */
	qpdf_set_r6_encryption_parameters2(q, password, password, QPDF_TRUE, QPDF_TRUE, QPDF_TRUE, QPDF_TRUE, QPDF_TRUE,
	                                   QPDF_TRUE, qpdf_r3p_full, QPDF_TRUE);
	return !(qpdf_write(q) & QPDF_ERRORS) && qpdf_get_buffer(q);
}

static _Noreturn void child(int out, const void *p, size_t n, const char *password)
{
	signal(SIGPIPE, SIG_DFL);
	limits();
	qpdf_data q = qpdf_init();
	bool ok = encrypt(q, p, n, password) && io_write_all(out, qpdf_get_buffer(q), qpdf_get_buffer_length(q));
	_exit(ok ? EXIT_DONE : EXIT_UNFIT);
}

/* ---- in the parent -------------------------------------------------------------- */

/* Until the child closes its end. ERR_LIMIT, or ERR_PERM when its time is over. */
static enum status take(int fd, size_t max, struct sb *out, struct err *e)
{
	const size_t before = out->len;
	const int64_t end = clk_mono_ms() + PDF_SECONDS * 1000;
	for (;;) {
		struct pollfd pf = { .fd = fd, .events = POLLIN };
		int64_t left = end - clk_mono_ms();
		int ready = left > 0 ? poll(&pf, 1, (int)left) : 0;
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return err_set(e, ERR_PERM, "pdf: not done in %d seconds", PDF_SECONDS);
		sb_grow(out, CHUNK);
		ssize_t k = read(fd, out->s + out->len, CHUNK);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return k == 0 ? OK : err_sys(e, ERR_TEMP, "pdf: pipe");
		out->len += (size_t)k;
		out->s[out->len] = '\0';
		if (out->len - before > max)
			return err_set(e, ERR_LIMIT, "pdf: more than %zu bytes", max);
	}
}

/* Its exit code, or -1 when it fell over. */
static int reap(pid_t pid, bool kill_it)
{
	int how;
	if (kill_it)
		kill(pid, SIGKILL);
	while (waitpid(pid, &how, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static enum status in_child(const void *p, size_t n, const char *password, size_t max, struct sb *out, struct err *e)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_sys(e, ERR_TEMP, "pdf: pipe");
	pid_t pid = fork();
	if (pid == 0)
		child(ends[1], p, n, password);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return err_sys(e, ERR_TEMP, "pdf: fork");
	}
	enum status st = take(ends[0], max, out, e);
	close(ends[0]);
	int code = reap(pid, st != OK);
	if (st == OK && code != EXIT_DONE)
		st = err_set(e, ERR_PERM, code == EXIT_UNFIT ? "pdf: can't be read, or is encrypted" : "pdf: fell over");
	return st;
}

enum status pack_pdf(const void *p, size_t n, const char *password, size_t max, struct sb *out, struct err *e)
{
	size_t before = out->len;
	if (!password || !*password)
		return err_set(e, ERR_PERM, "pdf: no password");
	if (n > max)
		return err_set(e, ERR_LIMIT, "pdf: more than %zu bytes", max);
	if (!pack_is_pdf(p, n) || is_signed(p, n))
		return err_set(e, ERR_PERM, "pdf: no PDF, or signed");
	enum status st = in_child(p, n, password, max, out, e);
	if (st != OK)
		sb_setlen(out, before);
	return st;
}
