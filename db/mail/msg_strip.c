/*
 * A mail without its files. See msg_strip.h.
 *
 * Every part is looked at once: what it is (stays, goes, or is text to be
 * searched), then a change to the mail is noted (msg_edit.h).
 * SECURITY: hostile bytes; a file's name and type are shown, never used.
 */
#include "msg_strip.h"
#include "build_util.h"
#include "hdr.h"
#include "msg_edit.h"
#include "msg_impl.h"
#include "part_scan.h"
#include "strip_invite.h"
#include "strip_stays.h"
#include "strip_text.h"
#include "text/begins.h"
#include "text/charset.h"
#include "text/file_kind.h"
#include "text/hdrword.h"
#include "text/layout.h"
#include "xfer.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DECODED_MAX = 64 << 20, GAP_MAX = 4096, NAME_COLS = 120, INVITES_MAX = 5 };

/* The whole undertaking, and one raw mail of it. */
struct strip {
	const struct strip_rules *rules;
	struct arena *a;
	struct stripped *r;
	size_t cap;
};
struct job {
	struct strip *s;
	struct msg_edits e;
	unsigned depth, encoded;
	unsigned invites; /* that may still be looked for all over the mail */
	const struct sb *invited; /* what the texts of this alternative are to say, or NULL */
};

/* ---- the list -------------------------------------------------------------------- */

static const char *shown_name(struct arena *a, const char *s, size_t n)
{
	struct sb line = SB_INIT, seen = SB_INIT, fit = SB_INIT;
	text_one_line(s, n, &line);
	text_visible(line.s, line.len, &seen);
	text_fit(seen.s, NAME_COLS, false, &fit);
	const char *r = arena_memdup(a, fit.s, fit.len);
	sb_free(&line);
	sb_free(&seen);
	sb_free(&fit);
	return r;
}

/* NULL: the list is full. */
static const struct strip_file *note(struct job *j, const char *name, size_t name_len, const char *type,
                                     const struct sb *bytes)
{
	struct strip *s = j->s;
	if (s->r->n == STRIP_FILES_MAX) {
		s->r->more++;
		return NULL;
	}
	if (s->r->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 8;
		struct strip_file *v = arena_alloc(s->a, cap * sizeof *v);
		if (s->r->n)
			memcpy(v, s->r->v, s->r->n * sizeof *v);
		s->r->v = v;
		s->cap = cap;
	}
	const struct file_kind *k = file_kind_of(bytes->s, bytes->len);
	struct strip_file *f = &s->r->v[s->r->n++];
	*f = (struct strip_file){
		.name = shown_name(s->a, name, name_len),
		.type = arena_strdup(s->a, type),
		.found = k ? k->name : "",
		.size = bytes->len,
		.depth = j->depth,
	};
	crypto_sha256(bytes->s, bytes->len, f->sha256);
	return f;
}

void strip_size(size_t bytes, struct sb *out)
{
	if (bytes < 1000)
		sb_addf(out, "%zu バイト", bytes);
	else if (bytes < 1000000)
		sb_addf(out, "%.1f KB", (double)bytes / 1e3);
	else
		sb_addf(out, "%.1f MB", (double)bytes / 1e6);
}

static void notice(const struct strip_file *f, struct sb *out)
{
	char hex[2 * SHA256_LEN + 1];
	if (!f) {
		sb_adds(out, STRIP_MARK "\n");
		return;
	}
	hex_encode(f->sha256, sizeof f->sha256, hex);
	sb_addf(out, STRIP_MARK " %s\n　種類：%s%s%s%s\n　大きさ：", *f->name ? f->name : "(名前なし)", f->type,
	        *f->found ? " (" : "", f->found, *f->found ? ")" : "");
	strip_size(f->size, out);
	sb_addf(out, "\n　SHA-256：%s\n", hex);
}

static bool is(const struct msg_part *p, const char *type)
{
	return strcmp(p->type, type) == 0;
}

/* ---- a part goes ------------------------------------------------------------------------ */

static enum status strip_raw(struct strip *s, const char *raw, size_t n, const struct msg_part *root, unsigned depth,
                             unsigned encoded, struct sb *out);

/* A mail that a client attached as a file. */
static bool is_mail(const struct msg *m)
{
	return m->from.n && (m->date || *m->message_id || msg_field(m, "Received") || msg_field(m, "Subject"));
}

static void put_mail(struct job *j, const struct msg_part *p, const struct sb *mail)
{
	struct sb head = SB_INIT, body = SB_INIT;
	sb_adds(&head, "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n"
	               "Content-Disposition: attachment");
	if (p->filename)
		text_encode_param("filename", p->filename, &head);
	sb_adds(&head, "\n");
	xfer_base64(mail->s, mail->len, j->e.eol, &body);
	edit_whole(&j->e, p, head.s, body.s, body.len);
	sb_free(&head);
	sb_free(&body);
}

/* An .eml file is opened instead of taken away. */
static bool open_mail(struct job *j, const struct msg_part *p, const struct sb *bytes)
{
	struct msg *m;
	struct sb mail = SB_INIT;
	if (j->encoded >= STRIP_ENCODED || !(text_ends(p->filename, ".eml") || strncmp(p->type, "message/", 8) == 0) ||
	    file_kind_of(bytes->s, bytes->len) || msg_parse(bytes->s, bytes->len, NULL, &m, NULL) != OK)
		return false;
	bool mail_it_is = is_mail(m);
	if (mail_it_is) {
		if (strip_raw(j->s, m->raw, m->raw_len, m->root, j->depth + 1, j->encoded + 1, &mail) == ERR_NOTFOUND)
			sb_add(&mail, m->raw, m->raw_len);
		put_mail(j, p, &mail);
	}
	sb_free(&mail);
	msg_free(&m);
	return mail_it_is;
}

/* In an alternative our lines would be shown instead of the mail's text. */
static bool would_hide(const struct msg_part *p, const struct msg_part *before)
{
	return before && p->parent && is(p->parent, "multipart/alternative");
}

static void take_away(struct job *j, const struct msg_part *p, const struct msg_part *before)
{
	struct sb bytes = SB_INIT, text = SB_INIT, field = SB_INIT;
	xfer_decode(p->encoding, p->body, p->body_len, DECODED_MAX, &bytes);
	if (!open_mail(j, p, &bytes)) {
		const struct strip_file *f = note(j, p->filename ? p->filename : "", p->filename ? strlen(p->filename) : 0,
		                                  p->type, &bytes);
		notice(f, &text);
		if (p->sealed || (p->parent && p->parent->sealed))
			sb_adds(&text, "　暗号化されており、こちらには復号する鍵がないため、内容を読むことができません。\n");
		(void)msg_part_invitation(p, &text);
		sb_addf(&field, STRIP_FIELD ": %s", f ? f->name : "");
		if (would_hide(p, before))
			edit_drop(&j->e, before, p);
		else
			edit_part(&j->e, p, "plain", text.s, text.len, field.s);
	}
	sb_free(&bytes);
	sb_free(&text);
	sb_free(&field);
}

/* ---- files inside a text ------------------------------------------------------------------ */

/* Our lines in the text's own charset, or in plain ASCII. */
static void put_notice(const struct strip_file *f, const char *charset, const char *eol, struct sb *out)
{
	struct sb utf8 = SB_INIT, enc = SB_INIT;
	char hex[2 * SHA256_LEN + 1];
	notice(f, &utf8);
	if (!f) {
		sb_adds(&enc, "[attached file removed]\n");
	} else if (!charset || !text_from_utf8(charset, utf8.s, utf8.len, &enc)) {
		hex_encode(f->sha256, sizeof f->sha256, hex);
		sb_addf(&enc, "[attached file removed] %zu bytes\nSHA-256: %s\n", f->size, hex);
	}
	build_eol(enc.s, enc.len, eol, out);
	sb_free(&utf8);
	sb_free(&enc);
}

static bool scrub(struct job *j, const char *p, size_t n, const char *charset, const char *eol, struct sb *out)
{
	const char *pos = p, *end = p + n, *done = p;
	struct text_file t;
	while (strip_text_next(&pos, end, &t)) {
		struct sb bytes = SB_INIT, name = SB_INIT;
		if (j->s->r->n < STRIP_FILES_MAX) {
			xfer_decode(t.encoding, t.from, (size_t)(t.to - t.from), DECODED_MAX, &bytes);
			text_to_utf8(charset, t.name, t.name_len, &name);
		}
		const struct strip_file *f = note(j, name.s, name.len, t.encoding, &bytes);
		sb_add(out, done, (size_t)(t.from - done));
		put_notice(f, charset, eol, out);
		done = t.to;
		sb_free(&bytes);
		sb_free(&name);
	}
	sb_add(out, done, done > p ? (size_t)(end - done) : 0);
	return done > p;
}

/* The charsets whose bytes below 0x80 are ASCII outside of escapes. */
static const char *charset_of(const struct msg_part *p)
{
	static const char *const names[][2] = { { "iso-2022-jp", "iso-2022-jp" }, { "utf-8", "utf-8" }, { "cp932", "cp932" },
		                                { "shift_jis", "cp932" }, { "euc-jp", "euc-jp" } };
	for (size_t i = 0; p->charset && i < sizeof names / sizeof *names; i++)
		if (strcmp(p->charset, names[i][0]) == 0)
			return names[i][1];
	return NULL;
}

/* A text with its files taken out, and `invited` in it. */
static bool changed(struct job *j, const struct msg_part *p, const char *s, size_t n, const char *charset, const char *eol, struct sb *out)
{
	bool files = scrub(j, s, n, charset, eol, out);
	if (!j->invited || !msg_part_is_html(p) || (p->charset && strncmp(p->charset, "utf-", 4) == 0 && strcmp(p->charset, "utf-8") != 0))
		return files;
	if (!files)
		sb_add(out, s, n);
	strip_invite_html(j->invited, eol, out);
	return true;
}

static void search(struct job *j, const struct msg_part *p)
{
	struct sb text = SB_INIT, out = SB_INIT, enc = SB_INIT;
	bool base64 = strcmp(p->encoding, "base64") == 0, qp = strcmp(p->encoding, "quoted-printable") == 0;
	if (!base64 && !qp) {
		const char *charset = charset_of(p);
		bool eight = strcmp(p->encoding, "8bit") == 0 || (charset && strcmp(charset, "iso-2022-jp") == 0);
		if (changed(j, p, p->body, p->body_len, eight ? charset : NULL, j->e.eol, &out))
			edit_bytes(&j->e, p->body, p->body + p->body_len, out.s, out.len);
		sb_free(&out);
		return;
	}
	xfer_decode(p->encoding, p->body, p->body_len, DECODED_MAX, &text);
	if (changed(j, p, text.s, text.len, charset_of(p), "\r\n", &out)) {
		if (base64)
			xfer_base64(out.s, out.len, j->e.eol, &enc);
		else
			xfer_qp(out.s, out.len, j->e.eol, &enc);
		edit_bytes(&j->e, p->body, p->body + p->body_len, enc.s, enc.len);
	}
	sb_free(&text);
	sb_free(&out);
	sb_free(&enc);
}

/* What not every program shows as text, some would run or open: it becomes plain text.
 * So does what we add to. */
static void as_plain(struct job *j, const struct msg_part *p)
{
	struct sb text = SB_INIT, out = SB_INIT;
	msg_part_read(p, &text);
	if (j->invited)
		sb_addf(&text, "%s\n%s", text.len && text.s[text.len - 1] != '\n' ? "\n" : "", j->invited->s);
	bool files = scrub(j, text.s, text.len, "utf-8", "\n", &out);
	edit_part(&j->e, p, "plain", files ? out.s : text.s, files ? out.len : text.len, NULL);
	sb_free(&text);
	sb_free(&out);
}

/* ---- the walk -------------------------------------------------------------------------- */

/* Before the first boundary and behind the last nobody looks: a line or two for
 * old mailers stays, more is taken out. */
static void preamble(struct job *j, const struct msg_part *p)
{
	const char *line = p->child->head;
	if (line > p->body)
		line--;
	while (line > p->body && line[-1] != '\n')
		line--;
	if (line - p->body > GAP_MAX)
		edit_bytes(&j->e, p->body, line, NULL, 0);
}

static void epilogue(struct job *j, const struct msg_part *p, const struct msg_part *last)
{
	const char *q = last->body + last->body_len, *end = p->body + p->body_len;
	struct line l;
	while (hdr_line(q, end, j->e.cr, &l) && !l.n)
		q = l.next;
	if (hdr_line(q, end, j->e.cr, &l) && l.n > 2 && memcmp(l.p, "--", 2) == 0)
		q = l.next;
	if (end - q > GAP_MAX)
		edit_bytes(&j->e, q, end, NULL, 0);
}

static void encoded_mail(struct job *j, const struct msg_part *p)
{
	struct sb out = SB_INIT, enc = SB_INIT;
	const struct msg *m = p->embedded;
	if (strip_raw(j->s, m->raw, m->raw_len, m->root, j->depth + 1, j->encoded + 1, &out) == OK) {
		if (strcmp(p->encoding, "quoted-printable") == 0)
			xfer_qp(out.s, out.len, j->e.eol, &enc);
		else
			xfer_base64(out.s, out.len, j->e.eol, &enc);
		edit_bytes(&j->e, p->body, p->body + p->body_len, enc.s, enc.len);
	}
	sb_free(&out);
	sb_free(&enc);
}

/* A line in `mail` that ends a multipart around p would make parts of its own. */
static bool breaks_out(const struct msg_part *p, const struct sb *mail)
{
	bool breaks = false;
	for (p = p->parent; p && !breaks; p = p->parent) {
		struct sb line = SB_INIT;
		sb_adds(&line, "--");
		if (p->kind == PART_MULTIPART && p->type_raw && part_param(p->type_raw, strlen(p->type_raw), "boundary", &line))
			breaks = memmem(mail->s, mail->len, line.s, line.len) != NULL;
		sb_free(&line);
	}
	return breaks;
}

static void put_opened(struct job *j, const struct msg_part *p, const struct msg_part *root)
{
	struct sb head = SB_INIT;
	struct hdr_field f;
	const char *pos = root->head;
	while (hdr_next(&pos, root->head + root->head_len, false, &f))
		if (f.name_len > 8 && strncasecmp(f.name, "Content-", 8) == 0)
			sb_add(&head, f.start, (size_t)(f.end - f.start));
	if (!head.len)
		sb_adds(&head, "Content-Type: text/plain\r\n");
	edit_whole(&j->e, p, head.s, root->body, root->body_len);
	sb_free(&head);
}

/* The wrapping goes; what was in it, without its files, stands in its place. */
static void unwrap(struct job *j, const struct msg_part *p, const struct msg_part *before)
{
	struct sb mail = SB_INIT;
	struct msg *opened = NULL;
	const struct msg *m = p->embedded;
	if (strip_raw(j->s, m->raw, m->raw_len, m->root, j->depth, j->encoded + 1, &mail) == ERR_NOTFOUND)
		sb_add(&mail, m->raw, m->raw_len);
	if (!breaks_out(p, &mail) && msg_parse(mail.s, mail.len, NULL, &opened, NULL) == OK)
		put_opened(j, p, opened->root);
	else
		take_away(j, p, before);
	msg_free(&opened);
	sb_free(&mail);
}

static bool lies_here(const struct job *j, const struct msg_part *p)
{
	return p->head >= j->e.raw && p->head <= j->e.end;
}

static void leaf(struct job *j, const struct msg_part *p, const struct msg_part *before)
{
	bool other = msg_part_is_other_text(p);
	if (!strip_stays(j->s->rules, p) || (other && would_hide(p, before)))
		take_away(j, p, before);
	else if (other || (j->invited && msg_part_is_text(p) && !msg_part_is_html(p)))
		as_plain(j, p);
	else if (msg_part_is_text(p) && !msg_part_is_file(p))
		search(j, p);
}

static void walk(struct job *j, const struct msg_part *p, const struct msg_part *before);

static void children(struct job *j, const struct msg_part *p)
{
	const struct msg_part *last = NULL;
	const struct sb *outer = j->invited;
	struct sb words = SB_INIT;
	if (is(p, "multipart/alternative") && !outer && strip_invited(p, &j->invites, &words))
		j->invited = &words;
	for (const struct msg_part *c = p->child; c; last = c, c = c->next)
		walk(j, c, last);
	j->invited = outer;
	if (p->kind == PART_MULTIPART && last)
		epilogue(j, p, last);
	sb_free(&words);
}

static void walk(struct job *j, const struct msg_part *p, const struct msg_part *before)
{
	if (p->kind == PART_LEAF) {
		leaf(j, p, before);
		return;
	}
	if (p->kind == PART_WRAP) {
		unwrap(j, p, before);
		return;
	}
	if (p->kind == PART_MESSAGE && p->child && !lies_here(j, p->child)) {
		encoded_mail(j, p);
		return;
	}
	if (p->kind == PART_MULTIPART && p->child)
		preamble(j, p);
	j->depth += p->kind == PART_MESSAGE;
	children(j, p);
	j->depth -= p->kind == PART_MESSAGE;
}

/* ERR_NOTFOUND: nothing to change, nothing appended. */
static enum status strip_raw(struct strip *s, const char *raw, size_t n, const struct msg_part *root, unsigned depth,
                             unsigned encoded, struct sb *out)
{
	struct job j = { .s = s, .depth = depth, .encoded = encoded, .invites = INVITES_MAX };
	edits_init(&j.e, raw, n);
	walk(&j, root, NULL);
	bool changed = j.e.n > 0;
	if (changed)
		edits_apply(&j.e, out);
	edits_free(&j.e);
	return changed ? OK : ERR_NOTFOUND;
}

/* Where the tree is a guess, another reader's guess may find a file in what we
 * took for the space between parts. */
static bool scrub_all(struct strip *s, const struct msg *m, struct sb *out)
{
	struct job j = { .s = s };
	struct sb all = SB_INIT, clean = SB_INIT;
	sb_add(&all, out->len ? out->s : m->raw, out->len ? out->len : m->raw_len);
	edits_init(&j.e, all.s, all.len);
	bool found = scrub(&j, all.s, all.len, NULL, j.e.eol, &clean);
	if (found) {
		sb_reset(out);
		sb_add(out, clean.s, clean.len);
	}
	edits_free(&j.e);
	sb_free(&all);
	sb_free(&clean);
	return found;
}

void msg_strip(const struct msg *m, const struct strip_rules *rules, struct arena *a, struct stripped *r,
               struct sb *out)
{
	struct strip s = { .rules = rules, .a = a, .r = r };
	struct sb mail = SB_INIT;
	*r = (struct stripped){ .n = 0 };
	r->changed = strip_raw(&s, m->raw, m->raw_len, m->root, 0, 0, &mail) == OK;
	if (m->mime_broken)
		r->changed |= scrub_all(&s, m, &mail);
	if (r->changed)
		sb_add(out, mail.s, mail.len);
	sb_free(&mail);
}
