/*
 * lock.h (rank 3): the lock file beside a database: who may do what now, and
 * what a process that died has left behind.
 *
 * 1 + 4096 bytes.  flock(2) on the file: shared for looking at and changing
 * existing records, exclusive for changes of structure.  Under the shared one,
 * an OFD lock (fcntl(2)) on the byte of the account's stripe: to read or to
 * write.  Byte 0 is the mark of the structure, each other byte that of its
 * stripe.  The file is never renamed, removed or shortened.
 *
 * Waiting is polling with jitter to a deadline; no signal, no alarm.  Someone
 * who waits for the exclusive lock holds newcomers off for half a second at
 * most, so that neither side starves.
 */
#ifndef AKITA_LOCK_H
#define AKITA_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/os.h"
#include "common/result.h"
#include "common/trust.h"

#define AKITA_STRIPES		4096
#define AKITA_LOCK_SIZE		(1 + AKITA_STRIPES)

enum akita_mark {
	AKITA_MARK_CLEAN = 'C',
	AKITA_MARK_DIRTY = 'D',		/* also any other byte */
	AKITA_MARK_FAILED = 'E'		/* a sync failed */
};

enum akita_lock_kind {
	AKITA_LOCK_READ,	/* shared, stripe to read */
	AKITA_LOCK_WRITE,	/* shared, stripe to write */
	AKITA_LOCK_EXCLUSIVE	/* all of it; the stripe is not used */
};

struct akita_lock {
	int			 fd;		/* -1: not open */
	enum akita_lock_kind	 kind;
	bool			 is_held;
	uint32_t		 stripe;	/* 1 to 4096 */
	enum akita_mark		 structure;	/* as found with the lock */
	enum akita_mark		 mark;		/* of the stripe; exclusive:
						   the worst of all stripes */
};

/* Who waits, and until when. */
struct akita_wait {
	const struct akita_clock  *clock;
	const struct akita_random *random;
	int64_t			   deadline_ms;	/* of clock->mono_ms */
};

/* The stripe of a keyed name hash of 16 bytes. */
uint32_t	akita_lock_stripe(const uint8_t name_hash[16]);

/* Sleep 2 to 10 ms, not past the deadline.  false: it has passed. */
bool		akita_wait_turn(const struct akita_wait *wait);

/* Open the file.  AKITA_OK; AKITA_ERR_DATABASE: missing or not trusted;
 * AKITA_ERR_PERMISSION. */
enum akita_rc	akita_lock_open(struct akita_lock *lock, int dir_fd,
		    const char *dir, const char *name,
		    const struct akita_trust *trust, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Make the file, all marks clean, synced.  AKITA_ERR_EXISTS: it is there. */
enum akita_rc	akita_lock_make(int dir_fd, const char *dir, const char *name,
		    const struct akita_trust *trust, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Take the lock and read the marks.  AKITA_OK; AKITA_ERR_BUSY: deadline;
 * AKITA_ERR_IO: the system refuses. */
enum akita_rc	akita_lock_take(struct akita_lock *lock,
		    enum akita_lock_kind kind, uint32_t stripe,
		    const struct akita_wait *wait, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Write the mark of the structure, of the stripe held (of the structure, where
 * the lock is exclusive).  AKITA_OK, AKITA_ERR_DATABASE.  DIRTY must be
 * written before anything is changed; a mark that cannot be written afterwards
 * stays DIRTY, which is safe. */
enum akita_rc	akita_lock_mark_structure(struct akita_lock *lock,
		    enum akita_mark mark, struct akita_why *why);
enum akita_rc	akita_lock_mark_stripe(struct akita_lock *lock,
		    enum akita_mark mark, struct akita_why *why);
/* Exclusive: all marks are CLEAN, everything is known to be on disk. */
enum akita_rc	akita_lock_clear_all(struct akita_lock *lock,
		    struct akita_why *why);

/* Let go of everything (also what a forked child has inherited); the file
 * stays open.  Accepts one that holds nothing. */
void		akita_lock_release(struct akita_lock *lock);
/* The same, and close. */
void		akita_lock_close(struct akita_lock *lock);

/* flock(2) another file, exclusively, with the same waiting.  AKITA_OK,
 * AKITA_ERR_BUSY, AKITA_ERR_IO. */
enum akita_rc	akita_flock(int fd, const struct akita_wait *wait)
		    AKITA_MUST_CHECK;

#endif
