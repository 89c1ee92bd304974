/* Deciding on typed codes, for the tests of the decision. */
#ifndef AKITA_TESTS_UNIT_DECIDING_H
#define AKITA_TESTS_UNIT_DECIDING_H

#include "tests/unit/accounts.h"

static struct akita_crypto *crypto;
static const int64_t step = NOW / 60;

static inline struct akita_code
parsed(const char *typed)
{
	struct akita_code code;

	akita_code_parse(typed, &code);
	return code;
}

/* Decide on what was typed, as a login; the account takes the result over. */
static inline struct akita_decision
login_at(struct akita_account *a, const char *typed, int64_t now_s,
    const struct akita_policy *policy)
{
	struct akita_code code = parsed(typed);
	struct akita_decision d;

	assert_int_equal(akita_decide_login(crypto, a, policy, &code, now_s,
	    &d), AKITA_OK);
	assert_int_equal(d.verdict == AKITA_VERDICT_ACCEPT,
	    d.cause == AKITA_CAUSE_OK);
	assert_int_equal(d.after.changed, 0);
	*a = d.after;
	return d;
}

static inline enum akita_cause
login(struct akita_account *a, const char *typed)
{
	return login_at(a, typed, NOW, &usual).cause;
}

static inline const char *
code(const struct akita_account *a, int64_t at)
{
	return code_at(crypto, &a->token, at);
}

/* A code that no step near is equal to. */
static inline const char *
wrong(const struct akita_account *a)
{
	static char text[AKITA_DIGITS_MAX + 1];
	uint32_t value;
	int64_t i;
	bool is_taken;

	for (value = 123456;; value++) {
		akita_otp_text(value, a->token.digits, text);
		is_taken = false;
		for (i = step - 15; i <= step + 15; i++)
			is_taken = is_taken || strcmp(text, code(a, i)) == 0;
		if (!is_taken)
			return text;
	}
}

static inline void
assert_untouched(const struct akita_account *a, const struct akita_account *b)
{
	assert_memory_equal(&a->slot, &b->slot, sizeof(a->slot));
	assert_int_equal(a->has_token, b->has_token);
	assert_int_equal(a->has_waiting, b->has_waiting);
}

static inline int
make_crypto(void **state)
{
	(void)state;
	return akita_crypto_new(&crypto) == AKITA_OK ? 0 : -1;
}

static inline int
free_crypto(void **state)
{
	(void)state;
	akita_crypto_free(&crypto);
	return 0;
}

#endif
