/*
 * recovery.h (rank 0): the form of recovery codes, XXXX-XXXX-XXXX in
 * Crockford's base32 (0-9 A-Z without I L O U): 60 random bits, never all
 * digits.  The keyed hash by which they are kept is made elsewhere, over the
 * 14 characters of struct akita_recovery.
 */
#ifndef AKITA_RECOVERY_H
#define AKITA_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

#define AKITA_RECOVERY_RANDOM	8	/* random bytes that make a code */
#define AKITA_RECOVERY_LEN	14	/* characters with the hyphens */

/* A recovery code in its one canonical form; a secret, NUL-terminated. */
struct akita_recovery {
	char	text[AKITA_RECOVERY_LEN + 1];
};

void	akita_recovery_wipe(struct akita_recovery *code);
#define AKITA_RECOVERY_AUTO __attribute__((cleanup(akita_recovery_wipe)))

/*
 * The code of 8 random bytes (the lower 4 bits of the last are not used).
 * false: it would be all digits (once in 1.15 million), draw again; *ret is
 * wiped.  The caller wipes random.
 */
bool	akita_recovery_make(const uint8_t random[AKITA_RECOVERY_RANDOM],
	    struct akita_recovery *ret) __attribute__((warn_unused_result));

/*
 * Does what a person typed have the form of a recovery code?  Any case, full
 * width, with or without the hyphens, spaces anywhere; I and L read as 1, O as
 * 0 (Crockford).  true: *ret is its canonical form; whether it is a right one
 * is for the caller to find out.  false: not of that form (another length, a U,
 * all digits, NULL); *ret is wiped.
 */
bool	akita_recovery_parse(const char *typed, struct akita_recovery *ret)
	    __attribute__((warn_unused_result));

#endif
