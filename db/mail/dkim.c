/* DKIM signatures for mails that share a body. See dkim.h. */
#include "mail/dkim.h"
#include "mail/hdr.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { FOLD_AT = 72 };

/* What a reader sees or a machine acts on. List-Unsubscribe and its Post must be in it (RFC 8058 §3.1). */
static const char *const signed_fields[] = {
	"From", "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Auto-Submitted",
	"Precedence",
};

/* ---- canonical forms ------------------------------------------------------------- */

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* Runs of white space become one space; there is none at the end. */
static void relax_line(const char *p, size_t n, struct sb *out)
{
	for (size_t i = 0; i < n; i++)
		if (!is_wsp(p[i]))
			sb_addc(out, p[i]);
		else if (!is_wsp(p[i + 1])) /* the last byte is none */
			sb_addc(out, ' ');
}

void dkim_relax_body(const char *body, size_t n, struct sb *out)
{
	struct line l;
	size_t blank = 0; /* empty lines count only when something follows */
	sb_grow(out, n);
	for (const char *p = body, *end = body + n; hdr_line(p, end, false, &l); p = l.next) {
		size_t used = l.n;
		while (used && is_wsp(l.p[used - 1]))
			used--;
		if (!used) {
			blank++;
			continue;
		}
		for (; blank; blank--)
			sb_adds(out, "\r\n");
		relax_line(l.p, used, out);
		sb_adds(out, "\r\n");
	}
}

void dkim_relax_field(const char *name, size_t name_n, const char *value, size_t value_n, struct sb *out)
{
	bool gap = false, begun = false;
	for (size_t i = 0; i < name_n; i++)
		sb_addc(out, (char)tolower((unsigned char)name[i]));
	sb_addc(out, ':');
	for (size_t i = 0; i < value_n; i++) {
		if (is_wsp(value[i]) || value[i] == '\r' || value[i] == '\n') {
			gap = true;
			continue;
		}
		if (gap && begun)
			sb_addc(out, ' ');
		gap = false;
		begun = true;
		sb_addc(out, value[i]);
	}
}

void dkim_body_hash(const char *body, size_t n, struct dkim_body *b)
{
	struct sb relaxed = SB_INIT, b64 = SB_INIT;
	uint8_t sum[SHA256_LEN];
	dkim_relax_body(body, n, &relaxed);
	crypto_sha256(relaxed.s, relaxed.len, sum);
	b64_encode(sum, sizeof sum, &b64);
	memcpy(b->bh, b64.s, b64.len + 1);
	sb_free(&relaxed);
	sb_free(&b64);
}

/* ---- signing ------------------------------------------------------------------------ */

/* The fields to sign in the order of h=, canonical; their names into h. */
static void collect(const char *head, size_t n, struct sb *h, struct sb *canon)
{
	struct hdr_field f;
	for (size_t i = 0; i < sizeof signed_fields / sizeof *signed_fields; i++) {
		const char *name = signed_fields[i];
		bool again = i > 0 && strcmp(name, signed_fields[i - 1]) == 0;
		bool there = hdr_find(head, n, false, name, &f);
		if (!there && !again)
			continue;
		sb_addf(h, "%s%s", h->len ? ":" : "", name);
		if (again)
			continue; /* oversigned: no second one may come */
		dkim_relax_field(f.name, f.name_len, f.val, f.val_len, canon);
		sb_adds(canon, "\r\n");
	}
}

/* h= of colons and names, broken before it gets too long. */
static void fold_names(const char *names, struct sb *out)
{
	size_t col = 4;
	for (size_t len; *names; names += len) {
		len = strcspn(names + 1, ":") + 1;
		if (col + len > FOLD_AT) {
			sb_adds(out, "\r\n\t");
			col = 1;
		}
		sb_add(out, names, len);
		col += len;
	}
}

static void fold_base64(const char *s, struct sb *out)
{
	for (size_t len; *s; s += len) {
		len = strnlen(s, FOLD_AT);
		sb_adds(out, "\r\n\t");
		sb_add(out, s, len);
	}
}

static void sign_one(const struct dkim_signer *d, size_t k, const struct dkim_body *b, const char *names,
                     const struct sb *canon, epoch now, struct sb *out)
{
	const struct sign_key *key = d->keys[k].key;
	struct sb field = SB_INIT, input = SB_INIT, sig = SB_INIT, b64 = SB_INIT;
	uint8_t sum[SHA256_LEN];
	sb_addf(&field, " v=1; a=%s-sha256; c=relaxed/relaxed; d=%s;\r\n\ts=%s; t=%lld; bh=%s;\r\n\th=",
	        sign_is_ed25519(key) ? "ed25519" : "rsa", d->domain, d->keys[k].selector, (long long)now, b->bh);
	fold_names(names, &field);
	sb_adds(&field, ";\r\n\tb=");
	sb_add(&input, canon->s, canon->len);
	dkim_relax_field("DKIM-Signature", 14, field.s, field.len, &input);
	if (sign_is_ed25519(key)) { /* RFC 8463 §3: the hash is what is signed */
		crypto_sha256(input.s, input.len, sum);
		sign_bytes(key, sum, sizeof sum, &sig);
	} else
		sign_bytes(key, input.s, input.len, &sig);
	b64_encode(sig.s, sig.len, &b64);
	fold_base64(b64.s, &field);
	sb_addf(out, "DKIM-Signature:%s\r\n", field.s);
	sb_free(&field), sb_free(&input), sb_free(&sig), sb_free(&b64);
}

void dkim_sign(const struct dkim_signer *d, const struct dkim_body *b, const char *head, size_t n, epoch now, struct sb *out)
{
	struct sb names = SB_INIT, canon = SB_INIT;
	collect(head, n, &names, &canon);
	for (size_t k = 0; k < d->nkeys; k++)
		sign_one(d, k, b, names.s, &canon, now, out);
	sb_free(&names);
	sb_free(&canon);
}
