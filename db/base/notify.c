/* A door bell between processes: one-byte datagrams on a unix socket. */
#include "base/notify.h"
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool address(const char *path, struct sockaddr_un *sa)
{
	*sa = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof sa->sun_path)
		return false;
	memcpy(sa->sun_path, path, strlen(path) + 1);
	return true;
}

enum status notify_open(const char *path, int *fd_r, struct err *e)
{
	struct sockaddr_un sa;
	if (!address(path, &sa))
		return err_set(e, ERR_PERM, "%s: path too long for a socket", path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(e, ERR_TEMP, "socket");
	unlink(path);
	mode_t old = umask(0117);
	int rc = bind(fd, (struct sockaddr *)&sa, sizeof sa);
	umask(old);
	if (rc != 0) {
		err_sys(e, ERR_PERM, "%s", path);
		close(fd);
		return ERR_PERM;
	}
	*fd_r = fd;
	return OK;
}

void notify_wait(int fd, int ms)
{
	char byte;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	if (poll(&p, 1, ms) > 0)
		while (recv(fd, &byte, 1, 0) > 0)
			;
}

/* One socket for the process: threads come and go with connections. */
static int sender_fd = -1;
static pthread_once_t sender_once = PTHREAD_ONCE_INIT;

static void open_sender(void)
{
	sender_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

void notify_send(const char *path)
{
	struct sockaddr_un sa;
	pthread_once(&sender_once, open_sender);
	if (sender_fd >= 0 && address(path, &sa))
		(void)!sendto(sender_fd, "!", 1, MSG_NOSIGNAL, (struct sockaddr *)&sa, sizeof sa);
}
