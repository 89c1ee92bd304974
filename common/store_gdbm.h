/*
 * store_gdbm.h (rank 3): a GDBM file as a place for values of fixed size.  The
 * only file that includes <gdbm.h> is store_gdbm.c.
 *
 * Nothing here believes the file: its header is judged before the library sees
 * it, and a value that is not there or of another size than expected is
 * damage.  No memory map, no lock, no callback of the library that could end
 * the host.
 */
#ifndef AKITA_STORE_GDBM_H
#define AKITA_STORE_GDBM_H

#include <stdbool.h>
#include <stdint.h>

#include "common/result.h"

#define AKITA_GDBM_KEY_MAX	5

struct akita_gdbm {
	void		*file;		/* NULL: not open */
	const char	*path;		/* for why; not owned */
	bool		 is_writer;
};

struct akita_gdbm_key {
	uint8_t		 bytes[AKITA_GDBM_KEY_MAX];
	int		 len;
};

/* The key of one letter, or of a letter and a number. */
struct akita_gdbm_key akita_gdbm_key(char letter);
struct akita_gdbm_key akita_gdbm_key_number(char letter, uint32_t number);

/*
 * Open the database in fd, which is owned from now on, whatever the result.
 * size: of the file, from fstat.  cache: buckets to keep in memory, 0: the
 * library's default.  AKITA_OK; AKITA_ERR_DATABASE: no database, empty, cut
 * off, damaged; AKITA_ERR_NOMEM.
 */
enum akita_rc	akita_gdbm_open(struct akita_gdbm *db, int fd,
		    const char *path, int64_t size, bool is_writer,
		    unsigned int cache, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Make a new database in fd, an empty file; else as akita_gdbm_open. */
enum akita_rc	akita_gdbm_make(struct akita_gdbm *db, int fd,
		    const char *path, unsigned int cache,
		    struct akita_why *why) AKITA_MUST_CHECK;

/*
 * The value of key, which must have exactly size bytes.  AKITA_OK;
 * AKITA_ERR_MISSING: no such key; AKITA_ERR_DATABASE: damage or a read error,
 * with why (may be NULL).
 */
enum akita_rc	akita_gdbm_fetch(struct akita_gdbm *db,
		    struct akita_gdbm_key key, void *ret, size_t size,
		    struct akita_why *why) AKITA_MUST_CHECK;

/*
 * Store a value.  In a database in use only where akita_gdbm_fetch has just
 * found a value of the same size: that changes the value's bytes and nothing
 * else.  AKITA_OK; AKITA_ERR_DATABASE: what is in the file is not known.
 */
enum akita_rc	akita_gdbm_store(struct akita_gdbm *db,
		    struct akita_gdbm_key key, const void *value, size_t size,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* Everything stored so far is on disk.  AKITA_OK; AKITA_ERR_IO: the sync
 * failed, nobody knows what is on disk. */
enum akita_rc	akita_gdbm_sync(struct akita_gdbm *db, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Close; a writer's file is synced first: this is the commit.  db->file is
 * NULL afterwards, whatever the result: as akita_gdbm_sync. */
enum akita_rc	akita_gdbm_close(struct akita_gdbm *db, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Close what is not to be used any more; accepts a closed one. */
void		akita_gdbm_drop(struct akita_gdbm *db);

/* Size of the file as its header has it: what it must be. */
enum akita_rc	akita_gdbm_fit(int fd, struct akita_why *why,
		    const char *path) AKITA_MUST_CHECK;

#endif
