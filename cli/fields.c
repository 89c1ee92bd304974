#include "cli/fields.h"

#include <stdio.h>
#include <string.h>

static void
set_text(struct akita_value *ret, const char *text)
{
	ret->kind = text != NULL && text[0] != '\0' ? AKITA_VALUE_TEXT :
	    AKITA_VALUE_NULL;
	ret->text = text;
	ret->label = text;
}

static void
set_number(struct akita_value *ret, int64_t number)
{
	ret->kind = AKITA_VALUE_NUMBER;
	ret->number = number;
}

static void
set_time(struct akita_value *ret, int64_t time_s)
{
	ret->kind = time_s != 0 ? AKITA_VALUE_TIME : AKITA_VALUE_NULL;
	ret->number = time_s;
}

#define TEXT(name, expression)						\
static void								\
get_ ## name(const struct akita_view *v, struct akita_value *ret)	\
{									\
	set_text(ret, (expression));					\
}
#define NUMBER(name, expression)					\
static void								\
get_ ## name(const struct akita_view *v, struct akita_value *ret)	\
{									\
	set_number(ret, (expression));					\
}
#define TIME(name, expression)						\
static void								\
get_ ## name(const struct akita_view *v, struct akita_value *ret)	\
{									\
	set_time(ret, (expression));					\
}

TEXT(user, v->account->identity.user)
TEXT(service_id, v->settings->service_id)
TEXT(state, akita_state_name(akita_state_at(v->account, v->now_s)))
TEXT(state_label, akita_words(v->lang,
    akita_state_label(akita_state_at(v->account, v->now_s))))
TEXT(branch, v->account->identity.branch)
TEXT(form, v->account->identity.form)
TEXT(name, v->account->identity.name)
TEXT(mail, v->account->identity.mail)
TEXT(device_mail, v->account->identity.device_mail)
NUMBER(generation, v->account->slot.generation)
NUMBER(failures, v->account->slot.failures)
NUMBER(failures_limit, v->settings->max_failures)
TEXT(type, akita_token_type_name(v->account->token.type))
TEXT(algorithm, akita_hash_name(v->account->token.algorithm))
NUMBER(digits, v->account->token.digits)
NUMBER(drift, v->account->slot.drift)
TIME(last_used, v->account->slot.last_used_at)
TIME(waiting_issued, v->account->waiting.issued_at)
TIME(waiting_expires, v->account->waiting.expires_at)
TIME(registered, v->account->identity.registered_at)
TIME(issued, v->account->has_token ? v->account->token.issued_at : 0)
TIME(activated, v->account->slot.activated_at)
TIME(locked, v->account->slot.locked_at)
TIME(suspended, v->account->slot.suspended_at)
TIME(released, v->account->slot.released_at)

static void
get_user_id(const struct akita_view *v, struct akita_value *ret)
{
	if (v->account->identity.user_id == 0)
		return;
	(void)snprintf(ret->buf, sizeof(ret->buf), "%lu",
	    (unsigned long)v->account->identity.user_id);
	set_text(ret, ret->buf);
}

static void
get_reason(const struct akita_view *v, struct akita_value *ret)
{
	set_text(ret, akita_reason_name(v->account->slot.reason));
	ret->label = akita_words(v->lang,
	    akita_reason_label(v->account->slot.reason));
}

static void
get_period(const struct akita_view *v, struct akita_value *ret)
{
	if (v->account->token.type == AKITA_TOTP)
		set_number(ret, v->account->token.period_s);
}

static void
get_recovery_left(const struct akita_view *v, struct akita_value *ret)
{
	const struct akita_token *token = &v->account->token;
	unsigned int i, left = 0;

	if (v->account->has_token)
		for (i = 0; i < token->recovery_count; i++)
			left += (v->account->slot.spent >> i & 1u) == 0;
	set_number(ret, left);
}

/* The state that counts for an issue: of the account itself, or of where it
 * was locked or suspended. */
static enum akita_state
state_below(const struct akita_slot *slot)
{
	enum akita_state state = slot->state;

	if (state == AKITA_STATE_SUSPENDED)
		state = slot->suspended_from;
	if (state == AKITA_STATE_LOCKED)
		state = slot->locked_from;
	return state;
}

/* An issue expires until its use has started; a token in use does not. */
static void
get_expires(const struct akita_view *v, struct akita_value *ret)
{
	if (v->account->has_token &&
	    state_below(&v->account->slot) == AKITA_STATE_ISSUED)
		set_time(ret, v->account->token.expires_at);
}

#define S	AKITA_IN_SHOW
#define B	AKITA_IN_BRIEF
#define I	AKITA_IN_ISSUE
#define L	AKITA_IN_LIST
#define A	AKITA_IN_ALWAYS

const struct akita_field akita_fields[] = {
	{ "user", AKITA_N("Account"), S | B | I | L, false, get_user },
	{ "user_id", AKITA_N("User ID"), S | B | I | L | A, false, get_user_id },
	{ "service_id", AKITA_N("Service ID"), S | I, false, get_service_id },
	{ "state", "", 0, false, get_state },
	{ "state_label", AKITA_N("State"), S | B | I | L, false,
	    get_state_label },
	{ "reason", AKITA_N("Reason"), S | B, false, get_reason },
	{ "branch", AKITA_N("Branch"), S | L | A, false, get_branch },
	{ "form", AKITA_N("Form number"), S | A, false, get_form },
	{ "name", AKITA_N("Name"), S | B | I | L | A, false,
	    get_name },
	{ "mail", AKITA_N("Mail of record"), S | A, false, get_mail },
	{ "device_mail", AKITA_N("Mail of the phone"), S | A, false,
	    get_device_mail },
	{ "generation", AKITA_N("Token number"), S, true, get_generation },
	{ "failures", AKITA_N("Wrong codes in a row"), S | L, true,
	    get_failures },
	{ "failures_limit", AKITA_N("Locks at"), S, true, get_failures_limit },
	{ "token.type", AKITA_N("Token type"), S, false, get_type },
	{ "token.algorithm", AKITA_N("Algorithm"), S, false, get_algorithm },
	{ "token.digits", AKITA_N("Digits"), S, true, get_digits },
	{ "token.period", AKITA_N("Period (seconds)"), S, true, get_period },
	{ "token.drift_steps", AKITA_N("Clock drift (steps)"), S, true,
	    get_drift },
	{ "token.last_used_at", AKITA_N("Last used"), S | L | A, false,
	    get_last_used },
	{ "waiting_token.issued_at", AKITA_N("New token issued"), S, false,
	    get_waiting_issued },
	{ "waiting_token.expires_at", AKITA_N("New token expires"), S | I, false,
	    get_waiting_expires },
	{ "recovery_codes_left", AKITA_N("Recovery codes left"), S, true,
	    get_recovery_left },
	{ "registered_at", AKITA_N("Registered"), S, false, get_registered },
	{ "issued_at", AKITA_N("Issued"), S, false, get_issued },
	{ "expires_at", AKITA_N("Expires"), S | I, false, get_expires },
	{ "activated_at", AKITA_N("In use since"), S, false, get_activated },
	{ "locked_at", AKITA_N("Locked at"), S, false, get_locked },
	{ "suspended_at", AKITA_N("Suspended at"), S, false, get_suspended },
	{ "released_at", AKITA_N("Released at"), S, false, get_released },
	{ 0 }
};

bool
akita_field_has_group(const struct akita_view *view, const char *group,
    size_t len)
{
	if (len == strlen("token") && memcmp(group, "token", len) == 0)
		return view->account->has_token;
	return akita_waiting_at(view->account, view->now_s);
}

const char *
akita_reason_label(enum akita_reason reason)
{
	switch (reason) {
	case AKITA_REASON_LOST:
		return AKITA_N("lost");
	case AKITA_REASON_STOLEN:
		return AKITA_N("stolen");
	case AKITA_REASON_LOCKED:
		return AKITA_N("after a lock");
	case AKITA_REASON_REQUEST:
		return AKITA_N("at the customer's request");
	case AKITA_REASON_OTHER:
		return AKITA_N("other");
	case AKITA_REASON_BURNT:
		return AKITA_N("too many wrong activation passwords");
	case AKITA_REASON_FAILURES:
		return AKITA_N("too many wrong codes");
	case AKITA_REASON_NONE:
	case AKITA_REASON_COUNT:
	default:
		return "";
	}
}
