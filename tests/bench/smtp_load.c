/*
 * smtp_load PORT SESSIONS COUNT BYTES FROM TO [keep]
 *
 * Sends COUNT mails over SESSIONS kept-alive SMTP connections to 127.0.0.1 and
 * prints the rate and the time from MAIL to the 250 after the dot:
 *   rate=MAILS/S p50=MS p97.5=MS failed=N
 * Each mail has its own Message-ID, NUMBER@bench.example, so that each is a new
 * one to the desk; a '#' in FROM becomes the number too.
 *
 * keep: as a mail server does, a mail that got no 250 is kept and tried again,
 * up to five minutes in all; for the fault tests.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int port, sessions, count;
static size_t bytes;
static int keep;
static const char *from, *to;
static char *body;
static atomic_int next_mail, failed;
static double *took; /* milliseconds, by mail */
static long started; /* makes the ids of two runs differ */

static double now_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* Reads one (multi-line) reply; its first digit, or 0. */
static int reply(FILE *f)
{
	char line[1024];
	while (fgets(line, sizeof line, f))
		if (strlen(line) < 4 || line[3] != '-')
			return line[0] - '0';
	return 0;
}

static FILE *dial(FILE **out)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	if (fd < 0 || connect(fd, (struct sockaddr *)&sa, sizeof sa) != 0) {
		close(fd);
		return NULL;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	FILE *in = fdopen(fd, "r");
	*out = fdopen(dup(fd), "w");
	setvbuf(*out, NULL, _IOFBF, 65536);
	if (reply(in) == 2) {
		fputs("EHLO bench.example\r\n", *out);
		fflush(*out);
		if (reply(in) == 2)
			return in;
	}
	fclose(in), fclose(*out);
	return NULL;
}

/* FROM with its '#' replaced. */
static void sender(int i, char out[200])
{
	const char *hash = strchr(from, '#');
	if (hash)
		snprintf(out, 200, "%.*s%d%s", (int)(hash - from), from, i, hash + 1);
	else
		snprintf(out, 200, "%s", from);
}

static int send_one(FILE *in, FILE *out, int i)
{
	char who[200];
	sender(i, who);
	fprintf(out, "MAIL FROM:<%s>\r\n", who);
	fflush(out);
	if (reply(in) != 2)
		return 0;
	fprintf(out, "RCPT TO:<%s>\r\n", to);
	fflush(out);
	if (reply(in) != 2)
		return 0;
	fputs("DATA\r\n", out);
	fflush(out);
	if (reply(in) != 3)
		return 0;
	fprintf(out,
	        "From: Bench <%s>\r\nTo: <%s>\r\nSubject: bench %d\r\nMessage-ID: <%d.%d.%ld@bench.example>\r\n"
	        "Date: Tue, 24 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"
	        "Content-Type: text/plain; charset=us-ascii\r\n\r\n",
	        who, to, i, i, (int)getpid(), started);
	fwrite(body, 1, bytes, out);
	fputs("\r\n.\r\n", out);
	fflush(out);
	return reply(in) == 2;
}

/* One attempt; a broken or refused one costs the connection. */
static int attempt(FILE **in, FILE **out, int i)
{
	if (!*in)
		*in = dial(out);
	if (*in && send_one(*in, *out, i))
		return 1;
	if (*in)
		fclose(*in), fclose(*out);
	*in = NULL;
	return 0;
}

static void *session(void *arg)
{
	FILE *out = NULL, *in = NULL;
	int i;
	(void)arg;
	while ((i = atomic_fetch_add(&next_mail, 1)) < count) {
		double start = now_ms();
		int sent = attempt(&in, &out, i);
		while (!sent && keep && now_ms() - start < 300e3) {
			usleep(50000);
			sent = attempt(&in, &out, i);
		}
		took[i] = now_ms() - start;
		atomic_fetch_add(&failed, !sent);
	}
	if (in) {
		fputs("QUIT\r\n", out);
		fflush(out);
		fclose(in), fclose(out);
	}
	return NULL;
}

static int by_time(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	if (argc != 7 && argc != 8) {
		fprintf(stderr, "usage: smtp_load PORT SESSIONS COUNT BYTES FROM TO [keep]\n");
		return 2;
	}
	port = (int)strtol(argv[1], NULL, 10), sessions = (int)strtol(argv[2], NULL, 10);
	count = (int)strtol(argv[3], NULL, 10), bytes = strtoul(argv[4], NULL, 10);
	from = argv[5], to = argv[6];
	keep = argc == 8;
	started = (long)time(NULL);
	signal(SIGPIPE, SIG_IGN);
	body = malloc(bytes + 1);
	took = calloc((size_t)count, sizeof *took);
	pthread_t *t = calloc((size_t)sessions, sizeof *t);
	if (!body || !took || !t)
		return 1;
	for (size_t i = 0; i < bytes; i++)
		body[i] = i % 72 == 70 ? '\r' : i % 72 == 71 ? '\n' : (char)('a' + i * 7 % 26);
	double start = now_ms();
	for (int i = 0; i < sessions; i++)
		pthread_create(&t[i], NULL, session, NULL);
	for (int i = 0; i < sessions; i++)
		pthread_join(t[i], NULL);
	double all = now_ms() - start;
	qsort(took, (size_t)count, sizeof *took, by_time);
	printf("rate=%.1f p50=%.2f p97.5=%.2f failed=%d\n", count * 1e3 / all, took[count / 2],
	       took[(size_t)(count * 0.975)], failed);
	return failed ? 1 : 0;
}
