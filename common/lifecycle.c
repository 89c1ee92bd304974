#include "common/lifecycle.h"

#include <string.h>

#define SECONDS_A_DAY	86400

static void
destroy_token(struct akita_account *a)
{
	if (!a->has_token)
		return;
	akita_token_wipe(&a->token);
	a->has_token = false;
	a->slot.spent = 0;
	a->changed |= AKITA_CHANGED_TOKEN;
}

static void
destroy_waiting(struct akita_account *a)
{
	if (!a->has_waiting)
		return;
	akita_token_wipe(&a->waiting);
	a->has_waiting = false;
	a->slot.wrong_passwords = 0;
	a->changed |= AKITA_CHANGED_WAITING;
}

/* Nothing is remembered of codes and passwords that were tried. */
static void
clear_counters(struct akita_slot *slot)
{
	slot->failures = 0;
	slot->wrong_passwords = 0;
	slot->drift = 0;
	slot->last_side = 0;
	slot->last_step = -1;
	slot->spent = 0;
	memset(slot->grace, 0, sizeof(slot->grace));
}

/* Put the account into a state which none of the earlier ones reaches into. */
static void
enter(struct akita_slot *slot, enum akita_state state)
{
	slot->state = state;
	slot->reason = AKITA_REASON_NONE;
	slot->suspended_from = AKITA_STATE_UNREGISTERED;
	slot->locked_from = AKITA_STATE_UNREGISTERED;
	slot->locked_reason = AKITA_REASON_NONE;
	slot->activated_at = 0;
	slot->locked_at = 0;
	slot->suspended_at = 0;
	slot->released_at = 0;
	slot->last_used_at = 0;
}

static enum akita_rc
lacking(struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("The change lacks "
	    "something that it needs: a mail address, a user ID, a key or a "
	    "password."),
	    NULL);
}

/* Take over a new user ID: where there is none, or the service was released
 * (a user ID never serves again). */
static enum akita_rc
take_user_id(struct akita_account *a, const struct akita_event *event,
    enum akita_state before, struct akita_why *why)
{
	uint32_t id = event->identity != NULL ? event->identity->user_id : 0;

	if (a->identity.user_id != 0 && before != AKITA_STATE_RELEASED)
		return AKITA_OK;
	if (id == 0 || id == a->identity.user_id)
		return lacking(why);
	a->identity.user_id = id;
	a->changed |= AKITA_CHANGED_IDENTITY;
	return AKITA_OK;
}

static enum akita_rc
apply_register(struct akita_account *a, const struct akita_event *event,
    enum akita_state before, int64_t now_s, struct akita_why *why)
{
	const struct akita_identity *given = event->identity;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if (given == NULL || given->mail[0] == '\0')
		return lacking(why);
	if ((rc = take_user_id(a, event, before, why)) != AKITA_OK)
		return rc;
	memcpy(a->identity.name, given->name, sizeof(a->identity.name));
	memcpy(a->identity.branch, given->branch, sizeof(a->identity.branch));
	memcpy(a->identity.form, given->form, sizeof(a->identity.form));
	memcpy(a->identity.mail, given->mail, sizeof(a->identity.mail));
	memset(a->identity.device_mail, 0, sizeof(a->identity.device_mail));
	a->identity.registered_at = now_s;
	a->changed |= AKITA_CHANGED_IDENTITY;
	destroy_token(a);
	destroy_waiting(a);
	clear_counters(&a->slot);
	enter(&a->slot, AKITA_STATE_REGISTERED);
	a->slot.flags &= ~AKITA_FLAG_WAS_ACTIVE;
	return AKITA_OK;
}

/* The token of an issue: what staff gave, and number and times. */
static enum akita_rc
new_token(const struct akita_account *a, const struct akita_event *event,
    const struct akita_policy *policy, int64_t now_s,
    struct akita_token *ret_token, struct akita_why *why)
{
	if (event->token == NULL ||
	    (policy->password_required && !event->token->has_password))
		return lacking(why);
	if (a->slot.generation == UINT32_MAX)
		return akita_fail(why, AKITA_ERR_REFUSED, AKITA_N("No more "
		    "tokens can be issued to this account: it had 4294967295."),
		    NULL);
	*ret_token = *event->token;
	ret_token->generation = a->slot.generation + 1;
	ret_token->issued_at = now_s;
	ret_token->expires_at = now_s +
	    (int64_t)policy->issue_valid_days * SECONDS_A_DAY;
	ret_token->recovery_count = 0;
	memset(ret_token->recovery_hash, 0, sizeof(ret_token->recovery_hash));
	return akita_token_check(ret_token, why);
}

static void
take_device_mail(struct akita_account *a, const struct akita_event *event)
{
	if (event->identity == NULL || event->identity->device_mail[0] == '\0')
		return;
	memcpy(a->identity.device_mail, event->identity->device_mail,
	    sizeof(a->identity.device_mail));
	a->changed |= AKITA_CHANGED_IDENTITY;
}

static enum akita_rc
apply_issue(struct akita_account *a, const struct akita_event *event,
    const struct akita_policy *policy, enum akita_state before, int64_t now_s,
    struct akita_why *why)
{
	struct akita_token token AKITA_TOKEN_AUTO = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = new_token(a, event, policy, now_s, &token, why)) != AKITA_OK)
		return rc;
	if ((rc = take_user_id(a, event, before, why)) != AKITA_OK)
		return rc;
	take_device_mail(a, event);
	destroy_token(a);
	destroy_waiting(a);
	clear_counters(&a->slot);
	enter(&a->slot, AKITA_STATE_ISSUED);
	a->slot.generation = token.generation;
	a->token = token;
	a->has_token = true;
	a->changed |= AKITA_CHANGED_TOKEN;
	return AKITA_OK;
}

static enum akita_rc
apply_replace(struct akita_account *a, const struct akita_event *event,
    const struct akita_policy *policy, int64_t now_s, struct akita_why *why)
{
	struct akita_token token AKITA_TOKEN_AUTO = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	if ((rc = new_token(a, event, policy, now_s, &token, why)) != AKITA_OK)
		return rc;
	take_device_mail(a, event);
	a->waiting = token;
	a->has_waiting = true;
	a->slot.wrong_passwords = 0;
	a->changed |= AKITA_CHANGED_WAITING;
	return AKITA_OK;
}

static void
apply_suspend(struct akita_account *a, const struct akita_event *event,
    int64_t now_s)
{
	struct akita_slot *slot = &a->slot;

	if (slot->state != AKITA_STATE_SUSPENDED) {
		slot->suspended_from = slot->state;
		slot->state = AKITA_STATE_SUSPENDED;
		slot->suspended_at = now_s;
	}
	slot->reason = event->reason;
	memset(slot->grace, 0, sizeof(slot->grace));
	destroy_waiting(a);
	if (event->reason == AKITA_REASON_STOLEN)
		destroy_token(a);
}

static enum akita_rc
apply_unlock(struct akita_account *a)
{
	struct akita_slot *slot = &a->slot;
	enum akita_state from = slot->state == AKITA_STATE_SUSPENDED ?
	    slot->suspended_from : slot->state;

	if (from == AKITA_STATE_LOCKED) {
		slot->state = slot->locked_from;
		slot->reason = slot->locked_reason;
	} else {
		slot->state = from;
		slot->reason = AKITA_REASON_NONE;
	}
	slot->suspended_from = AKITA_STATE_UNREGISTERED;
	slot->locked_from = AKITA_STATE_UNREGISTERED;
	slot->locked_reason = AKITA_REASON_NONE;
	slot->suspended_at = 0;
	slot->locked_at = 0;
	slot->failures = 0;
	/* Only these can be suspended or locked with a token kept. */
	return a->has_token && (slot->state == AKITA_STATE_ISSUED ||
	    slot->state == AKITA_STATE_ACTIVE) ? AKITA_OK :
	    AKITA_ERR_INTERNAL;
}

static void
apply_release(struct akita_account *a, int64_t now_s)
{
	destroy_token(a);
	destroy_waiting(a);
	clear_counters(&a->slot);
	enter(&a->slot, AKITA_STATE_RELEASED);
	a->slot.released_at = now_s;
	a->slot.flags &= ~AKITA_FLAG_WAS_ACTIVE;
}

static enum akita_rc
apply_recovery(struct akita_account *a, const struct akita_event *event,
    struct akita_why *why)
{
	if (event->token == NULL || event->token->recovery_count == 0 ||
	    event->token->recovery_count > AKITA_RECOVERY_MAX || !a->has_token)
		return lacking(why);
	a->token.recovery_count = event->token->recovery_count;
	memset(a->token.recovery_hash, 0, sizeof(a->token.recovery_hash));
	memcpy(a->token.recovery_hash, event->token->recovery_hash,
	    event->token->recovery_count *
	    sizeof(event->token->recovery_hash[0]));
	a->slot.spent = 0;
	a->changed |= AKITA_CHANGED_TOKEN;
	return AKITA_OK;
}

static enum akita_rc
apply(struct akita_account *a, const struct akita_event *event,
    const struct akita_policy *policy, int64_t now_s, struct akita_why *why)
{
	enum akita_state before = a->slot.state;

	switch (event->kind) {
	case AKITA_EVENT_REGISTER:
		return apply_register(a, event, before, now_s, why);
	case AKITA_EVENT_ISSUE:
		return apply_issue(a, event, policy, before, now_s, why);
	case AKITA_EVENT_REPLACE:
		return apply_replace(a, event, policy, now_s, why);
	case AKITA_EVENT_SUSPEND:
		apply_suspend(a, event, now_s);
		return AKITA_OK;
	case AKITA_EVENT_UNLOCK:
		return apply_unlock(a);
	case AKITA_EVENT_RELEASE:
		apply_release(a, now_s);
		return AKITA_OK;
	case AKITA_EVENT_RECOVERY:
		return apply_recovery(a, event, why);
	case AKITA_EVENT_ACTIVATE:
	case AKITA_EVENT_RESYNC:
		return AKITA_OK;	/* decide.h does the rest */
	default:
		return AKITA_ERR_INTERNAL;
	}
}

enum akita_rc
akita_lifecycle_apply(const struct akita_account *before,
    const struct akita_event *event, const struct akita_policy *policy,
    int64_t now_s, struct akita_account *ret_after, struct akita_why *why)
{
	struct akita_account after AKITA_ACCOUNT_AUTO = *before;
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	rc = akita_lifecycle_check(before, event, policy, now_s, why);
	if (rc != AKITA_OK)
		return rc;
	after.changed = 0;
	/* A replacement that was never started is gone with this change. */
	if (after.has_waiting && !akita_waiting_at(&after, now_s))
		destroy_waiting(&after);
	if ((rc = apply(&after, event, policy, now_s, why)) == AKITA_OK)
		*ret_after = after;
	return rc;
}
