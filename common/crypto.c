#include "common/crypto.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/secret.h"

/*
 * How libcrypto is used here.  Its providers' algorithms are asked for by
 * OSSL_PROVIDER_query_operation() and called as provider-digest(7) and
 * provider-cipher(7) describe, in a library context of our own, not through
 * EVP.  In a process that has not used libcrypto before (login, su), the first
 * EVP fetch registers the names of some 200 algorithms, and the first EVP
 * digest looks for an engine, for which openssl.cnf is read and all error
 * texts are loaded: 1.2 ms, against 0.1 ms this way.  And whatever is set in
 * the host's default context stays as it is and does not reach us.
 */

#define HASHES		3
#define BLOCK_MAX	128	/* SHA-512's block (FIPS 180-4) */
#define MESSAGE_MAX	INT32_MAX

/* A digest of the provider; ctx is NULL until it was found and made. */
struct digest {
	void				*ctx;
	OSSL_FUNC_digest_init_fn	*init;
	OSSL_FUNC_digest_update_fn	*update;
	OSSL_FUNC_digest_final_fn	*final;
	OSSL_FUNC_digest_freectx_fn	*free_ctx;
};

/* AES-256-GCM of the provider; new_ctx is NULL until it was found. */
struct cipher {
	OSSL_FUNC_cipher_newctx_fn		*new_ctx;
	OSSL_FUNC_cipher_encrypt_init_fn	*encrypt_init;
	OSSL_FUNC_cipher_decrypt_init_fn	*decrypt_init;
	OSSL_FUNC_cipher_update_fn		*update;
	OSSL_FUNC_cipher_final_fn		*final;
	OSSL_FUNC_cipher_get_ctx_params_fn	*get_params;
	OSSL_FUNC_cipher_set_ctx_params_fn	*set_params;
	OSSL_FUNC_cipher_freectx_fn		*free_ctx;
};

struct akita_crypto {
	OSSL_LIB_CTX	*lib;		/* these two when first needed */
	OSSL_PROVIDER	*provider;
	struct digest	 digest[HASHES];	/* by hash - 1 */
	struct cipher	 gcm;
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
	for (i = 0; i < HASHES; i++)
		if ((*crypto)->digest[i].ctx != NULL)
			(*crypto)->digest[i].free_ctx(
			    (*crypto)->digest[i].ctx);
	if ((*crypto)->provider != NULL)
		OSSL_PROVIDER_unload((*crypto)->provider);
	OSSL_LIB_CTX_free((*crypto)->lib);
	free(*crypto);
	*crypto = NULL;
}

size_t
akita_hash_size(enum akita_hash hash)
{
	return is_hash(hash) ? hashes[hash - 1].size : 0;
}

/* Is name one of names, which are set apart by colons? */
static bool
is_named(const char *names, const char *name)
{
	size_t len = strlen(name);

	for (;;) {
		size_t n = strcspn(names, ":");

		if (n == len && strncasecmp(names, name, len) == 0)
			return true;
		if (names[n] == '\0')
			return false;
		names += n + 1;
	}
}

/* The functions of an algorithm, in libcrypto's storage; NULL: not found. */
static const OSSL_DISPATCH *
find_algorithm(struct akita_crypto *crypto, int operation, const char *name)
{
	const OSSL_DISPATCH *found = NULL;
	const OSSL_ALGORITHM *all, *a;
	int no_store = 0;

	if (crypto->lib == NULL && (crypto->lib = OSSL_LIB_CTX_new()) == NULL)
		return NULL;
	if (crypto->provider == NULL && (crypto->provider =
	    OSSL_PROVIDER_load(crypto->lib, "default")) == NULL)
		return NULL;
	all = OSSL_PROVIDER_query_operation(crypto->provider, operation,
	    &no_store);
	for (a = all; a != NULL && a->algorithm_names != NULL; a++)
		if (is_named(a->algorithm_names, name)) {
			found = a->implementation;
			break;
		}
	if (all != NULL)
		OSSL_PROVIDER_unquery_operation(crypto->provider, operation,
		    all);
	return found;
}

/* The digest, found and given its context on first use; NULL on failure. */
static struct digest *
get_digest(struct akita_crypto *crypto, enum akita_hash hash)
{
	OSSL_FUNC_digest_newctx_fn *new_ctx = NULL;
	const OSSL_DISPATCH *f;
	struct digest *digest;

	if (!is_hash(hash))
		return NULL;
	digest = &crypto->digest[hash - 1];
	if (digest->ctx != NULL)
		return digest;
	f = find_algorithm(crypto, OSSL_OP_DIGEST, hashes[hash - 1].name);
	for (; f != NULL && f->function_id != 0; f++)
		switch (f->function_id) {
		case OSSL_FUNC_DIGEST_NEWCTX:
			new_ctx = OSSL_FUNC_digest_newctx(f);
			break;
		case OSSL_FUNC_DIGEST_INIT:
			digest->init = OSSL_FUNC_digest_init(f);
			break;
		case OSSL_FUNC_DIGEST_UPDATE:
			digest->update = OSSL_FUNC_digest_update(f);
			break;
		case OSSL_FUNC_DIGEST_FINAL:
			digest->final = OSSL_FUNC_digest_final(f);
			break;
		case OSSL_FUNC_DIGEST_FREECTX:
			digest->free_ctx = OSSL_FUNC_digest_freectx(f);
			break;
		}
	if (new_ctx == NULL || digest->init == NULL || digest->update == NULL ||
	    digest->final == NULL || digest->free_ctx == NULL)
		return NULL;
	digest->ctx = new_ctx(OSSL_PROVIDER_get0_provider_ctx(
	    crypto->provider));
	return digest->ctx != NULL ? digest : NULL;
}

/* Digest of an optional first piece and n spans. */
static bool
run_digest(const struct digest *digest, const struct akita_span *first,
    const struct akita_span *spans, size_t n, uint8_t ret[AKITA_HASH_MAX])
{
	size_t i, len = 0;

	if (!digest->init(digest->ctx, NULL))
		return false;
	if (first != NULL &&
	    !digest->update(digest->ctx, first->data, first->len))
		return false;
	for (i = 0; i < n; i++)
		if (spans[i].len > 0 && !digest->update(digest->ctx,
		    spans[i].data, spans[i].len))
			return false;
	return digest->final(digest->ctx, ret, &len, AKITA_HASH_MAX) == 1;
}

enum akita_rc
akita_digest(struct akita_crypto *crypto, enum akita_hash hash,
    const struct akita_span *spans, size_t n, uint8_t *ret_digest)
{
	uint8_t out[AKITA_HASH_MAX];
	struct digest *digest;

	if ((digest = get_digest(crypto, hash)) == NULL ||
	    !run_digest(digest, NULL, spans, n, out))
		return AKITA_ERR_CRYPTO;
	memcpy(ret_digest, out, hashes[hash - 1].size);
	return AKITA_OK;
}

/* By hand over a digest: a MAC of the provider would fetch its digest. */
enum akita_rc
akita_hmac(struct akita_crypto *crypto, enum akita_hash hash, const void *key,
    size_t key_len, const struct akita_span *spans, size_t n, uint8_t *ret_mac)
{
	enum akita_rc rc = AKITA_ERR_CRYPTO;
	uint8_t pad[BLOCK_MAX] = { 0 };
	uint8_t out[AKITA_HASH_MAX];
	struct akita_span first = { pad, 0 }, inner = { out, 0 };
	struct akita_span whole_key = { key, key_len };
	struct digest *digest;
	size_t i;

	if ((digest = get_digest(crypto, hash)) == NULL)
		goto out;
	first.len = hashes[hash - 1].block;
	inner.len = hashes[hash - 1].size;
	if (key_len > first.len) {
		if (!run_digest(digest, NULL, &whole_key, 1, pad))
			goto out;
	} else if (key_len > 0) {
		memcpy(pad, key, key_len);
	}
	for (i = 0; i < first.len; i++)
		pad[i] ^= 0x36;
	if (!run_digest(digest, &first, spans, n, out))
		goto out;
	for (i = 0; i < first.len; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	if (!run_digest(digest, &first, &inner, 1, out))
		goto out;
	memcpy(ret_mac, out, inner.len);
	rc = AKITA_OK;
out:
	akita_wipe(pad, sizeof(pad));
	akita_wipe(out, sizeof(out));
	return rc;
}

/* Take the functions of AES-256-GCM over. */
static void
fill_cipher(struct cipher *cipher, const OSSL_DISPATCH *f)
{
	for (; f != NULL && f->function_id != 0; f++)
		switch (f->function_id) {
		case OSSL_FUNC_CIPHER_NEWCTX:
			cipher->new_ctx = OSSL_FUNC_cipher_newctx(f);
			break;
		case OSSL_FUNC_CIPHER_ENCRYPT_INIT:
			cipher->encrypt_init = OSSL_FUNC_cipher_encrypt_init(f);
			break;
		case OSSL_FUNC_CIPHER_DECRYPT_INIT:
			cipher->decrypt_init = OSSL_FUNC_cipher_decrypt_init(f);
			break;
		case OSSL_FUNC_CIPHER_UPDATE:
			cipher->update = OSSL_FUNC_cipher_update(f);
			break;
		case OSSL_FUNC_CIPHER_FINAL:
			cipher->final = OSSL_FUNC_cipher_final(f);
			break;
		case OSSL_FUNC_CIPHER_GET_CTX_PARAMS:
			cipher->get_params = OSSL_FUNC_cipher_get_ctx_params(f);
			break;
		case OSSL_FUNC_CIPHER_SET_CTX_PARAMS:
			cipher->set_params = OSSL_FUNC_cipher_set_ctx_params(f);
			break;
		case OSSL_FUNC_CIPHER_FREECTX:
			cipher->free_ctx = OSSL_FUNC_cipher_freectx(f);
			break;
		}
}

/* A new context of AES-256-GCM, for one message; NULL on failure. */
static void *
new_cipher_ctx(struct akita_crypto *crypto)
{
	struct cipher *c = &crypto->gcm;

	if (c->new_ctx == NULL)
		fill_cipher(c, find_algorithm(crypto, OSSL_OP_CIPHER,
		    "AES-256-GCM"));
	if (c->new_ctx == NULL || c->encrypt_init == NULL ||
	    c->decrypt_init == NULL || c->update == NULL || c->final == NULL ||
	    c->get_params == NULL || c->set_params == NULL ||
	    c->free_ctx == NULL)
		return NULL;
	return c->new_ctx(OSSL_PROVIDER_get0_provider_ctx(crypto->provider));
}

/* Feed associated data (out NULL) or text; as much comes out as went in. */
static bool
feed(const struct cipher *c, void *ctx, uint8_t *out, const uint8_t *in,
    size_t len)
{
	size_t done = 0;

	return len == 0 ||
	    (c->update(ctx, out, &done, len, in, len) == 1 && done == len);
}

enum akita_rc
akita_aead_seal(struct akita_crypto *crypto, const uint8_t key[AKITA_AEAD_KEY],
    const uint8_t nonce[AKITA_AEAD_NONCE], const void *aad, size_t aad_len,
    const uint8_t *plain, size_t len, uint8_t *ret_cipher,
    uint8_t ret_tag[AKITA_AEAD_TAG])
{
	const struct cipher *c = &crypto->gcm;
	enum akita_rc rc = AKITA_ERR_CRYPTO;
	uint8_t rest[AKITA_AEAD_TAG];
	OSSL_PARAM tag[] = { OSSL_PARAM_octet_string(
	    OSSL_CIPHER_PARAM_AEAD_TAG, ret_tag, AKITA_AEAD_TAG),
	    OSSL_PARAM_END };
	size_t done = 0;
	void *ctx;

	if (len > MESSAGE_MAX || aad_len > MESSAGE_MAX ||
	    (ctx = new_cipher_ctx(crypto)) == NULL)
		return AKITA_ERR_CRYPTO;
	if (c->encrypt_init(ctx, key, AKITA_AEAD_KEY, nonce, AKITA_AEAD_NONCE,
	    NULL) && feed(c, ctx, NULL, aad, aad_len) &&
	    feed(c, ctx, ret_cipher, plain, len) &&
	    c->final(ctx, rest, &done, sizeof(rest)) && done == 0 &&
	    c->get_params(ctx, tag))
		rc = AKITA_OK;
	/* The context holds the key: it is cleared, not kept. */
	c->free_ctx(ctx);
	return rc;
}

enum akita_rc
akita_aead_open(struct akita_crypto *crypto, const uint8_t key[AKITA_AEAD_KEY],
    const uint8_t nonce[AKITA_AEAD_NONCE], const void *aad, size_t aad_len,
    const uint8_t *cipher, size_t len, const uint8_t tag[AKITA_AEAD_TAG],
    uint8_t *ret_plain)
{
	const struct cipher *c = &crypto->gcm;
	enum akita_rc rc = AKITA_ERR_CRYPTO;
	uint8_t want[AKITA_AEAD_TAG], rest[AKITA_AEAD_TAG];
	OSSL_PARAM params[] = { OSSL_PARAM_octet_string(
	    OSSL_CIPHER_PARAM_AEAD_TAG, want, AKITA_AEAD_TAG),
	    OSSL_PARAM_END };
	size_t done = 0;
	void *ctx;

	if (len > MESSAGE_MAX || aad_len > MESSAGE_MAX ||
	    (ctx = new_cipher_ctx(crypto)) == NULL)
		return AKITA_ERR_CRYPTO;
	memcpy(want, tag, sizeof(want));
	if (c->decrypt_init(ctx, key, AKITA_AEAD_KEY, nonce, AKITA_AEAD_NONCE,
	    NULL) && feed(c, ctx, NULL, aad, aad_len) &&
	    feed(c, ctx, ret_plain, cipher, len) &&
	    c->set_params(ctx, params))
		rc = c->final(ctx, rest, &done, sizeof(rest)) && done == 0 ?
		    AKITA_OK : AKITA_ERR_MALFORMED;
	c->free_ctx(ctx);
	if (rc != AKITA_OK)
		akita_wipe(ret_plain, len);
	return rc;
}
