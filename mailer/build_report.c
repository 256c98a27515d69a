/* What commands asked for: see build_report.h. */
#include "build_report.h"
#include "mail/mbox.h"
#include "store/store_message.h"
#include <stdlib.h>
#include <string.h>

enum { REPORT_FILES_MAX = 30 };

/* Base64 makes four bytes of three, and our own Postfix has the same limit. */
static size_t bytes_max(const struct report *r)
{
	return (size_t)r->b->cfg->message_max / 100 * 65;
}

void report_attach(struct report *r, const char *filename, const char *type, const void *p, size_t n)
{
	if (r->nfiles >= REPORT_FILES_MAX || n > bytes_max(r) || r->bytes > bytes_max(r) - n) {
		sb_addf(&r->text, "・%s は大きすぎるため添付できません (%zu KB)。\n", filename, n / 1024 + 1);
		return;
	}
	r->files[r->nfiles++] = (struct build_file){ .filename = filename, .type = type, .content_id = "",
		                                     .p = arena_memdup(r->a, p, n), .n = n };
	r->bytes += n;
}

enum status report_mbox(struct report *r, int64_t ticket, struct err *e)
{
	struct message *v;
	size_t n;
	struct sb mbox = SB_INIT, raw = SB_INIT;
	enum status st = message_list(r->b->s, ticket, r->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n && mbox.len <= bytes_max(r); i++) {
		sb_reset(&raw);
		st = message_raw(r->b->s, v[i].id, &raw, e);
		if (st == OK)
			mbox_add(&mbox, v[i].envelope_from, v[i].at, raw.s, raw.len);
	}
	if (st == OK)
		report_attach(r, arena_printf(r->a, "soudan-%lld.mbox", (long long)ticket), "application/mbox", mbox.s, mbox.len);
	sb_free(&mbox);
	sb_free(&raw);
	return st;
}

/* "history 12" */
static bool number_of(const char *want, const char *kind, int64_t *n_r)
{
	size_t len = strlen(kind);
	if (strncmp(want, kind, len) != 0 || want[len] != ' ')
		return false;
	*n_r = strtoll(want + len + 1, NULL, 10);
	return true;
}

static enum status one(struct report *r, const char *want, struct err *e)
{
	int64_t ticket;
	if (number_of(want, "history", &ticket))
		return report_history(r, ticket, e);
	if (number_of(want, "mbox", &ticket))
		return report_mbox(r, ticket, e);
	if (number_of(want, "quiet", &ticket))
		return report_quiet(r, ticket, e);
	if (strncmp(want, "search ", 7) == 0)
		return report_search(r, want + 7, false, e);
	if (strncmp(want, "search+ ", 8) == 0)
		return report_search(r, want + 8, true, e);
	if (number_of(want, "issue", &ticket))
		return report_issue(r, ticket, e);
	if (number_of(want, "issue-check", &ticket))
		return report_issue_check(r, ticket, e);
	if (strncmp(want, "reader ", 7) == 0)
		return report_reader(r, want + 7, e);
	return err_set(e, ERR_PERM, "unknown report \"%.40s\"", want);
}

enum status build_report(struct report *r, struct err *e)
{
	static const char name[] = "want=";
	enum status st = OK;
	r->text = SB_INIT;
	r->files = arena_zalloc(r->a, REPORT_FILES_MAX * sizeof *r->files);
	for (const char *p = r->o->vars, *end = p + r->o->vars_len; st == OK && p < end; p += strlen(p) + 1)
		if (strncmp(p, name, sizeof name - 1) == 0)
			st = one(r, p + sizeof name - 1, e);
	return st;
}
