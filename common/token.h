/*
 * token.h (rank 0): a token (the secret a phone app or device holds, with its
 * parameters) and the values those may take.
 */
#ifndef AKITA_TOKEN_H
#define AKITA_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/crypto.h"
#include "common/result.h"
#include "common/secret.h"

enum akita_token_type {
	AKITA_TOTP = 1,		/* RFC 6238 */
	AKITA_HOTP = 2		/* RFC 4226 */
};

#define AKITA_DIGITS_MIN	6
#define AKITA_DIGITS_MAX	8
#define AKITA_PERIOD_MIN	15	/* seconds */
#define AKITA_PERIOD_MAX	120
#define AKITA_KEY_MIN		16	/* bytes; shorter keys are refused */
#define AKITA_RECOVERY_MAX	32	/* codes of one account */
#define AKITA_RECOVERY_HASH	8	/* bytes kept of a recovery code's hash */
#define AKITA_PASSWORD_HASH	16	/* bytes kept of an activation password */

struct akita_token {
	enum akita_token_type	type;
	enum akita_hash		algorithm;
	unsigned int		digits;		/* 6, 7, 8 */
	unsigned int		period_s;	/* TOTP: 15 to 120; HOTP: 0 */
	struct akita_secret	key;		/* 16 to 64 bytes */
	uint32_t		generation;	/* number of this token, from 1 */
	int64_t			issued_at;	/* Unix seconds */
	int64_t			expires_at;	/* of the issue; 0: never */
	bool			has_password;	/* an activation password is set */
	uint8_t			password_hash[AKITA_PASSWORD_HASH];
	unsigned int		recovery_count;	/* 0 to 32 */
	uint8_t			recovery_hash[AKITA_RECOVERY_MAX]
				    [AKITA_RECOVERY_HASH];
};

void	akita_token_wipe(struct akita_token *token);
#define AKITA_TOKEN_AUTO __attribute__((cleanup(akita_token_wipe)))

/* Every field within its range and the key no shorter than 16 bytes: AKITA_OK,
 * else AKITA_ERR_USAGE with why. */
enum akita_rc	akita_token_check(const struct akita_token *token,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Bytes of a new key for an algorithm: 20, 32, 64 (RFC 6238 section 1.2). */
size_t		akita_key_size(enum akita_hash algorithm);

/* "SHA1", "SHA256", "SHA512"; "totp", "hotp"; NULL for another value. */
const char     *akita_hash_name(enum akita_hash algorithm);
const char     *akita_token_type_name(enum akita_token_type type);
/* The reverse, any case; false: unknown, *ret untouched. */
bool		akita_hash_parse(const char *name, enum akita_hash *ret);
bool		akita_token_type_parse(const char *name,
		    enum akita_token_type *ret);

#endif
