#include "common/decide.h"

#include <string.h>

#include "common/decide_scan.h"

void
akita_decision_wipe(struct akita_decision *d)
{
	if (d != NULL)
		akita_wipe(d, sizeof(*d));
}

static void
decision_init(struct akita_decision *d, const struct akita_account *account)
{
	memset(d, 0, sizeof(*d));
	d->verdict = AKITA_VERDICT_DENY;
	d->after = *account;
	d->after.changed = 0;
}

static void
refuse(struct akita_decision *d, enum akita_cause cause)
{
	d->verdict = AKITA_VERDICT_DENY;
	d->cause = cause;
}

static enum akita_cause
cause_of(enum akita_state state)
{
	switch (state) {
	case AKITA_STATE_LOCKED:
		return AKITA_CAUSE_LOCKED;
	case AKITA_STATE_SUSPENDED:
		return AKITA_CAUSE_SUSPENDED;
	case AKITA_STATE_EXPIRED:
		return AKITA_CAUSE_EXPIRED;
	default:
		return AKITA_CAUSE_NOT_ACTIVE;
	}
}

static void
notice(struct akita_slot *slot, uint16_t bit, int64_t now_s)
{
	slot->notices = (uint16_t)(slot->notices | bit);
	slot->notice_at = now_s;
}

/* A wrong code: counted, and at the limit the account is locked. */
static void
miss(struct akita_decision *d, const struct akita_policy *policy, int64_t now_s)
{
	struct akita_slot *slot = &d->after.slot;

	refuse(d, AKITA_CAUSE_WRONG);
	if (slot->failures < UINT16_MAX)
		slot->failures++;
	d->counted = true;
	if (slot->failures < policy->max_failures)
		return;
	slot->locked_from = slot->state;
	slot->locked_reason = slot->reason;
	slot->state = AKITA_STATE_LOCKED;
	slot->reason = AKITA_REASON_FAILURES;
	slot->locked_at = now_s;
	memset(slot->grace, 0, sizeof(slot->grace));
	notice(slot, AKITA_NOTICE_LOCKED, now_s);
	d->locked_now = true;
}

/* What every right code does. */
static void
accept(struct akita_decision *d, int64_t now_s)
{
	d->verdict = AKITA_VERDICT_ACCEPT;
	d->cause = AKITA_CAUSE_OK;
	d->after.slot.failures = 0;
	d->after.slot.last_used_at = now_s;
}

/*
 * Drift follows the customer's clock by one step only after two hits in a row
 * off on the same side: a single late or early code, or one that somebody saw
 * and used late, moves nothing.  Beyond max_drift (resync may go there) it
 * only ever comes back.
 */
static void
follow_drift(struct akita_slot *slot, int offset,
    const struct akita_policy *policy)
{
	int side = (offset > 0) - (offset < 0);
	int limit = (int)policy->max_drift;
	int moved = slot->drift + side;

	bool is_within = moved >= -limit && moved <= limit;
	bool is_return = side > 0 ? slot->drift < 0 : slot->drift > 0;

	if (side != 0 && side == slot->last_side && (is_within || is_return) &&
	    moved >= INT8_MIN && moved <= INT8_MAX)
		slot->drift = (int8_t)moved;
	slot->last_side = (int8_t)side;
}

static void
accept_step(struct akita_decision *d, const struct akita_scan *scan,
    const struct akita_policy *policy, int64_t now_s)
{
	struct akita_slot *slot = &d->after.slot;

	accept(d, now_s);
	d->offset = scan->offset;
	slot->last_step = scan->step;
	if (d->after.token.type == AKITA_TOTP)
		follow_drift(slot, scan->offset, policy);
	else
		slot->last_side = 0;
}

/* Compare with every hash of the token, those not in use too. */
static void
judge_recovery(struct akita_decision *d, const struct akita_policy *policy,
    const struct akita_code *code, int64_t now_s)
{
	const struct akita_token *token = &d->after.token;
	uint32_t equal = 0;
	unsigned int i;

	for (i = 0; i < AKITA_RECOVERY_MAX; i++)
		equal |= (uint32_t)(akita_equal(token->recovery_hash[i],
		    code->recovery_hash, AKITA_RECOVERY_HASH) &
		    (i < token->recovery_count)) << i;
	if (equal == 0) {
		miss(d, policy, now_s);
	} else if ((equal & d->after.slot.spent) != 0) {
		refuse(d, AKITA_CAUSE_REPLAY);
	} else {
		accept(d, now_s);
		d->by_recovery = true;
		d->after.slot.spent |= equal;
		d->after.slot.last_side = 0;
	}
}

static void
judge_login(struct akita_decision *d, const struct akita_policy *policy,
    const struct akita_code *code, int64_t now_s, const struct akita_scan *scan,
    const struct akita_scan *waiting)
{
	enum akita_state state = akita_state_at(&d->after, now_s);

	if (code->shape == AKITA_SHAPE_MALFORMED ||
	    (code->shape == AKITA_SHAPE_DIGITS && d->after.has_token &&
	    code->digits != d->after.token.digits))
		refuse(d, AKITA_CAUSE_MALFORMED);
	else if (state != AKITA_STATE_ACTIVE || !d->after.has_token)
		refuse(d, cause_of(state));
	else if (code->shape == AKITA_SHAPE_RECOVERY)
		judge_recovery(d, policy, code, now_s);
	else if (scan->clock)
		refuse(d, AKITA_CAUSE_CLOCK);
	else if (scan->replay)
		refuse(d, AKITA_CAUSE_REPLAY);
	else if (scan->hit)
		accept_step(d, scan, policy, now_s);
	else if (waiting->hit && akita_waiting_at(&d->after, now_s))
		refuse(d, AKITA_CAUSE_NOT_ACTIVE);
	else
		miss(d, policy, now_s);
}

enum akita_rc
akita_decide_login(struct akita_crypto *crypto,
    const struct akita_account *account, const struct akita_policy *policy,
    const struct akita_code *code, int64_t now_s, struct akita_decision *ret)
{
	struct akita_token AKITA_TOKEN_AUTO dummy = { 0 };
	struct akita_scan_view view, other;
	struct akita_scan scan, waiting;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	decision_init(ret, account);
	akita_scan_dummy(account->has_token ? &account->token : NULL, &dummy);
	view.token = account->has_token ? &account->token : &dummy;
	view.drift = account->slot.drift;
	view.last_step = account->slot.last_step;
	other.token = account->has_waiting ? &account->waiting : &dummy;
	other.drift = 0;
	other.last_step = -1;
	rc = akita_scan(crypto, &view, policy, code, now_s, &scan);
	if (rc == AKITA_OK)
		rc = akita_scan(crypto, &other, policy, code, now_s, &waiting);
	if (rc == AKITA_OK)
		judge_login(ret, policy, code, now_s, &scan, &waiting);
	else
		akita_decision_wipe(ret);
	return rc;
}

/* ---- start of use ---- */

/* The token that waits for its start: the issued one, the replacement, or
 * none (NULL). */
static const struct akita_token *
startable_token(const struct akita_account *account, int64_t now_s,
    bool *ret_is_waiting)
{
	enum akita_state state = akita_state_at(account, now_s);

	*ret_is_waiting = false;
	if (state == AKITA_STATE_ISSUED && account->has_token)
		return &account->token;
	if (state != AKITA_STATE_ACTIVE || !akita_waiting_at(account, now_s))
		return NULL;
	*ret_is_waiting = true;
	return &account->waiting;
}

/* The same work as a login's: one token's steps and another's. */
static enum akita_rc
scan_startable(struct akita_crypto *crypto, const struct akita_token *token,
    const struct akita_policy *policy, const struct akita_code *code,
    int64_t now_s, struct akita_scan *ret_scan)
{
	struct akita_token AKITA_TOKEN_AUTO dummy = { 0 };
	struct akita_scan_view view = { .last_step = -1 };
	struct akita_scan unused;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	akita_scan_dummy(token, &dummy);
	view.token = token != NULL ? token : &dummy;
	rc = akita_scan(crypto, &view, policy, code, now_s, ret_scan);
	view.token = &dummy;
	if (rc == AKITA_OK)
		rc = akita_scan(crypto, &view, policy, code, now_s, &unused);
	return rc;
}

enum akita_rc
akita_decide_startable(struct akita_crypto *crypto,
    const struct akita_account *account, const struct akita_policy *policy,
    const struct akita_code *code, int64_t now_s, bool for_login,
    bool *ret_startable)
{
	const struct akita_token *token;
	struct akita_scan scan = { .hit = false };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	bool is_waiting = false;

	token = startable_token(account, now_s, &is_waiting);
	if (for_login && is_waiting)
		token = NULL;
	rc = scan_startable(crypto, token, policy, code, now_s, &scan);
	if (rc == AKITA_OK)
		*ret_startable = token != NULL && scan.hit;
	return rc;
}

/* A wrong activation password: at the limit the issue is burnt. */
static void
wrong_password(struct akita_decision *d, const struct akita_policy *policy,
    bool is_waiting, int64_t now_s)
{
	struct akita_account *a = &d->after;

	refuse(d, AKITA_CAUSE_PASSWORD);
	if (a->slot.wrong_passwords < UINT8_MAX)
		a->slot.wrong_passwords++;
	if (a->slot.wrong_passwords < policy->max_wrong_passwords)
		return;
	d->cause = AKITA_CAUSE_BURNT;
	a->slot.wrong_passwords = 0;
	notice(&a->slot, AKITA_NOTICE_BURNT, now_s);
	if (is_waiting) {
		akita_token_wipe(&a->waiting);
		a->has_waiting = false;
		a->changed |= AKITA_CHANGED_WAITING;
		return;
	}
	akita_token_wipe(&a->token);
	a->has_token = false;
	a->changed |= AKITA_CHANGED_TOKEN;
	a->slot.state = AKITA_STATE_REGISTERED;
	a->slot.reason = AKITA_REASON_BURNT;
	a->slot.failures = 0;
}

/* The waiting token takes the place of the one in use, with nothing left of
 * that one. */
static void
promote(struct akita_account *a)
{
	a->token = a->waiting;
	akita_token_wipe(&a->waiting);
	a->has_waiting = false;
	a->slot.generation = a->token.generation;
	a->slot.spent = 0;
	memset(a->slot.grace, 0, sizeof(a->slot.grace));
	a->changed |= AKITA_CHANGED_PROMOTED;
}

static void
start(struct akita_decision *d, const struct akita_scan *scan, bool is_waiting,
    int64_t now_s)
{
	struct akita_slot *slot = &d->after.slot;

	accept(d, now_s);
	d->started = true;
	d->offset = scan->offset;
	if (is_waiting)
		promote(&d->after);
	slot->state = AKITA_STATE_ACTIVE;
	slot->reason = AKITA_REASON_NONE;
	slot->flags |= AKITA_FLAG_WAS_ACTIVE;
	slot->drift = 0;
	slot->last_side = 0;
	slot->last_step = scan->step;
	slot->activated_at = now_s;
	notice(slot, AKITA_NOTICE_ACTIVATED, now_s);
}

/* No password, though one is wanted, never starts a token: a right code is
 * then CAUSE_PASSWORD without being counted or spent. */
enum akita_rc
akita_decide_start(struct akita_crypto *crypto,
    const struct akita_account *account, const struct akita_policy *policy,
    const uint8_t *password_hash, const struct akita_code *code,
    int64_t now_s, struct akita_decision *ret)
{
	const struct akita_token *token;
	struct akita_scan scan = { .hit = false };
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	bool is_waiting = false, is_wanted;

	decision_init(ret, account);
	token = startable_token(account, now_s, &is_waiting);
	rc = scan_startable(crypto, token, policy, code, now_s, &scan);
	if (rc != AKITA_OK) {
		akita_decision_wipe(ret);
		return rc;
	}
	if (token == NULL) {
		refuse(ret, cause_of(akita_state_at(account, now_s)));
		return AKITA_OK;
	}
	is_wanted = policy->password_required && token->has_password;
	if (is_wanted && password_hash != NULL && !akita_equal(password_hash,
	    token->password_hash, AKITA_PASSWORD_HASH)) {
		wrong_password(ret, policy, is_waiting, now_s);
		return AKITA_OK;
	}
	if (is_wanted && password_hash != NULL)
		ret->after.slot.wrong_passwords = 0;
	if (code->shape == AKITA_SHAPE_MALFORMED)
		refuse(ret, AKITA_CAUSE_MALFORMED);
	else if (!scan.hit)
		miss(ret, policy, now_s);
	else if (is_wanted && password_hash == NULL)
		refuse(ret, AKITA_CAUSE_PASSWORD);
	else
		start(ret, &scan, is_waiting, now_s);
	return AKITA_OK;
}
