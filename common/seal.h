/*
 * seal.h (rank 1): authenticated encryption of token areas, MACs of slots,
 * index pages and header, and keyed hashes, each under a key of its own
 * purpose, bound to database, record and account.
 */
#ifndef AKITA_SEAL_H
#define AKITA_SEAL_H

#include "common/record.h"

/* The sub-keys a database works under; derived from one key of the ring
 * (keyring.h).  Secret: wiped by its owner. */
struct akita_seal_keys {
	uint8_t	seal[32];	/* token areas */
	uint8_t	slot[32];	/* MAC of slots */
	uint8_t	name[32];	/* account names' hashes */
	uint8_t	page[32];	/* MAC of header and index pages */
	uint8_t	password[32];	/* activation passwords */
	uint8_t	recovery[32];	/* recovery codes */
	uint8_t	grace[32];	/* source and service of a grace */
	uint8_t	journal[32];	/* MAC of the journal */
};

/* What a record's bytes are bound to. */
struct akita_binding {
	uint8_t		db_id[AKITA_DB_ID];
	uint32_t	number;			/* record number */
	uint8_t		name_hash[AKITA_NAME_HASH];
};

enum akita_rc akita_seal_name_hash(struct akita_crypto *crypto,
	    const struct akita_seal_keys *keys, const char *user,
	    uint8_t ret[AKITA_NAME_HASH]) AKITA_MUST_CHECK;

/* Keyed hashes: bound to the account's name and what was given.  password:
 * 4 to 8 ASCII digits; code: canonical (12 characters). */
enum akita_rc akita_seal_password_hash(struct akita_crypto *crypto,
	    const struct akita_seal_keys *keys, const char *user,
	    const char *password, uint8_t ret[AKITA_PASSWORD_HASH])
	    AKITA_MUST_CHECK;
enum akita_rc akita_seal_recovery_hash(struct akita_crypto *crypto,
	    const struct akita_seal_keys *keys, const char *user,
	    const char *code, uint8_t ret[AKITA_RECOVERY_HASH])
	    AKITA_MUST_CHECK;
enum akita_rc akita_seal_grace_hash(struct akita_crypto *crypto,
	    const struct akita_seal_keys *keys, const char *user,
	    const char *service, const char *source,
	    uint8_t ret[AKITA_GRACE_HASH]) AKITA_MUST_CHECK;

/* Put the MAC into the last AKITA_MAC bytes of an encoded slot; check it
 * (AKITA_ERR_MALFORMED: not authentic). */
enum akita_rc akita_seal_slot(struct akita_crypto *crypto,
	    const struct akita_seal_keys *keys,
	    const struct akita_binding *binding,
	    uint8_t slot[AKITA_SLOT_SIZE]) AKITA_MUST_CHECK;
enum akita_rc akita_seal_check_slot(struct akita_crypto *crypto,
	    const struct akita_seal_keys *keys,
	    const struct akita_binding *binding,
	    const uint8_t slot[AKITA_SLOT_SIZE]) AKITA_MUST_CHECK;

/* A MAC of 16 bytes over any bytes (pages, header: keys->page; journal). */
enum akita_rc akita_seal_mac(struct akita_crypto *crypto,
	    const uint8_t key[32], const struct akita_span *spans, size_t n,
	    uint8_t ret[AKITA_MAC]) AKITA_MUST_CHECK;

/* First 16 bytes of SHA-256: an area's digest. */
enum akita_rc akita_seal_digest(struct akita_crypto *crypto,
	    const uint8_t *area, size_t len, uint8_t ret[AKITA_DIGEST])
	    AKITA_MUST_CHECK;

/* Seal a token into an area (nonce from the caller's randomness), bound to
 * binding and token->generation; open it again.
 * AKITA_ERR_MALFORMED: not authentic or not decodable. */
enum akita_rc akita_seal_token(struct akita_crypto *crypto,
	    const struct akita_seal_keys *keys,
	    const struct akita_binding *binding,
	    const uint8_t nonce[AKITA_AEAD_NONCE],
	    const struct akita_token *token, uint8_t ret[AKITA_TOKEN_AREA])
	    AKITA_MUST_CHECK;
enum akita_rc akita_seal_open_token(struct akita_crypto *crypto,
	    const struct akita_seal_keys *keys,
	    const struct akita_binding *binding, uint32_t generation,
	    const uint8_t area[AKITA_TOKEN_AREA], struct akita_token *ret)
	    AKITA_MUST_CHECK;

#endif
