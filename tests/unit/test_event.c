/* One event is one line of the same fields in the same order, and nothing in a
 * value can end the line or start another field. */
#include "tests/unit/unit.h"

#include <stdbool.h>
#include <syslog.h>

#include "common/event.h"

static const char *
line_of(const struct akita_log_event *event)
{
	static char buf[AKITA_EVENT_LINE];

	return akita_event_text(event, buf);
}

TEST(a_known_event_is_written_in_fixed_order)
{
	const struct akita_log_event event = { .event = "login",
		.user = "alice", .service = "sshd", .rhost = "192.0.2.7",
		.result = "rejected", .reason = "wrong", .failures = 3 };

	assert_string_equal(line_of(&event), "event=login user=alice "
	    "service=sshd rhost=192.0.2.7 result=rejected reason=wrong "
	    "failures=3");
}

TEST(what_is_not_known_keeps_its_place)
{
	const struct akita_log_event event = { .event = "login", .rhost = "",
		.failures = -1 };

	assert_string_equal(line_of(&event), "event=login user=? service=- "
	    "rhost=- result=- reason=- failures=-");
}

TEST(a_value_that_looks_like_not_known_is_told_from_it)
{
	const struct akita_log_event event = { .event = "login", .user = "?",
		.service = "-", .failures = 0 };

	assert_non_null(strstr(line_of(&event),
	    "user=\\x3f service=\\x2d rhost=-"));
	assert_non_null(strstr(line_of(&event), "failures=0"));
}

TEST(nothing_in_a_value_ends_the_line_or_starts_a_field)
{
	static const struct {
		const char *user, *written;
	} cases[] = {
		{ "a result=accepted", "user=a\\x20result\\x3daccepted " },
		{ "a\nevent=login", "user=a\\x0aevent\\x3dlogin " },
		{ "a\r\t\x01\x7f", "user=a\\x0d\\x09\\x01\\x7f " },
		{ "a\"b'c\\d`e", "user=a\\x22b\\x27c\\x5cd\\x60e " },
		{ "\xe5\xb1\xb1", "user=\\xe5\\xb1\\xb1 " },
		{ "%s%n", "user=%s%n " },
		{ "CORP\\bob@x", "user=CORP\\x5cbob@x " },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct akita_log_event event = { .event = "login",
			.user = cases[i].user, .failures = -1 };

		assert_non_null(strstr(line_of(&event), cases[i].written));
	}
}

/* How often a key stands in a line as a field. */
static unsigned int
count_fields(const char *line, const char *key)
{
	unsigned int n = 0;

	for (const char *p = line; (p = strstr(p, key)) != NULL; p++)
		if (p == line || p[-1] == ' ')
			n++;
	return n;
}

TEST(the_longest_values_leave_every_field_in_its_place)
{
	static char longest[5000];
	struct akita_why why = { .msgid = NULL };
	const struct akita_log_event event = { .event = longest,
		.user = longest, .service = longest, .rhost = longest,
		.result = longest, .reason = longest, .failures = 2147483647,
		.by = longest, .why = &why };
	static const char *const keys[] = { "event=", "user=", "service=",
		"rhost=", "result=", "reason=", "failures=2147483647", "by=" };

	for (int byte = 1; byte < 256; byte++) {
		const char *line;

		memset(longest, byte, sizeof(longest) - 1);
		(void)akita_fail(&why, AKITA_ERR_IO, "%s %s %s %s", longest,
		    longest, longest, longest, NULL);
		line = line_of(&event);
		assert_true(strlen(line) < AKITA_EVENT_LINE);
		for (size_t i = 0; i < COUNT(keys); i++)
			assert_int_equal(count_fields(line, keys[i]), 1);
		for (const char *p = line; *p != '\0'; p++)
			assert_true(*p >= ' ' && *p < 0x7f);
		assert_int_equal(count_fields(line, "detail=\""), 1);
		assert_int_equal(line[strlen(line) - 1], '"');
	}
}

TEST(who_ran_a_command_and_why_it_failed_come_last)
{
	struct akita_why why;
	const struct akita_log_event event = { .event = "issue",
		.user = "alice", .service = "otpadm", .result = "error",
		.failures = -1, .by = "hanako", .why = &why };

	(void)akita_fail(&why, AKITA_ERR_DATABASE, "%s is \"damaged\"",
	    "/var/lib/a b result=ok\\", NULL);
	assert_string_equal(line_of(&event), "event=issue user=alice "
	    "service=otpadm rhost=- result=error reason=- failures=- "
	    "by=hanako detail=\"/var/lib/a b result\\x3dok\\x5c is "
	    "\\x22damaged\\x22\"");
	why.msgid = NULL;
	assert_null(strstr(line_of(&event), "detail"));
}

struct taken {
	int	priority;
	char	text[AKITA_EVENT_LINE];
	int	calls;
};

static void
take(void *ctx, int priority, const char *text)
{
	struct taken *taken = ctx;

	taken->priority = priority;
	(void)strcpy(taken->text, text);
	taken->calls++;
}

TEST(an_event_goes_to_the_log_with_its_priority)
{
	struct taken taken = { .calls = 0 };
	const struct akita_log log = { .line = take, .ctx = &taken };
	const struct akita_log none = { .line = NULL };
	const struct akita_log_event event = { .event = "lock",
		.failures = 10 };

	akita_event_send(&log, LOG_WARNING, &event);
	assert_int_equal(taken.calls, 1);
	assert_int_equal(taken.priority, LOG_WARNING);
	assert_string_equal(taken.text, line_of(&event));
	akita_event_send(NULL, LOG_WARNING, &event);
	akita_event_send(&none, LOG_WARNING, &event);
	assert_int_equal(taken.calls, 1);
}

static struct taken to_syslog;

void __wrap_syslog(int priority, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void __wrap___syslog_chk(int priority, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void
__wrap_syslog(int priority, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(to_syslog.text, sizeof(to_syslog.text), format, ap);
	va_end(ap);
	to_syslog.priority = priority;
	to_syslog.calls++;
}

void
__wrap___syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list ap;

	(void)flag;
	va_start(ap, format);
	(void)vsnprintf(to_syslog.text, sizeof(to_syslog.text), format, ap);
	va_end(ap);
	to_syslog.priority = priority;
	to_syslog.calls++;
}

TEST(syslog_gets_facility_and_level_and_no_format)
{
	const int facility = LOG_LOCAL3;
	const struct akita_log log = akita_event_syslog(&facility);
	const struct akita_log_event event = { .event = "lock",
		.user = "%s%n", .failures = -1 };

	akita_event_send(&log, LOG_NOTICE, &event);
	assert_int_equal(to_syslog.calls, 1);
	assert_int_equal(to_syslog.priority, LOG_LOCAL3 | LOG_NOTICE);
	assert_string_equal(to_syslog.text, line_of(&event));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_event_is_written_in_fixed_order),
		cmocka_unit_test(what_is_not_known_keeps_its_place),
		cmocka_unit_test(
		    a_value_that_looks_like_not_known_is_told_from_it),
		cmocka_unit_test(
		    nothing_in_a_value_ends_the_line_or_starts_a_field),
		cmocka_unit_test(
		    the_longest_values_leave_every_field_in_its_place),
		cmocka_unit_test(
		    who_ran_a_command_and_why_it_failed_come_last),
		cmocka_unit_test(an_event_goes_to_the_log_with_its_priority),
		cmocka_unit_test(syslog_gets_facility_and_level_and_no_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
