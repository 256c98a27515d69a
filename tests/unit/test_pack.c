/*
 * DESK-17: what leaves encrypted opens with the password in other people's
 * programs (7-Zip, libarchive, qpdf, poppler), and not without it.
 */
#include "base/io.h"
#include "base/proc.h"
#include "pack/pack.h"
#include "base/xalloc.h"
#include "unit.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PASSWORD "Kaitsu2026"
#define WRONG "Kaitsu2027"
enum { MB = 1 << 20, AT = 1795651200 };

static struct err err;
static struct arena *a;
static char dir[64];

static void open_dir(void)
{
	snprintf(dir, sizeof dir, "/tmp/yorozu-pack-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	a = arena_new();
}

static int run_to(const char *out, char *const argv[])
{
	int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int rc = proc_run(argv, fd, &err);
	close(fd);
	ck_assert_int_ge(rc, 0);
	return rc;
}
/* A shell line in the folder; its output is in DIR/out. */
static int sh(const char *line)
{
	char *argv[] = { "/bin/sh", "-c", arena_printf(a, "cd %s && { %s; } </dev/null", dir, line), NULL };
	return run_to(arena_printf(a, "%s/out", dir), argv);
}

static char *said(void)
{
	struct sb b = SB_INIT;
	ck_assert_int_eq(io_read_file(arena_printf(a, "%s/out", dir), 8 * MB, &b, &err), OK);
	char *s = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return s;
}

static void close_dir(void)
{
	char *argv[] = { "/bin/rm", "-rf", dir, NULL };
	ck_assert_int_eq(proc_run(argv, -1, &err), 0);
	arena_free(&a);
}

static void save(const char *name, const struct sb *b)
{
	ck_assert_int_eq(io_write_file(arena_printf(a, "%s/%s", dir, name), 0600, b->s, b->len, &err), OK);
}

static void zip_up(const struct pack_file *v, size_t n, struct sb *out)
{
	enum status st = pack_zip(v, n, PASSWORD, AT, 64 * MB, out, &err);
	ck_assert_msg(st == OK, "%s", err.msg);
	save("a.zip", out);
}

static unsigned u16(const char *p)
{
	return (unsigned char)p[0] | (unsigned)(unsigned char)p[1] << 8;
}

/* ---- ZIP --------------------------------------------------------------------------- */

START_TEST(zip_opens_with_the_password_and_not_without)
{
	struct sb out = SB_INIT;
	const struct pack_file v[] = { { "調査結果.txt", "本文です\n", strlen("本文です\n") }, { "list.csv", "a,b\r\n1,2\r\n", 10 } };
	open_dir();
	zip_up(v, 2, &out);
	ck_assert_int_eq(sh("7z x -y -p" PASSWORD " -oseven a.zip && cat seven/調査結果.txt seven/list.csv"), 0);
	ck_assert(strstr(said(), "本文です\na,b\r\n1,2"));
	ck_assert_int_eq(sh("mkdir lib && bsdtar --passphrase " PASSWORD " -xf a.zip -C lib && cmp lib/list.csv seven/list.csv"), 0);
	ck_assert_int_ne(sh("7z t -p" WRONG " a.zip"), 0);
	ck_assert_int_ne(sh("7z t -p a.zip"), 0);
	ck_assert_int_eq(sh("7z l -slt -p" PASSWORD " a.zip | grep -c 'Method = AES-256'"), 0);
	ck_assert_str_eq(said(), "2\n");
	ck_assert_ptr_null(memmem(out.s, out.len, PASSWORD, strlen(PASSWORD)));
	ck_assert_ptr_null(memmem(out.s, out.len, "本文", strlen("本文")));
	sb_free(&out);
	close_dir();
}
END_TEST

/* Windows takes a name for CP932 unless bit 11 says UTF-8; AE-2 keeps the CRC of
 * the secret out of the open. */
START_TEST(zip_entries_say_what_they_are)
{
	struct sb out = SB_INIT;
	char longer[3000];
	memset(longer, 'x', sizeof longer);
	const struct pack_file v[] = { { "請求書.txt", "ok", 2 }, { "ログ.txt", longer, sizeof longer } };
	open_dir();
	zip_up(v, 2, &out);
	size_t entries = 0;
	for (const char *p = out.s, *end = out.s + out.len; (p = memmem(p, (size_t)(end - p), "PK\1\2", 4)); p += 46) {
		const char *extra = p + 46 + u16(p + 28), *ae = memmem(extra, u16(p + 30), "\1\x99", 2);
		ck_assert_msg(u16(p + 8) & 1 << 11, "the name is not marked as UTF-8");
		ck_assert_msg(u16(p + 8) & 1, "not encrypted");
		ck_assert_uint_eq(u16(p + 10), 99);
		ck_assert_ptr_nonnull(ae);
		ck_assert_mem_eq(ae + 6, "AE\3", 3); /* 256 bits */
		ck_assert_uint_eq(u16(ae + 4), 2);
		ck_assert_mem_eq(p + 16, "\0\0\0\0", 4);
		ck_assert_uint_eq(u16(p + 14), (2026 - 1980) << 9 | 11 << 5 | 26); /* Japan's date, whatever TZ says */
		entries++;
	}
	ck_assert_uint_eq(entries, 2);
	ck_assert_int_eq(sh("7z t -p" PASSWORD " a.zip && bsdtar --passphrase " PASSWORD " -tf a.zip"), 0);
	sb_free(&out);
	close_dir();
}
END_TEST

START_TEST(empty_and_packed_files)
{
	struct sb out = SB_INIT;
	char png[5000] = "\x89PNG\r\n\x1a\n";
	const struct pack_file v[] = { { "empty.txt", "", 0 }, { "shot.png", png, sizeof png } };
	open_dir();
	zip_up(v, 2, &out);
	ck_assert_int_eq(sh("7z x -y -p" PASSWORD " -ox a.zip && test -f x/empty.txt -a ! -s x/empty.txt && stat -c %s x/shot.png"), 0);
	ck_assert(strstr(said(), "5000\n"));
	ck_assert_int_eq(sh("7z l -slt a.zip | grep Method"), 0);
	ck_assert_msg(strstr(said(), "Store"), "what is compressed is stored: %s", said());
	sb_free(&out);
	close_dir();
}
END_TEST

START_TEST(zip_bounds)
{
	struct pack_file v[PACK_FILES_MAX + 1];
	struct sb out = SB_INIT;
	const char *names[PACK_FILES_MAX + 1];
	open_dir();
	for (size_t i = 0; i <= PACK_FILES_MAX; i++) {
		names[i] = pack_name(a, "報告.txt", names, i);
		v[i] = (struct pack_file){ names[i], "x", 1 };
	}
	zip_up(v, PACK_FILES_MAX, &out);
	ck_assert_int_eq(sh("7z x -y -p" PASSWORD " -ox a.zip >/dev/null && ls x | wc -l"), 0);
	ck_assert_str_eq(said(), "200\n");
	sb_reset(&out);
	ck_assert_int_eq(pack_zip(v, PACK_FILES_MAX + 1, PASSWORD, AT, MB, &out, &err), ERR_LIMIT);
	ck_assert_int_eq(pack_zip(v, 3, PASSWORD, AT, 2, &out, &err), ERR_LIMIT);
	ck_assert_int_eq(pack_zip(v, 1, "", AT, MB, &out, &err), ERR_PERM);
	ck_assert_int_eq(pack_zip(v, 0, PASSWORD, AT, MB, &out, &err), ERR_PERM);
	v[1].name = v[0].name;
	ck_assert_int_eq(pack_zip(v, 2, PASSWORD, AT, MB, &out, &err), ERR_PERM);
	ck_assert_uint_eq(out.len, 0);
	sb_free(&out);
	close_dir();
}
END_TEST

START_TEST(fifty_megabytes)
{
	const size_t n = 50 * MB;
	struct sb out = SB_INIT;
	char *big = xmalloc(n);
	for (size_t i = 0; i < n; i++) /* does not compress */
		big[i] = (char)((i * 2654435761u) >> 13 ^ i >> 3);
	const struct pack_file v = { "dump.bin", big, n };
	open_dir();
	ck_assert_int_eq(pack_zip(&v, 1, PASSWORD, AT, n - 1, &out, &err), ERR_LIMIT);
	ck_assert_int_eq(pack_zip(&v, 1, PASSWORD, AT, n, &out, &err), OK);
	save("a.zip", &out);
	ck_assert_int_eq(sh("7z t -p" PASSWORD " a.zip"), 0);
	free(big);
	sb_free(&out);
	close_dir();
}
END_TEST

/* ---- names ------------------------------------------------------------------------- */

START_TEST(names_that_any_system_takes)
{
	static const struct { const char *raw, *want; } v[] = {
		{ "調査結果.pdf", "調査結果.pdf" },
		{ "C:\\Users\\suzuki\\Desktop\\報告.docx", "報告.docx" },
		{ "/home/suzuki/../../etc/passwd", "passwd" },
		{ "a<b>c:d\"e|f?g*.txt", "a_b_c_d_e_f_g_.txt" },
		{ "nul.txt", "_nul.txt" }, { "COM1", "_COM1" }, { "com10.txt", "com10.txt" }, { "Console.txt", "Console.txt" },
		{ "end. . .", "end" },
		{ "\xE3\x81\x8B\xE3\x82\x99.txt", "\xE3\x81\x8C.txt" }, /* か + ゛ */
	};
	a = arena_new();
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		ck_assert_str_eq(pack_name(a, v[i].raw, NULL, 0), v[i].want);
	ck_assert(*pack_name(a, NULL, NULL, 0));
	ck_assert(*pack_name(a, "...", NULL, 0));
	ck_assert_ptr_null(strstr(pack_name(a, "a\xE2\x80\xAEtxt.exe", NULL, 0), "\xE2\x80\xAE"));
	ck_assert_ptr_null(strchr(pack_name(a, "a\nb\x01.txt", NULL, 0), '\n'));
	arena_free(&a);
}
END_TEST

START_TEST(a_name_stands_once)
{
	const char *taken[3] = { "Report.pdf" };
	a = arena_new();
	taken[1] = pack_name(a, "report.PDF", taken, 1);
	ck_assert_str_eq(taken[1], "report (2).PDF");
	taken[2] = pack_name(a, "x/report.pdf", taken, 2);
	ck_assert_str_eq(taken[2], "report (3).pdf");
	arena_free(&a);
}
END_TEST

START_TEST(archives_are_told_from_documents)
{
	ck_assert(pack_is_archive("a.zip", "", 0));
	ck_assert(pack_is_archive("a.LZH", "", 0));
	ck_assert(pack_is_archive("a.dat", "PK\3\4....", 8));
	ck_assert(pack_is_archive(NULL, "7z\xBC\xAF\x27\x1C", 6));
	ck_assert(!pack_is_archive("a.docx", "PK\3\4....", 8));
	ck_assert(!pack_is_archive("見積.xlsx", "PK\3\4....", 8));
	ck_assert(!pack_is_archive("a.pdf", "%PDF-1.7", 8));
	ck_assert(!pack_is_archive("a.docx", "", 0));
	ck_assert(pack_is_archive("PK.txt", "PK\3\4....", 8));
}
END_TEST

/* ---- PDF --------------------------------------------------------------------------- */

static void object(struct sb *b, size_t at[], size_t i, const char *text)
{
	at[i] = b->len;
	sb_addf(b, "%zu 0 obj\n%s\nendobj\n", i, text);
}

/* One page that says what. */
static void a_pdf(const char *what, struct sb *b)
{
	size_t at[6];
	char *draw = arena_printf(a, "BT /F1 18 Tf 40 100 Td (%s) Tj ET", what);
	sb_adds(b, "%PDF-1.4\n");
	object(b, at, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	object(b, at, 2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
	object(b, at, 3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R "
	                 "/Resources << /Font << /F1 5 0 R >> >> >>");
	object(b, at, 4, arena_printf(a, "<< /Length %zu >>\nstream\n%s\nendstream", strlen(draw), draw));
	object(b, at, 5, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
	size_t xref = b->len;
	sb_adds(b, "xref\n0 6\n0000000000 65535 f \n");
	for (size_t i = 1; i < 6; i++)
		sb_addf(b, "%010zu 00000 n \n", at[i]);
	sb_addf(b, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", xref);
}

START_TEST(pdf_opens_with_the_password_and_not_without)
{
	struct sb in = SB_INIT, out = SB_INIT, again = SB_INIT;
	open_dir();
	a_pdf("Findings 2026", &in);
	enum status st = pack_pdf(in.s, in.len, PASSWORD, MB, &out, &err);
	ck_assert_msg(st == OK, "%s", err.msg);
	save("r.pdf", &out);
	ck_assert_int_eq(sh("pdftotext -upw " PASSWORD " r.pdf -"), 0);
	ck_assert(strstr(said(), "Findings 2026"));
	ck_assert_int_ne(sh("pdftotext r.pdf -"), 0);
	ck_assert_int_ne(sh("pdftotext -upw " WRONG " r.pdf -"), 0);
	ck_assert_int_eq(sh("qpdf --password=" PASSWORD " --show-encryption r.pdf"), 0);
	ck_assert_msg(strstr(said(), "R = 6") && strstr(said(), "AESv3"), "%s", said());
	ck_assert_int_eq(sh("qpdf --password=" PASSWORD " --decrypt --check r.pdf"), 0);
	ck_assert_ptr_null(memmem(out.s, out.len, "Findings", 8));
	ck_assert_ptr_null(memmem(out.s, out.len, PASSWORD, strlen(PASSWORD)));
	ck_assert_int_eq(pack_pdf(out.s, out.len, PASSWORD, MB, &again, &err), ERR_PERM); /* encrypted already */
	ck_assert_uint_eq(again.len, 0);
	sb_free(&in), sb_free(&out), sb_free(&again);
	close_dir();
}
END_TEST

/* Such go into a ZIP as they are. */
START_TEST(pdfs_that_are_left_alone)
{
	struct sb in = SB_INIT, out = SB_INIT;
	a = arena_new();
	a_pdf("x", &in);
	ck_assert_int_eq(pack_pdf(in.s, in.len, PASSWORD, 100, &out, &err), ERR_LIMIT);
	ck_assert_int_eq(pack_pdf(in.s, in.len, PASSWORD, in.len + 10, &out, &err), ERR_LIMIT); /* it grows */
	ck_assert_int_eq(pack_pdf(in.s, in.len, "", MB, &out, &err), ERR_PERM);
	ck_assert_int_eq(pack_pdf("%PDF-1.7\nnonsense", 17, PASSWORD, MB, &out, &err), ERR_PERM);
	ck_assert_int_eq(pack_pdf("hello", 5, PASSWORD, MB, &out, &err), ERR_PERM);
	ck_assert_int_eq(pack_pdf("", 0, PASSWORD, MB, &out, &err), ERR_PERM);
	sb_adds(&in, "% /ByteRange [0 1 2 3]\n");
	ck_assert_int_eq(pack_pdf(in.s, in.len, PASSWORD, MB, &out, &err), ERR_PERM);
	ck_assert_uint_eq(out.len, 0);
	sb_free(&in), sb_free(&out);
	arena_free(&a);
}
END_TEST

/* However it is made, it costs a child and not the mailer. */
START_TEST(pdfs_made_to_hurt)
{
	struct sb in = SB_INIT, out = SB_INIT;
	sb_adds(&in, "%PDF-1.4\n1 0 obj\n");
	for (int i = 0; i < 200000; i++)
		sb_adds(&in, "[<</A ");
	sb_adds(&in, "\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n");
	ck_assert_int_eq(pack_pdf(in.s, in.len, PASSWORD, 8 * MB, &out, &err), ERR_PERM);
	sb_reset(&in);
	sb_adds(&in, "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Prev 9 >>\nendobj\n"
	             "xref\n0 99999999\ntrailer\n<< /Root 1 0 R /Size 99999999 /Prev 9 >>\nstartxref\n90\n%%EOF\n");
	ck_assert_int_ne(pack_pdf(in.s, in.len, PASSWORD, 8 * MB, &out, &err), ERR_TEMP);
	sb_free(&in), sb_free(&out);
}
END_TEST

UNIT_SUITE("pack", zip_opens_with_the_password_and_not_without, zip_entries_say_what_they_are, empty_and_packed_files,
           zip_bounds, fifty_megabytes, names_that_any_system_takes, a_name_stands_once,
           archives_are_told_from_documents, pdf_opens_with_the_password_and_not_without, pdfs_that_are_left_alone,
           pdfs_made_to_hurt)
