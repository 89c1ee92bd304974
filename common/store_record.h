/*
 * store_record.h (rank 3): one record's bytes as a whole (FORMAT): which slot
 * is the state, which areas it names, and what to write to change it.
 */
#ifndef AKITA_STORE_RECORD_H
#define AKITA_STORE_RECORD_H

#include "common/os.h"
#include "common/seal.h"

#define AKITA_RECORD_MAGIC	"AkR1"		/* a record's first 4 bytes */
#define AKITA_RECORD_DECOY	UINT32_MAX	/* number of the decoy record */

/* Where things lie in a record (FORMAT): copies a of the slots, identity areas,
 * token areas, copies b of the slots. */
#define AKITA_SLOTS_AT		AKITA_RECORD_HEADER
#define AKITA_IDENTITIES_AT	(AKITA_SLOTS_AT + 2 * AKITA_SLOT_SIZE)
#define AKITA_TOKENS_AT		(AKITA_IDENTITIES_AT + \
				 2 * AKITA_IDENTITY_SIZE)
#define AKITA_SECONDS_AT	(AKITA_TOKENS_AT + \
				 AKITA_TOKEN_AREAS * AKITA_TOKEN_AREA)
_Static_assert(AKITA_SECONDS_AT + 2 * AKITA_SLOT_SIZE == AKITA_RECORD_SIZE,
    "a record's parts do not fill it");

/* What a record is opened and sealed with. */
struct akita_record_ctx {
	struct akita_crypto		*crypto;
	const struct akita_seal_keys	*keys;
	const struct akita_random	*random;
	struct akita_binding		 binding;
};

/*
 * The state of a record.  bytes: AKITA_RECORD_SIZE.  The slot that is
 * authentic and newest counts; what it names must be as it says, or the record
 * is damaged: an older state never comes back.
 * with_tokens false: secrets stay sealed, has_token and has_waiting are set.
 * *ret_slot: 0 or 1.  *ret_whole (may be NULL): every copy of both slots and
 * the record's head are in order.
 * AKITA_OK; AKITA_ERR_MALFORMED: damaged; AKITA_ERR_CRYPTO.
 */
enum akita_rc	akita_record_open(const struct akita_record_ctx *ctx,
		    const uint8_t *bytes, bool with_tokens,
		    struct akita_account *ret_account, int *ret_slot)
		    AKITA_MUST_CHECK;

/* Are head, both copies of the newest slot and, where both are authentic, of
 * the other one, in order?  For looking after a database. */
bool		akita_record_is_whole(const struct akita_record_ctx *ctx,
		    const uint8_t *bytes);

/* The name hash in the record's head, unauthenticated. */
void		akita_record_name_hash(const uint8_t *bytes,
		    uint8_t ret[AKITA_NAME_HASH]);

/* A record no account has. */
enum akita_rc	akita_record_make_spare(const struct akita_record_ctx *ctx,
		    uint8_t *ret_bytes) AKITA_MUST_CHECK;
/* Is it one, authentically?  binding.name_hash is not used. */
bool		akita_record_is_spare(const struct akita_record_ctx *ctx,
		    const uint8_t *bytes);

/* What repair leaves in the place of a record that was lost: its account is
 * closed until an administrator begins it anew.  For binding.name_hash. */
enum akita_rc	akita_record_make_lost(const struct akita_record_ctx *ctx,
		    uint8_t *ret_bytes) AKITA_MUST_CHECK;
/* Is this, an account that akita_record_open has opened, such a one? */
bool		akita_record_is_lost(const struct akita_account *account);

/* A new record for account: areas and both slots, sequence 1 and 2; changes
 * goes into its slots. */
enum akita_rc	akita_record_make(const struct akita_record_ctx *ctx,
		    const struct akita_account *account, uint32_t changes,
		    uint8_t *ret_bytes, struct akita_why *why)
		    AKITA_MUST_CHECK;

/*
 * A change in up to three steps, each stored before the next is made:
 * areas: what is new goes where nothing lies that the state names;
 * slot: the other slot becomes the state;
 * wipe: what the state does not name is overwritten.
 */
struct akita_record_plan {
	struct akita_slot	slot;		/* the new state's */
	int			into;		/* slot to write: 0, 1 */
	bool			has_areas;	/* the first step is needed */
	bool			has_stale;	/* so is the third */
};

/*
 * Plan the change from before (slot current of bytes) to after, and write the
 * new areas, if any, into bytes.  AKITA_OK; AKITA_ERR_USAGE: after cannot be
 * written (why says what); AKITA_ERR_CRYPTO; AKITA_ERR_IO: no randomness.
 */
enum akita_rc	akita_record_plan(const struct akita_record_ctx *ctx,
		    const struct akita_account *before, int current,
		    const struct akita_account *after, uint8_t *bytes,
		    struct akita_record_plan *ret_plan, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* Write the plan's slot into bytes. */
enum akita_rc	akita_record_put_slot(const struct akita_record_ctx *ctx,
		    const struct akita_record_plan *plan, uint8_t *bytes)
		    AKITA_MUST_CHECK;
/* Overwrite what the plan's slot does not name, and write it once more into
 * the other slot, with the next number and without AKITA_NOTICE_STALE. */
enum akita_rc	akita_record_wipe_stale(const struct akita_record_ctx *ctx,
		    struct akita_record_plan *plan, uint8_t *bytes)
		    AKITA_MUST_CHECK;

/* Write a slot of the decoy record, as a login would of a real one. */
enum akita_rc	akita_record_touch_decoy(const struct akita_record_ctx *ctx,
		    uint8_t *bytes) AKITA_MUST_CHECK;

#endif
