/*
 * keyring.h (rank 2): the key ring, master.key.
 *
 * The file is text:
 *
 *	akita-otp key ring 1
 *	key 5f0c21ab 3b1f...64 hex digits...9d current
 *	key 0d4417c9 77a0...64 hex digits...21
 *
 * The first word after "key" is the key's ID: the first four bytes of
 * HMAC-SHA256(key, "akita-otp 1 key-id"), which a mistyped digit does not
 * survive.  Exactly one key is current: what is newly sealed is sealed under
 * it; the others only open what was sealed before.  At most 8 keys.  Anything
 * else in the file is an error.
 *
 * No master key is used as such: each purpose has a key of its own,
 * HMAC-SHA256(key, "akita-otp 1 " purpose), made when it is first asked for
 * and kept.  Everything lies in pages of their own that are left out of core
 * dumps, and is wiped when it is freed.  A ring is not shared between threads.
 */
#ifndef AKITA_KEYRING_H
#define AKITA_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/crypto.h"
#include "common/os.h"
#include "common/result.h"
#include "common/trust.h"

#define AKITA_KEYRING_KEYS	8	/* most keys in a ring */
#define AKITA_KEYRING_KEY	32	/* bytes of a key and of a sub-key */

enum akita_purpose {
	AKITA_KEY_SEAL,		/* "seal"	sealed areas */
	AKITA_KEY_SLOT,		/* "slot"	state slots */
	AKITA_KEY_NAME,		/* "name"	hashes of account names */
	AKITA_KEY_PAGE,		/* "page"	index pages and header */
	AKITA_KEY_PASSWORD,	/* "password"	activation passwords */
	AKITA_KEY_RECOVERY,	/* "recovery"	recovery codes */
	AKITA_KEY_AUDIT,	/* "audit"	the audit log's chain */
	AKITA_KEY_JOURNAL,	/* "journal"	the journal */
	AKITA_KEY_GRACE,	/* "grace"	grace entries */
	AKITA_KEY_PURPOSES
};

struct akita_keyring;

/*
 * Read the ring at path.  policy's root_only is kept to; the file is always
 * judged as private.
 *
 * AKITA_OK; AKITA_ERR_KEY: missing, not trusted, unreadable, malformed: why
 * names the file, the line where there is one, and the reason;
 * AKITA_ERR_PERMISSION: the system does not let us read it; AKITA_ERR_NOMEM,
 * AKITA_ERR_CRYPTO.
 */
enum akita_rc	 akita_keyring_load(const char *path,
		    const struct akita_trust *policy,
		    struct akita_crypto *crypto,
		    struct akita_keyring **ret_ring, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * Make a ring file with one new key: created exclusively with mode 0600 in a
 * directory that exists and is trusted, written and fsynced, and its directory
 * fsynced.  On any failure after it was created it is removed again.
 *
 * AKITA_OK; AKITA_ERR_EXISTS: something is there, untouched;
 * AKITA_ERR_PERMISSION; AKITA_ERR_KEY; AKITA_ERR_CRYPTO; AKITA_ERR_IO.
 */
enum akita_rc	 akita_keyring_create(const char *path,
		    const struct akita_trust *policy,
		    struct akita_crypto *crypto,
		    const struct akita_random *random, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Wipe and free *ring and set it to NULL; NULL and a NULL ring are accepted. */
void		 akita_keyring_free(struct akita_keyring **ring);
#define AKITA_KEYRING_AUTO __attribute__((cleanup(akita_keyring_free)))

/* The ID of the current key. */
uint32_t	 akita_keyring_current(const struct akita_keyring *ring);
/* The number of keys; the ID of the one at index (below that number). */
size_t		 akita_keyring_count(const struct akita_keyring *ring);
uint32_t	 akita_keyring_id(const struct akita_keyring *ring,
		    size_t index);
/* The ring has a key with this ID. */
bool		 akita_keyring_has(const struct akita_keyring *ring,
		    uint32_t key_id);

/*
 * The sub-key of the key key_id for a purpose.  *ret_key points into the ring
 * and is good until it is freed; it is not copied elsewhere.
 *
 * AKITA_OK; AKITA_ERR_KEY: the ring has no such key; AKITA_ERR_CRYPTO;
 * AKITA_ERR_USAGE: no such purpose.
 */
enum akita_rc	 akita_keyring_subkey(struct akita_keyring *ring,
		    struct akita_crypto *crypto, uint32_t key_id,
		    enum akita_purpose purpose,
		    const uint8_t **ret_key) AKITA_MUST_CHECK;

#endif
