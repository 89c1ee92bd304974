/* A token's values are held to their ranges; names are read and written. */
#include "tests/unit/unit.h"

#include "common/token.h"

static struct akita_token
good_token(void)
{
	struct akita_token token = {
		.type = AKITA_TOTP, .algorithm = AKITA_HASH_SHA1, .digits = 6,
		.period_s = 60, .key = { .len = 20 }, .generation = 1,
		.issued_at = 1700000000, .expires_at = 1701209600,
		.recovery_count = 10,
	};

	return token;
}

static void
assert_refused(const struct akita_token *token)
{
	struct akita_why why = { 0 };

	assert_int_equal(akita_token_check(token, &why), AKITA_ERR_USAGE);
	assert_string_not_equal(sentence(&why), "");
	assert_int_equal(akita_token_check(token, NULL), AKITA_ERR_USAGE);
}

static void
assert_good(const struct akita_token *token)
{
	struct akita_why why = { 0 };

	assert_int_equal(akita_token_check(token, &why), AKITA_OK);
	assert_null(why.msgid);
}

TEST(all_types_algorithms_digits_and_limits_are_accepted)
{
	struct akita_token token = good_token();

	for (unsigned int digits = 6; digits <= 8; digits++)
		for (int hash = 1; hash <= 3; hash++) {
			token.digits = digits;
			token.algorithm = (enum akita_hash)hash;
			assert_good(&token);
		}
	token.period_s = 15;
	assert_good(&token);
	token.period_s = 120;
	assert_good(&token);
	token.key.len = 16;
	assert_good(&token);
	token.key.len = 64;
	assert_good(&token);
	token.recovery_count = 32;
	assert_good(&token);
	token.expires_at = 0;
	assert_good(&token);
	token.type = AKITA_HOTP;
	token.period_s = 0;
	assert_good(&token);
}

/* One field is set to a value, the token refused, the field put back. */
#define REFUSED(field, value) do {					\
	struct akita_token token_ = good_token();			\
	token_.field = (value);						\
	assert_refused(&token_);					\
} while (0)

TEST(every_field_out_of_its_range_is_refused)
{
	REFUSED(type, (enum akita_token_type)0);
	REFUSED(type, (enum akita_token_type)3);
	REFUSED(algorithm, (enum akita_hash)0);
	REFUSED(algorithm, (enum akita_hash)4);
	REFUSED(digits, 5);
	REFUSED(digits, 9);
	REFUSED(period_s, 14);
	REFUSED(period_s, 121);
	REFUSED(period_s, 0);
	REFUSED(key.len, 15);
	REFUSED(key.len, 65);
	REFUSED(generation, 0);
	REFUSED(issued_at, -1);
	REFUSED(expires_at, -1);
	REFUSED(recovery_count, 33);
}

TEST(hotp_with_a_period_is_refused)
{
	REFUSED(type, AKITA_HOTP);
}

TEST(new_keys_are_as_long_as_the_hash)
{
	assert_int_equal(akita_key_size(AKITA_HASH_SHA1), 20);
	assert_int_equal(akita_key_size(AKITA_HASH_SHA256), 32);
	assert_int_equal(akita_key_size(AKITA_HASH_SHA512), 64);
}

TEST(names_are_written_and_read_in_any_case)
{
	enum akita_hash hash = AKITA_HASH_SHA1;
	enum akita_token_type type = AKITA_TOTP;

	assert_string_equal(akita_hash_name(AKITA_HASH_SHA1), "SHA1");
	assert_string_equal(akita_hash_name(AKITA_HASH_SHA256), "SHA256");
	assert_string_equal(akita_hash_name(AKITA_HASH_SHA512), "SHA512");
	assert_string_equal(akita_token_type_name(AKITA_TOTP), "totp");
	assert_string_equal(akita_token_type_name(AKITA_HOTP), "hotp");
	assert_true(akita_hash_parse("sha256", &hash));
	assert_int_equal(hash, AKITA_HASH_SHA256);
	assert_true(akita_hash_parse("SHA512", &hash));
	assert_int_equal(hash, AKITA_HASH_SHA512);
	assert_true(akita_token_type_parse("HOTP", &type));
	assert_int_equal(type, AKITA_HOTP);
}

TEST(unknown_names_and_values_are_told)
{
	enum akita_hash hash = AKITA_HASH_SHA512;
	enum akita_token_type type = AKITA_HOTP;

	assert_null(akita_hash_name((enum akita_hash)0));
	assert_null(akita_token_type_name((enum akita_token_type)9));
	assert_false(akita_hash_parse("MD5", &hash));
	assert_false(akita_hash_parse("", &hash));
	assert_false(akita_hash_parse("SHA1 ", &hash));
	assert_int_equal(hash, AKITA_HASH_SHA512);
	assert_false(akita_token_type_parse("steam", &type));
	assert_int_equal(type, AKITA_HOTP);
}

TEST(a_wiped_token_is_all_zero)
{
	struct akita_token token, zero;

	memset(&token, 'k', sizeof(token));
	memset(&zero, 0, sizeof(zero));
	akita_token_wipe(&token);
	assert_memory_equal(&token, &zero, sizeof(zero));
	akita_token_wipe(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    all_types_algorithms_digits_and_limits_are_accepted),
		cmocka_unit_test(every_field_out_of_its_range_is_refused),
		cmocka_unit_test(hotp_with_a_period_is_refused),
		cmocka_unit_test(new_keys_are_as_long_as_the_hash),
		cmocka_unit_test(names_are_written_and_read_in_any_case),
		cmocka_unit_test(unknown_names_and_values_are_told),
		cmocka_unit_test(a_wiped_token_is_all_zero),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
