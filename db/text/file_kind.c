/* Files by their first bytes. See file_kind.h. */
#include "text/file_kind.h"
#include <string.h>

struct magic {
	const char *bytes;
	size_t n, at;
	struct file_kind kind;
};
#define M(bytes, at, ...) { bytes, sizeof(bytes) - 1, at, { __VA_ARGS__ } }

/* Each is long or odd enough that no text begins with it. */
static const struct magic magics[] = {
	M("\x7f" "ELF", 0, "Linux 実行ファイル", "application/x-executable", false),
	M("\xCA\xFE\xBA\xBE", 0, "Java または Mac 実行ファイル", "application/x-executable", false),
	M("\xCF\xFA\xED\xFE", 0, "Mac 実行ファイル", "application/x-executable", false),
	M("\xCE\xFA\xED\xFE", 0, "Mac 実行ファイル", "application/x-executable", false),
	M("L\0\0\0\x01\x14\x02\0", 0, "Windows ショートカット", "application/x-ms-shortcut", false),
	M("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 0, "Office 文書 (旧形式) など", "application/x-ole-storage", false),
	M("\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D", 0, "OneNote 文書", "application/onenote", false),
	M("{\\rtf", 0, "リッチテキスト文書", "application/rtf", false),
	M("%PDF-", 0, "PDF 文書", "application/pdf", false),
	M("Rar!\x1A\x07", 0, "RAR 書庫", "application/vnd.rar", false),
	M("7z\xBC\xAF\x27\x1C", 0, "7-Zip 書庫", "application/x-7z-compressed", false),
	M("\x1F\x8B\x08", 0, "gzip 書庫", "application/gzip", false),
	M("\xFD" "7zXZ\0", 0, "xz 書庫", "application/x-xz", false),
	M("\x28\xB5\x2F\xFD", 0, "zstd 書庫", "application/zstd", false),
	M("MSCF\0\0\0\0", 0, "CAB 書庫", "application/vnd.ms-cab-compressed", false),
	M("ITSF\x03\0", 0, "Windows ヘルプ", "application/vnd.ms-htmlhelp", false),
	M("\x78\x9F\x3E\x22", 0, "Outlook 形式 (winmail.dat)", "application/ms-tnef", false),
	M("\x89PNG\r\n\x1A\n", 0, "PNG 画像", "image/png", true),
	M("\xFF\xD8\xFF", 0, "JPEG 画像", "image/jpeg", true),
	M("GIF87a", 0, "GIF 画像", "image/gif", true),
	M("GIF89a", 0, "GIF 画像", "image/gif", true),
	M("WEBP", 8, "WebP 画像", "image/webp", true),
	M("ftypheic", 4, "HEIC 画像", "image/heic", true),
	M("ftypmif1", 4, "HEIC 画像", "image/heif", true),
};

static const struct file_kind exe = { "Windows 実行ファイル", "application/x-msdownload", false };
static const struct file_kind bmp = { "BMP 画像", "image/bmp", true };
static const struct file_kind zip = { "ZIP 書庫", "application/zip", false };
static const struct file_kind zip_locked = { "ZIP 書庫 (パスワード付き)", "application/zip", false };
static const struct file_kind office = { "Office 文書", "application/vnd.openxmlformats-officedocument", false };
static const struct file_kind lzh = { "LZH 書庫", "application/x-lzh", false };
static const struct file_kind bzip2 = { "bzip2 書庫", "application/x-bzip2", false };

static const struct file_kind *of_zip(const char *p, size_t n)
{
	enum { FLAGS = 6, ENCRYPTED = 1 };
	if (n > FLAGS && (p[FLAGS] & ENCRYPTED))
		return &zip_locked;
	if (memmem(p, n, "[Content_Types].xml", 19) || memmem(p, n, "word/", 5) || memmem(p, n, "xl/", 3) ||
	    memmem(p, n, "ppt/", 4))
		return &office;
	return &zip;
}

/* Two letters are no proof: binary headers have zeros, and text has none. */
static bool has_nul(const char *p, size_t n)
{
	return memchr(p, '\0', n < 64 ? n : 64) != NULL;
}

const struct file_kind *file_kind_of(const void *bytes, size_t n)
{
	const char *p = bytes;
	if (n > FILE_KIND_BYTES)
		n = FILE_KIND_BYTES;
	if (n >= 4 && (memcmp(p, "PK\x03\x04", 4) == 0 || memcmp(p, "PK\x05\x06", 4) == 0))
		return of_zip(p, n);
	if (n >= 2 && memcmp(p, "MZ", 2) == 0 && has_nul(p, n))
		return &exe;
	if (n >= 2 && memcmp(p, "BM", 2) == 0 && has_nul(p, n))
		return &bmp;
	if (n >= 10 && memcmp(p, "BZh", 3) == 0 && memcmp(p + 4, "1AY&SY", 6) == 0)
		return &bzip2;
	if (n >= 7 && memcmp(p + 2, "-lh", 3) == 0 && p[6] == '-' && has_nul(p, n))
		return &lzh;
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
		const struct magic *m = &magics[i];
		if (n >= m->at + m->n && memcmp(p + m->at, m->bytes, m->n) == 0)
			return &m->kind;
	}
	return NULL;
}
