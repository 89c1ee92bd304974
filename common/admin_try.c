/* Codes judged at the counter: start of use and resync. */
#include "common/admin_int.h"

#include <string.h>

/* A decision as the audit log has it; false: nothing for it. */
static bool
deed_of(const struct akita_decision *d, struct akita_deed *deed)
{
	if (d->started)
		deed->event = "activate";
	else if (d->locked_now)
		deed->event = "lock";
	else if (d->cause == AKITA_CAUSE_BURNT)
		deed->event = "burn";
	else
		return false;
	if (d->locked_now)
		deed->reason = "failures";
	if (d->cause == AKITA_CAUSE_BURNT)
		deed->reason = "burnt";
	return true;
}

/*
 * With its audit record and mails, or, if log or outbox cannot be written, like
 * a login: a full disk must not keep a lock from falling.  The next settle then
 * comes back to the notice.
 */
static enum akita_rc
commit_deed(struct akita_site *site, struct akita_txn *txn,
    const struct akita_deed *deed, const struct akita_account *after,
    struct akita_why *why)
{
	struct akita_account AKITA_ACCOUNT_AUTO told = *after;
	struct akita_companions *companions = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	/* No notice of what is recorded here and now. */
	told.slot.notices = deed->before->slot.notices;
	told.slot.notice_at = deed->before->slot.notice_at;
	rc = akita_companions_make(site, deed, &companions, why);
	if (rc == AKITA_OK)
		rc = akita_admin_commit(site, txn, &told, companions, why);
	if (rc == AKITA_ERR_LOG || rc == AKITA_ERR_IO)
		rc = akita_txn_commit(txn, after, NULL, why);
	akita_companions_free(&companions);
	return rc;
}

static enum akita_rc
commit_decision(struct akita_site *site, struct akita_txn *txn,
    const struct akita_request *req, int64_t now_s,
    const struct akita_decision *d, struct akita_why *why)
{
	const struct akita_account *before = akita_txn_account(txn);
	struct akita_deed deed = {
		.actor = req->actor,
		.at_s = now_s,
		.before = before,
		.after = &d->after,
		.from = akita_state_name(akita_state_at(before, now_s)),
		.to = akita_state_name(akita_state_at(&d->after, now_s)),
		.form = req->form,
		.note = req->note,
	};

	if (!deed_of(d, &deed))
		return akita_txn_commit(txn, &d->after, NULL, why);
	return commit_deed(site, txn, &deed, &d->after, why);
}

/* What came of a try, for the log. */
static void
tell(const struct akita_site *site, const struct akita_request *req,
    const char *event, const struct akita_decision *d)
{
	akita_admin_tell(site, req->actor, event, &d->after,
	    d->verdict == AKITA_VERDICT_ACCEPT ? "accepted" : "rejected",
	    akita_cause_name(d->cause));
	if (d->locked_now)
		akita_admin_tell(site, req->actor, "lock", &d->after, "ok",
		    "failures");
}

/* May it be tried now? */
static enum akita_rc
begin_try(struct akita_site *site, const struct akita_request *req,
    enum akita_event_kind kind, struct akita_txn **ret_txn, int64_t *ret_now_s,
    struct akita_why *why)
{
	struct akita_event event = { .kind = kind, .form = req->form };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_txn_begin(site->store, req->user, AKITA_TXN_CHANGE, ret_txn,
	    why);
	if (rc != AKITA_OK)
		return rc;
	*ret_now_s = akita_admin_now(site);
	rc = akita_lifecycle_check(akita_txn_account(*ret_txn), &event,
	    &site->policy, *ret_now_s, why);
	if (rc != AKITA_OK)
		akita_txn_end(ret_txn);
	return rc;
}

static enum akita_rc
judge_start(struct akita_site *site, const struct akita_txn *txn,
    const struct akita_request *req, const char *password,
    const struct akita_code *code, int64_t now_s, struct akita_decision *ret)
{
	const struct akita_account *account = akita_txn_account(txn);
	struct akita_answer AKITA_ANSWER_AUTO plain = { .len = 0 };
	uint8_t hash[AKITA_PASSWORD_HASH];
	const uint8_t *given = NULL;
	enum akita_rc rc = AKITA_OK;

	if (password != NULL) {
		if (!akita_password_parse(password, &plain)) {
			/* No try: the code is not looked at. */
			ret->after = *account;
			ret->after.changed = 0;
			ret->cause = AKITA_CAUSE_MALFORMED;
			return AKITA_OK;
		}
		rc = akita_seal_password_hash(site->crypto,
		    akita_txn_keys(txn), req->user, plain.text, hash);
		given = hash;
	}
	if (rc == AKITA_OK)
		rc = akita_decide_start(site->crypto, account, &site->policy,
		    given, code, now_s, ret);
	AKITA_WIPE_OBJECT(hash);
	return rc;
}

enum akita_rc
akita_admin_activate(struct akita_site *site, const struct akita_request *req,
    const char *password, const char *code, struct akita_decision *ret,
    struct akita_diagnosis *ret_diagnosis, struct akita_why *why)
{
	struct akita_code AKITA_CODE_AUTO parsed = { .value = 0 };
	struct akita_diagnosis diagnosis = { .found = false };
	struct akita_decision AKITA_DECISION_AUTO d = { .offset = 0 };
	struct akita_txn *txn = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int64_t now_s = 0;

	memset(ret, 0, sizeof(*ret));
	rc = begin_try(site, req, AKITA_EVENT_ACTIVATE, &txn, &now_s, why);
	if (rc != AKITA_OK)
		return rc;
	akita_code_parse(code, &parsed);
	rc = judge_start(site, txn, req, password, &parsed, now_s, &d);
	if (rc == AKITA_OK && d.cause == AKITA_CAUSE_WRONG &&
	    ret_diagnosis != NULL)
		rc = akita_decide_diagnose(site->crypto,
		    akita_txn_account(txn), &site->policy, &parsed, now_s,
		    &diagnosis);
	if (rc == AKITA_OK)
		rc = commit_decision(site, txn, req, now_s, &d, why);
	if (rc == AKITA_OK) {
		tell(site, req, "activate", &d);
		*ret = d;
		if (ret_diagnosis != NULL)
			*ret_diagnosis = diagnosis;
	}
	akita_txn_end(&txn);
	return rc;
}

/* Every successful resync is recorded: it moves what a login goes by. */
static enum akita_rc
commit_resync(struct akita_site *site, struct akita_txn *txn,
    const struct akita_request *req, bool clock_was_wrong, int64_t now_s,
    const struct akita_decision *d, struct akita_why *why)
{
	const struct akita_account *before = akita_txn_account(txn);
	struct akita_companions *companions = NULL;
	struct akita_deed deed = {
		.event = "resync",
		.actor = req->actor,
		.at_s = now_s,
		.before = before,
		.after = &d->after,
		.from = akita_state_name(akita_state_at(before, now_s)),
		.to = akita_state_name(akita_state_at(&d->after, now_s)),
		.reason = clock_was_wrong ? "clock-was-wrong" : NULL,
		.form = req->form,
		.note = req->note,
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (d->verdict != AKITA_VERDICT_ACCEPT)
		return akita_txn_commit(txn, &d->after, NULL, why);
	rc = akita_companions_make(site, &deed, &companions, why);
	if (rc == AKITA_OK)
		rc = akita_admin_commit(site, txn, &d->after, companions, why);
	akita_companions_free(&companions);
	return rc;
}

enum akita_rc
akita_admin_resync(struct akita_site *site, const struct akita_request *req,
    const char *first, const char *second, bool clock_was_wrong,
    struct akita_decision *ret, struct akita_why *why)
{
	struct akita_code AKITA_CODE_AUTO one = { .value = 0 };
	struct akita_code AKITA_CODE_AUTO two = { .value = 0 };
	struct akita_decision AKITA_DECISION_AUTO d = { .offset = 0 };
	struct akita_txn *txn = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int64_t now_s = 0;

	memset(ret, 0, sizeof(*ret));
	rc = begin_try(site, req, AKITA_EVENT_RESYNC, &txn, &now_s, why);
	if (rc != AKITA_OK)
		return rc;
	akita_code_parse(first, &one);
	akita_code_parse(second, &two);
	rc = akita_decide_resync(site->crypto, akita_txn_account(txn),
	    &site->policy, &one, &two, clock_was_wrong, now_s, &d);
	if (rc == AKITA_OK)
		rc = commit_resync(site, txn, req, clock_was_wrong, now_s, &d,
		    why);
	if (rc == AKITA_OK) {
		tell(site, req, "resync", &d);
		*ret = d;
	}
	akita_txn_end(&txn);
	return rc;
}
