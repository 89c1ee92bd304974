/* Digest, HMAC and AES-256-GCM give what their standards say. */
#include "tests/unit/unit.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#include "common/crypto.h"

#define HEX_MAX	160	/* bytes of the longest vector */

static struct akita_crypto *crypto;

/* Spell bytes of a result and compare. */
static void
assert_hex(const uint8_t *got, size_t len, const char *want)
{
	uint8_t bytes[HEX_MAX];

	assert_int_equal(unhex(want, bytes, sizeof(bytes)), len);
	assert_memory_equal(got, bytes, len);
}

/* RFC 2202 section 3 and RFC 4231 section 4; keys and data of one byte
 * repeated are written as (byte, count). */
static const struct {
	const char	*key;
	uint8_t		 key_byte;
	size_t		 key_len;
	const char	*data;
	uint8_t		 data_byte;
	size_t		 data_len;
	const char	*sha1, *sha256, *sha512;
} vectors[] = {
	{ NULL, 0x0b, 20, "Hi There", 0, 8,
	    "b617318655057264e28bc0b6fb378c8ef146be00",
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
	    "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
	    "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854" },
	{ "Jefe", 0, 4, "what do ya want for nothing?", 0, 28,
	    "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
	    "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737" },
	{ NULL, 0xaa, 20, NULL, 0xdd, 50,
	    "125d7342b9ac11cd91a39af48aa17b4f63f175d3",
	    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
	    "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
	    "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb" },
	{ "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
	    "\x11\x12\x13\x14\x15\x16\x17\x18\x19", 0, 25, NULL, 0xcd, 50,
	    "4c9007f4026250c6bc8414f9bf50c86c2d7235da",
	    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
	    "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
	    "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd" },
	{ NULL, 0xaa, 80,
	    "Test Using Larger Than Block-Size Key - Hash Key First", 0, 54,
	    "aa4ae5e15272d00e95705637ce8a3b55ed402112", NULL, NULL },
	{ NULL, 0xaa, 80, "Test Using Larger Than Block-Size Key and Larger "
	    "Than One Block-Size Data", 0, 73,
	    "e8e99d0f45237d786d6bbaa7965c7808bbff1a91", NULL, NULL },
	{ NULL, 0xaa, 131,
	    "Test Using Larger Than Block-Size Key - Hash Key First", 0, 54,
	    NULL,
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
	    "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
	    "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598" },
	{ NULL, 0xaa, 131, "This is a test using a larger than block-size key "
	    "and a larger than block-size data. The key needs to be hashed "
	    "before being used by the HMAC algorithm.", 0, 152,
	    NULL,
	    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
	    "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
	    "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58" },
};

static void
check_hmac(enum akita_hash hash, size_t i, const char *want)
{
	uint8_t key[HEX_MAX], data[HEX_MAX], mac[AKITA_HASH_MAX];
	struct akita_span span = { data, vectors[i].data_len };

	if (want == NULL)
		return;
	memset(key, vectors[i].key_byte, sizeof(key));
	memset(data, vectors[i].data_byte, sizeof(data));
	if (vectors[i].key != NULL)
		memcpy(key, vectors[i].key, vectors[i].key_len);
	if (vectors[i].data != NULL)
		memcpy(data, vectors[i].data, vectors[i].data_len);
	assert_int_equal(akita_hmac(crypto, hash, key, vectors[i].key_len,
	    &span, 1, mac), AKITA_OK);
	assert_hex(mac, akita_hash_size(hash), want);
}

TEST(hmac_values_are_those_of_rfc_2202_and_rfc_4231)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		check_hmac(AKITA_HASH_SHA1, i, vectors[i].sha1);
		check_hmac(AKITA_HASH_SHA256, i, vectors[i].sha256);
		check_hmac(AKITA_HASH_SHA512, i, vectors[i].sha512);
	}
}

TEST(keys_up_to_the_block_are_used_as_they_are)
{
	/* Made with Python's hmac: no RFC has keys of these lengths. */
	static const struct {
		enum akita_hash	 hash;
		size_t		 key_len;
		const char	*mac;
	} rows[] = {
		{ AKITA_HASH_SHA1, 64,
		    "e83ee1c362c86cc004df4f912a641c1bd844f36c" },
		{ AKITA_HASH_SHA1, 65,
		    "5c0fb63dc6aea0bed8fa2f8ea120a144e15cbd50" },
		{ AKITA_HASH_SHA512, 100,
		    "fae1f6ccea063431488787cda53ed9b3b8f14a9c0715ce105f78d5a2"
		    "71ef47acac8f7eb2ec566e50f22531035071b224da5df6e6f3dbf959"
		    "790c2dbaad258565" },
		{ AKITA_HASH_SHA512, 128,
		    "17eb09b3d3c0f3ac497c608347e1d5b5df5e4b062bfd56c191c8499f"
		    "24a3a9d1c3dfb449d01f4c9ca316b6b8d6a6299bad883d0bffe11c88"
		    "c60d7daed6feeb48" },
	};
	struct akita_span span = { "Hi There", 8 };
	uint8_t key[128], mac[AKITA_HASH_MAX];

	memset(key, 0xaa, sizeof(key));
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(akita_hmac(crypto, rows[i].hash, key,
		    rows[i].key_len, &span, 1, mac), AKITA_OK);
		assert_hex(mac, akita_hash_size(rows[i].hash), rows[i].mac);
	}
}

TEST(hmac_accepts_an_empty_key_and_an_empty_message)
{
	uint8_t mac[AKITA_HASH_MAX];
	struct akita_span none = { NULL, 0 };

	assert_int_equal(akita_hmac(crypto, AKITA_HASH_SHA256, NULL, 0, NULL,
	    0, mac), AKITA_OK);
	assert_hex(mac, 32, "b613679a0814d9ec772f95d778c35fc5"
	    "ff1697c493715653c6c712144292c5ad");
	assert_int_equal(akita_hmac(crypto, AKITA_HASH_SHA256, "", 0, &none,
	    1, mac), AKITA_OK);
	assert_hex(mac, 32, "b613679a0814d9ec772f95d778c35fc5"
	    "ff1697c493715653c6c712144292c5ad");
}

TEST(pieces_of_a_message_count_as_the_whole)
{
	static const struct akita_span pieces[] = { { "Hi", 2 }, { "", 0 },
	    { " The", 4 }, { "re", 2 } };
	uint8_t key[20], mac[AKITA_HASH_MAX], digest[2][AKITA_HASH_MAX];
	struct akita_span whole = { "Hi There", 8 };

	memset(key, 0x0b, sizeof(key));
	assert_int_equal(akita_hmac(crypto, AKITA_HASH_SHA1, key, 20, pieces,
	    4, mac), AKITA_OK);
	assert_hex(mac, 20, vectors[0].sha1);
	assert_int_equal(akita_digest(crypto, AKITA_HASH_SHA512, pieces, 4,
	    digest[0]), AKITA_OK);
	assert_int_equal(akita_digest(crypto, AKITA_HASH_SHA512, &whole, 1,
	    digest[1]), AKITA_OK);
	assert_memory_equal(digest[0], digest[1], 64);
}

TEST(digests_are_those_of_fips_180)
{
	struct akita_span abc = { "abc", 3 };
	uint8_t digest[AKITA_HASH_MAX];

	assert_int_equal(akita_digest(crypto, AKITA_HASH_SHA1, &abc, 1,
	    digest), AKITA_OK);
	assert_hex(digest, 20, "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_int_equal(akita_digest(crypto, AKITA_HASH_SHA256, &abc, 1,
	    digest), AKITA_OK);
	assert_hex(digest, 32, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(akita_digest(crypto, AKITA_HASH_SHA512, &abc, 1,
	    digest), AKITA_OK);
	assert_hex(digest, 64, "ddaf35a193617abacc417349ae204131"
	    "12e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
	    "454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(hash_sizes_are_known_and_others_are_zero)
{
	assert_int_equal(akita_hash_size(AKITA_HASH_SHA1), 20);
	assert_int_equal(akita_hash_size(AKITA_HASH_SHA256), 32);
	assert_int_equal(akita_hash_size(AKITA_HASH_SHA512), 64);
	assert_int_equal(akita_hash_size((enum akita_hash)0), 0);
	assert_int_equal(akita_hash_size((enum akita_hash)4), 0);
}

TEST(an_unknown_hash_fails_and_leaves_the_result_alone)
{
	uint8_t out[AKITA_HASH_MAX] = { 7 };

	assert_int_equal(akita_hmac(crypto, (enum akita_hash)4, "k", 1, NULL,
	    0, out), AKITA_ERR_CRYPTO);
	assert_int_equal(akita_digest(crypto, (enum akita_hash)0, NULL, 0,
	    out), AKITA_ERR_CRYPTO);
	assert_int_equal(out[0], 7);
}

/* McGrew and Viega, The Galois/Counter Mode, appendix B: cases 13, 14, 16. */
static const struct {
	const char	*key, *nonce, *aad, *plain, *cipher, *tag;
} gcm[] = {
	{ "0000000000000000000000000000000000000000000000000000000000000000",
	    "000000000000000000000000", "", "", "",
	    "530f8afbc74536b9a963b4f1c4cb738b" },
	{ "0000000000000000000000000000000000000000000000000000000000000000",
	    "000000000000000000000000", "",
	    "00000000000000000000000000000000",
	    "cea7403d4d606b6e074ec5d3baf39d18",
	    "d0d1c8a799996bf0265b98b5d48ab919" },
	{ "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
	    "cafebabefacedbaddecaf888",
	    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
	    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
	    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
	    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
	    "76fc6ece0f4e1768cddf8853bb2d551b" },
};

struct sealed {
	uint8_t	key[32], nonce[12], aad[64], plain[64], cipher[64], tag[16];
	size_t	aad_len, len;
};

static struct sealed
read_gcm(size_t i)
{
	struct sealed s;

	unhex(gcm[i].key, s.key, sizeof(s.key));
	unhex(gcm[i].nonce, s.nonce, sizeof(s.nonce));
	s.aad_len = unhex(gcm[i].aad, s.aad, sizeof(s.aad));
	s.len = unhex(gcm[i].plain, s.plain, sizeof(s.plain));
	unhex(gcm[i].cipher, s.cipher, sizeof(s.cipher));
	unhex(gcm[i].tag, s.tag, sizeof(s.tag));
	return s;
}

static enum akita_rc
open_sealed(const struct sealed *s, uint8_t *ret_plain)
{
	return akita_aead_open(crypto, s->key, s->nonce, s->aad, s->aad_len,
	    s->cipher, s->len, s->tag, ret_plain);
}

TEST(sealing_gives_the_published_vectors)
{
	for (size_t i = 0; i < COUNT(gcm); i++) {
		struct sealed s = read_gcm(i);
		uint8_t out[64], tag[16];

		assert_int_equal(akita_aead_seal(crypto, s.key, s.nonce, s.aad,
		    s.aad_len, s.plain, s.len, out, tag), AKITA_OK);
		assert_memory_equal(out, s.cipher, s.len);
		assert_memory_equal(tag, s.tag, sizeof(tag));
	}
}

TEST(opening_gives_the_plain_text_back)
{
	for (size_t i = 0; i < COUNT(gcm); i++) {
		struct sealed s = read_gcm(i);
		uint8_t out[64];

		assert_int_equal(open_sealed(&s, out), AKITA_OK);
		assert_memory_equal(out, s.plain, s.len);
	}
}

static void
assert_not_authentic(const struct sealed *s)
{
	uint8_t out[64], zero[64] = { 0 };

	memset(out, 'x', sizeof(out));
	assert_int_equal(open_sealed(s, out), AKITA_ERR_MALFORMED);
	assert_memory_equal(out, zero, s->len);
}

TEST(one_flipped_bit_anywhere_is_not_authentic_and_nothing_is_shown)
{
	struct sealed s = read_gcm(2);
	struct {
		uint8_t	*bytes;
		size_t	 len;
	} parts[] = { { s.key, 32 }, { s.nonce, 12 }, { s.aad, s.aad_len },
	    { s.cipher, s.len }, { s.tag, 16 } };

	for (size_t part = 0; part < COUNT(parts); part++)
		for (size_t bit = 0; bit < parts[part].len * 8; bit++) {
			parts[part].bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
			assert_not_authentic(&s);
			parts[part].bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
	s.aad_len--;
	assert_not_authentic(&s);
	s.aad_len++;
	s.len--;
	assert_not_authentic(&s);
}

TEST(a_handle_serves_all_operations_mixed)
{
	for (int i = 0; i < 3; i++) {
		hmac_values_are_those_of_rfc_2202_and_rfc_4231(NULL);
		sealing_gives_the_published_vectors(NULL);
		digests_are_those_of_fips_180(NULL);
		opening_gives_the_plain_text_back(NULL);
	}
}

TEST(lengths_beyond_what_libcrypto_counts_fail)
{
	struct sealed s = read_gcm(0);
	uint8_t out[64], tag[16];

	assert_int_equal(akita_aead_seal(crypto, s.key, s.nonce, s.aad,
	    (size_t)INT32_MAX + 1, s.plain, 0, out, tag), AKITA_ERR_CRYPTO);
	assert_int_equal(akita_aead_seal(crypto, s.key, s.nonce, NULL, 0,
	    s.plain, (size_t)INT32_MAX + 1, out, tag), AKITA_ERR_CRYPTO);
	assert_int_equal(akita_aead_open(crypto, s.key, s.nonce, s.aad,
	    (size_t)INT32_MAX + 1, s.cipher, 0, s.tag, out), AKITA_ERR_CRYPTO);
}

TEST(the_error_queue_of_the_host_is_left_as_it_was)
{
	struct sealed s = read_gcm(2);
	struct akita_crypto *fresh = NULL;
	uint8_t out[64];

	ERR_clear_error();
	s.tag[0] ^= 1;
	assert_not_authentic(&s);
	assert_int_equal(ERR_peek_error(), 0);
	ERR_raise(ERR_LIB_USER, 7);
	assert_int_equal(akita_crypto_new(&fresh), AKITA_OK);
	assert_int_equal(akita_digest(fresh, AKITA_HASH_SHA1, NULL, 0, out),
	    AKITA_OK);
	assert_not_authentic(&s);
	akita_crypto_free(&fresh);
	assert_int_equal(ERR_GET_REASON(ERR_get_error()), 7);
	assert_int_equal(ERR_get_error(), 0);
}

/* Must run first: anything else may load the names. */
TEST(a_host_that_has_not_used_libcrypto_is_not_made_to_load_its_names)
{
	assert_null(OBJ_NAME_get("SHA256", OBJ_NAME_TYPE_MD_METH));
	hmac_values_are_those_of_rfc_2202_and_rfc_4231(NULL);
	sealing_gives_the_published_vectors(NULL);
	opening_gives_the_plain_text_back(NULL);
	assert_null(OBJ_NAME_get("SHA256", OBJ_NAME_TYPE_MD_METH));
}

TEST(what_the_host_sets_does_not_reach_us_and_stays)
{
	struct akita_crypto *mine = crypto;

	crypto = NULL;
	assert_int_equal(EVP_set_default_properties(NULL, "fips=yes"), 1);
	assert_int_equal(akita_crypto_new(&crypto), AKITA_OK);
	hmac_values_are_those_of_rfc_2202_and_rfc_4231(NULL);
	sealing_gives_the_published_vectors(NULL);
	akita_crypto_free(&crypto);
	crypto = mine;
	assert_int_equal(EVP_default_properties_is_fips_enabled(NULL), 1);
	assert_int_equal(EVP_set_default_properties(NULL, ""), 1);
}

TEST(freeing_a_handle_clears_the_pointer_and_accepts_none)
{
	struct akita_crypto *mine = NULL;

	akita_crypto_free(NULL);
	akita_crypto_free(&mine);
	assert_int_equal(akita_crypto_new(&mine), AKITA_OK);
	assert_non_null(mine);
	akita_crypto_free(&mine);
	assert_null(mine);
}

static int
setup(void **state)
{
	(void)state;
	return akita_crypto_new(&crypto) == AKITA_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	akita_crypto_free(&crypto);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
	    a_host_that_has_not_used_libcrypto_is_not_made_to_load_its_names),
		cmocka_unit_test(
		    hmac_values_are_those_of_rfc_2202_and_rfc_4231),
		cmocka_unit_test(keys_up_to_the_block_are_used_as_they_are),
		cmocka_unit_test(
		    hmac_accepts_an_empty_key_and_an_empty_message),
		cmocka_unit_test(pieces_of_a_message_count_as_the_whole),
		cmocka_unit_test(digests_are_those_of_fips_180),
		cmocka_unit_test(hash_sizes_are_known_and_others_are_zero),
		cmocka_unit_test(
		    an_unknown_hash_fails_and_leaves_the_result_alone),
		cmocka_unit_test(sealing_gives_the_published_vectors),
		cmocka_unit_test(opening_gives_the_plain_text_back),
		cmocka_unit_test(
	    one_flipped_bit_anywhere_is_not_authentic_and_nothing_is_shown),
		cmocka_unit_test(a_handle_serves_all_operations_mixed),
		cmocka_unit_test(lengths_beyond_what_libcrypto_counts_fail),
		cmocka_unit_test(
		    the_error_queue_of_the_host_is_left_as_it_was),
		cmocka_unit_test(
		    what_the_host_sets_does_not_reach_us_and_stays),
		cmocka_unit_test(
		    freeing_a_handle_clears_the_pointer_and_accepts_none),
	};

	return cmocka_run_group_tests_name("crypto", tests, setup, teardown);
}
