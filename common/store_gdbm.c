#include "common/store_gdbm.h"

#include <errno.h>
#include <gdbm.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_SIZE	4096
#define MAGIC		0x13579acf	/* standard format, 64-bit offsets */
#define DIR_BITS_MIN	9		/* 4096 bytes of 8-byte offsets */
#define DIR_BITS_MAX	28
#define BUCKET_HEAD	112		/* bytes before a bucket's elements */
#define BUCKET_ELEMENT	24

/* The head of a GDBM file in the standard format (gdbm 1.23, gdbmdefs.h). */
struct file_head {
	int32_t	magic;
	int32_t	block_size;
	int64_t	dir;
	int32_t	dir_size;
	int32_t	dir_bits;
	int32_t	bucket_size;
	int32_t	bucket_elems;
	int64_t	next_block;
};

struct akita_gdbm_key
akita_gdbm_key(char letter)
{
	struct akita_gdbm_key key = { { (uint8_t)letter }, 1 };

	return key;
}

struct akita_gdbm_key
akita_gdbm_key_number(char letter, uint32_t number)
{
	struct akita_gdbm_key key = {
		{ (uint8_t)letter, (uint8_t)(number >> 24),
		    (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		    (uint8_t)number }, 5
	};

	return key;
}

static enum akita_rc
fail(const struct akita_gdbm *db, enum akita_rc rc, struct akita_why *why)
{
	return akita_fail(why, rc, AKITA_N("The database %s cannot be used: "
	    "%s.  Run otpadm verify-db."), db->path,
	    gdbm_strerror(gdbm_errno), NULL);
}

static enum akita_rc
damaged(const char *path, struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_DATABASE,
	    AKITA_N("The database %s is damaged, cut off, or no database of "
	    "akita-otp.  Restore it from a backup, or run otpadm repair."),
	    path, NULL);
}

static enum akita_rc
read_head(int fd, struct file_head *ret)
{
	ssize_t n;

	do
		n = pread(fd, ret, sizeof(*ret), 0);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(*ret) ? AKITA_OK : AKITA_ERR_DATABASE;
}

/*
 * The library believes much of a header.  Here every number that sizes an
 * allocation or steers a read has the one value it can have.
 */
static bool
head_is_sound(const struct file_head *head, int64_t size)
{
	if (head->magic != MAGIC || head->block_size != BLOCK_SIZE ||
	    head->bucket_size != BLOCK_SIZE || head->bucket_elems !=
	    (BLOCK_SIZE - BUCKET_HEAD) / BUCKET_ELEMENT ||
	    head->dir_bits < DIR_BITS_MIN || head->dir_bits > DIR_BITS_MAX ||
	    head->dir_size != 8 << head->dir_bits)
		return false;
	return head->dir >= BLOCK_SIZE && head->dir < size &&
	    head->dir_size <= size - head->dir && head->next_block == size;
}

enum akita_rc
akita_gdbm_fit(int fd, struct akita_why *why, const char *path)
{
	struct file_head head;
	struct stat st;

	if (read_head(fd, &head) != AKITA_OK || fstat(fd, &st) != 0 ||
	    head.next_block < st.st_size)
		return damaged(path, why);
	if (head.next_block > st.st_size && ftruncate(fd, head.next_block) != 0)
		return akita_fail(why, AKITA_ERR_DATABASE,
		    AKITA_N("The database %s cannot be written: the disk may "
		    "be full."), path, NULL);
	return AKITA_OK;
}

static enum akita_rc
open_file(struct akita_gdbm *db, int fd, int mode, unsigned int cache,
    struct akita_why *why)
{
	GDBM_FILE file;
	size_t size = cache;

	file = gdbm_fd_open(fd, db->path, BLOCK_SIZE, mode | GDBM_NOLOCK |
	    GDBM_NOMMAP | GDBM_CLOEXEC | GDBM_CLOERROR, NULL);
	if (file == NULL)
		return fail(db, gdbm_errno == GDBM_MALLOC_ERROR ?
		    AKITA_ERR_NOMEM : AKITA_ERR_DATABASE, why);
	db->file = file;
	if (gdbm_needs_recovery(file) || (cache > 0 &&
	    gdbm_setopt(file, GDBM_SETCACHESIZE, &size, sizeof(size)) != 0)) {
		akita_gdbm_drop(db);
		return damaged(db->path, why);
	}
	return AKITA_OK;
}

enum akita_rc
akita_gdbm_open(struct akita_gdbm *db, int fd, const char *path, int64_t size,
    bool is_writer, unsigned int cache, struct akita_why *why)
{
	struct file_head head;

	db->file = NULL;
	db->path = path;
	db->is_writer = is_writer;
	if (size < 4 * BLOCK_SIZE || read_head(fd, &head) != AKITA_OK ||
	    !head_is_sound(&head, size)) {
		(void)close(fd);
		return damaged(path, why);
	}
	return open_file(db, fd, is_writer ? GDBM_WRITER : GDBM_READER, cache,
	    why);
}

enum akita_rc
akita_gdbm_make(struct akita_gdbm *db, int fd, const char *path,
    unsigned int cache, struct akita_why *why)
{
	db->file = NULL;
	db->path = path;
	db->is_writer = true;
	return open_file(db, fd, GDBM_NEWDB | GDBM_BSEXACT, cache, why);
}

static datum
key_datum(struct akita_gdbm_key *key)
{
	datum d = { (char *)key->bytes, key->len };

	return d;
}

enum akita_rc
akita_gdbm_fetch(struct akita_gdbm *db, struct akita_gdbm_key key, void *ret,
    size_t size, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_DATABASE;
	datum value;

	value = gdbm_fetch(db->file, key_datum(&key));
	if (value.dptr == NULL)
		return gdbm_errno == GDBM_ITEM_NOT_FOUND ? AKITA_ERR_MISSING :
		    fail(db, AKITA_ERR_DATABASE, why);
	if ((size_t)value.dsize == size) {
		memcpy(ret, value.dptr, size);
		rc = AKITA_OK;
	}
	free(value.dptr);
	return rc == AKITA_OK ? rc : damaged(db->path, why);
}

enum akita_rc
akita_gdbm_store(struct akita_gdbm *db, struct akita_gdbm_key key,
    const void *value, size_t size, struct akita_why *why)
{
	datum content = { (char *)(uintptr_t)value, (int)size };

	if (gdbm_store(db->file, key_datum(&key), content, GDBM_REPLACE) != 0)
		return fail(db, AKITA_ERR_DATABASE, why);
	/* It may return 0 although writing the bucket failed. */
	if (gdbm_needs_recovery(db->file) ||
	    gdbm_last_errno(db->file) != GDBM_NO_ERROR)
		return fail(db, AKITA_ERR_DATABASE, why);
	return AKITA_OK;
}

static enum akita_rc
sync_failed(const char *path, struct akita_why *why)
{
	return akita_fail(why, AKITA_ERR_IO, AKITA_N("The database %s could "
	    "not be written to disk (%s).  Look for disk errors in the "
	    "system log."), path, gdbm_strerror(gdbm_errno), NULL);
}

enum akita_rc
akita_gdbm_sync(struct akita_gdbm *db, struct akita_why *why)
{
	if (gdbm_sync(db->file) != 0)
		return sync_failed(db->path, why);
	return AKITA_OK;
}

enum akita_rc
akita_gdbm_close(struct akita_gdbm *db, struct akita_why *why)
{
	GDBM_FILE file = db->file;

	db->file = NULL;
	if (gdbm_close(file) != 0)
		return sync_failed(db->path, why);
	return AKITA_OK;
}

void
akita_gdbm_drop(struct akita_gdbm *db)
{
	if (db->file != NULL)
		(void)gdbm_close(db->file);
	db->file = NULL;
}
