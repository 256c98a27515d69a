/* The folder of backups, and when the day's one is due: see store_backup.h. */
#include "store/store_backup.h"
#include "base/xalloc.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { DAY = 86400, NEVER = 24, NAME = 15 };

void backup_key_print(const uint8_t master[KEY_LEN], char out[BACKUP_KEY_PRINT])
{
	uint8_t key[KEY_LEN];
	crypto_derive(master, "backup.key", key);
	hex_encode(key, sizeof key, out);
	crypto_wipe(key, sizeof key);
}

char *backup_folder(const struct cfg *c)
{
	return *c->backup_dir ? xstrdup(c->backup_dir) : cfg_path(c, "backup");
}

bool backup_generation(const char *name, epoch *at_r)
{
	char text[32];
	if (strlen(name) != NAME || strspn(name, "0123456789") != 8 || name[8] != '-' || strspn(name + 9, "0123456789") != 6)
		return false;
	snprintf(text, sizeof text, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", name, name + 4, name + 6, name + 9, name + 11, name + 13);
	return civil_parse_time(text, at_r);
}

enum status backup_newest(const char *folder, epoch now, epoch *at_r, struct err *e)
{
	epoch at;
	DIR *d = opendir(folder);
	*at_r = 0;
	if (!d)
		return errno == ENOENT ? OK : err_sys(e, ERR_TEMP, "%s", folder);
	for (struct dirent *x; (x = readdir(d));)
		if (backup_generation(x->d_name, &at) && at <= now && at > *at_r)
			*at_r = at;
	closedir(d);
	return OK;
}

bool backup_is_due(int64_t hour, epoch newest, epoch now)
{
	struct civil c = civil_of(now);
	epoch struck = epoch_of(c.year, c.mon, c.day, (int)hour, 0, 0);
	return hour < NEVER && newest < (struck > now ? struck - DAY : struck);
}
