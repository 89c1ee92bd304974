/* The parts of a record go into bytes and come back, and no other bytes do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/record.h"

/* A slot with something in each field. */
static void
full_slot(struct akita_slot *s)
{
	memset(s, 0, sizeof(*s));
	s->sequence = UINT64_C(0x0102030405060708);
	s->generation = 9;
	s->state = AKITA_STATE_SUSPENDED;
	s->reason = AKITA_REASON_LOST;
	s->suspended_from = AKITA_STATE_LOCKED;
	s->locked_from = AKITA_STATE_ACTIVE;
	s->locked_reason = AKITA_REASON_FAILURES;
	s->flags = AKITA_FLAG_WAS_ACTIVE;
	s->failures = 1000;
	s->wrong_passwords = 4;
	s->drift = -10;
	s->last_side = -1;
	s->last_step = INT64_C(28333333);
	s->spent = 0x80000001;
	s->notices = AKITA_NOTICE_LOCKED | AKITA_NOTICE_STALE;
	s->activated_at = 1700000000;
	s->locked_at = 1700000001;
	s->suspended_at = 1700000002;
	s->released_at = INT64_C(0xffffffffff);
	s->last_used_at = 1;
	s->notice_at = 1700000003;
	memset(s->grace[1].hash, 7, AKITA_GRACE_HASH);
	s->grace[1].at = 1700000004;
	s->token_generation = 9;
	s->waiting_generation = 10;
	s->changes = 77;
	s->identity_area = 1;
	s->token_area = 2;
	s->waiting_area = 0;
	memset(s->identity_digest, 1, AKITA_DIGEST);
	memset(s->token_digest, 2, AKITA_DIGEST);
	memset(s->waiting_digest, 3, AKITA_DIGEST);
}

static void
full_token(struct akita_token *t)
{
	memset(t, 0, sizeof(*t));
	t->type = AKITA_TOTP;
	t->algorithm = AKITA_HASH_SHA512;
	t->digits = 8;
	t->period_s = 120;
	t->key.len = 64;
	memset(t->key.bytes, 0x5a, 64);
	t->generation = 3;
	t->issued_at = 1700000000;
	t->expires_at = 1701000000;
	t->has_password = true;
	memset(t->password_hash, 4, AKITA_PASSWORD_HASH);
	t->recovery_count = 32;
	memset(t->recovery_hash, 5, sizeof(t->recovery_hash));
}

static void
full_identity(struct akita_identity *id)
{
	memset(id, 0, sizeof(*id));
	(void)strcpy(id->user, "alice");
	id->user_id = 10000001;
	(void)strcpy(id->name, "\xe7\xa7\x8b\xe7\x94\xb0 \xe8\x8a\xb1");
	(void)strcpy(id->branch, "B-01");
	(void)strcpy(id->form, "F-17");
	(void)strcpy(id->mail, "alice@example.jp");
	(void)strcpy(id->device_mail, "alice@phone.example.jp");
	id->registered_at = 1690000000;
}

static void
slots_come_back_as_they_were(void **state)
{
	uint8_t bytes[AKITA_SLOT_SIZE], again[AKITA_SLOT_SIZE];
	struct akita_slot in, out;

	(void)state;
	full_slot(&in);
	assert_int_equal(akita_slot_encode(&in, bytes), AKITA_OK);
	memset(&out, 0, sizeof(out));
	assert_int_equal(akita_slot_decode(bytes, &out), AKITA_OK);
	assert_int_equal(out.sequence, in.sequence);
	assert_int_equal(out.drift, -10);
	assert_int_equal(out.last_side, -1);
	assert_int_equal(out.last_step, in.last_step);
	assert_int_equal(out.released_at, in.released_at);
	assert_int_equal(out.grace[1].at, 1700000004);
	assert_int_equal(out.changes, 77);
	assert_int_equal(akita_slot_encode(&out, again), AKITA_OK);
	assert_memory_equal(bytes, again, sizeof(bytes));
}

static void
tokens_come_back_as_they_were(void **state)
{
	uint8_t bytes[AKITA_TOKEN_PLAIN], again[AKITA_TOKEN_PLAIN];
	struct akita_token in, out;

	(void)state;
	full_token(&in);
	assert_int_equal(akita_token_encode(&in, bytes), AKITA_OK);
	assert_int_equal(akita_token_decode(bytes, &out), AKITA_OK);
	assert_int_equal(out.key.len, 64);
	assert_int_equal(out.expires_at, in.expires_at);
	assert_true(out.has_password);
	assert_int_equal(akita_token_encode(&out, again), AKITA_OK);
	assert_memory_equal(bytes, again, sizeof(bytes));
}

static void
identities_come_back_as_they_were(void **state)
{
	uint8_t bytes[AKITA_IDENTITY_SIZE];
	struct akita_identity in, out;

	(void)state;
	full_identity(&in);
	assert_int_equal(akita_identity_encode(&in, bytes, NULL), AKITA_OK);
	memset(&out, 0x55, sizeof(out));
	assert_int_equal(akita_identity_decode(bytes, &out), AKITA_OK);
	assert_string_equal(out.user, in.user);
	assert_string_equal(out.name, in.name);
	assert_string_equal(out.device_mail, in.device_mail);
	assert_int_equal(out.user_id, 10000001);
	assert_int_equal(out.registered_at, 1690000000);
}

/* What a decoder accepts, its encoder writes: no two byte strings mean the
 * same. */
static void
no_flipped_bit_is_taken_for_something_else(void **state)
{
	uint8_t s[AKITA_SLOT_SIZE], s2[AKITA_SLOT_SIZE];
	uint8_t t[AKITA_TOKEN_PLAIN], t2[AKITA_TOKEN_PLAIN];
	uint8_t i[AKITA_IDENTITY_SIZE], i2[AKITA_IDENTITY_SIZE];
	struct akita_slot slot;
	struct akita_token token;
	struct akita_identity id;
	size_t bit;

	(void)state;
	full_slot(&slot);
	full_token(&token);
	full_identity(&id);
	assert_int_equal(akita_slot_encode(&slot, s), AKITA_OK);
	assert_int_equal(akita_token_encode(&token, t), AKITA_OK);
	assert_int_equal(akita_identity_encode(&id, i, NULL), AKITA_OK);
	for (bit = 0; bit < 8 * (sizeof(s) - AKITA_MAC); bit++) {
		s[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (akita_slot_decode(s, &slot) == AKITA_OK) {
			assert_int_equal(akita_slot_encode(&slot, s2),
			    AKITA_OK);
			assert_memory_equal(s, s2, sizeof(s) - AKITA_MAC);
		}
		s[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (bit = 0; bit < 8 * sizeof(t); bit++) {
		t[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (akita_token_decode(t, &token) == AKITA_OK) {
			assert_int_equal(akita_token_encode(&token, t2),
			    AKITA_OK);
			assert_memory_equal(t, t2, sizeof(t));
		}
		t[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (bit = 0; bit < 8 * sizeof(i); bit++) {
		i[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (akita_identity_decode(i, &id) == AKITA_OK) {
			assert_int_equal(akita_identity_encode(&id, i2, NULL),
			    AKITA_OK);
			assert_memory_equal(i, i2, sizeof(i));
		}
		i[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

#define REFUSED(field, value)						\
	do {								\
		full_slot(&s);						\
		s.field = value;					\
		assert_int_equal(akita_slot_encode(&s, bytes),		\
		    AKITA_ERR_USAGE);					\
	} while (0)

static void
slots_out_of_range_are_not_written(void **state)
{
	uint8_t bytes[AKITA_SLOT_SIZE];
	struct akita_slot s;

	(void)state;
	REFUSED(state, AKITA_STATE_EXPIRED);
	REFUSED(state, AKITA_STATE_COUNT);
	REFUSED(suspended_from, AKITA_STATE_EXPIRED);
	REFUSED(locked_from, AKITA_STATE_COUNT);
	REFUSED(reason, AKITA_REASON_COUNT);
	REFUSED(locked_reason, AKITA_REASON_COUNT);
	REFUSED(flags, 0x10000);
	REFUSED(last_side, 2);
	REFUSED(last_step, -2);
	REFUSED(activated_at, -1);
	REFUSED(notice_at, INT64_C(1) << 40);
	REFUSED(grace[2].at, -1);
	REFUSED(identity_area, 2);
	REFUSED(token_area, 3);
	REFUSED(token_area, AKITA_AREA_NONE);	/* but a digest */
	REFUSED(waiting_area, 2);		/* the token's */
}

static void
slots_out_of_range_are_not_read(void **state)
{
	uint8_t bytes[AKITA_SLOT_SIZE];
	struct akita_slot s;

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(akita_slot_decode(bytes, &s), AKITA_ERR_MALFORMED);
	full_slot(&s);
	assert_int_equal(akita_slot_encode(&s, bytes), AKITA_OK);
	bytes[12] = AKITA_STATE_EXPIRED;
	assert_int_equal(akita_slot_decode(bytes, &s), AKITA_ERR_MALFORMED);
}

static void
tokens_that_are_none_are_neither_written_nor_read(void **state)
{
	uint8_t bytes[AKITA_TOKEN_PLAIN];
	struct akita_token t;

	(void)state;
	full_token(&t);
	t.key.len = 15;
	assert_int_equal(akita_token_encode(&t, bytes), AKITA_ERR_USAGE);
	full_token(&t);
	t.key.len = 20;		/* and bytes behind it */
	assert_int_equal(akita_token_encode(&t, bytes), AKITA_ERR_USAGE);
	full_token(&t);
	t.has_password = false;	/* and a hash of one */
	assert_int_equal(akita_token_encode(&t, bytes), AKITA_ERR_USAGE);
	full_token(&t);
	t.recovery_count = 31;	/* and 32 hashes */
	assert_int_equal(akita_token_encode(&t, bytes), AKITA_ERR_USAGE);
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(akita_token_decode(bytes, &t), AKITA_ERR_MALFORMED);
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(akita_token_decode(bytes, &t), AKITA_ERR_MALFORMED);
}

static void
texts_that_do_not_fit_together_are_refused_with_a_reason(void **state)
{
	uint8_t bytes[AKITA_IDENTITY_SIZE];
	struct akita_identity id;
	struct akita_why why = { 0 };

	(void)state;
	full_identity(&id);
	memset(id.mail, 'm', AKITA_MAIL_MAX);
	assert_int_equal(akita_identity_encode(&id, bytes, &why), AKITA_OK);
	memset(id.device_mail, 'd', AKITA_MAIL_MAX);
	assert_int_equal(akita_identity_encode(&id, bytes, &why),
	    AKITA_ERR_USAGE);
	assert_non_null(why.msgid);
	full_identity(&id);
	id.registered_at = -1;
	assert_int_equal(akita_identity_encode(&id, bytes, &why),
	    AKITA_ERR_USAGE);
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(akita_identity_decode(bytes, &id),
	    AKITA_ERR_MALFORMED);
}

static void
states_and_reasons_have_their_words(void **state)
{
	enum akita_state s;
	enum akita_reason r;
	int i;

	(void)state;
	for (i = 0; i < AKITA_STATE_COUNT; i++) {
		assert_true(akita_state_parse(akita_state_name(
		    (enum akita_state)i), &s));
		assert_int_equal(s, i);
		assert_non_null(akita_state_label((enum akita_state)i));
	}
	for (i = 1; i < AKITA_REASON_COUNT; i++) {
		assert_true(akita_reason_parse(akita_reason_name(
		    (enum akita_reason)i), &r));
		assert_int_equal(r, i);
	}
	assert_null(akita_reason_name(AKITA_REASON_NONE));
	assert_string_equal(akita_state_name((enum akita_state)99), "?");
	assert_string_equal(akita_state_label((enum akita_state)99), "?");
	assert_string_equal(akita_reason_name((enum akita_reason)99), "?");
	assert_false(akita_state_parse("gone", &s));
	assert_false(akita_reason_parse("", &r));
}

static void
an_issue_expires_after_its_last_second(void **state)
{
	struct akita_account a;

	(void)state;
	akita_account_init(&a, "alice");
	assert_int_equal(a.slot.last_step, -1);
	assert_int_equal(akita_state_at(&a, 5), AKITA_STATE_UNREGISTERED);
	a.slot.state = AKITA_STATE_ISSUED;
	a.has_token = true;
	a.token.expires_at = 100;
	assert_int_equal(akita_state_at(&a, 100), AKITA_STATE_ISSUED);
	assert_int_equal(akita_state_at(&a, 101), AKITA_STATE_EXPIRED);
	a.slot.state = AKITA_STATE_ACTIVE;
	assert_int_equal(akita_state_at(&a, 101), AKITA_STATE_ACTIVE);
	assert_false(akita_waiting_at(&a, 5));
	a.has_waiting = true;
	a.waiting.expires_at = 100;
	assert_true(akita_waiting_at(&a, 100));
	assert_false(akita_waiting_at(&a, 101));
	akita_account_wipe(&a);
	assert_int_equal(a.slot.state, 0);
	akita_account_wipe(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_come_back_as_they_were),
		cmocka_unit_test(tokens_come_back_as_they_were),
		cmocka_unit_test(identities_come_back_as_they_were),
		cmocka_unit_test(no_flipped_bit_is_taken_for_something_else),
		cmocka_unit_test(slots_out_of_range_are_not_written),
		cmocka_unit_test(slots_out_of_range_are_not_read),
		cmocka_unit_test(
		    tokens_that_are_none_are_neither_written_nor_read),
		cmocka_unit_test(
		    texts_that_do_not_fit_together_are_refused_with_a_reason),
		cmocka_unit_test(states_and_reasons_have_their_words),
		cmocka_unit_test(an_issue_expires_after_its_last_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
