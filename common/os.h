/*
 * os.h (rank 2): clock and randomness as values that are passed in, so that a
 * test can put its own in their place.
 */
#ifndef AKITA_OS_H
#define AKITA_OS_H

#include <stddef.h>
#include <stdint.h>

#include "common/result.h"

/* Where time comes from. */
struct akita_clock {
	/* Unix seconds (CLOCK_REALTIME). */
	int64_t	(*now_s)(void *ctx);
	/* Milliseconds of a clock that never goes back (CLOCK_MONOTONIC). */
	int64_t	(*mono_ms)(void *ctx);
	/* Sleep for ms milliseconds; may return early. */
	void	(*sleep_ms)(void *ctx, int64_t ms);
	void	*ctx;
};

/* Where randomness comes from: fill len bytes, AKITA_OK or AKITA_ERR_IO. */
struct akita_random {
	enum akita_rc	(*fill)(void *ctx, void *buf, size_t len);
	void		*ctx;
};

/* The kernel's clock and getrandom(2). */
extern const struct akita_clock akita_os_clock;
extern const struct akita_random akita_os_random;

#endif
