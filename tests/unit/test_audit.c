/* A record of the audit log: who did what to whom, as JSON that anybody can
 * read. */
#include "tests/unit/auditing.h"

#include <jansson.h>
#include <time.h>

static const struct akita_actor nobody = { .loginuid = -1 };

TEST(a_record_names_who_did_what_to_whom)
{
	const struct akita_audit_record record = record_of("alice", NULL);

	assert_string_equal(body_of(&record),
	    "\"time\":\"2026-11-22T13:40:00Z\",\"actor\":{\"loginuid\":1000,"
	    "\"user\":\"root\",\"sudo_user\":\"hanako\","
	    "\"tty\":\"/dev/pts/3\"},\"account\":\"alice\","
	    "\"user_id\":\"1000001\",\"event\":\"suspend\","
	    "\"from\":\"active\",\"to\":\"suspended\",\"reason\":\"lost\","
	    "\"form\":\"A-17\",\"note\":null");
}

TEST(what_is_not_known_is_null)
{
	const struct akita_audit_record record = { .actor = &nobody,
		.event = "init" };

	assert_string_equal(body_of(&record),
	    "\"time\":\"1970-01-01T00:00:00Z\",\"actor\":{\"loginuid\":null,"
	    "\"user\":null,\"sudo_user\":null,\"tty\":null},"
	    "\"account\":null,\"user_id\":null,\"event\":\"init\","
	    "\"from\":null,\"to\":null,\"reason\":null,\"form\":null,"
	    "\"note\":null");
}

TEST(times_are_those_of_the_calendar)
{
	struct akita_audit_record record = record_of("alice", NULL);
	char wanted[64];

	for (int64_t day = 0; day < 2932896; day += 97) {
		time_t t = (time_t)(day * 86400 + day % 86400);
		struct tm tm;

		assert_non_null(gmtime_r(&t, &tm));
		assert_int_not_equal(strftime(wanted, sizeof(wanted),
		    "\"time\":\"%Y-%m-%dT%H:%M:%SZ\"", &tm), 0);
		record.time_s = t;
		assert_memory_equal(body_of(&record), wanted, strlen(wanted));
	}
	record.time_s = 1709164800;	/* a leap day */
	assert_non_null(strstr(body_of(&record), "2024-02-29T00:00:00Z"));
	record.time_s = 253402300799;
	assert_non_null(strstr(body_of(&record), "9999-12-31T23:59:59Z"));
}

TEST(a_time_without_a_year_is_refused)
{
	char body[AKITA_AUDIT_BODY];
	struct akita_audit_record record = record_of("alice", NULL);

	record.time_s = -1;
	assert_int_equal(akita_audit_compose(&record, body, &why),
	    AKITA_ERR_USAGE);
	record.time_s = 253402300800;
	assert_int_equal(akita_audit_compose(&record, body, &why),
	    AKITA_ERR_USAGE);
}

/* The line of a record as JSON. */
static json_t *
json_of(const struct akita_audit_record *record)
{
	struct akita_audit_head head = { .number = 41 };
	char line[AKITA_AUDIT_LINE];
	json_error_t error;
	json_t *json;

	assert_int_equal(akita_audit_finish(ring, crypto, &head,
	    body_of(record), line, &head, &why), AKITA_OK);
	assert_int_equal(head.number, 42);
	assert_int_equal(strcspn(line, "\n"), strlen(line) - 1);
	json = json_loads(line, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(json);
	assert_int_equal(json_integer_value(json_object_get(json, "n")), 42);
	return json;
}

TEST(every_character_survives_as_json)
{
	static const char *const notes[] = { "", "\"}],\\", "a\nb\r\t\x01\x7f",
		"\xe7\xa7\x8b\xe7\x94\xb0\xe7\x9c\x8c", "\xf0\x9f\x94\x91",
		"\xe2\x80\xae turned", "\",\"mac\":\"00\"}", "%s%n" };

	for (size_t i = 0; i < COUNT(notes); i++) {
		const struct akita_audit_record record = record_of("alice",
		    notes[i]);
		json_t *json = json_of(&record);

		assert_string_equal(json_string_value(json_object_get(json,
		    "note")), notes[i]);
		json_decref(json);
	}
}

TEST(a_claim_that_is_no_utf8_is_kept_readable)
{
	struct akita_actor strange = actor;
	struct akita_audit_record record = record_of("alice", NULL);
	json_t *json;

	(void)strcpy(strange.sudo_user, "h\xff\xfe\"");
	record.actor = &strange;
	json = json_of(&record);
	assert_string_equal(json_string_value(json_object_get(
	    json_object_get(json, "actor"), "sudo_user")),
	    "h\xef\xbf\xbd\xef\xbf\xbd\"");
	json_decref(json);
}

TEST(text_that_is_too_long_or_no_utf8_is_refused)
{
	char body[AKITA_AUDIT_BODY], note[258];
	struct akita_audit_record record = record_of("alice", "\xff");

	assert_int_equal(akita_audit_compose(&record, body, &why),
	    AKITA_ERR_USAGE);
	assert_non_null(strstr(sentence(&why), "note"));
	memset(note, 'n', sizeof(note));
	note[257] = '\0';
	record.note = note;
	assert_int_equal(akita_audit_compose(&record, body, &why),
	    AKITA_ERR_USAGE);
	note[256] = '\0';
	assert_int_equal(akita_audit_compose(&record, body, &why), AKITA_OK);
	memset(note, '\x01', 256);
	record.reason = record.form = note;
	assert_int_equal(akita_audit_compose(&record, body, &why),
	    AKITA_ERR_USAGE);
	assert_non_null(strstr(sentence(&why), "too long"));
}

TEST(the_longest_body_makes_a_line_that_can_be_read_again)
{
	const struct akita_audit_head before = { .number = 999999999999 };
	struct akita_audit_head head;
	struct akita_audit_line parsed;
	char body[AKITA_AUDIT_LINE], line[AKITA_AUDIT_LINE];

	memset(body, 'x', sizeof(body));
	body[AKITA_AUDIT_BODY - 1] = '\0';
	assert_int_equal(akita_audit_finish(ring, crypto, &before, body, line,
	    &head, &why), AKITA_OK);
	assert_true(strlen(line) < AKITA_AUDIT_LINE);
	assert_true(akita_audit_line_parse(line, strlen(line) - 1, &parsed));
	assert_int_equal(parsed.head.number, before.number + 1);
	assert_int_equal(parsed.key_id, 0x8c210f12);
	memset(body, 'x', sizeof(body));
	body[AKITA_AUDIT_LINE - 1] = '\0';
	assert_int_equal(akita_audit_finish(ring, crypto, &before, body, line,
	    &head, &why), AKITA_ERR_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_record_names_who_did_what_to_whom),
		SCRATCH_TEST(what_is_not_known_is_null),
		SCRATCH_TEST(times_are_those_of_the_calendar),
		SCRATCH_TEST(a_time_without_a_year_is_refused),
		SCRATCH_TEST(every_character_survives_as_json),
		SCRATCH_TEST(a_claim_that_is_no_utf8_is_kept_readable),
		SCRATCH_TEST(text_that_is_too_long_or_no_utf8_is_refused),
		SCRATCH_TEST(
		    the_longest_body_makes_a_line_that_can_be_read_again),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
