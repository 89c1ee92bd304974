/* The key ring is made once, durably, read strictly, and gives each purpose a
 * key of its own. */
#include "tests/unit/scratch.h"

#include <stdbool.h>

#include "common/keyring.h"

#define FIRST	"akita-otp key ring 1\n"
#define HEX1	"000102030405060708090a0b0c0d0e0f" \
		"101112131415161718191a1b1c1d1e1f"
#define HEX2	"202122232425262728292a2b2c2d2e2f" \
		"303132333435363738393a3b3c3d3e3f"
#define KEY1	"key 8c210f12 " HEX1
#define KEY2	"key 905abd38 " HEX2

static const struct akita_trust policy = { .root_only = false };
static struct akita_why why;
static struct akita_crypto *crypto;

static int
start(void **state)
{
	(void)state;
	return akita_crypto_new(&crypto) == AKITA_OK ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	akita_crypto_free(&crypto);
	return 0;
}

/* Counts upwards, so that what is made is known. */
static enum akita_rc
fill(void *ctx, void *buf, size_t len)
{
	uint8_t *next = ctx, *p = buf;

	for (size_t i = 0; i < len; i++)
		p[i] = (*next)++;
	return AKITA_OK;
}

static enum akita_rc
fill_fails(void *ctx, void *buf, size_t len)
{
	(void)ctx;
	(void)buf;
	(void)len;
	return AKITA_ERR_IO;
}

/* Load the scratch file: the result, the ring freed again. */
static enum akita_rc
try(const char *name)
{
	struct akita_keyring *ring = NULL;
	enum akita_rc rc;

	memset(&why, 0, sizeof(why));
	rc = akita_keyring_load(at(name), &policy, crypto, &ring, &why);
	assert_true((rc == AKITA_OK) == (ring != NULL));
	akita_keyring_free(&ring);
	assert_null(ring);
	return rc;
}

static void
assert_bad(const char *text, const char *words)
{
	put_file("ring", text, 0600);
	assert_int_equal(try("ring"), AKITA_ERR_KEY);
	assert_non_null(strstr(sentence(&why), at("ring")));
	assert_non_null(strstr(sentence(&why), words));
	/* Why goes to logs: no digit of a key may be in it. */
	assert_null(strstr(sentence(&why), "0001020304"));
	assert_null(strstr(sentence(&why), "2021222324"));
}

static void
assert_subkey(struct akita_keyring *ring, uint32_t id,
    enum akita_purpose purpose, const char *hex)
{
	uint8_t wanted[AKITA_KEYRING_KEY];
	const uint8_t *key = NULL, *again = NULL;

	assert_int_equal(unhex(hex, wanted, sizeof(wanted)), sizeof(wanted));
	assert_int_equal(akita_keyring_subkey(ring, crypto, id, purpose,
	    &key), AKITA_OK);
	assert_memory_equal(key, wanted, sizeof(wanted));
	assert_int_equal(akita_keyring_subkey(ring, crypto, id, purpose,
	    &again), AKITA_OK);
	assert_ptr_equal(key, again);
}

TEST(a_new_ring_is_a_private_file_with_one_current_key)
{
	uint8_t next = 0;
	const struct akita_random random = { .fill = fill, .ctx = &next };
	struct stat st;

	assert_int_equal(akita_keyring_create(at("ring"), &policy, crypto,
	    &random, &why), AKITA_OK);
	assert_string_equal(get_file("ring", NULL), FIRST KEY1 " current\n");
	assert_int_equal(stat(at("ring"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(try("ring"), AKITA_OK);
}

TEST(a_ring_that_is_there_is_never_overwritten)
{
	uint8_t next = 0;
	const struct akita_random random = { .fill = fill, .ctx = &next };

	put_file("ring", "x", 0600);
	assert_int_equal(akita_keyring_create(at("ring"), &policy, crypto,
	    &random, &why), AKITA_ERR_EXISTS);
	assert_string_equal(get_file("ring", NULL), "x");
}

TEST(without_randomness_or_a_trusted_directory_no_ring_is_made)
{
	uint8_t next = 0;
	const struct akita_random random = { .fill = fill, .ctx = &next };
	const struct akita_random none = { .fill = fill_fails };

	assert_int_equal(akita_keyring_create(at("ring"), &policy, crypto,
	    &none, &why), AKITA_ERR_IO);
	assert_int_equal(access(at("ring"), F_OK), -1);
	assert_int_equal(akita_keyring_create(at("no/ring"), &policy, crypto,
	    &random, &why), AKITA_ERR_KEY);
	assert_int_equal(chmod(scratch, 0777), 0);
	assert_int_equal(akita_keyring_create(at("ring"), &policy, crypto,
	    &random, &why), AKITA_ERR_KEY);
	assert_int_equal(access(at("ring"), F_OK), -1);
}

TEST(two_rings_have_different_keys)
{
	char first[512];

	assert_int_equal(akita_keyring_create(at("a"), &policy, crypto,
	    &akita_os_random, &why), AKITA_OK);
	assert_int_equal(akita_keyring_create(at("b"), &policy, crypto,
	    &akita_os_random, &why), AKITA_OK);
	(void)snprintf(first, sizeof(first), "%.511s", get_file("a", NULL));
	assert_string_not_equal(first, get_file("b", NULL));
	assert_int_equal(try("a"), AKITA_OK);
	assert_int_equal(try("b"), AKITA_OK);
}

TEST(each_purpose_has_a_key_of_its_own)
{
	AKITA_KEYRING_AUTO struct akita_keyring *ring = NULL;
	const uint8_t *key = NULL;

	put_file("ring", FIRST KEY1 " current\n", 0600);
	assert_int_equal(akita_keyring_load(at("ring"), &policy, crypto,
	    &ring, &why), AKITA_OK);
	/* HMAC-SHA256 of each label by another implementation. */
	assert_subkey(ring, 0x8c210f12, AKITA_KEY_SEAL, "ef595a00c9769126"
	    "9422acf5515f45c1d4f7ea71f191d05df0d2fed88cd09288");
	assert_subkey(ring, 0x8c210f12, AKITA_KEY_SLOT, "95d76fc59b631ac3"
	    "3af26a555b5b1140dad5063c6e6653caed7f4f36a8b24480");
	assert_subkey(ring, 0x8c210f12, AKITA_KEY_NAME, "f5d71a74a6dbb9c8"
	    "622480fbebb105d1429190ef3106925d6ab49455f8288abe");
	assert_subkey(ring, 0x8c210f12, AKITA_KEY_PAGE, "c73eecc741fde569"
	    "aa7b62fea9c12fb8521df9868c2671e71b7f8514d6bf4a4c");
	assert_subkey(ring, 0x8c210f12, AKITA_KEY_PASSWORD, "4ce08710981c50cf"
	    "67b7435510a50b569b584a549c3f755298a04ee1cdb467fc");
	assert_subkey(ring, 0x8c210f12, AKITA_KEY_RECOVERY, "6ad3c5b96da57363"
	    "a37b3c0d15cccd557e968e446bf6f0c4093cbcf5d26560d9");
	assert_subkey(ring, 0x8c210f12, AKITA_KEY_AUDIT, "0f832b4399517335"
	    "92d0e2af8af3438e1ffbf802956a8833cbc765e9af556ca1");
	assert_subkey(ring, 0x8c210f12, AKITA_KEY_JOURNAL, "5717c79a18b734c7"
	    "2007c8cc38b2adb644c148ec8c8e04494d611b61d9244d0d");
	assert_subkey(ring, 0x8c210f12, AKITA_KEY_GRACE, "d39d34450ad83c05"
	    "b9d19d48bca757f6cd23f136a395b27c3e988ed94b37e48c");
	assert_int_equal(akita_keyring_subkey(ring, crypto, 0x905abd38,
	    AKITA_KEY_SEAL, &key), AKITA_ERR_KEY);
	assert_int_equal(akita_keyring_subkey(ring, crypto, 0x8c210f12,
	    AKITA_KEY_PURPOSES, &key), AKITA_ERR_USAGE);
	assert_null(key);
}

TEST(older_keys_stay_usable_beside_the_current_one)
{
	AKITA_KEYRING_AUTO struct akita_keyring *ring = NULL;
	const uint8_t *old = NULL, *new = NULL;

	put_file("ring", FIRST KEY1 "\n" KEY2 " current\n", 0600);
	assert_int_equal(akita_keyring_load(at("ring"), &policy, crypto,
	    &ring, &why), AKITA_OK);
	assert_int_equal(akita_keyring_count(ring), 2);
	assert_int_equal(akita_keyring_current(ring), 0x905abd38);
	assert_int_equal(akita_keyring_id(ring, 0), 0x8c210f12);
	assert_true(akita_keyring_has(ring, 0x8c210f12));
	assert_false(akita_keyring_has(ring, 0x8c210f13));
	assert_int_equal(akita_keyring_subkey(ring, crypto, 0x8c210f12,
	    AKITA_KEY_SEAL, &old), AKITA_OK);
	assert_int_equal(akita_keyring_subkey(ring, crypto, 0x905abd38,
	    AKITA_KEY_SEAL, &new), AKITA_OK);
	assert_memory_not_equal(old, new, AKITA_KEYRING_KEY);
}

TEST(anything_else_in_the_file_is_an_error)
{
	assert_bad("", "empty");
	assert_bad("\n", "no key ring");
	assert_bad("akita-otp key ring 2\n" KEY1 " current\n", "no key ring");
	assert_bad(FIRST, "no current key");
	assert_bad(FIRST KEY1 "\n", "no current key");
	assert_bad(FIRST "\n" KEY1 " current\n", "line 2: this is no line");
	assert_bad(FIRST "# x\n" KEY1 " current\n", "line 2: this is no line");
	assert_bad(FIRST KEY1 " Current\n", "line 2: nothing but");
	assert_bad(FIRST KEY1 " current \n", "line 2: nothing but");
	assert_bad(FIRST KEY1 "0 current\n", "line 2: nothing but");
	assert_bad(FIRST " " KEY1 " current\n", "line 2: this is no line");
	assert_bad(FIRST "key  8c210f1 " HEX1 " current\n", "line 2");
	assert_bad(FIRST "key 8C210F12 " HEX1 " current\n", "line 2");
	assert_bad(FIRST "key 8c210f12\t" HEX1 " current\n", "line 2");
	assert_bad(FIRST "key 8c210f12 0001\n", "line 2: this is no line");
	assert_bad(FIRST KEY1 " current\r\n", "line 2: nothing but");
	assert_bad(FIRST KEY1 " current", "line 2: the line is cut off");
	assert_bad(FIRST KEY1 " current\nkey", "line 3: the line is cut off");
	assert_bad(FIRST KEY1 " current\n" KEY1 "\n", "line 3: this key");
	assert_bad(FIRST KEY1 " current\n" KEY2 " current\n",
	    "line 3: a second key");
}

TEST(a_nul_in_the_file_is_an_error)
{
	static const char text[] = FIRST KEY1 " current\n\0" KEY2 "\n";
	static const char inside[] = FIRST "key\0 8c210f12 " HEX1
	    " current\n";

	put_bytes("ring", text, sizeof(text) - 1, 0600);
	assert_int_equal(try("ring"), AKITA_ERR_KEY);
	put_bytes("ring", inside, sizeof(inside) - 1, 0600);
	assert_int_equal(try("ring"), AKITA_ERR_KEY);
}

TEST(every_altered_digit_of_a_key_or_its_id_is_noticed)
{
	char text[] = FIRST KEY1 " current\n";
	const size_t id = strlen(FIRST "key ");
	const size_t end = strlen(FIRST KEY1);

	for (size_t i = id; i < end; i++) {
		char was = text[i];

		if (was == ' ')
			continue;
		text[i] = was == 'f' ? '0' : was == '9' ? 'a' :
		    (char)(was + 1);
		put_file("ring", text, 0600);
		assert_int_equal(try("ring"), AKITA_ERR_KEY);
		assert_non_null(strstr(sentence(&why), "was altered"));
		text[i] = was;
	}
	put_file("ring", text, 0600);
	assert_int_equal(try("ring"), AKITA_OK);
}

/* A ring of n keys, counted up, the last one current. */
static const char *
ring_of(unsigned int n)
{
	static char text[4096];
	size_t used = 0;

	used += (size_t)snprintf(text, sizeof(text), FIRST);
	for (unsigned int i = 0; i < n; i++) {
		uint8_t key[AKITA_KEYRING_KEY] = { (uint8_t)(i + 1) };
		uint8_t mac[AKITA_SHA256_SIZE];
		const struct akita_span span = { "akita-otp 1 key-id", 18 };

		assert_int_equal(akita_hmac(crypto, AKITA_HASH_SHA256, key,
		    sizeof(key), &span, 1, mac), AKITA_OK);
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "key %02x%02x%02x%02x %02x%062d%s\n", mac[0], mac[1],
		    mac[2], mac[3], key[0], 0, i + 1 == n ? " current" : "");
	}
	return text;
}

TEST(a_ring_holds_eight_keys_and_no_more)
{
	static char longer[5000];

	put_file("ring", ring_of(AKITA_KEYRING_KEYS), 0600);
	assert_int_equal(try("ring"), AKITA_OK);
	assert_bad(ring_of(AKITA_KEYRING_KEYS + 1),
	    "line 10: too many keys");
	memset(longer, 'k', sizeof(longer) - 1);
	assert_bad(longer, "too large");
}

TEST(a_ring_that_others_could_read_or_change_is_not_read)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602 };

	for (size_t i = 0; i < COUNT(modes); i++) {
		put_file("ring", FIRST KEY1 " current\n", modes[i]);
		assert_int_equal(try("ring"), AKITA_ERR_KEY);
		assert_non_null(strstr(sentence(&why), "chmod"));
	}
	put_file("ring", FIRST KEY1 " current\n", 0400);
	assert_int_equal(try("ring"), AKITA_OK);
	assert_int_equal(symlink("ring", at("link")), 0);
	assert_int_equal(try("link"), AKITA_ERR_KEY);
	assert_non_null(strstr(sentence(&why), "symbolic link"));
}

TEST(a_missing_ring_says_where_it_comes_from)
{
	assert_int_equal(try("none"), AKITA_ERR_KEY);
	assert_non_null(strstr(sentence(&why), at("none")));
	assert_non_null(strstr(sentence(&why), "otpadm init"));
}

TEST(the_ring_is_left_out_of_core_dumps)
{
	AKITA_KEYRING_AUTO struct akita_keyring *ring = NULL;
	char line[512];
	unsigned long from, to;
	bool is_inside = false, is_left_out = false;
	FILE *f;

	put_file("ring", FIRST KEY1 " current\n", 0600);
	assert_int_equal(akita_keyring_load(at("ring"), &policy, crypto,
	    &ring, &why), AKITA_OK);
	f = fopen("/proc/self/smaps", "re");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			is_inside = (uintptr_t)ring >= from &&
			    (uintptr_t)ring < to;
		else if (is_inside && strncmp(line, "VmFlags:", 8) == 0)
			is_left_out = strstr(line, " dd") != NULL;
	}
	assert_int_equal(fclose(f), 0);
	assert_true(is_left_out);
}

TEST(freeing_nothing_is_allowed)
{
	struct akita_keyring *none = NULL;

	akita_keyring_free(NULL);
	akita_keyring_free(&none);
	assert_null(none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_new_ring_is_a_private_file_with_one_current_key),
		SCRATCH_TEST(a_ring_that_is_there_is_never_overwritten),
		SCRATCH_TEST(
		    without_randomness_or_a_trusted_directory_no_ring_is_made),
		SCRATCH_TEST(two_rings_have_different_keys),
		SCRATCH_TEST(each_purpose_has_a_key_of_its_own),
		SCRATCH_TEST(older_keys_stay_usable_beside_the_current_one),
		SCRATCH_TEST(anything_else_in_the_file_is_an_error),
		SCRATCH_TEST(a_nul_in_the_file_is_an_error),
		SCRATCH_TEST(
		    every_altered_digit_of_a_key_or_its_id_is_noticed),
		SCRATCH_TEST(a_ring_holds_eight_keys_and_no_more),
		SCRATCH_TEST(
		    a_ring_that_others_could_read_or_change_is_not_read),
		SCRATCH_TEST(a_missing_ring_says_where_it_comes_from),
		SCRATCH_TEST(the_ring_is_left_out_of_core_dumps),
		cmocka_unit_test(freeing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
