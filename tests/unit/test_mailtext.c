/* Mails are well-formed whatever stands in templates and names. */
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "common/mailtext.h"

static const char template[] = "# a comment\nSubject: お知らせ @NAME@\n\n"
    "@NAME@ 様\nサービスID：@SERVICE_ID@\n期限：@EXPIRES@\n\nuser@example.jp\n";

static struct akita_mail
usual_mail(void)
{
	struct akita_mail mail = {
		.from = "otp@example.jp", .from_name = "秋田県信用組合",
		.to = "hanako@example.jp", .date_s = 1700000000,
		.id = "1700000000-issued-00ff", .service_name = "Akita",
		.service_id = "AKITA", .user_id = "1000001",
		.user = "hanako", .name = "秋田 花子", .contact = "0120",
		.expires = "2023年11月28日",
	};

	return mail;
}

/* ---- reading a mail again ---- */

static size_t
unbase64(const char *text, size_t len, char *ret)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	size_t n = 0, i, got = 0;
	const char *p;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n' || text[i] == '=')
			continue;
		p = strchr(digits, text[i]);
		assert_non_null(p);
		bits = bits << 6 | (uint32_t)(p - digits);
		if ((got += 6) >= 8)
			ret[n++] = (char)(bits >> (got -= 8) & 0xff);
	}
	ret[n] = '\0';
	return n;
}

/* The decoded value of a header; each encoded word holds whole characters. */
static const char *
header(const char *mail, const char *name)
{
	static char value[4096];
	const char *p = mail, *end = strstr(mail, "\n\n"), *close;
	size_t n = 0, word;

	while (p < end && strncmp(p, name, strlen(name)) != 0)
		p = strchr(p, '\n') + 1;
	assert_true(p < end);
	for (p += strlen(name); p <= end && (*p != '\n' || p[1] == ' ');) {
		if (strncmp(p, "=?UTF-8?B?", 10) == 0) {
			close = strstr(p + 10, "?=");
			assert_non_null(close);
			assert_true(close + 2 - p <= 75);
			word = unbase64(p + 10, (size_t)(close - p) - 10,
			    value + n);
			assert_true((value[n] & 0xc0) != 0x80);
			n += word;
			p = close + 2;
			if (strncmp(p, "\n =?", 4) == 0)
				p += 2;
		} else {
			value[n++] = *p++;
		}
	}
	value[n] = '\0';
	return value;
}

static const char *
body(const char *mail)
{
	static char text[8192];
	const char *p = strstr(mail, "\n\n");

	assert_non_null(p);
	p += 2;
	if (strstr(mail, "Transfer-Encoding: base64") == NULL)
		(void)snprintf(text, sizeof(text), "%s", p);
	else
		(void)unbase64(p, strlen(p), text);
	return text;
}

/* Nothing but the headers that belong there, in lines of at most 76. */
static void
assert_well_formed(const char *mail)
{
	static const char *const names[] = { "From: ", "To: ", "Subject: ",
	    "Date: ", "Message-ID: ", "Auto-Submitted: ", "MIME-Version: ",
	    "Content-Type: ", "Content-Transfer-Encoding: " };
	const char *p = mail, *end = strstr(mail, "\n\n");
	size_t seen[COUNT(names)] = { 0 }, i;

	assert_non_null(end);
	for (; p <= end; p = strchr(p, '\n') + 1) {
		assert_true(strcspn(p, "\n") <= 76);
		for (i = 0; i < COUNT(names); i++)
			if (strncmp(p, names[i], strlen(names[i])) == 0)
				break;
		if (i < COUNT(names))
			seen[i]++;
		else
			assert_int_equal(*p, ' ');
	}
	for (i = 0; i < COUNT(names); i++)
		assert_int_equal(seen[i], 1);
	for (p = mail; *p != '\0'; p++)
		assert_true(*p == '\n' || (*p >= ' ' && *p < 0x7f));
}

static const char *
rendered(const struct akita_mail *mail)
{
	static char text[AKITA_MAIL_TEXT];
	struct akita_why why = { 0 };
	enum akita_rc rc = akita_mailtext_render(template, mail, text, &why);

	if (rc != AKITA_OK)
		print_error("%s\n", sentence(&why));
	assert_int_equal(rc, AKITA_OK);
	assert_well_formed(text);
	return text;
}

/* ---- the tests ---- */

TEST(a_mail_has_its_headers_and_its_text)
{
	struct akita_mail mail = usual_mail();
	const char *text = rendered(&mail);

	assert_string_equal(header(text, "Subject: "), "お知らせ 秋田 花子");
	assert_string_equal(header(text, "From: "),
	    "秋田県信用組合\n <otp@example.jp>");
	assert_string_equal(header(text, "To: "), "hanako@example.jp");
	assert_string_equal(header(text, "Date: "),
	    "Tue, 14 Nov 2023 22:13:20 +0000");
	assert_string_equal(header(text, "Message-ID: "),
	    "<1700000000-issued-00ff@example.jp>");
	assert_string_equal(body(text), "秋田 花子 様\nサービスID：AKITA\n"
	    "期限：2023年11月28日\n\nuser@example.jp\n");
}

TEST(a_plain_english_mail_stays_readable)
{
	struct akita_mail mail = usual_mail();
	char text[AKITA_MAIL_TEXT];

	mail.from_name = "Akita Kenshin";
	assert_int_equal(akita_mailtext_render("Subject: One-time passwords\n"
	    "\nDear @USER@,\nhello\n", &mail, text, NULL), AKITA_OK);
	assert_well_formed(text);
	assert_non_null(strstr(text, "\nSubject: One-time passwords\n"));
	assert_non_null(strstr(text, "From: Akita Kenshin\n"));
	assert_non_null(strstr(text, "Transfer-Encoding: 7bit\n\n"
	    "Dear hanako,\nhello\n"));
}

TEST(a_line_with_a_variable_without_value_is_left_out)
{
	struct akita_mail mail = usual_mail();

	mail.expires = "";
	assert_null(strstr(body(rendered(&mail)), "期限"));
	mail.expires = NULL;
	mail.service_id = NULL;
	assert_string_equal(body(rendered(&mail)),
	    "秋田 花子 様\n\nuser@example.jp\n");
}

TEST(no_value_begins_a_header_or_hides_text)
{
	static const char *const values[] = {
		"x\r\nBcc: evil@example.jp", "x\nBcc: evil@example.jp",
		"x\rBcc: e", "\x7f\x01\x1b[31m", "\xe2\x80\xae" "evil",
		"\xff\xfe\x80", "\xc2\x85" "next", "=?UTF-8?B?QmNjOg==?=",
		"<evil@example.jp>", "\"quoted\" (comment) , ; :",
		"=?iso-8859-1?Q?x?=", "a@b", "\xe2\x80\xa8" "line",
	};

	for (size_t i = 0; i < COUNT(values); i++) {
		struct akita_mail mail = usual_mail();
		const char *text;

		mail.name = values[i];
		mail.from_name = values[i];
		mail.contact = values[i];
		text = rendered(&mail);
		assert_null(strstr(text, "\nBcc:"));
		assert_null(strpbrk(header(text, "Subject: "),
		    "\r\n\x1b\x7f"));
		assert_null(strstr(body(text), "\nBcc:"));
		assert_null(strstr(text, "=?iso-8859-1"));
	}
}

TEST(long_names_are_folded_between_whole_characters)
{
	struct akita_mail mail = usual_mail();
	char name[400] = "";

	for (int i = 0; i < 64; i++) {
		strcat(name, i % 3 == 0 ? "a" : i % 3 == 1 ? "秋" : "𠮷");
		mail.name = name;
		mail.from_name = name;
		assert_string_equal(header(rendered(&mail), "Subject: ") +
		    strlen("お知らせ "), name);
	}
}

TEST(ten_thousand_characters_are_refused_not_cut)
{
	struct akita_mail mail = usual_mail();
	char *vast = calloc(1, 10001), text[AKITA_MAIL_TEXT] = "old";
	struct akita_why why = { 0 };

	assert_non_null(vast);
	memset(vast, 'x', 10000);
	mail.name = vast;
	assert_int_equal(akita_mailtext_render(template, &mail, text, &why),
	    AKITA_ERR_MALFORMED);
	assert_string_not_equal(sentence(&why), "");
	assert_string_equal(text, "");
	free(vast);
}

TEST(addresses_that_are_none_are_refused)
{
	static const char *const bad[] = { "", "x", "a@b\nBcc: c@d",
	    "a@b\r\n", "-oQ/tmp@example.jp", "a b@example.jp", "<a@b.jp>",
	    "a@b,c@d", "|sh@example.jp" };
	char text[AKITA_MAIL_TEXT];

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct akita_mail mail = usual_mail();

		mail.to = bad[i];
		assert_int_equal(akita_mailtext_render(template, &mail, text,
		    NULL), AKITA_ERR_USAGE);
		mail.to = "hanako@example.jp";
		mail.from = bad[i];
		assert_int_equal(akita_mailtext_render(template, &mail, text,
		    NULL), AKITA_ERR_USAGE);
	}
}

TEST(ids_and_dates_that_are_none_are_refused)
{
	struct akita_mail mail = usual_mail();
	char text[AKITA_MAIL_TEXT];

	mail.id = "a>b";
	assert_int_equal(akita_mailtext_render(template, &mail, text, NULL),
	    AKITA_ERR_USAGE);
	mail.id = "";
	assert_int_equal(akita_mailtext_render(template, &mail, text, NULL),
	    AKITA_ERR_USAGE);
	mail = usual_mail();
	mail.date_s = -1;
	assert_int_equal(akita_mailtext_render(template, &mail, text, NULL),
	    AKITA_ERR_USAGE);
	mail.date_s = INT64_C(253402300800);
	assert_int_equal(akita_mailtext_render(template, &mail, text, NULL),
	    AKITA_ERR_USAGE);
	mail.date_s = INT64_C(253402300799);
	assert_string_equal(header(rendered(&mail), "Date: "),
	    "Fri, 31 Dec 9999 23:59:59 +0000");
}

TEST(a_template_that_is_none_is_refused)
{
	static const char *const bad[] = { "", "\n\nbody\n", "Subject: x\n",
	    "Subject: \n\nbody\n", "subject: x\n\nbody\n", "# only\n", "#",
	    "Subject: x\nTo: y\n\nbody\n", "Subject: x\r\n\r\nbody\r\n",
	    "Subject: x\n\n\xff\n", "Subject: x\n\n\x1b[1m\n",
	    "Subject: x\n\n@SECRET@\n", "Subject: @CODE@\n\nbody\n",
	    "\xef\xbb\xbfSubject: x\n\nbody\n" };
	struct akita_mail mail = usual_mail();
	struct akita_why why;
	char text[AKITA_MAIL_TEXT];

	for (size_t i = 0; i < COUNT(bad); i++) {
		memset(&why, 0, sizeof(why));
		assert_int_equal(akita_mailtext_render(bad[i], &mail, text,
		    &why), AKITA_ERR_MALFORMED);
		assert_string_not_equal(sentence(&why), "");
	}
	assert_int_equal(akita_mailtext_render("Subject: x\n\na@B@ @ @@ @B\n",
	    &mail, text, &why), AKITA_ERR_MALFORMED);
	assert_int_equal(akita_mailtext_render("Subject: x\n\na@b@ @ @@ @B\n",
	    &mail, text, &why), AKITA_OK);
	assert_string_equal(body(text), "a@b@ @ @@ @B\n");
}

TEST(the_recipient_is_read_from_the_head_only)
{
	char to[AKITA_MAIL_MAX + 1];
	struct akita_mail mail = usual_mail();

	akita_mailtext_to(rendered(&mail), to);
	assert_string_equal(to, "hanako@example.jp");
	akita_mailtext_to("Subject: x\n\nTo: a@example.jp\n\n", to);
	assert_string_equal(to, "");
	akita_mailtext_to("From: x\nTo: -oX@example.jp\n\nbody\n", to);
	assert_string_equal(to, "");
	akita_mailtext_to("", to);
	assert_string_equal(to, "");
}

TEST(kinds_have_their_names)
{
	static const char *const names[] = { "registered", "issued",
	    "issued-notice", "activated", "locked", "suspended", "resumed",
	    "released" };
	enum akita_mail_kind kind = AKITA_MAIL_KIND_COUNT;

	assert_int_equal(COUNT(names), AKITA_MAIL_KIND_COUNT);
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_string_equal(akita_mail_kind_name(
		    (enum akita_mail_kind)i), names[i]);
		assert_true(akita_mail_kind_parse(names[i], &kind));
		assert_int_equal(kind, i);
	}
	assert_string_equal(akita_mail_kind_name(AKITA_MAIL_KIND_COUNT), "?");
	assert_false(akita_mail_kind_parse("login", &kind));
}

/* The source tree's templates, which are installed. */
static const char *
shipped(const char *name)
{
	static char text[AKITA_MAIL_TEMPLATE];
	const char *src = getenv("AKITA_SRC");
	char path[4096];
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/etc/mail/%s",
	    src != NULL ? src : ".", name);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof(text), f);
	assert_true(n < sizeof(text));
	text[n] = '\0';
	assert_int_equal(fclose(f), 0);
	return text;
}

TEST(every_shipped_template_makes_a_mail_without_link_or_left_variable)
{
	static const char *const langs[] = { "ja", "en" };
	char text[AKITA_MAIL_TEXT], file[64], longest[257], name[97];
	struct akita_mail mail = usual_mail();
	struct akita_why why = { 0 };

	memset(longest, 'w', 256);
	longest[256] = '\0';
	memset(name, 'n', 96);
	name[96] = '\0';
	mail.contact = longest;
	mail.name = name;
	for (int kind = 0; kind < AKITA_MAIL_KIND_COUNT; kind++)
		for (size_t i = 0; i < COUNT(langs); i++) {
			(void)snprintf(file, sizeof(file), "%s.%s.txt",
			    akita_mail_kind_name((enum akita_mail_kind)kind),
			    langs[i]);
			if (akita_mailtext_render(shipped(file), &mail, text,
			    &why) != AKITA_OK)
				fail_msg("%s: %s", file, sentence(&why));
			assert_well_formed(text);
			assert_non_null(strstr(body(text), name));
			assert_null(strchr(body(text), '@'));
			assert_null(strstr(body(text), "://"));
			assert_true(strlen(text) < AKITA_MAIL_TEXT * 2 / 3);
			assert_int_equal(strstr(body(text), "1000001") != NULL,
			    kind == AKITA_MAIL_ISSUED ||
			    kind == AKITA_MAIL_RELEASED);
		}
}

TEST(an_administrators_template_comes_before_the_installed_one)
{
	static const struct akita_trust ours = { .root_only = false };
	char one[] = "/tmp/akita-otp-unit-XXXXXX";
	char two[] = "/tmp/akita-otp-unit-XXXXXX";
	const char *const dirs[] = { one, two, NULL };
	char text[AKITA_MAIL_TEMPLATE], path[64];
	struct akita_why why = { 0 };
	FILE *f;

	assert_non_null(mkdtemp(one));
	assert_non_null(mkdtemp(two));
	assert_int_equal(akita_mailtext_template(AKITA_MAIL_LOCKED,
	    AKITA_LANG_EN, dirs, &ours, text, &why), AKITA_ERR_MISSING);
	(void)snprintf(path, sizeof(path), "%s/locked.en.txt", two);
	assert_non_null(f = fopen(path, "w"));
	assert_true(fputs("two", f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(akita_mailtext_template(AKITA_MAIL_LOCKED,
	    AKITA_LANG_EN, dirs, &ours, text, &why), AKITA_OK);
	assert_string_equal(text, "two");
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof(path), "%s/locked.en.txt", one);
	assert_non_null(f = fopen(path, "w"));
	for (int i = 0; i < AKITA_MAIL_TEMPLATE; i++)
		assert_int_equal(fputc('x', f), 'x');
	assert_int_equal(fclose(f), 0);
	assert_int_equal(akita_mailtext_template(AKITA_MAIL_LOCKED,
	    AKITA_LANG_EN, dirs, &ours, text, &why), AKITA_ERR_MALFORMED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(one), 0);
	assert_int_equal(rmdir(two), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_has_its_headers_and_its_text),
		cmocka_unit_test(a_plain_english_mail_stays_readable),
		cmocka_unit_test(
		    a_line_with_a_variable_without_value_is_left_out),
		cmocka_unit_test(no_value_begins_a_header_or_hides_text),
		cmocka_unit_test(
		    long_names_are_folded_between_whole_characters),
		cmocka_unit_test(ten_thousand_characters_are_refused_not_cut),
		cmocka_unit_test(addresses_that_are_none_are_refused),
		cmocka_unit_test(ids_and_dates_that_are_none_are_refused),
		cmocka_unit_test(a_template_that_is_none_is_refused),
		cmocka_unit_test(the_recipient_is_read_from_the_head_only),
		cmocka_unit_test(kinds_have_their_names),
		cmocka_unit_test(
		    every_shipped_template_makes_a_mail_without_link_or_left_variable),
		cmocka_unit_test(
		    an_administrators_template_comes_before_the_installed_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
