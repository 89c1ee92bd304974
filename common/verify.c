#include "common/verify.h"

#include <string.h>

#define ANSWER_AGE_MAX	120	/* seconds between an answer and its judging */

/* ---- grace ---- */

static const struct akita_grace *
find_grace(const struct akita_slot *slot,
    const uint8_t hash[AKITA_GRACE_HASH])
{
	const struct akita_grace *found = NULL;
	size_t i;

	for (i = 0; i < AKITA_GRACE_ENTRIES; i++)
		if (slot->grace[i].at != 0 &&
		    akita_equal(slot->grace[i].hash, hash, AKITA_GRACE_HASH))
			found = &slot->grace[i];
	return found;
}

/* Remember the service and source of a success, in the place of the same, or
 * of the oldest. */
static enum akita_rc
grant_grace(struct akita_site *site, const struct akita_txn *txn,
    const struct akita_attempt *attempt, int64_t now_s,
    struct akita_slot *slot)
{
	uint8_t hash[AKITA_GRACE_HASH];
	size_t i, into = 0;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (attempt->grace_s == 0 || attempt->service == NULL ||
	    attempt->source == NULL || attempt->source[0] == '\0')
		return AKITA_OK;
	rc = akita_seal_grace_hash(site->crypto, akita_txn_keys(txn),
	    attempt->user, attempt->service, attempt->source, hash);
	if (rc != AKITA_OK)
		return rc;
	for (i = 0; i < AKITA_GRACE_ENTRIES; i++) {
		if (akita_equal(slot->grace[i].hash, hash, sizeof(hash))) {
			into = i;
			break;
		}
		if (slot->grace[i].at < slot->grace[into].at)
			into = i;
	}
	memcpy(slot->grace[into].hash, hash, sizeof(hash));
	slot->grace[into].at = now_s;
	return AKITA_OK;
}

/* ---- before the prompt ---- */

enum akita_rc
akita_verify_peek(struct akita_site *site, const char *user,
    const char *service, const char *source, struct akita_peek *ret_peek,
    struct akita_why *why)
{
	int64_t now_s = site->clock->now_s(site->clock->ctx);
	const struct akita_account *a;
	const struct akita_grace *grace = NULL;
	struct akita_peek peek = { .last_grace_at = 0 };
	uint8_t hash[AKITA_GRACE_HASH];
	struct akita_txn *txn = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_txn_begin(site->store, user, AKITA_TXN_PEEK, &txn, why);
	if (rc != AKITA_OK)
		return rc;
	a = akita_txn_account(txn);
	peek.state = akita_state_at(a, now_s);
	peek.reason = a->slot.reason;
	peek.was_active = (a->slot.flags & AKITA_FLAG_WAS_ACTIVE) != 0;
	peek.burnt = a->slot.reason == AKITA_REASON_BURNT;
	peek.has_waiting = akita_waiting_at(a, now_s);
	peek.failures = a->slot.failures;
	peek.digits = a->has_token ? a->token.digits : site->settings->digits;
	if (service != NULL && source != NULL && source[0] != '\0') {
		rc = akita_seal_grace_hash(site->crypto, akita_txn_keys(txn),
		    user, service, source, hash);
		if (rc == AKITA_OK)
			grace = find_grace(&a->slot, hash);
	}
	if (rc == AKITA_OK) {
		peek.last_grace_at = grace != NULL ? grace->at : 0;
		*ret_peek = peek;
	}
	akita_txn_end(&txn);
	return rc;
}

/* ---- the decision ---- */

/* When the code was given, if that is known and not long ago. */
static int64_t
judged_at(const struct akita_attempt *attempt, int64_t now_s)
{
	if (attempt->answered_at > 0 && attempt->answered_at <= now_s &&
	    now_s - attempt->answered_at <= ANSWER_AGE_MAX)
		return attempt->answered_at;
	return now_s;
}

/* Start of use in a login.  An activation password that is none ends the try
 * before anything is judged. */
static enum akita_rc
decide_start(struct akita_site *site, const struct akita_txn *txn,
    const struct akita_attempt *attempt, const struct akita_code *code,
    int64_t at_s, struct akita_decision *ret)
{
	const struct akita_account *account = akita_txn_account(txn);
	struct akita_answer AKITA_ANSWER_AUTO password = { .len = 0 };
	uint8_t hash[AKITA_PASSWORD_HASH];
	const uint8_t *given = NULL;
	enum akita_rc rc = AKITA_OK;

	if (attempt->password != NULL) {
		if (!akita_password_parse(attempt->password, &password)) {
			ret->after = *account;
			ret->after.changed = 0;
			ret->cause = AKITA_CAUSE_MALFORMED;
			return AKITA_OK;
		}
		rc = akita_seal_password_hash(site->crypto,
		    akita_txn_keys(txn), attempt->user, password.text, hash);
		given = hash;
	}
	if (rc == AKITA_OK)
		rc = akita_decide_start(site->crypto, account, &site->policy,
		    given, code, at_s, ret);
	AKITA_WIPE_OBJECT(hash);
	return rc;
}

static enum akita_rc
decide(struct akita_site *site, const struct akita_txn *txn,
    const struct akita_attempt *attempt, int64_t now_s,
    struct akita_decision *ret)
{
	const struct akita_account *account = akita_txn_account(txn);
	struct akita_code AKITA_CODE_AUTO code = { .value = 0 };
	int64_t at_s = judged_at(attempt, now_s);
	enum akita_rc rc = AKITA_OK;

	akita_code_parse(attempt->answer, &code);
	if (code.shape == AKITA_SHAPE_RECOVERY)
		rc = akita_seal_recovery_hash(site->crypto,
		    akita_txn_keys(txn), attempt->user, code.recovery,
		    code.recovery_hash);
	if (rc != AKITA_OK)
		return rc;
	if (attempt->start_of_use &&
	    akita_state_at(account, at_s) == AKITA_STATE_ISSUED)
		return decide_start(site, txn, attempt, &code, at_s, ret);
	return akita_decide_login(site->crypto, account, &site->policy, &code,
	    at_s, ret);
}

static void
tell(const struct akita_attempt *attempt, const struct akita_decision *d,
    const struct akita_account *account, int64_t now_s,
    struct akita_outcome *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->cause = d->cause;
	ret->known = account->slot.state != AKITA_STATE_UNREGISTERED;
	if (attempt->decoy) {
		/* What would have been right is not told apart. */
		if (d->cause == AKITA_CAUSE_OK ||
		    d->cause == AKITA_CAUSE_PASSWORD)
			ret->cause = AKITA_CAUSE_WRONG;
		ret->state = akita_state_at(account, now_s);
		ret->failures = account->slot.failures;
		return;
	}
	ret->verdict = d->verdict;
	ret->state = akita_state_at(&d->after, now_s);
	ret->failures = d->after.slot.failures;
	ret->locked_now = d->locked_now;
	ret->started = d->started;
	ret->by_recovery = d->by_recovery;
}

/* The one commit of every outcome: of the account, or, where there is none or
 * nothing may count, the same work on the decoy record. */
static enum akita_rc
commit(struct akita_site *site, struct akita_txn *txn,
    const struct akita_attempt *attempt, int64_t now_s,
    struct akita_decision *d, struct akita_why *why)
{
	enum akita_rc rc = AKITA_OK;

	if (attempt->decoy || akita_txn_account(txn)->slot.state ==
	    AKITA_STATE_UNREGISTERED)
		return akita_txn_commit_decoy(txn, why);
	if (d->verdict == AKITA_VERDICT_ACCEPT)
		rc = grant_grace(site, txn, attempt, now_s, &d->after.slot);
	if (rc == AKITA_OK)
		rc = akita_txn_commit(txn, &d->after, NULL, why);
	return rc;
}

/* The code is right for a token that waits for its start, and the activation
 * password has not been asked for yet. */
static bool
must_ask(const struct akita_attempt *attempt, const struct akita_decision *d)
{
	return !attempt->decoy && attempt->password == NULL &&
	    d->cause == AKITA_CAUSE_PASSWORD;
}

enum akita_rc
akita_verify_attempt(struct akita_site *site,
    const struct akita_attempt *attempt, struct akita_outcome *ret_outcome,
    struct akita_why *why)
{
	struct akita_decision AKITA_DECISION_AUTO d = { .offset = 0 };
	struct akita_outcome outcome = { .verdict = AKITA_VERDICT_DENY };
	struct akita_txn *txn = NULL;
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int64_t now_s;

	memset(ret_outcome, 0, sizeof(*ret_outcome));
	rc = akita_txn_begin(site->store, attempt->user, AKITA_TXN_CHANGE,
	    &txn, why);
	if (rc != AKITA_OK)
		return rc;
	now_s = site->clock->now_s(site->clock->ctx);	/* after the wait */
	if ((rc = decide(site, txn, attempt, now_s, &d)) != AKITA_OK)
		goto out;
	tell(attempt, &d, akita_txn_account(txn), now_s, &outcome);
	if (must_ask(attempt, &d))
		outcome.ask_password = true;
	else
		rc = commit(site, txn, attempt, now_s, &d, why);
	if (rc == AKITA_OK)
		*ret_outcome = outcome;
out:
	akita_txn_end(&txn);
	return rc;
}
