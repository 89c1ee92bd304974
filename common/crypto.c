#include "common/crypto.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/secret.h"

#define HASHES		3
#define BLOCK_MAX	128	/* SHA-512's block (FIPS 180-4) */

struct akita_crypto {
	EVP_MD		*md[HASHES];	/* by hash - 1; fetched when used */
	EVP_CIPHER	*gcm;
	EVP_MD_CTX	*md_ctx;
	EVP_CIPHER_CTX	*cipher_ctx;
};

static const struct {
	const char	*name;
	size_t		 size;
	size_t		 block;
} hashes[HASHES] = {
	{ "SHA1", 20, 64 },
	{ "SHA256", 32, 64 },
	{ "SHA512", 64, 128 },
};

static bool
is_hash(enum akita_hash hash)
{
	return hash >= AKITA_HASH_SHA1 && hash <= AKITA_HASH_SHA512;
}

enum akita_rc
akita_crypto_new(struct akita_crypto **ret_crypto)
{
	struct akita_crypto *crypto;

	if ((crypto = calloc(1, sizeof(*crypto))) == NULL)
		return AKITA_ERR_NOMEM;
	*ret_crypto = crypto;
	return AKITA_OK;
}

void
akita_crypto_free(struct akita_crypto **crypto)
{
	size_t i;

	if (crypto == NULL || *crypto == NULL)
		return;
	EVP_MD_CTX_free((*crypto)->md_ctx);
	EVP_CIPHER_CTX_free((*crypto)->cipher_ctx);
	for (i = 0; i < HASHES; i++)
		EVP_MD_free((*crypto)->md[i]);
	EVP_CIPHER_free((*crypto)->gcm);
	free(*crypto);
	*crypto = NULL;
}

size_t
akita_hash_size(enum akita_hash hash)
{
	return is_hash(hash) ? hashes[hash - 1].size : 0;
}

/* The algorithm, fetched on first use; NULL on failure. */
static const EVP_MD *
get_md(struct akita_crypto *crypto, enum akita_hash hash)
{
	if (!is_hash(hash))
		return NULL;
	if (crypto->md_ctx == NULL &&
	    (crypto->md_ctx = EVP_MD_CTX_new()) == NULL)
		return NULL;
	if (crypto->md[hash - 1] == NULL)
		crypto->md[hash - 1] = EVP_MD_fetch(NULL,
		    hashes[hash - 1].name, NULL);
	return crypto->md[hash - 1];
}

/* Digest of an optional first piece and n spans. */
static bool
digest(EVP_MD_CTX *ctx, const EVP_MD *md, const struct akita_span *first,
    const struct akita_span *spans, size_t n, uint8_t *ret)
{
	size_t i;

	if (!EVP_DigestInit_ex2(ctx, md, NULL))
		return false;
	if (first != NULL && !EVP_DigestUpdate(ctx, first->data, first->len))
		return false;
	for (i = 0; i < n; i++)
		if (spans[i].len > 0 &&
		    !EVP_DigestUpdate(ctx, spans[i].data, spans[i].len))
			return false;
	return EVP_DigestFinal_ex(ctx, ret, NULL) == 1;
}

enum akita_rc
akita_digest(struct akita_crypto *crypto, enum akita_hash hash,
    const struct akita_span *spans, size_t n, uint8_t *ret_digest)
{
	uint8_t out[AKITA_HASH_MAX];
	const EVP_MD *md;

	if ((md = get_md(crypto, hash)) == NULL ||
	    !digest(crypto->md_ctx, md, NULL, spans, n, out))
		return AKITA_ERR_CRYPTO;
	memcpy(ret_digest, out, hashes[hash - 1].size);
	return AKITA_OK;
}

/*
 * By hand over a digest, because each further kind of operation that is asked
 * of OpenSSL 3 (EVP_MAC) costs a process its whole table of algorithms once,
 * 0.4 ms.
 */
enum akita_rc
akita_hmac(struct akita_crypto *crypto, enum akita_hash hash, const void *key,
    size_t key_len, const struct akita_span *spans, size_t n, uint8_t *ret_mac)
{
	enum akita_rc rc = AKITA_ERR_CRYPTO;
	uint8_t pad[BLOCK_MAX] = { 0 };
	uint8_t out[AKITA_HASH_MAX];
	struct akita_span first = { pad, 0 }, inner = { out, 0 };
	const EVP_MD *md;
	size_t i;

	if ((md = get_md(crypto, hash)) == NULL)
		goto out;
	first.len = hashes[hash - 1].block;
	inner.len = hashes[hash - 1].size;
	if (key_len > first.len) {
		struct akita_span long_key = { key, key_len };

		if (!digest(crypto->md_ctx, md, NULL, &long_key, 1, pad))
			goto out;
	} else if (key_len > 0) {
		memcpy(pad, key, key_len);
	}
	for (i = 0; i < first.len; i++)
		pad[i] ^= 0x36;
	if (!digest(crypto->md_ctx, md, &first, spans, n, out))
		goto out;
	for (i = 0; i < first.len; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	if (!digest(crypto->md_ctx, md, &first, &inner, 1, out))
		goto out;
	memcpy(ret_mac, out, inner.len);
	rc = AKITA_OK;
out:
	akita_wipe(pad, sizeof(pad));
	akita_wipe(out, sizeof(out));
	return rc;
}

/* Start AES-256-GCM in one direction and feed it the associated data. */
static bool
aead_start(struct akita_crypto *crypto, const uint8_t *key,
    const uint8_t *nonce, int encrypt, const void *aad, size_t aad_len)
{
	int done;

	if (aad_len > INT32_MAX)
		return false;
	if (crypto->cipher_ctx == NULL &&
	    (crypto->cipher_ctx = EVP_CIPHER_CTX_new()) == NULL)
		return false;
	if (crypto->gcm == NULL &&
	    (crypto->gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL)) ==
	    NULL)
		return false;
	if (!EVP_CipherInit_ex2(crypto->cipher_ctx, crypto->gcm, key, nonce,
	    encrypt, NULL))
		return false;
	return aad_len == 0 || EVP_CipherUpdate(crypto->cipher_ctx, NULL,
	    &done, aad, (int)aad_len);
}

enum akita_rc
akita_aead_seal(struct akita_crypto *crypto, const uint8_t key[AKITA_AEAD_KEY],
    const uint8_t nonce[AKITA_AEAD_NONCE], const void *aad, size_t aad_len,
    const uint8_t *plain, size_t len, uint8_t *ret_cipher,
    uint8_t ret_tag[AKITA_AEAD_TAG])
{
	enum akita_rc rc = AKITA_ERR_CRYPTO;
	uint8_t none[AKITA_AEAD_TAG];
	int done;

	if (len > INT32_MAX || !aead_start(crypto, key, nonce, 1, aad, aad_len))
		goto out;
	if (len > 0 && (!EVP_CipherUpdate(crypto->cipher_ctx, ret_cipher,
	    &done, plain, (int)len) || (size_t)done != len))
		goto out;
	if (!EVP_CipherFinal_ex(crypto->cipher_ctx, none, &done) || done != 0)
		goto out;
	if (EVP_CIPHER_CTX_ctrl(crypto->cipher_ctx, EVP_CTRL_AEAD_GET_TAG,
	    AKITA_AEAD_TAG, ret_tag) != 1)
		goto out;
	rc = AKITA_OK;
out:
	/* The context holds the key: it is cleared, not kept. */
	EVP_CIPHER_CTX_reset(crypto->cipher_ctx);
	return rc;
}

enum akita_rc
akita_aead_open(struct akita_crypto *crypto, const uint8_t key[AKITA_AEAD_KEY],
    const uint8_t nonce[AKITA_AEAD_NONCE], const void *aad, size_t aad_len,
    const uint8_t *cipher, size_t len, const uint8_t tag[AKITA_AEAD_TAG],
    uint8_t *ret_plain)
{
	enum akita_rc rc = AKITA_ERR_CRYPTO;
	uint8_t want[AKITA_AEAD_TAG], none[AKITA_AEAD_TAG];
	int done;

	memcpy(want, tag, sizeof(want));
	if (len > INT32_MAX || !aead_start(crypto, key, nonce, 0, aad, aad_len))
		goto out;
	if (len > 0 && (!EVP_CipherUpdate(crypto->cipher_ctx, ret_plain,
	    &done, cipher, (int)len) || (size_t)done != len))
		goto out;
	if (EVP_CIPHER_CTX_ctrl(crypto->cipher_ctx, EVP_CTRL_AEAD_SET_TAG,
	    AKITA_AEAD_TAG, want) != 1)
		goto out;
	rc = AKITA_ERR_MALFORMED;
	if (!EVP_CipherFinal_ex(crypto->cipher_ctx, none, &done) || done != 0)
		goto out;
	rc = AKITA_OK;
out:
	EVP_CIPHER_CTX_reset(crypto->cipher_ctx);
	if (rc != AKITA_OK)
		akita_wipe(ret_plain, len);
	return rc;
}
