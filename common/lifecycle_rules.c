#include "common/lifecycle.h"

#include <stddef.h>

static const char *const event_names[AKITA_EVENT_KIND_COUNT] = {
	[AKITA_EVENT_REGISTER] = "register",
	[AKITA_EVENT_ISSUE] = "issue",
	[AKITA_EVENT_REPLACE] = "issue --replace",
	[AKITA_EVENT_SUSPEND] = "suspend",
	[AKITA_EVENT_UNLOCK] = "unlock",
	[AKITA_EVENT_RELEASE] = "release",
	[AKITA_EVENT_ACTIVATE] = "activate",
	[AKITA_EVENT_RESYNC] = "resync",
	[AKITA_EVENT_RECOVERY] = "recovery",
};

const char *
akita_event_name(enum akita_event_kind kind)
{
	if ((unsigned int)kind >= AKITA_EVENT_KIND_COUNT)
		return "?";
	return event_names[kind];
}

/* ---- what is allowed: the table of states and events ---- */

static const char no_account[] = AKITA_N("There is no such account: register "
    "it or issue a token first.");

#define REGISTERED_ALREADY \
    AKITA_N("The account is registered: issue a token, or release it.")
#define REGISTERED_NO_TOKEN \
    AKITA_N("The account is registered and has no token: issue one first.")
#define ISSUED_ALREADY \
    AKITA_N("A token is issued and waits for its start of use: activate it, " \
    "issue another, or release the account.")
#define ISSUED_NO_REPLACE \
    AKITA_N("The token waits for its start of use and there is none in use " \
    "to replace: issue another without --replace.")
#define ISSUED_NOT_STARTED \
    AKITA_N("The token is issued and waits for its start of use: activate it " \
    "first.")
#define ACTIVE_ALREADY \
    AKITA_N("The account is in use: possible are issue --replace, suspend " \
    "and release.")
#define ACTIVE_NO_ISSUE \
    AKITA_N("The account is in use: issue --replace for a change of phone, " \
    "or suspend it first.")
#define ACTIVE_NO_UNLOCK \
    AKITA_N("The account is in use, there is nothing to unlock: possible are " \
    "suspend and release.")
#define LOCKED_SUSPEND \
    AKITA_N("The account is locked: suspend it first, then unlock it.")
#define LOCKED_NO_ISSUE \
    AKITA_N("The account is locked: suspend it first, then issue a new token " \
    "or unlock it.")
#define LOCKED_NO_REGISTER \
    AKITA_N("The account is locked and needs no new application: suspend it " \
    "first, then unlock it, or release it.")
#define SUSPENDED_ALREADY \
    AKITA_N("The account is suspended: unlock it, issue a new token, or " \
    "release it.")
#define STOLEN \
    AKITA_N("The account is suspended because the phone was stolen, and its " \
    "token is destroyed: issue a new token, or release the account.")
#define EXPIRED_ISSUE \
    AKITA_N("The issue has expired: issue a new token, or release the account.")
#define RELEASED_ANEW \
    AKITA_N("The service for this account was released: register it or issue " \
    "a token anew.")
#define RELEASED_ALREADY \
    AKITA_N("The service for this account was released already; a new " \
    "application begins with register.")

/* NULL: allowed, as far as the state alone can tell.  A first look; what
 * depends on more than the state is in the conditions below. */
static const char *const refusals[AKITA_EVENT_KIND_COUNT][AKITA_STATE_COUNT] = {
	[AKITA_EVENT_REGISTER] = {
		[AKITA_STATE_REGISTERED] = REGISTERED_ALREADY,
		[AKITA_STATE_ISSUED] = ISSUED_ALREADY,
		[AKITA_STATE_ACTIVE] = ACTIVE_ALREADY,
		[AKITA_STATE_LOCKED] = LOCKED_NO_REGISTER,
		[AKITA_STATE_SUSPENDED] = SUSPENDED_ALREADY,
		[AKITA_STATE_EXPIRED] = EXPIRED_ISSUE,
	},
	[AKITA_EVENT_ISSUE] = {
		[AKITA_STATE_ACTIVE] = ACTIVE_NO_ISSUE,
		[AKITA_STATE_LOCKED] = LOCKED_NO_ISSUE,
	},
	[AKITA_EVENT_REPLACE] = {
		[AKITA_STATE_UNREGISTERED] = no_account,
		[AKITA_STATE_REGISTERED] = REGISTERED_NO_TOKEN,
		[AKITA_STATE_ISSUED] = ISSUED_NO_REPLACE,
		[AKITA_STATE_LOCKED] = LOCKED_NO_ISSUE,
		[AKITA_STATE_SUSPENDED] = SUSPENDED_ALREADY,
		[AKITA_STATE_EXPIRED] = EXPIRED_ISSUE,
		[AKITA_STATE_RELEASED] = RELEASED_ANEW,
	},
	[AKITA_EVENT_SUSPEND] = {
		[AKITA_STATE_UNREGISTERED] = no_account,
		[AKITA_STATE_REGISTERED] = REGISTERED_ALREADY,
		[AKITA_STATE_EXPIRED] = EXPIRED_ISSUE,
		[AKITA_STATE_RELEASED] = RELEASED_ANEW,
	},
	[AKITA_EVENT_UNLOCK] = {
		[AKITA_STATE_UNREGISTERED] = no_account,
		[AKITA_STATE_REGISTERED] = REGISTERED_ALREADY,
		[AKITA_STATE_ISSUED] = ISSUED_ALREADY,
		[AKITA_STATE_ACTIVE] = ACTIVE_NO_UNLOCK,
		[AKITA_STATE_EXPIRED] = EXPIRED_ISSUE,
		[AKITA_STATE_RELEASED] = RELEASED_ANEW,
	},
	[AKITA_EVENT_RELEASE] = {
		[AKITA_STATE_UNREGISTERED] = no_account,
		[AKITA_STATE_RELEASED] = RELEASED_ALREADY,
	},
	[AKITA_EVENT_ACTIVATE] = {
		[AKITA_STATE_UNREGISTERED] = no_account,
		[AKITA_STATE_REGISTERED] = REGISTERED_NO_TOKEN,
		[AKITA_STATE_LOCKED] = LOCKED_SUSPEND,
		[AKITA_STATE_SUSPENDED] = SUSPENDED_ALREADY,
		[AKITA_STATE_EXPIRED] = EXPIRED_ISSUE,
		[AKITA_STATE_RELEASED] = RELEASED_ANEW,
	},
	[AKITA_EVENT_RESYNC] = {
		[AKITA_STATE_UNREGISTERED] = no_account,
		[AKITA_STATE_REGISTERED] = REGISTERED_NO_TOKEN,
		[AKITA_STATE_ISSUED] = ISSUED_NOT_STARTED,
		[AKITA_STATE_LOCKED] = LOCKED_SUSPEND,
		[AKITA_STATE_SUSPENDED] = SUSPENDED_ALREADY,
		[AKITA_STATE_EXPIRED] = EXPIRED_ISSUE,
		[AKITA_STATE_RELEASED] = RELEASED_ANEW,
	},
	[AKITA_EVENT_RECOVERY] = {
		[AKITA_STATE_UNREGISTERED] = no_account,
		[AKITA_STATE_REGISTERED] = REGISTERED_NO_TOKEN,
		[AKITA_STATE_ISSUED] = ISSUED_NOT_STARTED,
		[AKITA_STATE_LOCKED] = LOCKED_SUSPEND,
		[AKITA_STATE_SUSPENDED] = SUSPENDED_ALREADY,
		[AKITA_STATE_EXPIRED] = EXPIRED_ISSUE,
		[AKITA_STATE_RELEASED] = RELEASED_ANEW,
	},
};

/* A graver reason may follow a lesser one; 0: no reason to suspend for. */
static int
gravity(enum akita_reason reason)
{
	switch (reason) {
	case AKITA_REASON_REQUEST:
	case AKITA_REASON_LOCKED:
	case AKITA_REASON_OTHER:
		return 1;
	case AKITA_REASON_LOST:
		return 2;
	case AKITA_REASON_STOLEN:
		return 3;
	default:
		return 0;
	}
}

/* Conditions beyond the state: each gives a refusal, or NULL. */

static const char *
refuse_issue(enum akita_state state, const struct akita_policy *policy)
{
	if (state == AKITA_STATE_UNREGISTERED && policy->require_registration)
		return AKITA_N("The account is not registered, and an "
		    "application is required (require_registration): register "
		    "it first.");
	return NULL;
}

static const char *
refuse_suspend(const struct akita_account *account, enum akita_state state,
    const struct akita_event *event)
{
	if (state != AKITA_STATE_SUSPENDED)
		return NULL;
	if (account->slot.reason == AKITA_REASON_STOLEN)
		return STOLEN;
	if (gravity(event->reason) <= gravity(account->slot.reason))
		return AKITA_N("The account is suspended already; only a "
		    "graver reason can follow (lost, then stolen). Unlock it, "
		    "issue a new token, or release it.");
	return NULL;
}

static const char *
refuse_unlock(const struct akita_account *account, enum akita_state state,
    const struct akita_event *event, const struct akita_policy *policy)
{
	if (state == AKITA_STATE_LOCKED)
		return policy->unlock_requires_suspend ? LOCKED_SUSPEND : NULL;
	if (account->slot.reason == AKITA_REASON_STOLEN)
		return STOLEN;
	if (account->slot.reason == AKITA_REASON_LOST && !event->found)
		return AKITA_N("The account is suspended because the phone was "
		    "lost: unlock it with --found if the phone has been found, "
		    "else issue a new token.");
	return NULL;
}

static const char *
refuse_activate(const struct akita_account *account, enum akita_state state,
    int64_t now_s)
{
	if (state == AKITA_STATE_ACTIVE && !akita_waiting_at(account, now_s))
		return AKITA_N("The account is in use already, and no "
		    "replacement waits for its start: issue --replace makes "
		    "one.");
	return NULL;
}

static const char *
refuse(const struct akita_account *account, enum akita_state state,
    const struct akita_event *event, const struct akita_policy *policy,
    int64_t now_s)
{
	const char *msgid = refusals[event->kind][state];

	if (state == AKITA_STATE_REGISTERED && msgid != NULL &&
	    account->slot.reason == AKITA_REASON_BURNT)
		return AKITA_N("The issue was ended by wrong activation "
		    "passwords: issue a new token, or release the account.");
	if (state == AKITA_STATE_LOCKED && msgid != NULL &&
	    !policy->unlock_requires_suspend)
		return AKITA_N("The account is locked: unlock it first, or "
		    "suspend or release it.");
	if (state == AKITA_STATE_SUSPENDED && msgid != NULL &&
	    account->slot.reason == AKITA_REASON_STOLEN)
		return STOLEN;
	if (msgid != NULL)
		return msgid;
	switch (event->kind) {
	case AKITA_EVENT_ISSUE:
		return refuse_issue(state, policy);
	case AKITA_EVENT_SUSPEND:
		return refuse_suspend(account, state, event);
	case AKITA_EVENT_UNLOCK:
		return refuse_unlock(account, state, event, policy);
	case AKITA_EVENT_ACTIVATE:
		return refuse_activate(account, state, now_s);
	default:
		return NULL;
	}
}

/* The events that come with a paper form. */
static bool
wants_form(enum akita_event_kind kind)
{
	switch (kind) {
	case AKITA_EVENT_REGISTER:
	case AKITA_EVENT_ISSUE:
	case AKITA_EVENT_REPLACE:
	case AKITA_EVENT_SUSPEND:
	case AKITA_EVENT_UNLOCK:
	case AKITA_EVENT_RELEASE:
		return true;
	default:
		return false;
	}
}

enum akita_rc
akita_lifecycle_check(const struct akita_account *account,
    const struct akita_event *event, const struct akita_policy *policy,
    int64_t now_s, struct akita_why *why)
{
	enum akita_state state = akita_state_at(account, now_s);
	const char *msgid;

	if ((unsigned int)event->kind >= AKITA_EVENT_KIND_COUNT ||
	    (unsigned int)state >= AKITA_STATE_COUNT)
		return akita_fail(why, AKITA_ERR_INTERNAL,
		    AKITA_N("An event or a state has no place in the table of "
		    "states. This is a fault of akita-otp."), NULL);
	if (event->kind == AKITA_EVENT_SUSPEND && gravity(event->reason) == 0)
		return akita_fail(why, AKITA_ERR_USAGE, AKITA_N("The reason to "
		    "suspend is lost, stolen, locked, request or other."),
		    NULL);
	msgid = refuse(account, state, event, policy, now_s);
	if (msgid == no_account)
		return akita_fail(why, AKITA_ERR_NO_ACCOUNT, msgid, NULL);
	if (msgid != NULL)
		return akita_fail(why, AKITA_ERR_REFUSED, msgid, NULL);
	if (policy->require_form && wants_form(event->kind) &&
	    (event->form == NULL || event->form[0] == '\0'))
		return akita_fail(why, AKITA_ERR_REFUSED, AKITA_N("The number "
		    "of the paper form is required (require_form): give it "
		    "with --form."), NULL);
	return AKITA_OK;
}
