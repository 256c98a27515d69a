/*
 * A raw mail as a tree of parts and decoded fields. Structure comes from
 * part_scan (the gate's own scanner), address grammar from libetpan (addr.c),
 * the rest from the lenient readers beside this file. See msg_parse.h.
 *
 * SECURITY: hostile bytes. Everything is bounded by the prescan that runs
 * first; recursion happens only into message/rfc822 parts that were encoded
 * (against RFC 2046) and into wrappings (wrap.h), at most ENCODED_MAX deep,
 * under the same limits.
 */
#include "msg_parse.h"
#include "addr.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "maildate.h"
#include "msg_impl.h"
#include "msgid.h"
#include "part_scan.h"
#include "text/charset.h"
#include "text/hdrword.h"
#include "wrap.h"
#include "xfer.h"
#include "text/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ENCODED_MAX = 3, WRAPS_MAX = 50, FILENAME_MAX_BYTES = 255, TOKEN_MAX_BYTES = 127 };

struct builder {
	struct msg *m;
	const struct prescan_limits *lim;
	struct msg_part *stack[SCAN_LEVELS + 1], *last[SCAN_LEVELS + 1];
	unsigned index;    /* next preorder number, shared with encoded messages */
	unsigned base;     /* depth that the scan's level 0 has */
	unsigned encoded;  /* levels of encoded messages */
	unsigned *wraps;   /* opened so far, in the whole mail */
	bool cr;
	struct msg *top;   /* gets mime_broken */
};

/* ---- fields ---- */

/* A header value as a C string: NUL becomes a space, line ends LF. */
static char *raw_value(struct arena *a, const char *p, size_t n)
{
	char *s = arena_alloc(a, n + 1);
	size_t k = 0;
	for (size_t i = 0; i < n; i++)
		if (p[i] != '\r' || i + 1 == n || p[i + 1] != '\n')
			s[k++] = p[i] == '\0' ? ' ' : p[i] == '\r' ? '\n' : p[i];
	s[k] = '\0';
	return s;
}

/* Nothing to decode: unfold only. False when there is, or when escapes of JIS may
 * have been lost. */
static bool plain_value(struct arena *a, const char *raw, const char **value_r)
{
	size_t n = strlen(raw), k = 0;
	if (strstr(raw, "=?") || strchr(raw, 033) || strstr(raw, "(B") || !text_is_ascii(raw, n))
		return false;
	char *s = arena_alloc(a, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (raw[i] == '\n' && i + 1 < n && (raw[i + 1] == ' ' || raw[i + 1] == '\t'))
			continue;
		s[k++] = (unsigned char)raw[i] < 32 || raw[i] == 127 ? ' ' : raw[i];
	}
	s[k] = '\0';
	*value_r = s;
	return true;
}

static const char *decoded(struct arena *a, const char *raw)
{
	const char *value;
	if (plain_value(a, raw, &value))
		return value;
	struct sb b = SB_INIT;
	text_decode_header(raw, strlen(raw), &b);
	value = arena_memdup(a, b.s, b.len);
	sb_free(&b);
	return value;
}

/* The charset of the mail's first text, where that says something about raw bytes
 * in its header; else NULL. */
static const char *charset_hint(const struct msg *m)
{
	static const char *const none[] = { "us-ascii", "utf-8", "windows-1252", "iso-2022-jp", "utf-16", "utf-7" };
	struct sb b = SB_INIT;
	const struct msg_part *p = m->root;
	while (p && !msg_part_is_text(p))
		p = p->kind == PART_MESSAGE ? NULL : msg_part_next(p);
	if (!p)
		return NULL;
	const char *used = msg_part_utf8(p, &b);
	sb_free(&b);
	if (strcmp(used, "us-ascii") == 0 && p->charset)
		used = p->charset;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (strcmp(used, none[i]) == 0)
			return NULL;
	return used;
}

/* Bytes that are neither ASCII nor UTF-8, escapes nor words, by the hint. */
static const char *readable(struct msg *m, const char *raw, const char **hint, bool *asked)
{
	struct sb b = SB_INIT;
	size_t n = strlen(raw);
	if (text_is_utf8(raw, n) || strchr(raw, 033))
		return raw;
	if (!*asked)
		*hint = charset_hint(m);
	*asked = true;
	if (!*hint)
		return raw;
	text_to_utf8(*hint, raw, n, &b);
	const char *text = arena_memdup(m->arena, b.s, b.len);
	sb_free(&b);
	return text;
}

static void read_fields(struct msg *m, const char *head, size_t n, bool cr)
{
	struct hdr_field f;
	const char *pos = head, *hint = NULL;
	size_t count = 0;
	bool asked = false;
	while (hdr_next(&pos, head + n, cr, &f))
		count++;
	m->fields = arena_alloc(m->arena, (count + 1) * sizeof *m->fields);
	for (pos = head; hdr_next(&pos, head + n, cr, &f);) {
		struct msg_field *o = &m->fields[m->nfields++];
		o->name = arena_memdup(m->arena, f.name, f.name_len);
		o->raw = raw_value(m->arena, f.val, f.val_len);
		o->text = readable(m, o->raw, &hint, &asked);
		o->value = decoded(m->arena, o->text);
	}
}

const struct msg_field *msg_field(const struct msg *m, const char *name)
{
	for (size_t i = 0; i < m->nfields; i++)
		if (strcasecmp(m->fields[i].name, name) == 0)
			return &m->fields[i];
	return NULL;
}

const struct msg_field *msg_field_next(const struct msg *m, const struct msg_field *f)
{
	for (const struct msg_field *g = f + 1; g < m->fields + m->nfields; g++)
		if (strcasecmp(g->name, f->name) == 0)
			return g;
	return NULL;
}

static const char *value_of(const struct msg *m, const char *name)
{
	const struct msg_field *f = msg_field(m, name);
	return f ? f->value : "";
}

static const char *raw_of(const struct msg *m, const char *name)
{
	const struct msg_field *f = msg_field(m, name);
	return f ? f->raw : NULL;
}

static void read_addrs(struct msg *m, const char *name, struct msg_addrs *out)
{
	const struct msg_field *f = msg_field(m, name);
	if (f)
		addr_list_parse(m->arena, f->text, out);
}

/* All fields of a name as one list: To and Cc come twice from some mailers. */
static void read_all_addrs(struct msg *m, const char *name, struct msg_addrs *out)
{
	struct sb b = SB_INIT;
	const struct msg_field *f = msg_field(m, name);
	if (f && !msg_field_next(m, f)) {
		addr_list_parse(m->arena, f->text, out);
		return;
	}
	for (; f; f = msg_field_next(m, f)) {
		sb_adds(&b, b.len ? ",\n " : "");
		sb_adds(&b, f->text);
	}
	if (b.len)
		addr_list_parse(m->arena, b.s, out);
	sb_free(&b);
}

static bool from_broken(const struct msg *m)
{
	const struct msg_field *f = msg_field(m, "From");
	return !f || msg_field_next(m, f) || m->from.n != 1 || !addr_is_sane(m->from.v[0].addr);
}

static void read_known(struct msg *m)
{
	struct msgid_list refs;
	const char *date = value_of(m, "Date");
	read_addrs(m, "From", &m->from);
	read_addrs(m, "Sender", &m->sender);
	read_addrs(m, "Reply-To", &m->reply_to);
	read_all_addrs(m, "To", &m->to);
	read_all_addrs(m, "Cc", &m->cc);
	m->from_is_broken = from_broken(m);
	m->subject = value_of(m, "Subject");
	m->message_id = msgid_first(m->arena, raw_of(m, "Message-ID"));
	m->in_reply_to = msgid_first(m->arena, raw_of(m, "In-Reply-To"));
	msgid_refs(m->arena, raw_of(m, "References"), raw_of(m, "In-Reply-To"), &refs);
	m->references = refs.v;
	m->date = mail_date_parse(date);
	m->list_id = value_of(m, "List-Id");
	m->auto_submitted = value_of(m, "Auto-Submitted");
	m->precedence = value_of(m, "Precedence");
}

/* ---- one part's header ---- */

/* The first word of a value in lower case, or `dflt`. */
static const char *token(struct arena *a, const char *p, size_t n, const char *dflt)
{
	size_t k = 0;
	while (k < n && k < TOKEN_MAX_BYTES && p[k] > 32 && p[k] < 127 && p[k] != '\'' && !strchr(";,()<>\"", p[k]))
		k++;
	if (!k)
		return dflt;
	char *s = arena_memdup(a, p, k);
	for (char *c = s; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	return s;
}

static char *param(struct arena *a, const struct hdr_field *f, const char *name)
{
	struct sb b = SB_INIT;
	char *s = part_param(f->val, f->val_len, name, &b) ? arena_memdup(a, b.s, b.len) : NULL;
	sb_free(&b);
	return s;
}

static const char *low(char *s)
{
	for (char *c = s; c && *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	return s;
}

/* "2026/11/26 report.pdf" has no path. */
static bool is_of_date(const char *s, const char *slash)
{
	size_t n = strspn(s, "0123456789-");
	return *slash == '/' && slash > s && s + n == slash && slash - s <= (int)strlen("2026-11-26");
}

/* A file name to show and store under: no path, no controls, bounded. */
static const char *file_name(struct arena *a, char *s)
{
	if (!s)
		return NULL;
	for (char *c = s; *c; c++) {
		if (is_of_date(s, c))
			*c = '-';
		else if (*c == '/' || *c == '\\')
			s = c + 1;
		else if ((unsigned char)*c < 32 || *c == 127)
			*c = ' ';
	}
	while (*s == ' ')
		s++;
	size_t n = utf8_head(s, strlen(s), FILENAME_MAX_BYTES);
	while (n && s[n - 1] == ' ')
		n--;
	return n ? arena_memdup(a, s, n) : NULL;
}

/* "text" means text/plain, "TEXT/PLAIN;" too; what is no type at all is read
 * as text and counts as broken. */
static const char *full_type(struct builder *b, const struct hdr_field *f)
{
	char t[PART_TYPE];
	part_type(f->val, f->val_len, t);
	const char *slash = strchr(t, '/');
	if (slash && slash > t && slash[1])
		return arena_strdup(b->m->arena, t);
	if (strcmp(t, "text") != 0)
		b->top->mime_broken = true;
	return "text/plain";
}

/* A charset is a name of plain letters, or it is none. */
static const char *charset(struct arena *a, const struct hdr_field *f)
{
	const char *s = low(param(a, f, "charset"));
	return s ? token(a, s, strlen(s), NULL) : NULL;
}

static void read_type(struct builder *b, struct msg_part *p, const struct hdr_field *f)
{
	struct arena *a = b->m->arena;
	p->type_raw = raw_value(a, f->val, f->val_len);
	p->type = full_type(b, f);
	p->charset = charset(a, f);
	p->filename = file_name(a, param(a, f, "name"));
	if (strcmp(p->type, "text/plain") == 0) {
		const char *format = low(param(a, f, "format")), *delsp = low(param(a, f, "delsp"));
		p->flowed = format && strcmp(format, "flowed") == 0;
		p->delsp = delsp && strcmp(delsp, "yes") == 0;
	}
}

static void read_disposition(struct builder *b, struct msg_part *p, const struct hdr_field *f)
{
	struct arena *a = b->m->arena;
	const char *d = token(a, f->val, f->val_len, NULL);
	const char *name = file_name(a, param(a, f, "filename"));
	if (name)
		p->filename = name;
	/* an unknown kind is an attachment (RFC 2183 §2.8) */
	if (d && strncmp(d, "filename=", 9) != 0)
		p->disposition = strcmp(d, "inline") == 0 ? "inline" : "attachment";
}

static const char *content_id(struct arena *a, const struct hdr_field *f)
{
	const char *id = msgid_first(a, raw_value(a, f->val, f->val_len));
	return *id ? id : NULL;
}

/* The first field of each name counts. */
static void read_part_head(struct builder *b, struct msg_part *p)
{
	struct hdr_field f;
	const char *pos = p->head, *disposition = NULL;
	struct hdr_field disp = { 0 };
	bool enc = false;
	while (hdr_next(&pos, p->head + p->head_len, b->cr, &f)) {
		if (f.name_len < 10 || strncasecmp(f.name, "Content-", 8) != 0)
			continue;
		if (!p->type_raw && hdr_is(&f, "Content-Type"))
			read_type(b, p, &f);
		else if (!enc && hdr_is(&f, "Content-Transfer-Encoding")) {
			const char *known = xfer_canonical(f.val, f.val_len);
			p->encoding = known ? known : token(b->m->arena, f.val, f.val_len, "7bit");
			enc = true;
		} else if (!disposition && hdr_is(&f, "Content-Disposition")) {
			disposition = f.name;
			disp = f;
		} else if (!p->content_id && hdr_is(&f, "Content-ID"))
			p->content_id = content_id(b->m->arena, &f);
	}
	if (disposition)
		read_disposition(b, p, &disp);
}

/* ---- the tree ---- */

static struct msg_part *new_part(struct builder *b, const struct scan_part *sp)
{
	struct msg_part *p = arena_zalloc(b->m->arena, sizeof *p);
	p->type = "text/plain";
	p->encoding = "7bit";
	p->kind = sp->kind == SCAN_MULTIPART ? PART_MULTIPART : sp->kind == SCAN_MESSAGE ? PART_MESSAGE : PART_LEAF;
	p->head = sp->head;
	p->head_len = sp->head_len;
	p->body = sp->body;
	p->depth = b->base + sp->depth;
	p->index = b->index++;
	read_part_head(b, p);
	if (p->kind == PART_MESSAGE && !p->type_raw)
		p->type = "message/rfc822"; /* in a digest */
	return p;
}

static void link_part(struct builder *b, struct msg_part *parent, struct msg_part *p, unsigned level)
{
	p->parent = parent;
	if (!parent)
		return;
	if (!parent->child)
		parent->child = p;
	else
		b->last[level]->next = p;
	b->last[level] = p;
}

static struct msg *embedded(struct builder *b, struct msg_part *p, struct msg_part *root)
{
	struct msg *m = arena_zalloc(b->m->arena, sizeof *m);
	m->arena = b->m->arena;
	m->raw = p->body;
	m->root = root;
	m->header_len = root->head_len;
	read_fields(m, root->head, root->head_len, b->cr);
	read_known(m);
	return m;
}

static void opened(struct builder *b, const struct scan_part *sp)
{
	struct msg_part *parent = sp->depth ? b->stack[sp->depth - 1] : NULL;
	struct msg_part *p = new_part(b, sp);
	link_part(b, parent, p, sp->depth);
	b->stack[sp->depth] = p;
	b->top->mime_broken |= sp->broken;
	if (parent && parent->kind == PART_MESSAGE)
		parent->embedded = embedded(b, parent, p);
	if (!parent)
		b->m->root = p;
}

/* A multipart in which no boundary ever came is shown as the text it is. */
static void demote(struct builder *b, struct msg_part *p)
{
	p->kind = PART_LEAF;
	p->type = "text/plain";
	b->top->mime_broken = true;
}

static void open_encoded(struct builder *b, struct msg_part *p);
static void open_wrap(struct builder *b, struct msg_part *p);

/* PGP/MIME that Exchange made a multipart/mixed of: the control part goes before what
 * is encrypted (RFC 3156 §4). */
static void seal_mixed(struct msg_part *p)
{
	for (struct msg_part *c = p->child; c; c = c->next)
		if (strcmp(c->type, "application/pgp-encrypted") == 0 && c->next && strcmp(c->next->type, "application/octet-stream") == 0)
			c->next->sealed = c->next->kind == PART_LEAF;
}

static void closed(struct builder *b, const struct scan_part *sp)
{
	struct msg_part *p = b->stack[sp->depth];
	p->body_len = (size_t)(sp->body_end - p->body);
	if (strncmp(p->type, "multipart/", 10) == 0 && !p->child)
		demote(b, p);
	p->blank = p->parent && msg_part_is_text(p) && msg_part_is_blank(p);
	if (p->kind == PART_MESSAGE && p->embedded)
		p->embedded->raw_len = p->body_len;
	if (strcmp(p->type, "multipart/encrypted") == 0)
		p->sealed = p->kind == PART_MULTIPART;
	else if (p->kind == PART_MULTIPART)
		seal_mixed(p);
	else if (p->kind == PART_LEAF && strcmp(p->type, "message/rfc822") == 0)
		open_encoded(b, p);
	else if (p->kind == PART_LEAF)
		open_wrap(b, p);
	if (!p->parent || p->parent->kind == PART_MESSAGE)
		p->readable = msg_part_is_readable(p);
}

/* The scan has passed the gate: no limit can be met here. */
static void build_tree(struct builder *b, const char *raw, size_t n)
{
	struct scan_part sp;
	enum scan_event ev;
	struct part_scan *s = xmalloc(sizeof *s);
	part_scan_init(s, raw, n);
	b->cr = s->cr;
	while ((ev = part_scan_next(s, &sp)) == SCAN_OPEN || ev == SCAN_CLOSE) {
		if (ev == SCAN_OPEN)
			opened(b, &sp);
		else
			closed(b, &sp);
	}
	free(s);
}

static bool may_open(const struct builder *b, const struct msg_part *p)
{
	return b->encoded < ENCODED_MAX && p->depth + 1 < b->lim->depth && b->index < b->lim->parts;
}

/* A tree of its own below p. Over a limit p stays what it is. */
static void open_inside(struct builder *b, struct msg_part *p, enum part_kind kind, const struct sb *raw)
{
	struct prescan_limits lim = *b->lim;
	struct prescan scan;
	lim.depth -= p->depth + 1;
	lim.parts -= b->index;
	if (mail_prescan(raw->s, raw->len, &lim, &scan, NULL) != OK)
		return;
	struct builder *in = xcalloc(1, sizeof *in);
	struct msg *m = arena_zalloc(b->m->arena, sizeof *m);
	m->arena = b->m->arena;
	m->raw = arena_memdup(m->arena, raw->s, raw->len);
	m->raw_len = raw->len;
	m->scan = scan;
	*in = (struct builder){ .m = m, .lim = b->lim, .index = b->index, .base = p->depth + 1,
				.encoded = b->encoded + 1, .wraps = b->wraps, .top = b->top };
	build_tree(in, m->raw, m->raw_len);
	b->index = in->index;
	read_fields(m, m->root->head, m->root->head_len, in->cr);
	read_known(m);
	free(in);
	m->header_len = scan.header_end;
	m->root->parent = p;
	p->kind = kind;
	p->child = m->root;
	p->embedded = m;
}

/* message/rfc822 in base64 or quoted-printable: forbidden, and sent all the
 * same. */
static void open_encoded(struct builder *b, struct msg_part *p)
{
	struct sb raw = SB_INIT;
	if (!may_open(b, p))
		return;
	xfer_decode(p->encoding, p->body, p->body_len, b->lim->size, &raw);
	open_inside(b, p, PART_MESSAGE, &raw);
	sb_free(&raw);
}

static void open_wrap(struct builder *b, struct msg_part *p)
{
	struct sb entity = SB_INIT;
	if (!may_open(b, p) || *b->wraps >= WRAPS_MAX)
		return;
	enum wrap_found found = wrap_open(p, &entity);
	*b->wraps += found != WRAP_NONE;
	p->sealed = found == WRAP_SEALED;
	if (found == WRAP_OPENED)
		open_inside(b, p, PART_WRAP, &entity);
	sb_free(&entity);
}

bool msg_part_in_raw(const struct msg *m, const struct msg_part *p)
{
	return p->head >= m->raw && p->head <= m->raw + m->raw_len;
}

struct msg_part *msg_part_next(const struct msg_part *p)
{
	if (p->child)
		return p->child;
	while (p && !p->next)
		p = p->parent;
	return p ? p->next : NULL;
}

/* ---- the mail ---- */

static struct msg *new_msg(const char *raw, size_t n, const struct prescan *scan)
{
	struct arena *a = arena_new();
	struct msg *m = arena_zalloc(a, sizeof *m);
	m->arena = a;
	m->raw = raw;
	m->raw_len = n;
	m->scan = *scan;
	m->header_len = scan->header_end;
	return m;
}

enum status msg_parse(const char *raw, size_t n, const struct prescan_limits *lim, struct msg **m_r, struct err *e)
{
	struct prescan scan;
	if (!lim)
		lim = &prescan_default;
	if (!raw)
		raw = "";
	*m_r = NULL;
	enum status st = mail_prescan(raw, n, lim, &scan, e);
	if (st != OK)
		return st;
	struct msg *m = new_msg(raw, n, &scan);
	struct builder *b = xcalloc(1, sizeof *b);
	unsigned wraps = 0;
	*b = (struct builder){ .m = m, .lim = lim, .wraps = &wraps, .top = m };
	build_tree(b, raw, n);
	read_fields(m, m->root->head, m->root->head_len, b->cr);
	read_known(m);
	free(b);
	*m_r = m;
	return OK;
}

void msg_free(struct msg **m)
{
	if (!m || !*m)
		return;
	struct arena *a = (*m)->arena;
	*m = NULL;
	arena_free(&a);
}
