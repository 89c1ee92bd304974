#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/store_int.h"

#define CHUNK		(1 << 20)
#define CACHE_MIN	100	/* buckets kept in memory */
#define CACHE_PER	100	/* records to a bucket, about */

static enum akita_rc
cannot_write(const struct akita_db *db, int err, struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_DATABASE, AKITA_N("A new copy of the "
	    "database cannot be written beside %s (%s).  The database is as "
	    "it was."), db->store->env.path, akita_trust_errno(err), NULL);
}

/* By hand: what is in memory, not what a file system finds on its disk. */
static bool
copy_bytes(int from, int to)
{
	char *buf;
	ssize_t n = -1, done;
	off_t at = 0;

	if ((buf = malloc(CHUNK)) == NULL)
		return false;
	for (;;) {
		n = pread(from, buf, CHUNK, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done = pwrite(to, buf, (size_t)n, at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			n = -1;
			break;
		}
		at += done;
	}
	explicit_bzero(buf, CHUNK);
	free(buf);
	return n == 0;
}

/* Shared blocks, else in the kernel, else by hand. */
static bool
clone_file(int from, int to, int64_t size)
{
	loff_t in = 0, out = 0;
	ssize_t n = 1;

	if (ioctl(to, FICLONE, from) == 0)
		return true;
	while (in < size && n > 0)
		n = copy_file_range(from, &in, to, &out,
		    (size_t)(size - in), 0);
	return in == size || copy_bytes(from, to);
}

static enum akita_rc
fill_copy(struct akita_copy *copy, enum akita_copy_kind kind, int fd,
    unsigned int cache, struct akita_why *why)
{
	struct akita_db *db = copy->db;
	enum akita_rc rc;
	struct stat st;
	int old = -1;
	bool ok;

	if (kind == AKITA_COPY_EMPTY)
		return akita_gdbm_make(&copy->gdbm, fd, db->store->env.path,
		    cache, why);
	if ((rc = akita_db_open_at(db, db->store->base, O_RDONLY, &old,
	    why)) != AKITA_OK) {
		(void)close(fd);
		return rc;
	}
	errno = EIO;
	ok = (kind == AKITA_COPY_CLONE ? clone_file(old, fd, db->size) :
	    copy_bytes(old, fd)) && fstat(fd, &st) == 0;
	(void)close(old);
	if (!ok) {
		rc = cannot_write(db, errno, why);
		(void)close(fd);
		return rc;
	}
	return akita_gdbm_open(&copy->gdbm, fd, db->store->env.path,
	    st.st_size, true, cache, why);
}

enum akita_rc
akita_copy_begin(struct akita_copy *copy, struct akita_db *db,
    enum akita_copy_kind kind, uint32_t records, struct akita_why *why)
{
	unsigned int cache = CACHE_MIN + records / CACHE_PER;
	enum akita_rc rc;
	int fd = -1;

	memset(copy, 0, sizeof(*copy));
	copy->db = db;
	copy->fd = -1;
	if (unlinkat(db->dir_fd, db->store->copy_name, 0) != 0 &&
	    errno != ENOENT)
		return cannot_write(db, errno, why);
	rc = akita_db_open_at(db, db->store->copy_name,
	    O_RDWR | O_CREAT | O_EXCL, &fd, why);
	if (rc != AKITA_OK)
		return rc == AKITA_ERR_PERMISSION ? rc : AKITA_ERR_DATABASE;
	if ((copy->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3)) < 0) {
		rc = cannot_write(db, errno, why);
		(void)close(fd);
		return rc;
	}
	return fill_copy(copy, kind, fd, cache, why);
}

/* Durable, as long as its header says, and believed by a reader. */
static enum akita_rc
seal_copy(struct akita_copy *copy, enum akita_rc (*check)(struct akita_db *db,
    void *ctx, struct akita_why *why), void *ctx, struct akita_why *why)
{
	struct akita_db look = *copy->db;
	struct stat st;
	enum akita_rc rc;
	int fd;

	if ((rc = akita_gdbm_close(&copy->gdbm, why)) != AKITA_OK)
		return AKITA_ERR_DATABASE;
	rc = akita_gdbm_fit(copy->fd, why, copy->db->store->env.path);
	if (rc != AKITA_OK)
		return rc;
	if (fsync(copy->fd) != 0 || fstat(copy->fd, &st) != 0)
		return cannot_write(copy->db, errno, why);
	if (check == NULL)
		return AKITA_OK;
	look.gdbm.file = NULL;
	if ((rc = akita_db_open_at(copy->db, copy->db->store->copy_name,
	    O_RDONLY, &fd, why)) != AKITA_OK)
		return rc;
	rc = akita_gdbm_open(&look.gdbm, fd, copy->db->store->env.path,
	    st.st_size, false, 0, why);
	if (rc == AKITA_OK)
		rc = check(&look, ctx, why);
	akita_gdbm_drop(&look.gdbm);
	return rc;
}

enum akita_rc
akita_copy_finish(struct akita_copy *copy, const char *keep,
    enum akita_rc (*check)(struct akita_db *db, void *ctx,
    struct akita_why *why), void *ctx, struct akita_why *why)
{
	struct akita_db *db = copy->db;
	struct akita_store *store = db->store;
	enum akita_rc rc;

	if ((rc = seal_copy(copy, check, ctx, why)) != AKITA_OK)
		return rc;
	akita_gdbm_drop(&db->gdbm);
	rc = akita_lock_mark_structure(&db->lock, AKITA_MARK_DIRTY, why);
	if (rc != AKITA_OK)
		return rc;
	if (keep != NULL && linkat(db->dir_fd, store->base, db->dir_fd, keep,
	    0) != 0)
		return cannot_write(db, errno, why);
	if (renameat(db->dir_fd, store->copy_name, db->dir_fd,
	    store->base) != 0)
		return cannot_write(db, errno, why);
	(void)close(copy->fd);
	copy->fd = -1;
	if (fsync(db->dir_fd) != 0) {
		rc = cannot_write(db, errno, why);
		(void)akita_lock_mark_structure(&db->lock, AKITA_MARK_FAILED,
		    NULL);
		return rc == AKITA_ERR_DATABASE ? AKITA_ERR_UNKNOWN : rc;
	}
	rc = akita_lock_mark_structure(&db->lock, AKITA_MARK_CLEAN, why);
	if (rc == AKITA_OK)
		rc = akita_db_open_file(db, AKITA_ACCESS_EXCLUSIVE, why);
	return rc;
}

void
akita_copy_abandon(struct akita_copy *copy)
{
	if (copy->db == NULL)
		return;
	akita_gdbm_drop(&copy->gdbm);
	if (copy->fd >= 0) {
		(void)close(copy->fd);
		(void)unlinkat(copy->db->dir_fd,
		    copy->db->store->copy_name, 0);
	}
	copy->fd = -1;
	copy->db = NULL;
}

enum akita_rc
akita_copy_header(struct akita_copy *copy, const struct akita_header *header,
    struct akita_why *why)
{
	struct akita_store *store = copy->db->store;
	uint8_t bytes[AKITA_HEADER_SIZE] = { 0 };
	enum akita_rc rc = AKITA_OK;
	int i;

	for (i = 0; i < 2 && rc == AKITA_OK; i++)
		rc = akita_header_seal(store->env.crypto, &store->keys,
		    header, i, bytes);
	if (rc == AKITA_OK)
		rc = akita_gdbm_store(&copy->gdbm, akita_gdbm_key('H'), bytes,
		    sizeof(bytes), why);
	return rc;
}

enum akita_rc
akita_copy_page(struct akita_copy *copy, const struct akita_header *header,
    const struct akita_page *page, struct akita_why *why)
{
	struct akita_store *store = copy->db->store;
	uint8_t bytes[AKITA_PAGE_SIZE] = { 0 };
	enum akita_rc rc;

	rc = akita_page_seal(store->env.crypto, &store->keys, header->db_id,
	    page, 0, bytes);
	if (rc != AKITA_OK)
		return rc;
	memcpy(bytes + AKITA_PAGE_COPY, bytes, AKITA_PAGE_COPY);
	return akita_gdbm_store(&copy->gdbm,
	    akita_gdbm_key_number('P', page->number), bytes, sizeof(bytes),
	    why);
}

enum akita_rc
akita_copy_record(struct akita_copy *copy, uint32_t number,
    const uint8_t *bytes, struct akita_why *why)
{
	return akita_gdbm_store(&copy->gdbm,
	    akita_gdbm_key_number('R', number), bytes, AKITA_RECORD_SIZE,
	    why);
}

enum akita_rc
akita_copy_spares(struct akita_copy *copy, const struct akita_header *header,
    uint32_t from, uint32_t to, struct akita_why *why)
{
	uint8_t bytes[AKITA_RECORD_SIZE];
	struct akita_record_ctx ctx;
	struct akita_db db = *copy->db;
	enum akita_rc rc = AKITA_OK;

	db.header = *header;
	for (; from < to && rc == AKITA_OK; from++) {
		akita_store_record_ctx(&db, from, NULL, &ctx);
		rc = akita_record_make_spare(&ctx, bytes);
		if (rc == AKITA_OK)
			rc = akita_copy_record(copy, from, bytes, why);
	}
	return rc;
}

enum akita_rc
akita_copy_decoy(struct akita_copy *copy, const struct akita_header *header,
    struct akita_why *why)
{
	uint8_t bytes[AKITA_RECORD_SIZE];
	AKITA_ACCOUNT_AUTO struct akita_account decoy;
	struct akita_record_ctx ctx;
	struct akita_db db = *copy->db;
	enum akita_rc rc;

	db.header = *header;
	akita_store_record_ctx(&db, AKITA_RECORD_DECOY, NULL, &ctx);
	akita_account_init(&decoy, "");
	decoy.has_token = true;
	decoy.token.type = AKITA_TOTP;
	decoy.token.algorithm = AKITA_HASH_SHA1;
	decoy.token.digits = AKITA_DIGITS_MIN;
	decoy.token.period_s = 60;
	decoy.token.key.len = 20;
	decoy.token.generation = 1;
	rc = akita_record_make(&ctx, &decoy, 0, bytes, why);
	if (rc == AKITA_OK)
		rc = akita_gdbm_store(&copy->gdbm, akita_gdbm_key('D'), bytes,
		    sizeof(bytes), why);
	return rc;
}
