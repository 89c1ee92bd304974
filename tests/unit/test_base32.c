/* Base32: RFC 4648's vectors, strictness, and keys typed by people. */
#include "tests/unit/unit.h"

#include "common/base32.h"

/* RFC 4648 section 10. */
static const struct {
	const char	*plain, *padded, *bare;
} vectors[] = {
	{ "", "", "" },
	{ "f", "MY======", "MY" },
	{ "fo", "MZXQ====", "MZXQ" },
	{ "foo", "MZXW6===", "MZXW6" },
	{ "foob", "MZXW6YQ=", "MZXW6YQ" },
	{ "fooba", "MZXW6YTB", "MZXW6YTB" },
	{ "foobar", "MZXW6YTBOI======", "MZXW6YTBOI" },
};

static void
assert_decodes(const char *text, const char *want)
{
	char out[64];
	size_t len = 99;

	assert_int_equal(akita_base32_decode(text, out, sizeof(out), &len),
	    AKITA_OK);
	assert_int_equal(len, strlen(want));
	assert_memory_equal(out, want, len);
}

static void
assert_malformed(const char *text)
{
	char out[64], zero[64] = "";
	size_t len = 99;

	memset(out, 'x', sizeof(out));
	assert_int_equal(akita_base32_decode(text, out, sizeof(out), &len),
	    AKITA_ERR_MALFORMED);
	assert_int_equal(len, 99);
	assert_memory_equal(out, zero, sizeof(out));
}

TEST(the_vectors_of_the_rfc_hold_both_ways)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		char text[32];

		assert_int_equal(akita_base32_encode(vectors[i].plain,
		    strlen(vectors[i].plain), text, sizeof(text)), AKITA_OK);
		assert_string_equal(text, vectors[i].bare);
		assert_decodes(vectors[i].bare, vectors[i].plain);
		assert_decodes(vectors[i].padded, vectors[i].plain);
	}
}

TEST(every_length_comes_back_as_it_was)
{
	uint8_t data[65], back[65];
	char text[AKITA_BASE32_SIZE(65)];
	size_t len = 0;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 37 + 11);
	for (size_t n = 0; n <= sizeof(data); n++) {
		assert_int_equal(akita_base32_encode(data, n, text,
		    AKITA_BASE32_SIZE(n)), AKITA_OK);
		assert_int_equal(strlen(text), AKITA_BASE32_SIZE(n) - 1);
		assert_int_equal(akita_base32_decode(text, back, n, &len),
		    AKITA_OK);
		assert_int_equal(len, n);
		assert_memory_equal(back, data, n);
	}
}

TEST(a_text_buffer_that_is_too_small_stays_untouched)
{
	char text[8] = "zzzzzzz";

	assert_int_equal(akita_base32_encode("fooba", 5, text, 8),
	    AKITA_ERR_USAGE);
	assert_string_equal(text, "zzzzzzz");
	assert_int_equal(akita_base32_encode("", 0, text, 0),
	    AKITA_ERR_USAGE);
	assert_int_equal(akita_base32_encode("x", SIZE_MAX, text, 8),
	    AKITA_ERR_USAGE);
}

TEST(wrong_padding_is_refused)
{
	assert_malformed("MY=");
	assert_malformed("MY=====");
	assert_malformed("MY=======");
	assert_malformed("MZXW6YTB=");
	assert_malformed("MZXW6YTB========");
	assert_malformed("=");
	assert_malformed("========");
	assert_malformed("MY==A===");
	assert_malformed("MY======MY");
}

TEST(impossible_lengths_are_refused)
{
	assert_malformed("M");
	assert_malformed("MZX");
	assert_malformed("MZXW6Y");
	assert_malformed("MZXW6YTBO");
}

TEST(unused_bits_that_are_not_zero_are_refused)
{
	assert_malformed("MZ");
	assert_malformed("MZXR");
	assert_malformed("MZXW7");
	assert_malformed("MZXW6YR");
}

TEST(the_strict_form_refuses_small_letters_and_separators)
{
	assert_malformed("mzxw6ytb");
	assert_malformed("MZXW 6YTB");
	assert_malformed("MZXW-6YTB");
	assert_malformed("MZXW6YT1");
	assert_malformed("MZXW6YT8");
	assert_malformed("MZXW6YT\xc3");
	assert_malformed("MZXW6YTB\n");
}

TEST(more_than_fits_is_refused_and_nothing_written_beyond)
{
	uint8_t out[6] = { 1, 2, 3, 4, 5, 6 };
	size_t len = 99;

	assert_int_equal(akita_base32_decode("MZXW6YTBOI", out, 5, &len),
	    AKITA_ERR_USAGE);
	assert_memory_equal(out, "\0\0\0\0\0\6", 6);
	assert_int_equal(len, 99);
	assert_int_equal(akita_base32_decode_typed("mzxw 6ytb oi", out, 5,
	    &len), AKITA_ERR_USAGE);
}

TEST(a_typed_key_may_have_small_letters_spaces_and_hyphens)
{
	char out[64];
	size_t len = 0;

	assert_int_equal(akita_base32_decode_typed(" mzxw-6Ytb OI-- ", out,
	    sizeof(out), &len), AKITA_OK);
	assert_int_equal(len, 6);
	assert_memory_equal(out, "foobar", 6);
	assert_int_equal(akita_base32_decode_typed("my== ====", out,
	    sizeof(out), &len), AKITA_OK);
	assert_int_equal(len, 1);
}

TEST(a_typed_key_is_otherwise_held_to_the_same_rules)
{
	static const char *const wrong[] = { "mz", "m", "my=", "my==x===",
	    "mzxw6yt0", "mzxw\t6ytb", "\xef\xbc\xad" };
	uint8_t out[8];
	size_t len = 99;

	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(akita_base32_decode_typed(wrong[i], out,
		    sizeof(out), &len), AKITA_ERR_MALFORMED);
	assert_int_equal(len, 99);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc_hold_both_ways),
		cmocka_unit_test(every_length_comes_back_as_it_was),
		cmocka_unit_test(
		    a_text_buffer_that_is_too_small_stays_untouched),
		cmocka_unit_test(wrong_padding_is_refused),
		cmocka_unit_test(impossible_lengths_are_refused),
		cmocka_unit_test(unused_bits_that_are_not_zero_are_refused),
		cmocka_unit_test(
		    the_strict_form_refuses_small_letters_and_separators),
		cmocka_unit_test(
		    more_than_fits_is_refused_and_nothing_written_beyond),
		cmocka_unit_test(
		    a_typed_key_may_have_small_letters_spaces_and_hyphens),
		cmocka_unit_test(
		    a_typed_key_is_otherwise_held_to_the_same_rules),
	};

	return cmocka_run_group_tests_name("base32", tests, NULL, NULL);
}
