/* What people type: codes, recovery codes, activation passwords. */
#include "tests/unit/deciding.h"

TEST(digits_are_read_in_any_width_with_spaces_and_hyphens)
{
	static const char *const typed[] = { "012345", "012 345", "012-345",
	    " 0 1 2 3 4 5 ", "０１２３４５", "０１２　３４５",
	    "０12ー345" };

	for (size_t i = 0; i < COUNT(typed); i++) {
		struct akita_code c = parsed(typed[i]);

		assert_int_equal(c.shape, AKITA_SHAPE_DIGITS);
		assert_int_equal(c.digits, 6);
		assert_int_equal(c.value, 12345);
	}
	assert_int_equal(parsed("1234567").digits, 7);
	assert_int_equal(parsed("99999999").value, 99999999);
}

TEST(what_is_no_code_is_malformed)
{
	static const char *const typed[] = { "", " ", "-", "12345", "123456789",
	    "12345a", "abcdef", "12.456", "+12345", "１２３４５",
	    "\b\n\r\177INCORRECT", "\xff\xfe", "12345\xff", "0x1234",
	    "123456789012", "1234-5678-9012", "ABCD-EFGH-JKM",
	    "ABCD-EFGH-JKMNP", "UUUU-UUUU-UUUU", "１２３４-5678-9012" };
	char *vast = malloc(100001);

	for (size_t i = 0; i < COUNT(typed); i++)
		assert_int_equal(parsed(typed[i]).shape,
		    AKITA_SHAPE_MALFORMED);
	assert_int_equal(parsed(NULL).shape, AKITA_SHAPE_MALFORMED);
	assert_non_null(vast);
	memset(vast, '1', 100000);
	vast[100000] = '\0';
	assert_int_equal(parsed(vast).shape, AKITA_SHAPE_MALFORMED);
	memset(vast, ' ', 100000);
	memcpy(vast, "123456", 6);
	assert_int_equal(parsed(vast).shape, AKITA_SHAPE_MALFORMED);
	free(vast);
}

TEST(recovery_codes_are_read_in_any_case_and_width)
{
	static const char *const typed[] = { "ABCD-EFGH-JKM1", "abcdefghjkm1",
	    "ＡＢＣＤ－ＥＦＧＨ－ＪＫＭ１", "abcd efgh jkmI" };

	for (size_t i = 0; i < COUNT(typed); i++) {
		struct akita_code c = parsed(typed[i]);

		assert_int_equal(c.shape, AKITA_SHAPE_RECOVERY);
		assert_string_equal(c.recovery, "ABCDEFGHJKM1");
	}
}

TEST(an_activation_password_is_four_to_eight_digits)
{
	static const char *const good[] = { "1234", "12345678", "００７0" };
	static const char *const bad[] = { "", "123", "123456789", "12a4",
	    "12 34", "-1234", "１２３", "1234\n", "\3771234" };
	struct akita_answer answer;

	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(akita_password_parse(good[i], &answer));
	assert_string_equal(answer.text, "0070");
	assert_int_equal(answer.len, 4);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_false(akita_password_parse(bad[i], &answer));
		assert_string_equal(answer.text, "");
		assert_int_equal(answer.len, 0);
	}
	assert_false(akita_password_parse(NULL, &answer));
}

TEST(causes_have_the_words_of_verify)
{
	static const char *const words[] = { "none", "ok", "wrong", "replay",
	    "malformed", "locked", "suspended", "not_active", "expired",
	    "clock", "password", "burnt" };

	for (size_t i = 0; i < COUNT(words); i++)
		assert_string_equal(akita_cause_name((enum akita_cause)i),
		    words[i]);
	assert_string_equal(akita_cause_name((enum akita_cause)99), "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    digits_are_read_in_any_width_with_spaces_and_hyphens),
		cmocka_unit_test(what_is_no_code_is_malformed),
		cmocka_unit_test(recovery_codes_are_read_in_any_case_and_width),
		cmocka_unit_test(
		    an_activation_password_is_four_to_eight_digits),
		cmocka_unit_test(causes_have_the_words_of_verify),
	};

	return cmocka_run_group_tests(tests, make_crypto, free_crypto);
}
