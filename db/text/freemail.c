/* Domains that belong to no company: see freemail.h. The lists are sorted. */
#include "text/freemail.h"
#include <stdlib.h>
#include <string.h>

static const char *const free_domains[] = {
	"10minutemail.com", "126.com", "163.com", "akina.ne.jp", "aol.com", "aol.jp",
	"asahi-net.or.jp", "att.net", "au.com", "auone.jp", "avis.ne.jp", "bai.ne.jp", "bbiq.jp",
	"bekkoame.ne.jp", "biglobe.ne.jp", "catvmics.ne.jp", "coara.or.jp", "comcast.net",
	"commufa.jp", "cox.net", "ctk.ne.jp", "cty-net.ne.jp", "daum.net", "dion.ne.jp",
	"disney.ne.jp", "disneymobile.ne.jp", "docomo.ne.jp", "dti.ne.jp", "emnet.ne.jp",
	"emobile.ne.jp", "enjoy.ne.jp", "eonet.ne.jp", "excite.co.jp", "ezweb.ne.jp", "fastmail.com",
	"fastmail.jp", "foxmail.com", "free.fr", "gmail.com", "gmx.com", "gmx.de", "gmx.net",
	"gol.com", "goo.jp", "goo.ne.jp", "googlemail.com", "guerrillamail.com", "hanmail.net",
	"hey.com", "hi-ho.ne.jp", "highway.ne.jp", "home.ne.jp", "hotmail.co.jp", "hotmail.com",
	"icloud.com", "iij4u.or.jp", "iijmio-mail.jp", "inbox.com", "infoseek.jp", "infoweb.ne.jp",
	"inter7.jp", "interlink.or.jp", "itscom.net", "j-com.net", "janis.or.jp", "jcom.zaq.ne.jp",
	"justnet.ne.jp", "kakao.com", "kcn.jp", "laposte.net", "libero.it", "live.com", "live.jp",
	"livedoor.com", "mac.com", "mail.com", "mail.goo.ne.jp", "mail.ru", "mailinator.com",
	"mb.ccnw.ne.jp", "me.com", "megaegg.ne.jp", "mineo.jp", "mopera.ne.jp", "mopera.net",
	"msn.com", "nate.com", "naver.com", "netlaputa.ne.jp", "nifty.com", "nifty.ne.jp",
	"nsk.ne.jp", "ocn.ne.jp", "odn.ad.jp", "odn.ne.jp", "orange.fr", "outlook.co.jp",
	"outlook.com", "outlook.jp", "passport.com", "pdx.ne.jp", "pikara.ne.jp", "plala.or.jp",
	"pm.me", "proton.me", "protonmail.com", "qq.com", "rakumail.jp", "rakuten.jp",
	"rediffmail.com", "rocketmail.com", "sannet.ne.jp", "sbcglobal.net", "sharklasers.com",
	"sina.cn", "sina.com", "sky.bbexcite.jp", "so-net.ne.jp", "softbank.jp", "softbank.ne.jp",
	"sohu.com", "spacelan.ne.jp", "sute.jp", "t-com.ne.jp", "t-online.de", "tcn-catv.ne.jp",
	"thn.ne.jp", "tiki.ne.jp", "trashmail.com", "tuta.io", "tutanota.com", "uqmobile.jp",
	"valley.ne.jp", "verizon.net", "vodafone.ne.jp", "wakwak.com", "wcm.ne.jp", "web.de",
	"willcom.com", "y-mobile.ne.jp", "yahoo.co.jp", "yahoo.com", "yahoo.ne.jp", "yandex.com",
	"yandex.ru", "ybb.ne.jp", "yeah.net", "ymail.com", "ymail.ne.jp", "ymobile.ne.jp",
	"ymobile1.ne.jp", "yopmail.com", "zaq.ne.jp", "zoho.com", "zohomail.com", "zohomail.jp",
};

/* Second levels of two-letter top levels that are no one's: co.jp, osaka.jp, com.au. */
static const char *const second_levels[] = {
	"ac", "ad", "aichi", "akita", "aomori", "chiba", "co", "com", "ed", "edu", "ehime", "fukui", "fukuoka",
	"fukushima", "gifu", "go", "gov", "gr", "gunma", "hiroshima", "hokkaido", "hyogo", "ibaraki",
	"ishikawa", "iwate", "kagawa", "kagoshima", "kanagawa", "kochi", "kumamoto", "kyoto", "lg", "mie",
	"miyagi", "miyazaki", "nagano", "nagasaki", "nara", "ne", "net", "niigata", "oita", "okayama",
	"okinawa", "or", "org", "osaka", "saga", "saitama", "shiga", "shimane", "shizuoka", "tochigi",
	"tokushima", "tokyo", "tottori", "toyama", "wakayama", "yamagata", "yamaguchi", "yamanashi",
};

static int compare(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

static bool listed(const char *key, const char *const *v, size_t n)
{
	return bsearch(key, v, n, sizeof *v, compare) != NULL;
}

static bool public_suffix(const char *domain)
{
	char second[32];
	const char *dot = strchr(domain, '.');
	if (!dot)
		return true; /* a top level */
	size_t n = (size_t)(dot - domain);
	if (strlen(dot + 1) != 2 || n >= sizeof second)
		return false;
	memcpy(second, domain, n);
	second[n] = '\0';
	return listed(second, second_levels, sizeof second_levels / sizeof *second_levels);
}

bool freemail_domain(const char *domain)
{
	if (public_suffix(domain))
		return true;
	for (const char *d = domain; d; d = strchr(d, '.') ? strchr(d, '.') + 1 : NULL)
		if (listed(d, free_domains, sizeof free_domains / sizeof *free_domains))
			return true;
	return false;
}
