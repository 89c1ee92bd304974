/* What otpadm says of a sheet arrives as it was said, or is refused by name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/sheet_wire.h"

static const struct akita_sheet whole = {
	.lang = "ja",
	.service_name = "秋田県信用組合",
	.service_id = "AKITA",
	.user_id = "1000001",
	.user = "t-akita",
	.name = "秋田　太郎 = \"A\"",
	.uri = "otpauth://totp/x?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
	.key_groups = "JBSW Y3DP",
	.issued = "2026-11-22",
	.expires = "2026-12-06",
	.contact = "018-000-0000",
	.issuer = "Akita-Kenshin",
	.algorithm = "SHA1",
	.digits = 6,
	.period = 60,
	.max_failures = 10,
	.has_password = true,
	.is_replacement = true,
};

/* Say sheet and hear it again. */
static void
pass_on(const struct akita_sheet *sheet, char buf[AKITA_SHEET_WIRE_MAX + 1],
    struct akita_sheet *ret)
{
	const char *entry = NULL;
	size_t len = 0;

	assert_int_equal(akita_sheet_wire_encode(sheet, buf, &len, &entry),
	    AKITA_OK);
	assert_int_equal(akita_sheet_wire_decode(buf, len, ret, &entry),
	    AKITA_OK);
}

static void
every_entry_arrives_as_it_was_said(void **state)
{
	char buf[AKITA_SHEET_WIRE_MAX + 1];
	struct akita_sheet heard = { 0 };

	(void)state;
	pass_on(&whole, buf, &heard);
	assert_string_equal(heard.lang, whole.lang);
	assert_string_equal(heard.service_name, whole.service_name);
	assert_string_equal(heard.service_id, whole.service_id);
	assert_string_equal(heard.user_id, whole.user_id);
	assert_string_equal(heard.user, whole.user);
	assert_string_equal(heard.name, whole.name);
	assert_string_equal(heard.uri, whole.uri);
	assert_string_equal(heard.key_groups, whole.key_groups);
	assert_string_equal(heard.issued, whole.issued);
	assert_string_equal(heard.expires, whole.expires);
	assert_string_equal(heard.contact, whole.contact);
	assert_string_equal(heard.issuer, whole.issuer);
	assert_string_equal(heard.algorithm, whole.algorithm);
	assert_int_equal(heard.digits, 6);
	assert_int_equal(heard.period, 60);
	assert_int_equal(heard.max_failures, 10);
	assert_true(heard.has_password);
	assert_true(heard.is_replacement);
}

static void
what_may_be_left_out_arrives_as_nothing(void **state)
{
	char buf[AKITA_SHEET_WIRE_MAX + 1];
	struct akita_sheet said = whole, heard = whole;

	(void)state;
	said.name = NULL;
	said.contact = "";
	said.issued = said.expires = NULL;
	said.period = said.max_failures = 0;
	said.has_password = said.is_replacement = false;
	pass_on(&said, buf, &heard);
	assert_null(heard.name);
	assert_null(heard.contact);
	assert_null(heard.issued);
	assert_null(heard.expires);
	assert_int_equal(heard.period, 0);
	assert_int_equal(heard.max_failures, 0);
	assert_false(heard.has_password);
	assert_false(heard.is_replacement);
}

/* Refused, by the name of the entry, with nothing left in the buffer. */
static void
assert_refused(const struct akita_sheet *sheet, const char *name)
{
	char buf[AKITA_SHEET_WIRE_MAX];
	const char *entry = "";
	struct akita_why why = { 0 };
	size_t len = 7;

	assert_int_equal(akita_sheet_wire_encode(sheet, buf, &len, &entry),
	    AKITA_ERR_USAGE);
	assert_string_equal(entry, name);
	assert_int_equal(len, 7);
	for (size_t i = 0; i < sizeof(buf); i++)
		assert_int_equal(buf[i], 0);
	assert_int_equal(akita_sheet_write(sheet, "/nonexistent", -1, &why),
	    AKITA_ERR_USAGE);
	assert_string_equal(why.arg[0], name);
	assert_non_null(strstr(why.msgid, "missing, too long"));
}

static void
an_entry_that_cannot_be_said_is_refused_by_name(void **state)
{
	char text[1025];
	struct akita_sheet sheet = whole;

	(void)state;
	sheet.uri = NULL;
	assert_refused(&sheet, "uri");
	sheet = whole;
	sheet.key_groups = "";
	assert_refused(&sheet, "key_groups");
	sheet = whole;
	sheet.name = "a\nuser=b";
	assert_refused(&sheet, "name");
	sheet = whole;
	sheet.contact = "\xe7\xa7";
	assert_refused(&sheet, "contact");
	sheet = whole;
	sheet.lang = "de";
	assert_refused(&sheet, "lang");
	sheet = whole;
	sheet.digits = 9;
	assert_refused(&sheet, "digits");
	sheet = whole;
	sheet.digits = 5;
	assert_refused(&sheet, "digits");
	sheet = whole;
	memset(text, 'x', sizeof(text));
	text[1024] = '\0';
	sheet.name = text;
	assert_refused(&sheet, "name");
}

static void
entries_that_do_not_fit_together_are_refused(void **state)
{
	char text[1024];
	const struct akita_sheet sheet = {
		.lang = "en", .service_name = text, .service_id = text,
		.user_id = text, .user = text, .name = text, .uri = text,
		.key_groups = text, .issued = text, .issuer = text,
		.algorithm = text, .digits = 6,
	};

	(void)state;
	memset(text, 'x', sizeof(text));
	text[1023] = '\0';
	/* Each has the length that is allowed; the eighth is too much. */
	assert_refused(&sheet, "issued");
}

static void
a_client_without_descriptors_says_so(void **state)
{
	struct rlimit limit, none = { 0, 0 };
	struct akita_why why = { 0 };
	enum akita_rc rc = AKITA_ERR_INTERNAL;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none.rlim_max = limit.rlim_max;
	none.rlim_cur = 3;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	rc = akita_sheet_write(&whole, "/bin/false", STDOUT_FILENO, &why);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(rc, AKITA_ERR_IO);
	assert_string_equal(why.arg[0], "/bin/false");
	assert_string_equal(why.arg[1], "Too many open files");
}

static void
a_cut_description_is_malformed_at_every_byte(void **state)
{
	char said[AKITA_SHEET_WIRE_MAX], buf[AKITA_SHEET_WIRE_MAX + 1];
	struct akita_sheet heard = { 0 };
	const char *entry = NULL;
	size_t len = 0, cut;

	(void)state;
	assert_int_equal(akita_sheet_wire_encode(&whole, said, &len, &entry),
	    AKITA_OK);
	for (cut = 0; cut < len; cut++) {
		memcpy(buf, said, cut);
		assert_int_equal(akita_sheet_wire_decode(buf, cut, &heard,
		    &entry), AKITA_ERR_MALFORMED);
	}
	assert_null(heard.lang);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_arrives_as_it_was_said),
		cmocka_unit_test(what_may_be_left_out_arrives_as_nothing),
		cmocka_unit_test(
		    an_entry_that_cannot_be_said_is_refused_by_name),
		cmocka_unit_test(entries_that_do_not_fit_together_are_refused),
		cmocka_unit_test(a_client_without_descriptors_says_so),
		cmocka_unit_test(a_cut_description_is_malformed_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
