#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/store_int.h"

/* Buckets of 4 KiB that the library keeps while everything is read: records
 * follow each other in no order of theirs, and it would keep them all. */
#define LOOSE_CACHE	256

/* An open file never lies where a program expects its standard streams. */
int
akita_fd_above(int fd)
{
	int above;

	if (fd < 0 || fd > 2)
		return fd;
	above = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	(void)close(fd);
	return above;
}

enum akita_rc
akita_db_damaged(const struct akita_db *db, struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("The database %s "
	    "is damaged.  Run otpadm verify-db to see where, then otpadm "
	    "repair."), db->store->env.path, NULL);
}

enum akita_rc
akita_db_open_at(struct akita_db *db, const char *name, int flags,
    int *ret_fd, struct akita_why *why)
{
	struct akita_store *store = db->store;
	enum akita_rc rc;
	int fd = -1;

	rc = akita_trust_open_at(db->dir_fd, store->dir, name, flags,
	    &store->trust, &fd, why);
	if (rc != AKITA_OK)
		return rc;
	if ((fd = akita_fd_above(fd)) < 0)
		return akita_fail(why, AKITA_ERR_IO, AKITA_N("No file can be "
		    "opened (%s)."), akita_trust_errno(errno), NULL);
	*ret_fd = fd;
	return AKITA_OK;
}

/* A limit on file sizes would end the host by a signal in mid-write. */
static enum akita_rc
check_limit(const struct akita_db *db, struct akita_why *why)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
	    limit.rlim_cur == RLIM_INFINITY ||
	    limit.rlim_cur >= (rlim_t)db->size)
		return AKITA_OK;
	return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("The limit on file "
	    "sizes (ulimit -f, RLIMIT_FSIZE) is smaller than the database "
	    "%s.  Raise it for this service."), db->store->env.path, NULL);
}

/* Believe the header, and find the key it is under. */
enum akita_rc
akita_db_reread_header(struct akita_db *db, struct akita_why *why)
{
	struct akita_store *store = db->store;
	uint32_t key_id, was = store->key_id;
	bool had = store->has_keys;
	enum akita_rc rc, key_rc = AKITA_ERR_MALFORMED;
	int copy;

	rc = akita_gdbm_fetch(&db->gdbm, akita_gdbm_key('H'),
	    db->header_bytes, AKITA_HEADER_SIZE, why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_MISSING ? akita_db_damaged(db, why) :
		    rc;
	rc = AKITA_ERR_MALFORMED;
	for (copy = 0; copy < 2 && rc == AKITA_ERR_MALFORMED; copy++) {
		if (!akita_header_peek(db->header_bytes, copy, &key_id))
			continue;
		if ((key_rc = akita_store_use_key(store, key_id, why)) !=
		    AKITA_OK)
			continue;
		rc = akita_header_open(store->env.crypto, &store->keys,
		    db->header_bytes, &db->header, &db->header_copy,
		    &db->header_whole);
	}
	if (rc == AKITA_ERR_MALFORMED)
		return key_rc == AKITA_OK || key_rc == AKITA_ERR_MALFORMED ?
		    akita_db_damaged(db, why) : key_rc;
	if (rc == AKITA_OK && had && was != store->key_id)
		return AKITA_ERR_MISSING;
	return rc;
}

enum akita_rc
akita_db_open_file(struct akita_db *db, enum akita_access access,
    struct akita_why *why)
{
	bool is_writer = access >= AKITA_ACCESS_WRITE;
	struct stat st;
	enum akita_rc rc;
	int fd = -1;

	rc = akita_db_open_at(db, db->store->base,
	    is_writer ? O_RDWR : O_RDONLY, &fd, why);
	if (rc == AKITA_ERR_MISSING)
		return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("The "
		    "database %s is missing.  Restore it from a backup; if "
		    "there is none yet, run otpadm init."),
		    db->store->env.path, NULL);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_PERMISSION ? rc : AKITA_ERR_DATABASE;
	if (fstat(fd, &st) != 0) {
		(void)close(fd);
		return akita_db_damaged(db, why);
	}
	db->size = st.st_size;
	if (is_writer && (rc = check_limit(db, why)) != AKITA_OK) {
		(void)close(fd);
		return rc;
	}
	/* A predecessor died: what it wrote may not be on disk, nor the
	 * rename of the file.  Nothing is built on it before it is. */
	if (db->lock.is_held && (db->lock.structure != AKITA_MARK_CLEAN ||
	    db->lock.mark != AKITA_MARK_CLEAN) &&
	    (fsync(fd) != 0 || fsync(db->dir_fd) != 0)) {
		(void)akita_lock_mark_stripe(&db->lock, AKITA_MARK_FAILED,
		    NULL);
		(void)close(fd);
		return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("The "
		    "database %s could not be written to disk (%s).  Look for "
		    "disk errors in the system log."), db->store->env.path,
		    akita_trust_errno(errno), NULL);
	}
	rc = akita_gdbm_open(&db->gdbm, fd, db->store->env.path, db->size,
	    is_writer, access == AKITA_ACCESS_LOOSE ? LOOSE_CACHE : 0, why);
	if (rc == AKITA_OK && (rc = akita_db_reread_header(db, why)) != AKITA_OK)
		akita_gdbm_drop(&db->gdbm);
	return rc;
}

static enum akita_rc
take_lock(struct akita_db *db, enum akita_access access, uint32_t stripe,
    struct akita_why *why)
{
	struct akita_store *store = db->store;
	enum akita_rc rc;

	if (access == AKITA_ACCESS_LOOSE)
		return AKITA_OK;
	rc = akita_lock_open(&db->lock, db->dir_fd, store->dir,
	    store->lock_name, &store->trust, why);
	if (rc == AKITA_OK && (db->lock.fd = akita_fd_above(db->lock.fd)) < 0)
		rc = AKITA_ERR_IO;
	if (rc != AKITA_OK)
		return rc;
	return akita_lock_take(&db->lock, access == AKITA_ACCESS_EXCLUSIVE ?
	    AKITA_LOCK_EXCLUSIVE : access == AKITA_ACCESS_WRITE ?
	    AKITA_LOCK_WRITE : AKITA_LOCK_READ, stripe, &db->wait, why);
}

static enum akita_rc
open_dir(struct akita_db *db, struct akita_why *why)
{
	struct akita_store *store = db->store;
	enum akita_rc rc;

	rc = akita_trust_open_parent(store->env.path, store->env.trust,
	    &db->dir_fd, why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_PERMISSION ? rc : AKITA_ERR_DATABASE;
	db->dir_fd = akita_fd_above(db->dir_fd);
	return db->dir_fd < 0 ? AKITA_ERR_IO : AKITA_OK;
}

static enum akita_rc
open_all(struct akita_db *db, enum akita_access access, uint32_t stripe,
    struct akita_why *why)
{
	enum akita_rc rc;

	if ((rc = open_dir(db, why)) != AKITA_OK)
		return rc;
	if ((rc = take_lock(db, access, stripe, why)) != AKITA_OK)
		return rc;
	if (db->lock.is_held && (db->lock.structure == AKITA_MARK_FAILED ||
	    db->lock.mark == AKITA_MARK_FAILED))
		return AKITA_ERR_PARTIAL;
	rc = akita_db_open_file(db, access, why);
	if (rc != AKITA_OK || !db->lock.is_held)
		return rc;
	/* It was synced, and who holds the lock knows that no change of
	 * structure is going on. */
	if (access == AKITA_ACCESS_EXCLUSIVE) {
		(void)unlinkat(db->dir_fd, db->store->copy_name, 0);
		if (db->lock.structure != AKITA_MARK_CLEAN ||
		    db->lock.mark != AKITA_MARK_CLEAN)
			rc = akita_lock_clear_all(&db->lock, why);
	} else if (db->lock.structure != AKITA_MARK_CLEAN)
		rc = akita_lock_mark_structure(&db->lock, AKITA_MARK_CLEAN,
		    why);
	return rc;
}

/* An empty session, with every signal held back: a signal that ends the host
 * between two writes, or a handler that does not return, has to wait. */
static void
start(struct akita_db *db, struct akita_store *store, bool masks)
{
	const struct akita_clock *clock = store->env.clock;
	sigset_t all;

	memset(db, 0, sizeof(*db));
	db->store = store;
	db->dir_fd = -1;
	db->lock.fd = -1;
	db->wait.clock = clock;
	db->wait.random = store->env.random;
	db->wait.deadline_ms = clock->mono_ms(clock->ctx) +
	    store->env.lock_timeout_ms;
	if (!masks)
		return;
	(void)sigfillset(&all);
	db->is_masked = pthread_sigmask(SIG_SETMASK, &all,
	    &db->old_mask) == 0;
}

enum akita_rc
akita_db_open(struct akita_store *store, enum akita_access access,
    uint32_t stripe, struct akita_db *db, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		start(db, store, access != AKITA_ACCESS_LOOSE);
		rc = open_all(db, access, stripe, why);
		if (rc == AKITA_OK)
			return rc;
		akita_db_close(db);
		if (rc != AKITA_ERR_PARTIAL)
			return rc;
		/* Marked as failed: heal it once, then as if never. */
		if ((rc = akita_store_heal(store, why)) != AKITA_OK)
			return rc;
	}
	return rc == AKITA_ERR_PARTIAL ? AKITA_ERR_DATABASE : rc;
}

enum akita_rc
akita_db_lock_only(struct akita_store *store, bool makes,
    struct akita_db *db, struct akita_why *why)
{
	enum akita_rc rc;

	start(db, store, true);
	if ((rc = open_dir(db, why)) != AKITA_OK)
		return rc;
	if (makes) {
		rc = akita_lock_make(db->dir_fd, store->dir, store->lock_name,
		    &store->trust, why);
		if (rc != AKITA_OK && rc != AKITA_ERR_EXISTS)
			return rc;
	}
	return take_lock(db, AKITA_ACCESS_EXCLUSIVE, 0, why);
}

/* A file that outgrew RLIMIT_FSIZE has left a signal, held back so far, that
 * would end the host; the write's error was told. */
static void
drop_signal(const sigset_t *old_mask)
{
	const struct timespec none = { 0, 0 };
	sigset_t set;

	if (sigismember(old_mask, SIGXFSZ) == 1)
		return;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGXFSZ);
	(void)sigtimedwait(&set, NULL, &none);
}

void
akita_db_close(struct akita_db *db)
{
	akita_gdbm_drop(&db->gdbm);
	akita_lock_close(&db->lock);
	if (db->dir_fd >= 0)
		(void)close(db->dir_fd);
	db->dir_fd = -1;
	if (db->is_masked) {
		drop_signal(&db->old_mask);
		(void)pthread_sigmask(SIG_SETMASK, &db->old_mask, NULL);
	}
	db->is_masked = false;
}

enum akita_rc
akita_db_page(struct akita_db *db, uint32_t number,
    uint8_t ret_bytes[AKITA_PAGE_SIZE], struct akita_page *ret,
    int *ret_copy, bool *ret_whole, struct akita_why *why)
{
	struct akita_store *store = db->store;
	enum akita_rc rc;

	rc = akita_gdbm_fetch(&db->gdbm, akita_gdbm_key_number('P', number),
	    ret_bytes, AKITA_PAGE_SIZE, why);
	if (rc == AKITA_OK)
		rc = akita_page_open(store->env.crypto, &store->keys,
		    db->header.db_id, number, ret_bytes, ret, ret_copy,
		    ret_whole);
	if (rc == AKITA_ERR_MALFORMED || rc == AKITA_ERR_MISSING)
		return akita_db_damaged(db, why);
	return rc;
}

enum akita_rc
akita_db_lookup(struct akita_db *db,
    const uint8_t name_hash[AKITA_NAME_HASH], bool *ret_found,
    uint32_t *ret_number, uint8_t *ret_record, struct akita_why *why)
{
	uint8_t bytes[AKITA_PAGE_SIZE];
	struct akita_page page;
	enum akita_rc rc;
	bool whole;
	int copy;

	rc = akita_db_page(db, akita_page_of(name_hash, db->header.n_pages),
	    bytes, &page, &copy, &whole, why);
	if (rc != AKITA_OK)
		return rc;
	*ret_found = akita_page_find(&page, name_hash, ret_number);
	if (!*ret_found)
		return AKITA_OK;
	rc = akita_gdbm_fetch(&db->gdbm,
	    akita_gdbm_key_number('R', *ret_number), ret_record,
	    AKITA_RECORD_SIZE, why);
	return rc == AKITA_ERR_MISSING ? akita_db_damaged(db, why) : rc;
}
