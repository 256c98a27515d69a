#ifndef PACK_PACK_H
#define PACK_PACK_H
/*
 * Files made fit to leave the house (DESK-17): an encrypted ZIP, an encrypted
 * PDF, and names that any system opens. In memory, bounded by the caller's
 * `max`; nothing is written to a disk.
 *
 * Encryption is AES with 256 bits: WinZip's AE-2 in a ZIP (7-Zip, The
 * Unarchiver, WinRAR and libarchive read it), revision 6 in a PDF (ISO 32000-2;
 * every reader since Acrobat X).
 *
 * SECURITY: the bytes may be anything, a sample of malware too: a ZIP takes
 * them as they are, a PDF is read in a child process with limits. A password is
 * never logged and wiped where a copy was made.
 */
#include "base/arena.h"
#include "base/clk.h"
#include "base/err.h"
#include "base/strbuf.h"
#include <stdbool.h>

struct pack_file {
	const char *name; /* by pack_name */
	const void *p;
	size_t n;
};

enum { PACK_FILES_MAX = 200 };

/* The archive is appended; `at` is the time its entries bear. What is compressed
 * already is stored, the rest deflated. ERR_LIMIT: too many files, or more than
 * `max` bytes of them. ERR_PERM: no file, no password, two of one name. */
enum status pack_zip(const struct pack_file *v, size_t n, const char *password, epoch at, size_t max, struct sb *out,
                     struct err *e) must_check;

/* The same document, which opens with the password alone, is appended. ERR_PERM:
 * not possible without harm (damaged, encrypted already, or signed: a signature
 * would not hold), put it in a ZIP. ERR_LIMIT: more than `max` bytes. */
enum status pack_pdf(const void *p, size_t n, const char *password, size_t max, struct sb *out, struct err *e) must_check;

/* A name in the arena for a file of a package: no folder, nothing that Windows
 * reserves, one form of each letter (NFC), not a second time in taken[0..n),
 * where upper and lower case are one. raw may be hostile, or NULL. */
const char *pack_name(struct arena *a, const char *raw, const char *const *taken, size_t n);

/* By its bytes, then by its name: */
bool pack_is_pdf(const void *p, size_t n);
/* An archive, encrypted or not. Documents that happen to be ZIP (docx, odt, …) are none. */
bool pack_is_archive(const char *name, const void *p, size_t n);
/* Deflate would only make it longer. */
bool pack_is_compressed(const void *p, size_t n);

/* Appends the last `most` bytes of what a .gz file holds (a plain one likewise). What
 * comes before a damage counts. ERR_TEMP: it can't be opened. */
enum status pack_gunzip_tail(const char *path, size_t most, struct sb *out, struct err *e) must_check;

#endif
