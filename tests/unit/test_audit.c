/* The audit log: words, numbers, a chain, appended once and durably, and any
 * change to it found. */
#include "tests/unit/scratch.h"

#include <sys/resource.h>

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

#include "common/audit.h"
#include "common/audit_line.h"

#define RING	"akita-otp key ring 1\n" \
		"key 8c210f12 000102030405060708090a0b0c0d0e0f" \
		"101112131415161718191a1b1c1d1e1f current\n"

static const struct akita_trust policy = { .root_only = false };
static struct akita_why why;
static struct akita_crypto *crypto;
static struct akita_keyring *ring;

static const struct akita_actor actor = { .loginuid = 1000, .user = "root",
	.sudo_user = "hanako", .tty = "/dev/pts/3" };
static const struct akita_actor nobody = { .loginuid = -1 };

static int
start(void **state)
{
	return scratch_make(state) == 0 &&
	    put_file("ring", RING, 0600) != NULL &&
	    akita_crypto_new(&crypto) == AKITA_OK &&
	    akita_keyring_load(at("ring"), &policy, crypto, &ring, &why) ==
	    AKITA_OK && scratch_remove(state) == 0 ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	akita_keyring_free(&ring);
	akita_crypto_free(&crypto);
	return 0;
}

static struct akita_audit_record
record_of(const char *account, const char *note)
{
	const struct akita_audit_record record = { .time_s = 1795354800,
		.actor = &actor, .account = account, .user_id = "1000001",
		.event = "suspend", .from = "active", .to = "suspended",
		.reason = "lost", .form = "A-17", .note = note };

	return record;
}

static const char *
body_of(const struct akita_audit_record *record)
{
	static char body[AKITA_AUDIT_BODY];

	assert_int_equal(akita_audit_compose(record, body, &why), AKITA_OK);
	return body;
}

/* Finish a record after head and append it; the line, in static storage. */
static const char *
append(struct akita_audit_head *head, const char *account)
{
	static char line[AKITA_AUDIT_LINE];
	const struct akita_audit_record record = record_of(account, NULL);

	assert_int_equal(akita_audit_finish(ring, crypto, head,
	    body_of(&record), line, head, &why), AKITA_OK);
	assert_int_equal(akita_audit_append(at("log"), &policy, line, &why),
	    AKITA_OK);
	return line;
}

/* A log of n records; its lines where lines is not NULL. */
static struct akita_audit_head
log_of(unsigned int n, char (*lines)[AKITA_AUDIT_LINE])
{
	struct akita_audit_head head = { .number = 0 };
	char account[32];

	(void)unlink(at("log"));
	for (unsigned int i = 0; i < n; i++) {
		const char *line;

		(void)snprintf(account, sizeof(account), "user%u", i + 1);
		line = append(&head, account);
		if (lines != NULL)
			(void)strcpy(lines[i], line);
	}
	return head;
}

struct found {
	unsigned int		n;
	enum akita_audit_fault	fault;	/* the first, as the rest */
	uint64_t		line;
	uint64_t		number;
};

static void
find(void *ctx, enum akita_audit_fault fault, uint64_t line, uint64_t number)
{
	struct found *found = ctx;

	if (found->n++ > 0)
		return;
	found->fault = fault;
	found->line = line;
	found->number = number;
}

static struct found
verify(const struct akita_audit_head *expected)
{
	struct found found = { .n = 0 };
	enum akita_rc rc;

	rc = akita_audit_verify(at("log"), &policy, ring, crypto, NULL,
	    expected, find, &found, NULL, &why);
	assert_int_equal(rc, found.n > 0 ? AKITA_ERR_MALFORMED : AKITA_OK);
	return found;
}

static void
assert_first(struct found found, enum akita_audit_fault fault, uint64_t line,
    uint64_t number)
{
	char text[64];

	assert_true(found.n > 0);
	assert_int_equal(found.fault, fault);
	assert_int_equal(found.line, line);
	assert_int_equal(found.number, number);
	(void)snprintf(text, sizeof(text), "line %llu",
	    (unsigned long long)line);
	assert_non_null(strstr(sentence(&why), text));
}

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

TEST(a_log_is_made_private_and_its_chain_holds)
{
	struct akita_audit_head tail, head = log_of(5, NULL);
	struct stat st;

	assert_int_equal(stat(at("log"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(head.number, 5);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &tail, &why),
	    AKITA_OK);
	assert_int_equal(tail.number, 5);
	assert_memory_equal(tail.mac, head.mac, sizeof(head.mac));
	assert_int_equal(verify(NULL).n, 0);
	assert_int_equal(verify(&head).n, 0);
}

TEST(a_missing_or_empty_log_stands_at_zero)
{
	struct akita_audit_head head = { .number = 9 };
	const struct akita_audit_head one = { .number = 1 };

	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 0);
	assert_int_equal(verify(NULL).n, 0);
	assert_int_equal(akita_audit_verify(at("log"), &policy, ring, crypto,
	    NULL, &one, NULL, NULL, NULL, &why), AKITA_ERR_LOG);
	put_file("log", "", 0600);
	head.number = 9;
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 0);
	assert_first(verify(&one), AKITA_AUDIT_CUT_OFF, 1, 1);
}

TEST(appending_the_last_record_again_does_nothing)
{
	char lines[3][AKITA_AUDIT_LINE], before[8192];

	(void)log_of(3, lines);
	(void)snprintf(before, sizeof(before), "%.8000s",
	    get_file("log", NULL));
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[2],
	    &why), AKITA_OK);
	assert_string_equal(get_file("log", NULL), before);
	assert_int_equal(verify(NULL).n, 0);
}

/* Whatever part of a line a crash left, appending it again makes it whole. */
TEST(a_torn_line_is_made_whole_wherever_it_was_torn)
{
	char lines[2][AKITA_AUDIT_LINE], whole[8192], torn[8192];
	size_t len, first;

	(void)log_of(2, lines);
	(void)snprintf(whole, sizeof(whole), "%.8000s",
	    get_file("log", &len));
	first = strlen(lines[0]);
	for (size_t cut = first; cut < len; cut++) {
		memcpy(torn, whole, len);
		put_bytes("log", torn, cut, 0600);
		assert_int_equal(akita_audit_append(at("log"), &policy,
		    lines[1], &why), AKITA_OK);
		assert_string_equal(get_file("log", NULL), whole);
	}
	put_bytes("log", lines[0], first / 2, 0600);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[0],
	    &why), AKITA_OK);
	assert_string_equal(get_file("log", NULL), lines[0]);
}

TEST(a_torn_line_does_not_count_and_a_whole_one_without_newline_does)
{
	char lines[2][AKITA_AUDIT_LINE], text[8192];
	struct akita_audit_head head;
	size_t first;

	(void)log_of(2, lines);
	first = strlen(lines[0]);
	(void)snprintf(text, sizeof(text), "%s%s", lines[0], lines[1]);
	put_bytes("log", text, strlen(text) - 2, 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 1);
	put_bytes("log", text, strlen(text) - 1, 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 2);
	put_bytes("log", text, first - 1, 0600);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[1],
	    &why), AKITA_OK);
	assert_string_equal(get_file("log", NULL), text);
	put_bytes("log", text, first - 2, 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_OK);
	assert_int_equal(head.number, 0);
}

TEST(a_record_is_kept_although_the_log_before_it_is_not_right)
{
	static char garbage[3 * AKITA_AUDIT_LINE];
	char lines[3][AKITA_AUDIT_LINE], text[16384];
	struct akita_audit_head head;

	(void)log_of(3, lines);
	put_file("log", lines[0], 0600);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[2],
	    &why), AKITA_OK);
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 2, 3);
	put_file("log", "garbage\n", 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_ERR_LOG);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[0],
	    &why), AKITA_OK);
	assert_first(verify(NULL), AKITA_AUDIT_NO_RECORD, 1, 1);
	memset(garbage, 'g', sizeof(garbage) - 1);
	put_file("log", garbage, 0600);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_ERR_LOG);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[0],
	    &why), AKITA_OK);
	(void)snprintf(text, sizeof(text), "%s\n%s", garbage, lines[0]);
	assert_string_equal(get_file("log", NULL), text);
}

TEST(what_is_no_finished_line_is_not_appended)
{
	char lines[1][AKITA_AUDIT_LINE];

	(void)log_of(1, lines);
	assert_int_equal(akita_audit_append(at("log"), &policy, "", &why),
	    AKITA_ERR_USAGE);
	assert_int_equal(akita_audit_append(at("log"), &policy, "{}\n", &why),
	    AKITA_ERR_USAGE);
	lines[0][strlen(lines[0]) - 1] = '\0';
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[0],
	    &why), AKITA_ERR_USAGE);
}

TEST(a_log_that_others_may_write_or_a_link_is_refused)
{
	char lines[2][AKITA_AUDIT_LINE];
	struct akita_audit_head head;

	(void)log_of(2, lines);
	assert_int_equal(chmod(at("log"), 0622), 0);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[1],
	    &why), AKITA_ERR_LOG);
	assert_int_equal(akita_audit_tail(at("log"), &policy, &head, &why),
	    AKITA_ERR_LOG);
	assert_int_equal(akita_audit_verify(at("log"), &policy, ring, crypto,
	    NULL, NULL, NULL, NULL, NULL, &why), AKITA_ERR_LOG);
	assert_int_equal(symlink("log", at("link")), 0);
	assert_int_equal(akita_audit_append(at("link"), &policy, lines[1],
	    &why), AKITA_ERR_LOG);
	assert_int_equal(akita_audit_append(at("no/log"), &policy, lines[1],
	    &why), AKITA_ERR_LOG);
	assert_non_null(strstr(sentence(&why), at("no/log")));
}

TEST(every_changed_byte_is_found_in_its_line)
{
	char lines[3][AKITA_AUDIT_LINE], text[8192];
	struct akita_audit_head head = log_of(3, lines);
	size_t first = strlen(lines[0]), second = strlen(lines[1]);

	(void)snprintf(text, sizeof(text), "%s%s%s", lines[0], lines[1],
	    lines[2]);
	for (size_t i = first; i < first + second - 1; i++) {
		struct found found;

		text[i] ^= 1;
		put_file("log", text, 0600);
		found = verify(&head);
		assert_true(found.n > 0);
		assert_int_equal(found.line, 2);
		text[i] ^= 1;
	}
	put_file("log", text, 0600);
	assert_int_equal(verify(&head).n, 0);
}

/* Write the lines, in an order given by digits, as the log. */
static void
log_in_order(char (*lines)[AKITA_AUDIT_LINE], const char *order)
{
	char text[8 * AKITA_AUDIT_LINE] = "";

	for (; *order != '\0'; order++)
		(void)strcat(text, lines[*order - '1']);
	put_file("log", text, 0600);
}

TEST(missing_swapped_repeated_and_cut_off_records_are_found)
{
	char lines[4][AKITA_AUDIT_LINE];
	struct akita_audit_head head = log_of(4, lines);
	struct akita_audit_head other = head;

	log_in_order(lines, "134");
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 2, 3);
	log_in_order(lines, "234");
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 1, 2);
	log_in_order(lines, "1324");
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 2, 3);
	log_in_order(lines, "11234");
	assert_first(verify(NULL), AKITA_AUDIT_GAP, 2, 1);
	log_in_order(lines, "123");
	assert_int_equal(verify(NULL).n, 0);
	assert_first(verify(&head), AKITA_AUDIT_CUT_OFF, 4, 4);
	log_in_order(lines, "1234");
	assert_int_equal(verify(&head).n, 0);
	other.mac[31] ^= 1;
	assert_first(verify(&other), AKITA_AUDIT_CHANGED, 4, 4);
}

TEST(a_record_of_another_chain_does_not_fit)
{
	char lines[2][AKITA_AUDIT_LINE], strange[AKITA_AUDIT_LINE];
	struct akita_audit_head head = { .number = 1, .mac = { 1 } };
	const struct akita_audit_record record = record_of("mallory", NULL);

	(void)log_of(2, lines);
	assert_int_equal(akita_audit_finish(ring, crypto, &head,
	    body_of(&record), strange, &head, &why), AKITA_OK);
	(void)strcpy(lines[1], strange);
	log_in_order(lines, "12");
	assert_first(verify(NULL), AKITA_AUDIT_CHANGED, 2, 2);
}

TEST(a_line_that_is_no_record_is_one_fault_however_long)
{
	static char text[200000];
	char lines[2][AKITA_AUDIT_LINE];
	struct found found;
	size_t len;

	(void)log_of(2, lines);
	(void)snprintf(text, sizeof(text), "%s", lines[0]);
	len = strlen(text);
	memset(text + len, 'x', 100000);
	(void)snprintf(text + len + 100000, 50000, "\n%s", lines[1]);
	put_file("log", text, 0600);
	found = verify(NULL);
	assert_first(found, AKITA_AUDIT_NO_RECORD, 2, 2);
	(void)snprintf(text, sizeof(text), "%s\n%s", lines[0], lines[1]);
	put_file("log", text, 0600);
	assert_first(verify(NULL), AKITA_AUDIT_NO_RECORD, 2, 2);
}

TEST(a_key_that_is_not_in_the_ring_is_named)
{
	char lines[2][AKITA_AUDIT_LINE];

	(void)log_of(2, lines);
	strstr(lines[1], "8c210f12")[0] = '9';
	log_in_order(lines, "12");
	assert_first(verify(NULL), AKITA_AUDIT_NO_KEY, 2, 2);
}

TEST(a_log_may_go_on_where_an_older_one_ended)
{
	char lines[4][AKITA_AUDIT_LINE];
	struct akita_audit_head second, head;
	struct akita_audit_line parsed;

	head = log_of(4, lines);
	assert_true(akita_audit_line_parse(lines[1], strlen(lines[1]) - 1,
	    &parsed));
	second = parsed.head;
	log_in_order(lines, "34");
	assert_int_equal(akita_audit_verify(at("log"), &policy, ring, crypto,
	    &second, &head, NULL, NULL, &second, &why), AKITA_OK);
	assert_int_equal(second.number, 4);
}

TEST(a_long_log_is_read_whole)
{
	struct akita_audit_head head = log_of(300, NULL);

	assert_int_equal(verify(&head).n, 0);
}

/* Let no file grow beyond size bytes (0: as far as it likes again). */
static void
limit_file_size(size_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size > 0 ? size : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	(void)signal(SIGXFSZ, size > 0 ? SIG_IGN : SIG_DFL);
}

TEST(a_full_disk_leaves_the_log_as_it_was)
{
	char lines[2][AKITA_AUDIT_LINE];
	size_t len;

	(void)log_of(2, lines);
	put_file("log", lines[0], 0600);
	len = strlen(lines[0]);
	limit_file_size(len + 100);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[1],
	    &why), AKITA_ERR_LOG);
	limit_file_size(0);
	assert_string_equal(get_file("log", NULL), lines[0]);
	assert_int_equal(akita_audit_append(at("log"), &policy, lines[1],
	    &why), AKITA_OK);
	assert_int_equal(verify(NULL).n, 0);
}

TEST(faults_have_words)
{
	static const enum akita_audit_fault faults[] = { AKITA_AUDIT_CHANGED,
		AKITA_AUDIT_GAP, AKITA_AUDIT_NO_RECORD, AKITA_AUDIT_NO_KEY,
		AKITA_AUDIT_CUT_OFF };

	for (size_t i = 0; i < COUNT(faults); i++)
		assert_string_not_equal(akita_audit_fault_word(faults[i]),
		    "unknown");
	assert_string_equal(akita_audit_fault_word(0), "unknown");
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
		SCRATCH_TEST(a_log_is_made_private_and_its_chain_holds),
		SCRATCH_TEST(a_missing_or_empty_log_stands_at_zero),
		SCRATCH_TEST(appending_the_last_record_again_does_nothing),
		SCRATCH_TEST(a_torn_line_is_made_whole_wherever_it_was_torn),
		SCRATCH_TEST(
	a_torn_line_does_not_count_and_a_whole_one_without_newline_does),
		SCRATCH_TEST(
		    a_record_is_kept_although_the_log_before_it_is_not_right),
		SCRATCH_TEST(what_is_no_finished_line_is_not_appended),
		SCRATCH_TEST(a_log_that_others_may_write_or_a_link_is_refused),
		SCRATCH_TEST(every_changed_byte_is_found_in_its_line),
		SCRATCH_TEST(
		    missing_swapped_repeated_and_cut_off_records_are_found),
		SCRATCH_TEST(a_record_of_another_chain_does_not_fit),
		SCRATCH_TEST(a_line_that_is_no_record_is_one_fault_however_long),
		SCRATCH_TEST(a_key_that_is_not_in_the_ring_is_named),
		SCRATCH_TEST(a_log_may_go_on_where_an_older_one_ended),
		SCRATCH_TEST(a_long_log_is_read_whole),
		SCRATCH_TEST(a_full_disk_leaves_the_log_as_it_was),
		cmocka_unit_test(faults_have_words),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
