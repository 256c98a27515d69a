/*
 * Names of files in a package, and what kind of file one is.
 * SECURITY: names come out of mails: any length, any bytes.
 */
#include "pack.h"
#include "text/file_kind.h"
#include "text/file_name.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uninorm.h>

/* Composed letters: Mac sends か + ゛, which Windows shows as two. */
static void compose(struct sb *name)
{
	size_t n;
	uint8_t *nfc = u8_normalize(UNINORM_NFC, (const uint8_t *)name->s, name->len, NULL, &n);
	if (!nfc)
		return;
	sb_reset(name);
	sb_add(name, nfc, n);
	free(nfc);
}

/* CON, NUL, COM1 … name devices on Windows, whatever comes behind a dot. */
static bool is_device(const char *name)
{
	static const char *const names[] = { "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$" };
	size_t n = strcspn(name, ".");
	while (n && name[n - 1] == ' ')
		n--;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (n == strlen(names[i]) && strncasecmp(name, names[i], n) == 0)
			return true;
	return n == 4 && (strncasecmp(name, "COM", 3) == 0 || strncasecmp(name, "LPT", 3) == 0) && name[3] >= '0' &&
	       name[3] <= '9';
}

static void make_portable(struct sb *name)
{
	for (char *p = name->s; *p; p++)
		if (strchr("<>:\"/\\|?*", *p))
			*p = '_';
	size_t n = name->len;
	while (n && (name->s[n - 1] == '.' || name->s[n - 1] == ' '))
		n--;
	sb_setlen(name, n);
}

static bool is_taken(const char *name, const char *const *taken, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(name, taken[i]) == 0)
			return true;
	return false;
}

/* "name.pdf" → "name (2).pdf" */
static char *numbered(struct arena *a, const char *name, size_t k)
{
	const char *dot = strrchr(name, '.');
	size_t stem = dot && dot > name ? (size_t)(dot - name) : strlen(name);
	return arena_printf(a, "%.*s (%zu)%s", (int)stem, name, k, name + stem);
}

const char *pack_name(struct arena *a, const char *raw, const char *const *taken, size_t n)
{
	struct sb name = SB_INIT;
	file_name_clean(raw ? raw : "", raw ? strlen(raw) : 0, &name);
	compose(&name);
	make_portable(&name);
	const char *base = arena_printf(a, "%s%s", is_device(name.s) ? "_" : "", name.len ? name.s : "file");
	const char *r = base;
	for (size_t k = 2; is_taken(r, taken, n); k++)
		r = numbered(a, base, k);
	sb_free(&name);
	return r;
}

/* ---- kinds ----------------------------------------------------------------------- */

static bool ends_in(const char *name, const char *const *v)
{
	const char *dot = name ? strrchr(name, '.') : NULL;
	for (; dot && *v; v++)
		if (strcasecmp(dot + 1, *v) == 0)
			return true;
	return false;
}

static bool has_type(const struct file_kind *k, const char *const *v)
{
	for (; k && *v; v++)
		if (strcmp(k->type, *v) == 0)
			return true;
	return false;
}

static const char *const archive_types[] = { "application/zip", "application/vnd.rar", "application/x-7z-compressed",
	"application/gzip", "application/x-xz", "application/zstd", "application/vnd.ms-cab-compressed", "application/x-lzh",
	"application/x-bzip2", NULL };

bool pack_is_archive(const char *name, const void *p, size_t n)
{
	static const char *const archives[] = { "zip", "7z", "rar", "lzh", "lha", "cab", "tar", "gz", "tgz", "bz2", "tbz",
		"xz", "txz", "zst", "z", "arj", "ace", "jar", "iso", "img", "vhd", "vhdx", "wim", NULL };
	/* of ZIP's make, but read by their own programs */
	static const char *const documents[] = { "docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "ppsx",
		"potx", "vsdx", "odt", "ods", "odp", "odg", "epub", "xps", "oxps", NULL };
	if (ends_in(name, archives))
		return true;
	return has_type(file_kind_of(p, n), archive_types) && !ends_in(name, documents);
}

bool pack_is_compressed(const void *p, size_t n)
{
	static const char *const others[] = { "application/vnd.openxmlformats-officedocument", "image/png", "image/jpeg",
		"image/gif", "image/webp", "image/heic", "image/heif", NULL };
	const struct file_kind *k = file_kind_of(p, n);
	return has_type(k, archive_types) || has_type(k, others);
}
