/* Checks a second against an unbound on loopback: SPF of one ip4 record plus
 * DMARC, by number of helpers and threads. Usage: auth_rate [SECONDS] */
#include "../../milter/auth_check.h"
#include "../unit/auth_fixture.h"
#include "base/clk.h"
#include <pthread.h>
#include <stdatomic.h>

static const char *const zone[] = {
	"pass.test. TXT \"v=spf1 ip4:192.0.2.0/24 -all\"",
	"_dmarc.pass.test. TXT \"v=DMARC1; p=reject\"",
	NULL
};

static struct auth_pool *pool;
static int64_t until;
static atomic_long done, wrong;

static void *work(void *arg)
{
	const struct auth_query q = { "192.0.2.1", "h.test", "a@pass.test", "pass.test", "" };
	struct auth_result r;
	while (clk_mono_ms() < until) {
		auth_check(pool, &q, &r);
		done++;
		if (strcmp(r.spf, "pass") != 0 || strcmp(r.dmarc, "pass") != 0)
			wrong++;
	}
	return arg;
}

static int run(const char *dns, int helpers, int threads, int seconds)
{
	struct err e;
	pthread_t th[50];
	done = wrong = 0;
	if (auth_pool_start(dns, helpers, 4000, NULL, &pool, &e) != OK) {
		fprintf(stderr, "auth_rate: %s\n", e.msg);
		return 1;
	}
	until = clk_mono_ms() + seconds * 1000;
	for (int i = 0; i < threads; i++)
		pthread_create(&th[i], NULL, work, NULL);
	for (int i = 0; i < threads; i++)
		pthread_join(th[i], NULL);
	printf("%d helpers, %2d threads: %7ld checks/s, %ld wrong\n", helpers, threads, done / seconds, wrong);
	auth_pool_stop(&pool);
	return wrong != 0;
}

int main(int argc, char **argv)
{
	struct fixture fx;
	long seconds = argc > 1 ? strtol(argv[1], NULL, 10) : 2;
	int bad = 0;
	if (seconds < 1 || seconds > 60)
		return 2;
	fixture_start(&fx, zone);
	bad |= run(fx.dns, 1, 1, (int)seconds);
	bad |= run(fx.dns, 2, 10, (int)seconds);
	bad |= run(fx.dns, 4, 10, (int)seconds);
	bad |= run(fx.dns, 4, 50, (int)seconds);
	fixture_stop(&fx);
	return bad;
}
