/*
 * Audit logs made and verified in a scratch directory, under a known key.
 */
#ifndef AKITA_TESTS_AUDITING_H
#define AKITA_TESTS_AUDITING_H

#include <stdbool.h>

#include "common/audit.h"
#include "common/audit_line.h"
#include "tests/unit/scratch.h"

#define RING	"akita-otp key ring 1\n" \
		"key 8c210f12 000102030405060708090a0b0c0d0e0f" \
		"101112131415161718191a1b1c1d1e1f current\n"

static const struct akita_trust policy = { .root_only = false };
static struct akita_why why;
static struct akita_crypto *crypto;
static struct akita_keyring *ring;

static const struct akita_actor actor = { .loginuid = 1000, .user = "root",
	.sudo_user = "hanako", .tty = "/dev/pts/3" };

static inline int
start(void **state)
{
	return scratch_make(state) == 0 &&
	    put_file("ring", RING, 0600) != NULL &&
	    akita_crypto_new(&crypto) == AKITA_OK &&
	    akita_keyring_load(at("ring"), &policy, crypto, &ring, &why) ==
	    AKITA_OK && scratch_remove(state) == 0 ? 0 : -1;
}

static inline int
stop(void **state)
{
	(void)state;
	akita_keyring_free(&ring);
	akita_crypto_free(&crypto);
	return 0;
}

static inline struct akita_audit_record
record_of(const char *account, const char *note)
{
	const struct akita_audit_record record = { .time_s = 1795354800,
		.actor = &actor, .account = account, .user_id = "1000001",
		.event = "suspend", .from = "active", .to = "suspended",
		.reason = "lost", .form = "A-17", .note = note };

	return record;
}

static inline const char *
body_of(const struct akita_audit_record *record)
{
	static char body[AKITA_AUDIT_BODY];

	assert_int_equal(akita_audit_compose(record, body, &why), AKITA_OK);
	return body;
}

/* Finish a record after head and append it; the line, in static storage. */
static inline const char *
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
static inline struct akita_audit_head
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

static inline void
find(void *ctx, enum akita_audit_fault fault, uint64_t line, uint64_t number)
{
	struct found *found = ctx;

	if (found->n++ > 0)
		return;
	found->fault = fault;
	found->line = line;
	found->number = number;
}

static inline struct found
verify(const struct akita_audit_head *expected)
{
	struct found found = { .n = 0 };
	enum akita_rc rc;

	rc = akita_audit_verify(at("log"), &policy, ring, crypto, NULL,
	    expected, find, &found, NULL, &why);
	assert_int_equal(rc, found.n > 0 ? AKITA_ERR_MALFORMED : AKITA_OK);
	return found;
}

static inline void
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

#endif
