#include "common/record.h"

#include <string.h>

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static const struct {
	const char	*name;
	const char	*label;
} states[AKITA_STATE_COUNT] = {
	[AKITA_STATE_UNREGISTERED] = { "unregistered",
	    AKITA_N("not registered") },
	[AKITA_STATE_REGISTERED] = { "registered",
	    AKITA_N("application received") },
	[AKITA_STATE_ISSUED] = { "issued", AKITA_N("waiting for start of use") },
	[AKITA_STATE_ACTIVE] = { "active", AKITA_N("in use") },
	[AKITA_STATE_LOCKED] = { "locked", AKITA_N("locked") },
	[AKITA_STATE_SUSPENDED] = { "suspended", AKITA_N("suspended") },
	[AKITA_STATE_EXPIRED] = { "expired", AKITA_N("issue expired") },
	[AKITA_STATE_RELEASED] = { "released", AKITA_N("released") },
};

static const char *const reasons[AKITA_REASON_COUNT] = {
	[AKITA_REASON_NONE] = NULL,
	[AKITA_REASON_LOST] = "lost",
	[AKITA_REASON_STOLEN] = "stolen",
	[AKITA_REASON_LOCKED] = "locked",
	[AKITA_REASON_REQUEST] = "request",
	[AKITA_REASON_OTHER] = "other",
	[AKITA_REASON_BURNT] = "burnt",
	[AKITA_REASON_FAILURES] = "failures",
};

void
akita_account_wipe(struct akita_account *account)
{
	if (account != NULL)
		akita_wipe(account, sizeof(*account));
}

void
akita_account_init(struct akita_account *account, const char *user)
{
	memset(account, 0, sizeof(*account));
	memcpy(account->identity.user, user,
	    strnlen(user, AKITA_USER_MAX));
	account->slot.last_step = -1;
	account->slot.token_area = AKITA_AREA_NONE;
	account->slot.waiting_area = AKITA_AREA_NONE;
}

enum akita_state
akita_state_at(const struct akita_account *account, int64_t now_s)
{
	if (account->slot.state == AKITA_STATE_ISSUED && account->has_token &&
	    account->token.expires_at != 0 &&
	    now_s > account->token.expires_at)
		return AKITA_STATE_EXPIRED;
	return account->slot.state;
}

bool
akita_waiting_at(const struct akita_account *account, int64_t now_s)
{
	return account->has_waiting && (account->waiting.expires_at == 0 ||
	    now_s <= account->waiting.expires_at);
}

const char *
akita_state_name(enum akita_state state)
{
	return (unsigned int)state < COUNT(states) ? states[state].name : "?";
}

const char *
akita_state_label(enum akita_state state)
{
	return (unsigned int)state < COUNT(states) ? states[state].label : "?";
}

bool
akita_state_parse(const char *name, enum akita_state *ret)
{
	size_t i;

	for (i = 0; i < COUNT(states); i++)
		if (strcmp(states[i].name, name) == 0) {
			*ret = (enum akita_state)i;
			return true;
		}
	return false;
}

const char *
akita_reason_name(enum akita_reason reason)
{
	return (unsigned int)reason < COUNT(reasons) ? reasons[reason] : "?";
}

bool
akita_reason_parse(const char *name, enum akita_reason *ret)
{
	size_t i;

	for (i = 0; i < COUNT(reasons); i++)
		if (reasons[i] != NULL && strcmp(reasons[i], name) == 0) {
			*ret = (enum akita_reason)i;
			return true;
		}
	return false;
}
