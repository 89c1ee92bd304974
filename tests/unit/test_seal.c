/* What is sealed opens only where it belongs, and only unchanged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/seal.h"

struct fixture {
	struct akita_crypto	*crypto;
	struct akita_seal_keys	 keys;
	struct akita_binding	 binding;
	struct akita_token	 token;
	uint8_t			 nonce[AKITA_AEAD_NONCE];
};

static void
set_up(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	assert_int_equal(akita_crypto_new(&f->crypto), AKITA_OK);
	memset(&f->keys, 0x11, sizeof(f->keys));
	memset(f->binding.db_id, 1, AKITA_DB_ID);
	f->binding.number = 42;
	memset(f->binding.name_hash, 2, AKITA_NAME_HASH);
	f->token.type = AKITA_TOTP;
	f->token.algorithm = AKITA_HASH_SHA1;
	f->token.digits = 6;
	f->token.period_s = 60;
	f->token.generation = 3;
	f->token.key.len = 20;
	memset(f->token.key.bytes, 9, 20);
}

static void
tokens_open_only_in_their_place(void **state)
{
	struct fixture f;
	struct akita_token out;
	struct akita_binding other;
	uint8_t area[AKITA_TOKEN_AREA];
	size_t i;

	(void)state;
	set_up(&f);
	assert_int_equal(akita_seal_token(f.crypto, &f.keys, &f.binding,
	    f.nonce, &f.token, area), AKITA_OK);
	assert_int_equal(akita_seal_open_token(f.crypto, &f.keys, &f.binding,
	    3, area, &out), AKITA_OK);
	assert_memory_equal(out.key.bytes, f.token.key.bytes, 20);
	assert_int_equal(akita_seal_open_token(f.crypto, &f.keys, &f.binding,
	    4, area, &out), AKITA_ERR_MALFORMED);
	other = f.binding;
	other.number++;
	assert_int_equal(akita_seal_open_token(f.crypto, &f.keys, &other, 3,
	    area, &out), AKITA_ERR_MALFORMED);
	other = f.binding;
	other.db_id[15] ^= 1;
	assert_int_equal(akita_seal_open_token(f.crypto, &f.keys, &other, 3,
	    area, &out), AKITA_ERR_MALFORMED);
	other = f.binding;
	other.name_hash[0] ^= 1;
	assert_int_equal(akita_seal_open_token(f.crypto, &f.keys, &other, 3,
	    area, &out), AKITA_ERR_MALFORMED);
	for (i = 0; i < sizeof(area); i++) {
		area[i] ^= 1;
		assert_int_equal(akita_seal_open_token(f.crypto, &f.keys,
		    &f.binding, 3, area, &out), AKITA_ERR_MALFORMED);
		area[i] ^= 1;
	}
	akita_crypto_free(&f.crypto);
}

static void
a_token_out_of_range_is_not_sealed(void **state)
{
	struct fixture f;
	uint8_t area[AKITA_TOKEN_AREA];

	(void)state;
	set_up(&f);
	f.token.digits = 5;
	assert_int_equal(akita_seal_token(f.crypto, &f.keys, &f.binding,
	    f.nonce, &f.token, area), AKITA_ERR_USAGE);
	akita_crypto_free(&f.crypto);
}

static void
slots_are_authentic_only_unchanged_and_in_their_place(void **state)
{
	struct fixture f;
	struct akita_binding other;
	uint8_t slot[AKITA_SLOT_SIZE] = { 1, 2, 3 };
	size_t i;

	(void)state;
	set_up(&f);
	assert_int_equal(akita_seal_slot(f.crypto, &f.keys, &f.binding, slot),
	    AKITA_OK);
	assert_int_equal(akita_seal_check_slot(f.crypto, &f.keys, &f.binding,
	    slot), AKITA_OK);
	for (i = 0; i < sizeof(slot); i++) {
		slot[i] ^= 0x80;
		assert_int_equal(akita_seal_check_slot(f.crypto, &f.keys,
		    &f.binding, slot), AKITA_ERR_MALFORMED);
		slot[i] ^= 0x80;
	}
	other = f.binding;
	other.number++;
	assert_int_equal(akita_seal_check_slot(f.crypto, &f.keys, &other,
	    slot), AKITA_ERR_MALFORMED);
	f.keys.slot[31] ^= 1;
	assert_int_equal(akita_seal_check_slot(f.crypto, &f.keys, &f.binding,
	    slot), AKITA_ERR_MALFORMED);
	akita_crypto_free(&f.crypto);
}

/* Which texts go into a hash is not to be shifted between them. */
static void
keyed_hashes_depend_on_every_part(void **state)
{
	struct fixture f;
	uint8_t a[AKITA_PASSWORD_HASH], b[AKITA_PASSWORD_HASH];
	uint8_t g[AKITA_GRACE_HASH], h[AKITA_GRACE_HASH];
	uint8_t r[AKITA_RECOVERY_HASH], s[AKITA_RECOVERY_HASH];

	(void)state;
	set_up(&f);
	assert_int_equal(akita_seal_password_hash(f.crypto, &f.keys, "al",
	    "1234", a), AKITA_OK);
	assert_int_equal(akita_seal_password_hash(f.crypto, &f.keys, "al1",
	    "234", b), AKITA_OK);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(akita_seal_password_hash(f.crypto, &f.keys, "al",
	    "1234", b), AKITA_OK);
	assert_memory_equal(a, b, sizeof(a));
	assert_int_equal(akita_seal_grace_hash(f.crypto, &f.keys, "al", "ssh",
	    "d", g), AKITA_OK);
	assert_int_equal(akita_seal_grace_hash(f.crypto, &f.keys, "al",
	    "sshd", "", h), AKITA_OK);
	assert_memory_not_equal(g, h, sizeof(g));
	assert_int_equal(akita_seal_recovery_hash(f.crypto, &f.keys, "al",
	    "0123456789AB", r), AKITA_OK);
	assert_int_equal(akita_seal_recovery_hash(f.crypto, &f.keys, "bo",
	    "0123456789AB", s), AKITA_OK);
	assert_memory_not_equal(r, s, sizeof(r));
	akita_crypto_free(&f.crypto);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_open_only_in_their_place),
		cmocka_unit_test(a_token_out_of_range_is_not_sealed),
		cmocka_unit_test(
		    slots_are_authentic_only_unchanged_and_in_their_place),
		cmocka_unit_test(keyed_hashes_depend_on_every_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
