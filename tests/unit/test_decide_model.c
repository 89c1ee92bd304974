/* Random histories of logins: the decision and a naive reading of its rules
 * agree at every step. */
#include "tests/unit/deciding.h"

/* xorshift64: the same histories each time. */
static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

static uint32_t
draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

/* What the rules say, one after the other, without care for time. */
struct model {
	bool		is_hotp;
	int		failures, drift, side;
	int64_t		last;
	bool		is_locked;
	bool		used[10];	/* recovery codes */
};

static enum akita_cause
model_miss(struct model *m, const struct akita_policy *policy)
{
	m->failures++;
	m->is_locked = m->failures >= (int)policy->max_failures;
	return AKITA_CAUSE_WRONG;
}

static enum akita_cause
model_hit(struct model *m, int64_t at, int64_t centre,
    const struct akita_policy *policy)
{
	int side = at > centre ? 1 : at < centre ? -1 : 0;

	m->failures = 0;
	m->last = at;
	if (m->is_hotp)
		side = 0;
	if (side != 0 && side == m->side &&
	    abs(m->drift + side) <= (int)policy->max_drift)
		m->drift += side;
	m->side = side;
	return AKITA_CAUSE_OK;
}

static enum akita_cause
model_code(struct model *m, const struct akita_account *a, const char *typed,
    int64_t now_s, const struct akita_policy *policy)
{
	int64_t centre = now_s / 60 + m->drift, from, to, at;

	if (strlen(typed) != a->token.digits)
		return AKITA_CAUSE_MALFORMED;
	if (m->is_locked)
		return AKITA_CAUSE_LOCKED;
	from = centre - (int64_t)policy->window;
	to = centre + (int64_t)policy->window;
	if (m->is_hotp) {
		centre = m->last + 1;
		from = m->last < 0 ? 0 : m->last;
		to = m->last + (int64_t)policy->hotp_lookahead;
	} else if (to < m->last) {
		return AKITA_CAUSE_CLOCK;
	}
	for (at = from; at <= to && at <= m->last; at++)
		if (at >= 0 && strcmp(code(a, at), typed) == 0)
			return AKITA_CAUSE_REPLAY;
	for (at = from; at <= to; at++)
		if (at > m->last && strcmp(code(a, at), typed) == 0)
			return model_hit(m, at, centre, policy);
	return model_miss(m, policy);
}

static enum akita_cause
model_recovery(struct model *m, uint8_t hash, const struct akita_policy *policy)
{
	if (m->is_locked)
		return AKITA_CAUSE_LOCKED;
	if (hash < 1 || hash > 10)
		return model_miss(m, policy);
	if (m->used[hash - 1])
		return AKITA_CAUSE_REPLAY;
	m->used[hash - 1] = true;
	m->failures = 0;
	m->side = 0;
	return AKITA_CAUSE_OK;
}

static void
assert_agree(const struct model *m, const struct akita_account *a)
{
	uint32_t spent = 0;

	for (unsigned int i = 0; i < 10; i++)
		spent |= (uint32_t)m->used[i] << i;
	assert_int_equal(a->slot.failures, m->failures);
	assert_int_equal(a->slot.drift, m->drift);
	assert_int_equal(a->slot.last_side, m->side);
	assert_int_equal(a->slot.last_step, m->last);
	assert_int_equal(a->slot.spent, spent);
	assert_int_equal(a->slot.state == AKITA_STATE_LOCKED, m->is_locked);
}

/* Something a customer, or somebody else, may type now. */
static void
draw_answer(const struct akita_account *a, int64_t now_s,
    char text[AKITA_DIGITS_MAX + 2])
{
	int64_t near = a->token.type == AKITA_HOTP ? a->slot.last_step + 1 :
	    now_s / 60 + a->slot.drift;

	switch (draw(10)) {
	case 0:
		strcpy(text, "12345");
		return;
	case 1:
		akita_otp_text(draw(1000000), a->token.digits, text);
		return;
	default:
		near += (int64_t)draw(7) - 3;
		strcpy(text, code(a, near < 0 ? 0 : near));
	}
}

static void
one_try(struct akita_account *a, struct model *m, int64_t now_s,
    const struct akita_policy *policy)
{
	char text[AKITA_DIGITS_MAX + 2];
	struct akita_code c;
	struct akita_decision d;
	enum akita_cause expected;
	uint8_t hash = (uint8_t)draw(14);

	if (draw(12) == 0) {
		c = parsed("ABCD-EFGH-JKMN");
		memset(c.recovery_hash, hash, sizeof(c.recovery_hash));
		expected = model_recovery(m, hash, policy);
	} else {
		draw_answer(a, now_s, text);
		c = parsed(text);
		expected = model_code(m, a, text, now_s, policy);
	}
	assert_int_equal(akita_decide_login(crypto, a, policy, &c, now_s, &d),
	    AKITA_OK);
	assert_int_equal(d.cause, expected);
	assert_int_equal(d.verdict == AKITA_VERDICT_ACCEPT,
	    expected == AKITA_CAUSE_OK);
	assert_int_equal(d.counted, expected == AKITA_CAUSE_WRONG);
	*a = d.after;
	assert_agree(m, a);
}

static void
one_history(bool is_hotp)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_policy policy = usual;
	struct model m = { .is_hotp = is_hotp, .last = -1 };
	int64_t now_s = NOW;

	policy.window = draw(3);
	policy.max_drift = draw(4);
	policy.max_failures = 3 + draw(8);
	policy.hotp_lookahead = 1 + draw(6);
	a.token.digits = 6 + draw(3);
	memset(a.token.key.bytes, (int)draw(256), a.token.key.len);
	a.token.recovery_count = 10;
	for (unsigned int i = 0; i < 10; i++)
		memset(a.token.recovery_hash[i], (int)i + 1,
		    AKITA_RECOVERY_HASH);
	a.token.type = is_hotp ? AKITA_HOTP : AKITA_TOTP;
	a.token.period_s = is_hotp ? 0 : 60;
	a.slot.drift = a.slot.last_side = 0;
	a.slot.last_step = -1;
	for (int i = 0; i < 60; i++) {
		/* Now and then the clock goes back. */
		now_s += (int64_t)draw(150) - (draw(15) == 0 ? 400 : 0);
		one_try(&a, &m, now_s, &policy);
	}
}

TEST(totp_histories_agree_with_a_naive_reading_of_the_rules)
{
	for (int i = 0; i < 300; i++)
		one_history(false);
}

TEST(hotp_histories_agree_with_a_naive_reading_of_the_rules)
{
	for (int i = 0; i < 300; i++)
		one_history(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    totp_histories_agree_with_a_naive_reading_of_the_rules),
		cmocka_unit_test(
		    hotp_histories_agree_with_a_naive_reading_of_the_rules),
	};

	return cmocka_run_group_tests(tests, make_crypto, free_crypto);
}
