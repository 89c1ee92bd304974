/* HOTP and TOTP values are those of the RFCs. */
#include "tests/unit/unit.h"

#include "common/otp.h"

static struct akita_crypto *crypto;

/* "1234567890" again and again, as both RFCs have it. */
static struct akita_secret
digits_key(size_t len)
{
	struct akita_secret key = { .len = len };

	for (size_t i = 0; i < len; i++)
		key.bytes[i] = (uint8_t)('0' + (i + 1) % 10);
	return key;
}

static uint32_t
value(enum akita_hash hash, unsigned int digits, uint64_t counter)
{
	struct akita_secret key = digits_key(akita_key_size(hash));
	uint32_t v = UINT32_MAX;

	assert_int_equal(akita_otp_value(crypto, &key, hash, digits, counter,
	    &v), AKITA_OK);
	return v;
}

TEST(hotp_values_are_those_of_rfc_4226_appendix_d)
{
	static const uint32_t truncated[] = { 1284755224, 1094287082,
	    137359152, 1726969429, 1640338314, 868254676, 1918287922, 82162583,
	    673399871, 645520489 };

	for (uint32_t i = 0; i < COUNT(truncated); i++) {
		assert_int_equal(value(AKITA_HASH_SHA1, 6, i),
		    truncated[i] % 1000000);
		assert_int_equal(value(AKITA_HASH_SHA1, 7, i),
		    truncated[i] % 10000000);
		assert_int_equal(value(AKITA_HASH_SHA1, 8, i),
		    truncated[i] % 100000000);
	}
}

TEST(totp_values_are_those_of_rfc_6238_appendix_b)
{
	static const struct {
		int64_t		 time_s, step;
		const char	*sha1, *sha256, *sha512;
	} rows[] = {
		{ 59, 0x1, "94287082", "46119246", "90693936" },
		{ 1111111109, 0x23523ec, "07081804", "68084774", "25091201" },
		{ 1111111111, 0x23523ed, "14050471", "67062674", "99943326" },
		{ 1234567890, 0x273ef07, "89005924", "91819424", "93441116" },
		{ 2000000000, 0x3f940aa, "69279037", "90698825", "38618901" },
		{ 20000000000, 0x27bc86aa, "65353130", "77737706",
		    "47863826" },
	};
	char text[AKITA_DIGITS_MAX + 1];

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t step = (uint64_t)akita_otp_step(rows[i].time_s, 30);

		assert_int_equal(step, rows[i].step);
		akita_otp_text(value(AKITA_HASH_SHA1, 8, step), 8, text);
		assert_string_equal(text, rows[i].sha1);
		akita_otp_text(value(AKITA_HASH_SHA256, 8, step), 8, text);
		assert_string_equal(text, rows[i].sha256);
		akita_otp_text(value(AKITA_HASH_SHA512, 8, step), 8, text);
		assert_string_equal(text, rows[i].sha512);
	}
}

TEST(all_64_bits_of_the_counter_count)
{
	uint32_t low = value(AKITA_HASH_SHA1, 8, 1);

	for (unsigned int bit = 1; bit < 64; bit++)
		assert_int_not_equal(low, value(AKITA_HASH_SHA1, 8,
		    1 | (uint64_t)1 << bit));
}

TEST(a_step_is_the_floor_of_time_over_period)
{
	assert_int_equal(akita_otp_step(0, 60), 0);
	assert_int_equal(akita_otp_step(59, 60), 0);
	assert_int_equal(akita_otp_step(60, 60), 1);
	assert_int_equal(akita_otp_step(119, 120), 0);
	assert_int_equal(akita_otp_step(1700000000, 15), 113333333);
	assert_true(akita_otp_step(INT64_C(4294967296) * 60, 60) ==
	    INT64_C(4294967296));
	assert_true(akita_otp_step(INT64_MAX, 1) == INT64_MAX);
}

TEST(text_keeps_leading_zeros_and_its_length)
{
	char text[AKITA_DIGITS_MAX + 1];

	akita_otp_text(0, 6, text);
	assert_string_equal(text, "000000");
	akita_otp_text(42, 7, text);
	assert_string_equal(text, "0000042");
	akita_otp_text(99999999, 8, text);
	assert_string_equal(text, "99999999");
	akita_otp_text(7081804, 8, text);
	assert_string_equal(text, "07081804");
}

TEST(digits_out_of_range_are_refused_and_nothing_is_returned)
{
	struct akita_secret key = digits_key(20);
	uint32_t v = 77;

	assert_int_equal(akita_otp_value(crypto, &key, AKITA_HASH_SHA1, 5, 0,
	    &v), AKITA_ERR_USAGE);
	assert_int_equal(akita_otp_value(crypto, &key, AKITA_HASH_SHA1, 9, 0,
	    &v), AKITA_ERR_USAGE);
	assert_int_equal(v, 77);
}

TEST(an_unknown_hash_is_a_failure_of_crypto)
{
	struct akita_secret key = digits_key(20);
	uint32_t v = 77;

	assert_int_equal(akita_otp_value(crypto, &key, (enum akita_hash)9, 6,
	    0, &v), AKITA_ERR_CRYPTO);
	assert_int_equal(v, 77);
}

static int
setup(void **state)
{
	(void)state;
	return akita_crypto_new(&crypto) == AKITA_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	akita_crypto_free(&crypto);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    hotp_values_are_those_of_rfc_4226_appendix_d),
		cmocka_unit_test(
		    totp_values_are_those_of_rfc_6238_appendix_b),
		cmocka_unit_test(all_64_bits_of_the_counter_count),
		cmocka_unit_test(a_step_is_the_floor_of_time_over_period),
		cmocka_unit_test(text_keeps_leading_zeros_and_its_length),
		cmocka_unit_test(
		    digits_out_of_range_are_refused_and_nothing_is_returned),
		cmocka_unit_test(an_unknown_hash_is_a_failure_of_crypto),
	};

	return cmocka_run_group_tests_name("otp", tests, setup, teardown);
}
