/* A decision costs the same whatever the account; and fails closed.  Linked
 * with akita_hmac wrapped. */
#include "tests/unit/deciding.h"

static unsigned int calls, fail_at;

enum akita_rc	__real_akita_hmac(struct akita_crypto *handle,
		    enum akita_hash hash, const void *key, size_t key_len,
		    const struct akita_span *spans, size_t n, uint8_t *ret);
enum akita_rc	__wrap_akita_hmac(struct akita_crypto *handle,
		    enum akita_hash hash, const void *key, size_t key_len,
		    const struct akita_span *spans, size_t n, uint8_t *ret);

enum akita_rc
__wrap_akita_hmac(struct akita_crypto *handle, enum akita_hash hash,
    const void *key, size_t key_len, const struct akita_span *spans, size_t n,
    uint8_t *ret)
{
	if (++calls == fail_at)
		return AKITA_ERR_CRYPTO;
	return __real_akita_hmac(handle, hash, key, key_len, spans, n, ret);
}

static const char *const typed[] = { "", "123456", "1234567", "12345678",
    "ABCD-EFGH-JKMN", "\b\n\r\177INCORRECT" };

static unsigned int
work_of_login(const struct akita_account *a, const char *answer)
{
	struct akita_code c = parsed(answer);
	struct akita_decision d;

	calls = 0;
	assert_int_equal(akita_decide_login(crypto, a, &usual, &c, NOW, &d),
	    AKITA_OK);
	return calls;
}

static unsigned int
work_of_start(const struct akita_account *a, const char *answer)
{
	struct akita_code c = parsed(answer);
	struct akita_decision d;

	calls = 0;
	assert_int_equal(akita_decide_start(crypto, a, &usual, NULL, &c, NOW,
	    &d), AKITA_OK);
	return calls;
}

TEST(every_account_and_answer_costs_the_same)
{
	for (int s = 0; s < AKITA_STATE_COUNT; s++)
		for (size_t i = 0; i < COUNT(typed); i++) {
			struct akita_account a =
			    account_in((enum akita_state)s);

			assert_int_equal(work_of_login(&a, typed[i]), 6);
			assert_int_equal(work_of_start(&a, typed[i]), 6);
			if (s != AKITA_STATE_ACTIVE)
				continue;
			assert_int_equal(work_of_login(&a,
			    code(&a, step + 2)), 6);
			give_waiting(&a);
			assert_int_equal(work_of_login(&a, typed[i]), 6);
			assert_int_equal(work_of_start(&a, typed[i]), 6);
		}
}

TEST(every_hotp_account_costs_the_same)
{
	static const int64_t last[] = { -1, 0, 1000, INT64_MAX };

	for (size_t i = 0; i < COUNT(last); i++) {
		struct akita_account a = account_in(AKITA_STATE_ACTIVE);

		a.token.type = AKITA_HOTP;
		a.slot.last_step = last[i];
		assert_int_equal(work_of_login(&a, "123456"), 22);
	}
}

static void
assert_closed(const struct akita_decision *d)
{
	struct akita_decision none;

	memset(&none, 0, sizeof(none));
	assert_int_equal(d->verdict, AKITA_VERDICT_DENY);
	assert_memory_equal(d, &none, sizeof(none));
}

TEST(a_failure_of_the_library_at_any_place_denies)
{
	struct akita_account a = account_in(AKITA_STATE_ACTIVE);
	struct akita_account issued = account_in(AKITA_STATE_ISSUED);
	struct akita_code c = parsed(code(&a, step + 2));
	struct akita_decision d;
	bool answer = false;

	for (unsigned int i = 1; i <= 6; i++) {
		calls = 0;
		fail_at = i;
		assert_int_equal(akita_decide_login(crypto, &a, &usual, &c,
		    NOW, &d), AKITA_ERR_CRYPTO);
		assert_closed(&d);
		calls = 0;
		assert_int_equal(akita_decide_start(crypto, &issued, &usual,
		    NULL, &c, NOW, &d), AKITA_ERR_CRYPTO);
		assert_closed(&d);
		calls = 0;
		assert_int_equal(akita_decide_startable(crypto, &issued,
		    &usual, &c, NOW, true, &answer), AKITA_ERR_CRYPTO);
		assert_false(answer);
		calls = 0;
		assert_int_equal(akita_decide_resync(crypto, &a, &usual, &c,
		    &c, false, NOW, &d), AKITA_ERR_CRYPTO);
		assert_closed(&d);
	}
	fail_at = 0;
}

TEST(a_failure_of_the_library_explains_nothing)
{
	struct akita_account issued = account_in(AKITA_STATE_ISSUED);
	struct akita_code c = parsed("98765432");
	struct akita_diagnosis d;

	for (unsigned int i = 1; i <= 60; i++) {
		calls = 0;
		fail_at = i;
		assert_int_equal(akita_decide_diagnose(crypto, &issued, &usual,
		    &c, NOW, &d), AKITA_ERR_CRYPTO);
		assert_false(d.found);
	}
	fail_at = 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_account_and_answer_costs_the_same),
		cmocka_unit_test(every_hotp_account_costs_the_same),
		cmocka_unit_test(a_failure_of_the_library_at_any_place_denies),
		cmocka_unit_test(a_failure_of_the_library_explains_nothing),
	};

	return cmocka_run_group_tests(tests, make_crypto, free_crypto);
}
