/* Pid files, privileges, children: what every daemon does the same way. */
#include "base/proc.h"
#include "base/log.h"
#include "base/xalloc.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum status proc_pidfile(const char *path, struct err *e)
{
	struct flock lk = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char text[24];
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_sys(e, ERR_PERM, "pid file %s", path);
	if (fcntl(fd, F_SETLK, &lk) != 0) {
		close(fd);
		return err_set(e, ERR_EXISTS, "already running (pid file %s is locked)", path);
	}
	int n = snprintf(text, sizeof text, "%d\n", (int)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n) {
		close(fd);
		return err_sys(e, ERR_TEMP, "pid file %s", path);
	}
	return OK; /* fd stays open: closing it would drop the lock */
}

pid_t proc_running(const char *path)
{
	struct flock lk = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return 0;
	int rc = fcntl(fd, F_GETLK, &lk);
	close(fd);
	return rc == 0 && lk.l_type != F_UNLCK ? lk.l_pid : 0;
}

enum status proc_drop(const char *user, struct err *e)
{
	if (geteuid() != 0)
		return OK;
	errno = 0;
	struct passwd *pw = getpwnam(user);
	if (!pw)
		return err_set(e, ERR_PERM, "user %s does not exist (make deps creates it)", user);
	if (initgroups(user, pw->pw_gid) != 0 || setgid(pw->pw_gid) != 0 || setuid(pw->pw_uid) != 0)
		return err_sys(e, ERR_PERM, "becoming user %s", user);
	if (pw->pw_uid != 0 && setuid(0) == 0)
		return err_set(e, ERR_BUG, "privileges came back");
	return OK;
}

void proc_raise_nofile(void)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max < 65536 ? r.rlim_max : 65536;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0)
		log_warn("nofile", "error=%s", strerror(errno));
}

/* sd_notify(3) in small: one datagram, to a path or an abstract name (@). */
void proc_ready(void)
{
	static const char ready[] = "READY=1";
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	const char *name = getenv("NOTIFY_SOCKET");
	size_t n = name ? strlen(name) : 0;
	if (!n || n >= sizeof sa.sun_path)
		return;
	memcpy(sa.sun_path, name, n);
	if (name[0] == '@')
		sa.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	if (fd < 0 || sendto(fd, ready, sizeof ready - 1, MSG_NOSIGNAL, (struct sockaddr *)&sa, len) < 0)
		log_warn("ready", "error=%s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

char *proc_sibling(const char *name)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n > 0 ? n : 0] = '\0';
	const char *slash = strrchr(self, '/');
	return slash ? xasprintf("%.*s/%s", (int)(slash - self), self, name) : xasprintf("./%s", name);
}

int proc_run(char *const argv[], int out_fd, struct err *e)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		if (out_fd >= 0) {
			dup2(out_fd, 1);
			dup2(out_fd, 2);
		}
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0) {
		err_sys(e, ERR_TEMP, "fork");
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			err_sys(e, ERR_TEMP, "wait for %s", argv[0]);
			return -1;
		}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t proc_spawn(char *const argv[], const char *log, struct err *e)
{
	pid_t pid = fork();
	if (pid < 0)
		err_sys(e, ERR_TEMP, "fork");
	if (pid != 0)
		return pid;
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL); /* what our parent waits for by hand ends it */
	setsid();
	int in = open("/dev/null", O_RDONLY), out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0640);
	if (in < 0 || out < 0)
		_exit(126);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	execvp(argv[0], argv);
	_exit(127);
}

void proc_stop(pid_t pid, int ms)
{
	struct timespec step = { .tv_nsec = 10 * 1000000 };
	kill(pid, SIGTERM);
	for (int waited = 0; waited < ms; waited += 10) {
		waitpid(pid, NULL, WNOHANG); /* ours or not, a zombie counts as gone */
		if (kill(pid, 0) != 0)
			return;
		nanosleep(&step, NULL);
	}
	kill(pid, SIGKILL);
}
