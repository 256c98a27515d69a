/*
 * yorozu staff: who answers customers.
 *
 * A staff member is a row of the store (login, name, mailbox, roles, hash of
 * the password) and, made from it, entries in Postfix's and Dovecot's maps.
 * The store is changed by a child that has become run_user; the maps are
 * written afterwards by this process, which still is who it was.
 *
 * SECURITY: passwords come from a file or standard input, or are made here and
 * shown once; only the hash is kept, and it is never printed.
 */
#include "front.h"
#include "staff_maps.h"
#include "table.h"
#include "base/crypto.h"
#include "base/io.h"
#include "base/password.h"
#include "store/store_audit.h"
#include "store/store_people.h"
#include "text/charset.h"
#include "text/field_rule.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const role_names[] = { "agent", "supervisor", "editor", "operator" };
enum { ROLES = sizeof role_names / sizeof *role_names, NAME_MAX_BYTES = 200 };

struct job {
	const struct front *f;
	const char *verb, *login;
	const char *name, *address, *role, *password_file; /* NULL = not given */
	bool password_stdin, tsv;
	bool made;          /* the password is ours and has to be shown */
	struct staff_maps maps;
	struct sb password, hash;
};

static int fail(const struct err *e)
{
	return front_fail("staff", e);
}

/* ---- values ------------------------------------------------------------------------ */

/* "agent,supervisor" into bits; 0: not so. */
static unsigned roles_of(const char *list)
{
	unsigned bits = 0;
	for (size_t n; *list; list += n + (list[n] == ',')) {
		unsigned bit = 0;
		n = strcspn(list, ",");
		for (unsigned i = 0; i < ROLES; i++)
			if (strlen(role_names[i]) == n && strncmp(role_names[i], list, n) == 0)
				bit = 1u << i;
		if (!bit)
			return 0;
		bits |= bit;
	}
	return bits;
}

static const char *roles_text(unsigned bits, char buf[64])
{
	size_t n = 0;
	buf[0] = '\0';
	for (unsigned i = 0; i < ROLES; i++)
		if (bits & 1u << i)
			n += (size_t)snprintf(buf + n, 64 - n, "%s%s", n ? "," : "", role_names[i]);
	return buf;
}

static bool name_ok(const char *s)
{
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return false;
	return *s && strlen(s) <= NAME_MAX_BYTES && text_is_utf8(s, strlen(s));
}

/* The desk's own addresses would bring its mail back to itself. */
static bool is_desk(const struct cfg *c, const char *address)
{
	size_t n = strcspn(address, "+@");
	const char *at = strchr(address, '@');
	if (!at || strcasecmp(at + 1, c->domain) != 0)
		return false;
	return (strlen(c->desk_localpart) == n && strncasecmp(c->desk_localpart, address, n) == 0) ||
	       (n == 6 && strncasecmp(address, "bounce", n) == 0);
}

static enum status take_address(const struct cfg *c, const char *address, struct arena *a, struct staff *m,
				struct err *e)
{
	if (!field_mail_ok(address, strlen(address), 254))
		return err_set(e, ERR_PERM, "「%.80s」はメールアドレスではありません", address);
	if (is_desk(c, address))
		return err_set(e, ERR_PERM, "「%.80s」は窓口のアドレスです。担当者の受信先にはできません", address);
	char *key = arena_strdup(a, address);
	for (char *p = key; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	m->address = key;
	return OK;
}

/* What the options say, over *m. */
static enum status take_options(const struct job *j, const struct cfg *c, struct arena *a, struct staff *m,
				struct err *e)
{
	if (j->name && !name_ok(j->name))
		return err_set(e, ERR_PERM, "--name: 名前は %d バイトまでの UTF-8 です", NAME_MAX_BYTES);
	if (j->name)
		m->name = j->name;
	if (j->role && !(m->roles = roles_of(j->role)))
		return err_set(e, ERR_PERM, "--role: agent, supervisor, editor, operator をカンマで区切ってください");
	return j->address ? take_address(c, j->address, a, m, e) : OK;
}

/* ---- the store ------------------------------------------------------------------------ */

static enum status audited(struct store *s, const char *what, const struct staff *m, struct err *e)
{
	char roles[64];
	struct sb b = SB_INIT;
	sb_addf(&b, "%s: %s <%s> %s", m->login, m->name, m->address, roles_text(m->roles, roles));
	struct audit row = { .at = clk_now(), .who = front_who(), .what = what, .detail = b.s };
	enum status st = audit_add(s, &row, e);
	sb_free(&b);
	return st;
}

static enum status add(const struct job *j, struct store *s, const struct cfg *c, struct arena *a, struct err *e)
{
	struct staff m = { .login = j->login, .active = true };
	if (!staff_login_ok(j->login))
		return err_set(e, ERR_PERM, "ログイン名は英小文字・数字・「.」「_」「-」で 32 文字までです");
	enum status st = take_options(j, c, a, &m, e);
	if (st == OK)
		st = staff_add(s, &m, e);
	if (st == OK)
		st = staff_password_set(s, m.id, j->hash.s, e);
	return st == OK ? audited(s, "staff.add", &m, e) : st;
}

static enum status change(const struct job *j, struct store *s, const struct cfg *c, struct arena *a, struct err *e)
{
	struct staff m;
	char what[32];
	enum status st = staff_by_login(s, j->login, a, &m, e);
	if (st != OK)
		return st;
	if (strcmp(j->verb, "password") == 0) {
		st = staff_password_set(s, m.id, j->hash.s, e);
	} else {
		if (strcmp(j->verb, "enable") == 0 || strcmp(j->verb, "disable") == 0)
			m.active = j->verb[0] == 'e';
		st = take_options(j, c, a, &m, e);
		if (st == OK)
			st = staff_update(s, &m, e);
	}
	snprintf(what, sizeof what, "staff.%s", j->verb);
	return st == OK ? audited(s, what, &m, e) : st;
}

static enum status write_one(const struct job *j, struct store *s, const struct cfg *c, struct err *e)
{
	struct arena *a = arena_new();
	enum status st = store_begin(s, e);
	if (st == OK) {
		st = strcmp(j->verb, "add") == 0 ? add(j, s, c, a, e) : change(j, s, c, a, e);
		if (st == OK)
			st = store_commit(s, e);
		else
			store_rollback(s);
	}
	arena_free(&a);
	return st;
}

static enum status list(const struct job *j, struct store *s, struct err *e)
{
	static const struct table_col cols[] = {
		{ "login", "ログイン", false, 0 }, { "name", "名前", false, 30 }, { "address", "受信先", false, 0 },
		{ "roles", "役割", false, 0 }, { "active", "状態", false, 0 },
	};
	struct arena *a = arena_new();
	struct staff *v;
	char roles[64];
	size_t n = 0;
	enum status st = staff_list(s, 0, a, &v, &n, e);
	if (st == OK) {
		struct table *t = table_new(cols, sizeof cols / sizeof *cols, j->tsv);
		for (size_t i = 0; i < n; i++) {
			table_cell(t, v[i].login);
			table_cell(t, v[i].name);
			table_cell(t, v[i].address);
			table_cell(t, roles_text(v[i].roles, roles));
			table_cell(t, j->tsv ? (v[i].active ? "1" : "0") : v[i].active ? "有効" : "停止");
		}
		table_print(t);
		table_free(&t);
	}
	arena_free(&a);
	return st;
}

static enum status do_it(const struct job *j, struct store *s, const struct cfg *c, struct err *e)
{
	if (strcmp(j->verb, "list") == 0)
		return list(j, s, e);
	enum status st = strcmp(j->verb, "maps") == 0 ? OK : write_one(j, s, c, e);
	return st == OK ? staff_maps_dump(&j->maps, s, e) : st;
}

/* Runs as run_user from front_store on. */
static int work(void *arg)
{
	const struct job *j = arg;
	struct cfg *c;
	struct err e;
	struct store *s = front_store("staff", j->f, &c);
	if (!s)
		return 1;
	enum status st = do_it(j, s, c, &e);
	store_close(&s);
	cfg_free(&c);
	if (st != OK)
		return fail(&e);
	if (j->made)
		printf("%s のパスワード: %s\n(この表示だけです。控えてから本人に渡してください)\n", j->login, j->password.s);
	return 0;
}

/* The change as run_user, then the maps as whoever we are. */
static int work_and_maps(struct job *j)
{
	struct err e;
	struct cfg *c = front_cfg("staff", j->f);
	if (!c)
		return 1;
	int rc = 1;
	if (staff_maps_begin(&j->maps, c, &e) != OK)
		fail(&e);
	else if ((rc = front_fork("staff", work, j)) == 0 && staff_maps_write(&j->maps, &e) != OK) {
		rc = fail(&e);
		fprintf(stderr, "変更は保存されました。原因を除いてから yorozu staff maps で反映してください。\n");
	}
	staff_maps_end(&j->maps);
	cfg_free(&c);
	return rc;
}

/* ---- passwords and arguments ------------------------------------------------------------- */

/* The first line of the file or of standard input, or one of our making. */
static enum status take_password(struct job *j, struct err *e)
{
	enum status st = OK;
	if (j->password_file || j->password_stdin) {
		st = io_read_file(j->password_stdin ? "-" : j->password_file, 4096, &j->password, e);
		if (st == OK)
			sb_setlen(&j->password, strcspn(j->password.s, "\r\n"));
	} else {
		password_make(&j->password);
		j->made = true;
	}
	return st == OK ? password_hash(j->password.s, &j->hash, e) : st;
}

static bool take_args(struct job *j, int argc, char **argv)
{
	const struct { const char *name; const char **to; } valued[] = { { "--name", &j->name },
		{ "--address", &j->address }, { "--role", &j->role }, { "--password-file", &j->password_file } };
	for (int i = 0; i < argc; i++) {
		size_t k = 0;
		while (k < 4 && strcmp(argv[i], valued[k].name) != 0)
			k++;
		if (k < 4 && i + 1 < argc)
			*valued[k].to = argv[++i];
		else if (strcmp(argv[i], "--password-stdin") == 0)
			j->password_stdin = true;
		else if (strcmp(argv[i], "--tsv") == 0)
			j->tsv = true;
		else if (argv[i][0] != '-' && !j->login)
			j->login = argv[i];
		else
			return false;
	}
	return !(j->password_file && j->password_stdin);
}

/* Each verb takes these and no others. */
static bool fits(const struct job *j)
{
	bool details = j->name || j->address || j->role, password = j->password_file || j->password_stdin;
	if (strcmp(j->verb, "maps") == 0)
		return !j->login && !details && !password && !j->tsv;
	if (strcmp(j->verb, "list") == 0)
		return !j->login && !details && !password;
	if (!j->login || j->tsv)
		return false;
	if (strcmp(j->verb, "add") == 0)
		return j->name && j->address && j->role;
	if (strcmp(j->verb, "set") == 0)
		return details && !password;
	if (strcmp(j->verb, "password") == 0)
		return !details;
	return (strcmp(j->verb, "disable") == 0 || strcmp(j->verb, "enable") == 0) && !details && !password;
}

static int run_staff(int argc, char **argv, const struct front *f)
{
	struct job j = { .f = f, .password = SB_INIT, .hash = SB_INIT };
	struct err e;
	int rc;
	if (argc < 2)
		return front_usage(&cmd_staff);
	j.verb = argv[1];
	if (!take_args(&j, argc - 2, argv + 2) || !fits(&j))
		return front_usage(&cmd_staff);
	if (strcmp(j.verb, "list") == 0)
		return work(&j);
	if ((strcmp(j.verb, "add") == 0 || strcmp(j.verb, "password") == 0) && take_password(&j, &e) != OK)
		rc = fail(&e);
	else
		rc = work_and_maps(&j);
	crypto_wipe(j.password.s, j.password.len);
	sb_free(&j.password);
	sb_free(&j.hash);
	return rc;
}

const struct front_cmd cmd_staff = {
	"staff", run_staff,
	"staff list [--tsv] | add LOGIN --name NAME --address ADDR --role ROLE,… | set LOGIN … |"
	" password LOGIN | disable LOGIN | enable LOGIN | maps [--password-file F | --password-stdin]",
	"the people who answer"
};
