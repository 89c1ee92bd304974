/* akita-otp.conf: which lines there are, which errors, which files are read. */
#include "tests/unit/parsing.h"

static const struct akita_trust policy = { .root_only = false };

TEST(unknown_names_are_errors)
{
	bad("[service]\nservice-id = A\n", 2, "no key service-id in section "
	    "[service]");
	bad("[service]\nService_id = A\n", 2, "no key Service_id");
	bad("[token]\nskew = 1\n", 2, "no key skew");
	bad("[tokens]\nskew = 1\nskew = 2\n", 1, "no section [tokens]");
	bad("[Token]\n", 1, "no section [Token]");
	bad("[]\n", 1, "no section []");
	bad("[ token ]\n", 1, "no section [ token ]");
}

TEST(lines_that_are_nothing_are_errors)
{
	bad("[token]\ndigits\n", 2, "NAME = VALUE");
	bad("[token]\ndigits: 6\n", 2, "NAME = VALUE");
	bad("[token]\n= 6\n", 2, "NAME = VALUE");
	bad("[token]\ndi gits = 6\n", 2, "NAME = VALUE");
	bad("[token]\ndigits ; = 6\n", 2, "NAME = VALUE");
	bad("[token\n", 1, "[SECTION] and nothing else");
	bad("[token] x\n", 1, "[SECTION] and nothing else");
	bad("[token] # the token\n", 1, "[SECTION] and nothing else");
	bad("token]\n", 1, "NAME = VALUE");
	bad("[\n", 1, "[SECTION] and nothing else");
}

TEST(a_line_is_not_continued_in_the_next)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s = NULL;

	bad("[policy]\ntrusted_callers = a\n  b c\n", 3, "NAME = VALUE");
	bad("[service]\ncontact = a\\\nb\n", 3, "NAME = VALUE");
	s = good("[policy]\n\t max_failures = 3\n");
	assert_int_equal(s->max_failures, 3);
}

TEST(a_comment_behind_a_value_is_part_of_it)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s = NULL;

	bad("[token]\ndigits = 6 # six\n", 2, "a line of its own");
	bad("[token]\ndigits = 6 ; six\n", 2, "a line of its own");
	bad("[mail]\nsendmail = ; none\n", 2, "a line of its own");
	s = good("[service]\ncontact = a ; b # c\n");
	assert_string_equal(s->contact, "a ; b # c");
}

TEST(spaces_blank_lines_and_comments_do_not_count)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s = good(
	    "\n# comment = 1\n;[none]\n  # indented\n\t\n[token]\n"
	    "digits=8\nperiod \t= \t 30 \t \n[token]\nwindow = 0");

	assert_int_equal(s->digits, 8);
	assert_int_equal(s->period_s, 30);
	assert_int_equal(s->window, 0);
}

TEST(bytes_that_are_no_text_are_errors)
{
	static const char nul[] = "[token]\ndigits = 8\0\nperiod = 30\n";
	static const char nul_in_comment[] = "# a\0b\n";

	bad_bytes(nul, sizeof(nul) - 1, 2, "NUL");
	bad_bytes(nul_in_comment, sizeof(nul_in_comment) - 1, 1, "NUL");
	bad("\xef\xbb\xbf[token]\n", 1, "byte order mark");
	bad("[token]\r\n", 1, "Unix line ends");
	bad("# a\rb\n", 1, "carriage return");
	bad("# \xff\n", 1, "not UTF-8");
	bad("[service]\nissuer = \xc0\xaf\n", 2, "not UTF-8");
	bad("[service]\nissuer = \xed\xa0\x80\n", 2, "not UTF-8");
	bad("[service]\nissuer = \xe7\xa7\n", 2, "not UTF-8");
}

TEST(a_line_has_at_most_1023_bytes)
{
	static char text[20000];
	AKITA_SETTINGS_AUTO struct akita_settings *s = NULL;

	text[0] = '#';
	memset(text + 1, 'x', 1022);
	(void)strcpy(text + 1023, "\n[token]\ndigits = 8\n");
	s = good(text);
	assert_int_equal(s->digits, 8);
	text[1023] = 'x';
	(void)strcpy(text + 1024, "\n[token]\ndigits = 8\n");
	bad(text, 1, "longer than 1023");
	memset(text, 'x', 10000);
	text[10000] = '\0';
	bad(text, 1, "longer than 1023");
	(void)strcpy(text + 10000, "\n[token]\ndigits = 9\n");
	assert_null(parse_bytes(text, strlen(text)));
	assert_int_equal(report.n, 2);
	assert_int_equal(report.problem[1].line, 3);
}

TEST(a_key_of_any_length_is_only_unknown)
{
	static char text[2000];

	(void)strcpy(text, "[token]\n");
	memset(text + 8, 'd', 900);
	(void)strcpy(text + 908, " = 6\n");
	bad(text, 2, "no key");
	text[8 + 60] = '\0';
	(void)strcat(text, " = 6\n");
	bad(text, 2, "no key");
}

TEST(all_errors_are_collected_with_their_lines)
{
	size_t n = 0;
	char text[4096] = "[token]\n";

	assert_null(parse_bytes("[token]\ndigits = 9\nperiod = 1\nfoo = 1\n"
	    "[bar]\nx = 1\n", 49));
	assert_int_equal(report.n, 4);
	assert_int_equal(report.left_out, 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(report.problem[i].line, i + 2);
	assert_string_equal(why.arg[1], "2");
	for (n = 0; n < AKITA_SETTINGS_PROBLEMS + 5; n++)
		(void)strcat(text, "digits = 9\n");
	assert_null(parse_bytes(text, strlen(text)));
	assert_int_equal(report.n, AKITA_SETTINGS_PROBLEMS);
	assert_int_equal(report.left_out, 5);
}

TEST(mails_need_a_sender)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s = NULL;

	bad("[mail]\nenabled = yes\n", 2, "from");
	s = good("[mail]\nenabled = yes\nfrom = otp@example.jp\n");
	assert_true(s->mail_enabled);
}

TEST(a_key_beside_the_database_is_a_warning_only)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s = NULL, *apart = NULL;

	s = good("[storage]\ndatabase = gdbm:/a/b/db\nkey_file = /a/b/key\n");
	assert_int_equal(report.n, 1);
	assert_true(report.problem[0].is_warning);
	assert_int_equal(report.problem[0].line, 3);
	assert_non_null(strstr(sentence(&report.problem[0].why), "backup"));
	assert_null(why.msgid);
	apart = good("[storage]\ndatabase = gdbm:/a/b/db\n"
	    "key_file = /a/bc/key\n");
	assert_int_equal(report.n, 0);
}

TEST(callers_are_found_by_their_whole_name)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s =
	    good("[policy]\ntrusted_callers = , radius,www-data  nginx ,\n");

	assert_string_equal(s->trusted_callers, "radius www-data nginx");
	assert_true(akita_settings_is_caller(s, "radius"));
	assert_true(akita_settings_is_caller(s, "www-data"));
	assert_true(akita_settings_is_caller(s, "nginx"));
	assert_false(akita_settings_is_caller(s, "radiu"));
	assert_false(akita_settings_is_caller(s, "www"));
	assert_false(akita_settings_is_caller(s, "radius www-data"));
	assert_false(akita_settings_is_caller(s, ""));
}

static enum akita_rc
load(const char *name)
{
	AKITA_SETTINGS_AUTO struct akita_settings *s = NULL;
	enum akita_rc rc;

	memset(&why, 0, sizeof(why));
	rc = akita_settings_load(at(name), &policy, &report, &s, &why);
	assert_true((rc == AKITA_OK) == (s != NULL));
	if (rc != AKITA_OK) {
		assert_non_null(strstr(sentence(&why), at(name)));
		assert_int_equal(report.n, 1);
	}
	return rc;
}

TEST(a_file_is_read_only_if_it_can_be_trusted)
{
	put_file("conf", "[token]\ndigits = 8\n", 0644);
	assert_int_equal(load("conf"), AKITA_OK);
	assert_int_equal(chmod(at("conf"), 0664), 0);
	assert_int_equal(load("conf"), AKITA_ERR_SETTINGS);
	assert_non_null(strstr(sentence(&why), "writable"));
	assert_int_equal(load("none"), AKITA_ERR_SETTINGS);
	assert_non_null(strstr(sentence(&why), "does not exist"));
	assert_int_equal(symlink("conf", at("link")), 0);
	assert_int_equal(load("link"), AKITA_ERR_SETTINGS);
	assert_non_null(strstr(sentence(&why), "symbolic link"));
	assert_int_equal(mkfifo(at("fifo"), 0600), 0);
	assert_int_equal(load("fifo"), AKITA_ERR_SETTINGS);
	assert_int_equal(mkdir(at("dir"), 0700), 0);
	assert_int_equal(load("dir"), AKITA_ERR_SETTINGS);
	put_file("conf", "[token]\ndigits = 9\n", 0600);
	assert_int_equal(load("conf"), AKITA_ERR_SETTINGS);
	assert_non_null(strstr(sentence(&why), "line 2"));
}

TEST(a_file_has_at_most_64_kib)
{
	static char text[65538];

	memset(text, '\n', sizeof(text));
	put_bytes("conf", text, 65536, 0600);
	assert_int_equal(load("conf"), AKITA_OK);
	put_bytes("conf", text, 65537, 0600);
	assert_int_equal(load("conf"), AKITA_ERR_SETTINGS);
	assert_non_null(strstr(sentence(&why), "too large"));
}

TEST(freeing_nothing_is_allowed)
{
	struct akita_settings *none = NULL;

	akita_settings_free(NULL);
	akita_settings_free(&none);
	assert_null(none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_names_are_errors),
		cmocka_unit_test(lines_that_are_nothing_are_errors),
		cmocka_unit_test(a_line_is_not_continued_in_the_next),
		cmocka_unit_test(a_comment_behind_a_value_is_part_of_it),
		cmocka_unit_test(spaces_blank_lines_and_comments_do_not_count),
		cmocka_unit_test(bytes_that_are_no_text_are_errors),
		cmocka_unit_test(a_line_has_at_most_1023_bytes),
		cmocka_unit_test(a_key_of_any_length_is_only_unknown),
		cmocka_unit_test(all_errors_are_collected_with_their_lines),
		cmocka_unit_test(mails_need_a_sender),
		cmocka_unit_test(a_key_beside_the_database_is_a_warning_only),
		cmocka_unit_test(callers_are_found_by_their_whole_name),
		SCRATCH_TEST(a_file_is_read_only_if_it_can_be_trusted),
		SCRATCH_TEST(a_file_has_at_most_64_kib),
		cmocka_unit_test(freeing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
