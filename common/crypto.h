/*
 * crypto.h (rank 0): the few primitives we take from OpenSSL's default
 * provider, behind one handle, so that an algorithm is looked up once a handle
 * and only if it is used.
 *
 * A handle is not shared between threads.  It has a library context of its
 * own: neither the host's settings of libcrypto (openssl.cnf, FIPS, engines)
 * nor its error queue take part.
 */
#ifndef AKITA_CRYPTO_H
#define AKITA_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#include "common/result.h"

struct akita_crypto;

enum akita_hash {
	AKITA_HASH_SHA1 = 1,
	AKITA_HASH_SHA256 = 2,
	AKITA_HASH_SHA512 = 3
};

#define AKITA_HASH_MAX		64
#define AKITA_SHA256_SIZE	32
#define AKITA_AEAD_KEY		32
#define AKITA_AEAD_NONCE	12
#define AKITA_AEAD_TAG		16

/* Make a handle, owned by the caller.  AKITA_OK, AKITA_ERR_NOMEM. */
enum akita_rc	 akita_crypto_new(struct akita_crypto **ret_crypto)
		    AKITA_MUST_CHECK;
/* Free *crypto and set it to NULL; NULL and a NULL handle are accepted. */
void		 akita_crypto_free(struct akita_crypto **crypto);

/* Bytes of hash's output: 20, 32, 64. */
size_t		 akita_hash_size(enum akita_hash hash);

/* One piece of a message. */
struct akita_span {
	const void	*data;
	size_t		 len;
};

/*
 * HMAC (RFC 2104) over the concatenation of n spans.  ret_mac has room for
 * akita_hash_size(hash) bytes and is untouched on failure.  key_len from 0; a
 * key longer than the hash's block is hashed first.
 * AKITA_OK, AKITA_ERR_CRYPTO.
 */
enum akita_rc	 akita_hmac(struct akita_crypto *crypto, enum akita_hash hash,
		    const void *key, size_t key_len,
		    const struct akita_span *spans, size_t n,
		    uint8_t *ret_mac) AKITA_MUST_CHECK;

/* SHA-2/SHA-1 digest over n spans; otherwise as akita_hmac. */
enum akita_rc	 akita_digest(struct akita_crypto *crypto,
		    enum akita_hash hash, const struct akita_span *spans,
		    size_t n, uint8_t *ret_digest) AKITA_MUST_CHECK;

/*
 * AES-256-GCM (NIST SP 800-38D).  len bytes of plain become len bytes at
 * ret_cipher and a tag of 16 bytes.  The nonce must never repeat under a key.
 * AKITA_OK, AKITA_ERR_CRYPTO.
 */
enum akita_rc	 akita_aead_seal(struct akita_crypto *crypto,
		    const uint8_t key[AKITA_AEAD_KEY],
		    const uint8_t nonce[AKITA_AEAD_NONCE],
		    const void *aad, size_t aad_len,
		    const uint8_t *plain, size_t len, uint8_t *ret_cipher,
		    uint8_t ret_tag[AKITA_AEAD_TAG]) AKITA_MUST_CHECK;

/* The reverse.  AKITA_ERR_MALFORMED: not authentic (ret_plain is wiped). */
enum akita_rc	 akita_aead_open(struct akita_crypto *crypto,
		    const uint8_t key[AKITA_AEAD_KEY],
		    const uint8_t nonce[AKITA_AEAD_NONCE],
		    const void *aad, size_t aad_len,
		    const uint8_t *cipher, size_t len,
		    const uint8_t tag[AKITA_AEAD_TAG],
		    uint8_t *ret_plain) AKITA_MUST_CHECK;

#endif
