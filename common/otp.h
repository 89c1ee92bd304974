/*
 * otp.h (rank 0): HOTP (RFC 4226) and TOTP (RFC 6238) values.
 */
#ifndef AKITA_OTP_H
#define AKITA_OTP_H

#include "common/token.h"

/*
 * The value of token's key at counter (RFC 4226 section 5.3), 0 to
 * 10^digits - 1, by the token's algorithm and digits.
 * AKITA_OK, AKITA_ERR_CRYPTO, AKITA_ERR_USAGE (digits not 6 to 8).
 */
enum akita_rc	akita_otp_value(struct akita_crypto *crypto,
		    const struct akita_secret *key, enum akita_hash algorithm,
		    unsigned int digits, uint64_t counter,
		    uint32_t *ret_value) AKITA_MUST_CHECK;

/* The time step of now_s (RFC 6238 section 4.2, T0 = 0): floor division.
 * now_s at least 0, period_s at least 1. */
int64_t		akita_otp_step(int64_t now_s, unsigned int period_s);

/* value as decimal text with leading zeros, digits long, NUL-terminated. */
void		akita_otp_text(uint32_t value, unsigned int digits,
		    char ret_text[AKITA_DIGITS_MAX + 1]);

#endif
