/* MAG-08: lists of readers as people keep them: what is taken, what is refused, and what a lost list is made of again. */
#include "reader_import.h"
#include "store/store_contract.h"
#include "store/store_reader_csv.h"
#include "store_fixture.h"

static struct reader_import r;

static void import_bytes(const char *csv, size_t n, bool replace)
{
	ck_ok(readers_import(s, csv, n, replace, false, "operator:test", 5000, &r, &err));
}

static void import(const char *csv)
{
	import_bytes(csv, strlen(csv), false);
}

static struct reader of(const char *addr)
{
	struct reader v;
	ck_ok(reader_by_addr(s, addr, a, &v, &err));
	return v;
}

static int64_t stored(void)
{
	int64_t v[READER_STATES], n = 0;
	ck_ok(reader_counts(s, v, &err));
	for (int i = 0; i < READER_STATES; i++)
		n += v[i];
	return n;
}

static int64_t add(const char *addr, const char *name)
{
	struct reader v = { .addr = addr, .name = name, .state = READER_ACTIVE, .why = "test" };
	ck_ok(store_begin(s, &err));
	ck_ok(reader_add(s, &v, 1000, &err));
	ck_ok(store_commit(s, &err));
	return v.id;
}

static void set(int64_t id, enum reader_state to, enum reader_what what)
{
	ck_ok(store_begin(s, &err));
	ck_ok(reader_set(s, id, to, what, 0, "test", 1100, &err));
	ck_ok(store_commit(s, &err));
}

/* Our own export, read where nobody is known, makes the list that it was. */
START_TEST(a_lost_list_comes_back_as_it_was)
{
	static const char *const addr[READER_STATES] = { "on@x.example", "bounced@x.example", "stopped@x.example", "off@x.example" };
	open_new();
	for (int i = 0; i < READER_STATES; i++) {
		int64_t id = add(addr[i], "山田");
		if (i)
			set(id, (enum reader_state)i, READER_LEFT);
	}
	for (int cp932 = 0; cp932 < 2; cp932++) {
		struct sb csv = SB_INIT;
		char other[128];
		struct store *keep = s;
		ck_ok(readers_export(s, cp932, &csv, &err));
		import_bytes(csv.s, csv.len, false); /* here it changes nothing */
		ck_assert_uint_eq(r.same, 1);
		ck_assert_uint_eq(r.kept_away, 3);
		reader_import_free(&r);
		snprintf(other, sizeof other, "%s/other%d.db", dir, cp932);
		ck_ok(store_open(other, master, &s, &err));
		import_bytes(csv.s, csv.len, true);
		ck_assert_str_eq(r.fault_text.s, "");
		ck_assert_str_eq(r.preview.s, "追加 on@x.example 山田\n"
			"配信なしで登録 bounced@x.example (配信停止 (不達など))\n"
			"配信なしで登録 stopped@x.example (配信停止 (本人の希望))\n"
			"配信なしで登録 off@x.example (対象外)\n");
		ck_assert_uint_eq(r.added, 1);
		ck_assert_uint_eq(r.stopped, 3);
		reader_import_free(&r);
		for (int i = 0; i < READER_STATES; i++)
			ck_assert_int_eq(of(addr[i]).state, i);
		ck_assert_str_eq(of(addr[2]).name, "山田");
		import("mail\non@x.example\nbounced@x.example\nstopped@x.example\noff@x.example\n");
		ck_assert_uint_eq(r.kept_away, 3); /* and no list brings them back */
		reader_import_free(&r);
		store_close(&s);
		unlink_store(other);
		s = keep;
		sb_free(&csv);
	}
	done();
}
END_TEST

/* What the list knows of a reader whom the store sends to. Who follows his contract is not removed by a list. */
START_TEST(a_list_may_stop_but_not_start)
{
	open_new();
	int64_t removed = add("removed@x.example", "");
	add("a@x.example", "");
	add("b@x.example", "");
	int64_t stopped = add("stopped@x.example", "");
	set(removed, READER_REMOVED, READER_LEFT);
	set(stopped, READER_UNSUBSCRIBED, READER_STOPPED);
	struct reader of_contract = { .addr = "c@x.example", .name = "", .source = READER_BY_CONTRACT, .why = "test" };
	ck_ok(store_begin(s, &err));
	ck_ok(reader_add(s, &of_contract, 1000, &err));
	ck_ok(store_commit(s, &err));
	import("mail,状態\na@x.example,配信停止 (本人の希望)\nb@x.example,対象外\nc@x.example,対象外\n"
	       "removed@x.example,配信停止（不達など）\nstopped@x.example,配信中\nnew@x.example,\n");
	ck_assert_str_eq(r.fault_text.s, "");
	ck_assert_uint_eq(r.stopped, 3);
	ck_assert_uint_eq(r.same, 1);
	ck_assert_uint_eq(r.kept_away, 1);
	ck_assert_uint_eq(r.added, 1);
	reader_import_free(&r);
	ck_assert_int_eq(of("a@x.example").state, READER_UNSUBSCRIBED);
	ck_assert_int_eq(of("b@x.example").state, READER_REMOVED);
	ck_assert_int_eq(of("c@x.example").state, READER_ACTIVE);
	ck_assert_int_eq(of("removed@x.example").state, READER_SUPPRESSED);
	ck_assert_int_eq(of("stopped@x.example").state, READER_UNSUBSCRIBED);
	ck_assert_int_eq(of("new@x.example").state, READER_ACTIVE);
	done();
}
END_TEST

START_TEST(refused)
{
	static const char *const files[][2] = {
		{ "", "ファイルが空です (1行目に見出しが必要です)\n" },
		{ "氏名\n山田\n", "1行目 見出し「メールアドレス」がありません\n" },
		{ "メールアドレス,氏名,Mail\na@x.example,山田,b@x.example\n", "1行目 見出し「メールアドレス」が2つあります\n" },
		{ "mail,name,名前\na@x.example,山田,太郎\n", "1行目 見出し「氏名」が2つあります\n" },
		{ "mail,name\na@x.example,山田,太郎\nb@x.example,佐藤,,\n", "2行目 列の数が見出しと違います (3列、見出しは2列)\n" },
		{ "mail,name,,　\na@x.example,山田,太郎\n", "2行目 列の数が見出しと違います (3列、見出しは2列)\n" },
		{ "mail,name\na@x.example,山田\nb@x.example,\nA@x.example,鈴木\na@x.example,\n",
		  "4行目 「メールアドレス」: a@x.example は2行目にもあります (氏名が違います)\n" },
		{ "mail,name\na@x.example,x\x1B[2Jy\nb@x.example,\"a\n配信停止 root\"\nc@x.example,\xE2\x80\xAEkoot\n",
		  "2行目 「氏名」: x␛[2Jy には改行や制御文字など、使えない文字があります\n"
		  "3行目 「氏名」: a 配信停止 root には改行や制御文字など、使えない文字があります\n"
		  "5行目 「氏名」: [U+202E]koot には改行や制御文字など、使えない文字があります\n" },
		{ "mail,状態\na@x.example,退会\n", "2行目 「状態」: 退会 は知らない状態です "
		  "(配信中、配信停止 (不達など)、配信停止 (本人の希望)、対象外のいずれかです)\n" },
		{ "mail\n\x1B[31m山田さんのとても長い長い長い長い長い長い長いアドレス@x.example\n",
		  "2行目 「メールアドレス」: ␛[31m山田さんのとても長い長い長い長い… は正しい形ではありません\n" },
	};
	open_new();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		import(files[i][0]);
		ck_assert_str_eq(r.fault_text.s, files[i][1]);
		ck_assert_int_eq(stored(), 0);
		reader_import_free(&r);
	}
	done();
}
END_TEST

START_TEST(taken_as_it_looks)
{
	static const char *const heads[] = { "メールアドレス,氏　名", "ﾒｰﾙｱﾄﾞﾚｽ　,氏名\u00A0", "E-MAIL,Name", "\"メール\nアドレス\",お名前 ", "Ｍａｉｌ,ＮＡＭＥ" };
	open_new();
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		char csv[256];
		snprintf(csv, sizeof csv, "%s,備考\r\n　\u00A0u%zu@x.example\u00A0　,　山田　太郎 \u00A0,何か\r\nv%zu@x.example\r\n", heads[i], i, i);
		import(csv);
		ck_assert_str_eq(r.fault_text.s, "");
		ck_assert_uint_eq(r.added, 2);
		reader_import_free(&r);
		snprintf(csv, sizeof csv, "u%zu@x.example", i);
		ck_assert_str_eq(of(csv).name, "山田　太郎");
	}
	done();
}
END_TEST

/* A list without anybody is no list: somebody saved the wrong sheet. */
START_TEST(nobody_replaces_nobody)
{
	open_new();
	add("a@x.example", "");
	for (int i = 0; i < 2; i++) {
		const char *csv = i ? "メールアドレス,氏名\n,\n\n" : "メールアドレス,氏名\n";
		import_bytes(csv, strlen(csv), true);
		ck_assert_str_eq(r.fault_text.s, "読者が1人もいないため、--replace では取り込めません (全員が削除されます)\n");
		reader_import_free(&r);
		ck_assert_int_eq(of("a@x.example").state, READER_ACTIVE);
	}
	import("メールアドレス,氏名\n");
	ck_assert_uint_eq(r.faults, 0);
	reader_import_free(&r);
	import_bytes("mail\nb@x.example\n", 17, true);
	ck_assert_str_eq(r.preview.s, "追加 b@x.example \n削除 a@x.example \n");
	reader_import_free(&r);
	ck_assert_int_eq(of("a@x.example").state, READER_REMOVED);
	import("mail\na@x.example\n"); /* a list took him off, a list brings him back */
	ck_assert_uint_eq(r.back, 1);
	reader_import_free(&r);
	done();
}
END_TEST

UNIT_SUITE("reader_import", a_lost_list_comes_back_as_it_was, a_list_may_stop_but_not_start, refused, taken_as_it_looks,
	   nobody_replaces_nobody)
