/* Key URIs: built with every parameter, read strictly. */
#include "tests/unit/unit.h"

#include "common/keyuri.h"

#define KEY16	"GEZDGNBVGY3TQOJQGEZDGNBVGY"
#define KEY20	"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

static struct akita_token
totp_token(size_t key_len)
{
	struct akita_token token = {
		.type = AKITA_TOTP, .algorithm = AKITA_HASH_SHA1, .digits = 6,
		.period_s = 60, .key = { .len = key_len },
	};

	for (size_t i = 0; i < key_len; i++)
		token.key.bytes[i] = (uint8_t)('0' + (i + 1) % 10);
	return token;
}

static void
assert_built(const struct akita_token *token, const char *issuer,
    const char *label, uint64_t counter, const char *want)
{
	struct akita_uri uri AKITA_URI_AUTO;
	struct akita_why why = { 0 };

	assert_int_equal(akita_keyuri_build(token, issuer, label, counter,
	    &uri, &why), AKITA_OK);
	assert_string_equal(uri.text, want);
	assert_null(why.msgid);
}

TEST(a_totp_uri_has_every_parameter)
{
	struct akita_token token = totp_token(20);

	assert_built(&token, "Akita-Kenshin", "taro", 9,
	    "otpauth://totp/Akita-Kenshin:taro?secret=" KEY20
	    "&issuer=Akita-Kenshin&algorithm=SHA1&digits=6&period=60");
	token.algorithm = AKITA_HASH_SHA512;
	token.digits = 8;
	token.period_s = 30;
	assert_built(&token, "A", "b@c.jp", 9,
	    "otpauth://totp/A:b%40c.jp?secret=" KEY20
	    "&issuer=A&algorithm=SHA512&digits=8&period=30");
}

TEST(an_hotp_uri_has_the_counter)
{
	struct akita_token token = totp_token(20);

	token.type = AKITA_HOTP;
	token.period_s = 0;
	assert_built(&token, "A", "b", UINT64_MAX,
	    "otpauth://hotp/A:b?secret=" KEY20
	    "&issuer=A&algorithm=SHA1&digits=6&counter=18446744073709551615");
}

TEST(names_are_percent_encoded_and_signs_of_the_grammar_become_hyphens)
{
	struct akita_token token = totp_token(20);

	assert_built(&token, "秋田 A/B", "a:b#c&d%e?f+g", 0,
	    "otpauth://totp/%E7%A7%8B%E7%94%B0%20A%2FB:a-b-c-d-e-f-g?secret="
	    KEY20 "&issuer=%E7%A7%8B%E7%94%B0%20A%2FB&algorithm=SHA1&digits=6"
	    "&period=60");
	assert_built(&token, "A:B#C&D%E?F+G", "-._~=\"", 0,
	    "otpauth://totp/A-B-C-D-E-F-G:-._~%3D%22?secret=" KEY20
	    "&issuer=A-B-C-D-E-F-G&algorithm=SHA1&digits=6&period=60");
}

static void
assert_not_built(const struct akita_token *token, const char *issuer,
    const char *label)
{
	struct akita_uri uri, zero = { "" };
	struct akita_why why = { 0 };

	memset(&uri, 'x', sizeof(uri));
	assert_int_equal(akita_keyuri_build(token, issuer, label, 0, &uri,
	    &why), AKITA_ERR_USAGE);
	assert_string_not_equal(sentence(&why), "");
	assert_memory_equal(&uri, &zero, sizeof(zero));
	assert_int_equal(akita_keyuri_build(token, issuer, label, 0, &uri,
	    NULL), AKITA_ERR_USAGE);
}

TEST(a_bad_token_or_name_gives_no_uri)
{
	struct akita_token token = totp_token(15);
	char name[130];

	assert_not_built(&token, "A", "b");
	token = totp_token(20);
	token.digits = 9;
	assert_not_built(&token, "A", "b");
	token = totp_token(20);
	memset(name, 'a', 129);
	name[129] = '\0';
	assert_not_built(&token, "", "b");
	assert_not_built(&token, "A", "");
	assert_not_built(&token, name, "b");
	assert_not_built(&token, "A", name);
	assert_not_built(&token, "A\n", "b");
	assert_not_built(&token, "A", "\xff");
}

TEST(names_that_encode_to_too_much_give_no_uri)
{
	struct akita_token token = totp_token(64);
	char name[127];

	for (size_t i = 0; i < 126; i += 3)
		memcpy(name + i, "秋", 3);
	name[126] = '\0';
	assert_not_built(&token, name, name);
}

static void
assert_parsed(const char *text, struct akita_keyuri *ret)
{
	struct akita_why why = { 0 };

	if (akita_keyuri_parse(text, ret, &why) != AKITA_OK)
		fail_msg("%s: %s", text, sentence(&why));
	assert_null(why.msgid);
}

TEST(what_was_built_is_read_back)
{
	static const char *const names[] = { "Akita-Kenshin", "秋田 けんしん",
	    "a@b.jp", "100~", "\"<>\\" };
	unsigned int combinations = 0;

	for (unsigned int i = 0; i < 2 * 3 * 3 * 5 * 49; i++) {
		struct akita_keyuri keyuri AKITA_KEYURI_AUTO;
		struct akita_uri uri AKITA_URI_AUTO;
		struct akita_token token = totp_token(16 + i % 49);
		const char *issuer = names[i % 5], *label = names[i % 3];
		uint64_t counter = 0;

		token.algorithm = (enum akita_hash)(1 + i / 49 % 3);
		token.digits = 6 + i / 147 % 3;
		token.period_s = 15 + i % 106;
		if (i / 441 % 2 == 1) {
			token.type = AKITA_HOTP;
			token.period_s = 0;
			counter = (uint64_t)i << i % 50;
		}
		assert_int_equal(akita_keyuri_build(&token, issuer, label,
		    counter, &uri, NULL), AKITA_OK);
		assert_parsed(uri.text, &keyuri);
		assert_memory_equal(&keyuri.token, &token, sizeof(token));
		assert_true(keyuri.counter == counter);
		assert_string_equal(keyuri.issuer, issuer);
		assert_string_equal(keyuri.label, label);
		combinations++;
	}
	assert_int_equal(combinations, 4410);
}

TEST(what_is_left_out_has_the_defaults_of_the_format)
{
	struct akita_keyuri keyuri AKITA_KEYURI_AUTO;

	assert_parsed("otpauth://totp/taro?secret=" KEY16, &keyuri);
	assert_int_equal(keyuri.token.type, AKITA_TOTP);
	assert_int_equal(keyuri.token.algorithm, AKITA_HASH_SHA1);
	assert_int_equal(keyuri.token.digits, 6);
	assert_int_equal(keyuri.token.period_s, 30);
	assert_int_equal(keyuri.token.key.len, 16);
	assert_memory_equal(keyuri.token.key.bytes, "1234567890123456", 16);
	assert_string_equal(keyuri.issuer, "");
	assert_string_equal(keyuri.label, "taro");
}

TEST(case_order_padding_and_unknown_parameters_do_not_matter)
{
	struct akita_keyuri keyuri AKITA_KEYURI_AUTO;

	assert_parsed("OTPAUTH://HOTP/A%3A%20%20b?image=x%20y&counter=007&"
	    "period=1&algorithm=sha256&secret=gezdgnbvgy3tqojqgezdgnbvgy%3d"
	    "=====&issuer=A", &keyuri);
	assert_int_equal(keyuri.token.type, AKITA_HOTP);
	assert_int_equal(keyuri.token.algorithm, AKITA_HASH_SHA256);
	assert_int_equal(keyuri.token.period_s, 0);
	assert_int_equal(keyuri.token.key.len, 16);
	assert_int_equal(keyuri.counter, 7);
	assert_string_equal(keyuri.issuer, "A");
	assert_string_equal(keyuri.label, "b");
}

/* Refused, with a reason that holds a word and nothing of the key. */
static void
assert_refused(const char *text, const char *word)
{
	struct akita_keyuri keyuri, zero;
	struct akita_why why = { 0 };

	memset(&keyuri, 'x', sizeof(keyuri));
	memset(&zero, 0, sizeof(zero));
	if (akita_keyuri_parse(text, &keyuri, &why) != AKITA_ERR_MALFORMED)
		fail_msg("accepted: %s", text);
	if (strstr(sentence(&why), word) == NULL)
		fail_msg("%s: \"%s\" lacks \"%s\"", text, sentence(&why), word);
	assert_null(strstr(sentence(&why), "GEZDG"));
	assert_memory_equal(&keyuri, &zero, sizeof(zero));
	assert_int_equal(akita_keyuri_parse(text, &keyuri, NULL),
	    AKITA_ERR_MALFORMED);
}

#define GOOD	"otpauth://totp/A:b?secret=" KEY16

TEST(other_schemes_and_types_are_refused)
{
	assert_refused("", "no key URI");
	assert_refused("otpauth:/totp/A:b?secret=" KEY16, "no key URI");
	assert_refused("https://totp/A:b?secret=" KEY16, "no key URI");
	assert_refused(" " GOOD, "no key URI");
	assert_refused(GOOD "#x", "no key URI");
	assert_refused("otpauth://steam/A:b?secret=" KEY16, "type");
	assert_refused("otpauth://tot/A:b?secret=" KEY16, "type");
	assert_refused("otpauth://totp?secret=" KEY16, "type");
	assert_refused("otpauth://totp", "type");
}

TEST(a_missing_or_malformed_label_is_refused)
{
	assert_refused("otpauth://totp/", "label");
	assert_refused("otpauth://totp/A:b", "label");
	assert_refused("otpauth://totp/?secret=" KEY16, "label");
	assert_refused("otpauth://totp/A:?secret=" KEY16, "label");
	assert_refused("otpauth://totp/:b?secret=" KEY16, "label");
	assert_refused("otpauth://totp/A:b%0a?secret=" KEY16, "label");
	assert_refused("otpauth://totp/A:b%00?secret=" KEY16, "label");
	assert_refused("otpauth://totp/A:b%?secret=" KEY16, "label");
	assert_refused("otpauth://totp/A:b%4?secret=" KEY16, "label");
	assert_refused("otpauth://totp/A:b%zz?secret=" KEY16, "label");
	assert_refused("otpauth://totp/A:b%ff?secret=" KEY16, "label");
}

TEST(keys_that_are_missing_weak_or_malformed_are_refused)
{
	assert_refused("otpauth://totp/A:b?", "no value");
	assert_refused("otpauth://totp/A:b?issuer=A", "no secret");
	assert_refused("otpauth://totp/A:b?SECRET=" KEY16, "no secret");
	assert_refused("otpauth://totp/A:b?secret=", "16 to 64");
	assert_refused("otpauth://totp/A:b?secret=GEZDGNBVGY3TQOJQGEZDGNBV",
	    "16 to 64");
	assert_refused("otpauth://totp/A:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVG0",
	    "16 to 64");
	assert_refused("otpauth://totp/A:b?secret=" KEY20 KEY20 KEY20 KEY20,
	    "16 to 64");
}

TEST(parameters_out_of_range_are_refused)
{
	assert_refused(GOOD "&algorithm=MD5", "algorithm");
	assert_refused(GOOD "&digits=5", "digits");
	assert_refused(GOOD "&digits=9", "digits");
	assert_refused(GOOD "&digits=six", "digits");
	assert_refused(GOOD "&period=14", "period");
	assert_refused(GOOD "&period=121", "period");
	assert_refused(GOOD "&period=", "period");
	assert_refused(GOOD "&counter=1", "counter");
	assert_refused("otpauth://hotp/A:b?secret=" KEY16, "counter");
	assert_refused("otpauth://hotp/A:b?counter=&secret=" KEY16, "counter");
	assert_refused("otpauth://hotp/A:b?counter=-1&secret=" KEY16,
	    "counter");
	assert_refused("otpauth://hotp/A:b?counter=18446744073709551616"
	    "&secret=" KEY16, "counter");
}

TEST(a_query_that_contradicts_itself_is_refused)
{
	assert_refused(GOOD "&secret=" KEY16, "twice");
	assert_refused(GOOD "&digits=6&digits=6", "twice");
	assert_refused(GOOD "&issuer=B", "two different");
	assert_refused(GOOD "&issuer=", "issuer");
	assert_refused(GOOD "&issuer=%0d", "issuer");
	assert_refused(GOOD "&", "no value");
	assert_refused(GOOD "&&digits=6", "no value");
	assert_refused(GOOD "&digits", "no value");
	assert_refused(GOOD "&x=%", "percent");
	assert_refused(GOOD "&x=%00", "percent");
}

TEST(a_text_longer_than_a_uri_may_be_is_refused)
{
	char text[AKITA_URI_MAX + 2];
	struct akita_keyuri keyuri AKITA_KEYURI_AUTO;
	int n = snprintf(text, sizeof(text), "%s&x=", GOOD);

	memset(text + n, 'x', sizeof(text) - (size_t)n);
	text[AKITA_URI_MAX] = '\0';
	assert_parsed(text, &keyuri);
	text[AKITA_URI_MAX] = 'x';
	text[AKITA_URI_MAX + 1] = '\0';
	assert_refused(text, "1023");
}

TEST(wiped_uris_are_all_zero)
{
	struct akita_uri uri, no_uri = { "" };
	struct akita_keyuri keyuri, no_keyuri;

	memset(&uri, 'x', sizeof(uri));
	memset(&keyuri, 'x', sizeof(keyuri));
	memset(&no_keyuri, 0, sizeof(no_keyuri));
	akita_uri_wipe(&uri);
	akita_keyuri_wipe(&keyuri);
	assert_memory_equal(&uri, &no_uri, sizeof(uri));
	assert_memory_equal(&keyuri, &no_keyuri, sizeof(keyuri));
	akita_uri_wipe(NULL);
	akita_keyuri_wipe(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_totp_uri_has_every_parameter),
		cmocka_unit_test(an_hotp_uri_has_the_counter),
		cmocka_unit_test(
	    names_are_percent_encoded_and_signs_of_the_grammar_become_hyphens),
		cmocka_unit_test(a_bad_token_or_name_gives_no_uri),
		cmocka_unit_test(names_that_encode_to_too_much_give_no_uri),
		cmocka_unit_test(what_was_built_is_read_back),
		cmocka_unit_test(
		    what_is_left_out_has_the_defaults_of_the_format),
		cmocka_unit_test(
		    case_order_padding_and_unknown_parameters_do_not_matter),
		cmocka_unit_test(other_schemes_and_types_are_refused),
		cmocka_unit_test(a_missing_or_malformed_label_is_refused),
		cmocka_unit_test(
		    keys_that_are_missing_weak_or_malformed_are_refused),
		cmocka_unit_test(parameters_out_of_range_are_refused),
		cmocka_unit_test(a_query_that_contradicts_itself_is_refused),
		cmocka_unit_test(
		    a_text_longer_than_a_uri_may_be_is_refused),
		cmocka_unit_test(wiped_uris_are_all_zero),
	};

	return cmocka_run_group_tests_name("keyuri", tests, NULL, NULL);
}
