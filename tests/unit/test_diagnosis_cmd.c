/* `yorozu diagnosis import` as people type it. */
#include "base/crypto.h"
#include "base/io.h"
#include "cmd_util.h"
#include <pwd.h>

static char dir[] = "/tmp/test_diagnosis_cmd.XXXXXX";

static void put(const char *name, const char *text)
{
	struct err e;
	char *path = xasprintf("%s/%s", dir, name);
	ck_assert_msg(io_write_file(path, 0640, text, strlen(text), &e) == OK, "%s", e.msg);
	free(path);
}

/* An instance with one contract, of whoever runs this. */
static void up(void)
{
	struct err e;
	struct passwd *pw = getpwuid(getuid());
	char here[PATH_MAX];
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_ptr_nonnull(getcwd(here, sizeof here));
	char *conf = xasprintf("run_user = %s\ndiagnosis = %s/conf/diagnosis\n", pw ? pw->pw_name : "root", here), *key = xasprintf("%s/keys/master.key", dir);
	char *folders = xasprintf("mkdir '%s/store' '%s/run' '%s/keys'", dir, dir, dir);
	ck_assert_int_eq(system(folders), 0);
	put("yorozu.conf", conf);
	ck_assert_msg(crypto_key_create(key, &e) == OK, "%s", e.msg);
	char *add = xasprintf("-C %s contract add n_number=N000000001 name=株式会社さくら domain=a.example officer_mail=a@a.example >/dev/null", dir);
	expect(add, 0, "");
	free(conf), free(key), free(folders), free(add);
}

static void down(void)
{
	char *rm = xasprintf("rm -r '%s'", dir);
	ck_assert_int_eq(system(rm), 0);
	free(rm);
}

static void import(const char *answer, int rc, const char *want)
{
	struct sb csv = SB_INIT;
	sb_adds(&csv, "お客様番号,N000000001\n番号,回答\n");
	for (int i = 1; i <= 25; i++)
		sb_addf(&csv, "Q%d,%s\n", i, i < 25 ? "はい" : answer);
	put("a.csv", csv.s);
	char *args = xasprintf("-C %s diagnosis import %s/a.csv", dir, dir);
	expect(args, rc, want);
	free(args);
	sb_free(&csv);
}

/* One person's sheet has no row to name; what is wrong is said in one language. */
START_TEST(one_sheet)
{
	up();
	import("たぶん", 1, "Q25 対策の規則化：「たぶん」は選択肢にありません\nyorozu diagnosis: 誤りが 1 件あります。何も登録していません\n");
	import("はい", 0, "N000000001 株式会社さくら：受け付けました (診断 1)\n");
	down();
}
END_TEST

UNIT_SUITE("diagnosis_cmd", one_sheet)
