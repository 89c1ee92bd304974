/*
 * cutlib.h: what the two halves of the interposing library share: cutlib.c
 * (the log, calls on bytes) and cutlib_names.c (calls on names).
 */
#ifndef AKITA_TEST_CUTLIB_H
#define AKITA_TEST_CUTLIB_H

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cut.h"

#define EXPORT __attribute__((visibility("default")))
#define REAL(name, type, ...) \
	static type (*real)(__VA_ARGS__); \
	if (real == NULL) \
		*(void **)&real = dlsym(RTLD_NEXT, #name)

/* Take the log; count the call; die here if this is the one. */
void		 cut_enter(void);
void		 cut_leave(void);
/* Name below the root of a path, of an open descriptor; false: elsewhere. */
bool		 cut_name_of_path(int dir_fd, const char *path,
		    char buf[PATH_MAX], const char **ret_name);
bool		 cut_name_of_fd(int fd, char buf[PATH_MAX],
		    const char **ret_name);
uint64_t	 cut_inode_of(int fd);
uint64_t	 cut_inode_at(int dir_fd, const char *path);
/* Write a record without data; the log is taken. */
void		 cut_put(enum cut_kind kind, uint64_t ino, uint64_t offset,
		    const char *name, const char *name2);

#endif
