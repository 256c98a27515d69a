#ifndef VERDICT_FEED_IMPL_H
#define VERDICT_FEED_IMPL_H
/* The tables in memory. Internal to db/verdict. */
#include "base/arena.h"
#include "feed.h"
#include "version.h"

enum release_kind { REL_SECURITY, REL_PREVIEW, REL_OOB, REL_BASELINE, REL_HOTPATCH, REL_KINDS };
enum component { COMP_LCU, COMP_DOTNET, COMP_SSU, COMP_OFFICE, COMP_OTHER, COMPONENTS };
enum edition { ED_ANY, ED_W, ED_E, ED_LTSC, ED_IOT, EDITIONS };
enum arch { ARCH_ANY, ARCH_X64, ARCH_X86, ARCH_ARM64, ARCHS };
extern const char *const release_kind_words[REL_KINDS], *const component_words[COMPONENTS], *const edition_words[EDITIONS],
	*const arch_words[ARCHS];

/* Build and side: server and client share 26100. */
typedef uint32_t host_key;
static inline host_key host_key_of(uint32_t build, bool server)
{
	return build << 1 | server;
}

struct release {
	host_key key;
	uint32_t ubr, kb;
	int64_t day;
	enum release_kind kind;
	size_t order; /* of two rows on one update the earlier counts: what ships is curated */
};

struct fix {
	host_key key; /* first, as in struct release: feed_index.c */
	uint64_t cve;
	uint32_t kb, ubr; /* ubr 0: not an LCU's */
	enum arch arch;
	enum severity severity;
	enum component component;
	int64_t day;      /* of the component; 0 for LCUs */
};

struct component_row {
	uint32_t kb;
	enum component kind;
	int64_t day;
};

struct eol {
	host_key key;
	enum edition edition;
	int64_t day, esu; /* esu: INT64_MIN none */
};

enum instances { INST_ONE, INST_MANY };
struct product {
	const char *id, *name;
	enum instances instances;
	char **names, **except, **vendors, **versions; /* NULL-terminated globs, folded */
	size_t order;      /* the dictionary's order: the upper one wins */
	size_t vuln_from, vuln_n, support_from, support_n;
};

struct vuln {
	const char *product;
	uint64_t cve;
	const char *from, *to; /* "" from: any below; versions that are bounded */
	struct version low, high; /* the same, read */
	bool to_included;
	enum severity severity;
};

struct support {
	const char *product, *prefix;
	int64_t day;
};

struct kev {
	uint64_t cve;
	int64_t day;
};

struct jvn {
	uint64_t cve;
	const char *id, *title;
	enum severity severity;
};

struct alias {
	const char *name, *product; /* "vendor:product", as CPE and CVE records have them */
};

struct feed {
	struct arena *a;
	struct release *releases;
	struct fix *fixes;
	struct component_row *components;
	struct eol *eols;
	struct product *products;
	struct vuln *vulns;
	struct support *supports;
	struct kev *kevs;
	struct jvn *jvns;
	struct alias *aliases;
	struct feed_fetch *fetches;
	struct feed_source *sources;
	size_t n_releases, n_fixes, n_components, n_eols, n_products, n_vulns, n_supports, n_kevs, n_jvns, n_aliases, n_fetches, n_sources;
	size_t rows;
	uint32_t *starts;      /* products by the first two bytes of their patterns (product.c) */
	uint16_t *by_start;
	char version[40];
};

/* feed_row.c: one line; ERR_NOTFOUND: blank or a comment. */
enum status feed_add_row(struct feed *f, char *line, struct err *e) must_check;
/* feed_index.c: sorted, joined, checked as a whole. */
enum status feed_index(struct feed *f, struct err *e) must_check;
/* product.c */
enum status product_index(struct feed *f, struct err *e) must_check;

bool feed_kev(const struct feed *f, uint64_t cve, int64_t cutoff);
/* The dictionary's id for "vendor:product"; NULL. */
const char *feed_alias(const struct feed *f, const char *name);
bool feed_has_product(const struct feed *f, const char *id);
const struct jvn *feed_jvn(const struct feed *f, uint64_t cve);
/* The releases of a key, by UBR; NULL: none. */
const struct release *feed_releases(const struct feed *f, host_key key, size_t *n_r);
const struct fix *feed_fixes(const struct feed *f, host_key key, size_t *n_r);

#endif
