/* Files of tickets: links, an upload and what it causes, fetching, deletion. */
#include "base/io.h"
#include "ingest.h"
#include "keeper.h"
#include "store/store_contract.h"
#include "store/store_impl.h"
#include "store_fixture.h"
#include "upload.h"
#include <fcntl.h>
#include <sys/stat.h>

enum { DAY = 86400 };
static struct ingest in;
static char spool[96];
static int64_t ticket;
static const epoch now = 1000000;

static int64_t add_staff(const char *login, unsigned roles)
{
	struct staff m = { .login = login, .name = login, .address = arena_printf(a, "%s@example.jp", login), .roles = roles,
		.active = true };
	ck_ok(staff_add(s, &m, &err));
	return m.id;
}

/* A store with an answered ticket of one customer and two staff, and an ingest on it. */
static void setup(void)
{
	struct cal *cal;
	struct cfg *c;
	open_new();
	snprintf(spool, sizeof spool, "%s/spool-files", dir);
	ck_assert_int_eq(mkdir(spool, 0700), 0);
	ck_ok(cal_load("", &cal, &err));
	ck_ok(cfg_parse("t", "upload_files_max = 3\nupload_link_mb = 1\nupload_link_days = 7\nfile_keep_days = 30\n", dir, &c, &err));
	struct ticket t = a_ticket();
	t.state = TICKET_ANSWERED;
	t.waiting_since = t.due_at = 0;
	ck_ok(store_begin(s, &err));
	ck_ok(ticket_create(s, &t, &err));
	ticket = t.id;
	ck_ok(party_add(s, ticket, "taro@example.co.jp", "山田 太郎", 1, &err));
	struct message m = a_message(ticket, 1);
	ck_ok(message_insert(s, &m, "x", 1, &err));
	add_staff("suzuki", STAFF_AGENT);
	add_staff("sato", STAFF_SUPERVISOR);
	add_staff("editor", STAFF_EDITOR);
	ck_ok(store_commit(s, &err));
	in = (struct ingest){ .cfg = c, .cal = cal, .spool = spool, .notify_path = "/nonexistent" };
	ck_ok(ingest_open(&in, path, master, &err));
	ck_ok(writer_start(path, master, 8, &in.writer, &err));
}

static void teardown(void)
{
	struct cal *cal = (struct cal *)in.cal;
	struct cfg *c = (struct cfg *)in.cfg;
	writer_stop(&in.writer);
	ingest_close(&in);
	cal_free(&cal);
	cfg_free(&c);
	ck_assert_int_eq(rmdir(spool), 0); /* each test leaves it empty */
	done();
}

static int64_t new_link(void)
{
	struct upload_link l;
	ck_ok(store_begin(s, &err));
	ck_ok(upload_link_new(s, in.cfg, ticket, now, &l, &err));
	ck_ok(store_commit(s, &err));
	ck_assert_int_eq(l.expires_at, now + 7 * DAY);
	return l.id;
}

static void put_file(struct upload *u, const char *name, const char *bytes)
{
	struct upload_file *f = &u->files[u->n++];
	struct sealed_out *o;
	*f = (struct upload_file){ .name = name, .type = "text/plain" };
	file_spool_name(f->spool);
	crypto_random(f->key, sizeof f->key);
	char *p = ingest_spool_path(&in, f->spool);
	ck_ok(sealed_create(p, f->key, &o, &err));
	ck_ok(sealed_put(o, bytes, strlen(bytes), &err));
	ck_ok(sealed_finish(&o, &f->sum, &err));
	free(p);
}

static struct upload an_upload(int64_t link)
{
	return (struct upload){ .in = &in, .a = a, .link_id = link, .now = now + 60,
		.files = arena_zalloc(a, UPLOAD_FILES * sizeof(struct upload_file)) };
}

static void unlink_spooled(const char *name)
{
	char *p = ingest_spool_path(&in, name);
	ck_assert_int_eq(unlink(p), 0);
	free(p);
}

static int spooled(void)
{
	struct sb b = SB_INIT;
	int n = 0;
	sb_addf(&b, "ls %s | wc -l", spool);
	FILE *f = popen(b.s, "r");
	ck_assert_int_eq(fscanf(f, "%d", &n), 1);
	pclose(f);
	sb_free(&b);
	return n;
}

static void delete_all(void)
{
	size_t n;
	ck_ok(keeper_delete_due(&in, now + 1000 * DAY, &n, &err));
}

SQL(q_mails, "SELECT count(*) FROM outbox WHERE tmpl = ?");
static int64_t mails(const char *tmpl)
{
	int64_t n = 0;
	ck_ok(sql_number(s, &q_mails, BIND(B_TEXT(tmpl)), &n, &err));
	return n;
}

/* ---- stories --------------------------------------------------------------------------- */

START_TEST(an_upload_and_what_it_causes)
{
	setup();
	struct upload u = an_upload(new_link());
	struct ticket t;
	struct stored_file f;
	uint8_t key[KEY_LEN];
	put_file(&u, "a.txt", "hello");
	put_file(&u, "b.txt", "world");
	ck_ok(writer_run(in.writer, upload_store, &u, &err));
	ck_assert_int_eq(u.refusal, UPLOAD_TAKEN);
	ck_assert_uint_eq(u.added, 2);
	ck_ok(ticket_get(s, ticket, a, &t, &err));
	ck_assert_int_eq(t.state, TICKET_OPEN);
	ck_assert_int_eq(t.waiting_since, u.now);
	ck_assert_int_eq(t.due_at, cal_due(in.cal, u.now));
	ck_assert_int_eq(mails("upload-received"), 2); /* one a person, with a link of his own */
	ck_assert_int_eq(mails("upload-receipt"), 1);
	ck_ok(file_get(s, u.files[1].id, a, &f, &err));
	ck_assert_str_eq(f.name, "b.txt");
	ck_assert_int_eq(f.delete_at, u.now + 30 * DAY);
	ck_ok(file_key(s, f.id, key, &err));
	ck_assert_mem_eq(key, u.files[1].key, KEY_LEN);
	delete_all();
	teardown();
}
END_TEST

START_TEST(the_key_is_sealed_in_the_row)
{
	setup();
	struct upload u = an_upload(new_link());
	struct sb file = SB_INIT;
	struct store *keyless;
	uint8_t key[KEY_LEN];
	put_file(&u, "a.txt", "hello");
	ck_ok(writer_run(in.writer, upload_store, &u, &err));
	char *wal = arena_printf(a, "%s-wal", path);
	ck_ok(io_read_file(wal, 1 << 24, &file, &err));
	ck_assert_ptr_null(memmem(file.s, file.len, u.files[0].key, KEY_LEN));
	sb_free(&file);
	ck_ok(store_open(path, NULL, &keyless, &err));
	ck_is(file_key(keyless, u.files[0].id, key, &err), ERR_DENIED);
	store_close(&keyless);
	delete_all();
	teardown();
}
END_TEST

START_TEST(the_same_request_again_changes_nothing)
{
	setup();
	int64_t link = new_link();
	struct upload u = an_upload(link), again = an_upload(link);
	put_file(&u, "a.txt", "hello");
	put_file(&u, "b.txt", "hello"); /* another name: another file */
	put_file(&u, "c.txt", "x");     /* the link is full now */
	ck_ok(writer_run(in.writer, upload_store, &u, &err));
	put_file(&again, "b.txt", "hello");
	put_file(&again, "a.txt", "hello");
	ck_ok(writer_run(in.writer, upload_store, &again, &err));
	ck_assert_int_eq(again.refusal, UPLOAD_TAKEN);
	ck_assert_uint_eq(again.added, 0);
	ck_assert(again.files[0].repeated && again.files[1].repeated);
	ck_assert_int_eq(again.files[0].id, u.files[1].id);
	ck_assert_int_eq(mails("upload-receipt"), 1);
	for (size_t i = 0; i < 2; i++)
		unlink_spooled(again.files[i].spool);
	delete_all();
	teardown();
}
END_TEST

START_TEST(limits_of_a_link)
{
	static char big[600001];
	setup();
	int64_t link = new_link();
	struct upload many = an_upload(link), u = an_upload(link), more = an_upload(link), late = an_upload(link);
	memset(big, 'x', sizeof big - 1);
	for (int i = 0; i < 4; i++)
		put_file(&many, arena_printf(a, "%d", i), "x");
	ck_is(writer_run(in.writer, upload_store, &many, &err), ERR_LIMIT);
	ck_assert_int_eq(many.refusal, UPLOAD_TOO_MANY);
	put_file(&u, "1", big);
	ck_ok(writer_run(in.writer, upload_store, &u, &err));
	put_file(&more, "2", big);
	ck_is(writer_run(in.writer, upload_store, &more, &err), ERR_LIMIT);
	ck_assert_int_eq(more.refusal, UPLOAD_TOO_BIG);
	ck_assert_int_eq(mails("upload-receipt"), 1);
	late.now = now + 7 * DAY;
	put_file(&late, "3", "x");
	ck_ok(writer_run(in.writer, upload_store, &late, &err));
	ck_assert_int_eq(late.refusal, UPLOAD_CLOSED);
	ck_assert_int_eq(late.verdict, LINK_EXPIRED);
	ck_ok(store_begin(s, &err));
	ck_ok(upload_link_end(s, link, now, &err));
	ck_ok(upload_link_end(s, link, now + 5, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(writer_run(in.writer, upload_store, &late, &err));
	ck_assert_int_eq(late.verdict, LINK_SPENT);
	struct upload none = an_upload(77);
	ck_is(writer_run(in.writer, upload_store, &none, &err), ERR_NOTFOUND);
	/* what was refused is swept an hour later, what was taken is not */
	size_t n;
	ck_ok(keeper_sweep(&in, time(NULL) + 60, &n, &err));
	ck_assert_uint_eq(n, 0);
	ck_ok(keeper_sweep(&in, time(NULL) + 2 * SWEEP_AGE, &n, &err));
	ck_assert_uint_eq(n, 6);
	ck_assert_int_eq(spooled(), 1);
	delete_all();
	teardown();
}
END_TEST

START_TEST(links_to_fetch)
{
	setup();
	struct upload u = an_upload(new_link());
	struct download_link l;
	struct download_file *v;
	size_t n;
	put_file(&u, "a.txt", "hello");
	put_file(&u, "b.txt", "world");
	ck_ok(writer_run(in.writer, upload_store, &u, &err));
	ck_ok(download_link_get(s, 1, &l, &err));
	ck_assert_int_eq(l.kind, DOWNLOAD_STAFF);
	ck_assert_int_eq(download_link_verdict(&l, now + 61), LINK_GOOD);
	ck_assert_int_eq(download_link_verdict(&l, l.expires_at), LINK_EXPIRED);
	ck_ok(store_begin(s, &err));
	ck_ok(download_used(s, 1, u.files[0].id, &err));
	ck_ok(store_commit(s, &err));
	ck_ok(download_link_files(s, 1, a, &v, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert(!download_file_left(&l, &v[0]) && download_file_left(&l, &v[1]));
	/* the other person's link is untouched */
	ck_ok(download_link_files(s, 2, a, &v, &n, &err));
	ck_assert(download_file_left(&l, &v[0]));
	for (int i = 0; i < DOWNLOAD_FAILS_MAX; i++) {
		ck_assert_int_eq(download_link_verdict(&l, now + 61), LINK_GOOD);
		ck_ok(store_begin(s, &err));
		ck_ok(download_failed(s, 1, &err));
		ck_ok(store_commit(s, &err));
		ck_ok(download_link_get(s, 1, &l, &err));
	}
	ck_assert_int_eq(download_link_verdict(&l, now + 61), LINK_SPENT);
	ck_is(download_link_get(s, 99, &l, &err), ERR_NOTFOUND);
	delete_all();
	teardown();
}
END_TEST

START_TEST(files_go_on_schedule)
{
	setup();
	struct upload u = an_upload(new_link());
	struct stored_file f;
	uint8_t key[KEY_LEN];
	size_t n;
	put_file(&u, "a.txt", "hello");
	put_file(&u, "b.txt", "world");
	ck_ok(writer_run(in.writer, upload_store, &u, &err));
	ck_ok(keeper_delete_due(&in, u.now + 30 * DAY - 1, &n, &err));
	ck_assert_uint_eq(n, 0);
	/* killed between the unlinking of one and its row */
	unlink_spooled(u.files[0].spool);
	ck_ok(keeper_missing(&in, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_ok(keeper_delete_due(&in, u.now + 30 * DAY, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(spooled(), 0);
	ck_ok(file_get(s, u.files[1].id, a, &f, &err));
	ck_assert_int_eq(f.state, FILE_DELETED);
	ck_assert_int_eq(f.deleted_at, u.now + 30 * DAY);
	ck_is(file_key(s, f.id, key, &err), ERR_NOTFOUND);
	ck_ok(keeper_delete_due(&in, u.now + 31 * DAY, &n, &err));
	ck_assert_uint_eq(n, 0);
	ck_ok(keeper_missing(&in, &n, &err));
	ck_assert_uint_eq(n, 0);
	teardown();
}
END_TEST

UNIT_SUITE("files", an_upload_and_what_it_causes, the_key_is_sealed_in_the_row, the_same_request_again_changes_nothing,
           limits_of_a_link, links_to_fetch, files_go_on_schedule)
