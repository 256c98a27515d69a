/* A mail as staff would read it. See show.h. */
#include "show.h"
#include "base/crypto.h"
#include "msg_impl.h"
#include "strip_text.h"
#include "text/charset.h"
#include "text/layout.h"
#include "text/utf8.h"
#include "xfer.h"
#include <string.h>
#include <strings.h>

enum { PART_MAX = 64 << 20, ENTRIES_MAX = 1000, INVITED_MAX = 64 << 10, WRITTEN_MAX = 1000 };

static void visible(const char *s, struct sb *out)
{
	text_visible(s, strlen(s), out);
}

static void line(const char *name, const char *value, struct sb *out)
{
	sb_addf(out, "%-12s", name);
	visible(value, out);
	sb_addc(out, '\n');
}

static void addrs(const char *name, const struct msg_addrs *l, struct sb *out)
{
	for (size_t i = 0; i < l->n; i++) {
		struct sb b = SB_INIT;
		if (l->v[i].name[0] && strcasecmp(l->v[i].name, l->v[i].addr) != 0)
			sb_addf(&b, "%s <%s>", l->v[i].name, l->v[i].addr);
		else
			sb_adds(&b, l->v[i].addr);
		line(i ? "" : name, b.s, out);
		sb_free(&b);
	}
}

/* A name that stands there without an address, unless the list has it. */
static bool is_missing(const char *p, size_t n, const struct msg_addrs *l)
{
	if (!n || memchr(p, '@', n))
		return false;
	for (size_t i = 0; i < l->n; i++)
		if (memmem(l->v[i].name, strlen(l->v[i].name), p, n))
			return false;
	return true;
}

/* To the next comma that is not in quotes, comments or <>. */
static size_t entry_len(const char *s)
{
	size_t i = 0;
	int in = 0;
	for (bool quoted = false; s[i] && (s[i] != ',' || quoted || in > 0); i++) {
		quoted ^= s[i] == '"';
		in += quoted ? 0 : (s[i] == '(' || s[i] == '<') - (s[i] == ')' || s[i] == '>');
	}
	return i;
}

static void unreached(const char *value, const struct msg_addrs *l, struct sb *out)
{
	size_t entries = 0;
	for (const char *s = value; *s && entries++ < ENTRIES_MAX;) {
		size_t n = entry_len(s), k = n;
		const char *next = s + n + (s[n] == ',');
		while (k && strchr(" \"", *s))
			s++, k--;
		while (k && strchr(" \"", s[k - 1]))
			k--;
		if (is_missing(s, k, l)) {
			sb_addf(out, "%-12s", "");
			text_visible(s, k, out);
			sb_addc(out, '\n');
		}
		s = next;
	}
}

static void as_written(const char *label, const char *value, struct sb *out)
{
	size_t n = strlen(value), k = utf8_head(value, n, WRITTEN_MAX);
	struct sb b = SB_INIT;
	sb_add(&b, value, k);
	sb_adds(&b, k < n ? "…" : "");
	line(label, b.s, out);
	sb_free(&b);
}

/* The readable addresses of a field and the names beside them; the field as it
 * stands where there is none. */
static void people(const char *label, const struct msg *m, const struct msg_addrs *l, struct sb *out)
{
	struct sb name = SB_INIT;
	sb_add(&name, label, strlen(label) - 1);
	addrs(label, l, out);
	for (const struct msg_field *f = msg_field(m, name.s); f; f = msg_field_next(m, f))
		if (l->n)
			unreached(f->value, l, out);
		else if (f->value[strspn(f->value, " ")])
			as_written(label, f->value, out);
	sb_free(&name);
}

/* Who it says it is from; an unreadable From as it stands. */
static void from(const struct msg *m, struct sb *out)
{
	const struct msg_field *f = msg_field(m, "From");
	if (m->from.n)
		addrs("From:", &m->from, out);
	else if (f)
		line("From:", f->value, out);
	else
		line("From:", "(none)", out);
}

static bool same(const struct msg_addrs *a, const struct msg_addrs *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcasecmp(a->v[i].addr, b->v[i].addr) != 0)
			return false;
	return true;
}

static void date(const struct msg *m, struct sb *out)
{
	const struct msg_field *f = msg_field(m, "Date");
	char buf[32];
	if (m->date)
		sb_addf(out, "%-12s%s +0900\n", "Date:", clk_iso(m->date, buf));
	else if (f) {
		struct sb b = SB_INIT;
		sb_addf(&b, "%s (unreadable)", f->value);
		line("Date:", b.s, out);
		sb_free(&b);
	}
}

/* Who passed it on, and to whom: "bounce" or "redirect" of some clients. */
static void resent(const struct msg *m, struct sb *out)
{
	static const char *const names[] = { "Resent-From", "Resent-To" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (const struct msg_field *f = msg_field(m, names[i]); f; f = msg_field_next(m, f)) {
			sb_addf(out, "%s: ", names[i]);
			visible(f->value, out);
			sb_addc(out, '\n');
		}
}

static void header(const struct msg *m, struct sb *out)
{
	from(m, out);
	if (m->sender.n && !same(&m->sender, &m->from))
		people("Sender:", m, &m->sender, out);
	people("To:", m, &m->to, out);
	people("Cc:", m, &m->cc, out);
	if (m->reply_to.n && !same(&m->reply_to, &m->from))
		addrs("Reply-To:", &m->reply_to, out);
	resent(m, out);
	date(m, out);
	line("Subject:", m->subject[0] ? m->subject : "(none)", out);
	if (m->message_id[0])
		line("Message-ID:", m->message_id, out);
}

static void file_in_text(const struct text_file *f, struct sb *out)
{
	struct sb bytes = SB_INIT;
	char hex[2 * SHA256_LEN + 1];
	uint8_t sum[SHA256_LEN];
	xfer_decode(f->encoding, f->from, (size_t)(f->to - f->from), PART_MAX, &bytes);
	crypto_sha256(bytes.s, bytes.len, sum);
	hex_encode(sum, sizeof sum, hex);
	sb_adds(out, "［本文に埋め込まれたファイル］ ");
	text_visible(f->name_len ? f->name : "(名前なし)", f->name_len ? f->name_len : strlen("(名前なし)"), out);
	sb_addf(out, "\n　大きさ：%zu バイト\n　SHA-256：%s\n", bytes.len, hex);
	sb_free(&bytes);
}

/* uuencode and base64 left in it are nothing to read. */
static void text(const struct sb *b, struct sb *out)
{
	size_t n = b->len;
	struct text_file f;
	while (n && strchr(" \t\n", b->s[n - 1]))
		n--;
	const char *pos = b->s, *end = b->s + n, *done = b->s;
	while (strip_text_next(&pos, end, &f)) {
		text_visible(done, (size_t)(f.from - done), out);
		file_in_text(&f, out);
		done = f.to;
	}
	text_visible(done, (size_t)(end - done), out);
	sb_adds(out, n ? "\n" : "(no text)\n");
}

/* The same invitation often comes twice, in the alternative and as a file; those in
 * forwarded mails are theirs. */
static void collect(const struct msg_part *p, struct sb *all)
{
	struct sb one = SB_INIT;
	if (all->len < INVITED_MAX && msg_part_invitation(p, &one) && !memmem(all->s, all->len, one.s, one.len)) {
		sb_addc(all, '\n');
		sb_add(all, one.s, one.len);
	}
	sb_free(&one);
	for (const struct msg_part *c = p->kind == PART_MESSAGE ? NULL : p->child; c; c = c->next)
		collect(c, all);
}

static void invitations(const struct msg_part *root, struct sb *out)
{
	struct sb all = SB_INIT;
	collect(root, &all);
	text_visible(all.s, all.len, out);
	sb_free(&all);
}

static void forwarded(const struct msg_part *p, struct sb *out)
{
	struct sb b = SB_INIT;
	sb_addf(out, "\n--- part %u: forwarded mail ---\n", p->index);
	header(p->embedded, out);
	sb_addc(out, '\n');
	msg_read_all(p->embedded->root, &b);
	text(&b, out);
	invitations(p->embedded->root, out);
	sb_free(&b);
}

static void part_row(const struct msg_part *p, struct sb *out)
{
	struct sb bytes = SB_INIT, type = SB_INIT;
	char hex[2 * SHA256_LEN + 1];
	uint8_t sum[SHA256_LEN];
	unsigned indent = p->depth < 10 ? p->depth : 10;
	sb_addf(&type, "%*s", (int)indent * 2, "");
	visible(p->type, &type);
	sb_addf(out, "%4u  ", p->index);
	text_fit(type.s, 40, true, out);
	sb_adds(out, "  ");
	text_fit(p->charset ? p->charset : "-", 12, true, out);
	if (p->kind == PART_LEAF || p->kind == PART_WRAP) {
		bool whole = msg_part_bytes(p, PART_MAX, &bytes, NULL) == OK;
		crypto_sha256(bytes.s, bytes.len, sum);
		hex_encode(sum, sizeof sum, hex);
		sb_addf(out, "%s%10zu  %s  ", whole ? "  " : " >", bytes.len, hex);
	} else {
		sb_addf(out, "  %10s  %-64s  ", "-", "-");
	}
	visible(p->filename ? p->filename : "-", out);
	sb_addc(out, '\n');
	sb_free(&bytes);
	sb_free(&type);
}

void mail_show(const struct msg *m, struct sb *out)
{
	struct sb b = SB_INIT;
	header(m, out);
	sb_addc(out, '\n');
	msg_read_all(m->root, &b);
	text(&b, out);
	sb_free(&b);
	invitations(m->root, out);
	for (const struct msg_part *p = m->root; p; p = msg_part_next(p))
		if (p->kind == PART_MESSAGE && p->embedded)
			forwarded(p, out);
	sb_addf(out, "\n%4s  %-40s  %-12s  %10s  %-64s  %s\n", "part", "type", "charset", "bytes", "sha-256", "name");
	for (const struct msg_part *p = m->root; p; p = msg_part_next(p))
		part_row(p, out);
}
