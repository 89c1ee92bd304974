#include "common/seal.h"

#include <string.h>

#include "common/cursor.h"

/* Keyed SHA-256 over spans, cut to len bytes. */
static enum akita_rc
keyed(struct akita_crypto *crypto, const uint8_t key[32],
    const struct akita_span *spans, size_t n, uint8_t *ret, size_t len)
{
	uint8_t mac[AKITA_SHA256_SIZE];
	enum akita_rc rc;

	rc = akita_hmac(crypto, AKITA_HASH_SHA256, key, 32, spans, n, mac);
	if (rc == AKITA_OK)
		memcpy(ret, mac, len);
	akita_wipe(mac, sizeof(mac));
	return rc;
}

enum akita_rc
akita_seal_mac(struct akita_crypto *crypto, const uint8_t key[32],
    const struct akita_span *spans, size_t n, uint8_t ret[AKITA_MAC])
{
	return keyed(crypto, key, spans, n, ret, AKITA_MAC);
}

enum akita_rc
akita_seal_name_hash(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const char *user,
    uint8_t ret[AKITA_NAME_HASH])
{
	struct akita_span span = { user, strlen(user) };

	return keyed(crypto, keys->name, &span, 1, ret, AKITA_NAME_HASH);
}

/* Texts with their NULs, so that no two lists of texts look alike. */
static enum akita_rc
keyed_texts(struct akita_crypto *crypto, const uint8_t key[32],
    const char *const *texts, size_t n, uint8_t *ret, size_t len)
{
	struct akita_span spans[3];
	size_t i;

	for (i = 0; i < n; i++) {
		spans[i].data = texts[i];
		spans[i].len = strlen(texts[i]) + 1;
	}
	return keyed(crypto, key, spans, n, ret, len);
}

enum akita_rc
akita_seal_password_hash(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const char *user,
    const char *password, uint8_t ret[AKITA_PASSWORD_HASH])
{
	const char *const texts[] = { user, password };

	return keyed_texts(crypto, keys->password, texts, 2, ret,
	    AKITA_PASSWORD_HASH);
}

enum akita_rc
akita_seal_recovery_hash(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const char *user, const char *code,
    uint8_t ret[AKITA_RECOVERY_HASH])
{
	const char *const texts[] = { user, code };

	return keyed_texts(crypto, keys->recovery, texts, 2, ret,
	    AKITA_RECOVERY_HASH);
}

enum akita_rc
akita_seal_grace_hash(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const char *user,
    const char *service, const char *source, uint8_t ret[AKITA_GRACE_HASH])
{
	const char *const texts[] = { user, service, source };

	return keyed_texts(crypto, keys->grace, texts, 3, ret,
	    AKITA_GRACE_HASH);
}

#define BOUND	(AKITA_DB_ID + 4 + AKITA_NAME_HASH)

/* The binding as bytes. */
static void
put_binding(const struct akita_binding *binding, uint8_t ret[BOUND])
{
	struct akita_writer w;

	akita_writer_init(&w, ret, BOUND);
	akita_put_bytes(&w, binding->db_id, AKITA_DB_ID);
	akita_put_u32(&w, binding->number);
	akita_put_bytes(&w, binding->name_hash, AKITA_NAME_HASH);
}

static enum akita_rc
slot_mac(struct akita_crypto *crypto, const struct akita_seal_keys *keys,
    const struct akita_binding *binding, const uint8_t *slot,
    uint8_t ret[AKITA_MAC])
{
	uint8_t bound[BOUND];
	const struct akita_span spans[] = {
		{ bound, sizeof(bound) },
		{ slot, AKITA_SLOT_SIZE - AKITA_MAC },
	};

	put_binding(binding, bound);
	return keyed(crypto, keys->slot, spans, 2, ret, AKITA_MAC);
}

enum akita_rc
akita_seal_slot(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const struct akita_binding *binding,
    uint8_t slot[AKITA_SLOT_SIZE])
{
	return slot_mac(crypto, keys, binding, slot,
	    slot + AKITA_SLOT_SIZE - AKITA_MAC);
}

enum akita_rc
akita_seal_check_slot(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const struct akita_binding *binding,
    const uint8_t slot[AKITA_SLOT_SIZE])
{
	uint8_t mac[AKITA_MAC];
	enum akita_rc rc;

	rc = slot_mac(crypto, keys, binding, slot, mac);
	if (rc == AKITA_OK &&
	    !akita_equal(mac, slot + AKITA_SLOT_SIZE - AKITA_MAC, AKITA_MAC))
		rc = AKITA_ERR_MALFORMED;
	return rc;
}

enum akita_rc
akita_seal_digest(struct akita_crypto *crypto, const uint8_t *area,
    size_t len, uint8_t ret[AKITA_DIGEST])
{
	uint8_t digest[AKITA_SHA256_SIZE];
	struct akita_span span = { area, len };
	enum akita_rc rc;

	rc = akita_digest(crypto, AKITA_HASH_SHA256, &span, 1, digest);
	if (rc == AKITA_OK)
		memcpy(ret, digest, AKITA_DIGEST);
	return rc;
}

/* What a sealed token is bound to, beside its key. */
static void
put_aad(const struct akita_binding *binding, uint32_t generation,
    uint8_t ret[BOUND + 4])
{
	struct akita_writer w;

	put_binding(binding, ret);
	akita_writer_init(&w, ret + BOUND, 4);
	akita_put_u32(&w, generation);
}

enum akita_rc
akita_seal_token(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const struct akita_binding *binding,
    const uint8_t nonce[AKITA_AEAD_NONCE], const struct akita_token *token,
    uint8_t ret[AKITA_TOKEN_AREA])
{
	uint8_t plain[AKITA_TOKEN_PLAIN], aad[BOUND + 4];
	uint8_t area[AKITA_TOKEN_AREA];
	enum akita_rc rc;

	if ((rc = akita_token_encode(token, plain)) != AKITA_OK)
		goto out;
	put_aad(binding, token->generation, aad);
	memcpy(area, nonce, AKITA_AEAD_NONCE);
	rc = akita_aead_seal(crypto, keys->seal, nonce, aad, sizeof(aad),
	    plain, sizeof(plain), area + AKITA_AEAD_NONCE,
	    area + AKITA_AEAD_NONCE + AKITA_TOKEN_PLAIN);
	if (rc == AKITA_OK)
		memcpy(ret, area, sizeof(area));
out:
	akita_wipe(plain, sizeof(plain));
	return rc;
}

enum akita_rc
akita_seal_open_token(struct akita_crypto *crypto,
    const struct akita_seal_keys *keys, const struct akita_binding *binding,
    uint32_t generation, const uint8_t area[AKITA_TOKEN_AREA],
    struct akita_token *ret)
{
	AKITA_TOKEN_AUTO struct akita_token token = { 0 };
	uint8_t plain[AKITA_TOKEN_PLAIN], aad[BOUND + 4];
	enum akita_rc rc;

	put_aad(binding, generation, aad);
	rc = akita_aead_open(crypto, keys->seal, area, aad, sizeof(aad),
	    area + AKITA_AEAD_NONCE, AKITA_TOKEN_PLAIN,
	    area + AKITA_AEAD_NONCE + AKITA_TOKEN_PLAIN, plain);
	if (rc == AKITA_OK)
		rc = akita_token_decode(plain, &token);
	if (rc == AKITA_OK && token.generation != generation)
		rc = AKITA_ERR_MALFORMED;
	if (rc == AKITA_OK)
		*ret = token;
	akita_wipe(plain, sizeof(plain));
	return rc;
}
