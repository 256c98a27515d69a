/* Passwords of staff: see password.h. */
#include "base/password.h"
#include "base/xalloc.h"
#include <crypt.h>
#include <stdlib.h>
#include <string.h>

/* Each login to IMAP and SASL costs this much (about 10 ms); Dovecot caches. */
enum { ROUNDS = 20000, PASSWORD_MIN = 10, PASSWORD_MAX = 200 };

static bool acceptable(const char *s)
{
	size_t n = strlen(s);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7F)
			return false;
	return n >= PASSWORD_MIN && n <= PASSWORD_MAX;
}

enum status password_hash(const char *password, struct sb *out, struct err *e)
{
	char salt[CRYPT_GENSALT_OUTPUT_SIZE], seed[16];
	if (!acceptable(password))
		return err_set(e, ERR_PERM, "パスワードは %d~%d バイトで、制御文字を含めないでください", PASSWORD_MIN,
			       PASSWORD_MAX);
	crypto_random(seed, sizeof seed);
	struct crypt_data *data = xcalloc(1, sizeof *data); /* 32 KB: not for a stack */
	const char *hash = NULL;
	if (crypt_gensalt_rn("$6$", ROUNDS, seed, sizeof seed, salt, sizeof salt))
		hash = crypt_rn(password, salt, data, sizeof *data);
	if (hash)
		sb_addf(out, "{SHA512-CRYPT}%s", hash);
	crypto_wipe(data, sizeof *data);
	free(data);
	return hash ? OK : err_sys(e, ERR_BUG, "crypt");
}

void password_make(struct sb *out)
{
	char text[24];
	unsigned char bits[13];
	crypto_random(bits, sizeof bits);
	b32_encode(bits, sizeof bits, text);
	for (int i = 0; i < 20; i += 5)
		sb_addf(out, "%s%.5s", i ? "-" : "", text + i);
	crypto_wipe(text, sizeof text);
}

void password_of_desk(const uint8_t master[KEY_LEN], char out[DESK_PASSWORD_SIZE])
{
	uint8_t key[KEY_LEN];
	crypto_derive(master, "imap of the desk", key);
	b32_encode(key, sizeof key, out);
	crypto_wipe(key, sizeof key);
}

bool password_matches(const char *password, const char *hash)
{
	static const char scheme[] = "{SHA512-CRYPT}";
	if (strncmp(hash, scheme, sizeof scheme - 1) != 0 || strlen(password) > PASSWORD_MAX)
		return false;
	hash += sizeof scheme - 1;
	struct crypt_data *data = xcalloc(1, sizeof *data);
	const char *got = crypt_rn(password, hash, data, sizeof *data);
	bool same = got && *got == '$' && strlen(got) == strlen(hash) && crypto_equal(got, hash, strlen(hash));
	crypto_wipe(data, sizeof *data);
	free(data);
	return same;
}
