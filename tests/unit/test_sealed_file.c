/* Sealed files: what went in comes out, and nothing else does (DESK-09, OPS-07). */
#include "base/crypto_stream.h"
#include "base/io.h"
#include "base/sealed_file.h"
#include "base/xalloc.h"
#include "unit.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint8_t key[KEY_LEN] = { 1, 2, 3 };
static char dir[64], path[96], part[112];
static struct err err;

static void setup(void)
{
	snprintf(dir, sizeof dir, "/tmp/yorozu-sealed-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/file", dir);
	snprintf(part, sizeof part, "%s.part", path);
}

static void done(void)
{
	unlink(path);
	unlink(part);
	ck_assert_int_eq(rmdir(dir), 0);
}

static uint8_t byte_at(size_t i)
{
	return (uint8_t)(i * 31 + (i >> 16) * 7 + 5);
}

/* Written in pieces of odd sizes. */
static void seal(size_t n, struct sealed_sum *sum)
{
	struct sealed_out *o;
	ck_assert_int_eq(sealed_create(path, key, &o, &err), OK);
	for (size_t at = 0, k; at < n; at += k) {
		static uint8_t piece[40000];
		k = n - at < 39999 ? n - at : 39999;
		for (size_t i = 0; i < k; i++)
			piece[i] = byte_at(at + i);
		ck_assert_int_eq(sealed_put(o, piece, k, &err), OK);
	}
	ck_assert_int_eq(sealed_finish(&o, sum, &err), OK);
	ck_assert_ptr_null(o);
}

/* How many good bytes came before the end or the error. */
static enum status unseal(const uint8_t *with, size_t *n_r)
{
	struct sealed_in *in;
	uint8_t piece[5000];
	size_t n, at = 0;
	enum status st = sealed_open(path, with, &in, &err);
	while (st == OK && (st = sealed_read(in, piece, sizeof piece, &n, &err)) == OK && n) {
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(piece[i], byte_at(at + i));
		at += n;
	}
	sealed_close(&in);
	*n_r = at;
	return st;
}

START_TEST(what_goes_in_comes_out)
{
	static const size_t sizes[] = { 0, 1, STREAM_RECORD - 1, STREAM_RECORD, STREAM_RECORD + 1, 2 * STREAM_RECORD, 200001 };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct sealed_sum sum;
		uint8_t want[SHA256_LEN];
		struct stat st;
		size_t n;
		setup();
		seal(sizes[i], &sum);
		uint8_t *plain = xmalloc(sizes[i] + 1);
		for (size_t k = 0; k < sizes[i]; k++)
			plain[k] = byte_at(k);
		crypto_sha256(plain, sizes[i], want);
		free(plain);
		ck_assert_int_eq(sum.size, (int64_t)sizes[i]);
		ck_assert_mem_eq(sum.sha256, want, SHA256_LEN);
		ck_assert_int_eq(unseal(key, &n), OK);
		ck_assert_uint_eq(n, sizes[i]);
		ck_assert_int_eq(stat(path, &st), 0);
		ck_assert_int_eq(st.st_mode & 07777, 0600);
		size_t records = sizes[i] ? (sizes[i] + STREAM_RECORD - 1) / STREAM_RECORD : 1;
		ck_assert_int_eq(st.st_size, (off_t)(sizes[i] + records * STREAM_TAG));
		ck_assert(!io_exists(part));
		done();
	}
}
END_TEST

START_TEST(nothing_readable_is_on_the_disk)
{
	struct sealed_sum sum;
	struct sb file = SB_INIT;
	uint8_t plain[16];
	setup();
	seal(100000, &sum);
	ck_assert_int_eq(io_read_file(path, 1 << 20, &file, &err), OK);
	for (size_t i = 0; i < sizeof plain; i++)
		plain[i] = byte_at(i);
	ck_assert_ptr_null(memmem(file.s, file.len, plain, sizeof plain));
	sb_free(&file);
	done();
}
END_TEST

static void rewrite(const struct sb *b)
{
	ck_assert_int_eq(io_write_file(path, 0600, b->s, b->len, &err), OK);
}

START_TEST(whatever_is_changed_is_noticed)
{
	struct sealed_sum sum;
	struct sb file = SB_INIT, bad = SB_INIT;
	size_t n, rec = STREAM_SEALED;
	setup();
	seal(3 * STREAM_RECORD + 100, &sum);
	ck_assert_int_eq(io_read_file(path, 1 << 20, &file, &err), OK);
	/* cut at every kind of place: also exactly behind a record */
	const size_t cuts[] = { 0, 1, STREAM_TAG, rec - 1, rec, 2 * rec, 3 * rec, 3 * rec + 50, file.len - 1 };
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		sb_reset(&bad);
		sb_add(&bad, file.s, cuts[i]);
		rewrite(&bad);
		ck_assert_int_eq(unseal(key, &n), ERR_PERM);
		ck_assert_uint_le(n, cuts[i]);
	}
	/* one bit, in each record */
	for (size_t at = 7; at < file.len; at += rec / 2) {
		sb_reset(&bad);
		sb_add(&bad, file.s, file.len);
		bad.s[at] ^= 4;
		rewrite(&bad);
		ck_assert_int_eq(unseal(key, &n), ERR_PERM);
		ck_assert_uint_eq(n, at / rec * STREAM_RECORD);
	}
	/* the first two records swapped; the second one twice; one more behind the end */
	sb_reset(&bad);
	sb_add(&bad, file.s + rec, rec), sb_add(&bad, file.s, rec), sb_add(&bad, file.s + 2 * rec, file.len - 2 * rec);
	rewrite(&bad);
	ck_assert_int_eq(unseal(key, &n), ERR_PERM);
	ck_assert_uint_eq(n, 0);
	sb_reset(&bad);
	sb_add(&bad, file.s, 2 * rec), sb_add(&bad, file.s + rec, file.len - rec);
	rewrite(&bad);
	ck_assert_int_eq(unseal(key, &n), ERR_PERM);
	sb_reset(&bad);
	sb_add(&bad, file.s, file.len), sb_add(&bad, file.s, rec);
	rewrite(&bad);
	ck_assert_int_eq(unseal(key, &n), ERR_PERM);
	sb_free(&file);
	sb_free(&bad);
	done();
}
END_TEST

START_TEST(another_key_reads_nothing)
{
	static const uint8_t other[KEY_LEN] = { 9 };
	struct sealed_sum sum;
	size_t n;
	setup();
	seal(1000, &sum);
	ck_assert_int_eq(unseal(other, &n), ERR_PERM);
	ck_assert_uint_eq(n, 0);
	done();
}
END_TEST

START_TEST(a_file_is_whole_or_not_there)
{
	struct sealed_out *o;
	struct sealed_sum sum;
	size_t n;
	setup();
	ck_assert_int_eq(sealed_create(path, key, &o, &err), OK);
	ck_assert_int_eq(sealed_put(o, "half", 4, &err), OK);
	ck_assert(io_exists(part) && !io_exists(path));
	sealed_abandon(&o);
	ck_assert(!io_exists(part) && !io_exists(path));
	seal(10, &sum);
	/* a name that is taken is not taken again */
	ck_assert_int_eq(sealed_create(path, key, &o, &err), OK);
	ck_assert_int_eq(sealed_finish(&o, &sum, &err), ERR_TEMP);
	ck_assert_int_eq(unseal(key, &n), OK);
	ck_assert_uint_eq(n, 10);
	ck_assert(!io_exists(part));
	ck_assert_int_eq(unlink(path), 0);
	struct sealed_in *in;
	ck_assert_int_eq(sealed_open(path, key, &in, &err), ERR_NOTFOUND);
	ck_assert_ptr_null(in);
	ck_assert_int_eq(sealed_open(dir, key, &in, &err), ERR_PERM);
	done();
}
END_TEST

START_TEST(a_full_disk_is_told)
{
	struct sealed_out *o;
	struct sealed_sum sum;
	static const uint8_t zeros[STREAM_RECORD * 2];
	setup();
	ck_assert_int_eq(symlink("/dev/full", part), 0); /* O_EXCL and O_NOFOLLOW refuse it */
	ck_assert_int_eq(sealed_create(path, key, &o, &err), ERR_EXISTS);
	ck_assert_int_eq(unlink(part), 0);
	ck_assert_int_eq(sealed_create(path, key, &o, &err), OK);
	/* the descriptor underneath, the one opened just before, becomes a full disk */
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	int fd = full - 1;
	ck_assert_int_eq(dup2(full, fd), fd);
	close(full);
	ck_assert_int_eq(sealed_put(o, zeros, sizeof zeros, &err), ERR_TEMP);
	ck_assert_int_eq(sealed_finish(&o, &sum, &err), ERR_TEMP);
	ck_assert(!io_exists(part) && !io_exists(path));
	done();
}
END_TEST

UNIT_SUITE("sealed_file", what_goes_in_comes_out, nothing_readable_is_on_the_disk, whatever_is_changed_is_noticed,
           another_key_reads_nothing, a_file_is_whole_or_not_there, a_full_disk_is_told)
