/* Accounts in every state, the usual policy, and right codes, for the tests of
 * lifecycle and decision. */
#ifndef AKITA_TESTS_UNIT_ACCOUNTS_H
#define AKITA_TESTS_UNIT_ACCOUNTS_H

#include <stdlib.h>

#include "common/decide.h"
#include "common/otp.h"
#include "tests/unit/unit.h"

#define NOW	INT64_C(1700000000)	/* a step of 60 s begins 20 s before */
#define DAY	86400

static const struct akita_policy usual = {
	.window = 1, .max_drift = 10, .hotp_lookahead = 10,
	.resync_window = 60, .hotp_resync = 1000, .max_failures = 10,
	.max_wrong_passwords = 5, .issue_valid_days = 14,
	.password_required = true, .unlock_requires_suspend = true,
};

static inline struct akita_token
token_of(uint8_t seed, uint32_t generation)
{
	struct akita_token token = {
		.type = AKITA_TOTP, .algorithm = AKITA_HASH_SHA1, .digits = 6,
		.period_s = 60, .key = { .len = 20 },
		.generation = generation, .issued_at = NOW - DAY,
		.expires_at = NOW + 13 * DAY, .has_password = true,
	};

	memset(token.key.bytes, seed, token.key.len);
	memset(token.password_hash, 0x77, sizeof(token.password_hash));
	return token;
}

/* An account that came into a state in the usual way. */
static inline struct akita_account
account_in(enum akita_state state)
{
	struct akita_account a;

	akita_account_init(&a, "hanako");
	if (state == AKITA_STATE_UNREGISTERED)
		return a;
	a.identity.user_id = 1000001;
	strcpy(a.identity.name, "Akita Hanako");
	strcpy(a.identity.mail, "hanako@example.jp");
	a.identity.registered_at = NOW - 2 * DAY;
	a.slot.sequence = 5;
	a.slot.state = state;
	if (state == AKITA_STATE_REGISTERED)
		return a;
	a.slot.generation = 3;
	if (state == AKITA_STATE_RELEASED) {
		a.slot.released_at = NOW - DAY;
		return a;
	}
	a.has_token = true;
	a.token = token_of(0x31, 3);
	if (state == AKITA_STATE_EXPIRED) {
		a.slot.state = AKITA_STATE_ISSUED;
		a.token.expires_at = NOW - 1;
	}
	if (state == AKITA_STATE_ISSUED || state == AKITA_STATE_EXPIRED)
		return a;
	a.slot.flags = AKITA_FLAG_WAS_ACTIVE;
	a.slot.activated_at = NOW - DAY;
	a.slot.last_used_at = NOW - 3600;
	a.slot.last_step = NOW / 60 - 60;
	a.slot.drift = 2;
	a.slot.last_side = 1;
	a.slot.grace[0].at = NOW - 60;
	if (state == AKITA_STATE_LOCKED) {
		a.slot.reason = AKITA_REASON_FAILURES;
		a.slot.locked_from = AKITA_STATE_ACTIVE;
		a.slot.locked_at = NOW - 600;
		a.slot.failures = 10;
	}
	if (state == AKITA_STATE_SUSPENDED) {
		a.slot.reason = AKITA_REASON_REQUEST;
		a.slot.suspended_from = AKITA_STATE_ACTIVE;
		a.slot.suspended_at = NOW - 600;
	}
	return a;
}

static inline void
give_waiting(struct akita_account *a)
{
	a->has_waiting = true;
	a->waiting = token_of(0x32, a->slot.generation + 1);
}

/* What a token shows at a step or counter, as a person types it. */
static inline const char *
code_at(struct akita_crypto *crypto, const struct akita_token *token,
    int64_t step)
{
	static char text[4][AKITA_DIGITS_MAX + 1];
	static unsigned int turn;
	uint32_t value = 0;
	char *p = text[turn++ % 4];

	assert_int_equal(akita_otp_value(crypto, &token->key,
	    token->algorithm, token->digits, (uint64_t)step, &value), AKITA_OK);
	akita_otp_text(value, token->digits, p);
	return p;
}

#endif
