/*
 * record.h (rank 0): one account as the database holds it, as values and as
 * bytes.  FORMAT draws the bytes.
 *
 * A record has a fixed size.  It holds two state slots (each written twice,
 * far apart, so that one damaged byte never makes an older state the current
 * one), two identity areas and three token areas.  The current state is the
 * slot with a valid MAC and the higher sequence number; it names its areas and
 * carries their digests.  A change writes areas first (durably) and then the
 * other slot; a login only ever writes the other slot.
 */
#ifndef AKITA_RECORD_H
#define AKITA_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/result.h"
#include "common/token.h"

/* Contract section 2.  Values are on disk.  Expired is not stored: it is an
 * issued token past its expires_at (akita_state_at). */
enum akita_state {
	AKITA_STATE_UNREGISTERED = 0,
	AKITA_STATE_REGISTERED = 1,
	AKITA_STATE_ISSUED = 2,
	AKITA_STATE_ACTIVE = 3,
	AKITA_STATE_LOCKED = 4,
	AKITA_STATE_SUSPENDED = 5,
	AKITA_STATE_EXPIRED = 6,
	AKITA_STATE_RELEASED = 7,
	AKITA_STATE_COUNT
};

/* Why an account is in its state.  Values are on disk. */
enum akita_reason {
	AKITA_REASON_NONE = 0,
	AKITA_REASON_LOST = 1,
	AKITA_REASON_STOLEN = 2,
	AKITA_REASON_LOCKED = 3,
	AKITA_REASON_REQUEST = 4,
	AKITA_REASON_OTHER = 5,
	AKITA_REASON_BURNT = 6,		/* five wrong activation passwords */
	AKITA_REASON_FAILURES = 7,	/* max_failures wrong codes */
	AKITA_REASON_COUNT
};

#define AKITA_USER_MAX		64	/* bytes of an account name */
#define AKITA_NAME_MAX		96	/* bytes of a person's name */
#define AKITA_BRANCH_MAX	16
#define AKITA_FORM_MAX		32
#define AKITA_MAIL_MAX		254
#define AKITA_NAME_HASH		16	/* bytes of an account name's keyed hash */
#define AKITA_GRACE_ENTRIES	3
#define AKITA_GRACE_HASH	6
#define AKITA_DIGEST		16	/* bytes kept of an area's SHA-256 */
#define AKITA_MAC		16
#define AKITA_DB_ID		16

/* Flags of a slot. */
#define AKITA_FLAG_WAS_ACTIVE	0x1u	/* in use at some time since the last
					   registration or release */
/* Notices: what the next otpadm still has to record and mail. */
#define AKITA_NOTICE_LOCKED	0x1u
#define AKITA_NOTICE_ACTIVATED	0x2u
#define AKITA_NOTICE_BURNT	0x4u
#define AKITA_NOTICE_STALE	0x8u	/* an area waits to be overwritten */

struct akita_identity {
	char		user[AKITA_USER_MAX + 1];
	uint32_t	user_id;	/* 0: none given so far */
	char		name[AKITA_NAME_MAX + 1];
	char		branch[AKITA_BRANCH_MAX + 1];
	char		form[AKITA_FORM_MAX + 1];
	char		mail[AKITA_MAIL_MAX + 1];	  /* of record */
	char		device_mail[AKITA_MAIL_MAX + 1];
	int64_t		registered_at;	/* Unix seconds; 0: never */
};

struct akita_grace {
	uint8_t	hash[AKITA_GRACE_HASH];	/* keyed, of service and source */
	int64_t	at;			/* Unix seconds; 0: unused entry */
};

/* What changes with each login.  No secret in it. */
struct akita_slot {
	uint64_t		sequence;
	uint32_t		generation;	/* token that opens logins; 0 none */
	enum akita_state	state;		/* never EXPIRED */
	enum akita_reason	reason;
	enum akita_state	suspended_from;	/* state at suspend, else 0 */
	enum akita_state	locked_from;	/* state at the lock, else 0 */
	enum akita_reason	locked_reason;	/* reason in that state */
	uint32_t		flags;
	uint16_t		failures;	/* wrong codes in a row */
	uint8_t			wrong_passwords;/* activation, in a row */
	int8_t			drift;		/* steps */
	int8_t			last_side;	/* last hit off by: -1, 0, 1 */
	int64_t			last_step;	/* TOTP: last accepted step;
						   HOTP: last accepted counter;
						   -1: none */
	uint32_t		spent;		/* bit i: recovery code i used */
	uint16_t		notices;
	int64_t			activated_at;	/* Unix seconds; 0: never */
	int64_t			locked_at;
	int64_t			suspended_at;
	int64_t			released_at;
	int64_t			last_used_at;
	int64_t			notice_at;	/* of the newest notice */
	struct akita_grace	grace[AKITA_GRACE_ENTRIES];
	/* Kept by the store; the rest of the program leaves them alone. */
	uint32_t		token_generation;	/* of the sealed token */
	uint32_t		waiting_generation;	/* of the waiting one */
	uint32_t		changes;	/* administrative ones so far */
	uint8_t			identity_area;	/* 0, 1 */
	uint8_t			token_area;	/* 0 to 2; 255: none */
	uint8_t			waiting_area;	/* 0 to 2; 255: none */
	uint8_t			identity_digest[AKITA_DIGEST];
	uint8_t			token_digest[AKITA_DIGEST];
	uint8_t			waiting_digest[AKITA_DIGEST];
};

/* What of an account a change touches, beside its slot. */
#define AKITA_CHANGED_IDENTITY	0x1u
#define AKITA_CHANGED_TOKEN	0x2u	/* .token is new, or gone */
#define AKITA_CHANGED_WAITING	0x4u	/* .waiting is new, or gone */
#define AKITA_CHANGED_PROMOTED	0x8u	/* .waiting has become .token */

/* A whole account.  Wipe it (AKITA_ACCOUNT_AUTO): it may hold keys. */
struct akita_account {
	struct akita_identity	identity;
	struct akita_slot	slot;
	bool			has_token;
	bool			has_waiting;
	struct akita_token	token;		/* if has_token */
	struct akita_token	waiting;	/* if has_waiting */
	unsigned int		changed;	/* AKITA_CHANGED_* */
};

void	akita_account_wipe(struct akita_account *account);
#define AKITA_ACCOUNT_AUTO __attribute__((cleanup(akita_account_wipe)))

/* An account nobody has registered: all zero, state UNREGISTERED, last_step
 * -1, no areas, user set. */
void	akita_account_init(struct akita_account *account, const char *user);

/* The state as anybody is told at now_s: issued past expires_at (of the token
 * waiting for its start) reads EXPIRED. */
enum akita_state akita_state_at(const struct akita_account *account,
		    int64_t now_s);
/* A waiting token is there and not past its expires_at. */
bool	akita_waiting_at(const struct akita_account *account, int64_t now_s);

/* "active", "locked" …: the words of contract section 2; "?" otherwise. */
const char *akita_state_name(enum akita_state state);
bool	akita_state_parse(const char *name, enum akita_state *ret);
/* サービス利用中 …: the label as a message id ("in use"), for translation. */
const char *akita_state_label(enum akita_state state);
/* "lost", "burnt", …; NULL for NONE. */
const char *akita_reason_name(enum akita_reason reason);
bool	akita_reason_parse(const char *name, enum akita_reason *ret);

/* ---- bytes ---- */

#define AKITA_FORMAT_VERSION	1
#define AKITA_SLOT_SIZE		180
#define AKITA_IDENTITY_SIZE	448
#define AKITA_TOKEN_PLAIN	372	/* a token as plain bytes */
#define AKITA_TOKEN_AREA	(AKITA_AEAD_NONCE + AKITA_TOKEN_PLAIN + \
				 AKITA_AEAD_TAG)	/* 400 */
#define AKITA_TOKEN_AREAS	3
#define AKITA_AREA_NONE		255
#define AKITA_RECORD_HEADER	32	/* magic 4, number 4, name hash 16, 8 */
#define AKITA_RECORD_SIZE	(AKITA_RECORD_HEADER + 4 * AKITA_SLOT_SIZE + \
				 2 * AKITA_IDENTITY_SIZE + \
				 AKITA_TOKEN_AREAS * AKITA_TOKEN_AREA)

/*
 * Encode and decode the parts.  Encoders fill exactly the size; decoders
 * accept nothing that the encoder would not write (AKITA_ERR_MALFORMED), and
 * never read past the size.  akita_identity_encode: AKITA_ERR_USAGE if the
 * texts together do not fit (their sum is limited to about 410 bytes).
 * The slot's last 16 bytes are its MAC: written and checked by seal.h.
 */
enum akita_rc akita_slot_encode(const struct akita_slot *slot,
	    uint8_t ret[AKITA_SLOT_SIZE]) AKITA_MUST_CHECK;
enum akita_rc akita_slot_decode(const uint8_t in[AKITA_SLOT_SIZE],
	    struct akita_slot *ret) AKITA_MUST_CHECK;
enum akita_rc akita_identity_encode(const struct akita_identity *identity,
	    uint8_t ret[AKITA_IDENTITY_SIZE], struct akita_why *why)
	    AKITA_MUST_CHECK;
enum akita_rc akita_identity_decode(const uint8_t in[AKITA_IDENTITY_SIZE],
	    struct akita_identity *ret) AKITA_MUST_CHECK;
enum akita_rc akita_token_encode(const struct akita_token *token,
	    uint8_t ret[AKITA_TOKEN_PLAIN]) AKITA_MUST_CHECK;
enum akita_rc akita_token_decode(const uint8_t in[AKITA_TOKEN_PLAIN],
	    struct akita_token *ret) AKITA_MUST_CHECK;

#endif
