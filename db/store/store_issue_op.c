/* What editors and operators may order. See store_issue_op.h. */
#include "store/store_issue_op.h"
#include "store/store_audit.h"
#include "store/store_ledger.h"
#include "store/store_stop.h"
#include <stdio.h>

static enum status not_now(const struct issue *i, const char *what, struct err *e)
{
	return err_set(e, ERR_DENIED, "第%lld号は「%s」のため、%sできません", (long long)i->id, issue_state_ja(i->state), what);
}

static enum status changed(struct store *s, const struct issue *i, const char *what, const struct issue_by *by, struct err *e)
{
	char detail[80];
	snprintf(detail, sizeof detail, "issue %lld", (long long)i->id);
	struct audit row = { .at = by->now, .who = by->who, .what = what, .detail = detail };
	enum status st = issue_update(s, i, e);
	return st == OK ? audit_add(s, &row, e) : st;
}

enum status issue_approve(struct store *s, struct issue *i, int needed, epoch default_at, const struct issue_by *by, bool *done_r,
                          struct err *e)
{
	*done_r = false;
	if (i->state != ISSUE_DRAFT)
		return not_now(i, "承認", e);
	if (needed > 1 && by->staff_id && by->staff_id == i->editor_id)
		return err_set(e, ERR_DENIED, "原稿を送った方以外の承認が必要です");
	if (needed > 1 && by->staff_id && by->staff_id == i->approver_id)
		return err_set(e, ERR_DENIED, "すでに承認いただいています。もうお一人の承認をお待ちください");
	bool second = needed < 2 || i->editor_id != 0 || i->approver_id;
	if (!i->approver_id)
		i->approver_id = by->staff_id;
	if (second) {
		*done_r = true;
		i->state = ISSUE_SCHEDULED;
		if (i->send_at <= by->now)
			i->send_at = default_at;
	}
	return changed(s, i, "issue.approve", by, e);
}

enum status issue_set_time(struct store *s, struct issue *i, epoch at, const struct issue_by *by, struct err *e)
{
	if (i->state != ISSUE_DRAFT && i->state != ISSUE_SCHEDULED && i->state != ISSUE_HELD)
		return not_now(i, "日時を変更", e);
	if (at < by->now)
		return err_set(e, ERR_DENIED, "過去の日時です");
	i->send_at = at;
	if (i->state == ISSUE_HELD) /* it had been approved */
		i->state = i->started_at ? ISSUE_SENDING : ISSUE_SCHEDULED;
	i->why = "";
	return changed(s, i, "issue.time", by, e);
}

enum status issue_redraft(struct store *s, struct issue *i, const struct issue *from, const struct issue_by *by, struct err *e)
{
	if (i->started_at || i->state == ISSUE_CANCELLED || i->state == ISSUE_DONE)
		return not_now(i, "修正", e);
	i->state = ISSUE_DRAFT;
	i->approver_id = 0;
	i->editor_id = by->staff_id;
	i->draft_id = from->draft_id;
	i->subject = from->subject;
	i->kinds = from->kinds;
	i->size = from->size;
	return changed(s, i, "issue.redraft", by, e);
}

enum status issue_pause(struct store *s, struct issue *i, const struct issue_by *by, struct err *e)
{
	if (i->state != ISSUE_SENDING && i->state != ISSUE_SCHEDULED)
		return not_now(i, "一時停止", e);
	i->state = i->state == ISSUE_SENDING ? ISSUE_PAUSED : ISSUE_HELD;
	i->why = "担当者による停止";
	return changed(s, i, "issue.pause", by, e);
}

enum status issue_resume(struct store *s, struct issue *i, const struct issue_by *by, struct err *e)
{
	if (i->state != ISSUE_PAUSED && i->state != ISSUE_HELD)
		return not_now(i, "再開", e);
	if (i->state == ISSUE_HELD && i->send_at < by->now)
		i->send_at = by->now;
	i->state = i->state == ISSUE_PAUSED ? ISSUE_SENDING : ISSUE_SCHEDULED;
	i->why = "";
	return changed(s, i, "issue.resume", by, e);
}

enum status issue_free_domain(struct store *s, const struct issue *i, const char *domain, const struct issue_by *by, struct err *e)
{
	char detail[320];
	if (i->state != ISSUE_SENDING && i->state != ISSUE_PAUSED)
		return not_now(i, "ドメインの停止を解除", e);
	enum status st = stop_free(s, domain, e);
	if (st == ERR_NOTFOUND)
		return err_set(e, ERR_DENIED, "%.100s への配信は止まっていません", domain);
	snprintf(detail, sizeof detail, "issue %lld, %.253s", (long long)i->id, domain);
	struct audit row = { .at = by->now, .who = by->who, .what = "issue.free", .detail = detail };
	return st == OK ? audit_add(s, &row, e) : st;
}

/* What Postfix has can't be called back: it is counted to its end. */
enum status issue_cancel(struct store *s, struct issue *i, const struct issue_by *by, struct err *e)
{
	enum status st = OK;
	if (i->state == ISSUE_DONE || i->state == ISSUE_CANCELLED || i->told & ISSUE_CANCELLING)
		return not_now(i, "中止", e);
	i->why = "担当者による中止";
	if (!i->started_at) {
		i->state = ISSUE_CANCELLED;
		i->ended_at = by->now;
	} else {
		i->state = ISSUE_SENDING;
		i->told |= ISSUE_CANCELLING;
		st = ledger_cancel(s, i->id, RCPT_SUPPRESSED, "中止", by->now, e);
	}
	return st == OK ? changed(s, i, "issue.cancel", by, e) : st;
}
