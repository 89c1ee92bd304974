/*
 * cut.h: what the interposing library (cutlib.c) writes down of every call
 * that changes a file below a directory, and how a history of calls is turned
 * into what a disk holds after a loss of power (model.c).
 *
 * The log is a file mapped by all processes of a test.  A call and its record
 * happen under one lock, so the log has the order of the calls.
 */
#ifndef AKITA_TEST_CUT_H
#define AKITA_TEST_CUT_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define CUT_LOG_SIZE	(64u << 20)
#define CUT_NAME	200		/* bytes of a name below the root */

enum cut_kind {
	CUT_WRITE = 1,		/* data follows */
	CUT_TRUNCATE,		/* offset: the new size */
	CUT_CLONE,		/* ino2's whole content comes into ino */
	CUT_FSYNC,
	CUT_DIRSYNC,		/* of the directory name */
	CUT_CREATE,		/* name, ino */
	CUT_MKDIR,
	CUT_RENAME,		/* name to name2 */
	CUT_UNLINK,
	CUT_LINK		/* name to name2 */
};

struct cut_record {
	uint32_t	kind;
	uint32_t	size;		/* of record and data, multiple of 8 */
	uint64_t	ino;
	uint64_t	ino2;
	uint64_t	offset;
	uint64_t	len;
	int32_t		pid;
	int32_t		names;		/* bytes of both names behind */
	/* name NUL name2 NUL, or data */
};

/* What the library is to leave undone: an ablation. */
#define CUT_NO_DIRSYNC	0x1u	/* fsync of a directory does nothing */
#define CUT_NO_DBSYNC	0x2u	/* fsync of *.gdbm does nothing */
#define CUT_NO_STRIPES	0x4u	/* byte locks are always granted */
#define CUT_ONE_SLOT	0x8u	/* one state slot, written over and over */

struct cut_log {
	atomic_int	lock;		/* 0, or the holder's pid */
	atomic_int	is_dead;	/* power is gone: whoever calls dies */
	atomic_int	overflow;
	uint32_t	ablate;
	uint32_t	sector;		/* bytes that a disk writes whole */
	uint64_t	used;		/* bytes of records behind */
	uint64_t	calls;		/* records written */
	char		root[256];	/* what is below is watched */
};

/* Set by the worker in a forked child before it logs in. */
struct cut_arm {
	int		calls_left;	/* die before this many-th call; <0: no */
	int		is_power;	/* take the power for everybody */
};

#endif
