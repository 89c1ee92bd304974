/*
 * A directory of its own for each test that needs files: below /tmp, which is
 * root's and sticky and so within the rules of trust.h.
 */
#ifndef AKITA_TESTS_SCRATCH_H
#define AKITA_TESTS_SCRATCH_H

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static char scratch[PATH_MAX];

static inline int
scratch_make(void **state)
{
	(void)state;
	(void)strcpy(scratch, "/tmp/akita-unit-XXXXXX");
	return mkdtemp(scratch) != NULL ? 0 : -1;
}

static inline int
scratch_remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int
scratch_remove(void **state)
{
	(void)state;
	return nftw(scratch, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A test in a scratch directory. */
#define SCRATCH_TEST(name) \
	cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

/* The path of name in the scratch directory; good for eight calls. */
static inline const char *
at(const char *name)
{
	static char paths[8][PATH_MAX + 64];
	static unsigned int next;
	char *path = paths[next++ % 8];

	(void)snprintf(path, sizeof(paths[0]), "%s/%s", scratch, name);
	return path;
}

/* Make (or make anew) a file of len bytes with a mode. */
static inline const char *
put_bytes(const char *name, const void *bytes, size_t len, mode_t mode)
{
	const char *path = at(name);
	int fd;

	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
	return path;
}

static inline const char *
put_file(const char *name, const char *text, mode_t mode)
{
	return put_bytes(name, text, strlen(text), mode);
}

/* What a file holds, NUL-terminated, in static storage. */
static inline const char *
get_file(const char *name, size_t *ret_len)
{
	static char text[65536];
	size_t len;
	FILE *f = fopen(at(name), "re");

	assert_non_null(f);
	len = fread(text, 1, sizeof(text) - 1, f);
	assert_int_equal(fclose(f), 0);
	text[len] = '\0';
	if (ret_len != NULL)
		*ret_len = len;
	return text;
}

#endif
