/*
 * store_int.h (rank 3): what the store*.c files share; nobody else includes
 * it.
 */
#ifndef AKITA_STORE_INT_H
#define AKITA_STORE_INT_H

#include <signal.h>

#include "common/lock.h"
#include "common/store.h"
#include "common/store_gdbm.h"
#include "common/store_index.h"
#include "common/store_record.h"

#define AKITA_SPARES	32	/* least number of spare records laid out */

struct akita_store {
	struct akita_store_env	 env;
	struct akita_trust	 trust;		/* env's, and private */
	char			*dir;		/* directory of the database */
	char			*base;		/* its name there */
	char			*lock_name;
	char			*journal_name;
	char			*batch_name;	/* audit records of many */
	char			*hint_name;
	char			*copy_name;	/* a new file before its rename */
	bool			 has_keys;
	uint32_t		 key_id;
	struct akita_seal_keys	 keys;
};

/* A database opened under its lock. */
struct akita_db {
	struct akita_store	*store;
	struct akita_wait	 wait;
	sigset_t		 old_mask;
	bool			 is_masked;
	int			 dir_fd;
	struct akita_lock	 lock;
	struct akita_gdbm	 gdbm;
	int64_t			 size;
	struct akita_header	 header;
	uint8_t			 header_bytes[AKITA_HEADER_SIZE];
	int			 header_copy;	/* the one believed */
	bool			 header_whole;	/* both are the same */
};

/* store.c */

/* Make key_id the one the store works under.  AKITA_ERR_KEY: not in the
 * ring. */
enum akita_rc	akita_store_use_key(struct akita_store *store,
		    uint32_t key_id, struct akita_why *why) AKITA_MUST_CHECK;
/* The context to open and seal record number of name_hash (NULL: zeros). */
void		akita_store_record_ctx(const struct akita_db *db,
		    uint32_t number, const uint8_t *name_hash,
		    struct akita_record_ctx *ret);

/* store_open.c */

enum akita_access {
	AKITA_ACCESS_LOOSE,	/* read only, no lock: beside logins */
	AKITA_ACCESS_READ,
	AKITA_ACCESS_WRITE,
	AKITA_ACCESS_EXCLUSIVE
};

/*
 * Lock, settle what a predecessor left, open, read the header.  stripe: 0
 * where there is none.  The store works under the database's key afterwards;
 * AKITA_ERR_MISSING: it was not the one it worked under before, which the
 * stripe was made with: begin again.  On failure everything is undone.
 */
enum akita_rc	akita_db_open(struct akita_store *store,
		    enum akita_access access, uint32_t stripe,
		    struct akita_db *db, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* Only the file, in a session that holds its lock already. */
enum akita_rc	akita_db_open_file(struct akita_db *db,
		    enum akita_access access, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* Believe the file's own header again. */
enum akita_rc	akita_db_reread_header(struct akita_db *db,
		    struct akita_why *why) AKITA_MUST_CHECK;
/* Only the exclusive lock, whatever the marks say; makes: a lock file that is
 * missing is made.  To be closed whatever the result. */
enum akita_rc	akita_db_lock_only(struct akita_store *store, bool makes,
		    struct akita_db *db, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* Close everything, unlock, restore the signal mask. */
void		akita_db_close(struct akita_db *db);
/* Open a file beside the database; descriptors 0 to 2 are never used. */
enum akita_rc	akita_db_open_at(struct akita_db *db, const char *name,
		    int flags, int *ret_fd, struct akita_why *why)
		    AKITA_MUST_CHECK;
int		akita_fd_above(int fd);
enum akita_rc	akita_db_damaged(const struct akita_db *db,
		    struct akita_why *why);

/* Index and records of an open database.  AKITA_ERR_MISSING as in
 * store_gdbm.h; AKITA_ERR_DATABASE: not authentic. */
enum akita_rc	akita_db_page(struct akita_db *db, uint32_t number,
		    uint8_t ret_bytes[AKITA_PAGE_SIZE], struct akita_page *ret,
		    int *ret_copy, bool *ret_whole, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* Look an account up: *ret_found, and then its record's number and bytes. */
enum akita_rc	akita_db_lookup(struct akita_db *db,
		    const uint8_t name_hash[AKITA_NAME_HASH], bool *ret_found,
		    uint32_t *ret_number, uint8_t *ret_record,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* store_txn.c, store_commit.c */

struct akita_txn {
	struct akita_store	*store;
	enum akita_txn_mode	 mode;
	struct akita_db		 db;
	char			 user[AKITA_USER_MAX + 1];
	struct akita_record_ctx	 ctx;
	bool			 found;		/* there is a record */
	uint32_t		 number;
	int			 slot;		/* the current one */
	struct akita_account	 account;
	uint8_t			 record[AKITA_RECORD_SIZE];
	bool			 wants_id;	/* a user ID was taken */
	bool			 is_done;	/* a commit was tried */
};

/* store_copy.c: changes of structure */

struct akita_copy {
	struct akita_db		*db;	/* exclusive; its file is the old one */
	struct akita_gdbm	 gdbm;	/* the new one */
	int			 fd;	/* the same file, for sizes */
};

enum akita_copy_kind {
	AKITA_COPY_CLONE,	/* of the old file, shared where possible */
	AKITA_COPY_BYTES,	/* of the old file, byte by byte */
	AKITA_COPY_EMPTY	/* a new database */
};
/* records: about how many it will hold, for the library's cache. */
enum akita_rc	akita_copy_begin(struct akita_copy *copy,
		    struct akita_db *db, enum akita_copy_kind kind,
		    uint32_t records, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* Sync and close the new file, verify it by opening it anew with check (may be
 * NULL), put it in the old one's place and open it in db.  keep: a name under
 * which the old file stays, or NULL. */
enum akita_rc	akita_copy_finish(struct akita_copy *copy, const char *keep,
		    enum akita_rc (*check)(struct akita_db *db, void *ctx,
		    struct akita_why *why), void *ctx, struct akita_why *why)
		    AKITA_MUST_CHECK;
/* Remove the new file; nothing has changed.  Accepts a finished one. */
void		akita_copy_abandon(struct akita_copy *copy);

/* Store both copies of a header, of a page; a spare; the decoy. */
enum akita_rc	akita_copy_header(struct akita_copy *copy,
		    const struct akita_header *header, struct akita_why *why)
		    AKITA_MUST_CHECK;
enum akita_rc	akita_copy_page(struct akita_copy *copy,
		    const struct akita_header *header,
		    const struct akita_page *page, struct akita_why *why)
		    AKITA_MUST_CHECK;
enum akita_rc	akita_copy_record(struct akita_copy *copy, uint32_t number,
		    const uint8_t *bytes, struct akita_why *why)
		    AKITA_MUST_CHECK;
enum akita_rc	akita_copy_spares(struct akita_copy *copy,
		    const struct akita_header *header, uint32_t from,
		    uint32_t to, struct akita_why *why) AKITA_MUST_CHECK;
enum akita_rc	akita_copy_decoy(struct akita_copy *copy,
		    const struct akita_header *header, struct akita_why *why)
		    AKITA_MUST_CHECK;

/* store_pool.c */

/* Twice the pages (needs_pages), or more spare records and, where these need
 * it, twice the pages. */
enum akita_rc	akita_store_grow(struct akita_db *db, bool needs_pages,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* store_each.c: checks for akita_copy_finish */

/* Every page and record authenticates (AKITA_OK), or why not. */
enum akita_rc	akita_db_check_all(struct akita_db *db, void *ctx,
		    struct akita_why *why) AKITA_MUST_CHECK;
/* The same, but what is wrong in the database that ctx points to (the old one)
 * already may be so in the new one. */
enum akita_rc	akita_db_check_copy(struct akita_db *db, void *ctx,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* store_settle.c */

/* A sync failed some time ago: put a verified, synced copy in the place of the
 * file, and clear the marks. */
enum akita_rc	akita_store_heal(struct akita_store *store,
		    struct akita_why *why) AKITA_MUST_CHECK;

/* store_notice.c */

/* Note for the next otpadm that record number will have a notice. */
void		akita_store_hint(struct akita_db *db, uint32_t number);

/* The system's boot ID with a newline, 37 bytes; false: unknown. */
#define AKITA_BOOT_ID	37
bool		akita_boot_id(char ret[AKITA_BOOT_ID + 1]);

#endif
