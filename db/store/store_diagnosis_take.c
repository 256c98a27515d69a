/* Answers become diagnoses: whose they are, and whether it is time. See store_diagnosis_op.h. */
#include "store/store_audit.h"
#include "store/store_diagnosis_op.h"
#include "store/store_people.h"
#include "store/store_report.h"
#include "text/identity.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { REMINDERS = 60, PAGE = 500, NAME_LOOKUPS = 30 /* of a sheet: each looks at every contract */, CLOSING = 17 * 60 + 30, OPENING = 9 * 60 + 30,
       AHEAD_MAX = 7 * 86400 /* an answer of tomorrow is one of now; of next year a mistake */ };

struct taking {
	struct store *s;
	const struct survey *survey;
	struct survey_sheet *sheet;
	const struct diagnosis_from *from;
	struct arena *a;
	size_t lookups;
};

static void fault(struct taking *t, const struct survey_answers *w, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void fault(struct taking *t, const struct survey_answers *w, const char *fmt, ...)
{
	struct sb *out = &t->sheet->faults;
	va_list ap;
	if (t->sheet->nfaults++ >= SURVEY_FAULTS_MAX)
		return;
	if (w->row)
		sb_addf(out, "%zu行目 ", w->row);
	va_start(ap, fmt);
	sb_vaddf(out, fmt, ap);
	va_end(ap);
	sb_addc(out, '\n');
}

/* ---- whose ------------------------------------------------------------------------------- */

/* "Ｎ123-456 789" is "N123456789": the field is NFKC already. */
static const char *number_of(struct taking *t, const char *said)
{
	struct sb b = SB_INIT;
	for (const char *p = said; *p && b.len < 40; p++)
		if (isalnum((unsigned char)*p))
			sb_addc(&b, (char)toupper((unsigned char)*p));
	const char *r = arena_memdup(t->a, b.s, b.len);
	sb_free(&b);
	return r;
}

static enum status by_number(struct taking *t, const struct survey_answers *w, struct contract *c, struct err *e)
{
	const char *said = w->field[SURVEY_NUMBER], *company = w->field[SURVEY_COMPANY];
	enum status st = contract_by_number(t->s, number_of(t, said), t->a, c, e);
	if (st != OK && st != ERR_NOTFOUND)
		return st;
	if (st == ERR_NOTFOUND || !contract_active(c, t->from->now))
		fault(t, w, "お客様番号「%.40s」のご契約がありません", said);
	else if (*company && *c->v[CF_NAME] && !identity_same_company(company, c->v[CF_NAME], t->a))
		fault(t, w, "お客様番号「%.40s」は「%.60s」のご契約のものではありません", said, company);
	else
		return OK;
	c->id = 0;
	return OK;
}

/* 0: none, -1: several. */
static enum status by_company(struct taking *t, const char *said, int64_t *id_r, struct err *e)
{
	struct contract *v;
	size_t n = PAGE;
	const char *after = "";
	enum status st = OK;
	*id_r = 0;
	for (; st == OK && n == PAGE; after = n ? v[n - 1].v[CF_N_NUMBER] : after) {
		st = contract_list(t->s, after, PAGE, t->a, &v, &n, e);
		for (size_t i = 0; st == OK && i < n; i++)
			if (contract_active(&v[i], t->from->now) && identity_same_company(said, v[i].v[CF_NAME], t->a))
				*id_r = *id_r ? -1 : v[i].id;
	}
	return st;
}

/* An address or a name is enough where only one contract can be meant. */
static enum status by_words(struct taking *t, const struct survey_answers *w, struct contract *c, struct err *e)
{
	const char *mail = w->field[SURVEY_MAIL], *company = w->field[SURVEY_COMPANY];
	struct contract_match m = { 0 };
	int64_t id = 0;
	enum status st = OK;
	if (strchr(mail, '@') && strlen(mail) < 250) {
		char *key = arena_strdup(t->a, mail);
		for (char *p = key; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		st = contract_match(t->s, key, t->a, &m, e);
		id = st == OK ? m.id : 0;
	}
	if (st == OK && !id && *company && ++t->lookups <= NAME_LOOKUPS)
		st = by_company(t, company, &id, e);
	if (st == OK && id > 0)
		return contract_get(t->s, id, t->a, c, e);
	if (st == OK && id < 0)
		fault(t, w, "会社名「%.60s」のご契約が複数あります。お客様番号が必要です", company);
	else if (st == OK)
		fault(t, w, "どのご契約の回答か分かりません。お客様番号が必要です");
	return st;
}

/* The sender's own contract; another number in it is a mistake he wants to know of. */
static enum status by_sender(struct taking *t, const struct survey_answers *w, struct contract *c, struct err *e)
{
	const char *said = w->field[SURVEY_NUMBER];
	enum status st = contract_get(t->s, t->from->contract, t->a, c, e);
	if (st == OK && t->sheet->n > 1) {
		fault(t, w, "1 回にお送りいただけるのは、貴社の回答 1 件です");
		c->id = 0;
	} else if (st == OK && *said && strcmp(number_of(t, said), c->v[CF_N_NUMBER]) != 0) {
		fault(t, w, "お客様番号「%.40s」は、ご送信いただいた方のご契約のものではありません", said);
		c->id = 0;
	}
	return st;
}

/* c->id 0: there is a fault. */
static enum status whose(struct taking *t, const struct survey_answers *w, struct contract *c, struct err *e)
{
	c->id = 0;
	if (t->from->contract)
		return by_sender(t, w, c, e);
	return *w->field[SURVEY_NUMBER] ? by_number(t, w, c, e) : by_words(t, w, c, e);
}

/* ---- when ---------------------------------------------------------------------------------- */

static epoch minute_of(int64_t day, int minute)
{
	struct civil c = civil_of_day(day);
	return epoch_of(c.year, c.mon, c.day, minute / 60, minute % 60, 0);
}

static int64_t day_in(epoch t)
{
	struct civil c = civil_of(t);
	return day_of(c.year, c.mon, c.day);
}

epoch diagnosis_remind_at(const struct cal *cal, const struct diagnosis *d, int stage)
{
	static const int before[] = { -5, -2, 0 }; /* business days of the last one; then each one after it */
	enum { STAGES = sizeof before / sizeof *before };
	int64_t day = day_in(d->due_at);
	if (stage < 0 || stage > REMINDERS)
		return 0;
	int days = stage < STAGES ? before[stage] : stage - STAGES + 1;
	return minute_of(days ? cal_add_days(cal, day, days) : day, OPENING);
}

static enum status add_job(struct taking *t, const char *kind, const char *what, epoch due, struct err *e)
{
	struct report_job j = { .kind = kind, .what = what, .rcpts = "", .who = t->from->who, .in_reply_to = "", .asked_at = t->from->now, .due_at = due };
	enum status st = report_job_add(t->s, &j, e);
	return st == ERR_EXISTS ? OK : st;
}

/* The first one that is still to come: an old answer is not overdue in the moment it arrives. */
static enum status add_reminder(struct taking *t, const struct diagnosis *d, struct err *e)
{
	int stage = 0;
	epoch at = diagnosis_remind_at(t->from->cal, d, stage);
	while (at && at <= t->from->now)
		at = diagnosis_remind_at(t->from->cal, d, ++stage);
	if (!at)
		at = minute_of(cal_add_days(t->from->cal, day_in(t->from->now), 1), OPENING);
	return add_job(t, REPORT_DIAGNOSIS_DUE, arena_printf(t->a, "%lld %d", (long long)d->id, stage), at, e);
}

static enum status add(struct taking *t, const struct survey_answers *w, const struct contract *c, epoch at, struct diagnosis_result *r, struct err *e)
{
	struct survey_score score;
	enum status st = survey_score(t->survey, w->code, &score, e);
	if (st != OK)
		return st;
	struct diagnosis d = { .contract_id = c->id, .message_id = t->from->message_id, .state = DIAGNOSIS_RECEIVED, .version = t->survey->version,
	                       .code = w->code, .score = score.score, .person = w->field[SURVEY_PERSON], .answered_at = at,
	                       .received_at = t->from->now, .changed_at = t->from->now, .why = "", .who = "" };
	d.due_at = minute_of(cal_add_days(t->from->cal, day_in(at), DIAGNOSIS_DAYS), CLOSING);
	st = diagnosis_add(t->s, &d, e);
	if (st == OK)
		st = add_job(t, REPORT_DIAGNOSIS, arena_printf(t->a, "%lld", (long long)d.id), t->from->now, e);
	if (st == OK)
		st = add_reminder(t, &d, e);
	struct audit row = { .at = t->from->now, .who = t->from->who, .what = "diagnosis.take",
	                     .detail = arena_printf(t->a, "diagnosis %lld of %s", (long long)d.id, c->v[CF_N_NUMBER]) };
	if (st == OK)
		st = audit_add(t->s, &row, e);
	r->outcome = DIAGNOSIS_TAKEN;
	r->id = d.id;
	r->due = d.due_at;
	r->next = diagnosis_next(at);
	return st;
}

/* Exports hold all that was ever answered: what is stored is known by its time and its
 * answers. A customer answers in the moment he mails, whatever day his sheet names: it
 * may be last year's, filled in anew. The same from him while he waits is one answer. */
static bool is_known(const struct taking *t, const struct survey_answers *w, const struct diagnosis *d, epoch at)
{
	bool when = t->from->contract ? d->state < DIAGNOSIS_SENT && at < diagnosis_next(d->answered_at) : w->at && d->answered_at == at;
	return when && strcmp(d->code, w->code) == 0;
}

static enum status judge(struct taking *t, const struct survey_answers *w, const struct contract *c, struct diagnosis_result *r, struct err *e)
{
	enum { LOOKED = 60 };
	struct diagnosis *v;
	size_t n;
	epoch now = t->from->now, at = !t->from->contract && w->at && w->at < now ? w->at : now;
	enum status st = diagnosis_of(t->s, c->id, LOOKED, t->a, &v, &n, e);
	for (size_t i = 0; st == OK && i < n; i++)
		if (is_known(t, w, &v[i], at)) {
			r->outcome = DIAGNOSIS_KNOWN;
			r->id = v[i].id;
			return OK;
		}
	if (st == OK && n && at < diagnosis_next(v[0].answered_at)) {
		r->outcome = DIAGNOSIS_EARLY;
		r->next = diagnosis_next(v[0].answered_at);
		return OK;
	}
	return st == OK ? add(t, w, c, at, r, e) : st;
}

static enum status take_one(struct taking *t, const struct survey_answers *w, struct diagnosis_result *r, struct err *e)
{
	struct contract c = { 0 };
	enum status st = whose(t, w, &c, e);
	if (st != OK || !c.id)
		return st;
	*r = (struct diagnosis_result){ .row = w->row, .number = c.v[CF_N_NUMBER], .name = c.v[CF_NAME] };
	if (!t->from->contract && w->at > t->from->now + AHEAD_MAX)
		fault(t, w, "回答の日時「%.40s」がまだ来ていません", w->field[SURVEY_TIME]);
	return t->sheet->nfaults ? OK : judge(t, w, &c, r, e);
}

enum status diagnosis_take(struct store *s, const struct survey *survey, struct survey_sheet *sheet, const struct diagnosis_from *from,
                           struct arena *a, struct diagnosis_result **v_r, struct err *e)
{
	struct taking t = { .s = s, .survey = survey, .sheet = sheet, .from = from, .a = a };
	*v_r = arena_zalloc(a, (sheet->n + 1) * sizeof **v_r);
	if (sheet->nfaults)
		return OK;
	enum status st = store_savepoint(s, e);
	if (st != OK)
		return st;
	for (size_t i = 0; st == OK && i < sheet->n; i++)
		st = take_one(&t, &sheet->v[i], &(*v_r)[i], e);
	if (st == OK && !sheet->nfaults)
		return store_release(s, e);
	store_rollback_to(s);
	sheet->n = 0;
	return st;
}
