/* Names, codes and addresses: what is accepted, and why others are not. */
#include "tests/unit/unit.h"

#include "common/names.h"

typedef enum akita_rc (*check_fn)(const char *, struct akita_why *);

static void
assert_good(check_fn check, const char *text)
{
	struct akita_why why = { 0 };

	if (check(text, &why) != AKITA_OK)
		fail_msg("refused: %s (%s)", text, sentence(&why));
	assert_null(why.msgid);
}

/* Refused, and the reason holds a word. */
static void
assert_refused(check_fn check, const char *text, const char *word)
{
	struct akita_why why = { 0 };

	if (check(text, &why) != AKITA_ERR_USAGE)
		fail_msg("accepted: %s", text);
	if (strstr(sentence(&why), word) == NULL)
		fail_msg("%s: \"%s\" lacks \"%s\"", text, sentence(&why), word);
	assert_int_equal(check(text, NULL), AKITA_ERR_USAGE);
}

/* A text of n letters, in static storage. */
static const char *
letters(size_t n)
{
	static char text[400];

	memset(text, 'a', n);
	text[n] = '\0';
	return text;
}

static const char *const unclean[] = {
	"a\nb", "a\rb", "\t", "a\x7f", "a\x1b[1m", "a\xc2\x85", "a\xe2\x80\xa8",
	"a\xe2\x80\xae b", "a\xff", "a\xc0\x80", "a\xed\xa0\x80", "a\xe7\xa7",
	"\xf4\x90\x80\x80",
};

TEST(account_names_are_1_to_64_bytes_of_clean_utf8)
{
	assert_good(akita_account_check, "a");
	assert_good(akita_account_check, "秋田 太郎");
	assert_good(akita_account_check, "DOMAIN\\user@realm");
	assert_good(akita_account_check, letters(64));
	assert_refused(akita_account_check, "", "empty");
	assert_refused(akita_account_check, letters(65), "64 bytes");
	for (size_t i = 0; i < COUNT(unclean); i++)
		assert_refused(akita_account_check, unclean[i], "control");
}

TEST(display_names_are_up_to_96_bytes_of_clean_utf8)
{
	assert_good(akita_name_check, "");
	assert_good(akita_name_check, "秋田　太郎");
	assert_good(akita_name_check, letters(96));
	assert_refused(akita_name_check, letters(97), "96 bytes");
	for (size_t i = 0; i < COUNT(unclean); i++)
		assert_refused(akita_name_check, unclean[i], "control");
}

TEST(form_numbers_are_1_to_32_bytes_of_clean_utf8)
{
	assert_good(akita_form_check, "第2026-000123号");
	assert_good(akita_form_check, letters(32));
	assert_refused(akita_form_check, "", "empty");
	assert_refused(akita_form_check, letters(33), "32 bytes");
	for (size_t i = 0; i < COUNT(unclean); i++)
		assert_refused(akita_form_check, unclean[i], "control");
}

TEST(notes_are_up_to_200_bytes_of_clean_utf8)
{
	assert_good(akita_note_check, "");
	assert_good(akita_note_check, letters(200));
	assert_refused(akita_note_check, letters(201), "200 bytes");
	for (size_t i = 0; i < COUNT(unclean); i++)
		assert_refused(akita_note_check, unclean[i], "control");
}

TEST(branch_codes_are_1_to_16_plain_characters)
{
	assert_good(akita_branch_check, "001");
	assert_good(akita_branch_check, "Akita_main-1.2");
	assert_good(akita_branch_check, letters(16));
	assert_refused(akita_branch_check, "", "empty");
	assert_refused(akita_branch_check, letters(17), "16 bytes");
	assert_refused(akita_branch_check, "a b", "letters");
	assert_refused(akita_branch_check, "a/b", "letters");
	assert_refused(akita_branch_check, "秋田", "letters");
	assert_refused(akita_branch_check, "a\n", "letters");
}

TEST(plain_mail_addresses_are_accepted)
{
	assert_good(akita_mail_check, "taro@example.jp");
	assert_good(akita_mail_check, "taro.akita+otp@mail.example.co.jp");
	assert_good(akita_mail_check, "root@localhost");
	assert_good(akita_mail_check, "a@b-c.xn--zckzah");
	assert_good(akita_mail_check, "o'neil!#$%&*=/?^_`{|}~@example.jp");
	assert_good(akita_mail_check, "1@2.3.example");
}

TEST(addresses_that_carriers_gave_out_are_accepted)
{
	assert_good(akita_mail_check, "a..b@docomo.example");
	assert_good(akita_mail_check, "taro.@docomo.example");
}

TEST(what_could_inject_a_header_or_an_argument_is_refused)
{
	static const char *const wrong[] = { "a@b.jp\nBcc: c@d.jp",
	    "a@b.jp\r", "a b@c.jp", " a@b.jp", "a@b.jp ", "a\t@b.jp",
	    "\xe7\xa7\x8b@b.jp", "a@\xe7\xa7\x8b.jp", "a\x7f@b.jp",
	    "a\x01@b.jp" };
	static const char *const signs[] = { "<a@b.jp>", "a@b.jp,c", "a;b@c.jp",
	    "a:b@c.jp", "\"a\"@b.jp", "a(x)@b.jp", "a\\b@c.jp", "a@[10.0.0.1]",
	    "Taro<a@b.jp" };

	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_refused(akita_mail_check, wrong[i], "not ASCII");
	for (size_t i = 0; i < COUNT(signs); i++)
		assert_refused(akita_mail_check, signs[i], "one plain");
	assert_refused(akita_mail_check, "-oQ/tmp@b.jp", "starts with");
	assert_refused(akita_mail_check, "|sh@b.jp", "starts with");
	assert_refused(akita_mail_check, "/etc/x@b.jp", "starts with");
	assert_refused(akita_mail_check, ".a@b.jp", "starts with");
	assert_refused(akita_mail_check, "=?utf-8?q?x?=@b.jp", "encoded word");
}

TEST(an_address_has_one_at_sign_and_two_sides)
{
	assert_refused(akita_mail_check, "", "empty");
	assert_refused(akita_mail_check, "taro", "exactly one @");
	assert_refused(akita_mail_check, "a@b@c.jp", "exactly one @");
	assert_refused(akita_mail_check, "@b.jp", "nothing before");
	assert_refused(akita_mail_check, "a@", "domain");
}

TEST(a_domain_is_made_of_proper_labels)
{
	static const char *const wrong[] = { "a@.jp", "a@b..jp", "a@b.jp.",
	    "a@-b.jp", "a@b-.jp", "a@b_c.jp", "a@b.123", "a@127.0.0.1",
	    "a@b/c", "a@b%c" };

	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_refused(akita_mail_check, wrong[i], "domain");
}

TEST(the_parts_of_an_address_have_their_limits)
{
	char mail[420];

	snprintf(mail, sizeof(mail), "%s@b.jp", letters(64));
	assert_good(akita_mail_check, mail);
	snprintf(mail, sizeof(mail), "%s@b.jp", letters(65));
	assert_refused(akita_mail_check, mail, "64");
	snprintf(mail, sizeof(mail), "a@%s.jp", letters(63));
	assert_good(akita_mail_check, mail);
	snprintf(mail, sizeof(mail), "a@%s.jp", letters(64));
	assert_refused(akita_mail_check, mail, "domain");
	snprintf(mail, sizeof(mail), "a@%s", letters(252));
	for (size_t i = 40; i < 240; i += 40)
		mail[i] = '.';
	assert_int_equal(strlen(mail), 254);
	assert_good(akita_mail_check, mail);
	mail[254] = 'a';
	mail[255] = '\0';
	assert_refused(akita_mail_check, mail, "254 bytes");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    account_names_are_1_to_64_bytes_of_clean_utf8),
		cmocka_unit_test(
		    display_names_are_up_to_96_bytes_of_clean_utf8),
		cmocka_unit_test(form_numbers_are_1_to_32_bytes_of_clean_utf8),
		cmocka_unit_test(notes_are_up_to_200_bytes_of_clean_utf8),
		cmocka_unit_test(branch_codes_are_1_to_16_plain_characters),
		cmocka_unit_test(plain_mail_addresses_are_accepted),
		cmocka_unit_test(
		    addresses_that_carriers_gave_out_are_accepted),
		cmocka_unit_test(
		    what_could_inject_a_header_or_an_argument_is_refused),
		cmocka_unit_test(an_address_has_one_at_sign_and_two_sides),
		cmocka_unit_test(a_domain_is_made_of_proper_labels),
		cmocka_unit_test(the_parts_of_an_address_have_their_limits),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
