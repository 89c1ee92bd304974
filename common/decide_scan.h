/*
 * decide_scan.h (rank 0): comparing a code with all values that a token may
 * show now.  Internal to decide*.c.
 */
#ifndef AKITA_DECIDE_SCAN_H
#define AKITA_DECIDE_SCAN_H

#include "common/decide.h"

/* A token and where it stands. */
struct akita_scan_view {
	const struct akita_token	*token;
	int				 drift;		/* TOTP: steps */
	int64_t				 last_step;	/* -1: none */
};

struct akita_scan {
	bool	replay;		/* equal to one at or below last_step */
	bool	hit;		/* equal to a later one; the first such: */
	int64_t	step;
	int	offset;		/* step - centre */
	bool	clock;		/* TOTP: every step lies below last_step */
};

/* A token of nobody's, with parameters of the given one (or of the usual
 * kind where like is NULL), for equal work. */
void	akita_scan_dummy(const struct akita_token *like,
	    struct akita_token *ret);

/* now_s in steps of the token; floor division, also before 1970. */
int64_t	akita_scan_step(const struct akita_token *token, int64_t now_s);

/*
 * Compute the values of all steps from centre - window to centre + window
 * (centre: now and drift), or for HOTP of the last accepted counter and the
 * policy's hotp_lookahead ones that follow, and compare code with each in
 * constant time.  A code of another shape or number of digits is equal to
 * none; the work is the same.  AKITA_OK, AKITA_ERR_CRYPTO.
 */
enum akita_rc	akita_scan(struct akita_crypto *crypto,
		    const struct akita_scan_view *view,
		    const struct akita_policy *policy,
		    const struct akita_code *code, int64_t now_s,
		    struct akita_scan *ret) AKITA_MUST_CHECK;

#endif
